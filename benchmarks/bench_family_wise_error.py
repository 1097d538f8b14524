"""Does `gscs` hold its promise? The chance of any false term, per source, over fresh random lists.

Fresh random lists (another seed than the thresholds') are drawn from each source's domain, and the share of lists with
at least one term at or below the pack's threshold is counted: it must be at most 0.06, and as near 0.05 as ties allow.
``attainable`` is the share at the next larger minimum seen, that is, what the threshold had to stay below. Sizes that
lie between two grid sizes are included. A last block runs whole lists through `lifenode.enrich`.
"""

from __future__ import annotations

import argparse
import sys

import numpy as np

import lifenode
from lifenode.enrichment import engine, minimum_p
from lifenode.enrichment.grid import LONGEST_OTHER
from lifenode.enrichment.world import pack_world
from lifenode.packs.pack import open_pack

ON_GRID = (5, 20, 100, 400, 1000)
BETWEEN = (137, 333, 721, 1501, 3333)
FRESH_SEED = 987_654_321
OWN_FAMILIES = (("annotated", False, False), ("annotated", False, True))
OTHER_FAMILIES = (("annotated", True, False), ("known", False, False), ("known", False, True), ("known", True, False))
"""Domain, too few genes instead of too many, ordered (all prefixes scanned)."""


def share_of_false_lists(
    organism: str, lists: int, ordered: bool = False, scope: str = "annotated", under: bool = False
) -> float:
    """Print the table and return the largest share."""
    world = pack_world(open_pack(organism), False)
    book = world.book(scope, None, None, None)
    own = scope == "annotated" and not under
    worst = 0.0
    print(f"{'source':8}{'n':>7}{'threshold':>14}{'share':>9}{'± 2 se':>9}{'attainable':>12}")
    for source, name in enumerate(world.collection.sources):
        membership = book.domain.membership(source, book.eligible)
        longest = membership.genes if own and not ordered else min(membership.genes, LONGEST_OTHER)
        sizes = sorted(n for n in ON_GRID + BETWEEN if n <= longest)
        minima = minimum_p.null_minima(membership, sizes, draws=lists, seed=FRESH_SEED, ordered=ordered, over=not under)
        for column, n in enumerate(sizes):
            found = book.get(source, n, ordered=ordered, over=not under)
            share = float(np.mean(minima[:, column] <= found.value))
            above = minima[:, column][minima[:, column] > found.value]
            next_share = float(np.mean(minima[:, column] <= above.min())) if len(above) else 1.0
            error = 2 * np.sqrt(max(share * (1 - share), 1e-9) / lists)
            worst = max(worst, share)
            print(f"{name:8}{n:7d}{found.value:14.4e}{share:9.4f}{error:9.4f}{next_share:12.4f}")
    return worst


def whole_calls(organism: str, lists: int, n: int) -> None:
    """Run random lists through the public function and count those with a significant term."""
    world = pack_world(open_pack(organism), False)
    book = world.book("annotated", None, None, None)
    rng = np.random.default_rng(5)
    for source, name in enumerate(world.collection.sources):
        domain = book.domain.genes(source)
        false = 0
        for _ in range(lists):
            ids = world.gene_ids.take(rng.choice(domain, n, replace=False))
            false += len(lifenode.enrich(ids, organism, sources=[name])) > 0
        error = 2 * np.sqrt(0.05 * 0.95 / lists)
        print(f"{name:8}{n:7d} whole calls: {false} of {lists} lists with a term = {false / lists:.4f} ± {error:.4f}")


def main() -> int:
    """Run the benchmark; exit 1 if any share is above 0.06."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--organism", default="hsapiens")
    parser.add_argument("--lists", type=int, default=40_000)
    parser.add_argument("--whole-calls", type=int, default=1_000)
    parser.add_argument("--only-others", action="store_true", help="only the domain known and under-representation")
    arguments = parser.parse_args()
    engine.switch_to_compiled()
    worst = 0.0
    for scope, under, ordered in OTHER_FAMILIES if arguments.only_others else OWN_FAMILIES + OTHER_FAMILIES:
        lists = arguments.lists // 4 if ordered else arguments.lists
        kind = f"domain {scope}{', too few genes' if under else ''}{', ordered' if ordered else ''}"
        print(f"# {lists} fresh random lists per row, {arguments.organism}, {kind}")
        worst = max(worst, share_of_false_lists(arguments.organism, lists, ordered, scope, under))
    if arguments.whole_calls:
        whole_calls(arguments.organism, arguments.whole_calls, 100)
    print(f"largest share of lists with a false term: {worst:.4f} (promise: at most 0.06)")
    return int(worst > 0.06)


if __name__ == "__main__":
    sys.exit(main())
