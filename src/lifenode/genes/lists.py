"""Lists as people have them: anything that holds identifiers, in; named lists, out."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO, Any, TypeGuard, cast

import numpy as np

from lifenode.errors import BadBackground, BadTable, EmptyInput, InputTooLarge, InvalidOption, UnreadableInput
from lifenode.genes import byte_input
from lifenode.genes.anndata_lists import call_markers
from lifenode.genes.de_tables import Called, TableOptions, call_genes, column_list, is_results
from lifenode.genes.sheets import Sheet, is_missing, sheet_from_frame, sheet_from_text
from lifenode.genes.text_lists import DEFAULT_NAME, parse_lists
from lifenode.settings import settings

__all__ = ["DEFAULT_NAME", "Queries", "TableOptions", "read_background", "read_queries", "read_text"]

_ENDINGS = (".txt", ".tsv", ".csv", ".gmt", ".gz")
_CONTAINERS = (list, tuple, set, frozenset, dict, np.ndarray)


@dataclass(frozen=True)
class Queries:
    """Lists to be analysed.

    Attributes
    ----------
    lists
        Items of each list by its name, in order. Items are as given; blank ones are kept.
    background
        Genes that were tested, if the input tells.
    notes
        One sentence each on how the input was understood.
    kind
        ``list``, ``lists`` (several with names), ``table`` (differential expression) or ``anndata``.
    """

    lists: dict[str, list[object]]
    background: list[object] | None = None
    notes: list[str] = field(default_factory=list)
    kind: str = "list"


def read_queries(query: object, *, options: TableOptions | None = None, stdin: IO[Any] | None = None) -> Queries:
    """Return the lists in `query`.

    Parameters
    ----------
    query
        A list, tuple, set, generator, array or Series of identifiers; a dict of them by name; a path; ``"-"`` for
        standard input; text with identifiers; a pandas or polars frame, or an AnnData with ranked genes. A file or
        text may hold one list, several under ``> name`` lines, or a table of differential expression.
        A string without line ends is a path if such a file exists; for text from a stranger use `read_text`, which
        touches no file.
    options
        How a table is read.
    stdin
        What ``"-"`` reads; the process's standard input by default.

    Raises
    ------
    InputError
        Of the kinds UnreadableInput, EmptyInput, InputTooLarge, BadTable and InvalidOption.
    """
    return _checked(_read(query, options or TableOptions(), stdin), _title(query))


def read_text(text: str, *, options: TableOptions | None = None) -> Queries:
    """Return the lists in `text`, as `read_queries` does for the content of a file; no file is touched."""
    return _checked(_from_text(byte_input.clean(text, "The text"), "The text", options or TableOptions()), "The text")


def read_background(
    background: object, *, options: TableOptions | None = None, stdin: IO[Any] | None = None
) -> list[object]:
    """Return the one list in `background`; of a table, its tested genes.

    Raises
    ------
    BadBackground
        There are several lists, or a table that does not tell what was tested.
    InputError
        As in `read_queries`.
    """
    limit = settings().max_background_length
    queries = _read(background, options or TableOptions(), stdin, limit)
    items = queries.background if queries.kind in ("table", "anndata") else next(iter(queries.lists.values()), [])
    if items is None or (queries.kind == "lists" and len(queries.lists) > 1):
        problem = "is a filtered table" if items is None else f"holds {len(queries.lists)} lists"
        raise BadBackground(
            f"The background {problem}.", value=", ".join(queries.lists), next_step="Give one list of all tested genes."
        )
    _check_length(items, "The background", limit, "LIFENODE_MAX_BACKGROUND_LENGTH")
    if all(_is_blank(item) for item in items):
        raise EmptyInput(
            "The background holds no identifier.", value=background, next_step="Give one identifier a line."
        )
    return items


def _title(query: object) -> str:
    if isinstance(query, str) and query == "-":
        return "Standard input"
    is_path = isinstance(query, os.PathLike) or (isinstance(query, str) and query.strip() and _exists(Path(query)))
    return str(query) if is_path else "The input"


def _checked(queries: Queries, origin: str) -> Queries:
    limits = settings()
    for name, items in queries.lists.items():
        title = "The list" if len(queries.lists) == 1 else f"The list {name!r}"
        _check_length(items, title, limits.max_list_length, "LIFENODE_MAX_LIST_LENGTH")
    if queries.background is not None:
        limit = limits.max_background_length
        _check_length(queries.background, "The background", limit, "LIFENODE_MAX_BACKGROUND_LENGTH")
    if all(_is_blank(item) for items in queries.lists.values() for item in items):
        raise EmptyInput(f"{origin} holds no identifier.", value=origin, next_step="Give one identifier a line.")
    return queries


def _check_length(items: list[object], title: str, limit: int, variable: str) -> None:
    if len(items) > limit:
        raise InputTooLarge(
            f"{title} holds {len(items):,} identifiers; the limit is {limit:,}.",
            value=len(items),
            next_step=f"Give fewer, or set {variable}.",
        )


def _is_blank(item: object) -> bool:
    return not item.strip() if isinstance(item, str) else is_missing(item)


def _read(query: object, options: TableOptions, stdin: IO[Any] | None, limit: int | None = None) -> Queries:
    if isinstance(query, str):
        return _from_string(query, options, stdin)
    if isinstance(query, bytes):
        return _from_text(byte_input.decode(query, "The text"), "The text", options)
    if isinstance(query, os.PathLike):
        return _from_file(Path(query), options)
    if isinstance(query, Mapping):
        return _from_mapping(query, options)
    if _is_a(query, "anndata", "AnnData"):
        return _from_called(call_markers(query, options), "anndata")
    if _is_a(query, "pandas", "DataFrame") or _is_a(query, "polars", "DataFrame"):
        return _from_frame(sheet_from_frame(query), options)
    if hasattr(query, "read"):
        return _from_text(byte_input.read_handle(cast(IO[Any], query), "The input"), "The input", options)
    if isinstance(query, set | frozenset) and options.ordered:
        raise InvalidOption(
            "A set has no order, so it cannot be an ordered query.", value="ordered", next_step="Give a list."
        )
    return Queries({DEFAULT_NAME: _items(query, limit)})


def _is_a(query: object, module: str, name: str) -> TypeGuard[Any]:
    """Say whether `query` is of a class of `module`, without importing it: if it is, its module is loaded."""
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(query, getattr(loaded, name))


def _from_string(query: str, options: TableOptions, stdin: IO[Any] | None) -> Queries:
    if query == "-":
        text = byte_input.read_handle(sys.stdin if stdin is None else stdin, "Standard input")
        return _from_text(text, "Standard input", options)
    if "\n" not in query and "\r" not in query and query.strip():
        path = Path(query)
        # A name too long for the file system is not there, but is no error either: it may be a list on one line.
        if _exists(path):
            return _from_file(path, options)
        one_word = not re.search(r"[\s,;]", query.strip())
        if query.strip().lower().endswith(_ENDINGS) or (one_word and ("/" in query or "\\" in query)):
            raise byte_input.no_such_file(query)
    return _from_text(byte_input.clean(query, "The text"), "The text", options)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False


def _from_file(path: Path, options: TableOptions) -> Queries:
    text = byte_input.read_file(path)
    if path.name.lower().endswith((".gmt", ".gmt.gz")):
        raise UnreadableInput(
            f"{path} is a file of gene sets, not a query.",
            value=path,
            next_step="Give it as gene_sets (--gene-sets FILE).",
        )
    return _from_text(text, str(path), options)


def _from_text(text: str, origin: str, options: TableOptions) -> Queries:
    sheet = sheet_from_text(
        text, origin, lambda headings: options.gene_column is not None or is_results(headings, options)
    )
    if sheet is not None:
        return _from_frame(sheet, options)
    lists = parse_lists(text, origin)
    return Queries(lists, kind="list" if list(lists) == [DEFAULT_NAME] else "lists")


def _from_frame(sheet: Sheet, options: TableOptions) -> Queries:
    if is_results(sheet.headings, options):
        return _from_called(call_genes(sheet, options), "table")
    if options.gene_column is not None:
        note = f"The identifiers are those of the column {options.gene_column!r}."
        return Queries({DEFAULT_NAME: column_list(sheet, options.gene_column)}, notes=[note])
    if len(sheet.headings) == 1:
        return Queries({DEFAULT_NAME: list(sheet.column(0))})
    raise BadTable(
        f"{sheet.origin} has {len(sheet.headings)} columns and none of its headings is that of a result: "
        f"{', '.join(sheet.headings[:30])}.",
        value=", ".join(sheet.headings[:30]),
        next_step="Name the column of identifiers (--gene-column NAME), or give that column only.",
    )


def _from_called(called: Called, kind: str) -> Queries:
    return Queries(called.lists, called.background, called.notes, kind)


def _from_mapping(query: Mapping[Any, object], options: TableOptions) -> Queries:
    lists: dict[str, list[object]] = {}
    for position, (key, value) in enumerate(query.items(), 1):
        name = str(key).strip() or f"query_{position}"
        if name in lists:
            raise InvalidOption(f"Two lists are named {name!r}.", value=name, next_step="Give each its own name.")
        inner = _read(value, options, None)
        if list(inner.lists) not in ([DEFAULT_NAME], []):
            raise UnreadableInput(
                f"The list {name!r} itself holds several lists: {', '.join(inner.lists)}.",
                value=name,
                next_step="Give each of them its own name.",
            )
        lists[name] = inner.lists.get(DEFAULT_NAME, [])
    return Queries(lists, kind="lists")


def _items(query: object, limit: int | None) -> list[object]:
    if isinstance(query, set | frozenset):
        # The order of a set depends on the hash seed of the process.
        return sorted(query, key=lambda item: (str(item), type(item).__name__))
    if getattr(query, "ndim", 1) != 1:
        raise UnreadableInput(
            f"The query is an array of shape {getattr(query, 'shape', ())}.",
            value=query,
            next_step="Give one dimension.",
        )
    for method in ("to_pylist", "to_list", "tolist"):
        if hasattr(query, method):
            query = getattr(query, method)()
            break
    if not isinstance(query, Iterable):
        raise UnreadableInput(
            f"The query is {query!r}, a {type(query).__name__}, not a list.",
            value=query,
            next_step="Give a list of identifiers, a path, or '-' for standard input.",
        )
    if not hasattr(query, "__len__"):
        # One more than the limit is enough to refuse an endless generator.
        query = islice(query, (limit or settings().max_list_length) + 1)
    items = list(query)
    if not any(issubclass(kind, _CONTAINERS) for kind in set(map(type, items))):
        return items
    for position, item in enumerate(items, 1):
        if isinstance(item, _CONTAINERS):
            raise UnreadableInput(
                f"Item {position} of the list is a {type(item).__name__}, not an identifier.",
                value=item,
                next_step="For several lists give a dict of name -> list.",
            )
    return items
