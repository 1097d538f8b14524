"""``lifenode eqtl locus``: associations along a stretch of a chromosome, as a table or a picture."""

from __future__ import annotations

from pathlib import Path

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption

_SHOWN = 20
_COLUMNS = ("dataset_id", "variant", "rsid", "position", "nlog10p", "beta", "pip", "credible_set")


def check_picture(path: Path | None) -> None:
    """Raise if a picture cannot be written there.

    Raises
    ------
    InvalidOption
        Its name ends in no known format.
    OutputError
        The folder is not there.
    """
    if path is None:
        return
    out.check_place(path)
    if path.suffix[1:].lower() not in ("png", "svg", "pdf"):
        raise InvalidOption(
            f"A picture cannot be saved as {path.name!r}.", value=path, next_step="End it in .png, .svg or .pdf."
        )


@click.command("locus", no_args_is_help=True)
@click.option("--catalogue", type=click.Path(path_type=Path), metavar="FOLDER", help="Its folder.")
@click.option("--gene", metavar="GENE", help="Symbol, alias or Ensembl id.")
@click.option("--region", metavar="PLACE", help="Such as 5:75300000-75400000; both ends inside.")
@click.option("--dataset", multiple=True, metavar="ID", help="Data set, one a panel; can be repeated.")
@click.option("--trait", metavar="ID", help="Molecular trait. [default: the one with the smallest p-value]")
@click.option("--colour", type=click.Choice(["pip", "ld"]), default="pip", show_default=True, help="Of the dots.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw into this .svg, .png or .pdf.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: text on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write the table here instead of standard output.")
def locus(
    catalogue: Path | None, gene: str | None, region: str | None, dataset: tuple[str, ...], trait: str | None,
    colour: str, plot: Path | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Show the associations of a gene or a region, with how likely each variant is to be causal.

    \b
    Example:
      lifenode eqtl locus --gene HMGCR --plot locus.svg
        locus.svg: Associations at HMGCR, chr5:75,297,648-75,421,337 in 1 data set
    """
    from lifenode.eqtl import Catalogue, locus_plot
    from lifenode.eqtl import locus as run
    from lifenode.settings import settings

    check_picture(plot)
    config = settings()
    found = run(
        Catalogue(catalogue), gene, region=region, dataset=dataset, molecular_trait=trait,
        recombination=config.eqtl_recombination_map or None, ld=config.eqtl_ld_table or None,
    )  # fmt: skip
    drawn = locus_plot(found, colour=colour)
    for name, why in found.unavailable.items():
        tell(f"{name} is unavailable: {why}")
    if plot is not None:
        tell(f"{drawn.save(plot)}: {drawn.title}")
        if format_ is None and output is None:
            return 0
    format_ = format_ or out.default_format(output)
    out.check_place(output)
    if format_ != "table":
        out.write(drawn.table, format_, output)
        return 0
    strongest = drawn.table.take((-drawn.table["nlog10p"]).argsort(kind="stable")[:_SHOWN].tolist())
    rows = [[_cell(row[name]) for name in _COLUMNS] for row in strongest.to_dicts()]
    out.write_text(out.aligned(list(_COLUMNS), rows, right=[3, 4, 5, 6], shrink=7), output)
    if len(drawn.table) > _SHOWN:
        tell(f"{len(drawn.table) - _SHOWN:,} more rows: --format tsv shows all")
    return 0


def _cell(value: object) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
