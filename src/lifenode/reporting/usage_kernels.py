"""The compiled counting of usage: who is the same visitor, what is a repetition, and which count a line adds to.

Hash tables are open-addressed with linear probing; the key 0 marks a free place. Their sizes are powers of two, and the
caller keeps them at most half full.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from lifenode.reporting.log_fields import (
    AGENT,
    AGENT_END,
    FAULT,
    FINE,
    GET,
    HOST,
    HOST_END,
    METHOD,
    PATH,
    PATH_END,
    POST,
    SIZE,
    STATUS,
    TIME,
    Bytes,
    Integers,
    keyed_hash,
)

Hashes = npt.NDArray[np.uint64]

# Seconds in which a repetition of the same address by the same visitor is a double click (COUNTER).
DOUBLE_CLICK = 30
# Seconds without a query after which the same visitor makes a new visit.
VISIT_GAP = 1800

# What is counted for each day, rule and class.
REQUESTS, QUERIES, REPEATED, FAILED, BYTES = 0, 1, 2, 3, 4
MEASURES = 5
# What is counted for each day, service and class.
VISITORS, VISITS = 0, 1

_IGNORE = 3


@njit(cache=True, inline="always")
def _slot(keys: Hashes, key: np.uint64) -> int:
    """Return where a key is or would be put."""
    mask = len(keys) - 1
    place = np.int64((key >> np.uint64(1)) & np.uint64(mask))
    while keys[place] != 0 and keys[place] != key:
        place = (place + 1) & mask
    return int(place)


@njit(cache=True, nogil=True)
def insert_all(keys: Hashes, values: Integers, new_keys: Hashes, new_values: Integers) -> None:
    """Put entries into a table with room."""
    for index in range(len(new_keys)):
        place = _slot(keys, new_keys[index])
        keys[place], values[place] = new_keys[index], new_values[index]


@njit(cache=True, nogil=True)
def find_agents(
    buffer: Bytes, rows: Integers, keys: Hashes, secret: Hashes, agents: Hashes,
    slots: Integers, new: Integers,
) -> int:  # fmt: skip
    """Hash the user agent of each line, and list the first line of each that the table does not have yet.

    Returns
    -------
    int
        How many of `new` are filled; they are now in the table. `slots` say where each line's agent is there.
    """
    found = 0
    for line in range(len(rows)):
        row = rows[line]
        if row[FAULT] != FINE:
            continue
        key = keyed_hash(buffer, row[AGENT], row[AGENT_END], secret[0], secret[1]) | np.uint64(1)
        agents[line] = key
        place = _slot(keys, key)
        slots[line] = place
        if keys[place] == 0:
            keys[place] = key
            new[found] = line
            found += 1
    return found


@njit(cache=True)
def _rule_of(buffer: Bytes, start: int, end: int, letters: Bytes, places: Integers) -> int:
    """Return the first rule whose prefix begins the address and ends where a word of it ends."""
    for rule in range(len(places) - 1):
        length = places[rule + 1] - places[rule]
        if length > end - start:
            continue
        same = True
        for offset in range(length):
            if buffer[start + offset] != letters[places[rule] + offset]:
                same = False
                break
        if not same:
            continue
        after = start + length
        if length == 0 or after == end or letters[places[rule] + length - 1] == 47:
            return rule
        letter = buffer[after]
        if letter == 47 or letter == 63 or letter == 46:
            return rule
    return len(places) - 2


@njit(cache=True)
def _is_asset(buffer: Bytes, start: int, end: int, endings: Bytes, ending_places: Integers) -> bool:
    """Say whether the address without its query ends like a part of a page."""
    stop = start
    while stop < end and buffer[stop] != 63:
        stop += 1
    for index in range(len(ending_places) - 1):
        length = ending_places[index + 1] - ending_places[index]
        if length > stop - start:
            continue
        same = True
        for offset in range(length):
            if buffer[stop - length + offset] | 32 != endings[ending_places[index] + offset] | 32:
                same = False
                break
        if same:
            return True
    return False


@njit(cache=True, inline="always")
def _visit(keys: Hashes, times: Integers, key: np.uint64, time: int, counts: Integers) -> int:
    """Count a visitor and a visit where they are new; return how many entries the table gained."""
    place = _slot(keys, key)
    if keys[place] == 0:
        keys[place], times[place] = key, time
        counts[VISITORS] += 1
        counts[VISITS] += 1
        return 1
    if time - times[place] > VISIT_GAP:
        counts[VISITS] += 1
    times[place] = max(times[place], time)
    return 0


@njit(cache=True, nogil=True)
def count(
    buffer: Bytes, rows: Integers, days: Integers, classes: Integers, agents: Hashes, salts: Hashes,
    letters: Bytes, places: Integers, service_of: Integers, kind_of: Integers, endings: Bytes, ending_places: Integers,
    click_keys: Hashes, click_times: Integers, visitor_keys: Hashes, visitor_times: Integers,
    counts: Integers, visits: Integers,
) -> tuple[int, int]:  # fmt: skip
    """Add each line to the counts.

    Parameters
    ----------
    buffer, rows
        A block and its scanned lines; lines with a fault are passed over.
    days, classes, agents
        For each line: index of its day into `salts`, class, and hash of its user agent.
    salts
        Shape (days, 2): the secret of each day.
    letters, places, service_of, kind_of
        The rules of `Addresses`.
    endings, ending_places
        Endings of parts of pages.
    click_keys, click_times, visitor_keys, visitor_times
        The tables; times are seconds since 1970.
    counts
        Shape (days, rules, classes, `MEASURES`); the last rule is for parts of pages.
    visits
        Shape (days, services + 1, classes, 2); the last service is all of them together.

    Returns
    -------
    tuple of int
        Entries gained by the table of clicks and by that of visitors.
    """
    clicks = visitors = 0
    everything = visits.shape[1] - 1
    for line in range(len(rows)):
        row = rows[line]
        if row[FAULT] != FINE:
            continue
        start, end, time, kind = row[PATH], row[PATH_END], row[TIME], classes[line]
        asset = _is_asset(buffer, start, end, endings, ending_places)
        rule = counts.shape[1] - 1 if asset else _rule_of(buffer, start, end, letters, places)
        cell = counts[days[line], rule, kind]
        cell[REQUESTS] += 1
        cell[BYTES] += row[SIZE]
        if row[STATUS] >= 400:
            cell[FAILED] += 1
        asked = row[METHOD] == GET or row[METHOD] == POST
        good = (200 <= row[STATUS] < 300) or row[STATUS] == 304
        if not (asked and good) or asset or kind_of[rule] == _IGNORE:
            continue
        salt = salts[days[line]]
        visitor = keyed_hash(buffer, row[HOST], row[HOST_END], salt[0] ^ agents[line], salt[1]) | np.uint64(1)
        if row[METHOD] == GET:
            key = keyed_hash(buffer, start, end, salt[0] ^ visitor, ~salt[1]) | np.uint64(1)
            place = _slot(click_keys, key)
            known = click_keys[place] == key
            repeated = known and abs(time - click_times[place]) <= DOUBLE_CLICK
            clicks += not known
            click_times[place] = max(time, click_times[place]) if repeated else time
            click_keys[place] = key
            if repeated:
                cell[REPEATED] += 1
                continue
        cell[QUERIES] += 1
        of_day = visits[days[line]]
        visitors += _visit(visitor_keys, visitor_times, visitor, time, of_day[everything, kind])
        service = service_of[rule]
        own = (visitor ^ (np.uint64(service + 1) * np.uint64(0x9E3779B97F4A7C15))) | np.uint64(1)
        visitors += _visit(visitor_keys, visitor_times, own, time, of_day[service, kind])
    return clicks, visitors
