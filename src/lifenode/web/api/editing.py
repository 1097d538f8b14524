"""Outcomes of genome editing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifenode.editing import base, base_outcomes, cas9, prime
from lifenode.editing.base_features import EDITED
from lifenode.editing.base_joint import OUTCOMES
from lifenode.editing.prime_inserts import KINDS
from lifenode.editing.target import read_targets
from lifenode.errors import InputTooLarge
from lifenode.settings import settings
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, Field
from lifenode.web.api.kinds import Choice, Count, Items, Text
from lifenode.web.api.services import Service

_EXAMPLE = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTG"
_NICKED = "GATGGCCCAGACTGAGCACG{}TGATGGCAGAGGAAAGG"
# A target takes some milliseconds; a sequence this long may have several.
_LONG = 400
_MOST_ROWS = 200_000
CAS9_OPTIONS = ("pam", "background", "motif")
"""Fields that the library takes by the same names."""
PRIME_OPTIONS = ("target", "pbs", "ha", "spacer", "mmr", "cell_line", "kind", "pbs_length", "ha_length", "strand")
"""Those of prime editing."""


def cas9_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the outcomes asked for; `format_` is a name of `lifenode.web.api.representations.MEDIA_TYPES`.

    Raises
    ------
    LifenodeError
        As `lifenode.editing.cas9`.
    """
    check_number(asked)
    return answer_with(cas9(asked["target"], **cas9_options(asked)), format_, asked)


