"""How many lists a batch does in a second and core: 10,000 lists of 20 to 500 genes over all human sources.

Half of the lists are random genes; the other half take a third of their genes from one random term, as lists from an
experiment do, so that there are rows to report. The rate per core is lists per second of processor time of whoever
works on them: this process, or worker processes with all they use for starting, loading the pack and sending results.
What handing out and collecting costs this process is printed beside it, as is the rate by the clock.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import numpy as np
from measuring import Floats, Report

from lifenode import batch
from lifenode.enrichment.world import World, pack_world
from lifenode.packs.pack import open_pack
from lifenode.table import Table

LISTS_PER_SECOND = 600
SIZES = (20, 500)


def made_lists(world: World, count: int) -> dict[str, list[str]]:
    """Return lists of symbols (or gene ids), every second one leaning to a term."""
    rng = np.random.default_rng(11)
    collection = world.collection
    every = np.arange(collection.n_genes)
    names = zip(world.gene_labels.take(every), world.gene_ids.take(every), strict=True)
    labels = [label or gene_id for label, gene_id in names]
    pool = np.unique(collection.source_genes)
    large = np.flatnonzero(collection.term_sizes >= 50)
    lists = {}
    for number in range(count):
        size = int(rng.integers(SIZES[0], SIZES[1] + 1))
        genes = rng.choice(pool, size, replace=False)
        if number % 2:
            start, end = collection.term_indptr[(term := int(rng.choice(large))) : term + 2]
            members = collection.term_genes[start:end]
            genes[: min(size // 3, len(members))] = rng.choice(members, min(size // 3, len(members)), replace=False)
        lists[f"list_{number + 1}"] = [labels[gene] for gene in genes.tolist()]
    return lists


def cpu_seconds() -> Floats:
    """Return the processor time of this process, and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return np.array([times.ru_utime + times.ru_stime for times in used])


def measure(report: Report, title: str, count: int, work: Callable[[], Table]) -> Table:
    """Run a batch; print lists per second of the clock, and of the processor time of those who work on them."""
    wall, cpu = time.perf_counter(), cpu_seconds()
    table = work()
    wall, (own, children) = time.perf_counter() - wall, cpu_seconds() - cpu
    shares = f"{children:.1f} s of processor time in workers, " if children else ""
    print(f"  {title}: {wall:.1f} s, {count / wall:,.0f} lists/s by the clock; {shares}{own:.1f} s in this process")
    report.at_least(f"{title}, lists/s per core", np.array([count / (children or own)]), LISTS_PER_SECOND, "/s")
    if children:
        report.at_least(f"{title}, this process counted too", np.array([count / (children + own)]), None, "/s")
    return table


def one_process(lists: dict[str, list[str]], **options: Any) -> Table:
    """Run a batch on an executor with a single process."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        return batch.run(lists, executor=executor, **options)


def main() -> int:
    """Run the benchmark; exit 1 if a rate is below the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=int, default=10_000)
    arguments = parser.parse_args()
    world = pack_world(open_pack("hsapiens"), False)
    lists = made_lists(world, arguments.lists)
    count, report = len(lists), Report()
    genes = np.mean([len(items) for items in lists.values()])
    print(f"# {count:,} lists of {genes:.0f} genes on average, {os.cpu_count()} cores")
    tables = [
        measure(report, "in this process", count, lambda: batch.run(lists, workers=1)),
        measure(report, "one process", count, lambda: one_process(lists)),
        measure(report, "two processes", count, lambda: batch.run(lists, workers=2)),
    ]
    start = time.perf_counter()
    written = {table.to_tsv() for table in tables}
    seconds = (time.perf_counter() - start) / len(tables)
    print(f"  {len(tables[0]):,} rows; {len(written)} distinct TSV, {seconds:.1f} s to write one")
    if len(written) != 1:
        report.broken.append("the same bytes wherever it was computed")
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
