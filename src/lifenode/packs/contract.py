"""What the tables of a pack must look like, and the check that holds them to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any

import polars as pl

from lifenode.errors import BuildFailed
from lifenode.packs.catalog import ORTHOLOG_SOURCES

SOURCE_ORDER = ("GO:MF", "GO:BP", "GO:CC", "REAC", "WP", "HP")
"""Order of the annotation sources in every pack; others follow by name."""

NAMESPACES = (
    "ENSG", "SYMBOL", "ALIAS", "PREVIOUS_SYMBOL", "ENTREZGENE", "HGNC", "MGI", "RGD", "SGD", "FLYBASE", "WORMBASE",
    "ZFIN", "ORF", "LOCUSTAG", "AGI", "UNIPROT", "REFSEQ", "AFFY_HG_U95",
)  # fmt: skip
"""Identifier namespaces, as spelled in every pack; an operator may add others to a pack of his own."""

EVIDENCE_KINDS = ("codes", "experimental_flag", "none")
"""What a source records of its evidence."""

SCHEMAS: Mapping[str, Mapping[str, pl.DataType | type[pl.DataType]]] = {
    "genes": {
        "gene_id": pl.String,
        "symbol": pl.String,
        "name": pl.String,
        "biotype": pl.String,
        "chromosome": pl.String,
        "start": pl.Int32,
        "end": pl.Int32,
        "strand": pl.Int8,
        "primary_assembly": pl.Boolean,
    },
    "identifiers": {"namespace": pl.String, "identifier": pl.String, "gene": pl.Int32},
    "terms": {"source": pl.String, "term_id": pl.String, "name": pl.String, "parents": pl.List(pl.Int32)},
    "annotations": {"term": pl.Int32, "gene": pl.Int32, "evidence": pl.String},
    # target_gene: Ensembl id or what stands for it in that organism, target_entrez: Entrez id; "" unknown.
    # support: the databases that agree, joined by |; of HomoloGene, the group.
    "orthologs": {
        "gene": pl.Int32,
        "target_organism": pl.String,
        "target_gene": pl.String,
        "target_entrez": pl.String,
        "target_symbol": pl.String,
        "source": pl.String,
        "support": pl.String,
    },
    # alleles: forward strand, reference first ("A/G"), "" unknown; position and end: 1-based, of the reference allele.
    # consequences: how often a term is stated, for a gene or (-1) for the variant as a whole.
    "variants": {
        "rsid": pl.String,
        "chromosome": pl.String,
        "position": pl.Int32,
        "end": pl.Int32,
        "alleles": pl.String,
        "genes": pl.List(pl.Int32),
        "consequences": pl.List(pl.Struct({"gene": pl.Int32, "term": pl.String, "times": pl.Int32})),
        "genes_by": pl.String,
    },
}

GENES_BY = ("source", "position")
"""Who says in which genes a variant lies: its source, or the positions of the pack's genes."""

VARIANT_KEY = ("chromosome", "position", "end", "rsid", "alleles")
"""Columns by which variants are sorted, and in which no two are alike."""

_SOURCE_FIELDS = ("name", "version", "date", "licence", "attribution", "url", "evidence", "dropped")


def source_rank(source: str) -> tuple[int, str]:
    """Return the sort key of an annotation source."""
    return (SOURCE_ORDER.index(source) if source in SOURCE_ORDER else len(SOURCE_ORDER), source)


