"""Which editable bases are edited together: the distribution over all outcomes of a guide, position after position.

Each editable base of the window is edited or not, given which of those before it are: P(outcome) is the product of these
probabilities. An outcome is a whole number with a bit for each position of the window, the lowest for the first. All
outcomes of a guide are enumerated, at most 255, so that nothing is cut off and sums over them are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, LETTERS, WINDOW, by_hand, editability

Floats = npt.NDArray[np.float64]
Bases = npt.NDArray[np.int8]
Masks = npt.NDArray[np.int64]

PLACES = WINDOW[1] - WINDOW[0] + 1
"""Number of positions of the window."""
OUTCOMES = 1 << PLACES
"""Number of outcomes, the unedited one among them, if every base of the window can be edited."""
_AROUND = 5
_NONE = 20


def editable_masks(bases: Bases, editor: str) -> Masks:
    """Return the editable positions of the window of each guide, a bit each."""
    first, last = BEFORE + WINDOW[0] - 1, BEFORE + WINDOW[1]
    can = bases[:, first:last] == LETTERS.index(EDITED[editor])
    return np.asarray(can @ (1 << np.arange(PLACES)), np.int64)


@dataclass(frozen=True)
class Steps:
    """The questions to ask of a guide: for each editable position and what may be edited before it, one.

    Attributes
    ----------
    place
        Position in the window, from 0, of each question.
    before
        What is edited before it.
    told
        What the model is told of the position and the edits before it, a row each.
    """

    place: Masks
    before: Masks
    told: Floats


@lru_cache(maxsize=OUTCOMES)
def steps_of(mask: int) -> Steps:
    """Return the questions of guides with these editable positions, in order of position and of `before`."""
    places = [place for place in range(PLACES) if mask >> place & 1]
    asked = [(at, place, before) for at, place in enumerate(places) for before in subsets(places[:at])]
    told = []
    for at, place, before in asked:
        edited = [one for one in places[:at] if before >> one & 1]
        told.append([
            place, at, len(edited), len(places) - at - 1,
            place - edited[-1] if edited else _NONE, place - places[at - 1] if at else _NONE,
            places[at + 1] - place if at + 1 < len(places) else _NONE,
            at > 0 and before >> places[at - 1] & 1, edited[0] if edited else _NONE,
            *(int(before >> one & 1) - int(mask >> one & 1 and one < place and not before >> one & 1) for one in range(PLACES)),
        ])  # fmt: skip
    columns = np.array(asked, np.int64).reshape(-1, 3)
    return Steps(columns[:, 1], columns[:, 2], np.array(told, np.float64).reshape(len(asked), -1))


def subsets(places: list[int]) -> list[int]:
    """Return all sets of positions, as bits; a set comes before those that have a later position in addition."""
    found = [0]
    for place in places:
        found += [each | 1 << place for each in found]
    return found
