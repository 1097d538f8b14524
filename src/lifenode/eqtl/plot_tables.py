"""The values behind plots, as tables."""

from __future__ import annotations

import polars as pl

import lifenode
from lifenode.table import Column, Kind, Table

_NUMBER: Kind = "number"
POINTS = (
    Column("dataset_id", "text", "Data set."),
    Column("gene_id", "text", "Ensembl gene id."),
    Column("molecular_trait_id", "text", "Gene, exon, transcript, splice junction or protein whose level was tested."),
    Column("position", "integer", "1-based position of the first base of the reference allele, GRCh38."),
    Column("variant", "text", "chr, chromosome, position, reference and alternative allele, joined by _."),
    Column("rsid", "text", "rsids of the variant, joined by commas; empty if it has none."),
    Column("nlog10p", _NUMBER, "-log10 of the p-value, also where that is 0."),
    Column("pvalue", _NUMBER, "Nominal p-value; 0 where it is too small for a number."),
    Column("beta", _NUMBER, "Change of the trait for one more alternative allele."),
    Column("se", _NUMBER, "Standard error of beta."),
    Column("maf", _NUMBER, "Minor allele frequency in the data set."),
    Column("pip", _NUMBER, "Posterior probability that the variant is causal."),
    Column("credible_set", "text", "Credible set of the trait that the variant is in; empty outside."),
    Column("r2_lead", _NUMBER, "r² with the lead of the panel, where a table of LD is at hand."),
)
COMPARED = (
    *(column for column in POINTS if column.name in ("position", "variant", "rsid")),
    Column("nlog10p_1", _NUMBER, "-log10 of the p-value in the first trait."),
    Column("nlog10p_2", _NUMBER, "-log10 of the p-value in the second trait."),
    Column("beta_1", _NUMBER, "Effect of the alternative allele on the first trait."),
    Column("beta_2", _NUMBER, "Effect of the alternative allele on the second trait."),
    Column("pip", _NUMBER, "Probability that this is the shared causal variant, given H4."),
)


def point_rows(points: pl.DataFrame, notes: tuple[str, ...]) -> Table:
    """Return the points of a plot as a table, as they are drawn: panel by panel, by position."""
    meta: dict[str, object] = {"lifenode": lifenode.__version__, "notes": list(notes)}
    return table_of(points, POINTS, meta)


def table_of(frame: pl.DataFrame, columns: tuple[Column, ...], meta: dict[str, object]) -> Table:
    """Return a frame under columns with meanings."""
    data = {}
    for column in columns:
        values = frame[column.name]
        data[column.name] = values.fill_null(float("nan")).to_numpy() if column.kind == _NUMBER else values.to_list()
    return Table(columns, data, meta, frame.height)
