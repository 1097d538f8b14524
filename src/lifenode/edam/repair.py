"""Replace obsolete terms of EDAM in files, and say what became of each."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lifenode.edam.concept import Concept
from lifenode.edam.ontology import Ontology
from lifenode.edam.repair_find import KINDS, Found, find_terms, kind_of
from lifenode.errors import InputTooLarge, InvalidOption, UnreadableInput
from lifenode.settings import settings
from lifenode.table import Column, Table

COLUMNS = (
    Column("line", "integer", "line the term stands on, from 1"),
    Column("term_id", "text", "the term as it was"),
    Column("label", "text", "its name"),
    Column("status", "text", "replaced, consider (a choice is needed) or unknown (not in this release)"),
    Column("replacement", "text", "the term that stands there now"),
    Column("replacement_label", "text", "its name"),
    Column("candidates", "list", "for a term to consider: the live terms EDAM suggests"),
)


@dataclass(frozen=True)
class Repair:
    """A text with its obsolete terms replaced.

    Attributes
    ----------
    text
        The new text; apart from the terms and the names beside them it is what was given.
    table
        A row for each term that is obsolete or unknown (see `COLUMNS`); ``meta`` counts the others.
    changed
        Whether anything was replaced.
    """

    text: str
    table: Table

    @property
    def changed(self) -> bool:
        """Whether anything was replaced."""
        return "replaced" in self.table["status"].tolist()


def repair(
    path: str | Path, *, ontology: Ontology | None = None, kind: str | None = None, accept_single: bool = False
) -> Repair:
    """Replace obsolete terms in a file; the file itself is left as it is.

    Parameters
    ----------
    path
        A table (CSV, TSV), a bio.tools record or other JSON, Galaxy XML, or CWL.
    ontology
        The release to bring the file to; the newest by default.
    kind
        ``csv``, ``json``, ``xml`` or ``cwl``; by default told from the file's ending or its content.
    accept_single
        Replace a term also where EDAM only suggests what to consider, if it suggests one live term.

    Returns
    -------
    Repair
        The new text and the report.

    Raises
    ------
    UnreadableInput
        The file is missing or is no text.
    InputTooLarge
        It is larger than the setting ``max_input_bytes``.
    FormatError
        It is not well-formed JSON or XML.
    InvalidOption
        There is no such kind.
    """
    return repair_text(_read(Path(path)), str(path), ontology=ontology, kind=kind, accept_single=accept_single)


def repair_text(
    text: str, origin: str = "text", *, ontology: Ontology | None = None, kind: str | None = None,
    accept_single: bool = False,
) -> Repair:  # fmt: skip
    """Replace obsolete terms in a text; see `repair`. `origin` names it, and its ending may tell its kind."""
    if kind is not None and kind not in KINDS:
        raise InvalidOption(f'There is no kind "{kind}".', value=kind, next_step=f"Kinds: {', '.join(KINDS)}.")
    edam = Ontology.load() if ontology is None else ontology
    kind = kind or kind_of(origin, text)
    edits: list[tuple[int, int, str]] = []
    rows: list[tuple[Any, ...]] = []
    counts: Counter[str] = Counter()
    line, seen = 1, 0
    for found in find_terms(text, kind, origin):
        line, seen = line + text.count("\n", seen, found.start), found.start
        status, instead, candidates = _verdict(edam, found.id, accept_single)
        counts[status] += 1
        if status == "live":
            continue
        label = edam.term(found.id).label if found.id in edam else ""
        rows.append((
            line, found.id, label, status, instead.id if instead else "", instead.label if instead else "", candidates,
        ))  # fmt: skip
        if instead is not None:
            edits += _edits(found, instead)
    meta = {"file": origin, "kind": kind, "edam": edam.release, "terms": sum(counts.values())}
    meta |= {status: counts[status] for status in ("live", "replaced", "consider", "unknown")}
    data = {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}
    return Repair(_edited(text, edits), Table(COLUMNS, data, meta, len(rows)))


def _verdict(edam: Ontology, term: str, accept_single: bool) -> tuple[str, Concept | None, list[str]]:
    if term not in edam:
        return "unknown", None, []
    if not edam.term(term).obsolete:
        return "live", None, []
    replaced, considered = edam.replacements(term)
    if len(replaced) == 1:
        return "replaced", replaced[0], []
    if accept_single and not replaced and len(considered) == 1:
        return "replaced", considered[0], []
    return "consider", None, [f"{one.id} {one.label}" for one in (*replaced, *considered)]


def _edits(found: Found, instead: Concept) -> list[tuple[int, int, str]]:
    edits = [(found.start, found.end, instead.id)]
    if found.name is not None:
        edits.append((found.name[0], found.name[1], json.dumps(instead.label, ensure_ascii=False)))
    return edits


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return "".join([*parts, text[at:]])


def _read(path: Path) -> str:
    """Return a file's text with its line ends as they are."""
    try:
        size = path.stat().st_size
        if size > settings().max_input_bytes:
            raise InputTooLarge(
                f"{path} has {size:,} bytes; at most {settings().max_input_bytes:,} are read.",
                value=path,
                next_step="Split the file, or set LIFENODE_MAX_INPUT_BYTES.",
            )
        content = path.read_bytes()
        if b"\0" in content:
            raise UnreadableInput(f"{path} is binary.", value=path, next_step="Give CSV, JSON, XML or CWL in UTF-8.")
        return content.decode()
    except OSError as error:
        raise UnreadableInput(
            f"{path} cannot be read: {error.strerror}.", value=path, next_step="Check the name and the folder."
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableInput(
            f"{path} is not valid UTF-8 at byte {error.start}.", value=path, next_step="Save it as UTF-8."
        ) from error
