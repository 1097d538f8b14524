"""Compiled parts that both log formats share: what is recorded of a line, times, requests and keyed hashes.

A line becomes one row of integers (`FIELDS`): times are seconds since 1970 UTC, places are 0-based byte offsets into
the block, half-open. Nothing of a line is copied before it is known to be wanted.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.int64]

# Columns of a row.
FAULT, TIME, METHOD, STATUS, SIZE = 0, 1, 2, 3, 4
HOST, HOST_END, PATH, PATH_END, AGENT, AGENT_END = 5, 6, 7, 8, 9, 10
FIELDS = 11

# Values of FAULT, with what `logs` says of each.
FINE, NO_LOG_LINE, BAD_TIME, BAD_REQUEST, BAD_STATUS, BAD_JSON = 0, 1, 2, 3, 4, 5
FAULTS = (
    "", "not a log line", "no time that can be read", "no request", "no status between 100 and 599", "JSON is broken"
)  # fmt: skip

# Values of METHOD.
OTHER, GET, POST, HEAD, OPTIONS = 0, 1, 2, 3, 4

_MASK = np.uint64(0xFFFFFFFFFFFFFFFF)


@njit(cache=True, inline="always")
def _rotated(x: np.uint64, bits: int) -> np.uint64:
    return (x << np.uint64(bits)) | (x >> np.uint64(64 - bits))


@njit(cache=True, inline="always")
def _round(a: np.uint64, b: np.uint64, c: np.uint64, d: np.uint64) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    a += b
    b = _rotated(b, 13) ^ a
    a = _rotated(a, 32)
    c += d
    d = _rotated(d, 16) ^ c
    a += d
    d = _rotated(d, 21) ^ a
    c += b
    b = _rotated(b, 17) ^ c
    c = _rotated(c, 32)
    return a, b, c, d


@njit(cache=True, nogil=True)
def keyed_hash(buffer: Bytes, start: int, end: int, key_0: np.uint64, key_1: np.uint64) -> np.uint64:
    """Return SipHash-2-4 of the bytes from `start` to `end` under a 128-bit key.

    References
    ----------
    Aumasson and Bernstein 2012, doi:10.1007/978-3-642-34931-7_28.
    """
    a = key_0 ^ np.uint64(0x736F6D6570736575)
    b = key_1 ^ np.uint64(0x646F72616E646F6D)
    c = key_0 ^ np.uint64(0x6C7967656E657261)
    d = key_1 ^ np.uint64(0x7465646279746573)
    word, shift = np.uint64(0), 0
    for place in range(start, end):
        word |= np.uint64(buffer[place]) << np.uint64(shift)
        shift += 8
        if shift == 64:
            d ^= word
            a, b, c, d = _round(a, b, c, d)
            a, b, c, d = _round(a, b, c, d)
            a ^= word
            word, shift = np.uint64(0), 0
    word |= np.uint64((end - start) & 0xFF) << np.uint64(56)
    d ^= word
    a, b, c, d = _round(a, b, c, d)
    a, b, c, d = _round(a, b, c, d)
    a ^= word
    c ^= np.uint64(0xFF)
    for _ in range(4):
        a, b, c, d = _round(a, b, c, d)
    return a ^ b ^ c ^ d


@njit(cache=True, inline="always")
def _digits(buffer: Bytes, start: int, count: int) -> int:
    """Return the number written in `count` digits, or -1."""
    value = 0
    for place in range(start, start + count):
        digit = np.int64(buffer[place]) - 48
        if digit < 0 or digit > 9:
            return -1
        value = value * 10 + int(digit)
    return value


@njit(cache=True)
def number(buffer: Bytes, start: int, end: int) -> int:
    """Return the number without sign that fills the place, or -1."""
    return _digits(buffer, start, end - start) if 0 < end - start < 19 else -1


@njit(cache=True)
def _seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Return seconds since 1970 for a time of the Gregorian calendar, or -1 for one that is not in it."""
    if year < 1970 or year > 2199 or month < 1 or month > 12 or day < 1 or hour > 23 or minute > 59 or second > 60:
        return -1
    if hour < 0 or minute < 0 or second < 0:
        return -1
    longest = 31 - ((month == 4) | (month == 6) | (month == 9) | (month == 11))
    if month == 2:
        longest = 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    if day > longest:
        return -1
    # Years that begin in March have the leap day last.
    shifted = year - (month <= 2)
    within = (153 * (month + (9 if month <= 2 else -3)) + 2) // 5 + day - 1
    days = 365 * shifted + shifted // 4 - shifted // 100 + shifted // 400 + within - 719468
    return days * 86400 + hour * 3600 + minute * 60 + second


@njit(cache=True)
def _offset(buffer: Bytes, start: int, end: int) -> int:
    """Return the seconds east of UTC that ``+0200``, ``+02:00`` or ``Z`` say, or -1e9 for anything else."""
    if end - start == 1 and buffer[start] == 90:
        return 0
    minutes_at = start + (4 if end - start == 6 and buffer[start + 3] == 58 else 3)
    if end - minutes_at != 2 or (buffer[start] != 43 and buffer[start] != 45):
        return -1_000_000_000
    hours, minutes = _digits(buffer, start + 1, 2), _digits(buffer, minutes_at, 2)
    if hours < 0 or minutes < 0 or minutes > 59:
        return -1_000_000_000
    return (hours * 3600 + minutes * 60) * (1 if buffer[start] == 43 else -1)


