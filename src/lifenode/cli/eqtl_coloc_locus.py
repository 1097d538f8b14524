"""``lifenode eqtl coloc-locus``: which traits of a catalogue share the causal variant of a GWAS."""

from __future__ import annotations

from pathlib import Path

import click

from lifenode.cli import output as out
from lifenode.cli.eqtl_locus import check_picture
from lifenode.cli.messages import tell

_SHOWN = 20
_COLUMNS = ("dataset_id", "gene", "molecular_trait_id", "nsnps", "pp_h3", "pp_h4", "overlap_1", "overlap_2")
_NUMBERS = [3, 4, 5, 6, 7]


@click.command("coloc-locus", no_args_is_help=True)
@click.argument("gwas", type=click.Path(path_type=Path), metavar="TABLE", required=False)
@click.option("--catalogue", type=click.Path(path_type=Path), metavar="FOLDER", help="Its folder.")
@click.option("--with-dataset", metavar="ID", help="A data set of the catalogue, instead of a table.")
@click.option("--with-gene", metavar="GENE", help="Gene of that data set. [default: the same gene]")
@click.option("--gene", metavar="GENE", help="Compare only this one. [default: all of the region]")
@click.option("--region", metavar="PLACE", help="Such as 5:75300000-75400000. [default: where the GWAS has variants]")
@click.option("--dataset", multiple=True, metavar="ID", help="Data set; can be repeated. [default: all]")
@click.option("--kind", type=click.Choice(["quant", "cc"]), default="quant", show_default=True, help="Of the GWAS.")
@click.option("--n", type=float, help="Samples of the GWAS, where its table has no column of it.")
@click.option("--sd", type=float, help="Standard deviation of its trait. [default: estimated]")
@click.option("--p1", default=1e-4, show_default=True, help="Prior that a variant is causal for the gene alone.")
@click.option("--p2", default=1e-4, show_default=True, help="Prior that it is for the GWAS alone.")
@click.option("--p12", default=1e-5, show_default=True, help="Prior that it is for both.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw the first row into this file.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: text on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def coloc_locus(
    gwas: Path | None, catalogue: Path | None, with_dataset: str | None, with_gene: str | None, gene: str | None,
    region: str | None, dataset: tuple[str, ...], kind: str, n: float | None, sd: float | None, p1: float, p2: float,
    p12: float, plot: Path | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Compare a GWAS of one locus with every trait of the catalogue there.

    TABLE has a header and a line a variant: chromosome, position (GRCh38), alleles, effect, standard error, p; or is a
    GWAS-VCF. Columns are guessed, and told.

    \b
    Example:
      lifenode eqtl coloc-locus examples/hmgcr_ldl_gwas.tsv.gz --n 440546
          ...
          dataset_id  gene   molecular_trait_id  nsnps      pp_h3      pp_h4  overlap_1  overlap_2
          QTD000085   HMGCR  ENSG00000113161       275  0.0005933     0.9993    0.08307  2.225e-06
          QTD000085   POC5   ENSG00000152359       275    0.04604    0.04415     0.8888  2.225e-06
          QTD000085   CERT1  ENSG00000113163       275     0.9997  0.0001336          1  2.225e-06
    """
    from lifenode.eqtl import Catalogue
    from lifenode.eqtl import coloc_locus as run
    from lifenode.genes.byte_input import read_file

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    check_picture(plot)
    found = run(
        Catalogue(catalogue), gene, gwas=None if gwas is None else read_file(gwas), with_dataset=with_dataset,
        with_gene=with_gene, region=region, dataset=dataset, kind=kind, n=n, sd=sd,
        name="GWAS" if gwas is None else gwas.name.split(".")[0], p1=p1, p2=p2, p12=p12,
    )  # fmt: skip
    if found.gwas is not None:
        tell("read: " + ", ".join(f"{value} from {name}" for value, name in found.gwas.columns.items()))
        for line in [*found.gwas.notes, *(finding.line() for finding in found.gwas.findings)]:
            tell(line)
    for warning in found.warnings():
        tell(f"{found.table['gene'][0] or found.table['molecular_trait_id'][0]}: {warning}")
    if plot is not None:
        drawn = found.mirrored_plot()
        tell(f"{drawn.save(plot)}: {drawn.title}")
    if format_ != "table":
        out.write(found.table, format_, output)
        return 0
    rows = [[_cell(row[name]) for name in _COLUMNS] for row in found.table.head(_SHOWN).to_dicts()]
    out.write_text(out.aligned(list(_COLUMNS), rows, right=_NUMBERS, shrink=2), output)
    if len(found.table) > _SHOWN:
        tell(f"{len(found.table) - _SHOWN:,} more rows: --format tsv shows all")
    return 0


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
