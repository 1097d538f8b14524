"""The table of orthologs: from HCOP's pairs and HomoloGene's groups to rows of a pack."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifenode.packs.catalog import ORTHOLOG_SOURCES
from lifenode.packs.contract import SCHEMAS
from lifenode.packs.recipes.parts import Dropped

HCOP, HOMOLOGENE = ORTHOLOG_SOURCES

ORGANISMS = {
    3702: "athaliana",
    4896: "spombe",
    4932: "scerevisiae",
    6239: "celegans",
    7227: "dmelanogaster",
    7955: "drerio",
    8364: "xtropicalis",
    9031: "ggallus",
    9258: "oanatinus",
    9544: "mmulatta",
    9598: "ptroglodytes",
    9606: "hsapiens",
    9615: "clfamiliaris",
    9685: "fcatus",
    9796: "ecaballus",
    9823: "sscrofa",
    9913: "btaurus",
    10090: "mmusculus",
    10116: "rnorvegicus",
    13616: "mdomestica",
    28377: "acarolinensis",
}
"""Organism id by NCBI taxonomy id of the species, for the organisms of HCOP and those of HomoloGene at hand."""

_STATED = {
    "ensembl": pl.String,
    "entrez": pl.String,
    "symbol": pl.String,
    "target_taxon": pl.Int32,
    "target_gene": pl.String,
    "target_entrez": pl.String,
    "target_symbol": pl.String,
    "source": pl.String,
    "support": pl.String,
}

_HUMAN = 9606
# The catalogue numbers the strain whose genome is the reference, the sources of orthologs the species.
_SPECIES = {559292: 4932, 284812: 4896}

_NOT_HERE = "gene that is not in the pack"
_NAMELESS = "ortholog without an identifier"
_OTHER = "organism without an id"
_TWICE = "same pair in several rows, their support joined"
_PAIR = ["gene", "target_organism", "target_gene", "target_entrez", "target_symbol", "source"]


def orthologs_frame(
    taxonomy_id: int,
    identifiers: pl.DataFrame,
    hcop: pl.DataFrame | None,
    homologene: pl.DataFrame | None,
    dropped: Dropped,
) -> pl.DataFrame:
    """Return the table ``orthologs`` of the contract for one organism.

    Only pairs that a source states are taken; none is inferred through a third organism.

    Parameters
    ----------
    taxonomy_id
        The organism.
    identifiers
        That table of its pack; Ensembl ids, then Entrez ids, then symbols that only one gene has say which gene is
        meant.
    hcop
        Pairs as `lifenode.packs.readers.hcop.pairs_frame` returns them; human on one side.
    homologene
        Groups as `lifenode.packs.readers.homologene.groups_frame` returns them.
    dropped
        Gets the number of rows left out, by reason.
    """
    species = _SPECIES.get(taxonomy_id, taxonomy_id)
    taxon = pl.col("taxonomy_id").replace(_SPECIES)
    parts = [pl.DataFrame(schema=_STATED)]
    if hcop is not None:
        parts.append(_pairs(species, hcop.with_columns(taxon)))
    if homologene is not None:
        parts.append(_groups(species, homologene.with_columns(taxon)))
    rows = pl.concat(parts).with_row_index("row")
    genes = _own_genes(rows, identifiers)
    lost = rows.join(genes, on="row", how="anti")
    rows = rows.join(genes, on="row", how="inner")
    names = pl.DataFrame({"target_taxon": list(ORGANISMS), "target_organism": list(ORGANISMS.values())})
    rows = rows.join(names.cast({"target_taxon": pl.Int32}), on="target_taxon", how="left")
    elsewhere = rows.filter(pl.col("target_organism").is_null())
    rows = rows.drop_nulls("target_organism")
    named = (pl.col("target_gene") != "") | (pl.col("target_entrez") != "")
    for reason, left_out in ((_NOT_HERE, lost), (_OTHER, elsewhere), (_NAMELESS, rows.filter(~named))):
        _count(dropped, reason, left_out)
    rows = rows.filter(named)
    _count(dropped, _TWICE, rows.filter(~pl.struct(_PAIR).is_first_distinct()))
    return joined_support(rows, _PAIR).sort(*_PAIR, "support").cast(dict(SCHEMAS["orthologs"]))  # type: ignore[arg-type]


def joined_support(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return one row for each `key`, with the databases of all its rows in ``support``, in alphabetical order."""
    return (
        rows.select(*key, pl.col("support").str.split("|"))
        .explode("support")
        .unique()
        .group_by(key)
        .agg(pl.col("support").sort().str.join("|"))
    )


