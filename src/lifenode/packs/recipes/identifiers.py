"""The identifiers table: every name of every gene, by namespace."""

from __future__ import annotations

import polars as pl

from lifenode.packs.contract import SCHEMAS
from lifenode.packs.recipes.genes import numbered
from lifenode.packs.recipes.parts import Dropped

# What upstreams write for "nothing"; NEWENTRY is NCBI's symbol for a record without one.
_NOTHING = ("", "-", "NEWENTRY")


class Identifiers:
    """Collects identifiers for a genes table.

    Parameters
    ----------
    genes
        The genes table of the pack.
    dropped
        Where rows left out are counted, under ``identifiers``.
    """

    def __init__(self, genes: pl.DataFrame, dropped: Dropped) -> None:
        self._genes = genes
        self._numbers = numbered(genes)
        self._dropped = dropped
        self._frames: list[pl.DataFrame] = []

    def add(self, namespace: str, table: pl.DataFrame, column: str, *, gene_id: str = "gene_id") -> None:
        """Add `column` of `table`, cells holding one identifier or several joined by ``|``, for the genes in `gene_id`.

        Blank cells and genes that are not in the pack are left out; the latter are counted.
        """
        rows = (
            table.select(gene_id=gene_id, identifier=pl.col(column).str.split("|"))
            .explode("identifier")
            .drop_nulls()
            .with_columns(pl.col("identifier").str.strip_chars(' "'))
            .filter(~pl.col("identifier").is_in(_NOTHING))
        )
        known = rows.join(self._numbers, on="gene_id")
        self._dropped.add("identifiers", f"{namespace} of a gene that is not in the pack", rows.height - known.height)
        self._frames.append(known.select(pl.lit(namespace).alias("namespace"), "identifier", "gene"))

    def add_through(
        self, namespace: str, table: pl.DataFrame, column: str, *, key: str, via: str = "ENTREZGENE"
    ) -> None:
        """Add `column` of `table` whose rows name their gene by an identifier `key` of the namespace `via`."""
        genes = self._genes.select("gene_id", gene=pl.int_range(pl.len(), dtype=pl.Int32))
        links = self.links(via, primary=False).rename({"identifier": key}).join(genes, on="gene")
        known = table.join(links.select(key, "gene_id"), on=key, how="inner")
        given = pl.col(column).is_not_null() & ~pl.col(column).is_in(_NOTHING)
        orphans = table.filter(given).join(links, on=key, how="anti").height
        self._dropped.add("identifiers", f"{namespace} row whose {via} is not in the pack", orphans)
        self.add(namespace, known, column)

    def links(self, namespace: str, *, primary: bool = True) -> pl.DataFrame:
        """Return identifier and gene for one namespace; by default without genes off the primary assembly."""
        frames = [frame for frame in self._frames if frame["namespace"].first() == namespace]
        empty = pl.DataFrame(schema={"identifier": pl.String, "gene": pl.Int32})
        found = pl.concat([empty, *(frame.select("identifier", "gene") for frame in frames)]).unique()
        if primary:
            found = found.filter(self._genes["primary_assembly"].gather(found["gene"]))
        return found.sort("identifier", "gene")

    def table(self) -> pl.DataFrame:
        """Return the identifiers table of the contract.

        A gene_id no namespace has (``NCBI:<GeneID>`` of a gene without a better name) is listed as an alias, so that
        what a result calls a gene can always be looked up.
        """
        named = pl.concat(self._frames)
        own = self._numbers.select(pl.lit("ALIAS").alias("namespace"), "gene", identifier="gene_id")
        nameless = own.join(named, on=["identifier", "gene"], how="anti")
        return (
            pl.concat([named, nameless.select(named.columns)])
            .select(pl.col(column).cast(kind) for column, kind in SCHEMAS["identifiers"].items())
            .unique()
            .sort("namespace", "identifier", "gene")
        )
