"""Where terms of EDAM stand in files of each kind, so that they can be changed and nothing else is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree

from lifenode.edam.concept import id_of
from lifenode.errors import FormatError

KINDS = ("csv", "json", "xml", "cwl")

_ID = re.compile(r"(topic|operation|data|format)[_:]\d{4}", re.IGNORECASE)
_ENDINGS = {"csv": "csv", "tsv": "csv", "tab": "csv", "json": "json", "xml": "xml", "cwl": "cwl", "yml": "cwl",
            "yaml": "cwl"}  # fmt: skip
_CELL = '"(?:[^"]|"")*"|[^{0}"\\r\\n][^{0}\\r\\n]*'
_PIECE = re.compile(r"[^|;,\s]+")
_JSON = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')
_XML = re.compile(
    r"<!--.*?-->|<!\[CDATA\[.*?\]\]>"
    r"|<(edam_operation|edam_topic|edam_data|edam_format)\b[^<>]*>(?P<text>[^<]*)</\1\s*>"
    r"|\bedam_(?:operation|topic|data|format)\s*=\s*(?:\"(?P<double>[^\"<]*)\"|'(?P<single>[^'<]*)')",
    re.DOTALL,
)
_CWL = re.compile(
    r"(?:https?://(?:www\.)?edamontology\.org/|\bedam:)(?P<id>(?:topic|operation|data|format)_\d{4})(?!\w)|(?:^|(?<=\s))#[^\r\n]*",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text.

    Attributes
    ----------
    id
        Its id.
    start, end
        Where the id stands, 0-based, end excluded.
    name
        Where the name beside it stands and what it is, for a term written as uri and name.
    """

    id: str
    start: int
    end: int
    name: tuple[int, int, str] | None = None


def kind_of(name: str, text: str) -> str:
    """Return what a file is, by its name's ending or else by how it begins."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    kind = _ENDINGS.get(name.rpartition(".")[2].lower() if "." in name else "")
    if kind == "cwl" and start == "{":
        return "json"
    return kind or {"{": "json", "[": "json", "<": "xml"}.get(start, "csv")


def find_terms(text: str, kind: str, origin: str) -> list[Found]:
    """Return the terms of a text in order.

    Parameters
    ----------
    text
        The whole file.
    kind
        One of `KINDS`.
    origin
        Its name, for messages.

    Raises
    ------
    FormatError
        It is not well-formed JSON or XML.
    """
    finders = {"csv": _in_csv, "json": _in_json, "xml": _in_xml, "cwl": _in_cwl}
    return sorted(finders[kind](text, origin), key=lambda found: found.start)


def _in_csv(text: str, origin: str) -> Iterator[Found]:
    """Take cells that hold terms and nothing else, one or several between bars, semicolons, commas or blanks."""
    header = text.partition("\n")[0]
    mark = max("\t,;", key=header.count)
    for cell in re.finditer(_CELL.replace("{0}", mark), text):
        inner = cell[0].strip('"')
        first = cell.start() + (1 if cell[0].startswith('"') else 0)
        pieces = list(_PIECE.finditer(inner))
        if pieces and all(id_of(piece[0]) for piece in pieces):
            for piece in pieces:
                yield _located(piece[0], first + piece.start())


def _in_json(text: str, origin: str) -> Iterator[Found]:
    """Take strings that are a term as a whole, with the `term` beside a `uri` as its name."""
    try:
        json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        raise FormatError.at(origin, error.lineno, f"it is not JSON ({error.msg})", value=origin) from error
    except RecursionError as error:
        raise FormatError.at(origin, 1, "its JSON is nested too deeply", value=origin) from error
    frames: list[dict[str, re.Match[str]]] = []
    key = ""
    marks = list(_JSON.finditer(text))
    for at, mark in enumerate(marks):
        if mark[0] == "{":
            frames.append({})
        elif mark[0] == "}":
            yield from _terms_of(frames.pop())
        elif mark[0] == "[":
            frames.append({})
        elif mark[0] == "]":
            yield from _terms_of(frames.pop())
        elif mark[0].startswith('"'):
            if at + 1 < len(marks) and marks[at + 1][0] == ":":
                key = mark[0][1:-1]
            elif frames:
                # In a list there is no key: the place keeps its strings apart.
                named = marks[at - 1][0] == ":"
                frames[-1][key if named else str(mark.start())] = mark


def _terms_of(strings: dict[str, re.Match[str]]) -> Iterator[Found]:
    for key, mark in strings.items():
        if id_of(json.loads(mark[0])) is None:
            continue
        beside = strings.get("term") if key == "uri" else None
        found = _located(mark[0], mark.start())
        name = (beside.start(), beside.end(), str(json.loads(beside[0]))) if beside is not None else None
        yield Found(found.id, found.start, found.end, name)


def _in_xml(text: str, origin: str) -> Iterator[Found]:
    """Take elements and attributes called `edam_...`, as in tools, macros and data types of Galaxy."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise FormatError(
            f"{origin} declares a document type, which is not read.", value=origin, next_step="Remove the declaration."
        )
    try:
        ElementTree.fromstring(text.removeprefix("\ufeff").encode())  # noqa: S314 - entities were refused above
    except ElementTree.ParseError as error:
        raise FormatError.at(origin, error.position[0], "it is not well-formed XML", value=str(error)) from error
    for mark in _XML.finditer(text):
        for group in ("text", "double", "single"):
            for piece in _PIECE.finditer(mark[group] or ""):
                if id_of(piece[0]):
                    yield _located(piece[0], mark.start(group) + piece.start())


def _in_cwl(text: str, origin: str) -> Iterator[Found]:
    """Take addresses and ``edam:`` names outside comments."""
    for mark in _CWL.finditer(text):
        if mark["id"]:
            yield _located(mark["id"], mark.start("id"))


def _located(text: str, start: int) -> Found:
    """Locate the id that ends a term's address; `text` holds one and begins at `start`."""
    *_, found = _ID.finditer(text)
    return Found(found[0].lower().replace(":", "_"), start + found.start(), start + found.end())