def _count(dropped: Dropped, reason: str, rows: pl.DataFrame) -> None:
    for source, count in rows.group_by("source").agg(pl.col("row").n_unique()).sort("source").rows():
        dropped.add("orthologs", f"{source}: {reason}", count)


def _pairs(taxonomy_id: int, hcop: pl.DataFrame) -> pl.DataFrame:
    """Return HCOP's pairs seen from one organism."""
    support = pl.col("support").list.join("|")
    human = {"ensembl": "human_ensembl", "entrez": "human_entrez", "symbol": "human_symbol"}
    other = {"ensembl": "ensembl", "entrez": "entrez", "symbol": "symbol"}
    mine, theirs = (human, other) if taxonomy_id == _HUMAN else (other, human)
    rows = hcop if taxonomy_id == _HUMAN else hcop.filter(pl.col("taxonomy_id") == taxonomy_id)
    target = pl.col("taxonomy_id") if taxonomy_id == _HUMAN else pl.lit(_HUMAN, pl.Int32)
    return rows.select(
        ensembl=pl.col(mine["ensembl"]),
        entrez=pl.col(mine["entrez"]),
        symbol=pl.col(mine["symbol"]),
        target_taxon=target,
        target_gene=pl.col(theirs["ensembl"]),
        target_entrez=pl.col(theirs["entrez"]),
        target_symbol=pl.col(theirs["symbol"]),
        source=pl.lit(HCOP),
        support=support,
    )


def _groups(taxonomy_id: int, homologene: pl.DataFrame) -> pl.DataFrame:
    """Return HomoloGene's pairs seen from one organism: all members of a group with each other."""
    mine = homologene.filter(pl.col("taxonomy_id") == taxonomy_id).select("group", "entrez", "symbol")
    theirs = homologene.filter(pl.col("taxonomy_id") != taxonomy_id).select(
        "group", target_taxon="taxonomy_id", target_entrez="entrez", target_symbol="symbol"
    )
    return mine.join(theirs, on="group", how="inner").select(
        ensembl=pl.lit(""),
        entrez="entrez",
        symbol="symbol",
        target_taxon="target_taxon",
        target_gene=pl.lit(""),
        target_entrez="target_entrez",
        target_symbol="target_symbol",
        source=pl.lit(HOMOLOGENE),
        support=pl.format("HomoloGene:{}", "group"),
    )


def _own_genes(rows: pl.DataFrame, identifiers: pl.DataFrame) -> pl.DataFrame:
    """Return row and gene; each identifier speaks only where the better ones before it name no gene."""
    names = identifiers.with_columns(pl.col("namespace").cast(pl.String))
    found, left = [pl.DataFrame(schema={"row": pl.UInt32, "gene": pl.Int32})], rows
    for namespace, column in (("ENSG", "ensembl"), ("ENTREZGENE", "entrez"), ("SYMBOL", "symbol")):
        known = names.filter(pl.col("namespace") == namespace).select("gene", pl.col("identifier").alias(column))
        if namespace == "SYMBOL":
            known = known.filter(pl.len().over(column) == 1)
        given = left.filter(pl.col(column) != "").join(known, on=column)
        found.append(given.select("row", "gene"))
        left = left.join(given, on="row", how="anti")
    return pl.concat(found)
