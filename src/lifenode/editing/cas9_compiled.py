"""Candidate indels of a cut, their names in closed form, and the features of each name, as compiled loops.

A sequence is an array of nucleotides as places in ``ATGC``. Positions are 0-based; `cut` is the first base right of
the cut. `low` and `high` bound the part of the sequence in which names are sought.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from lifenode.editing.cas9_names import BLOCK_START, BLOCKS, GROUP_START, SIZES

Bytes = npt.NDArray[np.int8]
Integers = npt.NDArray[np.int64]

REACH = 31
"""Deletions begin and end less than this many bases from the cut."""
LARGEST = 30
"""Largest deletion."""
MOST_CANDIDATES = REACH * REACH + 20

# Columns of a candidate: last base kept at the left and first at the right, inserted length, its two nucleotides, and
# the parts of its name: size, leftmost and rightmost place, relative to the cut.
LEFT, RIGHT, INSERTED, FIRST, SECOND, SIZE, LEFTMOST, RIGHTMOST, COLUMNS = range(9)

_GROUP_START = np.array(GROUP_START)
_BLOCK_START = np.array(BLOCK_START)
_BLOCKS = np.array(BLOCKS)
_SIZES = np.array(SIZES)
_MOST_ACTIVE = 40
# First and second length of each bin of microhomology, and its first feature within the group.
_BINS = np.array(((1, 1, 0), (2, 2, 2), (3, 3, 4), (4, 6, 8), (7, 10, 12), (11, 15, 16)))


@njit(cache=True, nogil=True)
def candidates(sequence: Bytes, cut: int, low: int, high: int) -> Integers:
    """Return every candidate, a row each, with the parts of its name."""
    found = np.empty((MOST_CANDIDATES, COLUMNS), np.int64)
    count = 0
    for left in range(max(low, cut - REACH), cut):
        for right in range(cut, min(high, cut + REACH)):
            size = right - left - 1
            if 0 < size <= LARGEST:
                found[count, :] = (left, right, 0, -1, -1, size, 0, 0)
                _name_deletion(sequence, cut, low, high, found[count])
                count += 1
    for first in range(4):
        for second in range(-1, 4):
            found[count, :] = (cut - 1, cut, 1 if second < 0 else 2, first, second, 0, 0, 0)
            _name_insertion(sequence, cut, low, high, found[count])
            count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def _name_deletion(sequence: Bytes, cut: int, low: int, high: int, row: Integers) -> None:
    left, right = row[LEFT], row[RIGHT]
    before = 0
    while (
        left - before >= low + 1
        and sequence[left - before] == sequence[right - 1 - before]
        and right - 1 - before >= cut - 5
    ):
        before += 1
    after = 0
    while (
        right + after < high - 1
        and sequence[right + after] == sequence[left + 1 + after]
        and left + 1 + after <= cut + 3
    ):
        after += 1
    row[LEFTMOST] = left - before - cut
    row[RIGHTMOST] = right + after - cut


@njit(cache=True, nogil=True)
def _name_insertion(sequence: Bytes, cut: int, low: int, high: int, row: Integers) -> None:
    length = row[INSERTED]
    inserted = np.empty(2, np.int8)
    inserted[0] = row[FIRST]
    inserted[1] = row[SECOND]
    before = 0
    # The text up to the cut with the insertion behind it, from its right end.
    while before < 5 and cut + length - 1 - before - length >= low:
        one = cut + length - 1 - before
        here = inserted[one - cut] if one >= cut else sequence[one]
        there = sequence[one - length]
        if here != there:
            break
        before += 1
    after = 0
    # The insertion with the text right of the cut behind it, from its left end.
    while after < 4 and cut + after < high:
        here = inserted[after] if after < length else sequence[cut + after - length]
        if here != sequence[cut + after]:
            break
        after += 1
    row[SIZE] = length
    row[LEFTMOST] = -1 - before
    row[RIGHTMOST] = after


@njit(cache=True, nogil=True)
def name_classes(rows: Integers) -> tuple[Integers, int]:
    """Return the class of each candidate, one for each name, in the order they appear; and how many there are."""
    classes = np.empty(len(rows), np.int64)
    known = np.full(3 * 32 * 128 * 128, -1, np.int32)
    count = 0
    for at in range(len(rows)):
        row = rows[at]
        key = ((row[INSERTED] * 32 + row[SIZE]) * 128 + row[LEFTMOST] + 64) * 128 + row[RIGHTMOST]
        if known[key] < 0:
            known[key] = count
            count += 1
        classes[at] = known[key]
    return classes, count


@njit(cache=True, nogil=True)
def class_features(
    sequence: Bytes, cut: int, rows: Integers, classes: Integers, count: int
) -> tuple[Integers, Integers]:
    """Return the features of each class: those that any of its candidates has.

    Returns
    -------
    starts, features
        The features of class i are ``features[starts[i]:starts[i + 1]]``.
    """
    active = np.empty((11, _MOST_ACTIVE), np.int64)
    many = np.zeros(11, np.int64)
    _cut_site(sequence, cut, active, many)
    seen = np.full(_GROUP_START[10] + _SIZES[10], -1, np.int64)
    order = np.argsort(classes, kind="mergesort")
    features = np.empty(len(rows) * 400, np.int64)
    starts = np.zeros(count + 1, np.int64)
    filled = 0
    for at in order:
        _candidate(sequence, cut, rows[at], active, many)
        filled = _collect(active, many, seen, classes[at], features, filled)
        starts[classes[at] + 1] = filled
    return starts, features[:filled].copy()


@njit(cache=True, nogil=True)
def _collect(active: Integers, many: Integers, seen: Integers, name: int, features: Integers, filled: int) -> int:
    for group in range(11):
        for i in range(many[group]):
            feature = _GROUP_START[group] + active[group, i]
            if seen[feature] != name:
                seen[feature] = name
                features[filled] = feature
                filled += 1
    for block in range(len(_BLOCKS)):
        one, other = _BLOCKS[block, 0], _BLOCKS[block, 1]
        for i in range(many[one]):
            for j in range(many[other]):
                feature = _BLOCK_START[block] + active[one, i] * _SIZES[other] + active[other, j]
                if seen[feature] != name:
                    seen[feature] = name
                    features[filled] = feature
                    filled += 1
    return filled


@njit(cache=True, nogil=True)
def _add(active: Integers, many: Integers, group: int, feature: int) -> None:
    active[group, many[group]] = feature
    many[group] += 1


@njit(cache=True, nogil=True)
def _cut_site(sequence: Bytes, cut: int, active: Integers, many: Integers) -> None:
    """Note what does not depend on the candidate."""
    for offset in range(-5, 4):
        if 0 <= cut + offset < len(sequence):
            _add(active, many, 6, (offset + 5) * 4 + sequence[cut + offset])
    pair = 0
    for one in range(-3, 2):
        for other in range(-3, one):
            if sequence[cut + one] == sequence[cut + other]:
                _add(active, many, 7, pair * 4 + sequence[cut + one])
            pair += 1


@njit(cache=True, nogil=True)
def _candidate(sequence: Bytes, cut: int, row: Integers, active: Integers, many: Integers) -> None:
    """Note what one candidate has."""
    for group in (0, 1, 2, 3, 4, 5, 8, 9, 10):
        many[group] = 0
    if row[INSERTED] > 0:
        _insertion(sequence, cut, row, active, many)
        return
    left, right, size = row[LEFT], row[RIGHT], row[SIZE]
    _add(active, many, 1, 0)
    _add(active, many, 1, 1 if size == 1 else 2 if size <= 3 else 3 if size <= 6 else 4 if size <= 12 else 5)
    if size == 7:
        # The bins D4-7 and D8-12 of the published features both hold a size of seven.
        _add(active, many, 1, 3)
    _place(left - cut, right - cut, active, many)
    for offset in range(-3, 3):
        if 0 <= left + 1 + offset < len(sequence):
            _add(active, many, 8, ((offset + 3) * 4 + sequence[left + 1 + offset]) * 2)
        if 0 <= right + offset < len(sequence):
            _add(active, many, 8, ((offset + 3) * 4 + sequence[right + offset]) * 2 + 1)
    for one in range(-3, 3):
        for other in range(-3, 3):
            if left + one > 0 and right + other < len(sequence):
                differ = sequence[left + one + 1] != sequence[right + other]
                _add(active, many, 9, ((one + 3) * 6 + other + 3) * 2 + differ)
    _homologies(sequence, left, right, active, many)


@njit(cache=True, nogil=True)
def _insertion(sequence: Bytes, cut: int, row: Integers, active: Integers, many: Integers) -> None:
    length, first, second = row[INSERTED], row[FIRST], row[SECOND]
    _add(active, many, 0, 0)
    _add(active, many, 0, length)
    _add(active, many, 3, 0)
    repeat = first == sequence[cut - 1] and (length == 1 or second == sequence[cut - 1])
    _add(active, many, 4, (length - 1) * 2 + (0 if repeat else 1))
    _add(active, many, 5, first * 5 + (0 if length == 1 else 1 + second))


@njit(cache=True, nogil=True)
def _place(left: int, right: int, active: Integers, many: Integers) -> None:
    if left >= -3:
        _add(active, many, 2, -left - 1)
    elif left < -30:
        _add(active, many, 2, 7)
    if right <= 2:
        _add(active, many, 2, 9 + right)
    elif right <= 29:
        _add(active, many, 2, 12 if right <= 5 else 13 if right <= 9 else 14 if right <= 14 else 15)


@njit(cache=True, nogil=True)
def _homologies(sequence: Bytes, left: int, right: int, active: Integers, many: Integers) -> None:
    before = many[10]
    for part in range(len(_BINS)):
        first = _BINS[part, 2]
        shortest, longest = _BINS[part, 0], _BINS[part, 1]
        for mismatches in range(2 if shortest >= 3 else 1):
            found_left = found_right = False
            for length in range(shortest, longest + 1):
                found_left |= _left_homology(sequence, left, right, length) == mismatches
                found_right |= _right_homology(sequence, left, right, length) == mismatches
            if found_left:
                _add(active, many, 10, first + 2 * mismatches)
            if found_right:
                _add(active, many, 10, first + 2 * mismatches + 1)
    if many[10] == before:
        _add(active, many, 10, 20)


@njit(cache=True, nogil=True)
def _left_homology(sequence: Bytes, left: int, right: int, length: int) -> int:
    """Return how many bases differ between the last bases kept and the last ones lost; -1 where it is no homology."""
    start, other = left - length + 1, right - length
    # The base beyond has to be there, and to differ.
    if start < 1 or sequence[left] != sequence[right - 1] or sequence[start] != sequence[other]:
        return -1
    if sequence[start - 1] == sequence[other - 1]:
        return -1
    differ = 0
    for i in range(length):
        differ += sequence[start + i] != sequence[other + i]
    return differ


@njit(cache=True, nogil=True)
def _right_homology(sequence: Bytes, left: int, right: int, length: int) -> int:
    """Return how many bases differ between the first bases lost and the first ones kept; -1 where it is no homology."""
    start, last = left + 1, right + length - 1
    if last + 1 >= len(sequence) or sequence[start] != sequence[right] or sequence[left + length] != sequence[last]:
        return -1
    if sequence[left + length + 1] == sequence[last + 1]:
        return -1
    differ = 0
    for i in range(length):
        differ += sequence[start + i] != sequence[right + i]
    return differ


@njit(cache=True, nogil=True)
def scores(starts: Integers, features: Integers, weights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the sum of the weights of the features of each class; `weights` has a row for each background."""
    total = np.zeros((len(weights), len(starts) - 1))
    for model in range(len(weights)):
        for name in range(len(starts) - 1):
            summed = 0.0
            for at in range(starts[name], starts[name + 1]):
                summed += weights[model, features[at]]
            total[model, name] = summed
    return total
