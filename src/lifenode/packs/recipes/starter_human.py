"""The human starter pack."""

from __future__ import annotations

from collections import Counter

import polars as pl

from lifenode.packs.readers import gwas
from lifenode.packs.recipes.annotations import flagged, on_genes, on_live_terms, with_codes, without_negations
from lifenode.packs.recipes.genes import ensembl_genes
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped, Part
from lifenode.packs.recipes.pathways import gene_sets, unambiguous
from lifenode.packs.recipes.phenotypes import phenotypes
from lifenode.packs.recipes.tables import Tables
from lifenode.packs.recipes.variants import variants_frame

# Proteins of influenza virus, RSV, HCMV, SARS-CoV and hepatitis B virus in Reactome's sets whose names are former
# symbols or aliases of unrelated human genes (NA of XK, NP of PNP, PB1 of PBRM1, MCP of CD46 ...). Found by comparison
# with the UniProt and Entrez forms of Reactome 84, where no human gene stands in their place.
_VIRAL = (
    "HN", "MCP", "NA", "NEC1", "NEC2", "NP", "NS", "P", "PA", "PB1", "RIR1", "S", "SCP", "TRM1", "TRM3", "TRX1", "TRX2",
    "US2", "X",
)  # fmt: skip


def human(tables: Tables, dropped: Dropped) -> tuple[pl.DataFrame, pl.DataFrame, list[Part]]:
    """Return the genes, the identifiers and the annotated sources of human."""
    raw = tables.table("genes_hsapiens", "genes")
    genes = ensembl_genes(raw)
    names = _identifiers(raw, genes, tables.gene_info("ncbi_gene_info_hsapiens", 9606), dropped)
    entrez = names.links("ENTREZGENE")
    ontology = tables.go_2024
    go = Part(ontology.terms, on_genes(on_live_terms(_go_pairs(tables, dropped), ontology, dropped), entrez, dropped))
    reactome = _reactome(tables, names, dropped)
    members = tables.table("wikipathways_hsapiens_members_ensembl", "wikipathways_members")
    members = members.rename({"wpid": "term_id", "ensgene": "member"})
    wikipathways = gene_sets("WP", members, [names.links("ENSG")], dropped)
    diseases = phenotypes(tables.phenotypes("hpo_genes_to_phenotype_2023-01"), tables.hpo_2024, entrez, dropped)
    return genes, names.table(), [go, reactome, wikipathways, diseases]


def variants(tables: Tables, genes: pl.DataFrame, identifiers: pl.DataFrame, dropped: Dropped) -> pl.DataFrame:
    """Return the variants of the GWAS Catalog's sample: places, consequences and genes, without traits."""
    counts: Counter[str] = Counter()
    read = gwas.read(tables.path("tables/gwas_catalog_2020-04-30_sample50k.tsv.gz"), counts)
    table = variants_frame(read, genes, identifiers, counts)
    for reason, count in counts.items():
        dropped.add("variants", reason, count)
    return table


def _reactome(tables: Tables, names: Identifiers, dropped: Dropped) -> Part:
    sets = tables.sets("tables/reactome_hsapiens_2024-04_symbols.gmt.gz").with_columns(pl.lit("REAC").alias("source"))
    sets = dropped.keep(sets, ~pl.col("member").is_in(_VIRAL), "viral protein called like a human gene was")
    older = [unambiguous(names.links(namespace)) for namespace in ("PREVIOUS_SYMBOL", "ALIAS")]
    return gene_sets("REAC", sets, [names.links("SYMBOL"), *older], dropped)


def _identifiers(raw: pl.DataFrame, genes: pl.DataFrame, gene_info: pl.DataFrame, dropped: Dropped) -> Identifiers:
    names = Identifiers(genes, dropped)
    raw = raw.rename({"ensgene": "gene_id"})
    names.add("ENSG", genes, "gene_id")
    names.add("SYMBOL", genes, "symbol")
    for namespace, column in {
        "HGNC": "hgnc_id",
        "PREVIOUS_SYMBOL": "prev_symbol",
        "ALIAS": "alias_symbol",
        "UNIPROT": "uniprot_ids",
        "REFSEQ": "refseq_accession",
    }.items():
        names.add(namespace, raw, column)
    # The Ensembl release is older than HGNC's table: a name only Ensembl still uses helps to find the gene.
    names.add("ALIAS", raw.filter(pl.col("symbol") != pl.col("hgnc_symbol")), "symbol")
    names.add("ENTREZGENE", _entrez(raw), "entrez")
    names.add_through("ALIAS", gene_info, "Synonyms", key="GeneID")
    names.add_through("ALIAS", _unlike_symbol(gene_info, names), "Symbol", key="GeneID")
    return names


def _entrez(raw: pl.DataFrame) -> pl.DataFrame:
    """Return gene_id and entrez.

    HGNC pairs one Entrez id with one gene. Ensembl's own cross references also name neighbours and read-throughs
    (57497, LRFN2, is given to an antisense gene as well), so they count only where HGNC is silent, and for the copies
    of a gene on alternate loci.
    """
    curated = raw.select("gene_id", "primary_assembly", entrez="entrez_id").drop_nulls("entrez")
    ensembl = (
        raw.select("gene_id", "primary_assembly", entrez=pl.col("entrez").str.split("|"))
        .explode("entrez")
        .drop_nulls("entrez")
    )
    on_primary = curated.filter(primary_assembly="1")["entrez"]
    silent = ~pl.col("entrez").is_in(on_primary.implode()) | (pl.col("primary_assembly") == "0")
    return pl.concat([curated, ensembl.filter(silent)]).select("gene_id", "entrez").unique(maintain_order=True)


def _unlike_symbol(gene_info: pl.DataFrame, names: Identifiers) -> pl.DataFrame:
    known = names.links("SYMBOL", primary=False)["identifier"]
    return gene_info.filter(~pl.col("Symbol").is_in(known.implode()))


def _go_pairs(tables: Tables, dropped: Dropped) -> pl.DataFrame:
    """Return the pairs of 2023-11 with the codes of 2020-12."""
    pairs = tables.annotations("go_annotations_hsapiens_gene2go_2023-11_direct_expflag")
    coded = tables.annotations("go_annotations_evidence_hsapiens_gene2go_2020-12")
    return with_codes(flagged(pairs), without_negations(coded, dropped))
