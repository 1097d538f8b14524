"""The genes table of a pack, from what each upstream calls its gene list."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from lifenode.packs.contract import SCHEMAS

# Alternate loci and patches of a human or mouse assembly, as Ensembl names them; unplaced scaffolds (GL000009.2,
# KI270711.1) carry genes of their own and count as primary where the table has no column that says otherwise.
_ALTERNATE = r"^CHR_|_ALT_|_PATCH|_CTG\d|^HSCHR|^HG\d+_"

# The sequence numbers of SGD's feature file, in order; Ensembl and every genome browser use the names.
_YEAST_NAMES = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "VI",
    "VII",
    "VIII",
    "IX",
    "X",
    "XI",
    "XII",
    "XIII",
    "XIV",
    "XV",
    "XVI",
    "Mito",
)
_YEAST_CHROMOSOMES = {str(number): name for number, name in enumerate(_YEAST_NAMES, start=1)}

_YEAST_BIOTYPES = {
    "ORF": "protein_coding",
    "tRNA_gene": "tRNA",
    "rRNA_gene": "rRNA",
    "snRNA_gene": "snRNA",
    "snoRNA_gene": "snoRNA",
    "ncRNA_gene": "ncRNA",
    "telomerase_RNA_gene": "telomerase_RNA",
    "transposable_element_gene": "transposable_element",
    "pseudogene": "pseudogene",
    "blocked_reading_frame": "blocked_reading_frame",
}


def conform(table: pl.DataFrame) -> pl.DataFrame:
    """Return `table` with the columns and types of the contract, sorted by gene_id; absent columns are unknown."""
    unknown = {
        "symbol": "",
        "name": "",
        "biotype": "",
        "chromosome": "",
        "start": 0,
        "end": 0,
        "strand": 0,
        "primary_assembly": True,
    }
    missing = [pl.lit(value).alias(column) for column, value in unknown.items() if column not in table.columns]
    filled = table.with_columns(missing).with_columns(
        pl.col("symbol", "name", "biotype", "chromosome").fill_null(""),
        pl.col("start", "end", "strand").cast(pl.Int64).fill_null(0),
    )
    schema = SCHEMAS["genes"]
    return filled.select(pl.col(column).cast(kind) for column, kind in schema.items()).sort("gene_id")


def numbered(genes: pl.DataFrame) -> pl.DataFrame:
    """Return gene_id and its row number ``gene``."""
    return genes.select("gene_id", gene=pl.int_range(pl.len(), dtype=pl.Int32))


def ensembl_genes(table: pl.DataFrame) -> pl.DataFrame:
    """Return the genes of an Ensembl table with columns ensgene, symbol, chr, start, end, strand, biotype, description.

    The symbol of the naming authority (``hgnc_symbol``) wins over the older one of the Ensembl release where the table
    has both. ``primary_assembly`` is taken from the table, or from the sequence's name.
    """
    symbols = [column for column in ("hgnc_symbol", "symbol") if column in table.columns]
    primary = pl.col("primary_assembly") == "1" if "primary_assembly" in table.columns else on_primary_assembly("chr")
    return conform(
        table.select(
            "biotype",
            "start",
            "end",
            "strand",
            gene_id="ensgene",
            symbol=pl.coalesce(symbols),
            name=full_name(pl.col("description")),
            chromosome="chr",
            primary_assembly=primary,
        )
    )


def on_primary_assembly(column: str) -> pl.Expr:
    """Return whether a sequence belongs to the primary assembly, by its name in `column`."""
    return ~pl.col(column).str.contains(_ALTERNATE)


def full_name(description: pl.Expr) -> pl.Expr:
    """Return a gene's full name from Ensembl's description, without its trailing ``[Source:...]``."""
    return description.str.replace(r"\s*\[Source:.*\]?\s*$", "").str.strip_chars()


def yeast_genes(features: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """Return the genes of SGD's feature table.

    Parameters
    ----------
    features
        What `lifenode.packs.readers.tables.sgd_features` returns: coordinates already in order on both strands.
    names
        Columns gene_id (systematic name) and name.
    """
    biotype = pl.col("feature_type").replace_strict(_YEAST_BIOTYPES, default=pl.col("feature_type"))
    dubious = pl.col("qualifier").fill_null("") == "Dubious"
    table = features.select(
        "symbol",
        "start",
        "end",
        "strand",
        gene_id="orf",
        biotype=pl.when(dubious).then(pl.lit("dubious_ORF")).otherwise(biotype),
        chromosome=pl.col("chr").replace(_YEAST_CHROMOSOMES),
    )
    return conform(table.join(names, on="gene_id", how="left"))


def ncbi_genes(gene_info: pl.DataFrame, preferred: Sequence[str]) -> pl.DataFrame:
    """Return genes made from NCBI gene_info, and the GeneID of each, where no genome annotation is at hand.

    A gene is called by its first database cross reference of the `preferred` kinds (such as Ensembl, ZFIN) that it
    has exactly once and shares with no other gene; ``NCBI:<GeneID>`` otherwise. Positions are unknown.

    Returns
    -------
    polars.DataFrame
        The genes columns, and ``GeneID``.
    """
    named = gene_info.select("GeneID", gene_id=pl.lit(None, dtype=pl.String))
    for kind in preferred:
        own = (
            cross_references(gene_info, kind)
            .filter(pl.len().over("GeneID") == 1)
            .filter(pl.len().over("identifier") == 1)
        )
        named = (
            named.join(own, on="GeneID", how="left")
            .with_columns(gene_id=pl.coalesce("gene_id", "identifier"))
            .select("GeneID", "gene_id")
        )
    table = gene_info.join(named, on="GeneID").select(
        "GeneID",
        gene_id=pl.coalesce("gene_id", pl.concat_str(pl.lit("NCBI:"), "GeneID")),
        symbol=_known("Symbol"),
        name=_known("Full_name_from_nomenclature_authority"),
        biotype=_known("type_of_gene").str.replace("^protein-coding$", "protein_coding"),
    )
    return conform(table).join(table.select("gene_id", "GeneID"), on="gene_id", maintain_order="left")


def cross_references(gene_info: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Return GeneID and identifier for the cross references of one `kind` in NCBI's dbXrefs column.

    NCBI writes ``HGNC:HGNC:5`` and ``MGI:MGI:87854``: only the first prefix names the database.
    """
    return (
        gene_info.select("GeneID", identifier=pl.col("dbXrefs").str.split("|"))
        .explode("identifier")
        .filter(pl.col("identifier").str.starts_with(f"{kind}:"))
        .with_columns(pl.col("identifier").str.slice(len(kind) + 1))
        .unique(maintain_order=True)
    )


def _known(column: str) -> pl.Expr:
    return pl.when(pl.col(column).is_in(["-", "NEWENTRY"])).then(None).otherwise(pl.col(column))
