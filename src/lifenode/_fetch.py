"""Fetching other people's pages: safely, within limits, and politely.

Redirects are followed by hand, each checked like the first address; the connection goes to the address that was
checked, so that a name cannot change its mind in between. No cookies, credentials or proxies; a host is asked once a
second, and not at all where its robots.txt says so.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urljoin
from urllib.robotparser import RobotFileParser

from lifenode import __version__
from lifenode._addresses import Place, Resolver, addresses, check, resolve_host
from lifenode.errors import FetchFailed, FetchRefused, LifenodeError
from lifenode.settings import Settings, settings

AGENT = f"lifenode/{__version__} (a life-science service node)"
_TYPES = ("text/", "application/json", "application/ld+json", "application/xml", "application/xhtml+xml",
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/vnd.api+json",
    "application/vnd.github", "application/csv", "application/ics")  # fmt: skip
_BLOCK = 16 * 1024
_LONGEST_DELAY = 30.0
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one fetch may take: seconds to connect, to the first byte and in all; bytes unpacked; redirects.

    ``pause`` is the seconds between two requests to a host; ``trusted`` as in `lifenode._addresses.check`.
    """

    connect: float = 3.0
    first_byte: float = 5.0
    total: float = 15.0
    size: int = 5 * 1024 * 1024
    redirects: int = 3
    pause: float = 1.0
    trusted: frozenset[str] = frozenset()

    @classmethod
    def of(cls, known: Settings | None = None) -> Limits:
        """Return the limits of the settings in force."""
        known = known or settings()
        hosts = frozenset(host.strip() for host in known.harvest_hosts.split(",") if host.strip())
        return cls(
            total=known.harvest_seconds, size=known.harvest_bytes, pause=known.harvest_pause_seconds, trusted=hosts
        )


@dataclass(frozen=True, slots=True)
class Page:
    """What came back: the address in the end, its kind and its bytes, unpacked."""

    url: str
    media_type: str
    content: bytes


