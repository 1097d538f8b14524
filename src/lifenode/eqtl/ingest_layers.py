"""What is sorted over all data sets of a release: bins of variants, credible sets by gene and by place, rsids."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import polars as pl

from lifenode.eqtl.columns import CHROMOSOMES, CREDIBLE_SET_EXTRAS, CREDIBLE_SETS
from lifenode.eqtl.ingest_aside import HELD_ROWS
from lifenode.eqtl.ingest_bins import sorted_bins
from lifenode.eqtl.ingest_parts import PartWriter
from lifenode.eqtl.layout import Layer, Manifest, Part, folder_of
from lifenode.eqtl.store import Store, new_generation

# Layers are read one by one, so that there must not be many; all are made into one when there are more.
_MOST_LAYERS = 8
_RSIDS = 1_000_000


def update_layers(store: Store, release: str) -> Layer | None:
    """Cover the data sets of a release that no layer has in their present generation; return the layer made."""
    manifests = [
        manifest
        for (of, _), manifest in store.manifests().items()
        if of == release and isinstance(manifest, Manifest) and not store.missing(_files(manifest))
    ]
    layers = store.layers(release)
    covered = {(name, generation) for layer in layers for name, generation in layer.generations.items()}
    new = [manifest for manifest in manifests if (manifest.dataset_id, manifest.generation) not in covered]
    if not new:
        return None
    merged = len(layers) >= _MOST_LAYERS
    return _write_layer(store, release, manifests if merged else new, layers if merged else [])


def _write_layer(store: Store, release: str, manifests: list[Manifest], replaced: list[Layer]) -> Layer:
    generation = new_generation()
    incoming = store.incoming(generation)
    with PartWriter(incoming, generation) as writer:
        maker = _LayerMaker(store.path, release, manifests, writer)
        for chromosome in CHROMOSOMES:
            maker.variant_bins(chromosome)
            maker.credible_sets(chromosome)
            maker.rsids(chromosome)
    names = sorted(store.path.glob(f"manifest/release={release}/_layers/*.json"))
    number = 1 + max((int(path.stem.split("-")[0]) for path in names), default=0)
    covered = {manifest.dataset_id: manifest.generation for manifest in manifests}
    layer = Layer(release, f"{number:06d}-{generation}", covered, writer.tables)
    store.publish_layer(layer, incoming, replaced)
    return layer


class _LayerMaker:
    def __init__(self, store: Path, release: str, manifests: list[Manifest], writer: PartWriter) -> None:
        self._store = store
        self._release = release
        self._manifests = manifests
        self._writer = writer

    def _parts(self, table: str, chromosome: str) -> list[tuple[str, Part]]:
        return [(each.dataset_id, part) for each in self._manifests for part in each.parts(table, chromosome)]

    def variant_bins(self, chromosome: str) -> None:
        """Write the rows of all data sets by position, alt and data set, in bins of a million bases."""
        parts = self._parts("assoc_pos", chromosome)
        for bin_, rows in sorted_bins(self._store, parts, self._writer.folder / "aside"):
            place = folder_of("variant_bins", self._release, chromosome=chromosome, bin_=bin_)
            span = {"first": rows["position"][0], "last": rows["position"][-1]}
            self._writer.write(rows, "variant_bins", place, chromosome=chromosome, **span)

    def credible_sets(self, chromosome: str) -> None:
        """Write the credible sets of all data sets by gene and by position, and a row a set."""
        parts = self._parts("credible_sets", chromosome)
        names = ["dataset_id", *CREDIBLE_SETS, *CREDIBLE_SET_EXTRAS]
        for rows in self._by(parts, "gene_id"):
            by_gene = rows.select(names).sort(
                ["gene_id", "dataset_id", "molecular_trait_id", "cs_id", "pip"],
                descending=[False, False, False, False, True], nulls_last=True, maintain_order=True,
            )  # fmt: skip
            self._put(by_gene, "credible_sets_by_gene", chromosome, "gene_id")
            self._put(signals_of(by_gene), "signals", chromosome, "gene_id")
        for rows in self._by(parts, "position"):
            by_place = rows.select(names).sort(
                "position", "alt", "dataset_id", "cs_id", nulls_last=True, maintain_order=True
            )
            self._put(by_place, "credible_sets_by_position", chromosome, "position")

    def _by(self, parts: list[tuple[str, Part]], column: str) -> Iterator[pl.DataFrame]:
        """Iterate over rows by stretches of a column that each fit in memory, those without a value last."""
        files = [(name, pl.scan_parquet(self._store / part.path)) for name, part in parts]
        if not files:
            return
        counts = [each.group_by(column).len().collect() for _, each in files]
        known = pl.concat(counts).drop_nulls(column).group_by(column).agg(pl.col("len").sum()).sort(column)
        number = (known["len"].cum_sum() - 1) // HELD_ROWS
        ends = known.group_by(number.alias("stretch"), maintain_order=True).agg(
            pl.col(column).first().alias("first"), pl.col(column).last().alias("last")
        )
        for first, last in ends.select("first", "last").iter_rows():
            yield _gathered(files, pl.col(column).is_between(pl.lit(first), pl.lit(last)))
        for _, own in groupby(sorted(files, key=itemgetter(0)), key=itemgetter(0)):
            without = _gathered(list(own), pl.col(column).is_null())
            if without.height:
                yield without

    def rsids(self, chromosome: str) -> None:
        """Write which variant each rsid is, by the number in it."""
        known: list[pl.DataFrame] = []
        for _, part in self._parts("variants", chromosome):
            known.append(
                pl.read_parquet(self._store / part.path, columns=["rsid", "position", "variant"])
                .drop_nulls("rsid")
                .with_columns(pl.col("rsid").str.split(","))
                .explode("rsid")
                .with_columns(rsid=pl.col("rsid").str.slice(2).cast(pl.Int64, strict=False))
            )
            # Data sets test the same variants: what they have in common is kept once, now and then.
            if sum(frame.height for frame in known[1:]) > max(known[0].height, _RSIDS):
                known = [pl.concat(known).unique()]
        table = pl.concat(known).unique().drop_nulls() if known else pl.DataFrame()
        if table.height:
            table = table.sort("rsid", "variant").with_columns(chromosome=pl.lit(chromosome))
            self._put(table, "rsids", chromosome, "rsid")

    def _put(self, rows: pl.DataFrame, table: str, chromosome: str, by: str) -> None:
        place = folder_of(table, self._release, chromosome=chromosome)
        span = {"first": rows[by].min(), "last": rows[by].max()}
        self._writer.write(rows, table, place, chromosome=chromosome, **span)


def _gathered(files: list[tuple[str, pl.LazyFrame]], wanted: pl.Expr) -> pl.DataFrame:
    """Return the rows of data sets that are wanted."""
    return pl.concat([each.filter(wanted).with_columns(dataset_id=pl.lit(name)).collect() for name, each in files])


def signals_of(sets: pl.DataFrame) -> pl.DataFrame:
    """Return a row a credible set: its size, its span, and the variant with the highest PIP."""
    first = [pl.col(name).first().alias(f"lead_{name}") for name in ("variant", "rsid", "pip", "pvalue", "beta", "se")]
    return sets.group_by("gene_id", "dataset_id", "molecular_trait_id", "cs_id", maintain_order=True).agg(
        pl.col("chromosome").first(), pl.col("region").first(), pl.col("cs_size").first(),
        pl.len().cast(pl.Int32).alias("variants"), pl.col("pip").sum().alias("pip_sum"),
        pl.col("cs_min_r2").first(), pl.col("position").first().alias("lead_position"), *first,
        pl.col("position").min().alias("first_position"), pl.col("position").max().alias("last_position"),
    )  # fmt: skip


def _files(manifest: Manifest) -> list[Part]:
    return [part for parts in manifest.tables.values() for part in parts]
