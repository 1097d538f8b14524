"""What is sorted over all data sets of a release: bins of variants, credible sets by gene and by place, rsids."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from lifenode.eqtl.columns import CHROMOSOMES
from lifenode.eqtl.ingest_bins import sorted_bins
from lifenode.eqtl.ingest_parts import PartWriter
from lifenode.eqtl.ingest_sets import rows_by_gene, rows_by_position, signals_of, traits_by_gene
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
        maker.places()
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
        files = [(name, self._store / part.path) for name, part in self._parts("credible_sets", chromosome)]
        for by_gene in rows_by_gene(files):
            self._put(by_gene, "credible_sets_by_gene", chromosome, "gene_id")
            self._put(signals_of(by_gene), "signals", chromosome, "gene_id")
        for by_place in rows_by_position(files):
            self._put(by_place, "credible_sets_by_position", chromosome, "position")

    def places(self) -> None:
        """Write where the rows of each gene are in every data set."""
        files = [
            (each.dataset_id, self._store / part.path) for each in self._manifests for part in each.parts("traits")
        ]
        for rows in traits_by_gene(files):
            span = {"first": rows["gene_id"][0], "last": rows["gene_id"][-1]}
            self._writer.write(rows, "places", folder_of("places", self._release), **span)

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


def _files(manifest: Manifest) -> list[Part]:
    return [part for parts in manifest.tables.values() for part in parts]
