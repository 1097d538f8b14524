"""What the tables of the annotation folder look like: their columns, and what a cell may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of table.

    Parameters
    ----------
    columns
        Columns that must be there; more may be.
    integers
        Columns of whole numbers, which may be blank; ``12.0`` is accepted where `decimals` is set.
    forms
        Regular expression that every non-blank cell of a column must match whole.
    filled
        Columns that may not be blank.
    quoted
        Whether cells with quotation marks are themselves quoted, as CSV writers do.
    """

    columns: tuple[str, ...]
    integers: tuple[str, ...] = ()
    forms: Mapping[str, str] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    decimals: bool = False
    quoted: bool = False


_FLAG = "[01]"
_GO = r"GO:\d{7}"
_HP = r"HP:\d{7}"
_BRANCH = "BP|MF|CC"
_RELATIONS = "is_a|part_of|regulates|(?:positively|negatively)_regulates"
_NUMBER = r"\d+"

_GENES = ("ensgene", "entrez", "symbol", "chr", "start", "end", "strand", "biotype", "description")

LAYOUTS: Mapping[str, Layout] = {
    # genes_<organism>: Ensembl genes; human has twelve columns more, of HGNC, and primary_assembly.
    "genes": Layout(
        columns=_GENES,
        integers=("start", "end", "strand"),
        forms={"strand": "-?1", "primary_assembly": _FLAG},
        filled=("ensgene", "chr", "start", "end", "strand", "biotype"),
    ),
    "sgd_features": Layout(
        columns=(
            *("sgdid", "feature_type", "qualifier", "orf", "symbol", "aliases"),
            *("chr", "start", "end", "strand", "description"),
        ),
        integers=("start", "end"),
        forms={"strand": "[WC]"},
        filled=("sgdid", "feature_type", "orf", "chr", "start", "end"),
        quoted=True,
    ),
    "go_terms": Layout(
        columns=("go_id", "name", "namespace", "obsolete", "in_2021_05"),
        forms={"go_id": _GO, "namespace": _BRANCH, "obsolete": _FLAG, "in_2021_05": _FLAG},
        filled=("go_id", "name", "obsolete"),
    ),
    "go_edges": Layout(
        columns=("child", "parent", "relation", "in_2024_01_17", "in_2021_05"),
        forms={"child": _GO, "parent": _GO, "relation": _RELATIONS, "in_2024_01_17": _FLAG, "in_2021_05": _FLAG},
        filled=("child", "parent", "relation", "in_2024_01_17", "in_2021_05"),
    ),
    "go_annotations_codes": Layout(
        columns=("GeneID", "symbol", "GO_ID", "Evidence", "Qualifier", "Category"),
        forms={"GeneID": _NUMBER, "GO_ID": _GO, "Evidence": "[A-Z]{2,3}", "Category": _BRANCH},
        filled=("GeneID", "GO_ID", "Evidence", "Category"),
    ),
    "go_annotations_flag": Layout(
        columns=("entrez", "go_id", "namespace", "experimental"),
        forms={"entrez": _NUMBER, "go_id": _GO, "namespace": _BRANCH, "experimental": _FLAG},
        filled=("entrez", "go_id", "namespace", "experimental"),
    ),
    "go_annotations_plain": Layout(
        columns=("uniprot", "go_id", "namespace"),
        forms={"go_id": _GO, "namespace": _BRANCH},
        filled=("uniprot", "go_id", "namespace"),
    ),
    "hpo_terms": Layout(
        columns=("hp_id", "name", "obsolete", "parents_is_a"),
        forms={"hp_id": _HP, "obsolete": _FLAG, "parents_is_a": rf"{_HP}(?:\|{_HP})*"},
        filled=("hp_id", "obsolete"),
    ),
    "hpo_genes_to_phenotype": Layout(
        columns=("entrez", "symbol", "hp_id"),
        forms={"entrez": _NUMBER, "hp_id": _HP},
        filled=("entrez", "hp_id"),
    ),
    "wikipathways_nodes": Layout(
        columns=("wpid", "organism", "name", "version", "node_type", "database", "identifier", "label"),
        forms={"wpid": r"WP\d+"},
        filled=("wpid", "organism"),
        quoted=True,
    ),
    "wikipathways_members": Layout(
        columns=("wpid", "name", "ensgene"), forms={"wpid": r"WP\d+"}, filled=("wpid", "name", "ensgene")
    ),
    "mgi_genes": Layout(
        columns=(
            *("MGI Accession ID", "Marker Symbol", "Marker Name", "Feature Type", "EntrezGene ID", "HGNC ID"),
            *("Ensembl Gene ID", "Ensembl Gene chromosome", "Ensembl Gene start", "Ensembl Gene end"),
            "Ensembl Gene strand",
        ),
        integers=("NCBI Gene start", "NCBI Gene end", "Ensembl Gene start", "Ensembl Gene end"),
        forms={"MGI Accession ID": r"MGI:\d+", "Ensembl Gene strand": r"[+-]"},
        filled=("MGI Accession ID", "Marker Symbol"),
    ),
    "mgi_homology": Layout(
        columns=(
            *("DB Class Key", "Common Organism Name", "NCBI Taxon ID", "Symbol", "EntrezGene ID"),
            *("Mouse MGI ID", "HGNC ID", "Nucleotide RefSeq IDs", "Protein RefSeq IDs", "SWISS_PROT IDs"),
        ),
        forms={"DB Class Key": _NUMBER, "NCBI Taxon ID": _NUMBER, "Mouse MGI ID": r"MGI:\d+"},
        filled=("DB Class Key", "NCBI Taxon ID"),
    ),
    "homologene": Layout(
        columns=("HID", "Gene.Symbol", "Taxonomy", "Gene.ID"),
        forms={"HID": _NUMBER, "Taxonomy": _NUMBER, "Gene.ID": _NUMBER},
        filled=("HID", "Taxonomy", "Gene.ID"),
    ),
    "zfin_orthologs": Layout(
        columns=("zfin_id", "zfin_symbol", "human_symbol", "omim", "human_entrez", "hgnc_num"),
        forms={"zfin_id": r"ZDB-[A-Z]+-[\d-]+", "human_entrez": _NUMBER},
        filled=("zfin_id",),
    ),
    "gwas": Layout(
        columns=(
            *("SNPS", "CHR_ID", "CHR_POS", "MAPPED_GENE", "CONTEXT", "UPSTREAM_GENE_ID", "DOWNSTREAM_GENE_ID"),
            *("SNP_GENE_IDS", "MAPPED_TRAIT", "PVALUE_MLOG", "PUBMEDID"),
        ),
        integers=("CHR_POS", "UPSTREAM_GENE_DISTANCE", "DOWNSTREAM_GENE_DISTANCE", "PUBMEDID"),
        filled=("SNPS",),
        decimals=True,
        quoted=True,
    ),
}
"""The kinds of tables by name."""
