"""How fast identifiers are resolved: 1,000 of mixed namespaces, as people write them.

Ensembl ids (some with a version), symbols (some in lower case), Entrez, HGNC, UniProt and RefSeq ids, aliases and
previous symbols, and a few that do not exist. "seen before" is what a process does that meets its identifiers again, as
in a batch; "new to the process" looks every one of them up in the index. Both resolve and account for every item.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

import numpy as np
import polars as pl
from measuring import Report, call_times

from lifenode.genes.identifiers import Identifiers
from lifenode.packs.pack import Pack, open_pack

SHARES = {
    "ENSG": 300, "SYMBOL": 250, "ENTREZGENE": 150, "UNIPROT": 100, "HGNC": 60, "REFSEQ": 60, "ALIAS": 50,
    "PREVIOUS_SYMBOL": 20,
}  # fmt: skip
UNKNOWN = 10

OPENED = """
import numpy, time
from lifenode.packs.pack import open_pack
pack = open_pack("hsapiens")
start = time.perf_counter()
from lifenode.genes.identifiers import Identifiers
index = Identifiers(pack)
first = time.perf_counter()
index.resolve(["TP53", "ENSG00000141510.17", "7157", "p04637", "HGNC:11998"])
print(first - start, time.perf_counter() - start)
"""


def mixed_identifiers(pack: Pack) -> list[str]:
    """Return 1,000 identifiers, shuffled."""
    table = pack.table("identifiers").with_columns(pl.col("namespace").cast(pl.String))
    rng = np.random.default_rng(3)
    found: list[str] = []
    for namespace, count in SHARES.items():
        values = table.filter(pl.col("namespace") == namespace)["identifier"].unique().sort().to_list()
        found += rng.choice(values, count, replace=False).tolist()
    found[:100] = [f"{identifier}.7" for identifier in found[:100]]
    found[300:350] = [identifier.lower() for identifier in found[300:350]]
    found += [f"NOSUCHGENE{number}" for number in range(UNKNOWN)]
    return [found[place] for place in rng.permutation(len(found))]


def main() -> int:
    """Run the benchmark; exit 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    arguments = parser.parse_args()
    pack = open_pack("hsapiens")
    items = mixed_identifiers(pack)
    seen = Identifiers(pack)
    report = Report()
    print(f"# {pack.name}: {seen.resolve(items).accounting.summary()}")
    known = call_times(lambda: seen.resolve(items), arguments.runs, warm=5)
    report.at_most("1,000 identifiers seen before, wall", known.wall, 0.002)
    report.at_most("1,000 identifiers seen before, CPU", known.cpu, None)
    indexes = iter([Identifiers(pack) for _ in range(arguments.runs + 5)])
    new = call_times(lambda: next(indexes).resolve(items), arguments.runs, warm=5)
    report.at_most("1,000 identifiers new to the process, wall", new.wall, None)
    report.at_most("1,000 identifiers new to the process, CPU", new.cpu, None)
    told = call_times(lambda: seen.resolve(items).accounting.to_dict(), 20)
    report.at_most("the same with every item reported and suggestions, wall", told.wall, None)
    rows = []
    for _ in range(8):
        done = subprocess.run([sys.executable, "-c", OPENED], check=True, capture_output=True, text=True)
        rows.append([float(text) for text in done.stdout.split()])
    seconds = np.array(rows[1:]).T
    report.at_most("opening the index in a fresh process, wall", seconds[0], 0.050)
    report.at_most("opening it and resolving five identifiers, wall", seconds[1], None)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
