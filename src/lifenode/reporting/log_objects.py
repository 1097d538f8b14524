"""The compiled scanner of log lines that are JSON objects, as nginx, Caddy, Traefik and this node write them."""

from __future__ import annotations

import numpy as np
from numba import njit

from lifenode.reporting.log_fields import (
    AGENT,
    AGENT_END,
    BAD_JSON,
    BAD_REQUEST,
    BAD_STATUS,
    BAD_TIME,
    FAULT,
    FINE,
    GET,
    HOST,
    HOST_END,
    METHOD,
    SIZE,
    STATUS,
    TIME,
    Bytes,
    Integers,
    clock,
    number,
    take_method,
    take_path,
    take_request,
)

# A log that names no method is of pages that were fetched.
_GET_BY_DEFAULT = GET

_TIME, _CLIENT, _REQUEST, _METHOD, _PATH, _STATUS, _SIZE, _AGENT = 1, 2, 3, 4, 5, 6, 7, 8

# Names in lower case with "_" for "-", at any depth; the first of a meaning counts.
KEYS = {
    _TIME: (
        "time", "timestamp", "@timestamp", "ts", "time_local", "time_iso8601", "msec", "starttime", "startutc",
    ),
    _CLIENT: ("remote_addr", "remote_ip", "client_ip", "client", "clienthost", "remote_host", "ip"),
    _REQUEST: ("request", "request_line"),
    _METHOD: ("method", "request_method", "requestmethod"),
    _PATH: ("path", "uri", "request_uri", "requestpath", "url"),
    _STATUS: ("status", "status_code", "downstreamstatus"),
    _SIZE: ("size", "bytes", "body_bytes_sent", "bytes_sent", "downstreamcontentsize"),
    _AGENT: ("agent", "user_agent", "http_user_agent", "request_user_agent"),
}  # fmt: skip


def _name_code(name: str) -> int:
    """Return what `_code` returns for the name: its FNV-1a hash in 63 bits."""
    value = 0xCBF29CE484222325
    for letter in name.encode():
        value = ((value ^ letter) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value >> 1


_CODES = np.array([_name_code(name) for names in KEYS.values() for name in names], np.int64)
_MEANINGS = np.array([meaning for meaning, names in KEYS.items() for _ in names], np.int64)


@njit(cache=True)
def _meaning(buffer: Bytes, start: int, end: int) -> int:
    """Return what a key means, or 0."""
    value = np.uint64(0xCBF29CE484222325)
    for place in range(start, end):
        letter = buffer[place]
        if 65 <= letter <= 90:
            letter = np.uint8(letter + 32)
        elif letter == 45:
            letter = np.uint8(95)
        value = (value ^ np.uint64(letter)) * np.uint64(0x100000001B3)
    code = np.int64(value >> np.uint64(1))
    for index in range(len(_CODES)):
        if _CODES[index] == code:
            return int(_MEANINGS[index])
    return 0


@njit(cache=True, inline="always")
def _blank(letter: int) -> bool:
    return letter == 32 or letter == 9 or letter == 13


@njit(cache=True)
def scan_json(buffer: Bytes, start: int, end: int, row: Integers) -> None:
    """Fill one row from a line that holds one JSON object."""
    row[FAULT], row[METHOD] = BAD_JSON, _GET_BY_DEFAULT
    depth, meaning, seen, place = 0, 0, 0, start
    while place < end:
        letter = buffer[place]
        if letter == 34:
            stop = place + 1
            while stop < end and buffer[stop] != 34:
                stop += 2 if buffer[stop] == 92 else 1
            if stop >= end:
                return
            after = stop + 1
            while after < end and _blank(buffer[after]):
                after += 1
            if after < end and buffer[after] == 58:
                meaning = _meaning(buffer, place + 1, stop)
                place = after + 1
                continue
            seen = _take(buffer, place + 1, stop, meaning, seen, row)
            place = stop + 1
        elif letter == 123 or letter == 125:
            depth += 1 if letter == 123 else -1
            meaning = 0
            place += 1
            if depth == 0:
                break
        elif letter == 44 or letter == 58 or letter == 91 or letter == 93 or _blank(letter):
            place += 1
        else:
            stop = place
            while stop < end and not _ends_word(buffer[stop]):
                stop += 1
            seen = _take(buffer, place, stop, meaning, seen, row)
            place = stop
    while place < end and _blank(buffer[place]):
        place += 1
    if depth == 0 and place == end:
        _judge(seen, row)


@njit(cache=True, inline="always")
def _ends_word(letter: int) -> bool:
    return letter == 44 or letter == 125 or letter == 93 or letter == 34 or letter == 123 or _blank(letter)


@njit(cache=True)
def _take(buffer: Bytes, start: int, end: int, meaning: int, seen: int, row: Integers) -> int:
    """Record a value unless its meaning was seen before; return what has been seen."""
    if meaning == 0 or seen >> meaning & 1:
        return seen
    if meaning == _TIME:
        row[TIME] = clock(buffer, start, end)
    elif meaning == _CLIENT:
        row[HOST], row[HOST_END] = start, end
    elif meaning == _REQUEST:
        take_request(buffer, start, end, row)
    elif meaning == _METHOD:
        row[METHOD] = take_method(buffer, start, end)
    elif meaning == _PATH:
        take_path(buffer, start, end, row)
    elif meaning == _STATUS:
        row[STATUS] = number(buffer, start, end)
    elif meaning == _SIZE:
        row[SIZE] = max(number(buffer, start, end), 0)
    else:
        row[AGENT], row[AGENT_END] = start, end
    return seen | 1 << meaning


@njit(cache=True)
def _judge(seen: int, row: Integers) -> None:
    row[FAULT] = FINE
    if not seen >> _TIME & 1 or row[TIME] < 0:
        row[FAULT] = BAD_TIME
    elif not (seen >> _REQUEST & 1 or seen >> _PATH & 1):
        row[FAULT] = BAD_REQUEST
    elif row[STATUS] < 100 or row[STATUS] > 599:
        row[FAULT] = BAD_STATUS
