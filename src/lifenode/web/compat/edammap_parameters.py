"""EDAMmap's parameters: usual value, limits, and whether this matcher can have another value.

Where it cannot, an answer names the parameter as ignored and states the value it was computed with.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Parameter(NamedTuple):
    """One parameter."""

    usual: Any
    low: float = 0.0
    high: float = 1.0
    heeded: bool = False


def _of_branches(name: str, usual: float) -> dict[str, Parameter]:
    return {f"{name}{branch}": Parameter(usual) for branch in ("Topic", "Operation", "Data", "Format")}


GROUPS: dict[str, dict[str, Parameter]] = {
    "processorArgs": {},
    "preProcessorArgs": {
        "stemming": Parameter(True), "minLength": Parameter(0, 0, 1_000), "numbers": Parameter(True),
        "stopwords": Parameter(True),
    },
    "fetcherArgs": {
        "timeout": Parameter(7_500, 0, 600_000), "retryLimit": Parameter(0, 0, 100), "quick": Parameter(True),
    },
    "mapperArgs": {
        "branches": Parameter(["topic", "operation"], heeded=True),
        "matches": Parameter(5, 0, 10_000, heeded=True),
        "obsolete": Parameter(False),
        "replaceObsolete": Parameter(True),
        "obsoletePenalty": Parameter(0.5),
        "doneAnnotations": Parameter(True),
        "inferiorParentsChildren": Parameter(False),
    },
    "algorithmArgs": {
        "compoundWords": Parameter(1, 0, 100), "mismatchMultiplier": Parameter(2.0, 0, 100),
        "matchMinimum": Parameter(1.0), "positionOffBy1": Parameter(0.35), "positionOffBy2": Parameter(0.05),
        "positionMatchScaling": Parameter(0.5, 0, 100), "positionLoss": Parameter(0.4),
        "scoreScaling": Parameter(0.2, 0, 100), "conceptWeight": Parameter(1.0, 0, 100),
        "queryWeight": Parameter(1.0, 0, 100), "averageScaling": Parameter(10.0, 0, 1_000),
        "parentWeight": Parameter(0.5), "pathWeight": Parameter(0.7),
    },
    "idfArgs": {
        "conceptIdfScaling": Parameter(0.5, 0, 100), "queryIdfScaling": Parameter(0.5, 0, 100),
        "labelSynonymsIdf": Parameter(False), "nameKeywordsIdf": Parameter(True), "descriptionIdf": Parameter(True),
        "titleKeywordsIdf": Parameter(True), "abstractIdf": Parameter(True),
    },
    "multiplierArgs": {
        name: Parameter(1.0)
        for name in ("labelMultiplier", "exactSynonymMultiplier", "narrowBroadMultiplier", "definitionMultiplier",
                     "commentMultiplier")
    },
    "normaliserArgs": {
        "nameNormaliser": Parameter(0.81), "keywordNormaliser": Parameter(0.77),
        "descriptionNormaliser": Parameter(0.92), "publicationTitleNormaliser": Parameter(0.91),
        "publicationKeywordNormaliser": Parameter(0.77), "publicationAbstractNormaliser": Parameter(0.985),
    },
    "weightArgs": {
        "nameWeight": Parameter(1.0), "keywordWeight": Parameter(1.0), "descriptionWeight": Parameter(1.0),
        "publicationTitleWeight": Parameter(0.25), "publicationKeywordWeight": Parameter(0.75),
        "publicationAbstractWeight": Parameter(0.75),
    },
    "scoreArgs": {
        **_of_branches("goodScore", 0.63),
        **_of_branches("badScore", 0.57),
        "outputGoodScores": Parameter(True, heeded=True),
        "outputMediumScores": Parameter(True, heeded=True),
        "outputBadScores": Parameter(False, heeded=True),
        "passableBadScore": Parameter(True),
        "passableBadScoreInterval": Parameter(0.04),
        "passableBadScoresInTopN": Parameter(3, 0, 100),
    },
}  # fmt: skip
"""Parameters by the group in which an answer states them."""

PARAMETERS = {name: parameter for group in GROUPS.values() for name, parameter in group.items()}
"""All parameters by name."""

OF_MAPPER = ("algorithmArgs", "idfArgs", "multiplierArgs", "normaliserArgs", "weightArgs", "scoreArgs")
"""Groups that stand within ``mapperArgs``."""
