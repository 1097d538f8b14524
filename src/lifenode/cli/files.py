"""The lists of one or several files, and the background they are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lifenode.errors import BadBackground, InputError, InvalidOption

if TYPE_CHECKING:
    from lifenode.genes.lists import Queries, TableOptions


@dataclass(frozen=True)
class Given:
    """What `lifenode.enrich` is to be called with, and what there is to say about the reading of it."""

    query: object
    background: object
    notes: list[str] = field(default_factory=list)


def place(file: str | Path) -> str | Path:
    """Return the path of a file, or ``-`` for standard input."""
    return "-" if str(file) == "-" else Path(file)


def read_files(files: Sequence[str], background: str | Path | None, table: TableOptions) -> Given:
    """Return the one file as it is, or the lists of several under the files' names.

    Raises
    ------
    InvalidOption
        Standard input is named twice.
    BadBackground
        The files bring tested genes of their own, which differ, and no background was given for all of them.
    """
    if [*map(str, files), str(background)].count("-") > 1:
        raise InvalidOption(
            "Standard input is named twice, and can be read only once.", value="-", next_step="Put one into a file."
        )
    if len(files) == 1:
        return Given(place(files[0]), background)
    read = [(_stem(file), _read(file, table)) for file in files]
    shared = _shared_background(files, [queries for _, queries in read]) if background is None else background
    notes = [f"{stem}: {note}" for stem, queries in read for note in queries.notes]
    return Given(_lists(read), shared, notes)


def _read(file: str, table: TableOptions) -> Queries:
    """Read one of several files; an error says which."""
    from lifenode.genes.lists import read_queries

    try:
        return read_queries(place(file), options=table)
    except InputError as error:
        if file in error.detail or file == "-":
            raise
        raise type(error)(f"{file}: {error.detail}", value=error.value, next_step=error.next_step) from error


def _stem(file: str) -> str:
    return "input" if file == "-" else Path(file).name.partition(".")[0]


def _lists(read: Sequence[tuple[str, Queries]]) -> dict[str, list[object]]:
    lists: dict[str, list[object]] = {}
    for stem, queries in read:
        for name, items in queries.lists.items():
            title = stem if len(queries.lists) == 1 and queries.kind != "table" else f"{stem}: {name}"
            lists[title if title not in lists else f"{title} ({len(lists) + 1})"] = items
    return lists


def _shared_background(files: Sequence[str], read: Sequence[Queries]) -> list[object] | None:
    """Return the tested genes if all files bring the same, or None if none brings any."""
    first = read[0].background
    for file, queries in zip(files, read, strict=True):
        own = queries.background
        same = own is first or (own is not None and first is not None and set(own) == set(first))
        if not same:
            raise BadBackground(
                f"{files[0]} and {file} do not bring the same tested genes, and lists that are compared need one "
                "background.",
                value=file,
                next_step="Name one for all of them with --background FILE, or analyse the files one by one.",
            )
    return first
