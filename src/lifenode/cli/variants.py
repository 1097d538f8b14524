"""``lifenode variants``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.files import place
from lifenode.cli.messages import tell
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.table import Table


@click.command("variants", no_args_is_help=True)
@click.argument("file", metavar="FILE|-")
@click.option(
    "-o",
    "--organism",
    default=lambda: settings().organism,
    help="Organism, or the folder of a pack. [default: hsapiens]",
)
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any variant is unmapped.")
def command(file: str, organism: str, format_: str | None, output: Path | None, strict: bool) -> int:
    """Look up rsIDs, places and changes: position, alleles, genes and consequences.

    A place (19:44908000-44909000) gives its variants and genes, a change (1:230710048:A:G) the variant the pack holds
    of it, or else the genes at its position. Positions are 1-based.

    \b
    Example:
      printf 'rs429358\\n19:44908822:C:T\\nrs1\\n' | lifenode variants -
        3 identifiers read · 2 mapped (rsID 1, change 1) · 1 unmapped · 0 ambiguous · 0 duplicate
          rs1  an rsID that this release does not hold
          query            status    rsid      place        alleles  genes  consequences        found by
          rs429358         mapped    rs429358  19:44908684           APOE   missense_variant:1  rsid
          19:44908822:C:T  mapped    rs7412    19:44908822           APOE   missense_variant:1  position
          rs1              unmapped
    """
    import lifenode

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = lifenode.variants(place(file), organism)
    tell(result.accounting.summary())
    for line in result.accounting.lines(10):
        tell(line)
    if format_ == "table":
        out.write_text(_text(result), output)
    else:
        out.write(result, format_, output)
    return int(strict and bool(result.accounting.unmapped))


def _text(result: Table) -> str:
    headings = ["query", "status", "rsid", "place", "alleles", "genes", "consequences", "found by"]
    rows = [_cells(row) for row in result]
    return out.aligned(headings, rows, right=(), shrink=5)


def _cells(row: dict[str, Any]) -> list[str]:
    genes = [symbol or gene for symbol, gene in zip(row["gene_symbols"], row["gene_ids"], strict=True)]
    where = _place(row["chromosome"], row["start"], row["end"])
    names = (row["query"], row["status"], row["rsid"], where, row["alleles"])
    return [*names, " ".join(genes), " ".join(row["consequences"]), row["found_by"]]


def _place(chromosome: str, start: int | None, end: int | None) -> str:
    if start is None:
        return ""
    return f"{chromosome}:{start}" if start == end else f"{chromosome}:{start}-{end}"
