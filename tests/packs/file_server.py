"""A real server on loopback that serves one file, and misbehaves as told."""

from __future__ import annotations

import hashlib
import random
import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CONTENT = random.Random(7).randbytes(1_500_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """A server whose behaviour a test sets before it asks."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.content = CONTENT
        self.etag = '"one"'
        self.ranges = True
        self.length = True
        self.breaks_after: list[int | None] = []
        """For each request to come, after how many bytes of its body the connection drops."""
        self.refusals: list[tuple[int, dict[str, str]]] = []
        self.redirect = ""
        self.requests: list[dict[str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of connections that the other side has closed."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/file.gz"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        server = self.server
        server.requests.append({name.casefold(): value for name, value in self.headers.items()})
        if self.path == "/gone":
            self.send_error(404)
        elif server.redirect and self.path == "/file.gz":
            self.send_response(302)
            self.send_header("Location", server.redirect)
            self.end_headers()
        elif server.refusals:
            code, headers = server.refusals.pop(0)
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
        else:
            self._serve(server)

    def _serve(self, server: Server) -> None:
        start = self._start(server)
        if start is not None and start >= len(server.content):
            self.send_response(416)
            self.send_header("Content-Range", f"bytes */{len(server.content)}")
            self.end_headers()
            return
        body = server.content[start or 0 :]
        self.send_response(200 if start is None else 206)
        if start is not None:
            self.send_header("Content-Range", f"bytes {start}-{len(server.content) - 1}/{len(server.content)}")
        if server.etag:
            self.send_header("ETag", server.etag)
        if server.length:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        stop = server.breaks_after.pop(0) if server.breaks_after else None
        self.wfile.write(body[:stop])
        if stop is not None:
            self.wfile.flush()
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _start(self, server: Server) -> int | None:
        asked = self.headers.get("Range")
        same = self.headers.get("If-Range") in (None, server.etag)
        return int(asked[6:-1]) if asked and server.ranges and same else None

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
