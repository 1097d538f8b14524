"""The catalogue at small, medium and large size, over HTTP, beside tabix, DuckDB and HDF5 tables on the same rows.

A catalogue is made up from a seed: one data set with most rows, and many of 20,000 rows that test the same variants.
Measured are how fast and in how much memory it is ingested, what a row takes on the disk, and how long answers take: a
page of 1,000 rows of a gene, a region of 100 kb, one variant in all data sets. Then the same questions go to tabix (a
process each, as its users start it), to DuckDB on the very folder, and to an HDF5 table with the indexes of the API's
version 2, which gets at most ``--peer-rows`` rows since its indexes take so long.

``--size all`` shows how cost grows; ``--size large`` is 100 million rows and 500 data sets and takes some 15 minutes
and 16 GB of disk; the default takes a minute.
"""

from __future__ import annotations

import argparse
import http.client
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from bench_eqtl_ingest import _INGEST, run
from eqtl_made import BASES_A_GENE, BASES_A_VARIANT, TRAITS_A_VARIANT, gene, write_dataset
from eqtl_peers import Questions, duckdb_ingest, duckdb_times, tabix_times, tables_times, times_of
from http_server import serving
from measuring import Floats, Report

from lifenode.eqtl import Catalogue

SIZES = {"small": (1_000_000, 50), "medium": (10_000_000, 150), "large": (100_000_000, 500)}
LARGE = "QTD900000"
_CHROMOSOME_ROWS = 12_000_000
_SMALL_ROWS = 20_000
_START = 1_000_000
_WINDOW = 1_000_000


@dataclass
class Made:
    """A catalogue that was made up, and what making it took."""

    rows: int
    datasets: int
    chromosomes: tuple[str, ...]
    file: Path
    catalogue: Path
    ingest: dict[str, float]

    @property
    def span(self) -> int:
        """Bases that the variants of a chromosome cover in the large data set."""
        return self.rows // len(self.chromosomes) // TRAITS_A_VARIANT * BASES_A_VARIANT


