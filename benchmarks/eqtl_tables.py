"""Summary statistics in an HDF5 table as version 2 of the eQTL Catalogue's API keeps them, by PyTables.

``build COLUMNS.npz TABLE.h5`` writes and indexes, ``ask TABLE.h5 QUESTIONS.json`` asks; both print JSON. PyTables is no
part of lifenode's environment, so the system's Python runs this (Debian's package python3-tables).
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import tables

INDEXED = ("molecular_trait_id", "gene_id", "chromosome", "position", "variant", "rsid", "pvalue")


def build(columns: str, target: str) -> dict[str, float]:
    """Write the table, packed as the API's, and index the seven columns it indexes."""
    began = time.perf_counter()
    held = np.load(columns)
    kinds = np.dtype([(name, held[name].dtype) for name in held.files])
    packer = "lzo" if tables.which_lib_version("lzo") else "zlib"
    with tables.open_file(target, "w") as file:
        table = file.create_table(
            "/", "sumstats", kinds, filters=tables.Filters(9, packer), expectedrows=len(held["position"])
        )
        arrays = {name: held[name] for name in held.files}
        for start in range(0, len(arrays["position"]), 100_000):
            block = np.empty(len(arrays["position"][start : start + 100_000]), kinds)
            for name, array in arrays.items():
                block[name] = array[start : start + 100_000]
            table.append(block)
        table.flush()
        written = time.perf_counter() - began
        for name in INDEXED:
            (table.cols._f_col(name).create_csindex if name == "position" else table.cols._f_col(name).create_index)()
    return {"write": written, "index": time.perf_counter() - began - written, "bytes": Path(target).stat().st_size}


def ask(target: str, questions: str) -> dict[str, list[float]]:
    """Return the milliseconds of each question; a gene gives its first 1,000 rows, as a page of the API."""
    asked: dict[str, list[list[Any]]] = json.loads(Path(questions).read_text(encoding="utf-8"))
    taken: dict[str, list[float]] = {}
    with tables.open_file(target) as file:
        table = file.root.sumstats
        for kind, each in asked.items():
            for given in each:
                began = time.perf_counter()
                rows = list(islice(_rows(table, kind, given), 1000))
                taken.setdefault(kind, []).append(1000 * (time.perf_counter() - began))
                if not rows:
                    raise SystemExit(f"nothing was found for {kind} {given}")
    return taken


def _rows(table: Any, kind: str, given: list[Any]) -> Any:
    if kind == "region":
        names = {"c": given[0].encode(), "a": given[1], "b": given[2]}
        found = table.where("(position >= a) & (position <= b) & (chromosome == c)", names)
    else:
        column = {"gene": "gene_id", "variant": "variant"}[kind]
        found = table.where(f"{column} == wanted", {"wanted": given[0].encode()})
    return (row.fetch_all_fields() for row in found)


if __name__ == "__main__":
    print(json.dumps({"build": build, "ask": ask}[sys.argv[1]](*sys.argv[2:])))
