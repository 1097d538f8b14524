"""``lifenode enrich``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lifenode.cli import output as out
from lifenode.cli.files import place, read_files
from lifenode.cli.messages import patience, tell
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.enrichment.result import EnrichmentResult

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = (*out.FORMATS, "gem", "gmt")
DOMAINS = ("annotated", "known", "custom", "custom_annotated")
CORRECTIONS = ("gscs", "fdr", "bonferroni", "fdr_hits", "gscs_compat")
_ROWS_ON_A_TERMINAL = 20


def analysis_options(command: F) -> F:
    """Add the options that decide what is computed, the same for one list and for many."""
    flags = [
        click.option("-o", "--organism", default=lambda: settings().organism,
                     help="Organism, folder of a pack, or none for own gene sets alone. [default: hsapiens]"),
        click.option("--sources", help="Sources to test, such as GO:BP,REAC; GO stands for all three. [default: all]"),
        click.option("--background", type=click.Path(path_type=Path), help="File of the genes the list came from."),
        click.option("--domain", type=click.Choice(DOMAINS), default="annotated", show_default=True,
                     help="What the list is compared with."),
        click.option("--correction", type=click.Choice(CORRECTIONS), default="gscs", show_default=True,
                     help="How testing many terms is corrected for."),
        click.option("--threshold", type=float, default=0.05, show_default=True, help="Largest adjusted p reported."),
        click.option("--ordered", is_flag=True, help="The list is ranked, best first: strongest prefix of each term."),
        click.option("--all-results", is_flag=True, help="Also terms that are not significant."),
        click.option("--no-iea", is_flag=True, help="Leave out annotations nobody has reviewed."),
        click.option("--evidence", is_flag=True, help="Add the genes of each term and their evidence codes."),
        click.option("--underrepresented", is_flag=True, help="Test for too few genes instead of too many."),
        click.option("--highlight", is_flag=True, help="Mark the driver terms of GO."),
        click.option("--min-term-size", type=int, help="Fewest genes of a tested term."),
        click.option("--max-term-size", type=int, help="Most genes of a tested term."),
        click.option("--gene-sets", type=click.Path(path_type=Path), help="Own gene sets (GMT) instead of sources."),
        click.option("--numeric-namespace", default="ENTREZGENE", show_default=True,
                     help="Namespace of identifiers that are all digits."),
        click.option("--choose", metavar="ID=GENE", multiple=True, help="Gene to take for an ambiguous identifier."),
    ]  # fmt: skip
    for flag in reversed(flags):
        command = flag(command)
    return command


def table_options(command: F) -> F:
    """Add the options that decide how a table of differential expression is read."""
    flags = [
        click.option("--max-adjusted-p", type=float, default=0.05, show_default=True,
                     help="In a table of differential expression: largest adjusted p."),
        click.option("--min-log2-fold-change", type=float, default=0.0, show_default=True,
                     help="Smallest absolute log2 fold change."),
        click.option("--gene-column", help="Column of the genes."),
        click.option("--fold-change-column", help="Column of the log2 fold change."),
        click.option("--p-column", help="Column of the adjusted p."),
        click.option("--group-column", help="Column whose values get lists of their own."),
    ]  # fmt: skip
    for flag in reversed(flags):
        command = flag(command)
    return command


@click.command("enrich", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE|- ...")
@analysis_options
@table_options
@click.option("--top", type=click.IntRange(min=0), help="Rows shown per list; 0 shows all. [default: 20 on a terminal]")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="[default: table on a terminal, tsv in a pipe]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the terms: FILE.png, .svg, .pdf or .html.")
@click.option("--strict", is_flag=True, help="Exit with 1 if any identifier is unmapped or ambiguous.")
def command(
    files: tuple[str, ...], top: int | None, format_: str | None, output: Path | None, plot: Path | None,
    strict: bool, **options: Any,
) -> int:  # fmt: skip
    """Find the terms a gene list is enriched in.

    FILE holds identifiers of any kind, one a line, or a table of differential expression; - reads standard input.
    Several files are compared as several lists.

    \b
    Examples:
      lifenode enrich examples/inflammatory_response.txt --top 3
        200 identifiers read · 200 mapped (symbol 200) · 0 unmapped · 0 ambiguous · 0 duplicate
        hsapiens, release 2026.11, background: annotated genes of each source, gscs 0.05 (family-wise)
          source  term        name                                 p adjusted  term  query  both     of
          GO:BP   GO:0006954  inflammatory response                   2.0e-50   545    199    70  16859
          GO:BP   GO:0006952  defense response                        3.1e-46  1406    199    95  16859
          GO:BP   GO:0002682  regulation of immune system process     1.2e-45  1466    199    96  16859
        727 more significant terms: --top 0 shows all, --plot terms.svg draws them
      lifenode enrich up.txt down.txt --sources GO:BP,REAC --plot terms.svg
      lifenode enrich deseq2.csv --max-adjusted-p 0.01 --format json
    """
    import lifenode

    format_ = format_ or out.default_format(output, FORMATS)
    out.check_place(output)
    out.check_picture(plot)
    asked = library_options(options)
    given = read_files(files, asked["background"], asked["table"])
    with patience("Building an index, or drawing random lists for this question; both are kept for the next time ..."):
        result = lifenode.enrich(given.query, **asked | {"background": given.background})
    shown = 0 if top is None and format_ != "table" else _ROWS_ON_A_TERMINAL if top is None else top
    troubled = report_identifiers(result, given.notes)
    if plot is not None:
        result.plot(plot)
    _write(result, format_, output, shown, plot)
    return int(strict and troubled)


def library_options(options: dict[str, Any]) -> dict[str, Any]:
    """Turn the options of the shell into those of `lifenode.enrich`."""
    from lifenode.genes.lists import TableOptions

    given = dict(options)
    table = {
        name: given.pop(name)
        for name in (
            "max_adjusted_p", "min_log2_fold_change", "gene_column", "fold_change_column", "p_column", "group_column",
        )
        if name in given
    }  # fmt: skip
    given["organism"] = None if given["organism"].lower() == "none" else given["organism"]
    given["background"] = None if given["background"] is None else place(given["background"])
    given["choices"] = dict(pair(text) for text in given.pop("choose"))
    if table:
        given["table"] = TableOptions(**table, ordered=given["ordered"])
    return given


def pair(text: str) -> tuple[str, str]:
    """Read ``IDENTIFIER=GENE``."""
    identifier, separator, gene = text.partition("=")
    if not separator or not identifier or not gene:
        raise click.UsageError(f'--choose is "{text}"; write it as IDENTIFIER=GENE, such as SEPT2=ENSG00000168385.')
    return identifier, gene


def report_identifiers(result: EnrichmentResult, notes: Sequence[str] = ()) -> bool:
    """Tell what became of every identifier, and return whether any was unmapped or ambiguous."""
    accounts = result.accounting if isinstance(result.accounting, dict) else {"": result.accounting}
    troubled = False
    for name, account in accounts.items():
        tell(f"{name}: {account.summary()}" if name else account.summary())
        for line in account.lines(10):
            tell(line)
        troubled |= bool(account.unmapped or account.ambiguous)
    for note in (*notes, *result.meta["notes"]):
        tell(str(note))
    for name, facts in result.meta["queries"].items():
        outside = facts["outside_background"]
        if outside:
            more = f" and {len(outside) - 5} more" if len(outside) > 5 else ""
            tell(f"{name}: {len(outside)} genes are outside the background: {', '.join(outside[:5])}{more}")
    return troubled


def _write(result: EnrichmentResult, format_: str, output: Path | None, shown: int, plot: Path | None) -> None:
    if not len(result):
        tell(_why_empty(result))
    rows = _first_rows(result, shown)
    if format_ in ("gem", "gmt"):
        out.write_text(rows.to_gem() if format_ == "gem" else rows.to_gmt(), output)
        return
    if format_ != "table":
        out.write(rows, format_, output)
        return
    from lifenode.cli.terms import terminal_text

    out.write_text(terminal_text(result, rows), output)
    hidden = len(result) - len(rows)
    if hidden:
        draw = "" if plot else ", --plot terms.svg draws them"
        kind = "" if result.meta["parameters"]["all_results"] else "significant "
        tell(f"{hidden} more {kind}terms: --top 0 shows all{draw}")


def _first_rows(result: EnrichmentResult, shown: int) -> EnrichmentResult:
    """Return the first rows of each list; all of them for 0."""
    if not shown:
        return result
    kept: list[int] = []
    seen: dict[str, int] = {}
    for row, name in enumerate(result["query"]):
        seen[name] = seen.get(name, 0) + 1
        if seen[name] <= shown:
            kept.append(row)
    return result.take(kept)


def _why_empty(result: EnrichmentResult) -> str:
    asked = result.meta["parameters"]
    sizes = [f["accounting"]["mapped"] for f in result.meta["queries"].values()]
    hint = "--all-results shows what came nearest"
    if max(sizes) < 5:
        hint += "; with so few genes only very small terms can reach significance"
    elif asked["correction"] != "fdr":
        hint += "; --correction fdr tolerates a share of false terms"
    return f"No term is significant at {asked['threshold']:g} ({asked['correction']}). {hint}."