def make(folder: Path, rows: int, datasets: int) -> Made:
    """Write all files and ingest them in a process of its own."""
    chromosomes = tuple(map(str, range(1, 2 + (rows - 1) // _CHROMOSOME_ROWS)))
    source = folder / "files"
    source.mkdir()
    began = time.perf_counter()
    file = source / f"{LARGE}.all.tsv.gz"
    written = write_dataset(file, rows, 1, chromosomes)
    for number in range(datasets):
        write_dataset(source / f"QTD{number:06d}.all.tsv.gz", _SMALL_ROWS, number, start=_START)
    print(f"  made up in {time.perf_counter() - began:,.0f} s", flush=True)
    ingested = run(_INGEST, source, folder / "catalogue")
    return Made(written, datasets, chromosomes, file, folder / "catalogue", ingested)


def questions_for(made: Made, count: int) -> Questions:
    """Return questions about the large data set, drawn from a seed."""
    rng = np.random.default_rng(5)
    genes, regions = [], []
    last_gene = max(12, made.span // BASES_A_GENE - 10)
    for number in range(count):
        chromosome = made.chromosomes[number % len(made.chromosomes)]
        which = int(rng.integers(11, last_gene + 1)) if last_gene > 11 else 11
        middle = which * BASES_A_GENE
        genes.append([gene(which, chromosome), chromosome, max(1, middle - _WINDOW), middle + _WINDOW + BASES_A_GENE])
        start = int(rng.integers(10_000, max(10_001, made.span - 100_000)))
        regions.append([chromosome, start, start + 100_000])
    catalogue = Catalogue(made.catalogue)
    some = catalogue.associations(region=("1", 20_000, 120_000), dataset=LARGE).to_polars()["variant"]
    variants = [[name, *name.removeprefix("chr").split("_")[:2]] for name in some.unique(maintain_order=True)[:60]]
    return {"gene": genes, "region": regions, "variant": [[name, own, int(place)] for name, own, place in variants]}


def over_http(made: Made, questions: Questions, everywhere: list[str]) -> dict[str, Floats]:
    """Ask a running node; a gene gives a page of 1,000 rows, a variant its rows in all data sets."""
    rows = f"/eqtl/api/v2/datasets/{LARGE}/associations?size=1000"
    with serving(1, LIFENODE_EQTL_CATALOGUE=str(made.catalogue)) as server:
        connection = http.client.HTTPConnection(*server.address)

        def size(path: str) -> int:
            connection.request("GET", path)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path} answers {answer.status}: {content[:200]!r}")
            return len(content)

        variant = "/eqtl/api/v3/associations?size=10000&variant="
        found = {
            "gene": times_of(lambda asked: size(f"{rows}&gene_id={asked[0]}"), questions["gene"]),
            "region": times_of(lambda asked: size(f"{rows}&pos={asked[0]}:{asked[1]}-{asked[2]}"), questions["region"]),
            "variant": times_of(lambda asked: size(f"{rows}&variant={asked[0]}"), questions["variant"]),
            "everywhere": times_of(lambda asked: size(f"{variant}{asked[0]}"), [[name] for name in everywhere]),
        }
        print(f"  memory of the serving process: {max(each[0] for each in server.memory().values()):,.0f} MB")
    return found


def in_process(made: Made, questions: Questions) -> dict[str, Floats]:
    """Ask the library for all rows of a region and a gene, in memory of the system and after that was dropped."""
    catalogue = Catalogue(made.catalogue)

    def whole_gene(asked: list[Any]) -> int:
        return len(catalogue.associations(asked[0], dataset=LARGE))

    def region(asked: list[Any]) -> int:
        return len(catalogue.associations(region=tuple(asked), dataset=LARGE))

    found = {"whole gene": times_of(whole_gene, questions["gene"]), "region": times_of(region, questions["region"])}
    for name, ask, kind in (("whole gene", whole_gene, "gene"), ("region", region, "region")):
        taken = []
        for asked in questions[kind][:15]:
            forget(made.catalogue)
            taken.append(float(times_once(ask, asked)))
        found[f"{name}, not in memory"] = np.array(taken)
    return found


def times_once(ask: Any, asked: list[Any]) -> float:
    """Return the seconds of one question."""
    began = time.perf_counter()
    ask(asked)
    return time.perf_counter() - began


def forget(folder: Path) -> None:
    """Tell the system to drop what it holds of the files of a folder."""
    for path in folder.rglob("*.parquet"):
        with path.open("rb") as handle:
            os.posix_fadvise(handle.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def sizes_of(made: Made) -> dict[str, float]:
    """Return the bytes that each table takes for a row of associations."""
    rows = made.ingest["rows"]
    found: dict[str, float] = {}
    for path in made.catalogue.rglob("*.parquet"):
        table = path.relative_to(made.catalogue).parts[0]
        found[table] = found.get(table, 0.0) + path.stat().st_size / rows
    return found


def measured(folder: Path, name: str, rows: int, datasets: int, peer_rows: int, report: Report) -> list[str]:
    """Measure one size; return its line in the table of growth."""
    print(f"{name}: {rows:,} rows in one data set, {datasets} of {_SMALL_ROWS:,}", flush=True)
    made = make(folder, rows, datasets)
    one = made.ingest
    print(f"  {one['rows']:,} rows in {one['wall']:,.0f} s: {one['rows'] / one['wall']:,.0f} rows/s by the clock, ")
    print(f"  with {one['cpu'] / one['wall']:.2f} processors of an otherwise loaded machine")
    speed = 2 * one["rows"] / one["cpu"]
    report.at_least("ingested rows by two seconds of processor", np.array([speed]), 400_000, "rows/s")
    report.at_most("memory while ingesting", np.array([one["memory"]]), 1000, "MB", 1)
    sizes = sizes_of(made)
    parts = ", ".join(f"{table} {size:.1f}" for table, size in sorted(sizes.items(), key=lambda each: -each[1])[:4])
    packed = made.file.stat().st_size / made.rows
    print(f"  {sum(sizes.values()):.0f} bytes a row ({parts}); {packed:.0f} as .tsv.gz")
    questions = questions_for(made, 300)
    own = Catalogue(made.catalogue).associations(dataset="QTD000000", limit=_SMALL_ROWS).to_polars()["variant"]
    names = own.unique(maintain_order=True).gather_every(25).to_list()
    wire = over_http(made, questions, names)
    report.at_most("over HTTP: gene, page of 1,000 rows, p50", wire["gene"], 0.020)
    report.at_most("over HTTP: gene, page of 1,000 rows, p99", np.quantile(wire["gene"], [0.99]), 0.150)
    report.at_most("over HTTP: region of 100 kb, first 1,000 rows", wire["region"], 0.030)
    report.at_most("over HTTP: a variant in the large data set", wire["variant"], None)
    report.at_most(f"over HTTP: a variant in {datasets + 1} data sets", wire["everywhere"], 0.300)
    library = in_process(made, questions)
    for kind, taken in library.items():
        report.at_most(f"in Python: {kind}, all rows", taken, 0.030 if kind == "region" else None)
    beside(made, folder, questions, library, wire, peer_rows)
    line = [name, f"{one['rows']:,.0f}", f"{one['rows'] / one['wall']:,.0f}", f"{speed:,.0f}", f"{one['memory']:,.0f}",
            f"{sum(sizes.values()):.0f}"]  # fmt: skip
    middle = [
        np.median(wire["gene"]),
        np.quantile(wire["gene"], 0.99),
        np.median(library["region"]),
        np.median(wire["everywhere"]),
    ]
    return [*line, *[f"{1000 * value:.1f}" for value in middle]]


def beside(
    made: Made, folder: Path, questions: Questions, library: dict[str, Floats], wire: dict[str, Floats], rows: int
) -> None:
    """Print how much longer others take; a ratio above 1 says that lifenode is quicker."""
    ours = {"gene": library["whole gene"], "region": library["region"], "variant": wire["variant"]}
    found: list[tuple[str, dict[str, Floats], dict[str, Floats]]] = []
    tabix = tabix_times(made.file, {kind: each[:60] for kind, each in questions.items()})
    if tabix is None:
        print("  tabix is not there (system package tabix): left out")
    else:
        found.append((f"tabix, index made in {tabix[1]:.1f} s, beside all rows in Python", tabix[0], ours))
    found.append(("DuckDB on the same folder", duckdb_times(made.catalogue, LARGE, questions), ours))
    tables = tables_times(made.file, min(rows, made.rows), folder, questions)
    if tables is None:
        print("  PyTables is not there (system package python3-tables): left out")
    else:
        about, pages = tables[1], {kind: wire[kind] for kind in ours}
        written, size = about["rows"] / (about["write"] + about["index"]), about["bytes"] / about["rows"]
        print(f"  HDF5 table of {about['rows']:,.0f} rows: {written:,.0f} rows/s with indexes, {size:.0f} bytes a row")
        found.append(
            (f"HDF5 table of {about['rows']:,.0f} rows, without HTTP, beside pages over HTTP", tables[0], pages)
        )
    for name, theirs, own in found:
        ratios = [
            f"{kind} {1000 * np.median(taken):.3g} ms ({np.median(taken) / np.median(own[kind]):.2g} times ours)"
            for kind, taken in theirs.items()
        ]
        print(f"  {name}: {', '.join(ratios)}")
    if made.rows <= 12_000_000:
        seconds = duckdb_ingest(made.file, folder / "duckdb.parquet")
        print(f"  DuckDB alone, one order, unchecked: {made.rows / seconds:,.0f} rows/s by the clock")


def main() -> int:
    """Print all figures; 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-s", "--size", choices=[*SIZES, "all"], default="small")
    parser.add_argument("--rows", type=int, help="Rows of the large data set, instead of a size.")
    parser.add_argument("--datasets", type=int, default=50, help="Small data sets, with --rows.")
    parser.add_argument("--peer-rows", type=int, default=200_000, help="Rows of the HDF5 table.")
    parser.add_argument("--folder", type=Path, help="Where to work; everything made there is removed.")
    options = parser.parse_args()
    chosen = SIZES if options.size == "all" else {options.size: SIZES[options.size]}
    if options.rows:
        chosen = {"asked for": (options.rows, options.datasets)}
    report, lines = Report(), []
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    for name, (rows, datasets) in chosen.items():
        work = Path(tempfile.mkdtemp(dir=options.folder, prefix="eqtl-scale-"))
        try:
            lines.append(measured(work, name, rows, datasets, options.peer_rows, report))
        finally:
            shutil.rmtree(work)
    heading = ["size", "rows", "rows/s", "by 2 cpu s", "MB", "bytes/row", "gene p50", "p99", "region", "variant, all"]
    for line in (heading, *lines):
        print("".join(f"{cell:>14}" for cell in line))
    return report.close()


if __name__ == "__main__":
    raise SystemExit(main())
