"""What is fetched, and what is not; a real server on loopback misbehaves."""

from __future__ import annotations

import gzip
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lifenode._addresses import is_public
from lifenode.errors import DownloadFailed, InputTooLarge, InvalidOption, LifenodeError
from lifenode.registry import fetching
from lifenode.registry.fetching import MAX_BYTES, check_address, fetch

PAGE = b'<html><meta property="og:title" content="T"></html>'
ROBOTS = b"User-agent: *\nDisallow: /closed\n"
HOSTILE = [
    "http://127.0.0.1/", "http://localhost/", "http://0x7f000001/", "http://2130706433/", "http://017700000001/",
    "http://127.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[fe80::1%25eth0]/", "http://10.0.0.1/",
    "http://169.254.169.254/latest", "http://0.0.0.0/", "http://user@example.org/", "http://user:pw@example.org/",
    "http://example.org:22/", "http://example.org:8080/", "https://example.org:99999/", "ftp://example.org/",
    "file:///etc/passwd", "gopher://example.org/", "javascript:alert(1)", "//example.org/", "example.org", "http:///x",
    "http://example.org\\@127.0.0.1/", "http://exa mple.org/", "http://example.org/\r\nX: y", "http://example/",
    "http://127.0.0.1./", "http://1.2.3.4/", "http://example.org%2f@127.0.0.1/", "http://[::]/", "http://[x]/",
    "http://%31%32%37.0.0.1/", "http://.example.org/", "http://-a.org/", "http://a..b/", "data:text/html,x",
    "http://192.168.1.1/", "http://100.64.0.1/",
]  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, content, status, more = "text/html", PAGE, 200, {}
        if self.path == "/robots.txt":
            kind, content = "text/plain", ROBOTS
        elif self.path == "/missing":
            status = 404
        elif self.path == "/loop":
            status, more = 302, {"Location": "/loop"}
        elif self.path == "/moved":
            status, more = 301, {"Location": "/page"}
        elif self.path == "/picture":
            kind = "image/png"
        elif self.path == "/packed":
            content, more = gzip.compress(PAGE), {"Content-Encoding": "gzip"}
        elif self.path == "/bomb":
            content, more = gzip.compress(bytes(MAX_BYTES * 10)), {"Content-Encoding": "gzip"}
        elif self.path == "/large":
            content = b"x" * (MAX_BYTES + 1)
        elif self.path == "/sitemap.xml":
            base = f"http://{self.headers['Host']}"
            kind = "application/xml"
            names = ("page", "missing", "closed", "picture")
            content = f"<urlset>{''.join(f'<url><loc>{base}/{name}</loc></url>' for name in names)}</urlset>".encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            return

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    node = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=node.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{node.server_address[1]}"
    node.shutdown()
    node.server_close()


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_addresses_are_refused_before_anything_is_sent(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def sent(*_: object, **__: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket, "create_connection", sent)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("127.0.0.1", 80))])
    with pytest.raises((InvalidOption, DownloadFailed)):
        fetch(url)


def test_a_name_that_leads_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [("93.184.215.14", 80), ("127.0.0.1", 80)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", one) for one in answers])
    with pytest.raises(InvalidOption, match=r"127\.0\.0\.1, which is not public"):
        fetch("http://rebind.example.org/")


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([[(2, 1, 6, "", ("93.184.215.14", 80))], [(2, 1, 6, "", ("127.0.0.1", 80))]])
    tried: list[object] = []

    def refuse(address: tuple[str, int], **_: object) -> None:
        tried.append(address)
        raise ConnectionRefusedError("no")

    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: next(answers))
    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(DownloadFailed):
        fetch("http://rebind.example.org/")
    assert tried == [("93.184.215.14", 80)]


def test_good_addresses_pass() -> None:
    for url in (
        "https://example.org/a?b=c",
        "http://bio.tools:80/",
        "https://www.ebi.ac.uk:443/x",
        "https://xn--a-b.org/",
    ):
        assert check_address(url).hostname


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True), ("2606:2800:21f:cb07::1", True), ("127.0.0.1", False), ("10.1.2.3", False),
        ("100.64.0.1", False), ("169.254.169.254", False), ("224.0.0.1", False), ("::1", False), ("fc00::1", False),
        ("fe80::1%eth0", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False),
        ("0.0.0.0", False),  # noqa: S104
        ("not an address", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) == public


def test_pages_of_ones_own(server: str) -> None:
    assert fetch(f"{server}/page", private=True).content == PAGE
    assert fetch(f"{server}/packed", private=True).content == PAGE
    assert fetch(f"{server}/missing", private=True).status == 404
    moved = fetch(f"{server}/moved", private=True)
    assert (moved.url, moved.status) == (f"{server}/page", 200)


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("loop", DownloadFailed, "redirects more than 3 times"),
        ("picture", DownloadFailed, "image/png"),
        ("bomb", InputTooLarge, "larger than 5242880"),
        ("large", InputTooLarge, "larger than 5242880"),
    ],
)
def test_misbehaviour_is_named(server: str, path: str, kind: type[LifenodeError], said: str) -> None:
    with pytest.raises(kind, match=said):
        fetch(f"{server}/{path}", private=True)


def test_a_server_that_is_slow_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "FIRST_BYTE_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DownloadFailed, match="takes too long"):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1]}/", private=True)
    with pytest.raises(DownloadFailed):
        fetch(f"http://127.0.0.1:{silent.getsockname()[1] if silent.fileno() >= 0 else 1}/", private=True)


def test_a_site_map_is_visited_page_by_page(server: str) -> None:
    from lifenode.registry.places import assess_many, documents

    result = assess_many(documents(f"{server}/sitemap.xml", private=True, pause=0.0))
    page, missing, closed, picture = result.to_dicts()
    assert page["problem"] == ""
    assert page["fair_checker_of"] == 24
    assert missing["fair_checker"] == page["fair_checker"] - 4
    assert "robots.txt" in closed["problem"]
    assert "image/png" in picture["problem"]
    assert result.meta == {"documents": 4, "assessed": 2, "failed": 2}