def cas9_options(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of `lifenode.editing.cas9` among the fields asked."""
    return {name: asked[name] for name in CAS9_OPTIONS if asked.get(name) is not None}


def check_number(asked: Mapping[str, Any]) -> None:
    """Raise if there are more targets than ``max_targets`` or ``max_profiles``.

    Raises
    ------
    InputTooLarge
        There are more.
    """
    config = settings()
    most = min(config.max_targets, config.max_profiles)
    count = 1 if asked.get("pam") is not None else len(read_targets(asked["target"], motif=asked.get("motif", "NGG")))
    if count > most:
        raise InputTooLarge(
            f"The text holds {count:,} targets; all outcomes of at most {most:,} are told at once.",
            value=count,
            next_step="Send fewer at a time, or ask /api/v1/editing/cas9/batch for a line each.",
        )


def base_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the efficiencies, or outcomes, asked for; `format_` is as for `cas9_answer`.

    Raises
    ------
    LifenodeError
        As `lifenode.editing.base` and `lifenode.editing.base_outcomes`.
    """
    guides, most = asked["guides"], settings().max_targets
    # No guide is shorter than twenty letters.
    count = len(guides) // 20 if isinstance(guides, str) else len(guides)
    if count > most:
        raise InputTooLarge(
            f"At most {most:,} guides are taken at once.", value=count, next_step="Send fewer at a time."
        )
    options = {name: asked[name] for name in ("editor", "source") if asked.get(name) is not None}
    listed = guides if isinstance(guides, str) else [str(guide or "") for guide in guides]
    top = asked.get("outcomes")
    if top is not None and count * min(top or OUTCOMES, OUTCOMES) > _MOST_ROWS:
        raise InputTooLarge(
            f"At most {_MOST_ROWS:,} outcomes are told at once.", value=top, next_step="Ask for fewer of each guide."
        )
    result = base(listed, **options) if top is None else base_outcomes(listed, **options, top=top)
    return answer_with(result, format_, asked)


def prime_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the insertions asked for; `format_` is a name of `lifenode.web.api.representations.MEDIA_TYPES`.

    Raises
    ------
    LifenodeError
        As `lifenode.editing.prime`.
    """
    inserts, most = asked["inserts"], settings().max_targets
    listed = inserts.split() if isinstance(inserts, str) else [str(insert or "") for insert in inserts]
    if len(listed) > most:
        raise InputTooLarge(
            f"At most {most:,} inserts are taken at once.", value=len(listed), next_step="Send fewer at a time."
        )
    options = {name: asked[name] for name in PRIME_OPTIONS if asked.get(name) is not None}
    return answer_with(prime(inserts if isinstance(inserts, str) else listed, **options), format_, asked)


PRIME: Service = Service(
    name="editing/prime",
    summary="Predict how well inserts go in by prime editing",
    fields=(
        Field(
            "inserts", Items(), "Inserts: a list, or text with one a line. Letters of IUPAC stand for all their bases.",
            required=True, example=["CTT", "CACCATCACCATCACCAC"],
        ),
        Field(
            "target", Text(), "Bases of the genome with {} at the nick, on either strand.", nullable=True,
            example=_NICKED,
        ),
        Field("pbs", Text(), "Instead of it: the bases left of the nick.", nullable=True),
        Field("ha", Text(), "The bases right of the nick.", nullable=True),
        Field("spacer", Text(), "The 20 bases before the PAM.", nullable=True),
        Field("strand", Choice("+", "-"), "Strand of the target that has the PAM; by default either.", nullable=True),
        Field("mmr", Count(0), "Mismatch repair: 0 deficient, 1 proficient; 0 by default.", nullable=True),
        Field("cell_line", Text(), "Cell line whose state of mismatch repair is known.", nullable=True),
        Field("kind", Choice(*KINDS), "What the inserts are written in."),
        Field("pbs_length", Count(4), "Bases of the target left of the nick that the pegRNA has; 13 by default."),
        Field("ha_length", Count(4), "Bases right of it; 15 by default."),
        *PRESENTATION,
    ),
    work=prime_answer,
    is_large=lambda asked: True,
    examples={
        "target": {"inserts": ["CTT"], "target": _NICKED, "cell_line": "HEK293T"},
        "parts": {
            "inserts": ["HHHHHH"], "kind": "protein", "spacer": "GGCCCAGACTGAGCACGTGA", "pbs": "CAGACTGAGCACG",
            "ha": "TGATGGCAGAGGAAA", "limit": 3,
        },
    },
)  # fmt: skip
"""Prime editing."""

BASE: Service = Service(
    name="editing/base",
    summary="Predict how well a base editor edits guides",
    fields=(
        Field(
            "guides", Items(), "Protospacers of 20 bases, or 30 with what stands around them: a list, or text.",
            required=True, example=["TCTGCTCAGCTCATGCCGAT"],
        ),
        Field("editor", Choice(*EDITED), "ABE (A to G) or CBE (C to T)."),
        Field("source", Text(), "Screen whose assay is meant; by default the average over all.", nullable=True),
        Field(
            "outcomes", Count(0),
            "Most outcomes to tell of each guide, 0 for all: which of its bases are edited together. By default how "
            "well it is edited is told instead.",
            nullable=True,
        ),
        *PRESENTATION,
    ),
    work=base_answer,
    is_large=lambda asked: len(asked["guides"]) > _LONG,
    examples={
        "guide": {"guides": ["TCTGCTCAGCTCATGCCGAT"], "editor": "CBE"},
        "outcomes": {"guides": ["TCTGCTCAGCTCATGCCGAT"], "editor": "CBE", "outcomes": 5},
    },
)  # fmt: skip
"""Base editing."""

CAS9: Service = Service(
    name="editing/cas9",
    summary="Predict what repair leaves after Cas9 has cut",
    fields=(
        Field(
            "target", Text(), "A sequence, FASTA, or a table with the columns ID, Target and PAM Index.", required=True,
            example=_EXAMPLE,
        ),
        Field("pam", Count(0), "Place of the first base of the PAM, from 0; by default all sites.", nullable=True),
        Field("background", Text(), "wild-type, control, or the repair gene that the cells lack, such as LIG4."),
        Field("motif", Text(), "The PAM, in letters of IUPAC."),
        *PRESENTATION,
    ),
    work=cas9_answer,
    is_large=lambda asked: len(asked["target"]) > _LONG,
    examples={
        "site": {"target": _EXAMPLE, "pam": 42, "limit": 5},
        "background": {"target": _EXAMPLE, "pam": 42, "background": "LIG4", "limit": 5},
    },
)  # fmt: skip
"""Cas9."""
