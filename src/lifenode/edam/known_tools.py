"""Tools with the terms that curators gave them, read from records of bio.tools and from tables."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifenode.edam.concept import BRANCHES, id_of
from lifenode.edam.ontology import Ontology
from lifenode.errors import BadTable, EmptyInput, FormatError
from lifenode.genes.byte_input import read_file

_BETWEEN = "|"
_MOST_PUBLICATIONS = 3


@dataclass(frozen=True)
class KnownTool:
    """A tool: name, description, texts of publications, live terms by branch, and what is no term of EDAM."""

    name: str
    description: str
    publications: tuple[str, ...]
    terms: dict[str, frozenset[str]]
    unknown: tuple[str, ...] = ()


def read_known_tools(path: str | Path) -> list[KnownTool]:
    """Read tools with their terms.

    Parameters
    ----------
    path
        JSON or JSON lines of bio.tools records (one, a list, or what the registry answers), or a CSV or TSV table with
        the columns ``name``, ``description`` and any of ``annotations``, ``topic``, ``operation``, ``data`` and
        ``format``, in which ``|`` parts terms. The file may be gzipped.

    Returns
    -------
    list of KnownTool
        Obsolete terms replaced where EDAM names one replacement, else left out; roots are left out.

    Raises
    ------
    UnreadableInput, InputTooLarge
        The file cannot be read.
    FormatError, BadTable
        It is none of these.
    EmptyInput
        It has no tool.
    """
    place = Path(path)
    text = read_file(place)
    rows = list(_records(text, place.name) if text.lstrip()[:1] in ("{", "[") else _lines(text, place.name))
    if not rows:
        raise EmptyInput(f"{place.name} has no tool.", value=place.name)
    ontology = Ontology.load()
    return [_tool(row, ontology) for row in rows]


def _records(text: str, origin: str) -> Iterator[dict[str, Any]]:
    try:
        whole = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        whole = [_parsed(line, at, origin) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
    listed = whole.get("list", [whole]) if isinstance(whole, dict) else whole
    for at, row in enumerate(listed if isinstance(listed, list) else [listed], 1):
        if not isinstance(row, dict) or not isinstance(row.get("name"), str):
            raise FormatError(f"{origin}: record {at} is no tool with a name.", value=str(row)[:60])
        yield row


def _parsed(line: str, at: int, origin: str) -> Any:
    try:
        return json.loads(line)
    except (json.JSONDecodeError, RecursionError) as problem:
        raise FormatError(f"{origin}, line {at}: not JSON.", value=line[:60]) from problem


def _lines(text: str, origin: str) -> Iterator[dict[str, Any]]:
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter="\t" if "\t" in first else ",")
    try:
        rows = list(reader)
    except csv.Error as problem:
        raise BadTable(f"{origin}: {problem}.", value=origin) from problem
    if "name" not in (reader.fieldnames or ()):
        raise BadTable(
            f"{origin} has no column name.",
            value=first[:60],
            next_step="Head the columns name, description, topic, ...",
        )
    return iter(rows)


def _tool(row: dict[str, Any], ontology: Ontology) -> KnownTool:
    found: dict[str, set[str]] = {branch: set() for branch in BRANCHES}
    unknown = []
    for written in _written(row):
        term = id_of(written)
        if term is None or term not in ontology:
            unknown.append(written)
            continue
        concept = ontology.term(term)
        if concept.obsolete:
            replaced, considered = ontology.replacements(term)
            one = replaced or considered
            live = one if len(one) == 1 else ()
        else:
            live = (concept,)
        for own in live:
            if own.parents:
                found[own.branch].add(own.id)
    return KnownTool(
        name=row["name"],
        description=str(row.get("description") or ""),
        publications=tuple(_published(row)),
        terms={branch: frozenset(terms) for branch, terms in found.items() if terms},
        unknown=tuple(unknown),
    )


def _published(row: dict[str, Any]) -> Iterator[str]:
    for one in _dicts(row.get("publication"))[:_MOST_PUBLICATIONS]:
        texts = [one[part] for part in ("title", "abstract") if isinstance(one.get(part), str)]
        if texts:
            yield " ".join(texts)


def _written(row: dict[str, Any]) -> Iterator[str]:
    """Return the terms of a record or of a line as they are written."""
    for name in ("annotations", *BRANCHES):
        yield from _ids(row.get(name))
    for function in _dicts(row.get("function")):
        yield from _ids(function.get("operation"))
        for side in ("input", "output"):
            for part in _dicts(function.get(side)):
                yield from _ids(part.get("data"))
                yield from _ids(part.get("format"))


def _ids(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part.strip() for part in value.split(_BETWEEN) if part.strip())
    elif isinstance(value, dict):
        yield from _ids(value.get("uri"))
    elif isinstance(value, list):
        for one in value:
            yield from _ids(one)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, Iterable) else []