@njit(cache=True)
def _month(buffer: Bytes, start: int) -> int:
    """Return the month of a three-letter English name, or 0."""
    name = (np.int64(buffer[start]) << 16) | (np.int64(buffer[start + 1]) << 8) | np.int64(buffer[start + 2])
    months = (
        0x4A616E, 0x466562, 0x4D6172, 0x417072, 0x4D6179, 0x4A756E, 0x4A756C, 0x417567, 0x536570, 0x4F6374, 0x4E6F76,
        0x446563,
    )  # fmt: skip
    for index in range(12):
        if months[index] == name:
            return index + 1
    return 0


@njit(cache=True)
def clock(buffer: Bytes, start: int, end: int) -> int:
    """Return the time at a place in seconds since 1970 UTC, or -1.

    Read are ``05/Jan/2023:10:00:00 +0200``, ISO 8601 with or without fraction and offset (without: UTC), and seconds or
    milliseconds since 1970 with or without fraction.
    """
    length = end - start
    if length == 26 and buffer[start + 2] == 47:
        seconds = _seconds(
            _digits(buffer, start + 7, 4), _month(buffer, start + 3), _digits(buffer, start, 2),
            _digits(buffer, start + 12, 2), _digits(buffer, start + 15, 2), _digits(buffer, start + 18, 2),
        )  # fmt: skip
        offset = _offset(buffer, start + 21, end)
        return seconds - offset if seconds >= 0 and offset > -1_000_000_000 else -1
    if length >= 19 and buffer[start + 4] == 45:
        return _iso(buffer, start, end)
    return _since_1970(buffer, start, end)


@njit(cache=True)
def _iso(buffer: Bytes, start: int, end: int) -> int:
    seconds = _seconds(
        _digits(buffer, start, 4), _digits(buffer, start + 5, 2), _digits(buffer, start + 8, 2),
        _digits(buffer, start + 11, 2), _digits(buffer, start + 14, 2), _digits(buffer, start + 17, 2),
    )  # fmt: skip
    place = start + 19
    if place < end and (buffer[place] == 46 or buffer[place] == 44):
        place += 1
        while place < end and 48 <= buffer[place] <= 57:
            place += 1
    if place < end and buffer[place] == 32:
        place += 1
    offset = _offset(buffer, place, end) if place < end else 0
    return seconds - offset if seconds >= 0 and offset > -1_000_000_000 else -1


@njit(cache=True)
def _since_1970(buffer: Bytes, start: int, end: int) -> int:
    place = start
    while place < end and buffer[place] != 46:
        place += 1
    for digit in range(place + 1, end):
        if buffer[digit] < 48 or buffer[digit] > 57:
            return -1
    value = number(buffer, start, place)
    if value > 100_000_000_000:
        value //= 1000
    return value if value <= 7_258_118_400 else -1


@njit(cache=True)
def take_method(buffer: Bytes, start: int, end: int) -> int:
    """Return the code of the HTTP method at a place."""
    length = end - start
    if length == 3 and buffer[start] == 71 and buffer[start + 1] == 69:
        return GET
    if length == 4 and buffer[start] == 80 and buffer[start + 1] == 79:
        return POST
    if length == 4 and buffer[start] == 72 and buffer[start + 1] == 69:
        return HEAD
    return OPTIONS if length == 7 and buffer[start] == 79 and buffer[start + 1] == 80 else OTHER


@njit(cache=True)
def take_path(buffer: Bytes, start: int, end: int, row: Integers) -> None:
    """Record where the path with its query is: without scheme and host if they are there, and without fragment."""
    if end - start > 8 and buffer[start] == 104 and buffer[start + 4] != 47:
        slashes, place = 0, start
        while place < end:
            slashes += buffer[place] == 47
            if slashes == 3:
                break
            place += 1
        start = place
    stop = start
    while stop < end and buffer[stop] != 35:
        stop += 1
    row[PATH], row[PATH_END] = start, stop


@njit(cache=True)
def take_request(buffer: Bytes, start: int, end: int, row: Integers) -> None:
    """Record method and path of ``GET /path HTTP/1.1``; anything else is a request that asks for nothing known."""
    row[METHOD], row[PATH], row[PATH_END] = OTHER, start, start
    first = start
    while first < end and buffer[first] != 32:
        first += 1
    if first >= end:
        return
    last = end
    while last > first and buffer[last - 1] != 32:
        last -= 1
    versioned = end - last >= 5 and buffer[last] == 72 and buffer[last + 1] == 84 and buffer[last + 4] == 47
    row[METHOD] = take_method(buffer, start, first)
    take_path(buffer, first + 1, last - 1 if versioned and last - 1 > first else end, row)
