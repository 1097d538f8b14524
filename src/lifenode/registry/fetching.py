"""Fetch a page of a stranger: only from public addresses, only so much, only so long.

The name is resolved once, every address it has must be public, and the connection goes to the address that was
checked, so that a name that changes its mind leads nowhere. Redirects are followed by hand and checked again.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import time
import zlib
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from lifenode.errors import DownloadFailed, InputTooLarge, InvalidOption

MAX_REDIRECTS = 3
MAX_BYTES = 5 * 1024 * 1024
CONNECT_SECONDS = 3.0
FIRST_BYTE_SECONDS = 5.0
TOTAL_SECONDS = 15.0
TYPES = frozenset({
    "text/html", "application/xhtml+xml", "application/ld+json", "application/json", "text/turtle", "text/plain",
    "application/rdf+xml", "application/n-triples", "application/xml", "text/xml", "application/gzip", "",
})  # fmt: skip

_HEADERS = {
    "User-Agent": "lifenode-fair-check/0.1",
    "Accept": "text/html, application/ld+json;q=0.9, text/turtle;q=0.8, application/xml;q=0.7",
    "Accept-Encoding": "gzip, identity",
    "Connection": "close",
}
_NAME = re.compile(
    r"(?=.{1,253}$)(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z](?:[A-Za-z0-9-]{0,61})$"
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server answered.

    Attributes
    ----------
    url
        Address after redirects.
    status
        HTTP status.
    headers
        By lower-case name; repeated ones joined by commas.
    content
        Body, unpacked.
    """

    url: str
    status: int
    headers: dict[str, str]
    content: bytes


def fetch(url: str, *, private: bool = False) -> Fetched:
    """Fetch one page.

    Parameters
    ----------
    url
        An https or http address.
    private
        Also allow addresses and ports of one's own network and machine. For pages one runs oneself; never for
        addresses that others give.

    Raises
    ------
    InvalidOption
        The address is not one that pages of strangers are fetched from.
    InputTooLarge
        More than 5 MiB, unpacked.
    DownloadFailed
        The server cannot be reached, takes too long, redirects too often, or answers with another kind of document.
    """
    deadline = time.monotonic() + TOTAL_SECONDS
    address = url
    for _ in range(MAX_REDIRECTS + 1):
        parts = check_address(address, private=private)
        answer = _once(address, parts, deadline, private)
        target = answer.headers.get("location")
        if answer.status not in (301, 302, 303, 307, 308) or not target:
            return answer
        following = urljoin(address, target)
        if parts.scheme == "https" and not following.startswith("https:"):
            raise _refused(url, f"it redirects from https to {following[:200]}")
        address = following
    raise _refused(url, f"it redirects more than {MAX_REDIRECTS} times")


def check_address(url: str, *, private: bool = False) -> SplitResult:
    """Return the parts of an address that may be fetched.

    Raises
    ------
    InvalidOption
        It may not: another scheme, a user name, a port of its own, or a number instead of a name.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad(url, "it is not an address") from None
    if any(letter <= " " or letter == "\x7f" for letter in url) or "\\" in url:
        raise _bad(url, "it holds blanks, control characters or backslashes")
    if parts.scheme not in ("https", "http"):
        raise _bad(url, "only https and http are fetched")
    if parts.username is not None or parts.password is not None:
        raise _bad(url, "it holds a user name")
    if private and parts.hostname:
        return parts
    if port not in (None, 80, 443):
        raise _bad(url, "only the ports 80 and 443 are used")
    if not _NAME.match(parts.hostname or ""):
        raise _bad(url, "its host is not the full name of a public server")
    return parts


def _addresses(url: str, host: str, port: int, private: bool) -> list[str]:
    """Resolve a name once; all its addresses must be public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise _refused(url, f"the name {host} is not known") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not private and not is_public(address):
            raise _bad(url, f"{host} leads to {address}, which is not public")
    return addresses


def is_public(address: str) -> bool:
    """Say whether an IP address is one of the public internet, also where it wraps an IPv4 address."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # Translated and tunnelled forms hide an IPv4 address.
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None and not inner.is_global:
            return False
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _once(url: str, parts: SplitResult, deadline: float, private: bool) -> Fetched:
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(host, port)
    with contextlib.closing(connection):
        try:
            connection.sock = _connected(_addresses(url, host, port, private), port, host if secure else None)
            connection.request("GET", _quoted(target), headers=_HEADERS)
            response = connection.getresponse()
            headers: dict[str, str] = {}
            for name, value in response.getheaders():
                headers[name.lower()] = f"{headers[name.lower()]}, {value}" if name.lower() in headers else value
            if response.status in (301, 302, 303, 307, 308) and "location" in headers:
                return Fetched(url, response.status, headers, b"")
            _check_type(url, headers)
            return Fetched(url, response.status, headers, _body(url, response, connection, headers, deadline))
        except (OSError, http.client.HTTPException, zlib.error) as error:
            said = str(error) or type(error).__name__
            raise _refused(url, "it takes too long" if isinstance(error, TimeoutError) else said) from error


def _connected(addresses: list[str], port: int, name: str | None) -> socket.socket:
    problem: OSError = OSError("no address")
    for address in addresses:
        try:
            plain = socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError as error:
            problem = error
            continue
        plain.settimeout(FIRST_BYTE_SECONDS)
        if name is None:
            return plain
        try:
            return ssl.create_default_context().wrap_socket(plain, server_hostname=name)
        except OSError:
            plain.close()
            raise
    raise problem


def _quoted(target: str) -> str:
    return "".join(letter if letter.isascii() else _percent(letter) for letter in target)


def _percent(letter: str) -> str:
    return "".join(f"%{byte:02X}" for byte in letter.encode("utf-8", "replace"))


def _check_type(url: str, headers: dict[str, str]) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise _refused(url, f"it is {kind}, not a page or linked data")


def _body(
    url: str,
    response: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    headers: dict[str, str],
    deadline: float,
) -> bytes:
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", ""):
        raise _refused(url, f"it is packed by {packing}")
    unpack = zlib.decompressobj(wbits=31) if packing == "gzip" else None
    content = bytearray()
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(min(left, FIRST_BYTE_SECONDS))
        block = response.read1(65_536)
        if not block:
            return bytes(content)
        content += unpack.decompress(block, MAX_BYTES + 1 - len(content)) if unpack else block
        if len(content) > MAX_BYTES:
            raise InputTooLarge(
                f"{url} is larger than {MAX_BYTES} bytes.", value=url, next_step="Save the page and give the file."
            )


def _bad(url: str, problem: str) -> InvalidOption:
    return InvalidOption(
        f"{url[:200]!r} is not fetched: {problem}.", value=url, next_step="Save the page and give the file."
    )


def _refused(url: str, problem: str) -> DownloadFailed:
    return DownloadFailed(
        f"{url} could not be fetched: {problem}.", value=url, next_step="Check the address, or save the page."
    )
