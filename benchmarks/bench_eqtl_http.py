"""How long pages of the eQTL API take over HTTP: a gene, a region, a variant across data sets; native and version 2.

A data set is made up and ingested, and many small ones for the question about a variant; or two catalogues are named
that were made before. Each address is asked on one connection, one after the other, and then on four at a time, with
another gene, region or variant each time.
"""

from __future__ import annotations

import argparse
import http.client
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from eqtl_made import BASES_A_GENE, gene, write_dataset
from http_server import Server, serving

from lifenode.eqtl import Catalogue, ingest

GENE_MS, GENE_P99_MS, REGION_MS, VARIANT_MS = 20, 150, 30, 300
_ASKED = 200


def asked(server: Server, addresses: list[str]) -> list[float]:
    """Return the milliseconds that each address took on one connection."""
    connection = http.client.HTTPConnection(*server.address)
    taken = []
    for address in addresses:
        began = time.perf_counter()
        connection.request("GET", address)
        answer = connection.getresponse()
        content = answer.read()
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status != 200:
            raise SystemExit(f"{address}: {answer.status} {content[:200]!r}")
    connection.close()
    return taken


def at_once(server: Server, addresses: list[str], connections: int) -> list[float]:
    """Return the milliseconds with several connections at a time."""
    taken: list[float] = []
    threads = [
        threading.Thread(target=lambda own=addresses[at::connections]: taken.extend(asked(server, own)))
        for at in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return taken


def told(server: Server, what: str, address: Callable[[int], str], limit: float, late: float | None = None) -> int:
    """Print what an address takes beside its limits; return how many are broken."""
    addresses = [address(number) for number in range(_ASKED)]
    asked(server, addresses[:2])
    alone = asked(server, addresses)
    median, last = float(np.median(alone)), float(np.percentile(alone, 99))
    many = at_once(server, addresses, 4)
    broken = int(median > limit) + int(late is not None and last > late)
    print(
        f"{what:<44} p50 {median:7.1f} ms (limit {limit:g}), p99 {last:7.1f} ms"
        f"{f' (limit {late:g})' if late is not None else ''}: {'BROKEN' if broken else 'kept'}; "
        f"four at a time p50 {np.median(many):.1f}, p99 {np.percentile(many, 99):.1f} ms"
    )
    return broken


def one_large(place: Path) -> int:
    """Measure genes and regions of a large data set."""
    manifest = Catalogue(place).manifest("QTD000001")
    span = max(int(part.last) for part in manifest.parts("assoc_pos", "1"))
    genes = max(2, span // BASES_A_GENE - 40)
    print(f"{manifest.rows:,} rows in one data set")
    broken = 0
    with serving(1, LIFENODE_EQTL_CATALOGUE=str(place)) as server:
        version2 = "/eqtl/api/v2/datasets/QTD000001/associations?size=1000"
        native = "/api/v1/eqtl/associations?limit=1000"
        name = lambda number: gene(20 + number * 7 % genes)  # noqa: E731
        spot = lambda number: 1_000_000 + number * 97_003 % (span // 2)  # noqa: E731
        broken += told(server, "gene, 1,000 rows, version 2", lambda at: f"{version2}&gene_id={name(at)}",
                       GENE_MS, GENE_P99_MS)  # fmt: skip
        broken += told(server, "gene, 1,000 rows, native, with total", lambda at: f"{native}&gene={name(at)}",
                       GENE_MS, GENE_P99_MS)  # fmt: skip
        broken += told(server, "gene, 1,000 rows, native, Arrow",
                       lambda at: f"{native}&gene={name(at)}&format=arrow", GENE_MS, GENE_P99_MS)  # fmt: skip
        broken += told(server, "region of 100 kb, 1,000 rows, version 2",
                       lambda at: f"{version2}&pos=1:{spot(at)}-{spot(at) + 100_000}", REGION_MS)  # fmt: skip
        broken += told(server, "region of 100 kb, all rows, native, Arrow", lambda at:
                       f"{native}0&region=1:{spot(at)}-{spot(at) + 100_000}&format=arrow", REGION_MS)  # fmt: skip
    return broken


def many_small(place: Path) -> int:
    """Measure a variant across data sets."""
    catalogue = Catalogue(place)
    names = catalogue.datasets().to_polars()["dataset_id"].to_list()
    some = catalogue.associations(dataset=names[0], limit=20_000).to_polars()["variant"].unique(maintain_order=True)
    variants = some.gather_every(max(1, len(some) // 100)).to_list()
    rows = len(catalogue.phewas(variants[0]))
    genes = catalogue.genes()
    with serving(1, LIFENODE_EQTL_CATALOGUE=str(place)) as server:
        address = "/api/v1/eqtl/phewas?limit=20000&variant="
        what = f"a variant, {len(names)} data sets, {rows:,} rows"
        broken = told(server, what, lambda at: f"{address}{variants[at % len(variants)]}", VARIANT_MS)
        address = "/api/v1/eqtl/associations?limit=1000&gene="
        what = f"a gene, {len(names)} data sets, 1,000 rows, with total"
        return broken + told(server, what, lambda at: f"{address}{genes[at % len(genes)]}", VARIANT_MS)


def main() -> int:
    """Print all figures; the exit code is the number of limits broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000, help="Rows of the large data set.")
    parser.add_argument("--datasets", type=int, default=100, help="Small data sets.")
    parser.add_argument("--large", type=Path, help="A catalogue with the data set QTD000001, instead of a new one.")
    parser.add_argument("--many", type=Path, help="A catalogue of many data sets, instead of a new one.")
    options = parser.parse_args()
    os.environ.setdefault("LIFENODE_STATE_DIR", tempfile.mkdtemp())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, many = options.large, options.many
        if large is None:
            (folder / "large").mkdir()
            write_dataset(folder / "large/QTD000001.all.tsv.gz", options.rows, 1)
            large = folder / "large_catalogue"
            ingest(folder / "large", large)
        if many is None:
            (folder / "many").mkdir()
            for number in range(options.datasets):
                write_dataset(folder / f"many/QTD{number:06d}.all.tsv.gz", 4_000, number, start=1_000_000)
            many = folder / "many_catalogue"
            ingest(folder / "many", many)
        return one_large(large) + many_small(many)


if __name__ == "__main__":
    raise SystemExit(main())
