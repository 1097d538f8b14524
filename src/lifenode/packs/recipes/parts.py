"""What recipes hand to each other, and how the parts become one pack."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from lifenode.packs.build import PackContent, build_date
from lifenode.packs.catalog import Facts, Organism
from lifenode.packs.contract import source_rank
from lifenode.packs.manifest import TABLE_SOURCES


class Dropped:
    """Counts of the rows left out, by source and reason; nothing is dropped in silence."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {}

    def add(self, source: str, reason: str, count: int) -> None:
        """Count `count` rows of `source` left out for `reason`."""
        if count:
            self._counts.setdefault(source, Counter())[reason] += count

    def keep(self, rows: pl.DataFrame, condition: pl.Expr, reason: str) -> pl.DataFrame:
        """Return the `rows` that meet `condition` and count the others by their column ``source``."""
        marked = rows.with_columns(kept=condition.fill_null(False))
        for source, count in marked.filter(~pl.col("kept")).group_by("source").len().rows():
            self.add(source, reason, count)
        return marked.filter("kept").drop("kept")

    def of(self, source: str) -> dict[str, int]:
        """Return the counts of one source, by reason in alphabetical order."""
        return dict(sorted(self._counts.get(source, Counter()).items()))


@dataclass
class Part:
    """Terms and annotations of one or more sources of the same origin.

    Parameters
    ----------
    terms
        Columns source, term_id, name and parents (list of term ids).
    annotations
        Columns source, term_id, gene (row of the genes table) and evidence.
    """

    terms: pl.DataFrame
    annotations: pl.DataFrame


def assemble(
    organism: Organism,
    release: str,
    genes: pl.DataFrame,
    identifiers: pl.DataFrame,
    parts: Sequence[Part],
    facts: Mapping[str, Facts],
    dropped: Dropped,
    *,
    built: str | None = None,
) -> PackContent:
    """Number the terms, turn parents and annotations into row indexes, and gather the provenance."""
    terms = _ordered(pl.concat([part.terms for part in parts]))
    numbers = terms.select("source", "term_id", term=pl.int_range(pl.len(), dtype=pl.Int32))
    annotations = (
        pl.concat([part.annotations for part in parts])
        .join(numbers, on=["source", "term_id"], how="inner")
        .select("term", "gene", "evidence")
        .unique()
        .sort("term", "gene", "evidence")
    )
    present = set(terms["source"].unique())
    told = [code for code in facts if code in present or code in TABLE_SOURCES]
    return PackContent(
        organism=organism.to_dict(),
        release=release,
        genes=genes,
        identifiers=identifiers,
        terms=_numbered_parents(terms, numbers),
        annotations=annotations,
        sources={code: facts[code].to_dict(dropped.of(code)) for code in sorted(told, key=source_rank)},
        evidence_note=organism.evidence_note,
        built=built or build_date(),
    )


def _ordered(terms: pl.DataFrame) -> pl.DataFrame:
    ranks: Iterable[str] = sorted(terms["source"].unique(), key=source_rank)
    rank = {source: position for position, source in enumerate(ranks)}
    return terms.sort(pl.col("source").replace_strict(rank, return_dtype=pl.Int32), "term_id")


def _numbered_parents(terms: pl.DataFrame, numbers: pl.DataFrame) -> pl.DataFrame:
    # Parents are looked up by term id alone: part_of leads from one branch of GO to another.
    row = pl.int_range(pl.len(), dtype=pl.Int32).alias("row")
    pairs = (
        terms.with_row_index("child")
        .select("child", term_id="parents")
        .explode("term_id")
        .drop_nulls()
        .join(numbers.select("term_id", "term"), on="term_id", how="inner")
        .group_by("child")
        .agg(parents=pl.col("term").unique().sort())
    )
    return (
        terms.select(row.cast(pl.UInt32).alias("child"), "source", "term_id", "name")
        .join(pairs, on="child", how="left", maintain_order="left")
        .with_columns(pl.col("parents").fill_null(pl.lit([], dtype=pl.List(pl.Int32))))
        .select("source", "term_id", "name", "parents")
    )
