"""Propagation of annotations as slowly and plainly as it can be written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def lineage(term: int, parents: Sequence[Sequence[int]]) -> set[int]:
    """Return `term` and everything above it, by climbing every path."""
    found = {term}
    for parent in parents[term]:
        found |= lineage(parent, parents)
    return found


def propagated(
    rows: Iterable[tuple[int, int, str]], parents: Sequence[Sequence[int]]
) -> Mapping[tuple[int, int], set[str]]:
    """Return the evidence codes of every pair of a term and a gene, from direct rows (term, gene, code)."""
    pairs: dict[tuple[int, int], set[str]] = {}
    for term, gene, code in rows:
        for above in lineage(term, parents):
            codes = pairs.setdefault((above, gene), set())
            if code:
                codes.add(code)
    return pairs
