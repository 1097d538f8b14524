"""Part of a batch's result, small enough to travel between processes: each distinct text once, numbers as arrays."""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode.errors import UnknownName
from lifenode.table import Column, Kind, Table, Values

# Reached by name in a result of `lifenode.enrich`, though not among its columns.
_COMPANIONS = ("log10_p_value", "source_order")
# Another one of them numbers the terms; these columns say the same wherever it is the same.
_KEY = "term"
_KEYED = ("source", "term_id", "name", "parents")


class Texts(NamedTuple):
    """Values as positions in a list of distinct ones."""

    codes: npt.NDArray[np.int32]
    distinct: list[Any]


class Lists(NamedTuple):
    """Lists of texts: the length of each (-1 where there is none), and all texts in a row."""

    lengths: npt.NDArray[np.int64]
    texts: Texts


Keyed = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of some consecutive lists, or the error of one list.

    The meta data are pickled: ten thousand trees of small objects would keep the garbage collector busy.
    """

    columns: tuple[Column, ...]
    data: dict[str, Any]
    meta: bytes
    length: int
    failure: tuple[str, BaseException] | None = None


def failed(name: str, error: BaseException) -> Part:
    """Return the part of a list that could not be computed."""
    return Part((), {}, b"", 0, (name, error))


def packed(table: Table) -> Part:
    """Return a table as a part."""
    key = _companion(table, _KEY)
    keyed = None if key is None else np.unique(key, return_index=True, return_inverse=True)[1:]
    data = {column.name: _pack(table[column.name], column, keyed) for column in table.columns}
    for name in _COMPANIONS:
        if name not in data and (values := _companion(table, name)) is not None:
            data[name] = values
    return Part(table.columns, data, pickle.dumps(table.meta), len(table))


def joined(parts: Sequence[Part]) -> Table:
    """Return the rows of all parts as one table; a column is put together when it is first looked at."""
    whole = [part for part in parts if part.columns]
    if not whole:
        return Table((), {}, {}, 0)
    kinds: dict[str, Kind] = {column.name: column.kind for column in whole[0].columns}
    data = {name: partial(_unpack, [part.data[name] for part in whole], kinds.get(name)) for name in whole[0].data}
    return Table(whole[0].columns, data, partial(_meta, whole), sum(part.length for part in whole))


def failures(parts: Iterable[Part]) -> list[tuple[str, BaseException]]:
    """Return name and error of every list that could not be computed."""
    return [part.failure for part in parts if part.failure is not None]


def _companion(table: Table, name: str) -> Values | None:
    try:
        return table[name]
    except UnknownName:
        return None


def _pack(values: Values, column: Column, keyed: Keyed | None) -> Any:
    kind = column.kind
    if keyed is not None and column.name in _KEYED:
        first, codes = keyed
        return Texts(codes.astype(np.int32), [values[row] for row in first.tolist()])
    if kind == "text":
        return _texts(values.tolist())
    if kind == "list":
        lengths = np.array([-1 if items is None else len(items) for items in values], dtype=np.int64)
        return Lists(lengths, _texts(chain.from_iterable(items for items in values if items)))
    return values


def _texts(values: Iterable[Any]) -> Texts:
    codes: dict[Any, int] = {}
    found = [codes.setdefault(value, len(codes)) for value in values]
    return Texts(np.array(found, dtype=np.int32), list(codes))


def _unpack(pieces: Sequence[Any], kind: Kind | None) -> Values:
    if kind == "text":
        return np.concatenate([_spread(piece) for piece in pieces])
    if kind == "list":
        return list(chain.from_iterable(map(_lists, pieces)))
    return np.concatenate(pieces)


def _lists(piece: Texts | Lists) -> list[Any]:
    return _spread(piece).tolist() if isinstance(piece, Texts) else _spread_lists(piece)


def _spread(texts: Texts) -> npt.NDArray[np.object_]:
    # One by one: given several lists of one length, numpy would make a table of them.
    distinct = np.fromiter(texts.distinct, dtype=object, count=len(texts.distinct))
    return distinct[texts.codes]


def _spread_lists(lists: Lists) -> list[list[str] | None]:
    items = _spread(lists.texts).tolist()
    ends = np.cumsum(np.maximum(lists.lengths, 0)).tolist()
    rows = zip(lists.lengths.tolist(), ends, strict=True)
    return [None if length < 0 else items[end - length : end] for length, end in rows]


def _meta(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the meta data of the first part, with the queries and notes of all."""
    # Made by a worker of this very batch.
    metas = [pickle.loads(part.meta) for part in parts]  # noqa: S301
    merged: dict[str, Any] = dict(metas[0])
    if "queries" in merged:
        merged["queries"] = {name: facts for meta in metas for name, facts in meta["queries"].items()}
    if "notes" in merged:
        merged["notes"] = list(dict.fromkeys(note for meta in metas for note in meta["notes"]))
    return merged
