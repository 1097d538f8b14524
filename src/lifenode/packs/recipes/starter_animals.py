"""Starter packs of the animals with an Ensembl gene table: mouse, rat, fly, worm, chicken."""

from __future__ import annotations

import polars as pl

from lifenode.packs.recipes.annotations import flagged, on_genes, on_live_terms, without_negations
from lifenode.packs.recipes.genes import cross_references, ensembl_genes
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped, Part
from lifenode.packs.recipes.pathways import gene_sets_in_forms, unambiguous, wikipathways
from lifenode.packs.recipes.tables import Tables

Made = tuple[pl.DataFrame, pl.DataFrame, list[Part]]


def mouse(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of mouse."""
    genes, names = _ensembl(tables, "mmusculus", dropped)
    mgi = tables.table("mgi_genes_grcm39_2024", "mgi_genes").filter(pl.col("Ensembl Gene ID").is_not_null())
    names.add("MGI", mgi, "MGI Accession ID", gene_id="Ensembl Gene ID")
    names.add("ENTREZGENE", mgi, "EntrezGene ID", gene_id="Ensembl Gene ID")
    names.add("ALIAS", _other_symbols(mgi, "Marker Symbol", names), "Marker Symbol", gene_id="Ensembl Gene ID")
    gene_info = tables.gene_info("ncbi_gene_info_mmusculus", 10090)
    _add_entrez(names, cross_references(gene_info, "Ensembl"))
    names.add_through("ALIAS", gene_info, "Synonyms", key="GeneID")
    homology = tables.table("mgi_mouse_human_homology_2024-11", "mgi_homology").filter(
        pl.col("NCBI Taxon ID") == "10090"
    )
    for namespace, column in {"UNIPROT": "SWISS_PROT IDs", "REFSEQ": "Nucleotide RefSeq IDs"}.items():
        piped = homology.with_columns(pl.col(column).str.replace_all(",", "|"))
        names.add_through(namespace, piped, column, key="EntrezGene ID")
    coded = tables.annotations("go_annotations_evidence_mmusculus_gene2go_2020-12")
    rows = on_live_terms(without_negations(coded, dropped), tables.go_2021, dropped)
    go = Part(tables.go_2021.terms, on_genes(rows, names.links("ENTREZGENE"), dropped))
    return genes, names.table(), [go, *pathways(tables, "Mus musculus", names, dropped)]


def rat(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of rat."""
    genes, names = _ensembl(tables, "rnorvegicus", dropped)
    return _flagged(tables, "rnorvegicus", "Rattus norvegicus", genes, names, dropped)


def chicken(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of chicken."""
    genes, names = _ensembl(tables, "ggallus", dropped)
    return _flagged(tables, "ggallus", "Gallus gallus", genes, names, dropped)


def worm(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of worm."""
    genes, names = _ensembl(tables, "celegans", dropped)
    names.add("WORMBASE", genes, "gene_id")
    return _flagged(tables, "celegans", "Caenorhabditis elegans", genes, names, dropped)


def fly(tables: Tables, dropped: Dropped) -> Made:
    """Return the genes, the identifiers and the annotated sources of fly."""
    genes, names = _ensembl(tables, "dmelanogaster", dropped)
    names.add("FLYBASE", genes, "gene_id")
    gene_info = tables.gene_info("ncbi_gene_info_dmelanogaster", 7227)
    _add_entrez(names, cross_references(gene_info, "FLYBASE"))
    names.add_through("ALIAS", gene_info, "Synonyms", key="GeneID")
    names.add_through("ALIAS", _other_symbols(gene_info, "Symbol", names), "Symbol", key="GeneID")
    names.add_through("LOCUSTAG", gene_info, "LocusTag", key="GeneID")
    return _flagged(tables, "dmelanogaster", "Drosophila melanogaster", genes, names, dropped)


def flagged_go(tables: Tables, organism: str, links: pl.DataFrame, dropped: Dropped) -> Part:
    """Return GO from a table of 2018-10, which flags experimental pairs only."""
    pairs = tables.annotations(f"go_annotations_{organism}_gene2go_2018-10")
    rows = on_live_terms(flagged(pairs), tables.go_2021, dropped)
    return Part(tables.go_2021.terms, on_genes(rows, links, dropped))


def pathways(tables: Tables, species: str, names: Identifiers, dropped: Dropped) -> list[Part]:
    """Return Reactome, where version 84 has the species, and WikiPathways."""
    older = [unambiguous(names.links(namespace)) for namespace in ("LOCUSTAG", "ALIAS")]
    forms = {
        "EntrezID": [names.links("ENTREZGENE")],
        "GeneSymbol": [names.links("SYMBOL"), *older],
        "UniprotID": [names.links("UNIPROT")],
    }
    files = {form: f"upstream/reactome_v84/Reactome_{species.replace(' ', '_')}_{form}.gmt.gz" for form in forms}
    told = {form: (tables.sets(name), forms[form]) for form, name in files.items() if (tables.folder / name).is_file()}
    found = [gene_sets_in_forms("REAC", told, dropped)] if told else []
    nodes = tables.table("wikipathways_nodes_2026-08", "wikipathways_nodes").filter(organism=species)
    return [*found, wikipathways(nodes, names, dropped)]


def _flagged(
    tables: Tables, organism: str, species: str, genes: pl.DataFrame, names: Identifiers, dropped: Dropped
) -> Made:
    go = flagged_go(tables, organism, names.links("ENTREZGENE"), dropped)
    return genes, names.table(), [go, *pathways(tables, species, names, dropped)]


def _ensembl(tables: Tables, organism: str, dropped: Dropped) -> tuple[pl.DataFrame, Identifiers]:
    raw = tables.table(f"genes_{organism}", "genes")
    genes = ensembl_genes(raw)
    names = Identifiers(genes, dropped)
    names.add("ENSG", genes, "gene_id")
    names.add("SYMBOL", genes, "symbol")
    names.add("ENTREZGENE", raw, "entrez", gene_id="ensgene")
    return genes, names


def _add_entrez(names: Identifiers, references: pl.DataFrame) -> None:
    """Add Entrez ids the gene table does not know, through the cross `references` NCBI gives."""
    known = names.links("ENTREZGENE", primary=False)["identifier"]
    newer = references.filter(~pl.col("GeneID").is_in(known.implode()))
    names.add("ENTREZGENE", newer, "GeneID", gene_id="identifier")


def _other_symbols(table: pl.DataFrame, column: str, names: Identifiers) -> pl.DataFrame:
    known = names.links("SYMBOL", primary=False)["identifier"]
    return table.filter(~pl.col(column).is_in(known.implode()))
