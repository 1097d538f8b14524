"""``lifenode eqtl``: bring eQTL summary statistics into a catalogue, and ask it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.eqtl_coloc import coloc
from lifenode.cli.eqtl_coloc_locus import coloc_locus
from lifenode.cli.eqtl_colocalise import colocalise
from lifenode.cli.eqtl_locus import locus
from lifenode.cli.eqtl_progress import shown_progress
from lifenode.cli.messages import tell
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.eqtl.ingest_report import IngestReport
    from lifenode.table import Table

_SHOWN_ROWS = 20
_ASSOCIATIONS = ("dataset_id", "gene_id", "variant", "rsid", "beta", "se", "pvalue", "maf")
_SETS = ("dataset_id", "gene_id", "cs_id", "variant", "rsid", "cs_size", "pip", "pvalue")
_DATASETS = (
    "dataset_id",
    "study_label",
    "tissue_label",
    "condition_label",
    "quant_method",
    "sample_size",
    "rows",
    "status",
)


class _Group(click.Group):
    """A group in which `associations` is another word for `query`."""

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Find the command."""
        return super().get_command(context, "query" if name == "associations" else name)


@click.group("eqtl", cls=_Group, no_args_is_help=True)
def command() -> None:
    """Keep eQTL summary statistics and credible sets, and ask them."""


command.add_command(coloc)
command.add_command(coloc_locus)
command.add_command(colocalise)
command.add_command(locus)


def _catalogue(function: Callable[..., Any]) -> Callable[..., Any]:
    return click.option(
        "--catalogue", type=click.Path(path_type=Path), help="Folder of the catalogue. [default: that of the settings]"
    )(function)


def _form(function: Callable[..., Any]) -> Callable[..., Any]:
    shown = click.option(
        "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
    )
    place = click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
    return shown(place(function))


def _chosen(function: Callable[..., Any]) -> Callable[..., Any]:
    for flag, about in (
        ("--tissue", "Tissue label, such as blood."),
        ("--study", "Study label, such as GTEx."),
        ("--quant-method", "ge, exon, tx, txrev, leafcutter, microarray, aptamer, majiq or gwas."),
        ("--dataset", "Data set, such as QTD000085."),
    ):
        function = click.option(flag, multiple=True, metavar="NAME", help=f"{about} Can be repeated.")(function)
    return function


