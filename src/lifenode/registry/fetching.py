"""Fetch a page of a stranger: only from public addresses, only so much, only so long.

The name is resolved once, every address it has must be public, and the connection goes to the address that was
checked, so that a name that changes its mind leads nowhere. Redirects are followed by hand and checked again.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import time
import zlib
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlsplit

from lifenode.errors import InputTooLarge
from lifenode.registry.connection import connected, failed, quoted, refused_address, resolve

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
            raise failed(url, f"it redirects from https to {following[:200]}")
        address = following
    raise failed(url, f"it redirects more than {MAX_REDIRECTS} times")


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
        raise refused_address(url, "it is not an address") from None
    if any(letter <= " " or letter == "\x7f" for letter in url) or "\\" in url:
        raise refused_address(url, "it holds blanks, control characters or backslashes")
    if parts.scheme not in ("https", "http"):
        raise refused_address(url, "only https and http are fetched")
    if parts.username is not None or parts.password is not None:
        raise refused_address(url, "it holds a user name")
    if private and parts.hostname:
        return parts
    if port not in (None, 80, 443):
        raise refused_address(url, "only the ports 80 and 443 are used")
    if not _NAME.match(parts.hostname or ""):
        raise refused_address(url, "its host is not the full name of a public server")
    return parts


def _once(url: str, parts: SplitResult, deadline: float, private: bool) -> Fetched:
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(host, port)
    with contextlib.closing(connection):
        try:
            connection.sock = connected(
                resolve(url, host, port, private=private),
                port,
                host if secure else None,
                CONNECT_SECONDS,
                FIRST_BYTE_SECONDS,
            )
            connection.request("GET", quoted(target), headers=_HEADERS)
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
            raise failed(url, "it takes too long" if isinstance(error, TimeoutError) else said) from error


def _check_type(url: str, headers: dict[str, str]) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in TYPES:
        raise failed(url, f"it is {kind}, not a page or linked data")


def _body(
    url: str,
    response: http.client.HTTPResponse,
    connection: http.client.HTTPConnection,
    headers: dict[str, str],
    deadline: float,
) -> bytes:
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "gzip", ""):
        raise failed(url, f"it is packed by {packing}")
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
