"""Which editable bases are edited together: the distribution over all outcomes of a guide, position after position.

Each editable base of the window is edited or not, given which of those before it are: the share of an outcome is the
product of these chances. An outcome is a whole number with a bit for each position of the window, the lowest for the
first. All outcomes of a guide are enumerated, at most 255, so that nothing is cut off and sums over them are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, LETTERS, WINDOW, by_hand, editability, one_hot

Floats = npt.NDArray[np.float64]
Bases = npt.NDArray[np.int8]
Integers = npt.NDArray[np.int64]
Blocks = tuple[tuple[int, Integers], ...]

PLACES = WINDOW[1] - WINDOW[0] + 1
"""Number of positions of the window."""
OUTCOMES = 1 << PLACES
"""Number of sets of positions of the window, the empty one among them."""
_FIRST = WINDOW[0] - 1
_AROUND = 5
# Stands for a distance to what is not there; farther than any that is.
_FAR = 20


def editable_masks(bases: Bases, editor: str) -> Integers:
    """Return the editable positions of the window of each guide, a bit each."""
    can = bases[:, BEFORE + _FIRST : BEFORE + _FIRST + PLACES] == LETTERS.index(EDITED[editor])
    return np.asarray(can @ (1 << np.arange(PLACES)), np.int64)


def subsets(places: list[int]) -> list[int]:
    """Return all sets of positions as outcomes; those with a later position come behind all without it."""
    found = [0]
    for place in places:
        found += [each | 1 << place for each in found]
    return found


def places_of(mask: int) -> list[int]:
    """Return the positions, from 0, whose bits are set."""
    return [place for place in range(PLACES) if mask >> place & 1]


@dataclass(frozen=True)
class Questions:
    """What is asked of guides: for each editable position, and each set of edits before it, whether it is edited.

    Attributes
    ----------
    guide, place, before
        Guide, position in the window (from 0) and edits before it, of each question.
    rows
        Features of the questions.
    shared
        Features of the guides.
    blocks
        Editable positions, and the guides that have these; questions come block after block, in each guide after
        guide, of a guide by position and then as in `subsets`.
    """

    guide: Integers
    place: Integers
    before: Integers
    rows: Floats
    shared: Floats
    blocks: Blocks

    @property
    def forced(self) -> npt.NDArray[np.bool_]:
        """Where the answer is known: the last position of an edited read that has no edit before it."""
        counts = [_count(mask) * len(of) for mask, of in self.blocks]
        last = np.repeat(np.array([mask.bit_length() - 1 for mask, _ in self.blocks], np.int64), counts)
        return np.asarray((self.before == 0) & (self.place == last))


def questions(bases: Bases, editor: str, table: Floats) -> Questions:
    """Return the questions of guides.

    Parameters
    ----------
    table
        See `lifenode.editing.base_features.editability`.
    """
    masks = editable_masks(bases, editor)
    blocks = tuple((int(mask), np.flatnonzero(masks == mask)) for mask in np.unique(masks[masks > 0]))
    asked = [np.tile(_asked(mask), (len(of), 1)) for mask, of in blocks]
    guide = np.concatenate([np.zeros(0, np.int64), *[np.repeat(of, _count(mask)) for mask, of in blocks]])
    every = np.concatenate([np.zeros((0, _asked(1).shape[1])), *asked])
    place, before = every[:, 0].astype(np.int64), every[:, 1].astype(np.int64)
    each = editability(bases, editor, table)
    shared = np.concatenate([by_hand(bases, editor), each[:, GUIDE:], one_hot(bases)], axis=1)
    around = np.arange(2 * _AROUND + 1)[None] + place[:, None] + _FIRST
    near = np.pad(each[:, :GUIDE], ((0, 0), (_AROUND, _AROUND)))[guide[:, None], around]
    padded = np.pad(bases, ((0, 0), (_AROUND, _AROUND)), constant_values=4)
    local = padded[guide[:, None], around + BEFORE]
    hot = np.concatenate([local == base for base in range(4)], axis=1)
    means = each[:, _FIRST : _FIRST + PLACES][guide]
    rows = np.column_stack([place, every[:, 2:], _weighed(means, place, before), near, hot])
    return Questions(guide, place, before, rows, shared, blocks)


def _weighed(means: Floats, place: Integers, before: Integers) -> Floats:
    """Return what the mean editabilities of the window say of each question."""
    places = np.arange(PLACES)[None]
    own = means[np.arange(len(place)), place]
    ahead, behind = np.where(places > place[:, None], means, 0), np.where(places < place[:, None], means, 0)
    bits = before[:, None] >> places & 1
    missed = np.where(bits == 0, behind, 0)
    later = 1 - np.prod(1 - ahead, axis=1)
    # Were positions independent, an edited read without an edit so far would be edited here by this chance.
    expected = np.where(before == 0, own / np.maximum(1 - (1 - own) * (1 - later), 1e-9), own)
    return np.column_stack([
        own, ahead.sum(axis=1), later, ahead.max(axis=1, initial=0), behind.sum(axis=1), expected,
        (bits * means).sum(axis=1), missed.sum(axis=1), 1 - np.prod(1 - missed, axis=1),
        own / np.maximum(means.max(axis=1, initial=0), 1e-9),
    ])  # fmt: skip


def _count(mask: int) -> int:
    """Return the number of questions of a guide."""
    return (1 << mask.bit_count()) - 1


@lru_cache(maxsize=OUTCOMES)
def _asked(mask: int) -> Floats:
    """Return position, edits before it, and what follows from these, for each question of a guide."""
    places = places_of(mask)
    rows = [
        [place, before, *_told(places, at, before)]
        for at, place in enumerate(places)
        for before in subsets(places[:at])
    ]
    return np.array(rows, np.float64)


def _told(places: list[int], at: int, before: int) -> list[int]:
    """Return counts and distances of what is edited before a position, and what could have been."""
    place, past = places[at], places[:at]
    edited = [one for one in past if before >> one & 1]
    states = [(1 if one in edited else -1) if one in past else 0 for one in range(PLACES)]
    return [
        at, len(edited), len(places) - at - 1,
        place - edited[-1] if edited else _FAR, edited[0] if edited else _FAR,
        place - past[-1] if past else _FAR, places[at + 1] - place if at + 1 < len(places) else _FAR,
        int(bool(past) and past[-1] in edited), *states,
    ]  # fmt: skip


def distribution(chances: Floats, weights: Floats, blocks: Blocks, guides: int) -> Floats:
    """Return the share of each outcome among the edited reads of each guide, guides by `OUTCOMES`.

    Parameters
    ----------
    chances
        Chance of an edit, in the order of `Questions`, in each of some groups, a column each.
    weights
        Weights of the groups, whose shares are averaged.
    blocks
        See `Questions`.
    guides
        Number of guides; those without an editable base have no outcome.
    """
    found = np.zeros((guides, OUTCOMES))
    start = 0
    for mask, of in blocks:
        places = places_of(mask)
        end = start + len(of) * _count(mask)
        asked = chances[start:end].reshape(len(of), -1, len(weights))
        shares = np.ones((len(of), 1, len(weights)))
        for at in range(len(places)):
            edited = asked[:, (1 << at) - 1 : (2 << at) - 1].copy()
            if at == len(places) - 1:
                edited[:, 0] = 1.0
            shares = np.concatenate([shares * (1 - edited), shares * edited], axis=1)
        average = sum(weight * shares[:, :, group] for group, weight in enumerate(weights))
        found[np.ix_(of, np.array(subsets(places)))] = average
        start = end
    return found


def marginals(shares: Floats) -> Floats:
    """Return the share of edited reads that are edited at each position of the window."""
    return np.asarray(shares @ (np.arange(OUTCOMES)[:, None] >> np.arange(PLACES)[None] & 1))
