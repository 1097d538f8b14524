"""``lifenode orthologs``."""

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


@click.command("orthologs", no_args_is_help=True)
@click.argument("file", metavar="FILE|-")
@click.option("--to", default="mmusculus", show_default=True, help="Organism wanted, such as drerio or hsapiens.")
@click.option(
    "-o",
    "--organism",
    default=lambda: settings().organism,
    help="Organism, or the folder of a pack. [default: hsapiens]",
)
@click.option(
    "--sources", metavar="NAMES", help="HCOP, HomoloGene or both; by default HCOP, and HomoloGene where it has nothing."
)
@click.option(
    "--min-support", default=1, show_default=True, type=click.IntRange(1), help="Fewest databases that must agree."
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
    file: str, to: str, organism: str, sources: str | None, min_support: int, numeric_namespace: str,
    choose: tuple[str, ...], format_: str | None, output: Path | None, strict: bool,
) -> int:  # fmt: skip
    """Find the orthologs of genes in another organism; nothing is dropped.

    \b
    Example:
      printf 'TP53\\nIL6\\n' | lifenode orthologs - --to mmusculus --min-support 3
        2 identifiers read · 2 mapped (symbol 2) · 0 unmapped · 0 ambiguous · 0 duplicate
        2 of 2 genes have an ortholog in mmusculus
          query  status  ortholog            symbol  relation    source  support
          TP53   mapped  ENSMUSG00000059552  Trp53   one-to-one  HCOP         12
          IL6    mapped  ENSMUSG00000025746  Il6     one-to-one  HCOP         10
    """
    import lifenode
    from lifenode.cli.enrich import pair

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = lifenode.orthologs(
        place(file), organism, to, sources=sources, min_support=min_support, numeric_namespace=numeric_namespace,
        choices=dict(pair(text) for text in choose),
    )  # fmt: skip
    tell(result.accounting.summary())
    for line in result.accounting.lines(10):
        tell(line)
    tell(f"{result.meta['with_ortholog']} of {result.meta['genes']} genes have an ortholog in {to}")
    if format_ == "table":
        out.write_text(_text(result), output)
    else:
        out.write(result, format_, output)
    return int(strict and bool(result.accounting.unmapped or result.accounting.ambiguous))


def _text(result: Table) -> str:
    headings = ["query", "status", "ortholog", "symbol", "relation", "source", "support"]
    names = ("query", "status", "ortholog", "ortholog_symbol", "relation", "source")
    rows = [[*[str(row[name]) for name in names], str(row["support_count"] or "")] for row in result.to_dicts()]
    return out.aligned(headings, rows, right=(6,), shrink=5)
