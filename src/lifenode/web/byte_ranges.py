"""Files handed out in pieces: byte ranges, validators and conditional requests (RFC 9110, sections 13 and 14)."""

from __future__ import annotations

import os
import re
import stat
from email.utils import parsedate_to_datetime
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import Receive, Scope, Send

# More pieces than this in one request are no reader but an attack: the whole file is sent instead.
MOST_RANGES = 32
_RANGE = re.compile(r"(\d{0,18})-(\d{0,18})", re.ASCII)


class FileInPieces(FileResponse):
    """The answer to a request for a file, or for pieces of it.

    A ``Range`` that cannot be read is passed over, as HTTP has it; of several pieces those that lie in the file are
    sent; 416 if none does. With ``If-Range`` pieces are sent only if the file is still the one named.

    Parameters
    ----------
    path
        A regular file.
    media_type
        What it is.
    """

    def __init__(self, path: Path, media_type: str) -> None:
        about = path.stat()
        own = {"etag": etag_of(about), "cache-control": "no-cache"}
        super().__init__(path, headers=own, media_type=media_type, stat_result=about)
        self._about = about

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        about, headers = self._about, Headers(scope=scope)
        own = {name: self.headers[name] for name in ("etag", "last-modified", "accept-ranges", "cache-control")}
        if _has_it(headers, own["etag"], about.st_mtime):
            await Response(status_code=304, headers=own)(scope, receive, send)
            return
        pieces = None
        if scope["method"] == "GET" and _same_file(headers.get("if-range"), own):
            pieces = ranges_of(headers.get("range", ""), about.st_size)
        if pieces == []:
            refused = {**own, "content-range": f"bytes */{about.st_size}"}
            await Response(status_code=416, headers=refused)(scope, receive, send)
            return
        given = [pair for pair in scope["headers"] if pair[0] not in (b"range", b"if-range")]
        if pieces:
            asked = ",".join(f"{first}-{last}" for first, last in pieces)
            given.append((b"range", f"bytes={asked}".encode()))
        await super().__call__({**scope, "headers": given}, receive, send)


def ranges_of(header: str, size: int) -> list[tuple[int, int]] | None:
    """Return the pieces that a ``Range`` header asks for and a file has.

    Parameters
    ----------
    header
        Such as ``bytes=0-99,-500``.
    size
        Bytes of the file.

    Returns
    -------
    list of (int, int) or None
        First and last byte of each piece, 0-based, both inside; empty if the file has none of them; None if the header
        asks for nothing that can be understood, so that the whole file is the answer.
    """
    unit, equals, rest = header.partition("=")
    parts = [part.strip() for part in rest.split(",") if part.strip()]
    if unit.strip().lower() != "bytes" or not equals or not 0 < len(parts) <= MOST_RANGES:
        return None
    found = []
    for part in parts:
        ends = _RANGE.fullmatch(part)
        if ends is None or ends[0] == "-" or (ends[1] and ends[2] and int(ends[1]) > int(ends[2])):
            return None
        if not ends[1]:
            first, last = max(0, size - int(ends[2])), size - 1
        else:
            first, last = int(ends[1]), min(int(ends[2] or size), size - 1)
        if first <= last:
            found.append((first, last))
    return found


def etag_of(about: os.stat_result) -> str:
    """Return a strong validator of a file's state: its time and size."""
    return f'"{about.st_mtime_ns:x}-{about.st_size:x}"'


def is_regular(path: Path) -> bool:
    """Say whether a path is a regular file that is there."""
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except (OSError, ValueError):
        return False


def _has_it(headers: Headers, etag: str, modified: float) -> bool:
    """Say whether the client has the file as it is."""
    named = headers.get("if-none-match")
    if named is not None:
        return named.strip() == "*" or etag in [tag.strip().removeprefix("W/") for tag in named.split(",")]
    since = _seconds(headers.get("if-modified-since", ""))
    return since is not None and int(modified) <= since


def _same_file(named: str | None, own: dict[str, str]) -> bool:
    return named is None or named.strip() in (own["etag"], own["last-modified"])


def _seconds(date: str) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
