"""One request of a download, over http, https or from a file; faults sorted into passing ones and final ones."""

from __future__ import annotations

import contextlib
import http.client
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path
from typing import IO, NoReturn

from lifenode.errors import DownloadFailed, LifenodeError
from lifenode.packs.guard import Guard
from lifenode.settings import settings

SCHEMES = ("http", "https", "file")
LONGEST_WAIT = 30.0
"""Longest pause between two tries, in seconds, whatever a server asks for."""

_BLOCK = 1 << 18
# Answers that a second try may better: timeouts, too many requests, and what proxies say when a server restarts.
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class Interrupted(Exception):
    """The transfer broke in a way that another try may better."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


@contextlib.contextmanager
def opened(
    url: str, start: int = 0, validator: str = "", *, guard: Guard | None = None, method: str = "GET"
) -> Iterator[tuple[IO[bytes], Message, int]]:
    """Open the address and give body, headers and status: 200, 206 or 416.

    Parameters
    ----------
    url
        An address of one of the `SCHEMES`.
    start
        First byte wanted.
    validator
        ETag or date of the file the bytes before `start` are of; a server whose file is another one sends it whole.
    guard
        Where connections may lead; by default anywhere.
    method
        ``GET``, or ``HEAD`` for the headers alone.

    Raises
    ------
    Interrupted
        What another try may better.
    DownloadFailed
        What it will not.
    FetchRefused, FetchFailed
        The guard does not let it pass.
    """
    if guard is not None:
        guard.check(url)
    elif url.partition(":")[0].casefold() == "file":
        with _local(url) as handle:
            yield handle, Message(), 200
        return
    try:
        answer = _request(url, start, validator, guard, method)
    except urllib.error.HTTPError as error:
        with error:
            if error.code == 416 and start:
                yield error, error.headers, 416
                return
            _refused(url, error)
    except LifenodeError:
        raise
    except (http.client.InvalidURL, ValueError) as error:
        raise DownloadFailed(f"{url} is not an address: {error}.", value=url, next_step="Check it.") from error
    except (OSError, http.client.HTTPException) as error:
        raise Interrupted(_reason(error)) from error
    else:
        with answer:
            yield answer, answer.headers, answer.status


def _refused(url: str, error: urllib.error.HTTPError) -> NoReturn:
    said = f"the server answered {error.code} {error.reason}"
    if error.code in _PASSING:
        after = error.headers.get("Retry-After", "")
        raise Interrupted(said, min(float(after), LONGEST_WAIT) if after.isdigit() else 0.0) from error
    raise DownloadFailed(
        f"{url} could not be fetched: {said}.", value=url, next_step="Check the address; the file may have moved."
    ) from error


def _request(url: str, start: int, validator: str, guard: Guard | None, method: str) -> http.client.HTTPResponse:
    # The file must come as it lies there: its checksum is that of the packed bytes.
    headers = {"User-Agent": "lifenode", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, headers=headers, method=method)  # noqa: S310 - scheme checked
    if start:
        request.add_header("Range", f"bytes={start}-")
    if start and validator:
        request.add_header("If-Range", validator)
    opener = urllib.request.OpenerDirector()
    # A proxy would connect in our place, where no guard sees it.
    free = (urllib.request.ProxyHandler(), urllib.request.HTTPHandler(), urllib.request.HTTPSHandler())
    for handler in (
        *(free if guard is None else guard.handlers()),
        SafeRedirects(),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    answer: http.client.HTTPResponse = opener.open(request, timeout=settings().download_timeout)
    return answer


class SafeRedirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, though only to http and https, and never from https to http."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the request to follow with, or refuse."""
        scheme = urllib.parse.urlsplit(newurl).scheme
        if scheme != "https" and (req.type == "https" or scheme != "http"):
            fp.close()
            raise DownloadFailed(
                f"{req.full_url} redirects to {newurl}, which is not safe to follow.",
                value=newurl,
                next_step="Fetch the file by hand if you trust that address.",
            )
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@contextlib.contextmanager
def _local(url: str) -> Iterator[IO[bytes]]:
    try:
        path = Path(urllib.request.url2pathname(urllib.parse.urlsplit(url).path))
        handle = path.open("rb")
    except (OSError, ValueError) as error:
        said = getattr(error, "strerror", None) or error
        raise DownloadFailed(f"{url} could not be fetched: {said}.", value=url, next_step="Check the path.") from error
    with handle:
        yield handle


def body(answer: IO[bytes]) -> Iterator[bytes]:
    """Yield the body in blocks; a fault of the connection becomes `Interrupted`."""
    while True:
        try:
            block = answer.read(_BLOCK)
        except (OSError, http.client.HTTPException) as error:
            raise Interrupted(_reason(error)) from error
        if not block:
            return
        yield block


def validator_of(headers: Message) -> str:
    """Return what tells this state of the file from others, "" for nothing.

    A strong ETag, else the date; a weak ETag promises nothing about bytes (RFC 9110, section 13.1.5).
    """
    tag: str = headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return tag
    date: str = headers.get("Last-Modified", "")
    return date


def begins_at(headers: Message, start: int) -> bool:
    """Return whether a partial answer begins at byte `start`."""
    found = re.match(r"bytes (\d+)-", headers.get("Content-Range", ""))
    return found is not None and int(found[1]) == start


def total_of(headers: Message) -> int | None:
    """Return the size of the file as told by an answer that nothing lies in the range asked for."""
    found = re.fullmatch(r"bytes \*/(\d+)", headers.get("Content-Range", ""))
    return int(found[1]) if found else None


def _reason(error: BaseException) -> str:
    cause = getattr(error, "reason", None)
    text = str(cause if isinstance(cause, BaseException) else error)
    return text.rstrip(".") or type(error).__name__
