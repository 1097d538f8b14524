"""What the base-editing models see of a guide: its bases, their neighbours, stability, and which of them can be edited.

A context is 30 bases: 4 before the protospacer, its 20, the PAM (3) and 3 behind it. Unknown bases are N, in which case
their columns are 0. Positions count from 1 at the end of the protospacer that is far from the PAM.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bases = npt.NDArray[np.int8]

CONTEXT, BEFORE, GUIDE = 30, 4, 20
EDITED = {"ABE": "A", "CBE": "C"}
"""The base that each editor changes."""
LETTERS = "ACGT"
WINDOW = (3, 10)
"""First and last position of the editing window."""

# Free energies of RNA-DNA hybrids at 37 C, kcal/mol, of the RNA dinucleotides AA, AC, ... UU (Sugimoto et al. 1995,
# doi:10.1021/bi00035a029).
_HYBRID = np.array(
    [-1.0, -2.1, -1.8, -0.9, -0.9, -2.1, -1.7, -0.9, -1.3, -2.7, -2.9, -1.1, -0.6, -1.5, -1.6, -0.2], np.float64
)
_SEGMENTS = ((0, 20), (0, 7), (7, 14), (14, 20))


def encoded(contexts: Sequence[str]) -> Bases:
    """Return contexts as places in ``ACGT``, a row each; 4 stands for an unknown base."""
    table = np.full(128, 4, np.int8)
    for place, letter in enumerate(LETTERS):
        table[ord(letter)] = place
    return table[np.frombuffer("".join(contexts).encode("ascii"), np.uint8)].reshape(len(contexts), CONTEXT)


def one_hot(bases: Bases) -> Floats:
    """Return a column for each place and base."""
    return np.concatenate([(bases == base).astype(np.float64) for base in range(4)], axis=1)


def dinucleotides(bases: Bases) -> Floats:
    """Return a column for each place and pair of bases that begins there."""
    pair = np.where((bases[:, :-1] < 4) & (bases[:, 1:] < 4), bases[:, :-1] * 4 + bases[:, 1:], -1)
    return np.concatenate([(pair == each).astype(np.float64) for each in range(16)], axis=1)


def by_hand(bases: Bases, editor: str) -> Floats:
    """Return counts of bases, stability of the hybrid by segment, and what stands around the editable bases."""
    guide = bases[:, BEFORE : BEFORE + GUIDE]
    target = LETTERS.index(EDITED[editor])
    counts = np.stack([(guide == base).sum(axis=1) for base in range(4)], axis=1)
    first, last = WINDOW
    window = guide[:, first - 1 : last] == target
    before = bases[:, BEFORE + first - 2 : BEFORE + last - 1]
    behind = bases[:, BEFORE + first : BEFORE + last + 1]
    neighbours = [((before == base) & window).sum(axis=1) for base in range(4)]
    neighbours += [((behind == base) & window).sum(axis=1) for base in range(4)]
    return np.column_stack([
        counts, counts[:, 1] + counts[:, 2], energies(guide), window.sum(axis=1), (guide == target).sum(axis=1),
        window[:, 2:5].sum(axis=1), *neighbours, longest_run(guide),
    ]).astype(np.float64)  # fmt: skip


def energies(guide: Bases) -> Floats:
    """Return the free energy of the hybrid of guide and target over each segment, kcal/mol."""
    pair = np.minimum(guide[:, :-1], 3) * 4 + np.minimum(guide[:, 1:], 3)
    step = _HYBRID[pair]
    return np.stack([step[:, start : end - 1].sum(axis=1) for start, end in _SEGMENTS], axis=1)


def longest_run(guide: Bases) -> Floats:
    """Return the length of the longest run of one base."""
    length = np.ones(len(guide))
    longest = np.ones(len(guide))
    for place in range(1, guide.shape[1]):
        length = np.where(guide[:, place] == guide[:, place - 1], length + 1, 1)
        longest = np.maximum(longest, length)
    return longest


def editability(bases: Bases, editor: str, table: Floats) -> Floats:
    """Return how well each position is edited on average, given its neighbours, and what follows for the guide.

    Parameters
    ----------
    table
        Mean fraction edited by position (20), base before and base behind (5 each, the last for an unknown one).
    """
    guide = bases[:, BEFORE : BEFORE + GUIDE]
    before, behind = bases[:, BEFORE - 1 : BEFORE + GUIDE - 1], bases[:, BEFORE + 1 : BEFORE + GUIDE + 1]
    each = np.where(guide == LETTERS.index(EDITED[editor]), table[np.arange(GUIDE), before, behind], 0.0)
    total = each.sum(axis=1)
    centre = (each * np.arange(1, GUIDE + 1)).sum(axis=1) / np.maximum(total, 1e-9)
    best = -np.sort(-each, axis=1)[:, :3]
    return np.column_stack([each, total, 1 - np.prod(1 - each, axis=1), best, centre])


def guide_features(bases: Bases, editor: str, table: Floats) -> Floats:
    """Return all features of guides that do not depend on the source of the data, a row each."""
    return np.concatenate(
        [one_hot(bases), by_hand(bases, editor), editability(bases, editor, table), dinucleotides(bases)], axis=1
    )
