"""Phenotypes of human disease genes, from the Human Phenotype Ontology."""

from __future__ import annotations

import polars as pl

from lifenode.packs.recipes.annotations import on_genes, on_live_terms
from lifenode.packs.recipes.ontology import Ontology
from lifenode.packs.recipes.parts import Dropped, Part


def phenotypes(pairs: pl.DataFrame, ontology: Ontology, links: pl.DataFrame, dropped: Dropped) -> Part:
    """Return the source HP.

    Parameters
    ----------
    pairs
        Columns key (Entrez Gene id) and term_id; the diseases a pair comes from are not kept.
    ontology
        The phenotype graph. Its root "All" stays: it is a term like any other there.
    links
        Columns identifier (Entrez Gene id) and gene.
    dropped
        Counts pairs on obsolete terms and of genes that are not in the pack.
    """
    rows = pairs.select(pl.lit("HP").alias("source"), "key", "term_id", pl.lit("").alias("evidence")).unique()
    rows = on_live_terms(rows, ontology, dropped)
    return Part(ontology.terms, on_genes(rows, links, dropped))