def check(tables: Mapping[str, pl.DataFrame], sources: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise `BuildFailed` with the first way in which `tables` or `sources` break the contract."""
    for name, table in tables.items():
        if name != "identifiers":
            _check_schema(name, table)
    genes, terms = tables["genes"], tables["terms"]
    _check_genes(genes)
    check_identifiers(tables["identifiers"], genes.height)
    _check_terms(terms, sources)
    _check_annotations(tables["annotations"], genes, terms, sources)
    if "orthologs" in tables:
        check_orthologs(tables["orthologs"], genes.height)
        _require("sources", "nothing is said about orthologs", "orthologs" not in sources)
    if "variants" in tables:
        check_variants(tables["variants"], genes.height)
    for code, facts in sources.items():
        missing = [name for name in _SOURCE_FIELDS if name not in facts]
        if missing:
            raise _broken("sources", f"{code} lacks {', '.join(missing)}")


def _broken(table: str, problem: str) -> BuildFailed:
    return BuildFailed(
        f"The table {table} does not fit the pack format: {problem}.",
        value=table,
        next_step="Correct the recipe or the raw file behind this table.",
    )


def _require(table: str, problem: str, offends: bool | None) -> None:
    if offends:
        raise _broken(table, problem)


def _check_schema(name: str, table: pl.DataFrame) -> None:
    expected = SCHEMAS[name]
    if list(table.columns) != list(expected):
        raise _broken(name, f"columns are {', '.join(table.columns)}, expected {', '.join(expected)}")
    for column, kind in expected.items():
        if table.schema[column] != kind:
            raise _broken(name, f"column {column} is {table.schema[column]}, expected {kind}")
        if table[column].null_count():
            raise _broken(name, f"column {column} has empty cells")


def _check_genes(genes: pl.DataFrame) -> None:
    _require("genes", "a blank gene_id", (genes["gene_id"] == "").any())
    twice = genes["gene_id"].filter(genes["gene_id"].is_duplicated()).to_list()
    _require("genes", f"gene_id {twice[:1]} occurs twice", bool(twice))
    _require("genes", "a gene that ends before it starts", (genes["start"] > genes["end"]).any())
    _require("genes", "a strand other than 1, -1 and 0", (~genes["strand"].is_in([-1, 0, 1])).any())


def check_identifiers(identifiers: pl.DataFrame, genes: int, namespaces: Collection[str] = NAMESPACES) -> None:
    """Raise `BuildFailed` where the table of identifiers of a pack with so many `genes` breaks the contract."""
    _check_schema("identifiers", identifiers)
    columns = identifiers.columns
    unknown = sorted(set(identifiers["namespace"].unique()) - set(namespaces))
    _require("identifiers", f"unknown namespaces {', '.join(unknown)}", bool(unknown))
    _require("identifiers", "a blank identifier", (identifiers["identifier"].str.strip_chars() == "").any())
    _require("identifiers", "a row occurs twice", identifiers.is_duplicated().any())
    _require("identifiers", "rows are not sorted", not identifiers.equals(identifiers.sort(columns)))
    _require("identifiers", "a gene index out of range", _out_of_range(identifiers["gene"], genes))


def check_orthologs(orthologs: pl.DataFrame, genes: int) -> None:
    """Raise `BuildFailed` where the orthologs of a pack with so many `genes` break the contract."""
    _check_schema("orthologs", orthologs)
    nameless = (orthologs["target_gene"] == "") & (orthologs["target_entrez"] == "")
    _require("orthologs", "a gene index out of range", _out_of_range(orthologs["gene"], genes))
    _require("orthologs", "an ortholog without an identifier", nameless.any())
    _require("orthologs", "a blank organism", (orthologs["target_organism"] == "").any())
    _require("orthologs", "an unknown source", (~orthologs["source"].is_in(ORTHOLOG_SOURCES)).any())
    _require("orthologs", "support with a blank name", orthologs["support"].str.contains(r"^$|^\||\|\||\|$").any())
    _require("orthologs", "a pair occurs twice", orthologs.drop("support").is_duplicated().any())
    _require("orthologs", "rows are not sorted", not orthologs.equals(orthologs.sort(orthologs.columns)))


def check_variants(variants: pl.DataFrame, genes: int) -> None:
    """Raise `BuildFailed` where the variants of a pack with so many `genes` break the contract."""
    _check_schema("variants", variants)
    key = variants.select(VARIANT_KEY)
    stated = variants["consequences"].explode().drop_nulls().struct.unnest()
    _require("variants", "a name that is no rsID", (~variants["rsid"].str.contains(r"^(?:rs[1-9]\d*)?$")).any())
    _require("variants", "a blank chromosome", (variants["chromosome"] == "").any())
    _require("variants", "a position before the first base", (variants["position"] < 1).any())
    _require("variants", "a variant that ends before it starts", (variants["end"] < variants["position"]).any())
    _require("variants", "rows are not sorted", not key.equals(key.sort(VARIANT_KEY)))
    _require("variants", "a row occurs twice", key.is_duplicated().any())
    _require("variants", "a gene index out of range", _out_of_range(variants["genes"], genes))
    _require("variants", "a gene index out of range", _out_of_range(stated["gene"] + 1, genes + 1))
    _require("variants", "a consequence that is not stated", (stated["times"] < 1).any())
    _require("variants", "a blank consequence", (stated["term"] == "").any())
    _require("variants", "an unknown origin of genes", (~variants["genes_by"].is_in(GENES_BY)).any())


def _check_terms(terms: pl.DataFrame, sources: Mapping[str, Mapping[str, Any]]) -> None:
    ids = terms.select("source", "term_id")
    order = sorted(ids.rows(), key=lambda row: (source_rank(row[0]), row[1]))
    _require("terms", "a term occurs twice", ids.is_duplicated().any())
    _require("terms", "rows are not sorted by source and term_id", ids.rows() != order)
    _require("terms", "a parent index out of range", _out_of_range(terms["parents"], terms.height))
    for source in ids["source"].unique(maintain_order=True).to_list():
        _require("sources", f"nothing is said about {source}", source not in sources)
    graph: dict[int, list[int]] = dict(enumerate(terms["parents"].to_list()))
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise _broken("terms", f"the parents run in a circle through {ids['term_id'][error.args[1][0]]}") from error


def _check_annotations(
    annotations: pl.DataFrame, genes: pl.DataFrame, terms: pl.DataFrame, sources: Mapping[str, Mapping[str, Any]]
) -> None:
    _require("annotations", "a term index out of range", _out_of_range(annotations["term"], terms.height))
    _require("annotations", "a gene index out of range", _out_of_range(annotations["gene"], genes.height))
    _require("annotations", "a row occurs twice", annotations.is_duplicated().any())
    _require("annotations", "a row without biological data (ND)", (annotations["evidence"] == "ND").any())
    primary = genes["primary_assembly"].gather(annotations["gene"])
    _require("annotations", "a gene off the primary assembly is annotated", not primary.all())
    blank = (
        annotations.select("evidence", source=terms["source"].gather(annotations["term"]))
        .group_by("source")
        .agg(some=(pl.col("evidence") == "").any(), every=(pl.col("evidence") == "").all())
    )
    for source, some, every in blank.rows():
        kind = sources[source]["evidence"]
        _require("sources", f"{source} has an unknown kind of evidence, {kind}", kind not in EVIDENCE_KINDS)
        misfit = not every if kind == "none" else some
        _require("annotations", f"evidence of {source} does not fit its kind, {kind}", misfit)


def _out_of_range(indexes: pl.Series, length: int) -> bool:
    flat = indexes.explode().drop_nulls() if indexes.dtype == pl.List else indexes
    return bool(flat.len()) and bool((flat < 0).any() or (flat >= length).any())
