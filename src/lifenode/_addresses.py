"""Which addresses may be fetched: web addresses of public hosts, and nothing a trick of spelling makes of them.

One parser decides and is used to fetch, so that the two cannot disagree about what an address means.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from lifenode.errors import FetchFailed, FetchRefused

Resolver = Callable[[str, int], list[str]]

_STRANGE = re.compile(r"[\x00-\x20\x7f\\]")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PRIVATE_ENDINGS = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa", "onion", "test")
_PORTS = {"http": 80, "https": 443}
_NOT_GLOBAL = tuple(
    ipaddress.ip_network(text)
    for text in ("100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "240.0.0.0/4", "64:ff9b::/96", "64:ff9b:1::/48",
        "2001::/23", "2002::/16", "fec0::/10", "100::/64", "::/96")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A checked address, in the parts it is fetched by. ``target`` is the path with the query, as sent."""

    scheme: str
    host: str
    port: int
    target: str
    trusted: bool = False

    @property
    def origin(self) -> str:
        """Scheme, host and, where it is not the usual one, port."""
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    @property
    def url(self) -> str:
        """The address as it is fetched."""
        return f"{self.origin}{self.target}"


def check(url: str, trusted: frozenset[str] = frozenset()) -> Place:
    """Return the parts of an address that may be asked for.

    Parameters
    ----------
    url
        The address.
    trusted
        Hosts with their ports (``127.0.0.1:8080``) that are allowed whatever they are.

    Raises
    ------
    FetchRefused
        It is no http or https address, names a user, another port than 80 and 443, a number instead of a name, or a
        name that is not public.
    """
    text = url.strip()
    if _STRANGE.search(text) or len(text) > 4096:
        raise _refused(url, "it has blanks, backslashes or control characters, or is too long")
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "")
    except ValueError as error:
        raise _refused(url, "it is malformed") from error
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise _refused(url, "only http and https are fetched")
    if "@" in parts.netloc:
        raise _refused(url, "it names a user")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (f"?{_query(parts.query)}" if parts.query else "")
    number = port or _PORTS[scheme]
    if f"{host}:{number}" in trusted:
        return Place(scheme, host, number, target, trusted=True)
    if number not in _PORTS.values():
        raise _refused(url, f"port {number} is none of 80 and 443")
    return Place(scheme, _public_name(url, host), number, target)


def addresses(place: Place, resolve: Resolver) -> list[str]:
    """Return the network addresses of a host, all of which are public unless it is trusted.

    Raises
    ------
    FetchRefused
        Any of them is not public: a name that has both is a trap.
    FetchFailed
        The name is not known.
    """
    try:
        found = resolve(place.host, place.port)
    except OSError as error:
        raise FetchFailed(f"{place.host} is not known: {error}.", value=place.url) from error
    if not found:
        raise FetchFailed(f"{place.host} has no address.", value=place.url)
    if not place.trusted:
        for address in found:
            if not is_public(address):
                raise _refused(place.url, f"{place.host} is at {address}, which is not public")
    return found


def resolve_host(host: str, port: int) -> list[str]:
    """Return the network addresses of a name."""
    return list(dict.fromkeys(str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


def is_public(address: str) -> bool:
    """Tell whether a network address is one of the public internet."""
    try:
        known = ipaddress.ip_address(address.split("%")[0])
    except ValueError:
        return False
    if isinstance(known, ipaddress.IPv6Address) and known.ipv4_mapped is not None:
        return False
    if known.is_multicast or known.is_reserved or not known.is_global:
        return False
    return not any(known in network for network in _NOT_GLOBAL if network.version == known.version)


def _public_name(url: str, host: str) -> str:
    if "%" in host or host.endswith("."):
        raise _refused(url, "its host is written in a way that is not fetched")
    try:
        name = host.lower() if host.isascii() else host.encode("idna").decode().lower()
    except UnicodeError as error:
        raise _refused(url, "its host is no name") from error
    labels = name.split(".")
    if len(labels) < 2 or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(url, "its host is no public name")
    if re.fullmatch(r"\d+|0x[0-9a-f]*", labels[-1]):
        raise _refused(url, "its host is a number")
    if any(name == ending or name.endswith(f".{ending}") for ending in _PRIVATE_ENDINGS):
        raise _refused(url, "its host is not public")
    return name


def _query(text: str) -> str:
    return quote(text, safe="/%:@!$&'()*+,;=~-._?[]|")


def _refused(url: str, why: str) -> FetchRefused:
    return FetchRefused(f"{url[:200]!r} is not fetched: {why}.", value=url)
