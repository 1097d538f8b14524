"""``lifenode eqtl colocalise``: a locus against every trait of a catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from lifenode.cli import output as out
from lifenode.cli.eqtl_coloc import data_set
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption

_SHOWN = 20
_COLUMNS = ("dataset_id", "molecular_trait_id", "gene_id", "idx_2", "nsnps", "hit_2", "pp_h3", "pp_h4")


@click.command("colocalise", no_args_is_help=True)
@click.argument("table", type=click.Path(path_type=Path), required=False)
@click.option("--catalogue", type=click.Path(path_type=Path), help="Its folder. [default: that of the settings]")
@click.option("--stored", metavar="QTD", help="Instead of a TABLE: a data set of the catalogue.")
@click.option("--stored-gene", metavar="GENE", help="Its gene, where it has several.")
@click.option("--type", "kind", type=click.Choice(["quant", "cc"]), default="quant", show_default=True, help="Trait.")
@click.option("--n", type=int, help="Samples, where the table has no column N.")
@click.option("--sd", type=float, help="Standard deviation of the trait. [default: estimated]")
@click.option("--cases", type=float, help="Share of cases, for cc with p-values.")
@click.option("--region", metavar="PLACE", help="Only this part of it, such as 5:75300000-75400000.")
@click.option("--gene", multiple=True, metavar="GENE", help="Compare with this gene only; can be repeated.")
@click.option("--dataset", multiple=True, metavar="QTD", help="Compare with this data set only; can be repeated.")
@click.option("--tissue", multiple=True, metavar="NAME", help="Compare with this tissue only; can be repeated.")
@click.option(
    "--method", type=click.Choice(["abf", "signals"]), default="abf", show_default=True,
    help="One causal variant each, or each fine-mapped signal by itself.",
)  # fmt: skip
@click.option("--p1", default=1e-4, show_default=True, help="Prior that a variant is causal for the locus alone.")
@click.option("--p2", default=1e-4, show_default=True, help="Prior that it is for the other trait alone.")
@click.option("--p12", type=float, help="Prior that it is for both. [default: 1e-5; 5e-6 for signals]")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def colocalise(
    table: Path | None, catalogue: Path | None, stored: str | None, stored_gene: str | None, kind: str, n: int | None,
    sd: float | None, cases: float | None, format_: str | None, output: Path | None, tissue: tuple[str, ...],
    **asked: Any,
) -> int:  # fmt: skip
    """Ask which genes, in which data sets, share the cause of a locus.

    TABLE has a line a variant and the columns variant (chr5_75355259_A_G or 5:75355259:A:G, GRCh38), beta and se, or
    pvalues and MAF.

    \b
    Example:
      lifenode eqtl colocalise examples/hmgcr_ldl_gwas.tsv.gz --n 440546
          dataset_id  molecular_trait_id  gene_id          idx_2  nsnps  hit_2              pp_h3      pp_h4
          QTD000085   ENSG00000113161     ENSG00000113161      1    275  chr5_75393424_T_C  0.0005933  0.9993
          ...
    """
    from lifenode.eqtl import Catalogue, stored_locus
    from lifenode.eqtl import colocalise as run

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    if (table is None) == (stored is None):
        raise InvalidOption("The locus is a TABLE, or --stored QTD: one of both.", next_step="Give one.")
    where = Catalogue(catalogue)
    facts: dict[str, Any] = {"type": kind, "N": n, "sdY": sd, "s": cases}
    locus = (
        data_set(table, **facts) if table is not None
        else stored_locus(where, str(stored), gene=stored_gene, region=asked["region"], **facts)
    )  # fmt: skip
    found = run(where, locus, tissue_label=tissue, **asked)
    for name, reason in {**found.meta["unavailable"], **found.meta["left_out"]}.items():
        tell(f"{name} is left out: {reason}")
    if format_ != "table":
        out.write(found, format_, output)
        return 0
    rows = [[_cell(row[name]) for name in _COLUMNS] for row in found.head(_SHOWN).to_dicts()]
    out.write_text(out.aligned(list(_COLUMNS), rows, right=[3, 4, 6, 7], shrink=5), output)
    if len(found) > _SHOWN:
        tell(f"{len(found) - _SHOWN:,} more rows: --format tsv shows all")
    return 0


def _cell(value: object) -> str:
    return "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
