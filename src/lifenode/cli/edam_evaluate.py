"""``lifenode edam evaluate``: how well tools are annotated whose terms are known."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell


@click.command("evaluate", no_args_is_help=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--method", default="learned", show_default=True, help="learned, or lexical for the matcher of names alone."
)
@click.option("--branch", "branches", multiple=True, help="topic, operation, data or format. [default: all]")
@click.option("--no-publications", is_flag=True, help="Show names and descriptions only.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def evaluate(
    file: Path, method: str, branches: tuple[str, ...], no_publications: bool, format_: str | None, output: Path | None
) -> int:
    """Judge annotation on tools whose terms are known.

    FILE holds records of bio.tools as JSON or JSON lines, or a CSV or TSV table with the columns name, description, and
    topic, operation, data, format or annotations (parted by |). Prints EDAMmap's measures of the terms that are
    proposed, measures of the ten best, the recall of rare terms, and the error of calibration, with 95 % intervals.

    \b
    Example:
      lifenode edam evaluate examples/tools_with_old_terms.csv --branch operation
        3 tools · 0 terms unknown
          branch     measure    value  interval     count
          operation  precision  ...
          ...
    """
    from lifenode.edam import evaluate as evaluated
    from lifenode.edam.concept import BRANCHES
    from lifenode.edam.known_tools import read_known_tools

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    tools = read_known_tools(file)
    unknown = [term for tool in tools for term in tool.unknown]
    tell(f"{len(tools):,} tools · {len(unknown):,} terms unknown{': ' if unknown else ''}{', '.join(unknown[:3])}")
    found = evaluated(tools, method=method, branches=branches or BRANCHES, publications=not no_publications)
    if format_ != "table":
        out.write(found, format_, output)
        return 0
    rows = []
    for row in found:
        between = "" if isnan(row["low"]) else f"{row['low']:.3f}-{row['high']:.3f}"
        rows.append([row["branch"], row["measure"], f"{row['value']:.3f}", between, f"{row['count']:,}"])
    out.write_text(
        out.aligned(["branch", "measure", "value", "interval", "count"], rows, right=(2, 4), shrink=1), output
    )
    return 0
