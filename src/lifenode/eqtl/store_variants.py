"""The variants that the data sets of a store have between two places."""

from __future__ import annotations

import polars as pl

from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.store import Store

_SITES = {"position": pl.Int32, "ref": pl.String, "alt": pl.String}


def known_variants(store: Store, but: str, chromosome: str, first: int, last: int) -> pl.DataFrame:
    """Return position, ref and alt of the variants of all data sets, GWAS and `but` excepted.

    Parameters
    ----------
    store
        The store.
    but
        Data set to leave out: the one that is being ingested.
    chromosome, first, last
        Where; positions are 1-based, and both are inside.
    """
    frames = [pl.DataFrame(schema=_SITES)]
    for (_, dataset_id), manifest in store.manifests().items():
        if dataset_id == but or not isinstance(manifest, Manifest) or manifest.metadata["quant_method"] == "gwas":
            continue
        spans = zip(manifest.parts("assoc_pos", chromosome), manifest.parts("variants", chromosome), strict=True)
        wanted = [variants for places, variants in spans if places.first <= last and places.last >= first]
        if wanted and not store.missing(wanted):
            found = (
                pl.scan_parquet([store.path / part.path for part in wanted])
                .filter(pl.col("position").is_between(first, last))
                .select(list(_SITES))
                .collect()
            )
            frames = [pl.concat([*frames, found]).unique()]
    return frames[0]
