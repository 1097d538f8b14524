"""Tools to annotate, read from files: bio.tools JSON, EDAMmap's query tables, lines of JSON, a README or a web page."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import PurePath
from typing import Any

from lifenode.edam.biotools import parse_records, submission_of
from lifenode.edam.submission import Submission
from lifenode.errors import EmptyInput, FormatError

KINDS = ("biotools", "table", "jsonl", "text", "html")
_COLUMNS = frozenset({
    "id", "name", "keywords", "description", "webpageurls", "docurls", "publicationids", "annotations", "title",
    "abstract", "publication", "publications",
})  # fmt: skip
_TERMS = {
    "domain": ",", "domains": ",", "biological domain": ",", "method": ",", "methods": ",",
    "bioinformatics method": ",", "biocviews": ",", "keywords": "|",
}  # fmt: skip
"""Columns that hold keywords, with what parts them: EDAMmap's own, SEQwiki's and Bioconductor's."""
_DESCRIPTIONS = ("description", "summary", "short description", "biological description")
_NAMES = ("name", "package", "tool", "title")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LONGEST_CELL = 100_000
_READ = 90_000
_HIDDEN = frozenset({"script", "style", "nav", "footer", "template", "noscript", "svg"})
_MARKS = re.compile(r"```.*?```|~~~.*?~~~|!\[[^\]]*\]\([^)]*\)|<!--.*?-->|<[^>]{1,300}>", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def read_submissions(text: str, origin: str, kind: str | None = None) -> Iterator[Submission]:
    """Yield the tools in a text.

    Parameters
    ----------
    text
        The text.
    origin
        What it is called in messages; its ending may tell its kind.
    kind
        One of `KINDS`; by default told from the ending or the text. A table (CSV or TSV) has a heading with ``name``
        and any of EDAMmap's columns; several values in a cell are separated by ``|``, and lines that begin with ``#``
        are left out. Tables of SEQwiki (summary, domains, methods, separated by commas) and of Bioconductor (package,
        title, biocViews) are read as well.

    Raises
    ------
    EmptyInput
        There is no tool.
    FormatError
        The text is not of its kind, with the line.
    """
    if not text.strip():
        raise EmptyInput(f"{origin} is empty.", value=origin, next_step="Give the texts of a tool.")
    kind = kind or kind_of(text, origin)
    if kind == "biotools":
        yield from map(submission_of, parse_records(text, origin))
    elif kind == "jsonl":
        yield from _lines(text, origin)
    elif kind == "table":
        yield from _table(text, origin)
    else:
        title, body = _page(text) if kind == "html" else _readme(text)
        yield Submission(title or PurePath(origin).stem, body[:_READ])


def kind_of(text: str, origin: str) -> str:
    """Return the kind of a text, by the ending of its name or by what it begins with."""
    ending = PurePath(origin).suffix.lower()
    known = {
        ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "biotools", ".csv": "table", ".tsv": "table", ".html": "html",
        ".htm": "html", ".md": "text", ".rst": "text", ".txt": "text",
    }  # fmt: skip
    if ending in known:
        return known[ending]
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in "{[":
        first, _, rest = start.partition("\n")
        return "jsonl" if first.rstrip().endswith("}") and rest.lstrip().startswith("{") else "biotools"
    if start[:200].lower().startswith(("<!doctype html", "<html")):
        return "html"
    heading = next((line for line in start.splitlines() if not line.startswith("#")), "")
    cells = {cell.strip().strip('"').lower() for cell in re.split(r"[\t,]", heading)}
    return "table" if "name" in cells and cells <= _COLUMNS else "text"


def _lines(text: str, origin: str) -> Iterator[Submission]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise FormatError.at(origin, number, "it is not JSON", value=line[:40]) from error
        if not isinstance(found, dict) or not isinstance(found.get("name", ""), str):
            raise FormatError.at(origin, number, "it is no object with a name", value=line[:40])
        yield _of_object(found)


def _of_object(found: Mapping[str, Any]) -> Submission:
    base = submission_of(found)
    keywords = found.get("keywords") or ()
    publications = found.get("publications")
    listed = [publications] if isinstance(publications, str) else publications
    return Submission(
        base.name,
        base.description,
        [str(word) for word in keywords] if isinstance(keywords, list) else str(keywords or "").split("|"),
        [one for one in listed if isinstance(one, str | dict)] if isinstance(listed, list) else base.publications,
        base.id,
        base.record if "homepage" in base.record else {},
    )


def _table(text: str, origin: str) -> Iterator[Submission]:
    kept = [line for line in text.removeprefix("\ufeff").splitlines(keepends=True) if not line.startswith("#")]
    heading = next((line for line in kept if line.strip()), "")
    rows = csv.reader(io.StringIO("".join(kept)), delimiter="\t" if "\t" in heading else ",")
    try:
        names = [cell.strip().lower() for cell in next(rows, [])]
    except csv.Error as error:
        raise FormatError.at(origin, rows.line_num, str(error)) from error
    if not set(names) & set(_NAMES[:3]):
        raise FormatError(
            f"{origin}: the heading has no column name.", value=", ".join(names)[:80],
            next_step="EDAMmap's columns are id, name, keywords, description, webpageUrls, docUrls, publicationIds.",
        )  # fmt: skip
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield _of_cells(dict(zip(names, cells, strict=False)), origin, rows.line_num)
    except csv.Error as error:
        raise FormatError.at(origin, rows.line_num, str(error)) from error


def _of_cells(row: Mapping[str, str], origin: str, line: int) -> Submission:
    for name, cell in row.items():
        if len(cell) > _LONGEST_CELL:
            raise FormatError.at(origin, line, f"{name} is longer than {_LONGEST_CELL:,} characters")
    name = next((row[known] for known in _NAMES if row.get(known, "").strip()), "").strip()
    # Bioconductor has the package for a name and says in its title what it does; elsewhere a title is a publication's.
    package = "package" in row
    about = [row[known].strip() for known in _DESCRIPTIONS if row.get(known, "").strip()]
    about = [row.get("title", "").strip(), *about] if package else about
    publication = {part: "" if package else row.get(part, "") for part in ("title", "abstract")}
    texts = [
        text for known in ("publication", "publications") for text in row.get(known, "").split("|") if text.strip()
    ]
    return Submission(
        name,
        ". ".join(text.rstrip(".") for text in about) if len(about) > 1 else "".join(about),
        _keywords(row),
        [*([publication] if any(publication.values()) else []), *texts],
        row.get("id", "").strip(),
    )


def _keywords(row: Mapping[str, str]) -> list[str]:
    found = []
    for column, between in _TERMS.items():
        words = [word.strip() for word in row.get(column, "").split(between) if word.strip()]
        found += [_CAMEL.sub(" ", word) for word in words] if column == "biocviews" else words
    return found


def _readme(text: str) -> tuple[str, str]:
    """Return the first heading of a README, and its text without code, pictures and addresses."""
    plain = _LINK.sub(r"\1", _MARKS.sub(" ", text.removeprefix("\ufeff")))
    lines = [line.strip().strip("#=*-_` ").strip() for line in plain.splitlines()]
    said = [line for line in lines if line]
    return (said[0][:100] if said else ""), "\n".join(said[1:]) or "\n".join(said)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.title = ""
        self.texts: list[str] = []
        self._hidden = 0
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self._in_title = tag == "title"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(self._hidden - (tag in _HIDDEN), 0)
        self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._hidden and data.strip():
            self.texts.append(" ".join(data.split()))


def _page(text: str) -> tuple[str, str]:
    words = _Words()
    # The parser of the standard library gives up, with an AssertionError, on marked sections it does not know.
    words.feed(text.replace("<![", "&lt;!["))
    words.close()
    return " ".join(words.title.split())[:100], "\n".join(words.texts)
