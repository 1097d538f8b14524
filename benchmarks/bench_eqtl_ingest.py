"""How fast summary statistics get into a catalogue and in how much memory, and how long answers take.

One large data set is ingested in a process of its own, against the plain way: polars reads the same packed file and
writes one Parquet file, unchecked and in one order. Then many small data sets of one region are ingested, for the
question how long one variant across all of them takes. Seconds of the processor are printed beside those of the clock:
on a machine that others use as well, rows a second follow from the former.

``--rows 100000000 --datasets 500`` is the full size; by default it is a size that takes a minute.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from eqtl_made import BASES_A_GENE, gene, write_dataset

from lifenode.eqtl import Catalogue

ROWS_PER_SECOND = 400_000
MEMORY_MB = 1000
GENE_PAGE_MS, GENE_PAGE_P99_MS, REGION_MS, VARIANT_MS = 20, 150, 30, 300
_CHROMOSOME_ROWS = 12_000_000

_INGEST = """
import json, resource, sys, time
from lifenode.eqtl import ingest
began = time.perf_counter()
report = ingest(sys.argv[1], sys.argv[2])
used = resource.getrusage(resource.RUSAGE_SELF)
assert not report.refused, report
print(json.dumps({"wall": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime,
                  "memory": used.ru_maxrss / 1024, "rows": report.meta["rows_read"]}))
"""
_PLAIN = """
import json, resource, sys, time
import polars as pl
began = time.perf_counter()
kinds = {"chromosome": pl.String}
lazy = pl.scan_csv(sys.argv[1] + "/*.gz", separator="\\t", null_values=["NA"], schema_overrides=kinds)
lazy.sink_parquet(sys.argv[2], compression="zstd", compression_level=1)
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({"wall": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime,
                  "memory": used.ru_maxrss / 1024}))
"""


def run(code: str, *arguments: Path) -> dict[str, float]:
    """Run code in a process of its own and return what it says of itself."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(done.stderr)
    said: dict[str, float] = json.loads(done.stdout)
    return said


def times(ask: Callable[[int], Any], count: int = 60) -> tuple[float, float]:
    """Return the median and the 99th percentile of the milliseconds that questions take, the first left out."""
    taken = []
    for number in range(count + 1):
        began = time.perf_counter()
        ask(number)
        taken.append(1000 * (time.perf_counter() - began))
    return float(np.median(taken[1:])), float(np.percentile(taken[1:], 99))


def told(what: str, value: float, unit: str, limit: float, *, least: bool = False) -> int:
    """Print a figure beside its limit; return 1 if it is broken."""
    kept = value >= limit if least else value <= limit
    sign, said = (">=" if least else "<="), ("kept" if kept else "BROKEN")
    print(f"{what:<58} {value:>12,.1f} {unit:<7} limit {sign} {limit:,}: {said}")
    return int(not kept)


def main() -> int:
    """Print all figures; the exit code is the number of limits broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000, help="Rows of the large data set.")
    parser.add_argument("--datasets", type=int, default=100, help="Small data sets.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        return measured(Path(name), options.rows, options.datasets)


def measured(folder: Path, wanted: int, datasets: int) -> int:
    """Measure in a folder."""
    chromosomes = tuple(map(str, range(1, 2 + (wanted - 1) // _CHROMOSOME_ROWS)))
    (folder / "large").mkdir()
    rows = write_dataset(folder / "large/QTD000001.all.tsv.gz", wanted, 1, chromosomes)
    one = run(_INGEST, folder / "large", folder / "large_catalogue")
    plain = run(_PLAIN, folder / "large", folder / "plain.parquet")
    size = sum(path.stat().st_size for path in (folder / "large_catalogue").rglob("*.parquet"))
    print(f"{rows:,} rows, {(folder / 'large/QTD000001.all.tsv.gz').stat().st_size / rows:.0f} bytes a row packed, ")
    print(f"{size / rows:.0f} bytes a row in the catalogue: both orders and the bins of variants")
    print(f"by the clock: {rows / one['wall']:,.0f} rows/s with {one['cpu'] / one['wall']:.2f} processors")
    print(f"polars alone, unchecked, one order: {2 * rows / plain['cpu']:,.0f} rows by two seconds of processor,")
    print(f"{rows / plain['wall']:,.0f} rows/s by the clock, {plain['memory']:,.0f} MB")
    print(f"both orders, bins and checks cost {one['cpu'] / plain['cpu']:.1f} times that work")
    broken = told(
        "rows a second, by two seconds of processor", 2 * rows / one["cpu"], "rows/s", ROWS_PER_SECOND, least=True
    )
    broken += told("memory while ingesting", one["memory"], "MB", MEMORY_MB)
    catalogue = Catalogue(folder / "large_catalogue")
    genes = max(2, int(rows / len(chromosomes) / 20 * 300 / BASES_A_GENE))
    median, late = times(lambda number: catalogue.associations(gene(20 + number * 7 % genes), limit=1000).to_polars())
    broken += told("gene, page of 1,000 rows, median", median, "ms", GENE_PAGE_MS)
    broken += told("gene, page of 1,000 rows, 99 of 100", late, "ms", GENE_PAGE_P99_MS)
    spots = [1_000_000 + number * 97_003 % max(1, genes * BASES_A_GENE // 2) for number in range(61)]
    median, _ = times(lambda number: catalogue.associations(region=("1", spots[number], spots[number] + 100_000)))
    broken += told("region of 100 kb, median", median, "ms", REGION_MS)
    return broken + across(folder, datasets)


def across(folder: Path, datasets: int) -> int:
    """Measure one variant across many data sets."""
    (folder / "many").mkdir()
    for number in range(datasets):
        write_dataset(folder / f"many/QTD{number:06d}.all.tsv.gz", 20_000, number, start=1_000_000)
    many = run(_INGEST, folder / "many", folder / "many_catalogue")
    print(
        f"{datasets} data sets of 20,000 rows: {many['rows'] / many['cpu'] * 2:,.0f} rows by two seconds of processor"
    )
    catalogue = Catalogue(folder / "many_catalogue")
    some = catalogue.associations(dataset="QTD000000", limit=20_000).to_polars()["variant"].unique(maintain_order=True)
    variants = some.gather_every(max(1, len(some) // 61)).to_list()
    found = catalogue.phewas(variants[0])
    if found.to_polars()["dataset_id"].n_unique() != datasets:
        raise SystemExit("a data set did not answer")
    median, _ = times(lambda number: catalogue.phewas(variants[number % len(variants)]).to_polars())
    return told(f"a variant in {datasets} data sets ({len(found):,} rows), median", median, "ms", VARIANT_MS)


if __name__ == "__main__":
    raise SystemExit(main())
