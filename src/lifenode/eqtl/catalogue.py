"""A catalogue that is asked: data sets, associations, credible sets, and a variant across all data sets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from lifenode.eqtl.catalogue_sets import FineMapping
from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.gene_names import genes_named
from lifenode.eqtl.query import Query, RegionLike, Several, nlog10_of, region_of, several
from lifenode.eqtl.query_rows import ASSOCIATION_COLUMNS, Rows, no_associations
from lifenode.eqtl.query_stream import AssociationStream, sites_of, split_by_rsid
from lifenode.errors import InvalidOption
from lifenode.settings import settings


class Catalogue(FineMapping):
    """A folder that `lifenode.eqtl.ingest` made.

    Parameters
    ----------
    path
        The folder; by default that of the settings, or until there is one a starter catalogue with a few real regions.
    release
        Take data sets from this release only, or from several; by default each from the newest that holds it.

    Raises
    ------
    UnreadableInput
        The folder is no catalogue.
    UnknownName
        It has no such release.

    Notes
    -----
    What is ingested while a catalogue is open is seen by the next query. A data set of which a file is missing or cut
    is left out and named in ``meta["unavailable"]``; the others answer. Filters that name several are passed by any
    of them; all filters have to be passed.

    Examples
    --------
    >>> from lifenode.eqtl import Catalogue
    >>> strongest = Catalogue().top_variants("ENSG00000113161")
    >>> strongest["variant"][0], float(strongest["pvalue"][0])
    ('chr5_75355259_A_G', 9.16783e-09)
    """

    def associations(
        self, gene: Several = None, *, molecular_trait: Several = None, variant: Several = None, rsid: Several = None,
        region: RegionLike | None = None, dataset: Several = None, p_value: float | None = None,
        nlog10p: float | None = None, limit: int | None = None, offset: int = 0, by_rsid: bool = False,
        seconds: float | None = None, **filters: Several,
    ) -> Rows:  # fmt: skip
        """Return associations.

        Parameters
        ----------
        gene
            Ensembl gene ids, whose versions are ignored, or symbols and other names of human genes.
        molecular_trait
            Traits.
        variant
            Variants such as ``chr1_109274968_G_T``, also of X, and with symbolic alleles.
        rsid
            rsids.
        region
            ``1:109000000-109500000`` or a tuple; 1-based, both ends inside.
        dataset, **filters
            Data sets; see `datasets`. By default all.
        p_value, nlog10p
            Largest p-value, or smallest -log10 of it.
        limit
            Most rows; by default ``max_association_rows`` of the settings.
        offset
            Rows to pass over.
        by_rsid
            A row for each rsid of a variant, as the files of the eQTL Catalogue have it.
        seconds
            Stop with an error after this time.

        Returns
        -------
        Rows
            Data set by data set; within one by trait and position where a gene or trait is named, else by position.
            ``meta["complete"]`` says whether there are no more.

        Raises
        ------
        InvalidOption
            A filter that cannot be understood, a name of several genes, or a p-value without a gene, trait, variant,
            rsid or region.
        UnknownName
            No data set has this id, or no gene this name.
        TookTooLong
            `seconds` have passed.
        """
        limit = settings().max_association_rows if limit is None else limit
        if limit < 0 or offset < 0:
            raise InvalidOption("limit and offset cannot be negative.", value=min(limit, offset))
        unavailable: dict[str, str] = {}
        frames: list[pl.DataFrame] = []
        left, passed, complete = limit, offset, True
        for frame in self.stream(
            gene, molecular_trait=molecular_trait, variant=variant, rsid=rsid, region=region, dataset=dataset,
            p_value=p_value, nlog10p=nlog10p, by_rsid=by_rsid, seconds=seconds, unavailable=unavailable,
            most=limit + offset + 1, **filters,
        ):  # fmt: skip
            own = frame[passed:]
            passed = max(0, passed - frame.height)
            frames.append(own[:left])
            if own.height > left:
                complete = False
                break
            left -= own.height
        rows = pl.concat(frames) if frames else no_associations()
        meta = {
            "catalogue": str(self.path), "releases": self.releases, "complete": complete, "unavailable": unavailable,
            "gene": list(genes_named(gene).values()), "molecular_trait": list(several(molecular_trait)),
            "variant": list(several(variant)), "rsid": list(several(rsid)), "region": str(region_of(region) or ""),
            "p_value": p_value, "nlog10p": nlog10p, "limit": limit, "offset": offset,
        }  # fmt: skip
        return Rows(rows, meta)

    def stream(
        self, gene: Several = None, *, molecular_trait: Several = None, variant: Several = None, rsid: Several = None,
        region: RegionLike | None = None, dataset: Several = None, p_value: float | None = None,
        nlog10p: float | None = None, by_rsid: bool = False, seconds: float | None = None,
        unavailable: dict[str, str] | None = None, most: int | None = None, **filters: Several,
    ) -> Iterator[pl.DataFrame]:  # fmt: skip
        """Iterate over associations as polars frames, without holding them; parameters as in `associations`.

        `unavailable` takes why a data set could not answer; no more than some `most` rows are looked for.
        """
        state, query, names = self.understood(
            gene, molecular_trait=molecular_trait, variant=variant, rsid=rsid, region=region, dataset=dataset,
            p_value=p_value, nlog10p=nlog10p, **filters,
        )  # fmt: skip
        lost = {} if unavailable is None else unavailable
        stream = AssociationStream(self._store, self.state)
        for frame in stream.frames(state, query, names, lost, most=most, seconds=seconds):
            yield split_by_rsid(frame) if by_rsid else frame

    def understood(
        self, gene: Several = None, *, molecular_trait: Several = None, variant: Several = None, rsid: Several = None,
        region: RegionLike | None = None, dataset: Several = None, p_value: float | None = None,
        nlog10p: float | None = None, **filters: Several,
    ) -> tuple[State, Query, list[str]]:  # fmt: skip
        """Return what is held, what is asked of it and of which data sets; parameters as in `associations`."""
        state = self.state()
        if p_value is not None:
            nlog10p = max(nlog10_of(p_value), nlog10p or 0.0)
        genes = tuple(genes_named(gene).values())
        sites = sites_of(self._store, state, variant, rsid)
        query = Query(genes, several(molecular_trait), sites, region_of(region), nlog10p)
        if nlog10p is not None and not (query.by_trait or query.by_place):
            raise InvalidOption(
                "A p-value alone would search everything.", value=nlog10p,
                next_step="Name a gene, a molecular trait, a variant, an rsid or a region as well.",
            )  # fmt: skip
        return state, query, self.names_of(dataset, filters)

    def count(self, gene: Several = None, **rest: Any) -> int:
        """Return how many rows `associations` has without limit; parameters as there, `limit` and `offset` excepted."""
        return sum(frame.height for frame in self.stream(gene, **rest))

    def phewas(self, variant: Several, **rest: Any) -> Rows:
        """Return the associations of a variant (or an rsid, or several) in all data sets; the strongest first.

        Further parameters as in `associations`.
        """
        found = self.associations(variant=variant, **rest)
        rows = found.to_polars().sort("nlog10p", descending=True, maintain_order=True)
        return Rows(rows, {**found.meta})

    def top_variants(self, gene: Several, n: int = 1, **rest: Any) -> Rows:
        """Return the `n` strongest associations of each trait of a gene in each data set; the strongest first.

        Further parameters as in `associations`, `limit` and `offset` excepted.
        """
        unavailable: dict[str, str] = {}
        frames = [no_associations()]
        key = ["dataset_id", "molecular_trait_id"]
        frames += [
            frame.sort("nlog10p", descending=True, maintain_order=True).group_by(key).head(n)
            for frame in self.stream(gene, unavailable=unavailable, **rest)
        ]
        # A trait can come in several frames.
        every = pl.concat([frame.select(ASSOCIATION_COLUMNS) for frame in frames])
        best = every.sort("nlog10p", descending=True, maintain_order=True).group_by(key).head(n)
        order = ["nlog10p", *key]
        rows = best.select(ASSOCIATION_COLUMNS).sort(order, descending=[True, False, False], maintain_order=True)
        return Rows(
            rows, {"catalogue": str(self.path), "gene": list(genes_named(gene).values()), "unavailable": unavailable}
        )
