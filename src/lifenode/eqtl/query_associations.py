"""Associations of one data set, by the shorter of two ways: its order by trait, or its order by position."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import polars as pl

from lifenode.eqtl.columns import TRAIT_COLUMNS, VARIANT_COLUMNS
from lifenode.eqtl.layout import Manifest, Part
from lifenode.eqtl.query import Query, Region
from lifenode.eqtl.query_blocks import BLOCKS
from lifenode.eqtl.query_marks import RANK, Mark
from lifenode.eqtl.query_places import needed, trait_places
from lifenode.eqtl.query_rows import ASSOCIATION_COLUMNS
from lifenode.eqtl.store import Store

# Rows that are joined to their variants at a time.
_PIECE_ROWS = 65_536
_EVERYTHING = Query()
_SLIM = ("variant_index", "pvalue", "beta", "se", "nlog10p")
_VARIANT = (*VARIANT_COLUMNS, "rsid")


def associations_of(
    store: Store, manifest: Manifest, query: Query, *, after: Mark | None = None, most: int | None = None
) -> Iterator[pl.DataFrame]:
    """Iterate over the rows of a data set that answer a query, with `ASSOCIATION_COLUMNS`.

    Rows come by trait where a gene or trait is named, else by position; always by position within a trait.

    Parameters
    ----------
    store, manifest
        The catalogue, and what it holds of the data set.
    query
        The question.
    after
        Go on with the rows from the place of this mark, of which the first ``after.given`` were given.
    most
        Rows that are wanted: more may come, but are not looked for.

    Raises
    ------
    LostFile
        A file that is needed is missing or cut.
    """
    places = trait_places(store, manifest, query)
    if places is None:
        yield from _by_position(store, manifest, query, after, most)
    elif places.height:
        yield from _by_trait(store, manifest, query, places, after, most)


def finished(rows: pl.DataFrame, dataset_id: str, query: Query) -> pl.DataFrame:
    """Return rows with the columns of an answer; -log10 p is exact where the p-value is a number."""
    rows = rows.with_columns(
        dataset_id=pl.lit(dataset_id) if "dataset_id" not in rows.columns else pl.col("dataset_id"),
        nlog10p=exact_nlog10p(),
    )
    if query.nlog10p is not None:
        rows = rows.filter(pl.col("nlog10p") >= query.nlog10p)
    return rows.select(ASSOCIATION_COLUMNS)


def exact_nlog10p() -> pl.Expr:
    """Return -log10 p: exactly that of the p-value, or where this is 0 the one that is stored."""
    exact = pl.when(pl.col("pvalue") > 0).then(-pl.col("pvalue").log10() + 0.0)
    return exact.otherwise(pl.col("nlog10p").cast(pl.Float64))


def _by_trait(
    store: Store, manifest: Manifest, query: Query, places: pl.DataFrame, after: Mark | None, most: int | None
) -> Iterator[pl.DataFrame]:
    spans = query.spans()
    if spans is not None:
        places = places.filter(pl.col("chromosome").is_in([span.chromosome for span in spans]))
    wanted = query.condition(with_traits=False)
    if after is not None:
        same = (pl.col("chromosome") == after.chromosome) & (pl.col("molecular_trait_id") == after.trait)
        places = places[places.select(same.arg_max()).item() :]
        wanted = wanted & (~same | (pl.col("position") >= after.position))
    few = most is not None and not query.by_place and query.nlog10p is None and after is None
    for piece in _pieces(places, min(most or 1, _PIECE_ROWS) if few else _PIECE_ROWS):
        found = _piece_rows(store, manifest, piece).filter(wanted)
        if found.height:
            yield finished(found, manifest.dataset_id, query)


def _pieces(places: pl.DataFrame, most: int) -> Iterator[pl.DataFrame]:
    """Cut places where their rows do not follow each other, and where they would become more than `most`."""
    piece: list[tuple[int, int, int]] = []  # place, first row, rows
    end, size, part = -1, 0, (None, None)
    for at, (chromosome, own, first, rows) in enumerate(
        places.select("chromosome", "part", "first_row", "rows").iter_rows()
    ):
        for begin in range(0, rows, most):
            count = min(most, rows - begin)
            if piece and (first + begin != end or size + count > most or part != (chromosome, own)):
                yield _piece(places, piece)
                piece, size = [], 0
            piece.append((at, first + begin, count))
            end, size, part = first + begin + count, size + count, (chromosome, own)
    if piece:
        yield _piece(places, piece)


def _piece(places: pl.DataFrame, cut: list[tuple[int, int, int]]) -> pl.DataFrame:
    at, first, rows = zip(*cut, strict=True)
    return places[list(at)].with_columns(
        first_row=pl.Series(first, dtype=pl.Int64), rows=pl.Series(rows, dtype=pl.Int64)
    )


def _piece_rows(store: Store, manifest: Manifest, piece: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of traits that lie behind each other in a file, with all columns."""
    chromosome = piece["chromosome"][0]
    part = manifest.parts("assoc_trait", chromosome)[int(piece["part"][0])]
    needed(store, [part])
    rows = BLOCKS.rows(store.path / part.path, piece["first_row"][0], int(piece["rows"].sum()), _SLIM)
    index = rows["variant_index"]
    first, last = int(str(index.min())), int(str(index.max()))
    variants = _variants(store, manifest, chromosome, first, last)
    trait = pl.Series(np.repeat(np.arange(piece.height), piece["rows"].to_numpy()))
    parts = [
        rows.drop("variant_index"),
        variants[index - first],
        piece.select(list(TRAIT_COLUMNS))[trait],
    ]
    return pl.concat(parts, how="horizontal")


