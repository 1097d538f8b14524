"""Fetching: hostile addresses are refused before anything is sent, and a hostile server costs little."""

from __future__ import annotations

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from lifenode._addresses import check, is_public
from lifenode._fetch import AGENT, Fetcher, Limits
from lifenode.errors import FetchFailed, FetchRefused, LifenodeError
from lifenode.training.harvest import harvest

HOSTILE = """
http://127.0.0.1/
http://127.1/
http://localhost/
http://LOCALHOST/
http://localhost./
http://0/
http://0.0.0.0/
http://2130706433/
http://0x7f000001/
http://0x7f.0x0.0x0.0x1/
http://0177.0.0.1/
http://017700000001/
http://[::1]/
http://[::]/
http://[::ffff:127.0.0.1]/
http://[::ffff:7f00:1]/
http://[64:ff9b::7f00:1]/
http://[fe80::1%25eth0]/
http://[fc00::1]/
http://169.254.169.254/latest/meta-data/
http://10.0.0.1/
http://172.16.0.1/
http://192.168.1.1/
http://100.64.0.1/
http://8.8.8.8/
http://127.0.0.1%2f.example.org/
http://example.org%00.evil.org/
http://%31%32%37.0.0.1/
http://user@example.org/
http://user:word@example.org/
http://example.org@127.0.0.1/
http://example.org:22/
http://example.org:6379/
http://example.org:99999/
http://example.org\\@127.0.0.1/
http://exa mple.org/
http://example.org\t.evil.org/
http://metadata.google.internal/
http://printer.local/
http://intranet/
http://example.org./
http:///path
http://
file:///etc/passwd
ftp://example.org/
gopher://example.org/
javascript:alert(1)
data:text/html,x
//example.org/
/relative
123
http://[not-an-address]/
http://１２７.0.0.1/
""".strip("\n").split("\n")

PRIVATE = """127.0.0.1 10.0.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 0.0.0.0 255.255.255.255 224.0.0.1
192.0.0.1 198.18.0.1 240.0.0.1 ::1 :: ::ffff:127.0.0.1 ::ffff:8.8.8.8 64:ff9b::7f00:1 fe80::1 fc00::1 fec0::1 ff02::1
2002:7f00:1:: 2001:0:7f00:1:: 100::1 ::127.0.0.1 nonsense""".split()  # noqa: SIM905 - a table

NO_PAUSE = Limits(pause=0.0)


def no_resolver(host: str, port: int) -> list[str]:
    raise AssertionError(f"{host} was looked up")


def resolver_of(addresses: list[str]) -> Callable[[str, int], list[str]]:
    return lambda host, port: addresses


@pytest.mark.parametrize("url", HOSTILE)
def test_hostile_addresses_are_refused_before_anything_is_asked(url: str) -> None:
    with pytest.raises(FetchRefused):
        Fetcher(NO_PAUSE, resolve=no_resolver).fetch(url)


@pytest.mark.parametrize("address", PRIVATE)
def test_names_at_addresses_that_are_not_public_are_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connect(*given: object, **more: object) -> socket.socket:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", connect)
    for answers in ([address], ["93.184.216.34", address]):
        with pytest.raises(FetchRefused, match="not public"):
            Fetcher(NO_PAUSE, resolve=resolver_of(answers)).fetch("http://example.org/")


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_a_name_is_looked_up_for_each_connection_and_connected_to_as_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    connected = []

    def connect(address: tuple[str, int], *more: object) -> socket.socket:
        connected.append(address)
        raise ConnectionRefusedError("not now")

    monkeypatch.setattr(socket, "create_connection", connect)
    fetcher = Fetcher(NO_PAUSE, resolve=lambda host, port: next(answers))
    with pytest.raises(FetchFailed):
        fetcher.fetch("http://rebind.example.org/")
    with pytest.raises(FetchRefused, match="not public"):
        fetcher.fetch("http://rebind.example.org/")
    assert connected == [("93.184.216.34", 80)]


@pytest.mark.parametrize(
    ("url", "fetched"),
    [
        ("https://Example.org", "https://example.org/"),
        ("http://example.org:80/a?b=c d".replace(" ", "+"), "http://example.org/a?b=c+d"),
        ("https://bücher.example.org/ä#top", "https://xn--bcher-kva.example.org/%C3%A4"),
        ("https://cafe.de/", "https://cafe.de/"),
        ("https://example.org/a%20b", "https://example.org/a%20b"),
    ],
)
def test_good_addresses_are_fetched_as_they_are_checked(url: str, fetched: str) -> None:
    assert check(url).url == fetched


