"""What lies on a server below an address: files as an FTP site over HTTP lists them, folder by folder."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import unquote, urljoin, urlsplit

from lifenode.errors import DownloadFailed, InputTooLarge
from lifenode.packs.guard import Guard
from lifenode.packs.transport import Interrupted, body, opened
from lifenode.settings import settings

PAUSE = 0.2
"""Seconds between two lists that are asked for."""

_MOST_LISTS = 5_000
_MOST_DEPTH = 6
_LIST_BYTES = 8 * 1024 * 1024
_FILE = re.compile(r"\.(tsv|txt|csv|parquet|vcf)(\.b?gz)?(\.tbi|\.csi)?$", re.IGNORECASE)
_WANTED = re.compile(r"QTD\d{6}\.|dataset_metadata_[\w-]+\.tsv$")
_PASSED_OVER = re.compile(r"coverage_plots|full_susie")
_DATASET = re.compile(r"QTD\d{6}")
# Where the layout of the FTP site begins in the path of an address.
_LAYOUT = re.compile(r"r\d+(_\w+)?|sumstats|susie|QTS\d{6}|QTD\d{6}")
_SAFE = re.compile(r"\w[\w.+@=,-]*", re.ASCII)


@dataclass(frozen=True)
class RemoteFile:
    """A file on a server, and the path it is kept under, in the layout of the FTP site."""

    url: str
    path: str

    @property
    def name(self) -> str:
        """The name of the file."""
        return self.path.rpartition("/")[2]


def files_at(
    url: str, guard: Guard, datasets: tuple[str, ...] = (), told: Callable[[str], None] | None = None
) -> list[RemoteFile]:
    """Return the files of the eQTL Catalogue at an address: the file it names, or those of the folder it lists.

    Parameters
    ----------
    url
        ``http`` or ``https``.
    guard
        Where connections may lead.
    datasets
        Of a folder, take the files of these data sets only, and tables of data sets.
    told
        Called with the address of each folder before it is asked for.

    Raises
    ------
    DownloadFailed
        The server refuses, or does not answer.
    FetchRefused, FetchFailed
        The guard does not let it pass.
    InputTooLarge
        There is no end of folders.
    """
    start = url.split("#")[0].split("?")[0]
    if _FILE.search(start) and not start.endswith("/"):
        path = path_of(start)
        return [] if path is None else [RemoteFile(start, path)]
    found = []
    for address in _below(start if start.endswith("/") else f"{start}/", guard, datasets, told or (lambda _: None)):
        name = unquote(address.rpartition("/")[2])
        path = path_of(address)
        if path is not None and _FILE.search(name) and _WANTED.search(name) and _chosen(name, datasets):
            found.append(RemoteFile(address, path))
    return sorted(found, key=lambda file: file.path)


def path_of(url: str) -> str | None:
    """Return the path of an address below the root of the FTP site; None if it has a part that no file should have."""
    parts = [unquote(part) for part in urlsplit(url).path.split("/") if part]
    if not parts or any(_SAFE.fullmatch(part) is None or part.endswith(".part") for part in parts):
        return None
    begin = next((at for at, part in enumerate(parts[:-1]) if _LAYOUT.fullmatch(part)), len(parts) - 1)
    return "/".join(parts[begin:])


def _chosen(name: str, datasets: tuple[str, ...]) -> bool:
    own = _DATASET.search(name)
    return not datasets or own is None or own[0] in datasets


def _below(start: str, guard: Guard, datasets: tuple[str, ...], told: Callable[[str], None]) -> Iterator[str]:
    """Iterate over the addresses of files below a folder; only links that lead down are followed."""
    waiting = [(start, 0)]
    asked = 0
    while waiting:
        folder, depth = waiting.pop()
        asked += 1
        if asked > _MOST_LISTS or depth > _MOST_DEPTH:
            raise InputTooLarge(
                f"{start} has more folders than are followed.", value=start, next_step="Name one of its folders."
            )
        if asked > 1:
            time.sleep(PAUSE)
        told(folder)
        for address in _links(folder, guard):
            name = unquote(address.rstrip("/").rpartition("/")[2])
            if not address.endswith("/"):
                yield address
            elif not _PASSED_OVER.search(name) and _chosen(name, datasets):
                waiting.append((address, depth + 1))


def _links(folder: str, guard: Guard) -> list[str]:
    """Return the addresses that a list of a folder names right below it."""
    text = _text(folder, guard)
    parser = _Links()
    parser.feed(text)
    found = []
    for link in parser.found:
        address = urljoin(folder, link)
        rest = address.removeprefix(folder)
        if rest != address and re.fullmatch(r"[^/?#]+/?", rest) and unquote(rest.rstrip("/")) not in (".", ".."):
            found.append(address)
    return list(dict.fromkeys(found))


def _text(folder: str, guard: Guard) -> str:
    retries = settings().download_retries
    for attempt in range(retries + 1):
        try:
            return _read(folder, guard)
        except Interrupted as broken:
            if attempt == retries:
                raise DownloadFailed(
                    f"{folder} could not be fetched: {broken}, {attempt + 1} times.",
                    value=folder,
                    next_step="Try again later; what was fetched before is kept.",
                ) from broken
            time.sleep(max(broken.wait, PAUSE * 2**attempt))
    raise AssertionError


def _read(folder: str, guard: Guard) -> str:
    with opened(folder, guard=guard) as (answer, headers, _):
        if headers.get_content_type() not in ("text/html", "application/xhtml+xml"):
            raise DownloadFailed(
                f"{folder} is no list of files, but {headers.get_content_type()}.", value=folder,
                next_step="Name a folder of the FTP site, or a file that ends in .tsv.gz, .txt.gz or .parquet.",
            )  # fmt: skip
        parts: list[bytes] = []
        for block in body(answer):
            parts.append(block)
            if sum(map(len, parts)) > _LIST_BYTES:
                raise InputTooLarge(f"{folder} lists more than is read.", value=folder)
    return b"".join(parts).decode("utf-8", errors="replace")


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where a link leads."""
        if tag == "a":
            self.found += [value.strip() for name, value in attrs if name == "href" and value]
