"""What every answer carries and what no request may do, whichever part of the node it is for."""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lifenode.settings import Settings
from lifenode.web.limits import proxies_of
from lifenode.web.problems import problem

_log = logging.getLogger("lifenode.access")

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
_ALWAYS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
)
_OPEN = ("/api/", "/eqtl/api/", "/eqtl/ftp/", "/edammap/", "/gprofiler/", "/gplink/", "/tess/")
_CORS = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"X-Request-ID, Location, Retry-After, Link, X-Total-Count, X-Unavailable, ETag, Accept-Ranges, Content-Range, "
        b"Content-Length",
    ),
)
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST, DELETE, OPTIONS",
    "access-control-allow-headers": "Content-Type, Accept, Prefer, Range, If-Range, If-None-Match",
    "access-control-max-age": "86400",
}
_HOST = re.compile(rb"[A-Za-z0-9._-]+(?::\d{1,5})?|\[[0-9A-Fa-f:.]+\](?::\d{1,5})?")
_SECRETS = re.compile(r"(/(?:jobs|gplink/l|gene-sets)/)[^/]+")
_SAFE = ("GET", "HEAD", "OPTIONS")
_STOPPING = problem(503, "The node is stopping.", code="busy", headers={"retry-after": "5"}, next_step="Try again.")
_HSTS = (b"strict-transport-security", b"max-age=31536000")


class Security:
    """Outermost layer: headers, request id, access log, and refusals that need no look at the body.

    Parameters
    ----------
    app
        What is protected.
    config
        Settings in force.
    """

    def __init__(self, app: ASGIApp, config: Settings) -> None:
        self._app = app
        self._proxies = proxies_of(config)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(reversed(scope["headers"]))
        if headers.get(b"x-forwarded-proto") == b"https" and (scope.get("client") or ("",))[0] in self._proxies:
            scope["scheme"] = "https"
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        extra = self._headers(scope, request_id)
        seen = _Seen()

        async def answering(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *[pair for pair in extra if pair[0] not in own]]
            elif message["type"] == "http.response.body":
                seen.sent += len(message.get("body", b""))
            await send(message)

        refused = _refusal(scope, headers)
        try:
            await (refused or self._app)(scope, receive, answering)
        except asyncio.CancelledError:
            # The node stops, and the time it gives to what it has accepted is over.
            if seen.status:
                raise
            await _STOPPING(scope, receive, answering)
        finally:
            # Never the query string, which may hold a gene list, nor an id that opens what somebody keeps here.
            _log.info(
                "%s %r %d %.1f ms %d bytes %s", scope["method"], _SECRETS.sub(r"\1...", scope["path"]), seen.status,
                (time.perf_counter() - seen.began) * 1000, seen.sent, request_id,
            )  # fmt: skip

    @staticmethod
    def _headers(scope: Scope, request_id: str) -> list[tuple[bytes, bytes]]:
        extra: list[tuple[bytes, bytes]] = [*_ALWAYS, (b"x-request-id", request_id.encode())]
        if scope["path"].startswith(_OPEN):
            extra += _CORS
        if scope["scheme"] == "https":
            extra.append(_HSTS)
        return extra


class _Seen:
    """What the access log says of an answer."""

    def __init__(self) -> None:
        self.status, self.sent, self.began = 0, 0, time.perf_counter()


def _refusal(scope: Scope, headers: dict[bytes, bytes]) -> ASGIApp | None:
    """Return the answer to a request that is refused, or to a browser's question before one."""
    method, path = scope["method"], scope["path"]
    if not _HOST.fullmatch(headers.get(b"host", b"localhost")):
        return problem(400, "The Host header is malformed.", code="bad_request")
    if method == "TRACE":
        return problem(405, "TRACE is not served.", code="http_405", headers={"allow": "GET, HEAD, POST, OPTIONS"})
    if method == "OPTIONS" and path.startswith(_OPEN) and b"access-control-request-method" in headers:
        return problem_free(204, _PREFLIGHT)
    if method not in _SAFE and not path.startswith(_OPEN) and _from_elsewhere(headers, scope["scheme"]):
        return problem(
            403,
            "The request comes from another site.",
            code="cross_site",
            next_step="Use the form on the node's own page.",
        )
    return None


def problem_free(status: int, headers: dict[str, str]) -> ASGIApp:
    """Return an answer without a body."""
    from starlette.responses import Response

    return Response(b"", status, headers=headers)


def _from_elsewhere(headers: dict[bytes, bytes], scheme: str) -> bool:
    """Say whether a browser sent this from a page of another site; programs send neither header."""
    site = headers.get(b"sec-fetch-site")
    if site is not None:
        return site not in (b"same-origin", b"none")
    origin = headers.get(b"origin")
    return origin is not None and origin.partition(b"://")[2] != headers.get(b"host", b"")
