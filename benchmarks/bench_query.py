"""How long one list takes, warm, as a whole call; and how many a batch does in a second and core."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

import lifenode
from lifenode.enrichment import engine, minimum_p
from lifenode.enrichment.world import pack_world
from lifenode.packs.pack import open_pack

LIST = Path(__file__).parent.parent / "examples" / "inflammatory_response.txt"


def timed(function: object, repeats: int) -> float:
    """Return the median time of a call in milliseconds."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    return float(np.median(times) * 1000)


def queries() -> None:
    """Time single calls on real and random lists."""
    genes = LIST.read_text().split()
    world = pack_world(open_pack("hsapiens"), False)
    rng = np.random.default_rng(1)
    pool = [s for s in world.gene_labels.take(np.flatnonzero(world.known)) if s]
    lists = {"inflammatory response, 200": genes, "random, 20": None, "random, 200": None, "random, 1000": None}
    for name in list(lists)[1:]:
        lists[name] = rng.choice(pool, int(name.split()[-1]), replace=False).tolist()
    print("one list, all sources, warm, whole call (median of 200)")
    for name, ids in lists.items():
        for _ in range(100):
            lifenode.enrich(ids)
        print(f"  {name:28} {timed(lambda ids=ids: lifenode.enrich(ids), 200):8.2f} ms")


def null_draws() -> None:
    """Time 20,000 random lists of 200 genes over all sources."""
    world = pack_world(open_pack("hsapiens"), False)
    book = world.book("annotated", None, None, None)
    memberships = [book.domain.membership(s, book.eligible) for s in range(len(world.collection.sources))]
    start = time.perf_counter()
    for membership in memberships:
        minimum_p.thresholds(membership, [200], draws=20_000, seed=1)
    print(f"20,000 random lists of 200 genes over all sources: {time.perf_counter() - start:.2f} s (limit 3 s)")


def main() -> None:
    """Run all."""
    engine.switch_to_compiled()
    queries()
    null_draws()
    null_draws()


if __name__ == "__main__":
    main()
