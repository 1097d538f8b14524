"""The matcher's inner loops, compiled: one list of a query against all lists of an ontology.

A record says that a token of a concept's list is one of the query's list, with a score. Records are sorted by list and
then by their place in the query, so that those that can support a record stand near it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

POSITION_LOSS = 0.4
OFF_BY_ONE = 0.35
OFF_BY_TWO = 0.05
SCALING = 0.2  # exponent of a finished score
_REACH = 3  # a neighbour further away than this in the query adds nothing
_PROSE = 4


@njit(cache=True, nogil=True)
def collect(
    hit_at: Integers, hit_pairs: Booleans, hit_key: Integers, hit_shift: Integers, hit_score: Floats,
    stem_starts: Integers, stem_lists: Integers, stem_places: Integers,
    pair_starts: Integers, pair_lists: Integers, pair_places: Integers, lists: int,
) -> tuple[Integers, Integers, Integers, Floats]:  # fmt: skip
    """Return where each list's records start, and of each record: place in the list, place in the query, score."""
    starts = np.zeros(lists + 1, np.int64)
    for hit in range(len(hit_at)):
        key = hit_key[hit]
        if hit_pairs[hit]:
            for entry in range(pair_starts[key], pair_starts[key + 1]):
                starts[pair_lists[entry] + 1] += 1
        else:
            for entry in range(stem_starts[key], stem_starts[key + 1]):
                starts[stem_lists[entry] + 1] += 1
    for row in range(lists):
        starts[row + 1] += starts[row]
    following = starts[:-1].copy()
    place = np.empty(starts[-1], np.int64)
    at = np.empty(starts[-1], np.int64)
    score = np.empty(starts[-1])
    for hit in range(len(hit_at)):
        key = hit_key[hit]
        first, last = (
            (pair_starts[key], pair_starts[key + 1]) if hit_pairs[hit] else (stem_starts[key], stem_starts[key + 1])
        )
        for entry in range(first, last):
            row = pair_lists[entry] if hit_pairs[hit] else stem_lists[entry]
            record = following[row]
            following[row] += 1
            place[record] = (pair_places[entry] if hit_pairs[hit] else stem_places[entry]) + hit_shift[hit]
            at[record] = hit_at[hit]
            score[record] = hit_score[hit]
    return starts, place, at, score


@njit(cache=True, nogil=True)
def support(place: Integers, at: Integers, first: int, last: int, record: int) -> tuple[float, float]:
    """Return the two best values that other records give to the position of one, best first."""
    best, second = 0.0, 0.0
    low = record
    while low > first and at[record] - at[low - 1] <= _REACH:
        low -= 1
    other = low
    while other < last and at[other] - at[record] <= _REACH:
        down, over = place[other] - place[record], at[other] - at[record]
        off = abs(down) + abs(over)
        other += 1
        if off == 0:
            continue
        if down * over > 0:
            off -= 2
        elif down * over < 0:
            off -= 1
        value = 1.0 if off == 0 else OFF_BY_ONE if off == 1 else OFF_BY_TWO if off == 2 else 0.0
        if value > best:
            best, second = value, best
        elif value > second:
            second = value
    return best, second


@njit(cache=True, nogil=True)
def score_list(
    starts: Integers, place: Integers, at: Integers, score: Floats, source_weight: Floats,
    concept: Integers, kind: Integers, length: Integers, start: Integers, flat: Integers, weight: Floats,
    name_score: Floats, name_list: Integers, prose_best: Floats, query_sum: Floats,
) -> None:  # fmt: skip
    """Score one list of a query against all lists, both ways.

    `name_score` and `name_list` keep the best name of each concept, `prose_best` the best of each token of prose;
    `query_sum` gains how well the concept's texts cover the query's list. `source_weight` weighs the query's tokens.
    """
    size = len(source_weight)
    found = np.zeros(size)
    own = np.zeros(np.max(length))
    row = 0
    while row < len(length):
        here = concept[row]
        touched = False
        while row < len(length) and concept[row] == here:
            first, last = starts[row], starts[row + 1]
            if last > first:
                touched = True
                tokens = length[row]
                own[:tokens] = 0.0
                prose = kind[row] >= _PROSE
                for record in range(first, last):
                    i, j = place[record], at[record]
                    best, second = support(place, at, first, last, record)
                    at_end = (i == 0 and j == 0) or (i == tokens - 1 and j == size - 1)
                    position = best if at_end else (best + second) / 2
                    to = score[record] - POSITION_LOSS * (1 - (1.0 if tokens == 1 else position))
                    own[i] = max(own[i], to * source_weight[j])
                    back = score[record] - POSITION_LOSS * (1 - (1.0 if size == 1 else position))
                    if prose:
                        back *= weight[flat[start[row] + i]]
                    found[j] = max(found[j], back)
                if prose:
                    for i in range(tokens):
                        prose_best[start[row] + i] = max(prose_best[start[row] + i], own[i])
                else:
                    _keep_name(own, tokens, here, row, name_score, name_list)
            row += 1
        if touched:
            total = 0.0
            for j in range(size):
                total += found[j] * source_weight[j]
            query_sum[here] += total / size
            found[:] = 0.0


@njit(cache=True, nogil=True)
def _keep_name(own: Floats, tokens: int, here: int, row: int, name_score: Floats, name_list: Integers) -> None:
    total = 0.0
    for i in range(tokens):
        if own[i] <= 0.0:
            return
        total += own[i]
    value = (total / tokens) ** SCALING
    if value > name_score[here]:
        name_score[here] = value
        name_list[here] = row


@njit(cache=True, nogil=True)
def add_prose(
    concept: Integers, kind: Integers, length: Integers, start: Integers, flat: Integers, weight: Floats,
    prose_best: Floats, best: Floats, best_kind: Integers,
) -> None:  # fmt: skip
    """Raise the best match of each concept to that of its definition or comment where that is better."""
    row = 0
    while row < len(length):
        here, this, total, count = concept[row], kind[row], 0.0, 0
        while row < len(length) and concept[row] == here and kind[row] == this:
            if this >= _PROSE:
                subtotal = 0.0
                for i in range(start[row], start[row] + length[row]):
                    subtotal += prose_best[i] * weight[flat[i]]
                total += subtotal / length[row]
                count += 1
            row += 1
        if count and total > 0.0:
            value = (total / count) ** SCALING
            if value > best[here]:
                best[here] = value
                best_kind[here] = this
