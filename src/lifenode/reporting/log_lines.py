"""The compiled scanner of log lines in the combined format, with or without a virtual host before it."""

from __future__ import annotations

from numba import njit

from lifenode.reporting.log_fields import (
    AGENT,
    AGENT_END,
    BAD_REQUEST,
    BAD_STATUS,
    BAD_TIME,
    FAULT,
    FINE,
    HOST,
    HOST_END,
    NO_LOG_LINE,
    SIZE,
    STATUS,
    TIME,
    Bytes,
    Integers,
    clock,
    number,
    take_request,
)
from lifenode.reporting.log_objects import scan_json


@njit(cache=True, nogil=True)
def scan(buffer: Bytes, starts: Integers, ends: Integers, rows: Integers) -> None:
    """Fill one row for each line; a line that begins with a brace is JSON.

    Parameters
    ----------
    buffer
        A block of whole lines.
    starts, ends
        Where each line begins and ends, without its line end.
    rows
        Shape (lines, `FIELDS`), zeroed.
    """
    for line in range(len(starts)):
        start, end = starts[line], ends[line]
        if start < end and buffer[start] == 123:
            scan_json(buffer, start, end, rows[line])
        else:
            _scan_combined(buffer, start, end, rows[line])


@njit(cache=True, inline="always")
def _quote(buffer: Bytes, place: int, end: int) -> int:
    """Return where the quotation ends that began before `place`: the next quote without a backslash, or -1."""
    while place < end:
        if buffer[place] == 34:
            return place
        place += 2 if buffer[place] == 92 else 1
    return -1


@njit(cache=True)
def _scan_combined(buffer: Bytes, start: int, end: int, row: Integers) -> None:
    """Take ``[virtual-host ]host identity user [time] "request" status size "referrer" "agent"[ more]``."""
    row[FAULT] = NO_LOG_LINE
    words, place, second = 0, start, start
    while place < end and not (buffer[place] == 91 and words >= 3):
        if buffer[place] == 32:
            words += 1
            if words == 1:
                second = place + 1
            elif words == 2 and buffer[second] != 45:
                # Something other than the dash of the identity: the first word was the virtual host.
                row[HOST], row[HOST_END] = second, place
        place += 1
    if place >= end:
        return
    if words != 4 or row[HOST_END] == 0:
        row[HOST], row[HOST_END] = start, second - 1
    stamp = place + 1
    while place < end and buffer[place] != 93:
        place += 1
    row[TIME] = clock(buffer, stamp, place)
    if place + 2 >= end or buffer[place + 2] != 34:
        return
    request = place + 3
    place = _quote(buffer, request, end)
    if place < 0:
        row[FAULT] = BAD_REQUEST
        return
    take_request(buffer, request, place, row)
    _finish_combined(buffer, place + 2, end, row)


@njit(cache=True)
def _finish_combined(buffer: Bytes, place: int, end: int, row: Integers) -> None:
    """Take what follows the request, and decide whether the line is whole."""
    stop = place
    while stop < end and buffer[stop] != 32:
        stop += 1
    row[STATUS] = number(buffer, place, stop)
    place = stop + 1
    stop = place
    while stop < end and buffer[stop] != 32:
        stop += 1
    row[SIZE] = max(number(buffer, place, stop), 0)
    row[FAULT] = FINE
    if stop + 1 < end:
        place = _quote(buffer, stop + 2, end) if buffer[stop + 1] == 34 else -1
        if place < 0 or place + 2 >= end or buffer[place + 2] != 34:
            row[FAULT] = NO_LOG_LINE
            return
        stop = _quote(buffer, place + 3, end)
        if stop < 0:
            row[FAULT] = NO_LOG_LINE
            return
        row[AGENT], row[AGENT_END] = place + 3, stop
    _judge(row)


@njit(cache=True)
def _judge(row: Integers) -> None:
    if row[TIME] < 0:
        row[FAULT] = BAD_TIME
    elif row[STATUS] < 100 or row[STATUS] > 599:
        row[FAULT] = BAD_STATUS
