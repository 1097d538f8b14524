"""Where documents come from: a file, a folder, an address, or the addresses of a site map."""

from __future__ import annotations

import gzip
import re
import sys
import time
import urllib.robotparser
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from lifenode.errors import EmptyInput, InputTooLarge, LifenodeError, UnreadableInput
from lifenode.registry.fair import SCHEMES, assess
from lifenode.registry.fetching import MAX_BYTES, fetch
from lifenode.registry.graph import read_page
from lifenode.registry.statements import Page
from lifenode.table import Column, Table

ENDINGS = frozenset({".html", ".htm", ".xhtml", ".json", ".jsonld", ".ttl", ".rdf", ".nt"})
"""Files of a folder that are read."""

PAUSE = 1.0
"""Seconds between two pages of one server."""

_LOCATION = re.compile(r"<(?:\w{1,20}:)?loc>(?:\s{0,100}<!\[CDATA\[)?([^<\]]{0,4000})[<\]]", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A document that can be read: its name, and what reads it."""

    name: str
    read: Callable[[], Page]


def is_address(place: str) -> bool:
    """Say whether a place is an address of the web, and not a file."""
    return place.lower().startswith(("http://", "https://"))


def documents(
    place: str, *, url: str | None = None, private: bool = False, limit: int = 100, pause: float = PAUSE
) -> list[Document]:
    """Return the documents of a place, in order; they are read when asked for.

    Parameters
    ----------
    place
        A file, ``-`` for standard input, a folder, an address, or a site map as a file or an address.
    url
        Address of a file; for a folder the start of the addresses of its files.
    private
        As in `lifenode.registry.fetching.fetch`.
    limit
        Most pages of a site map.
    pause
        Seconds between two requests to one server.

    Raises
    ------
    UnreadableInput
        The file or folder is missing.
    EmptyInput
        The folder or site map names nothing.
    InputTooLarge
        A file has more than 5 MiB, or a site map names more than `limit` pages.
    """
    if is_address(place):
        fetched = fetch(place, private=private)
        if _SITEMAP.search(_unpacked(fetched.content, place)[:4096]):
            return _of_sitemap(_unpacked(fetched.content, place), place, private, limit, pause)
        page = read_page(fetched.content, fetched.url, headers=fetched.headers, status=fetched.status)
        return [Document(place, lambda: page)]
    if place == "-":
        given = _limited(sys.stdin.buffer, "standard input")
        return [Document("-", lambda: read_page(given, url or "file:///input", known_url=url is not None))]
    path = Path(place)
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file())
        if not files:
            raise EmptyInput(
                f"The folder {path} holds no pages.",
                value=place,
                next_step=f"Files end in {', '.join(sorted(ENDINGS))}.",
            )
        return [_of_file(file, file.relative_to(path).as_posix(), url, folder=True) for file in files]
    content = _read(path)
    if _SITEMAP.search(_unpacked(content, place)[:4096]):
        return _of_sitemap(_unpacked(content, place), place, private, limit, pause)
    return [_of_file(path, place, url, folder=False)]


def _of_file(path: Path, name: str, url: str | None, *, folder: bool) -> Document:
    address = f"{url.rstrip('/')}/{name}" if url and folder else url
    return Document(name, lambda: read_page(_read(path), address or f"file:///{name}", known_url=address is not None))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as handle:
            return _limited(handle, str(path))
    except OSError as error:
        raise UnreadableInput(
            f"{path} cannot be read: {error.strerror or error}.", value=path, next_step="Check the path."
        ) from error


def _limited(handle: IO[bytes], name: str) -> bytes:
    content = handle.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise InputTooLarge(f"{name} is larger than {MAX_BYTES} bytes.", value=name, next_step="Give a single page.")
    return content


def _unpacked(content: bytes, place: str) -> bytes:
    if not content.startswith(b"\x1f\x8b"):
        return content
    try:
        return zlib.decompressobj(wbits=31).decompress(content, MAX_BYTES)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableInput(f"{place} is not gzip after all: {error}.", value=place) from error


def _of_sitemap(content: bytes, place: str, private: bool, limit: int, pause: float) -> list[Document]:
    # Only the addresses are wanted, so that no XML parser meets the document of a stranger.
    named = (unescape(one).strip() for one in _LOCATION.findall(content.decode("utf-8", "replace")))
    found = list(dict.fromkeys(filter(None, named)))
    if not found:
        raise EmptyInput(f"The site map {place} names no page.", value=place, next_step="Give the address of a page.")
    if len(found) > limit:
        raise InputTooLarge(
            f"The site map {place} names {len(found)} pages; at most {limit} are fetched.",
            value=len(found),
            next_step=f"Allow more with --limit {len(found)}.",
        )
    visitor = _Visitor(private, pause)
    return [Document(address, _reader(visitor, address)) for address in found]


def _reader(visitor: _Visitor, address: str) -> Callable[[], Page]:
    return lambda: visitor.visit(address)


class _Visitor:
    """Fetches pages one after the other, with a pause for each server and an eye on its robots.txt."""

    def __init__(self, private: bool, pause: float) -> None:
        self._private = private
        self._pause = pause
        self._last: dict[str, float] = {}
        self._rules: dict[str, urllib.robotparser.RobotFileParser] = {}

    def visit(self, address: str) -> Page:
        parts = urlsplit(address)
        server = f"{parts.scheme}://{parts.netloc}"
        if not self._allowed(server, address):
            raise UnreadableInput(
                f"{address} is not fetched: robots.txt of its server forbids it.",
                value=address,
                next_step="Save the page and give the file.",
            )
        self._wait(server)
        fetched = fetch(address, private=self._private)
        return read_page(fetched.content, fetched.url, headers=fetched.headers, status=fetched.status)

    def _allowed(self, server: str, address: str) -> bool:
        if server not in self._rules:
            rules = urllib.robotparser.RobotFileParser()
            self._wait(server)
            try:
                answer = fetch(f"{server}/robots.txt", private=self._private)
                rules.parse(answer.content.decode("utf-8", "replace").splitlines() if answer.status == 200 else [])
            except LifenodeError:
                rules.parse([])
            self._rules[server] = rules
        return self._rules[server].can_fetch("lifenode-fair-check", address)

    def _wait(self, server: str) -> None:
        left = self._last.get(server, 0.0) + self._pause - time.monotonic()
        if left > 0:
            time.sleep(left)
        self._last[server] = time.monotonic()


_COLUMNS = (
    Column("document", "text", "file or address"),
    Column("title", "text", "title of what it is about"),
    Column("fsf_percent", "number", "FsF points in percent of those that could be assessed"),
    Column("fsf_points", "number", "FsF points earned"),
    Column("fsf_of", "number", "FsF points that could be assessed"),
    Column("fsf_not_assessed", "number", "FsF points that could not"),
    Column("fsf_maturity", "number", "maturity, 0 to 3"),
    Column("fair_checker", "integer", "points of FAIR-Checker"),
    Column("fair_checker_of", "integer", "points of FAIR-Checker that could be assessed"),
    Column("bioschemas_nodes", "integer", "nodes a Bioschemas profile applies to"),
    Column("bioschemas_valid", "integer", "those of them that lack no required property"),
    Column("spdx", "text", "licence by its SPDX identifier"),
    Column("troubles", "integer", "parts that could not be read"),
    Column("problem", "text", "why the document could not be assessed"),
)


def assess_many(given: list[Document], *, each: Callable[[str, Table], None] | None = None) -> Table:
    """Assess many documents; one that cannot be read has a row that says why, and the others are assessed.

    Parameters
    ----------
    given
        From `documents`.
    each
        Called with the name and the assessment of every document that could be read.
    """
    rows = [row for document in given for row in _rows(document, each)]
    data = {column.name: [row.get(column.name) for row in rows] for column in _COLUMNS}
    failed = sum(bool(row["problem"]) for row in rows)
    return Table(_COLUMNS, data, {"documents": len(rows), "assessed": len(rows) - failed, "failed": failed}, len(rows))


def _rows(document: Document, each: Callable[[str, Table], None] | None) -> Iterator[Mapping[str, Any]]:
    try:
        result = assess(document.read(), SCHEMES)
    except LifenodeError as error:
        yield {"document": document.name, "problem": str(error)}
        return
    if each is not None:
        each(document.name, result)
    meta = result.meta
    fsf, nodes = meta["fsf"], meta["bioschemas"]["nodes"]
    yield {
        "document": document.name,
        "title": " ".join(meta["page"]["title"].split()),
        "fsf_percent": fsf["score_percent"].get("FAIR"),
        "fsf_points": fsf["score_earned"]["FAIR"],
        "fsf_of": fsf["score_total"]["FAIR"],
        "fsf_not_assessed": fsf["not_assessed"]["points"],
        "fsf_maturity": fsf["maturity"]["FAIR"],
        "fair_checker": meta["fair_checker"]["points"],
        "fair_checker_of": meta["fair_checker"]["of"],
        "bioschemas_nodes": len(nodes),
        "bioschemas_valid": sum(bool(node["valid"]) for node in nodes),
        "spdx": meta["page"]["spdx"],
        "troubles": len(meta["page"]["troubles"]),
        "problem": "",
    }