def _variants(store: Store, manifest: Manifest, chromosome: str, first: int, last: int) -> pl.DataFrame:
    """Return the variants numbered `first` to `last`, in order."""
    parts = [part for part in manifest.parts("variants", chromosome) if part.first <= last and part.last >= first]
    needed(store, parts)
    frames = []
    for part in parts:
        begin = max(first - part.first, 0)
        count = min(last, part.last) - part.first + 1 - begin
        frames.append(BLOCKS.rows(store.path / part.path, begin, count, _VARIANT))
    return frames[0] if len(frames) == 1 else pl.concat(frames)


def parts_by_position(manifest: Manifest, spans: Sequence[Region] | None) -> list[Part]:
    """Return the files that rows of some stretches, or of all, can be in; in the order of answers."""
    parts = [
        part
        for part in manifest.parts("assoc_pos")
        if spans is None or any(part.meets(span.chromosome, span.start, span.end) for span in spans)
    ]
    return sorted(parts, key=lambda part: (RANK[part.chromosome], part.first))


def scanned(store: Store, part: Part, query: Query) -> pl.LazyFrame:
    """Return the rows of a file by position that pass a query, -log10 p by its rounded value."""
    lazy = pl.scan_parquet(store.path / part.path)
    inside = [span for span in query.spans() or () if part.meets(span.chromosome, span.start, span.end)]
    if inside:  # what polars compares with the statistics of row groups
        lazy = lazy.filter(
            pl.col("position") >= min(span.start for span in inside),
            pl.col("position") <= max(span.end for span in inside),
        )
    # A filter that all rows pass would still make polars read all of them where the first few are wanted.
    return lazy if query == _EVERYTHING else lazy.filter(query.condition(with_traits=True))


def _by_position(
    store: Store, manifest: Manifest, query: Query, after: Mark | None, most: int | None
) -> Iterator[pl.DataFrame]:
    parts = parts_by_position(manifest, query.spans())
    needed(store, parts)
    # By the rounded value some rows too many are found: how many have to be looked at is then not known.
    few = most if query.nlog10p is None else None
    for part in parts:
        begun = after is not None and part.chromosome == after.chromosome
        if after is not None and (RANK[part.chromosome] < after.rank or (begun and part.last < after.position)):
            continue
        lazy = scanned(store, part, query)
        if after is not None and begun:
            lazy = lazy.filter(pl.col("position") >= after.position)
        found = (lazy if few is None else lazy.head(few)).collect()
        if found.height:
            yield finished(found, manifest.dataset_id, query)
            if few is not None and found.height >= few:
                return
            few = None if few is None else few - found.height
