"""Ask one address whether it answers, and say what the answer means for uptime.

An answer counts as up if it is 2xx, 3xx or 4xx, except 404 and 410: those say that the address has moved or is gone,
so it is down and its address is to be reviewed. A page that asks the visitor to prove to be human is ``challenged``:
the server answers, but what lies behind was not seen.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import ssl
import time
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from lifenode.errors import LifenodeError
from lifenode.registry.connection import connected, quoted, resolve
from lifenode.registry.fetching import check_address

OUTCOMES = ("up", "challenged", "down")

_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": "lifenode-uptime/0.1",
    "Accept": "text/html, */*;q=0.5",
    "Accept-Encoding": "identity",
    "Connection": "close",
}
_CHALLENGE = re.compile(
    rb"<title>\s*just a moment|cf-chl-|/cdn-cgi/challenge-platform/h/|checking your browser before|"
    rb"id=[\"']anubis_|making sure you(?:&#39;|')re not a bot|ddos-guard|_incapsula_resource|awswafcookiedomainlist",
    re.IGNORECASE,
)
_CHALLENGE_HEADERS = {"cf-mitigated": "challenge", "x-amzn-waf-action": "challenge"}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one check may take.

    Attributes
    ----------
    connect, read
        Seconds to connect, and for the whole answer.
    size
        Bytes of the body that are read.
    redirects
        Most redirects that are followed.
    retry
        Seconds after which a failure is checked once more; only two failures make ``down``.
    private
        Also ask addresses of one's own network and machine.
    """

    connect: float = 10.0
    read: float = 20.0
    size: int = 64 * 1024
    redirects: int = 5
    retry: float = 30.0
    private: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What one check found.

    Attributes
    ----------
    outcome
        ``up``, ``challenged`` or ``down``.
    status
        HTTP status in the end; 0 where none came.
    milliseconds
        From the first connection to the end of what was read.
    reason
        Why it is not simply up; "" where it is.
    review
        Whether the address itself needs a look: 404 or 410, or one that may not be asked.
    attempts
        How often it was asked.
    """

    outcome: str
    status: int
    milliseconds: int
    reason: str = ""
    review: bool = False
    attempts: int = 1


def probe(url: str, limits: Limits) -> Answer:
    """Check an address once, without the second attempt.

    Redirects are followed; one to a place that may not be asked (not public, or back from https to http) counts as
    the answer it is: the server works.
    """
    begun = time.monotonic()
    deadline = begun + limits.connect + limits.read
    address = url
    try:
        check_address(url, private=limits.private)
    except LifenodeError as error:
        return Answer("down", 0, 0, error.detail, review=True)
    for _ in range(limits.redirects + 1):
        try:
            status, headers, body, warning = _ask(address, limits, deadline)
        except (OSError, http.client.HTTPException, LifenodeError) as error:
            return Answer("down", 0, _since(begun), _why(error))
        target = headers.get("location", "")
        following = urljoin(address, target)
        if status not in _REDIRECTS or not target or not _may_follow(address, following, limits):
            found = judge(status, headers, body)
            return replace(found, milliseconds=_since(begun), reason=found.reason or warning)
        address = following
    return Answer("down", status, _since(begun), f"it redirects more than {limits.redirects} times")


def judge(status: int, headers: dict[str, str], body: bytes) -> Answer:
    """Say what an answer means.

    Parameters
    ----------
    status
        HTTP status.
    headers
        By lower-case name.
    body
        Its beginning.
    """
    challenged = any(headers.get(name, "").lower() == value for name, value in _CHALLENGE_HEADERS.items())
    if challenged or _CHALLENGE.search(body):
        return Answer("challenged", status, 0, "it asks the visitor to prove to be human")
    if status in (404, 410):
        return Answer("down", status, 0, f"status {status}: the address has moved or is gone", review=True)
    if 200 <= status < 500:
        return Answer("up", status, 0, "" if status < 400 else f"status {status}: it answers, but not to everybody")
    return Answer("down", status, 0, f"status {status}")


def _ask(url: str, limits: Limits, deadline: float) -> tuple[int, dict[str, str], bytes, str]:
    """Return status, headers, beginning of the body, and a warning of a certificate whose chain is incomplete."""
    try:
        return (*_exchange(url, limits, deadline, verify=True), "")
    except ssl.SSLCertVerificationError as error:
        # 20: the issuer's certificate was not sent. Browsers fetch it themselves, so for visitors the page is up.
        if error.verify_code != 20:
            raise
        return (*_exchange(url, limits, deadline, verify=False), "its certificate chain is incomplete")


def _exchange(url: str, limits: Limits, deadline: float, *, verify: bool) -> tuple[int, dict[str, str], bytes]:
    parts = check_address(url, private=limits.private)
    secure = parts.scheme == "https"
    host, port = parts.hostname or "", parts.port or (443 if secure else 80)
    places = resolve(url, host, port, private=limits.private)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(host, port)
    with contextlib.closing(connection):
        left = max(deadline - time.monotonic(), 0.001)
        connection.sock = connected(
            places, port, host if secure else None, min(limits.connect, left), limits.read, verify=verify
        )
        connection.request("GET", quoted(target), headers=_HEADERS)
        response = connection.getresponse()
        headers = {name.lower(): value for name, value in response.getheaders()}
        return response.status, headers, _beginning(connection, response, limits.size, deadline)


def _beginning(
    connection: http.client.HTTPConnection, response: http.client.HTTPResponse, size: int, deadline: float
) -> bytes:
    content = b""
    while len(content) < size:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        if connection.sock is not None:
            connection.sock.settimeout(left)
        block = response.read1(size - len(content))
        if not block:
            break
        content += block
    return content


def _may_follow(address: str, following: str, limits: Limits) -> bool:
    if address.startswith("https:") and not following.startswith("https:"):
        return False
    try:
        check_address(following, private=limits.private)
    except LifenodeError:
        return False
    return True


def _why(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "it does not answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not valid: {error.verify_message}"
    if isinstance(error, LifenodeError):
        return error.detail
    return str(error) or type(error).__name__


def _since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
