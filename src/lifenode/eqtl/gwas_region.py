"""A GWAS at one locus, from a table as people have it: columns guessed and shown, faults named, alleles compared."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import polars as pl

from lifenode.eqtl.findings import Finding, Findings
from lifenode.eqtl.gwas_columns import completed
from lifenode.eqtl.query import Query
from lifenode.eqtl.query_associations import finished
from lifenode.eqtl.readers_bytes import Source
from lifenode.eqtl.readers_gwas import Harmoniser, Known, guessed_columns, gwas_batches
from lifenode.eqtl.validate_associations import AssociationChecks
from lifenode.errors import BadTable, EmptyInput
from lifenode.genes.byte_input import read_file

MOST_ROWS = 200_000
"""Most variants of one region."""

EXAMPLE = "LDL cholesterol at HMGCR, 440,546 people (GWAS slice published with the eQTL Catalogue, CC BY 4.0)"


@dataclass(frozen=True)
class GwasRegion:
    """A GWAS at one locus.

    Attributes
    ----------
    rows
        A row a variant with the columns of associations, by position.
    columns
        Which column of the table was taken for which value.
    findings
        What was wrong in the table, and what became of it.
    notes
        What was computed because the table lacks it.
    chromosome
        Where it lies.
    """

    rows: pl.DataFrame
    columns: dict[str, str]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    chromosome: str

    @property
    def start(self) -> int:
        """Position of the first variant."""
        return int(self.rows["position"][0])

    @property
    def end(self) -> int:
        """Position of the last variant."""
        return int(self.rows["position"][-1])


def read_gwas(text: str, known: Known, *, study: str = "GWAS", n: float | None = None) -> GwasRegion:
    """Read a GWAS table or GWAS-VCF of one locus.

    Parameters
    ----------
    text
        A header and a line a variant, with tabs, commas or spaces; or a GWAS-VCF. Needed are chromosome, position and
        both alleles (or one column such as ``chr5_75355259_A_G``), and either effects with standard errors, or
        p-values with allele frequencies and sample size.
    known
        Returns the variants of the catalogue between two positions, whose alleles count.
    study
        What it is called.
    n
        Sample size, where the table has none.

    Raises
    ------
    EmptyInput
        Nothing was given, or no row can be used.
    BadTable
        A column is missing, or the rows are of several chromosomes.
    """
    if not text.strip():
        raise EmptyInput("The GWAS table is empty.", next_step="Paste a header and a line a variant.")
    findings = Findings()
    columns: dict[str, str] = {}
    table, notes = completed(text, n)
    with tempfile.TemporaryDirectory(prefix="lifenode-") as folder:
        name = "GWAS.vcf" if text.startswith("##fileformat=VCF") else "The GWAS table"
        path = Path(folder) / name
        path.write_text(table, encoding="utf-8")
        checks = AssociationChecks(name, findings)
        harmoniser = Harmoniser(known)
        frames = []
        for frame in gwas_batches(Source(path), findings, study, columns):
            checked = checks.checked(frame)
            if checked.height:
                frames.append(harmoniser.harmonised(checked, name, findings))
    if not text.startswith("##"):
        # As the header has them: the reader knows some by newer names.
        columns = guessed_columns(table.partition("\n")[0].split("\t"))
    if not frames:
        found = "; ".join(one.line() for one in findings)
        raise EmptyInput(f"No row of the GWAS table can be used. {found}".strip(), next_step="Correct the table.")
    rows = pl.concat(frames).unique("variant", keep="first", maintain_order=True).sort("position", "variant")
    chromosomes = rows["chromosome"].unique().to_list()
    if len(chromosomes) > 1:
        raise BadTable(
            f"The GWAS table has variants of {len(chromosomes)} chromosomes.", value=len(chromosomes),
            next_step="Give one region, up to a few million bases.",
        )  # fmt: skip
    if rows.height > MOST_ROWS:
        raise BadTable(
            f"The GWAS table has {rows.height:,} variants.", value=rows.height,
            next_step=f"Give one region of at most {MOST_ROWS:,}; ingest a whole GWAS with lifenode eqtl ingest.",
        )  # fmt: skip
    answer = finished(rows.with_columns(molecular_trait_id=pl.lit(study)), study, Query())
    if n is not None:
        people = pl.col("an").fill_null(round(2 * n))
        answer = answer.with_columns(an=people)
    return GwasRegion(answer, columns, tuple(findings), tuple(notes), chromosomes[0])


def no_known(chromosome: str, first: int, last: int) -> pl.DataFrame:
    """Return that no variant is known, so that alleles stay as they are given."""
    return pl.DataFrame(schema={"position": pl.Int32, "ref": pl.String, "alt": pl.String})


def known_variants(every: Sequence[pl.DataFrame]) -> Known:
    """Return a function that finds the variants of some associations, all of one chromosome, between two positions."""
    sites = [rows.select("position", "ref", "alt").cast({"position": pl.Int32}) for rows in every]
    known = pl.concat(sites).unique() if sites else no_known("", 0, 0)

    def between(chromosome: str, first: int, last: int) -> pl.DataFrame:
        return known.filter(pl.col("position").is_between(first, last))

    return between


def example_gwas() -> str:
    """Return the table of the example, of which `EXAMPLE` says what it is."""
    return read_file(Path(str(files("lifenode.eqtl").joinpath("examples/ldl_hmgcr.tsv.gz"))))


def is_study_name(text: str) -> bool:
    """Say whether a text can be the name of a study."""
    return re.fullmatch(r"[\w .:()+-]{1,60}", text) is not None
