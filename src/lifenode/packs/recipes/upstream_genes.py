"""Genes and identifiers from the official files: Ensembl GTF, NCBI gene_info, HGNC."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from lifenode.packs.catalog import Organism
from lifenode.packs.readers import gtf, hgnc, ncbi
from lifenode.packs.recipes.genes import conform, cross_references, on_primary_assembly
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped

# Where Ensembl took the gene ids of an organism over from its own database.
_OWN_NAMESPACES = {
    "scerevisiae": "ORF",
    "dmelanogaster": "FLYBASE",
    "celegans": "WORMBASE",
    "athaliana": "AGI",
}

# Databases in NCBI's cross references, and the namespace of each. RGD is told by its bare number.
_REFERENCES = {
    "HGNC": "HGNC",
    "MGI": "MGI",
    "RGD": "RGD",
    "SGD": "SGD",
    "FLYBASE": "FLYBASE",
    "WormBase": "WORMBASE",
    "ZFIN": "ZFIN",
    "TAIR": "AGI",
}


def genes_and_names(
    organism: Organism, files: Mapping[str, Path], dropped: Dropped
) -> tuple[pl.DataFrame, Identifiers]:
    """Return the genes table and the identifiers.

    A human gene is called as HGNC calls it, others as Ensembl does; full names come from HGNC or NCBI, since the GTF
    has none.
    """
    models = gtf.genes_frame(files["gtf"])
    gene_info = ncbi.gene_info_frame(files["gene_info"], {organism.taxonomy_id})
    keyed = _keyed(gene_info, models)
    approved = _approved(files)
    genes = _genes(models, keyed, approved)
    names = Identifiers(genes, dropped)
    names.add("ENSG", genes, "gene_id")
    names.add("SYMBOL", genes, "symbol")
    if organism.id in _OWN_NAMESPACES:
        names.add(_OWN_NAMESPACES[organism.id], genes, "gene_id")
    for namespace in ("HGNC", "PREVIOUS_SYMBOL", "ALIAS", "UNIPROT", "REFSEQ", "ENTREZGENE"):
        names.add(namespace, approved, namespace)
    _add_ncbi(names, keyed, gene_info, dropped)
    return genes, names


def _keyed(gene_info: pl.DataFrame, models: pl.DataFrame) -> pl.DataFrame:
    """Return gene_info with the gene_id of each row, which stands among its cross references or is its locus tag."""
    tags = gene_info.select("GeneID", identifier="LocusTag")
    pairs = gene_info.select("GeneID", identifier=pl.col("dbXrefs").str.split("|")).explode("identifier")
    bare = pairs.with_columns(pl.col("identifier").str.replace("^[^:]*:", ""))
    links = pl.concat([tags, bare]).unique().join(models, left_on="identifier", right_on="gene_id", how="semi")
    return gene_info.join(links.rename({"identifier": "gene_id"}), on="GeneID").sort("gene_id", "GeneID")


def _approved(files: Mapping[str, Path]) -> pl.DataFrame:
    """Return HGNC's table: gene_id, symbol, name, and one column a namespace; empty for other organisms."""
    columns = ("gene_id", "symbol", "name", "HGNC", "PREVIOUS_SYMBOL", "ALIAS", "UNIPROT", "REFSEQ", "ENTREZGENE")
    if "hgnc" not in files:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    lists = {"PREVIOUS_SYMBOL": "previous", "ALIAS": "aliases", "UNIPROT": "uniprot", "REFSEQ": "refseq"}
    return (
        hgnc.genes_frame(files["hgnc"])
        .select(
            "symbol",
            "name",
            gene_id="ensembl_gene_id",
            HGNC="hgnc_id",
            ENTREZGENE="entrez_id",
            **{namespace: pl.col(column).list.join("|") for namespace, column in lists.items()},
        )
        .filter(pl.col("gene_id") != "")
        .select(columns)
    )


def _genes(models: pl.DataFrame, keyed: pl.DataFrame, approved: pl.DataFrame) -> pl.DataFrame:
    full = pl.col("Full_name_from_nomenclature_authority").replace("-", None)
    told = keyed.select("gene_id", full=full).drop_nulls("full").unique("gene_id", keep="first", maintain_order=True)
    official = approved.select("gene_id", official="symbol", name="name").unique("gene_id", keep="first")
    return conform(
        models.join(official, on="gene_id", how="left")
        .join(told, on="gene_id", how="left")
        .with_columns(
            symbol=pl.coalesce("official", "symbol"),
            name=pl.coalesce("name", "full"),
            primary_assembly=on_primary_assembly("chromosome"),
        )
    )


def _add_ncbi(names: Identifiers, keyed: pl.DataFrame, gene_info: pl.DataFrame, dropped: Dropped) -> None:
    curated = names.links("ENTREZGENE", primary=False)["identifier"]
    names.add("ENTREZGENE", keyed.filter(~pl.col("GeneID").is_in(curated.implode())), "GeneID")
    symbols = names.links("SYMBOL", primary=False)["identifier"]
    names.add("ALIAS", keyed.filter(~pl.col("Symbol").is_in(symbols.implode())), "Symbol")
    names.add("ALIAS", keyed, "Synonyms")
    names.add("LOCUSTAG", keyed, "LocusTag")
    for database, namespace in _REFERENCES.items():
        found = cross_references(gene_info, database).join(keyed.select("GeneID", "gene_id"), on="GeneID")
        prefix = pl.lit("RGD:" if database == "RGD" else "")
        names.add(namespace, found.with_columns(identifier=pl.concat_str(prefix, "identifier")), "identifier")
    unplaced = gene_info.join(keyed, on="GeneID", how="anti").join(
        names.links("ENTREZGENE", primary=False), left_on="GeneID", right_on="identifier", how="anti"
    )
    dropped.add("identifiers", "NCBI gene that is not in the pack", unplaced.height)
