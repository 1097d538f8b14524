"""``lifenode eqtl coloc``: whether two traits share a causal variant."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.eqtl_locus import check_picture
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption, UnreadableInput

if TYPE_CHECKING:
    from lifenode.eqtl.coloc_result import ColocResult

_KINDS = click.Choice(["quant", "cc"])


@click.command("coloc", no_args_is_help=True)
@click.argument("first", type=click.Path(path_type=Path), metavar="TABLE")
@click.argument("second", type=click.Path(path_type=Path), metavar="TABLE")
@click.option("--type-1", type=_KINDS, default="quant", show_default=True, help="Kind of the first trait.")
@click.option("--type-2", type=_KINDS, default="quant", show_default=True, help="Kind of the second.")
@click.option("--n-1", type=int, help="Samples of the first, where its table has no column N.")
@click.option("--n-2", type=int, help="Samples of the second.")
@click.option("--sd-1", type=float, help="Standard deviation of the first trait. [default: estimated]")
@click.option("--sd-2", type=float, help="Standard deviation of the second.")
@click.option("--cases-1", type=float, help="Share of cases of the first, for cc with p-values.")
@click.option("--cases-2", type=float, help="Share of cases of the second.")
@click.option("--p1", default=1e-4, show_default=True, help="Prior that a variant is causal for the first alone.")
@click.option("--p2", default=1e-4, show_default=True, help="Prior that it is for the second alone.")
@click.option("--p12", default=1e-5, show_default=True, help="Prior that it is for both.")
@click.option("--variants", is_flag=True, help="The table of variants, instead of the posteriors.")
@click.option("--sensitivity", is_flag=True, help="Posteriors over the range of p12, instead.")
@click.option("--plot", type=click.Path(path_type=Path), metavar="FILE", help="Draw into this .svg, .png or .pdf.")
@click.option(
    "--plot-kind",
    type=click.Choice(["mirrored", "compare", "sensitivity"]),
    default="mirrored",
    show_default=True,
    help="Both traits over their positions, against each other, or the posteriors over p12.",
)
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: text on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def coloc(
    first: Path, second: Path, type_1: str, type_2: str, n_1: int | None, n_2: int | None, sd_1: float | None,
    sd_2: float | None, cases_1: float | None, cases_2: float | None, p1: float, p2: float, p12: float, variants: bool,
    sensitivity: bool, plot: Path | None, plot_kind: str, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Ask whether two traits share a causal variant at a locus.

    A TABLE has a line a variant and the columns snp (or variant), beta and varbeta (or se), or pvalues and MAF; plain
    or gzip, separated by tabs or commas.

    \b
    Example:
      lifenode eqtl coloc examples/hmgcr_muscle_eqtl.tsv.gz examples/hmgcr_ldl_gwas.tsv.gz --n-1 288 --n-2 440546
        ColocResult: 1,003 variants, likeliest H4: both have one, and it is the same
          H0         0  neither trait has a causal variant here
          H1         0  only the first trait has one
          H2   6.8e-05  only the second trait has one
          H3    0.0114  both have one, and they differ
          H4     0.989  both have one, and it is the same
          ...
    """
    from lifenode.eqtl import coloc as run
    from lifenode.table import Column, Table

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    check_picture(plot)
    if variants and sensitivity:
        raise InvalidOption("--variants and --sensitivity go one at a time.", next_step="Ask twice.")
    result = run(
        data_set(first, type=type_1, N=n_1, sdY=sd_1, s=cases_1),
        data_set(second, type=type_2, N=n_2, sdY=sd_2, s=cases_2),
        p1=p1, p2=p2, p12=p12,
    )  # fmt: skip
    if plot is not None:
        facts = ({"kind": type_1, "n": n_1, "sdy": sd_1}, {"kind": type_2, "n": n_2, "sdy": sd_2})
        tell(_drawn(result, (first, second), facts, plot_kind, plot))
    if variants or sensitivity:
        table = result.sensitivity() if sensitivity else result.table
        out.write(table, "tsv" if format_ == "table" else format_, output)
    elif format_ == "table":
        out.write_text(f"{result!r}\n", output)
    else:
        summary = result.summary()
        columns = [
            Column(
                name,
                "integer" if name == "nsnps" else "number",
                "Variants in both." if name == "nsnps" else "Posterior.",
            )
            for name in summary
        ]
        data: dict[str, Any] = {name: [value] for name, value in summary.items()}
        out.write(Table(columns, data, {**result.table.meta, "notes": list(result.notes)}, 1), format_, output)
    return 0


def _drawn(
    result: ColocResult, files: tuple[Path, Path], facts: tuple[dict[str, Any], dict[str, Any]], kind: str, plot: Path
) -> str:
    """Draw a comparison of two tables, and return what was drawn."""
    from lifenode.eqtl import locuscompare_plot, mirrored_plot, sensitivity_plot
    from lifenode.eqtl.coloc_pair import compared_pair
    from lifenode.eqtl.coloc_region import trait_of
    from lifenode.eqtl.gwas_region import known_variants, no_known, read_gwas
    from lifenode.eqtl.locus_genes import gene_models
    from lifenode.eqtl.query import Region
    from lifenode.genes.byte_input import read_file

    if kind == "sensitivity":
        drawn = sensitivity_plot(result)
    else:
        names = [path.name.split(".")[0] for path in files]
        texts = [read_file(path) for path in files]
        own = read_gwas(texts[0], no_known, study=names[0], n=facts[0]["n"])
        # Alleles of the second are brought to those of the first.
        read = [own, read_gwas(texts[1], known_variants([own.rows]), study=names[1], n=facts[1]["n"])]
        traits = [
            trait_of(one.rows, "", name, kind=fact["kind"], sdy=fact["sdy"])
            for one, name, fact in zip(read, names, facts, strict=True)
        ]
        panels = compared_pair(traits[0], traits[1], result.priors).panels
        place = Region(read[0].chromosome, min(one.start for one in read), max(one.end for one in read))
        drawn = locuscompare_plot(*panels) if kind == "compare" else mirrored_plot(*panels, place, gene_models(place))
    return f"{drawn.save(plot)}: {drawn.title}"


def data_set(path: Path, **facts: Any) -> dict[str, Any]:
    """Return a table as a data set, with what it does not say itself."""
    import polars as pl

    from lifenode.genes.byte_input import read_file

    text = read_file(path)
    separator = "\t" if "\t" in text.split("\n", 1)[0] else ","
    try:
        table = pl.read_csv(text.encode(), separator=separator, null_values=["NA", ""], infer_schema_length=None)
    except pl.exceptions.PolarsError as problem:
        reason = str(problem).splitlines()[0]
        raise UnreadableInput(
            f"{path.name} could not be read as a table: {reason}.", value=path, next_step="Give a line a variant."
        ) from problem
    own = {name: value for name, value in facts.items() if value is not None and name not in table.columns}
    return {**table.to_dict(), **own}
