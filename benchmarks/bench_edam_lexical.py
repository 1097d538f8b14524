"""How many tools a core matches to EDAM a second, and what matching without definitions costs.

The rate counts name and description, against the original's 13.4 tools a second and core (Java, its start not counted).
Accuracy is that on development tools whose terms were not made from a matcher's suggestions; every fourth of them.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lifenode.edam import LexicalMatcher, Ontology, Tool

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "edam"
ORIGINAL_RATE = 13.4
LIMIT = 200.0
EVERY = 4
TOP = 10


def main() -> int:
    """Print rates and accuracy, with the shipped table and with the prose of the OWL file."""
    if not DATA.is_dir():
        print("needs the corpus in ../shared/data/edam")
        return 0
    tools, gold = development_tools()
    rates = []
    for name, ontology in (("names alone", Ontology.load()), ("names and prose", Ontology.read(DATA / "EDAM.owl"))):
        matcher = LexicalMatcher(ontology)
        matcher.match(tools[0])
        began = time.process_time()
        table = matcher.match_many(tools)
        rates.append(len(tools) / (time.process_time() - began))
        kept = "kept" if rates[-1] >= LIMIT else "BROKEN"
        print(f"{name}: {rates[-1]:,.0f} tools a second and core   limit >= {LIMIT:,.0f}: {kept}")
        print(f"  {rates[-1] / ORIGINAL_RATE:,.0f} times the original")
        without = {
            branch: sum(branch in one for one in table.meta["reasons"].values()) for branch in ("topic", "operation")
        }
        print(f"  tools without an answer: topic {without['topic']}, operation {without['operation']} of {len(tools)}")
        for branch in ("topic", "operation"):
            gain, recall, count = accuracy(matcher, tools, gold, branch)
            print(f"  {branch}: nDCG@10 {gain:.3f}, R@10 {recall:.3f} ({count} tools)")
    return int(min(rates) < LIMIT)


def development_tools() -> tuple[list[Tool], list[dict[str, list[str]]]]:
    """Return tools and their terms."""
    chosen = set((DATA / "dev_ids.txt").read_text(encoding="utf-8").split())
    with gzip.open(DATA / "gold_canonical_train.json.gz", "rt", encoding="utf-8") as handle:
        terms: dict[str, Any] = json.load(handle)
    with gzip.open(DATA / "biotools_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["id"] in chosen and row.get("confidence_flag") != "tool"]
    rows = rows[::EVERY]
    return [Tool(row["name"], row["description"]) for row in rows], [terms.get(row["id"], {}) for row in rows]


def accuracy(
    matcher: LexicalMatcher, tools: Sequence[Tool], gold: Sequence[dict[str, list[str]]], branch: str
) -> tuple[float, float, int]:
    """Return mean nDCG@10 and R@10 over the tools that have terms in a branch, and their number."""
    discount = 1 / np.log2(np.arange(2, TOP + 2))
    gains, recalls = [], []
    for tool, terms in zip(tools, gold, strict=True):
        wanted = set(terms.get(branch, ()))
        if not wanted:
            continue
        found = matcher.match(tool, branches=[branch], top=TOP, all_classes=True)["term_id"]
        hits = np.array([term in wanted for term in found], float)
        gains.append(float(hits @ discount[: len(hits)] / discount[: len(wanted)].sum()))
        recalls.append(float(hits.sum()) / len(wanted))
    return float(np.mean(gains)), float(np.mean(recalls)), len(gains)


if __name__ == "__main__":
    raise SystemExit(main())
