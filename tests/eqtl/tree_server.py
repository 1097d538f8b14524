"""A real server on loopback that lists and serves a tree of files, and misbehaves as told."""

from __future__ import annotations

import hashlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


class Tree(ThreadingHTTPServer):
    """A server whose behaviour a test sets before it asks."""

    daemon_threads = True

    def __init__(self, files: dict[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = files
        self.ranges = True
        self.heads = True
        self.etags = True
        self.cuts: dict[str, list[int]] = {}
        """For a path, after how many bytes of its body the next answers break off."""
        self.statuses: dict[str, list[int]] = {}
        """For a path, what the next answers say instead; the last one is said for ever."""
        self.links: dict[str, str] = {}
        """For a folder, what its list has besides."""
        self.redirects: dict[str, str] = {}
        self.after: dict[str, bytes] = {}
        """For a path, what its file becomes once it has been cut."""
        self.asked: list[tuple[str, str, str]] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of connections that the other side has closed."""

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"

    def url(self, path: str = "") -> str:
        return f"http://{self.host}/{path}"

    def got(self, path: str) -> list[str]:
        """Return the ranges of all GETs of a path."""
        return [part for method, place, part in self.asked if method == "GET" and place == path]


@contextmanager
def tree(files: dict[str, bytes]) -> Iterator[Tree]:
    server = Tree(files)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


class Handler(BaseHTTPRequestHandler):
    server: Tree

    def do_HEAD(self) -> None:
        if self.server.heads:
            self._answer("HEAD")
        else:
            self.send_error(405)

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        server, path = self.server, unquote(self.path.lstrip("/"))
        server.asked.append((method, path, self.headers.get("Range", "")))
        said = server.statuses.get(path, [])
        if method == "GET" and said and (status := said.pop(0) if len(said) > 1 else said[0]) != 200:
            self.send_error(status)
        elif path in server.redirects:
            self.send_response(302)
            self.send_header("Location", server.redirects[path])
            self.end_headers()
        elif path in server.files:
            self._file(method, path)
        elif not path or path.endswith("/"):
            self._list(path)
        else:
            self.send_error(404)

    def _list(self, folder: str) -> None:
        below = [path.removeprefix(folder) for path in self.server.files if path.startswith(folder)]
        names = dict.fromkeys(rest.partition("/")[0] + ("/" if "/" in rest else "") for rest in below)
        links = "".join(f'<a href="{name}">{name}</a>\n' for name in names) + self.server.links.get(folder, "")
        self._send(200, f"<html><pre><a href='../'>up</a> <a href='?C=N;O=D'>name</a>\n{links}".encode(), "text/html")

    def _file(self, method: str, path: str) -> None:
        server = self.server
        content = server.files[path]
        etag = f'"{hashlib.sha256(content).hexdigest()[:16]}"'
        asked = self.headers.get("Range") if server.ranges and method == "GET" else None
        if asked and self.headers.get("If-Range") in (None, etag):
            start = int(asked[6:-1])
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            content = content[start:]
        else:
            self.send_response(200)
        if server.etags:
            self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if method == "HEAD":
            return
        cut = server.cuts[path].pop(0) if server.cuts.get(path) else None
        self.wfile.write(content[:cut])
        if cut is not None:
            self.wfile.flush()
            server.files[path] = server.after.get(path, server.files[path])
            self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _send(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
