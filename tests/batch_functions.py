"""What the workers of the batch tests run; a module of its own, since other processes have to import it."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lifenode.errors import BadBackground, NothingMapped, UnknownOrganism
from lifenode.table import Column, Table

COLUMNS = (
    Column("query", "text", "name of the list"),
    Column("gene", "text", "one of its items"),
    Column("length", "integer", "length of the item"),
    Column("share", "number", "1 / number of items"),
    Column("first", "boolean", "whether it is the first item"),
    Column("letters", "list", "letters of the item"),
)


def letters(lists: Mapping[str, Sequence[object]], **options: Any) -> Table:
    """A row for each item of each list; lists and options can be made to misbehave."""
    if options.get("organism") == "unicorn":
        raise UnknownOrganism('unknown organism "unicorn".', value="unicorn")
    for name, items in lists.items():
        _misbehave(name, items, options)
    rows = [(name, str(item), place, len(items)) for name, items in lists.items() for place, item in enumerate(items)]
    data = {
        "query": np.array([row[0] for row in rows], dtype=object),
        "gene": np.array([row[1] or None for row in rows], dtype=object),
        "length": np.array([len(row[1]) for row in rows]),
        "share": np.array([1 / row[3] for row in rows]),
        "first": np.array([row[2] == 0 for row in rows]),
        "letters": [list(row[1]) for row in rows],
        "source_order": np.array([row[2] for row in rows]),
    }
    queries = {name: {"items": len(items)} for name, items in lists.items()}
    return Table(COLUMNS, data, {"method": "letters", "queries": queries, "notes": ["a note"]}, len(rows))


def _misbehave(name: str, items: Sequence[object], options: Mapping[str, Any]) -> None:
    if "unmapped" in items:
        raise NothingMapped(f"No identifier of {name} is recognised.", value=name)
    if "outside" in items:
        raise BadBackground(f"The background misses {name}.", value=name)
    if "bug" in items:
        raise ZeroDivisionError("a bug")
    if "kill" in items:
        os.kill(os.getpid(), signal.SIGKILL)
    if "kill once" in items and not Path(options["mark"]).exists():
        Path(options["mark"]).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(options.get("pause", 0))


def some_lists(count: int) -> dict[str, list[object]]:
    rng = np.random.default_rng(1)
    lists: dict[str, list[object]] = {
        f"list {i}": [*(f"G{n}" for n in rng.integers(0, 500, i % 7)), "last", ""] for i in range(count)
    }
    return lists


def bytes_of(table: Table) -> bytes:
    return table.to_json().encode() + table.to_tsv().encode() + repr(table["source_order"].tolist()).encode()
