"""How alike a text and a term are by the stems they share, the term's prose and former names among them."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from lifenode.edam.concept import Concept
from lifenode.edam.tokens import tokens

Floats = npt.NDArray[np.float32]

_LABEL, _SYNONYM, _FORMER, _PROSE = 3.0, 2.0, 1.0, 1.0


class Bags:
    """TF-IDF cosine between texts and terms.

    Parameters
    ----------
    concepts
        The terms.
    former
        For each term the obsolete concepts it stands for.
    prose
        Stems of the definition and comments of each concept, by id.
    """

    def __init__(
        self, concepts: Sequence[Concept], former: Sequence[Sequence[Concept]], prose: Mapping[str, Sequence[str]]
    ) -> None:
        counts = [_stems(own, old, prose) for own, old in zip(concepts, former, strict=True)]
        holders = Counter(stem for own in counts for stem in own)
        self._rarity = {stem: math.log(len(concepts) / count) for stem, count in holders.items()}
        entries: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for at, own in enumerate(counts):
            weights = {stem: (1 + math.log(count)) * self._rarity[stem] for stem, count in own.items()}
            length = math.sqrt(sum(weight**2 for weight in weights.values())) or 1.0
            for stem, weight in weights.items():
                entries[stem].append((at, weight / length))
        self._count = len(concepts)
        self._at = {stem: np.array([at for at, _ in own]) for stem, own in entries.items()}
        self._weight = {stem: np.array([weight for _, weight in own], np.float32) for stem, own in entries.items()}

    def alike(self, text: str) -> Floats:
        """Return how alike each term is to a text, 0 to 1."""
        scores = np.zeros(self._count, np.float32)
        square = 0.0
        for stem, count in sorted(Counter(tokens(text)).items()):
            if stem in self._at:
                weight = (1 + math.log(count)) * self._rarity[stem]
                square += weight**2
                scores[self._at[stem]] += np.float32(weight) * self._weight[stem]
        return scores / np.float32(math.sqrt(square)) if square else scores


def _stems(own: Concept, former: Sequence[Concept], prose: Mapping[str, Sequence[str]]) -> dict[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    named = [(_LABEL, own.label), *[(_SYNONYM, name) for name in own.names[1:]]]
    named += [(_FORMER, name) for old in former for name in old.names]
    for weight, name in named:
        for stem in tokens(name):
            found[stem] += weight
    for stem in prose.get(own.id, ()):
        found[stem] += _PROSE
    return found
