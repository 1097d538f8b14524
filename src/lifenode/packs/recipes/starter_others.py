"""Starter packs of the organisms whose genes come from elsewhere: yeast, zebrafish, thale cress."""

from __future__ import annotations

import polars as pl

from lifenode.packs.recipes.genes import conform, cross_references, ncbi_genes, yeast_genes
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped
from lifenode.packs.recipes.starter_animals import Made, flagged_go, pathways
from lifenode.packs.recipes.tables import Tables

_AGI_CODE = r"(?i)^AT[1-5CM]G\d{5}$"


def yeast(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of yeast (systematic names as gene ids)."""
    features = tables.yeast("genes_scerevisiae_sgd_2020-10")
    gene_info = tables.gene_info("ncbi_gene_info_scerevisiae", 559292)
    named = cross_references(gene_info, "SGD").join(
        features.select("orf", identifier="sgdid"), on="identifier", how="inner"
    )
    gene_info = gene_info.join(named.select("GeneID", gene_id="orf"), on="GeneID", how="inner")
    full = gene_info.select("gene_id", name="Full_name_from_nomenclature_authority").filter(pl.col("name") != "-")
    genes = yeast_genes(features, full.unique("gene_id", keep="first", maintain_order=True))
    names = Identifiers(genes, dropped)
    for namespace in ("ENSG", "ORF"):
        names.add(namespace, genes, "gene_id")
    names.add("SYMBOL", genes, "symbol")
    names.add("SGD", features, "sgdid", gene_id="orf")
    names.add("ALIAS", features, "aliases", gene_id="orf")
    for namespace, column in {"ENTREZGENE": "GeneID", "ALIAS": "Synonyms", "LOCUSTAG": "LocusTag"}.items():
        names.add(namespace, gene_info, column)
    go = flagged_go(tables, "scerevisiae", names.links("ENTREZGENE"), dropped)
    return genes, names.table(), [go, *pathways(tables, "Saccharomyces cerevisiae", names, dropped)]


def zebrafish(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of zebrafish (no coordinates at hand)."""
    gene_info = tables.gene_info("ncbi_gene_info_drerio", 7955)
    keyed = ncbi_genes(gene_info, ["Ensembl", "ZFIN"])
    genes = keyed.drop("GeneID")
    names = Identifiers(genes, dropped)
    names.add("ENTREZGENE", keyed, "GeneID")
    names.add("SYMBOL", genes, "symbol")
    for namespace, kind in {"ENSG": "Ensembl", "ZFIN": "ZFIN"}.items():
        names.add_through(namespace, cross_references(gene_info, kind), "identifier", key="GeneID")
    names.add_through("ALIAS", gene_info, "Synonyms", key="GeneID")
    names.add_through("LOCUSTAG", gene_info, "LocusTag", key="GeneID")
    go = flagged_go(tables, "drerio", names.links("ENTREZGENE"), dropped)
    return genes, names.table(), [go, *pathways(tables, "Danio rerio", names, dropped)]


def thale_cress(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of Arabidopsis, as far as annotations name them.

    No gene table is at hand: a gene is known by its AGI code where that is its symbol, by its Entrez id otherwise.
    """
    listed = tables.annotations("go_annotations_athaliana_gene2go_2018-10").select("symbol", entrez="key").unique()
    code = pl.col("symbol").str.contains(_AGI_CODE)
    unique = pl.len().over(pl.col("symbol").str.to_uppercase()) == 1
    keyed = listed.with_columns(
        gene_id=pl.when(code & unique)
        .then(pl.col("symbol").str.to_uppercase())
        .otherwise(pl.concat_str(pl.lit("NCBI:"), "entrez"))
    )
    genes = conform(keyed.unique("gene_id").select("gene_id", "symbol"))
    names = Identifiers(genes, dropped)
    names.add("SYMBOL", genes, "symbol")
    names.add("ENTREZGENE", keyed, "entrez")
    names.add("AGI", keyed.filter(code), "symbol")
    go = flagged_go(tables, "athaliana", names.links("ENTREZGENE"), dropped)
    return genes, names.table(), [go, *pathways(tables, "Arabidopsis thaliana", names, dropped)]
