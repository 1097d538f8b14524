"""The tools of the corpus with their texts, terms and groups."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_SHORTEST = 20
_MOST_PUBLICATIONS = 3


@dataclass(frozen=True)
class Corpus:
    """Tools: name, description, texts of publications, terms, whether for development, whether annotated by hand."""

    rows: list[dict[str, Any]]
    short: list[str]
    whole: list[str]
    terms: list[dict[str, list[str]]]
    development: npt.NDArray[np.bool_]
    by_hand: npt.NDArray[np.bool_]


def read_corpus(folder: Path) -> Corpus:
    """Read the tools that have a description."""
    with gzip.open(folder / "biotools_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if len(row["description"]) >= _SHORTEST]
    with gzip.open(folder / "gold_canonical_train.json.gz", "rt", encoding="utf-8") as handle:
        gold = json.load(handle)
    chosen = set((folder / "dev_ids.txt").read_text(encoding="utf-8").split())
    short = [f"{row['name']}. {row['description']}" for row in rows]
    return Corpus(
        rows=rows,
        short=short,
        whole=[" ".join([text, *_published(row)]) for text, row in zip(short, rows, strict=True)],
        terms=[gold.get(row["id"], {}) for row in rows],
        development=np.array([row["id"] in chosen for row in rows]),
        by_hand=np.array([row.get("confidence_flag") != "tool" for row in rows]),
    )


def _published(row: dict[str, Any]) -> list[str]:
    found = (row.get("publication") or [])[:_MOST_PUBLICATIONS]
    return [one[part] for one in found for part in ("title", "abstract") if one.get(part)]


def groups(rows: list[dict[str, Any]]) -> list[npt.NDArray[np.int64]]:
    """Return tools that share a homepage, a description or a publication, as groups of places."""
    above = list(range(len(rows)))

    def top(at: int) -> int:
        while above[at] != at:
            above[at] = above[above[at]]
            at = above[at]
        return at

    shared: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, row in enumerate(rows):
        page = re.sub(r"^https?://(www\.)?", "", (row.get("homepage") or "").lower()).split("#")[0].rstrip("/")
        shared["page", page].append(at)
        shared["text", " ".join(row["description"].lower().split())].append(at)
        for one in row.get("publication") or []:
            for kind in ("doi", "pmid", "pmcid"):
                if one.get(kind):
                    shared[kind, one[kind].lower()].append(at)
    for members in shared.values():
        if 2 <= len(members) <= 5:
            for other in members[1:]:
                above[top(other)] = top(members[0])
    found: dict[int, list[int]] = defaultdict(list)
    for at in range(len(rows)):
        found[top(at)].append(at)
    return [np.array(one) for one in found.values()]