class Site(BaseHTTPRequestHandler):
    """Answers as a path asks for; remembers what was asked."""

    asked: list[tuple[str, str]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers.get("User-Agent", "")))
        path = self.path.split("?")[0]
        answers: dict[str, Callable[[], None]] = {
            "/robots.txt": lambda: self.say(b"User-agent: *\nDisallow: /private\nCrawl-delay: 2\n", "text/plain"),
            "/page": lambda: self.say(b"<p>here</p>", "text/html; charset=utf-8"),
            "/packed": lambda: self.say(gzip.compress(b"x" * 1000), "text/html", packed="gzip"),
            "/bomb": lambda: self.say(gzip.compress(b"\0" * 40_000_000), "text/html", packed="gzip"),
            "/large": lambda: self.say(b"x" * 300_000, "text/html"),
            "/broken": lambda: self.say(b"not packed", "text/html", packed="gzip"),
            "/brotli": lambda: self.say(b"x", "text/html", packed="br"),
            "/picture": lambda: self.say(b"x", "image/png"),
            "/slow": self.drip,
            "/loop": lambda: self.go("/loop"),
            "/once": lambda: self.go("/page"),
            "/meta": lambda: self.go("http://169.254.169.254/latest/meta-data/"),
            "/file": lambda: self.go("file:///etc/passwd"),
            "/nowhere": lambda: self.say(b"", "text/html", status=302),
        }
        answers.get(path, lambda: self.say(b"no", "text/plain", status=404))()

    def say(self, content: bytes, kind: str, status: int = 200, packed: str = "", place: str = "") -> None:
        self.send_response(status)
        headers = {"Content-Type": kind, "Content-Length": str(len(content))}
        headers |= {name: text for name, text in (("Content-Encoding", packed), ("Location", place)) if text}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True

    def go(self, place: str) -> None:
        self.say(b"", "text/html", status=302, place=place)

    def drip(self) -> None:
        try:
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _ in range(100):
                self.wfile.write(b"X-A: b\r\n")
                time.sleep(0.1)
        except OSError:
            self.close_connection = True

    def log_message(self, *given: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def fetcher(site: str) -> Fetcher:
    return Fetcher(Limits(pause=0.0, size=100_000, total=4.0, trusted=frozenset([site])), wait=lambda seconds: None)


pytestmark = pytest.mark.network


def test_a_page_is_fetched_with_a_name(site: str, fetcher: Fetcher) -> None:
    page = fetcher.fetch(f"http://{site}/page")
    assert (page.content, page.media_type) == (b"<p>here</p>", "text/html")
    assert fetcher.fetch(f"http://{site}/packed").content == b"x" * 1000
    assert [path for path, _ in Site.asked] == ["/robots.txt", "/page", "/packed"]
    assert {agent for _, agent in Site.asked} == {AGENT}


def test_loopback_is_refused_unless_a_setting_allows_it(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchRefused):
        Fetcher(NO_PAUSE).fetch(f"http://{site}/page")
    assert not Site.asked
    monkeypatch.setenv("LIFENODE_HARVEST_HOSTS", f"a.example:80, {site}")
    assert Fetcher(replace(Limits.of(), pause=0.0)).fetch(f"http://{site}/page").content


@pytest.mark.parametrize(
    ("path", "error", "why"),
    [
        ("/bomb", FetchRefused, "larger than 100,000 bytes"),
        ("/large", FetchRefused, "larger than 100,000 bytes"),
        ("/broken", FetchFailed, "unpacked"),
        ("/brotli", FetchRefused, "packed as br"),
        ("/picture", FetchRefused, "image/png"),
        ("/slow", FetchFailed, "too long"),
        ("/loop", FetchRefused, "redirected more than 3 times"),
        ("/meta", FetchRefused, "number|name"),
        ("/file", FetchRefused, "only http and https"),
        ("/nowhere", FetchFailed, "nowhere"),
        ("/gone", FetchFailed, "answers 404"),
        ("/private/page", FetchRefused, "robots.txt"),
    ],
)
def test_what_a_server_may_not_do(site: str, fetcher: Fetcher, path: str, error: type[LifenodeError], why: str) -> None:
    with pytest.raises(error, match=why):
        fetcher.fetch(f"http://{site}{path}")


def test_redirects_are_followed_and_the_last_address_is_told(site: str, fetcher: Fetcher) -> None:
    assert fetcher.fetch(f"http://{site}/once").url == f"http://{site}/page"


def test_a_host_is_asked_at_its_pace(site: str) -> None:
    waited: list[float] = []
    fetcher = Fetcher(Limits(pause=1.0, trusted=frozenset([site])), wait=waited.append)
    fetcher.fetch(f"http://{site}/page")
    fetcher.fetch(f"http://{site}/page")
    assert len(waited) == 2
    assert all(1.5 < seconds <= 2.0 for seconds in waited)


def test_a_harvest_over_the_wire(site: str, fetcher: Fetcher) -> None:
    made = harvest(f"http://{site}/page", lambda url: fetcher.fetch(url).content)
    assert made.pages[0].notes == ["Nothing was found that describes training."]
    assert json.dumps(made.to_dict())
