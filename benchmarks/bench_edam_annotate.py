"""How many tools a core annotates a second with learned terms, against the original's matcher."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

from lifenode.edam import annotate
from lifenode.edam.concept import BRANCHES

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "edam"
ORIGINAL_RATE = 13.4
LIMIT = 200.0
TOOLS = 500


def main() -> int:
    """Print the rate on names and descriptions, and with the abstracts of publications."""
    if not DATA.is_dir():
        print("needs the corpus in ../shared/data/edam")
        return 0
    with gzip.open(DATA / "biotools_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(next(lines)) for _ in range(TOOLS)]
    rates = []
    runs = (
        ("topics and operations, name and description", False, ("topic", "operation")),
        ("topics and operations, with publications", True, ("topic", "operation")),
        ("all branches, name and description", False, BRANCHES),
        ("all branches, with publications", True, BRANCHES),
    )
    for name, published, branches in runs:
        given = [(row.get("publication") or [])[:3] if published else [] for row in rows]
        annotate("warm", "gene expression", publications=["gene expression"] if published else None, branches=branches)
        best = 0.0
        for _ in range(3):
            began = time.process_time()
            for row, texts in zip(rows, given, strict=True):
                annotate(row["name"], row["description"], publications=texts, branches=branches)
            best = max(best, TOOLS / (time.process_time() - began))
        rates.append(best)
        print(f"{name}: {best:,.0f} tools a second and core, {best / ORIGINAL_RATE:,.0f} times the original's matcher")
    kept = "kept" if rates[0] >= LIMIT else "BROKEN"
    print(f"limit on topics and operations, name and description >= {LIMIT:,.0f}: {kept}")
    return int(rates[0] < LIMIT)


if __name__ == "__main__":
    raise SystemExit(main())
