"""What the catalogue is measured against: tabix, DuckDB, and HDF5 tables as version 2 of the API has them."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from measuring import Floats

Questions = dict[str, list[list[Any]]]
"""By kind: genes as [id, chromosome, first, last], regions as [chromosome, first, last], variants as [id, chromosome,
place]."""

_SYSTEM_PYTHON = "/usr/bin/python3"
_WIDTHS = {"variant": 100, "ref": 255, "alt": 255, "rsid": 24, "molecular_trait_id": 100, "gene_id": 15,
    "molecular_trait_object_id": 100, "type": 8, "chromosome": 2}  # fmt: skip


def times_of(ask: Callable[[list[Any]], int], questions: Sequence[list[Any]]) -> Floats:
    """Return the seconds of each question, after one that does not count; each has to find something."""
    taken = []
    for given in (questions[0], *questions):
        began = time.perf_counter()
        if not ask(given):
            raise SystemExit(f"nothing was found for {given}")
        taken.append(time.perf_counter() - began)
    return np.array(taken[1:])


def tabix_times(file: Path, questions: Questions) -> tuple[dict[str, Floats], float] | None:
    """Index a file and ask it with a tabix process each; return seconds by kind, and those of making the index."""
    if shutil.which("tabix") is None:
        return None
    began = time.perf_counter()
    subprocess.run(["tabix", "-f", "-s2", "-b3", "-e3", "-S1", file], check=True)
    indexed = time.perf_counter() - began

    def lines(place: str) -> bytes:
        return subprocess.run(["tabix", file, place], check=True, capture_output=True).stdout

    def gene(given: list[Any]) -> int:
        wanted = f"{given[0]}\t".encode()
        return sum(line.startswith(wanted) for line in lines(f"{given[1]}:{given[2]}-{given[3]}").splitlines())

    def variant(given: list[Any]) -> int:
        wanted = given[0].encode()
        return sum(
            line.split(b"\t", 6)[5] == wanted for line in lines(f"{given[1]}:{given[2]}-{given[2]}").splitlines()
        )

    def region(given: list[Any]) -> int:
        return len(lines(f"{given[0]}:{given[1]}-{given[2]}").splitlines())

    asks = {"gene": gene, "region": region, "variant": variant}
    return {kind: times_of(asks[kind], questions[kind]) for kind in asks}, indexed


def duckdb_times(catalogue: Path, dataset: str, questions: Questions) -> dict[str, Floats]:
    """Ask DuckDB the same of the same folder, by the order that suits each question."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})

    def files(table: str, chromosome: str) -> str:
        return f"read_parquet('{catalogue}/{table}/release=*/dataset={dataset}/chrom={chromosome}/*.parquet')"

    def gene(given: list[Any]) -> int:
        sql = (
            f"SELECT * FROM {files('assoc_trait', given[1])} AS a "  # noqa: S608 - our own paths
            f"JOIN {files('variants', given[1])} AS v USING (variant_index) WHERE molecular_trait_id = ?"
        )
        return int(connection.sql(sql, params=[given[0]]).to_arrow_table().num_rows)

    def region(given: list[Any]) -> int:
        sql = f"SELECT * FROM {files('assoc_pos', given[0])} WHERE position BETWEEN ? AND ?"  # noqa: S608
        return int(connection.sql(sql, params=given[1:3]).to_arrow_table().num_rows)

    def variant(given: list[Any]) -> int:
        sql = f"SELECT * FROM {files('assoc_pos', given[1])} WHERE position = ? AND variant = ?"  # noqa: S608
        return int(connection.sql(sql, params=[given[2], given[0]]).to_arrow_table().num_rows)

    asks = {"gene": gene, "region": region, "variant": variant}
    return {kind: times_of(asks[kind], questions[kind][:60]) for kind in asks}


def duckdb_ingest(file: Path, target: Path) -> float:
    """Return the seconds in which DuckDB turns a packed file into one Parquet file in the order it has, unchecked."""
    import duckdb

    began = time.perf_counter()
    connection = duckdb.connect(config={"threads": 2})
    connection.execute(
        f"COPY (SELECT * FROM read_csv('{file}', delim='\t', nullstr='NA', types={{'chromosome': 'VARCHAR'}})) "  # noqa: S608
        f"TO '{target}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 65536)"
    )
    return time.perf_counter() - began


def tables_times(
    file: Path, rows: int, folder: Path, questions: Questions
) -> tuple[dict[str, Floats], dict[str, float]] | None:
    """Keep the first rows of a file in an HDF5 table and ask it; None where there is no PyTables."""
    here = Path(__file__).with_name("eqtl_tables.py")
    there = subprocess.run([_SYSTEM_PYTHON, "-c", "import tables"], capture_output=True, check=False)
    if there.returncode:
        return None
    frame = pl.read_csv(file, separator="\t", null_values="NA", n_rows=rows, schema_overrides={"chromosome": pl.String})
    place = frame["position"].max()
    columns = {
        name: frame[name].to_numpy().astype(f"S{_WIDTHS[name]}") if name in _WIDTHS else frame[name].to_numpy()
        for name in frame.columns
    }
    np.savez(folder / "columns.npz", **columns)
    first = str(frame["chromosome"][0])
    held = {
        kind: [given for given in every if first in (given[0], given[1]) and given[2] <= place][:40]
        for kind, every in questions.items()
    }
    (folder / "questions.json").write_text(json.dumps(held), encoding="utf-8")
    made = _said(here, "build", folder / "columns.npz", folder / "table.h5")
    taken = _said(here, "ask", folder / "table.h5", folder / "questions.json")
    made["rows"] = frame.height
    return {kind: np.array(each) / 1000 for kind, each in taken.items()}, made


def _said(*command: object) -> dict[str, Any]:
    done = subprocess.run([_SYSTEM_PYTHON, *map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    said: dict[str, Any] = json.loads(done.stdout)
    return said