@dataclass
class Fetcher:
    """Fetches, and remembers when each host was last asked and what its robots.txt says.

    `resolve` and `wait` are how names become addresses and how time passes. `robots` is unset for the interfaces that
    a service offers to programs.
    """

    limits: Limits = field(default_factory=Limits.of)
    resolve: Resolver = resolve_host
    wait: Callable[[float], None] = time.sleep
    robots: bool = True
    _asked: dict[str, float] = field(default_factory=dict)
    _robots: dict[str, RobotFileParser] = field(default_factory=dict)

    def fetch(self, url: str) -> Page:
        """Return what is at an address.

        Raises
        ------
        FetchRefused
            It may not be fetched: not public, forbidden by robots.txt, redirected too often, too large or of a kind
            that is not read.
        FetchFailed
            It is not there, or does not answer in time.
        """
        place = check(url, self.limits.trusted)
        for _ in range(self.limits.redirects + 1):
            if self.robots:
                self._ask_robots(place)
            answer = self._get(place)
            if answer.status not in _REDIRECTS:
                return _accepted(place, answer)
            place = self._redirected(place, answer)
        raise FetchRefused(f"{url} is redirected more than {self.limits.redirects} times.", value=url)

    def _redirected(self, place: Place, answer: _Answer) -> Place:
        if not answer.location:
            raise FetchFailed(f"{place.url} redirects to nowhere.", value=place.url)
        following = check(urljoin(place.url, answer.location), self.limits.trusted)
        if place.scheme == "https" and following.scheme == "http":
            raise FetchRefused(f"{place.url} redirects from https to http.", value=following.url)
        return following

    def _ask_robots(self, place: Place) -> None:
        rules = self._robots.get(place.origin)
        if rules is None:
            rules = self._robots[place.origin] = self._read_robots(place)
        if not rules.can_fetch(AGENT, place.url):
            raise FetchRefused(
                f"{place.url} is not fetched: the robots.txt of {place.host} does not allow it.",
                value=place.url,
                next_step=f"Its owner can allow the user agent {AGENT.split('/')[0]}.",
            )

    def _read_robots(self, place: Place) -> RobotFileParser:
        """Return the rules of a host: those it gives, none where it has none, all forbidden where it cannot say."""
        rules = RobotFileParser()
        home = Place(place.scheme, place.host, place.port, "/robots.txt", place.trusted)
        answer = self._get(home)
        try:
            for _ in range(self.limits.redirects):
                if answer.status in _REDIRECTS:
                    home = self._redirected(home, answer)
                    answer = self._get(home)
        except FetchRefused:
            # Rules that lie where nothing is fetched from are none.
            answer = _Answer(404)
        if answer.status == 200:
            rules.parse(answer.content.decode("utf-8", errors="replace").splitlines())
        elif answer.status >= 500 or answer.status in _REDIRECTS:
            rules.parse(["User-agent: *", "Disallow: /"])
        else:
            rules.parse([])
        return rules

    def _get(self, place: Place) -> _Answer:
        found = addresses(place, self.resolve)
        self._pause(place)
        deadline = time.monotonic() + self.limits.total
        try:
            return _exchange(place, found[0], self.limits, deadline)
        except LifenodeError:
            raise
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = "it took too long" if isinstance(error, TimeoutError) else f"{error or type(error).__name__}"
            raise FetchFailed(f"{place.url} cannot be fetched: {why}.", value=place.url) from error

    def _pause(self, place: Place) -> None:
        pause = self.limits.pause
        rules = self._robots.get(place.origin)
        delay = rules.crawl_delay(AGENT) if rules is not None and rules.mtime() else None
        pause = max(pause, min(float(delay), _LONGEST_DELAY)) if delay else pause
        due = self._asked.get(place.host, -pause) + pause
        now = time.monotonic()
        if due > now:
            self.wait(due - now)
        self._asked[place.host] = time.monotonic()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    media_type: str = ""
    location: str = ""
    content: bytes = b""


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, under the name it was checked for."""

    def __init__(self, place: Place, address: str, limits: Limits) -> None:
        super().__init__(place.host, place.port, timeout=limits.connect)
        self._place, self._address, self._first_byte = place, address, limits.first_byte

    def connect(self) -> None:
        """Connect to the checked address, and in TLS to the name."""
        made = socket.create_connection((self._address, self._place.port), self.timeout)
        if self._place.scheme == "https":
            made = ssl.create_default_context().wrap_socket(made, server_hostname=self._place.host)
        made.settimeout(self._first_byte)
        self.sock = made

    def give_up(self) -> None:
        """End the connection from another thread."""
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def _exchange(place: Place, address: str, limits: Limits, deadline: float) -> _Answer:
    connection = _Connection(place, address, limits)
    # A server that drips its header would renew every time limit of the socket; this one it cannot.
    guard = threading.Timer(max(deadline - time.monotonic(), 0), connection.give_up)
    guard.daemon = True
    guard.start()
    headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "gzip, deflate", "Connection": "close"}
    try:
        connection.request("GET", place.target, headers=headers)
        sock = connection.sock
        with connection.getresponse() as response:
            media_type = (response.getheader("Content-Type") or "").split(";")[0].strip().lower()
            if response.status in _REDIRECTS:
                return _Answer(response.status, location=response.getheader("Location") or "")
            content = _body(response, sock, place, limits, deadline) if response.status == 200 else b""
            return _Answer(response.status, media_type, content=content)
    except (OSError, http.client.HTTPException):
        if time.monotonic() >= deadline:
            raise TimeoutError from None
        raise
    finally:
        guard.cancel()
        connection.close()


def _body(
    response: http.client.HTTPResponse, sock: socket.socket, place: Place, limits: Limits, deadline: float
) -> bytes:
    """Return the body, unpacked; refused as soon as it is too large, given up when time has run out."""
    coding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if coding not in ("identity", "gzip", "x-gzip", "deflate"):
        raise FetchRefused(f"{place.url} is packed as {coding}, which was not asked for.", value=place.url)
    unpack = zlib.decompressobj(zlib.MAX_WBITS | 32) if coding != "identity" else None
    parts: list[bytes] = []
    size = 0
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        sock.settimeout(min(left, limits.first_byte))
        block = response.read1(_BLOCK)
        if not block:
            if time.monotonic() >= deadline:
                raise TimeoutError
            break
        try:
            plain = unpack.decompress(block, limits.size + 1 - size) if unpack else block
        except zlib.error as error:
            raise FetchFailed(f"{place.url} cannot be unpacked: {error}.", value=place.url) from error
        size += len(plain)
        parts.append(plain)
        if size > limits.size:
            raise FetchRefused(f"{place.url} is larger than {limits.size:,} bytes.", value=place.url)
    return b"".join(parts)


def _accepted(place: Place, answer: _Answer) -> Page:
    if answer.status != 200:
        raise FetchFailed(f"{place.url} answers {answer.status}.", value=place.url)
    if answer.media_type and not answer.media_type.startswith(_TYPES):
        raise FetchRefused(f"{place.url} is {answer.media_type}, which is not read.", value=place.url)
    return Page(place.url, answer.media_type, answer.content)
