"""The variants that the data sets of a store have between two places."""

from __future__ import annotations

from functools import cached_property

import polars as pl

from lifenode.eqtl.layout import Manifest, Part
from lifenode.eqtl.store import Store

_SITES = {"position": pl.Int32, "ref": pl.String, "alt": pl.String}


class KnownVariants:
    """The variants of all data sets, GWAS and one more excepted.

    Parameters
    ----------
    store
        The store.
    but
        Data set to leave out: the one that is being ingested.
    """

    def __init__(self, store: Store, but: str) -> None:
        self._store = store
        self._but = but

    @cached_property
    def _files(self) -> list[tuple[Part, Part]]:
        """What holds positions, with what holds the variants of the same stretch."""
        found: list[tuple[Part, Part]] = []
        for (_, dataset_id), manifest in self._store.manifests().items():
            if not isinstance(manifest, Manifest) or dataset_id == self._but:
                continue
            if manifest.metadata["quant_method"] != "gwas" and not self._store.missing(manifest.parts("variants")):
                found += zip(manifest.parts("assoc_pos"), manifest.parts("variants"), strict=True)
        return found

    def between(self, chromosome: str, first: int, last: int) -> pl.DataFrame:
        """Return position, ref and alt of the variants from `first` to `last`, 1-based, both inside."""
        known = pl.DataFrame(schema=_SITES)
        for places, variants in self._files:
            if places.chromosome == chromosome and places.first <= last and places.last >= first:
                found = (
                    pl.scan_parquet(self._store.path / variants.path)
                    .filter(pl.col("position").is_between(first, last))
                    .select(list(_SITES))
                    .collect()
                )
                known = pl.concat([known, found]).unique()
        return known
