"""Fine mapping asked of a catalogue: credible sets, signals, log Bayes factors, results of permutations."""

from __future__ import annotations

from typing import Any

import polars as pl

from lifenode.eqtl.catalogue_base import CatalogueBase
from lifenode.eqtl.columns import LBF, PERMUTED
from lifenode.eqtl.gene_names import genes_named
from lifenode.eqtl.query import Deadline, Query, RegionLike, Several, region_of, several
from lifenode.eqtl.query_rows import Rows
from lifenode.eqtl.query_sets import credible_set_rows, signal_rows, table_rows
from lifenode.eqtl.query_stream import sites_of
from lifenode.errors import InvalidOption


class FineMapping(CatalogueBase):
    """The part of `lifenode.eqtl.Catalogue` that answers from fine mapping."""

    def credible_sets(
        self, gene: Several = None, *, molecular_trait: Several = None, cs_id: Several = None, variant: Several = None,
        rsid: Several = None, region: RegionLike | None = None, dataset: Several = None, min_pip: float = 0.0,
        limit: int | None = None, seconds: float | None = None, **filters: Several,
    ) -> Rows:  # fmt: skip
        """Return the variants of credible sets; parameters as in `associations`, `min_pip` the smallest PIP."""
        state = self.state()
        query = Query(
            tuple(genes_named(gene).values()),
            several(molecular_trait),
            sites_of(self._store, state, variant, rsid),
            region_of(region),
        )
        names = self._held(state, dataset, filters)
        rows, lost = credible_set_rows(
            self._store, state, query, names, several(cs_id), min_pip, self._most(limit) + 1, Deadline(seconds)
        )
        return self._limited(rows, lost, limit)

    def signals(
        self, gene: Several = None, *, molecular_trait: Several = None, region: RegionLike | None = None,
        dataset: Several = None, limit: int | None = None, seconds: float | None = None, **filters: Several,
    ) -> Rows:  # fmt: skip
        """Return a row a credible set, with its variant of highest PIP; parameters as in `associations`."""
        state = self.state()
        query = Query(tuple(genes_named(gene).values()), several(molecular_trait), None, region_of(region))
        names, most = self._held(state, dataset, filters), self._most(limit) + 1
        rows, lost = signal_rows(self._store, state, query, names, most, Deadline(seconds))
        return self._limited(rows, lost, limit)

    def lbf(
        self, molecular_trait: Several = None, *, gene: Several = None, region: RegionLike | None = None,
        dataset: Several = None, limit: int | None = None, seconds: float | None = None, **filters: Several,
    ) -> Rows:  # fmt: skip
        """Return the log Bayes factors of the ten signals of traits, variant by variant, as colocalisation takes them.

        They are kept as float32, that is with seven digits. Parameters as in `associations`; of a gene come the traits
        that have a credible set.
        """
        state, deadline = self.state(), Deadline(seconds)
        traits, within = several(molecular_trait), region_of(region)
        if several(gene):
            chosen: dict[str, Any] = {"dataset": dataset, "seconds": seconds, **filters}
            own = self.signals(gene, **chosen).to_polars()["molecular_trait_id"]
            traits = tuple(name for name in own.unique().sort() if not traits or name in traits)
        elif not traits and within is None:
            raise InvalidOption(
                "Log Bayes factors are asked for by trait, gene or region.", value=molecular_trait,
                next_step="Name a molecular trait, a gene or a region.",
            )  # fmt: skip
        wanted = pl.lit(True)
        if traits or several(gene):
            wanted = wanted & pl.col("molecular_trait_id").is_in(list(traits))
        if within is not None:
            here = pl.col("position").is_between(within.start, within.end)
            wanted = wanted & here & (pl.col("chromosome") == within.chromosome)
        names, most = self._held(state, dataset, filters), self._most(limit) + 1
        return self._limited(*table_rows(self._store, state, "lbf", wanted, names, LBF, most, deadline), limit)

    def permuted(
        self, gene: Several = None, *, molecular_trait: Several = None, dataset: Several = None,
        limit: int | None = None, seconds: float | None = None, **filters: Several,
    ) -> Rows:  # fmt: skip
        """Return the results of permutations: one row a gene (or group of traits), with its strongest variant.

        Parameters as in `associations`.
        """
        state, deadline = self.state(), Deadline(seconds)
        genes, traits = tuple(genes_named(gene).values()), several(molecular_trait)
        wanted = pl.lit(True)
        if genes:
            wanted = wanted & pl.col("molecular_trait_object_id").is_in(list(genes))
        if traits:
            wanted = wanted & pl.col("molecular_trait_id").is_in(list(traits))
        names, most = self._held(state, dataset, filters), self._most(limit) + 1
        return self._limited(
            *table_rows(self._store, state, "permuted", wanted, names, PERMUTED, most, deadline), limit
        )
