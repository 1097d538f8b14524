"""Read request bodies before anything else looks at them: whole, unpacked, up to a limit, in a bounded time."""

from __future__ import annotations

import asyncio
import zlib

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lifenode.settings import Settings
from lifenode.web.problems import problem

_UPLOADS = ("/gprofiler/api/gost/custom", "/gprofiler/strict/api/gost/custom", "/api/v1/gene-sets")
_FREE = 1024 * 1024
_MOST_PACKED = 10
_NEXT_STEPS = {
    413: "Send less at a time, or run it on your own machine with `lifenode`.",
    503: "Try again in a few seconds.",
}


class _Refused(Exception):
    """Why a body is not taken; the answer is the refusal."""

    def __init__(self, status: int, detail: str, code: str) -> None:
        super().__init__(detail)
        headers = {"connection": "close"} | ({"retry-after": "2"} if status == 503 else {})
        self.answer = problem(status, detail, code=code, next_step=_NEXT_STEPS.get(status, ""), headers=headers)


class _Gone(Exception):
    """The client left before its body was whole."""


class BodyLimit:
    """Refuse a body that is too large, broken, or comes too slowly.

    Parameters
    ----------
    app
        What is protected.
    config
        Settings in force: ``max_body_bytes``, ``max_upload_bytes``, ``body_seconds``, and ``bodies_bytes`` for all
        bodies that are held at a time.
    """

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._config = config
        self._held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve or refuse one request."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        held = _Held(self)
        try:
            body = await self._body(scope, receive, held)
            headers = [pair for pair in scope["headers"] if pair[0] != b"content-encoding"]
            await self._app(dict(scope, headers=headers), _replay(body, receive), send)
        except _Refused as refusal:
            await refusal.answer(scope, receive, send)
        except _Gone:
            return
        finally:
            held.release()

    def hold(self, size: int) -> None:
        """Count bytes that are held, or no longer if negative."""
        self._held += size
        if size > 0 and self._held > self._config.bodies_bytes:
            raise _Refused(503, "The node holds as many request bodies as it can.", "busy")

    async def _body(self, scope: Scope, receive: Receive, held: _Held) -> bytes:
        headers = dict(scope["headers"])
        upload = scope["path"].startswith(_UPLOADS)
        limit = self._config.max_upload_bytes if upload else self._config.max_body_bytes
        encoding = headers.get(b"content-encoding", b"").strip().lower()
        if encoding not in (b"", b"identity", b"gzip"):
            raise _Refused(415, "Bodies are plain or gzip.", "unsupported_encoding")
        declared = headers.get(b"content-length", b"0")
        if not declared.isdigit():
            raise _Refused(400, "Content-Length is no number.", "bad_request")
        if int(declared) > limit:
            raise _too_large(limit)
        try:
            async with asyncio.timeout(self._config.body_seconds):
                packed = await _received(receive, limit, held)
        except TimeoutError as error:
            raise _Refused(408, "The body did not come in time.", "too_slow") from error
        if encoding != b"gzip":
            return packed
        body = _unpacked(packed, limit)
        held.add(len(body))
        return body


class _Held:
    """The bytes that one request holds."""

    def __init__(self, counter: BodyLimit) -> None:
        self._counter = counter
        self.size = 0

    def add(self, size: int) -> None:
        self.size += size
        self._counter.hold(size)

    def release(self) -> None:
        self._counter.hold(-self.size)


def _too_large(limit: int) -> _Refused:
    return _Refused(413, f"The body exceeds {limit:,} bytes.", "input_too_large")


async def _received(receive: Receive, limit: int, held: _Held) -> bytes:
    """Return the body as it came."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise _Gone
        more = message.get("more_body", False)
        parts.append(message.get("body", b""))
        held.add(len(parts[-1]))
        if held.size > limit:
            raise _too_large(limit)
    return b"".join(parts)


def _unpacked(packed: bytes, limit: int) -> bytes:
    """Return what a gzip body holds."""
    most = min(limit, max(_FREE, _MOST_PACKED * len(packed)))
    unpack = zlib.decompressobj(31)
    try:
        body = unpack.decompress(packed, most + 1)
    except zlib.error as error:
        raise _Refused(400, "The body is not gzip, as its Content-Encoding says.", "bad_request") from error
    if len(body) > most:
        raise _too_large(most)
    if not unpack.eof:
        raise _Refused(400, "The gzip body is cut off.", "bad_request")
    if unpack.unused_data:
        raise _Refused(400, "Something follows the end of the gzip body.", "bad_request")
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a receive that gives `body` once, and then what comes after it."""
    given = False

    async def receiving() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receiving
