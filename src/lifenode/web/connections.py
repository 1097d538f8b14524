"""One connection: its client has to say in time what it wants, and to take in time what it gets."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lifenode.settings import settings
from lifenode.web.problems import MEDIA_TYPE

_LATE = (408, "Request Timeout", "too_slow", "The header did not come in time.")
_LONG = (431, "Request Header Fields Too Large", "header_too_large", "The header is too large.")
_BROKEN = (400, "Bad Request", "bad_request", "The request is not HTTP.")

_GRACE = 0.2


class Connection(HttpToolsProtocol):
    """Drops a client whose header comes too slowly or is too large, and one that does not take its answer.

    The limits are ``header_seconds``, ``max_header_bytes`` and ``send_seconds`` of the settings in force.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._limits = settings()
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0
        self._in_head = self._in_body = self._stopping = False
        self._send_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first header."""
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        for timer in (self._head_timer, self._send_timer):
            if timer is not None:
                timer.cancel()
        self._head_timer = self._send_timer = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        super().data_received(data)
        if self._in_body:
            return
        if self._in_head:
            self._head_bytes += len(data)
            if self._head_bytes > self._limits.max_header_bytes:
                self._refuse(*_LONG)
                return
        elif not self._is_idle():
            return
        # Something came that is no request yet: a part of a header, or blank lines.
        self._await_head()

    def on_message_begin(self) -> None:
        """Note that a header begins."""
        self._in_head, self._head_bytes = True, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Stop waiting for the header."""
        self._in_head, self._in_body = False, True
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        super().on_headers_complete()
        if self._stopping and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """Note that the body is whole."""
        self._in_body = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what is sent."""
        super().pause_writing()
        self._await_taking(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stop waiting."""
        if self._send_timer is not None:
            self._send_timer.cancel()
            self._send_timer = None
        super().resume_writing()

    def shutdown(self) -> None:
        """Close when the answer under way is sent, or soon; a request that was sent already still comes in time."""
        self._stopping = True
        if self._is_idle():
            self.loop.call_later(_GRACE, self._close_idle)
        else:
            super().shutdown()

    def _close_idle(self) -> None:
        if self._is_idle() and not self._in_head:
            self.transport.close()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def timeout_keep_alive_handler(self) -> None:
        """Drop a client that asks nothing more, whether or not it has taken the whole answer."""
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP, in the form of all other errors."""
        self._refuse(*_BROKEN)

    def _await_head(self) -> None:
        if self._head_timer is None and not self.transport.is_closing():
            self._head_timer = self.loop.call_later(self._limits.header_seconds, self._refuse, *_LATE)

    def _await_taking(self, left: int) -> None:
        self._send_timer = self.loop.call_later(self._limits.send_seconds, self._check_taking, left)

    def _check_taking(self, before: int) -> None:
        """Drop a client that has taken nothing since; a slow one may go on."""
        left = self.transport.get_write_buffer_size()
        if left < before:
            self._await_taking(left)
        else:
            self.transport.abort()

    def _refuse(self, status: int, title: str, code: str, detail: str) -> None:
        """Answer with a problem document, unless an answer is under way, and close."""
        if self.transport.is_closing():
            return
        if self._is_idle():
            body = orjson.dumps({
                "type": f"urn:lifenode:error:{code}", "title": title, "status": status, "detail": detail, "code": code,
                "value": None, "next_step": "",
            })  # fmt: skip
            head = (
                f"HTTP/1.1 {status} {title}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(body)}\r\n"
                "x-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()
