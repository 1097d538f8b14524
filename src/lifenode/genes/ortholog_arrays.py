"""From a pack's table of orthologs to arrays that are mapped: the pairs with one other organism."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lifenode.packs.arrays import Arrays, Strings
from lifenode.packs.catalog import ORTHOLOG_SOURCES

if TYPE_CHECKING:
    import polars as pl

    from lifenode.packs.pack import Pack

_COLUMNS = ("id", "symbol", "name", "primary")


def ortholog_arrays(pack: Pack, to: str, target: Pack | None) -> Arrays:
    """Return the pairs of a gene of `pack` and a gene of the organism `to`, sorted by gene, source and id.

    Parameters
    ----------
    pack
        The pack that holds the table.
    to
        Organism id.
    target
        The pack of that organism, where there is one: ids, symbols and names are then those it has.

    Returns
    -------
    Mapping
        ``gene``, ``target``, ``source`` (index into `ORTHOLOG_SOURCES`), ``count`` (databases) and the strings
        ``support`` of each pair; ``primary`` and the strings ``ids``, ``symbols`` and ``names`` of each target.
    """
    import polars as pl

    from lifenode.packs.recipes.orthologs import joined_support

    rows = pack.table("orthologs").filter(pl.col("target_organism") == to)
    rows = _as_stated(rows) if target is None else _in_pack(_as_stated(rows), target)
    targets = rows.select(_COLUMNS).unique("id", keep="first", maintain_order=True).sort("id")
    numbers = targets.select("id", target=pl.int_range(pl.len(), dtype=pl.Int32))
    ranks = {source: rank for rank, source in enumerate(ORTHOLOG_SOURCES)}
    pairs = (
        joined_support(rows.join(numbers, on="id"), ["gene", "source", "target"])
        .with_columns(pl.col("source").replace_strict(ranks, return_dtype=pl.Int8))
        .sort("gene", "source", "target")
    )
    databases = pairs["support"].str.count_matches("|", literal=True) + 1
    return {
        **Strings.from_list(targets["id"].to_list(), "ids"),
        **Strings.from_list(targets["symbol"].to_list(), "symbols"),
        **Strings.from_list(targets["name"].to_list(), "names"),
        **Strings.from_list(pairs["support"].to_list(), "support"),
        "primary": targets["primary"].to_numpy(),
        "gene": pairs["gene"].to_numpy(),
        "target": pairs["target"].to_numpy(),
        "source": pairs["source"].to_numpy(),
        # However many groups of HomoloGene hold a pair, it is one database.
        "count": np.where(pairs["source"].to_numpy() == 0, databases.to_numpy(), 1).astype(np.int16),
    }


def _as_stated(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with id, symbol, name and primary as the sources state them.

    A gene may come under several ids: HomoloGene knows Entrez ids only, and HCOP states dog genes by the Ensembl ids of
    two assemblies. Rows with the same Entrez id get the Ensembl id stated most often with it.
    """
    import polars as pl

    given = (pl.col("target_gene") != "") & (pl.col("target_entrez") != "")
    stated = rows.filter(given).group_by("target_entrez", stated="target_gene").len()
    stated = stated.sort("len", "stated", descending=[True, False]).unique(
        "target_entrez", keep="first", maintain_order=True
    )
    own = pl.when(pl.col("target_gene") != "").then("target_gene")
    return rows.join(stated.drop("len"), on="target_entrez", how="left", maintain_order="left").with_columns(
        id=pl.coalesce("stated", own, "target_entrez"), symbol="target_symbol", name=pl.lit(""), primary=pl.lit(True)
    )


def _in_pack(rows: pl.DataFrame, target: Pack) -> pl.DataFrame:
    """Return `rows` with id, symbol and name of the pack `target`; what it does not have stays as stated.

    An Ensembl id decides which gene is meant, an Entrez id where the pack has no such gene, and a symbol that only one
    gene has where it has neither. An Entrez id of several genes stands for the one an identifier would be settled on.
    """
    import polars as pl

    genes = target.genes()
    order = pl.DataFrame(
        {
            "number": np.arange(len(genes), dtype=np.int32),
            "primary_gene": genes.primary,
            "annotations": genes.go_annotations,
            "gene_id": genes.gene_ids.to_list(),
            "known_symbol": genes.symbols.to_list(),
            "known_name": genes.names.to_list(),
        }
    )
    names = target.table("identifiers").with_columns(pl.col("namespace").cast(pl.String)).rename({"gene": "number"})
    names = names.join(order.select("number", "primary_gene", "annotations"), on="number", how="left")
    names = names.sort("primary_gene", "annotations", "number", descending=[True, True, False])
    number = pl.lit(None, pl.Int32)
    for namespace, column in (("ENSG", "target_gene"), ("ENTREZGENE", "target_entrez"), ("SYMBOL", "target_symbol")):
        known = names.filter((pl.col("namespace") == namespace) & (pl.col("identifier") != ""))
        if namespace == "SYMBOL":
            known = known.filter(pl.len().over("identifier") == 1)
        best = known.unique("identifier", keep="first", maintain_order=True)
        best = best.select(pl.col("identifier").alias(column), pl.col("number").alias(f"by_{namespace}"))
        rows = rows.join(best, on=column, how="left", maintain_order="left")
        number = pl.coalesce(number, f"by_{namespace}")
    rows = rows.with_columns(number=number).join(order, on="number", how="left", maintain_order="left")
    return rows.with_columns(
        id=pl.coalesce("gene_id", "id"),
        symbol=pl.coalesce("known_symbol", "symbol"),
        name=pl.coalesce("known_name", "name"),
        primary=pl.coalesce("primary_gene", "primary"),
    )
