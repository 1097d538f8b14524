"""``lifenode convert``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.files import place
from lifenode.cli.messages import tell
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.table import Table


@click.command("convert", no_args_is_help=True)
@click.argument("file", metavar="FILE|-")
@click.option("--to", default="ENTREZGENE", show_default=True, help="Namespace wanted, such as ENSG, HGNC or UNIPROT.")
@click.option(
    "-o",
    "--organism",
    default=lambda: settings().organism,
    help="Organism, or the folder of a pack. [default: hsapiens]",
)
@click.option(
    "--numeric-namespace", default="ENTREZGENE", show_default=True, help="Namespace of identifiers that are all digits."
)
@click.option("--choose", metavar="ID=GENE", multiple=True, help="Gene to take for an ambiguous identifier.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any identifier is unmapped or ambiguous.")
def command(
    file: str, to: str, organism: str, numeric_namespace: str, choose: tuple[str, ...], format_: str | None,
    output: Path | None, strict: bool,
) -> int:  # fmt: skip
    """Translate identifiers of any kind into those of one namespace; nothing is dropped.

    \b
    Example:
      printf 'TP53\\nENSG00000141510.17\\n' | lifenode convert - --to ENTREZGENE
        2 identifiers read · 1 mapped (symbol 1) · 0 unmapped · 0 ambiguous · 1 duplicate
          query               status     converted  gene_id          symbol  name
          TP53                mapped     7157       ENSG00000141510  TP53    tumor protein p53
          ENSG00000141510.17  duplicate  7157       ENSG00000141510  TP53    tumor protein p53
    """
    import lifenode
    from lifenode.cli.enrich import pair

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    choices = dict(pair(text) for text in choose)
    result = lifenode.convert(place(file), organism, to, numeric_namespace=numeric_namespace, choices=choices)
    tell(result.accounting.summary())
    for line in result.accounting.lines(10):
        tell(line)
    if format_ == "table":
        out.write_text(_text(result), output)
    else:
        out.write(result, format_, output)
    return int(strict and bool(result.accounting.unmapped or result.accounting.ambiguous))


def _text(result: Table) -> str:
    names = ["query", "status", "converted", "gene_id", "symbol", "name"]
    rows = [[str(row[name] or "") for name in names] for row in result.to_dicts()]
    return out.aligned(names, rows, right=(), shrink=5)