@command.command("ingest", no_args_is_help=True)
@click.argument("folder", metavar="FOLDER|URL")
@_catalogue
@click.option("--dataset", multiple=True, metavar="NAME", help="Only this data set; can be repeated.")
@click.option(
    "--files", type=click.Path(path_type=Path), help="Where files of a URL are kept. [default: that of the settings]"
)
@click.option("--release", help="Release of the files. [default: that of dataset_metadata_RELEASE.tsv, or local]")
@click.option("--strict", is_flag=True, help="Refuse a data set in which anything is wrong; exit with 1 if any was.")
@click.option(
    "--allow", multiple=True, metavar="FINDING", help="Finding that may pass under --strict; can be repeated."
)
@click.option("--findings", type=click.Path(path_type=Path), help="Write all findings to this table.")
@_form
def ingest(
    folder: str, catalogue: Path | None, dataset: tuple[str, ...], files: Path | None, release: str | None,
    strict: bool, allow: tuple[str, ...], findings: Path | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Bring files of the eQTL Catalogue, or GWAS, into a catalogue; what has not changed is passed over.

    FOLDER holds files in any arrangement: summary statistics (.all, .cc), permutations, credible sets, log Bayes
    factors, the table of data sets, GWAS tables and GWAS-VCF; packed or not. A URL is that of a folder in the layout
    of the eQTL Catalogue's FTP site, of a study or data set of it, or of a file; what was broken off goes on where
    it stopped, and what has not changed is not fetched again.

    \b
    Example:
      lifenode eqtl ingest examples/eqtl --catalogue eqtl
        QTD000085: duplicate_rsid: 69 repaired (row 131, ...). One row per rsid; ...
        ...
          dataset_id  status    rows  findings  files                        detail
          QTD000085   ingested   969         1  QTD000085.all.tsv.gz
          QTD000584   ingested     0         2  QTD000584.credible_sets.tsv
    """
    from lifenode.eqtl.ingest_folder import ingest as run

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    out.check_place(findings)
    with shown_progress() as shown:
        report = run(
            folder, catalogue or settings().eqtl_catalogue, release=release, dataset=dataset, strict=strict,
            allow=allow, progress=shown, files=files, fetching=shown,
        )  # fmt: skip
    _tell_report(report)
    if findings is not None:
        report.findings.write(findings, out.default_format(findings, out.FORMATS[1:]))
    _show(report, ("dataset_id", "status", "rows", "findings", "files", "detail"), format_, output)
    return int(report.refused > 0 and (strict or report.refused == len(report)))


@command.command("datasets")
@_catalogue
@_chosen
@click.option("--all", "every", is_flag=True, help="Also those known by the table of data sets alone.")
@_form
def datasets(
    catalogue: Path | None, tissue: tuple[str, ...], study: tuple[str, ...], quant_method: tuple[str, ...],
    dataset: tuple[str, ...], every: bool, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """List the data sets of a catalogue.

    \b
    Example:
      lifenode eqtl datasets
          dataset_id  study_label  tissue_label  condition_label  quant_method  sample_size  rows  status
          QTD000085   FUSION       muscle        naive            ge                    288   969  available
          QTD000584   Sun_2018     plasma        naive            aptamer              3301     0  available
    """
    from lifenode.eqtl import Catalogue

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    table = Catalogue(catalogue).datasets(
        dataset, held=not every, tissue_label=tissue, study_label=study, quant_method=quant_method
    )
    _show(table, _DATASETS, format_, output, top=0)
    return 0


@command.command("query", no_args_is_help=True)
@_catalogue
@click.option("--gene", multiple=True, metavar="GENE", help="Ensembl gene id or symbol; can be repeated.")
@click.option("--trait", multiple=True, metavar="ID", help="Molecular trait; can be repeated.")
@click.option("--variant", multiple=True, metavar="ID", help="chr5_75355259_A_G, or an rsid; can be repeated.")
@click.option("--region", metavar="PLACE", help="Such as 5:75300000-75400000; both ends inside.")
@click.option("--p-value", type=float, help="Largest p-value.")
@_chosen
@click.option("--top", type=click.IntRange(1), help="Only so many of each trait and data set, the strongest first.")
@click.option("--limit", type=click.IntRange(0), help="Most rows. [default: 1,000,000]")
@_form
def query(
    catalogue: Path | None, gene: tuple[str, ...], trait: tuple[str, ...], variant: tuple[str, ...], region: str | None,
    p_value: float | None, tissue: tuple[str, ...], study: tuple[str, ...], quant_method: tuple[str, ...],
    dataset: tuple[str, ...], top: int | None, limit: int | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Return the associations of genes, variants or regions.

    \b
    Example:
      lifenode eqtl query --gene ENSG00000113161 --top 2
          dataset_id  gene_id          variant            rsid          beta       se     pvalue     maf
          QTD000085   ENSG00000113161  chr5_75355259_A_G  rs3846662  0.08259  0.01393  9.168e-09  0.4462
          QTD000085   ENSG00000113161  chr5_75356084_G_A  rs6882842  0.08099  0.01392  1.656e-08   0.441
    """
    from lifenode.eqtl import Catalogue

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    asked = Catalogue(catalogue)
    question: dict[str, Any] = {
        "molecular_trait": trait, "variant": variant, "region": region, "dataset": dataset, "p_value": p_value,
        "tissue_label": tissue, "study_label": study, "quant_method": quant_method,
    }  # fmt: skip
    table = asked.top_variants(gene, top, **question) if top else asked.associations(gene, limit=limit, **question)
    _tell_lost(table)
    _show(table, _ASSOCIATIONS, format_, output)
    return 0


@command.command("credible-sets", no_args_is_help=True)
@_catalogue
@click.option("--gene", multiple=True, metavar="GENE", help="Ensembl gene id or symbol; can be repeated.")
@click.option("--trait", multiple=True, metavar="ID", help="Molecular trait; can be repeated.")
@click.option("--variant", multiple=True, metavar="ID", help="Sets with this variant or rsid; can be repeated.")
@click.option("--region", metavar="PLACE", help="Such as 5:75300000-75400000; both ends inside.")
@click.option("--min-pip", type=click.FloatRange(0, 1), default=0.0, show_default=True, help="Smallest PIP.")
@_chosen
@click.option("--limit", type=click.IntRange(0), help="Most rows. [default: 1,000,000]")
@_form
def credible_sets(
    catalogue: Path | None, gene: tuple[str, ...], trait: tuple[str, ...], variant: tuple[str, ...], region: str | None,
    min_pip: float, tissue: tuple[str, ...], study: tuple[str, ...], quant_method: tuple[str, ...],
    dataset: tuple[str, ...], limit: int | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Return the variants of credible sets.

    \b
    Example:
      lifenode eqtl credible-sets --gene ENSG00000187608 --min-pip 0.12
          dataset_id  gene_id          cs_id                  variant             ...
          QTD000584   ENSG00000187608  ISG15:14148.2.3..1_L1  chr1_1007746_CTT...
          QTD000584   ENSG00000187608  ISG15:14148.2.3..1_L1  chr1_1014228_G_A    ...
    """
    from lifenode.eqtl import Catalogue

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    table = Catalogue(catalogue).credible_sets(
        gene, molecular_trait=trait, variant=variant, region=region, min_pip=min_pip, dataset=dataset, limit=limit,
        tissue_label=tissue, study_label=study, quant_method=quant_method,
    )  # fmt: skip
    _tell_lost(table)
    _show(table, _SETS, format_, output)
    return 0


def _show(table: Table, names: tuple[str, ...], format_: str, output: Path | None, top: int = _SHOWN_ROWS) -> None:
    if format_ != "table":
        out.write(table, format_, output)
        return
    numbers = {column.name for column in table.columns if column.kind in ("integer", "number")}
    shown = table.head(top) if top else table
    rows = [[_cell(row[name]) for name in names] for row in shown.to_dicts()]
    right = [at for at, name in enumerate(names) if name in numbers]
    out.write_text(out.aligned(list(names), rows, right=right, shrink=len(names) - 1), output)
    if not len(table):
        tell("nothing found")
    if len(table) > len(shown):
        tell(f"{len(table) - len(shown):,} more rows: --format tsv shows all")


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    return " ".join(value) if isinstance(value, list) else str(value)


def _tell_lost(table: Table) -> None:
    for name, reason in table.meta["unavailable"].items():
        tell(f"{name} is unavailable: {reason}")
    if not table.meta.get("complete", True):
        tell(f"cut at {table.meta['limit']:,} rows: there are more")


def _tell_report(report: IngestReport) -> None:
    for note in report.notes:
        tell(note)
    for found in report.findings:
        where = f" (row {found['rows'].replace(' ', ', ')})" if found["rows"] else ""
        subject = found["dataset_id"] or found["file"]
        tell(f"{subject}: {found['finding']}: {found['count']:,} {found['action']}{where}. {found['meaning']}")
    seconds, rows = report.meta["seconds"], report.meta["rows_read"]
    tell(f"release {report.meta['release']}: {rows:,} rows read in {seconds:.1f} s")
