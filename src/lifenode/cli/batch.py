"""``lifenode batch``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.enrich import analysis_options, library_options
from lifenode.cli.files import place
from lifenode.cli.messages import tell, tell_error, watched
from lifenode.errors import BatchFailed, InvalidOption

if TYPE_CHECKING:
    from lifenode.table import Table

FORMATS = tuple(name for name in out.FORMATS if name != "table")


@click.command("batch", no_args_is_help=True)
@click.argument("file", metavar="FILE|-")
@analysis_options
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: one a core, from 500 lists on]")
@click.option("--dask", metavar="tcp://HOST:PORT", help="Run on this Dask cluster instead.")
@click.option("--format", "format_", type=click.Choice(FORMATS), help="[default: by the output's ending, else tsv]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def command(
    file: str, workers: int | None, dask: str | None, format_: str | None, output: Path | None, **options: Any
) -> int:
    """Enrich many lists: a GMT file, or lists under lines that start with >.

    The table is the same, to the byte, for any number of processes and for a cluster.

    \b
    Examples:
      printf '>a\\nIL6 TNF CXCL8\\n>b\\nBRCA1 BRCA2 RAD51\\n' | lifenode batch - --sources REAC | cut -f 4 | head -2
        2 lists
        name
        Interleukin-10 signaling
      lifenode batch modules.gmt --sources GO:BP --workers 2 --output modules.parquet
    """
    format_ = format_ or out.default_format(output, FORMATS)
    out.check_place(output)
    asked = library_options(options)
    if file == "-" and asked["background"] == "-":
        raise InvalidOption("Standard input is named twice.", value="-", next_step="Put one into a file.")
    lists = _lists(file)
    failed = 0
    try:
        table = _run(lists, workers, dask, asked)
    except BatchFailed as error:
        tell_error(error, as_json=format_ in ("json", "jsonl"))
        partial: Table = error.partial  # type: ignore[attr-defined]
        table, failed = partial, 1
    out.write(table, "tsv" if format_ == "table" else format_, output)
    return failed


def _lists(file: str) -> dict[str, list[object]]:
    """Read the lists of a GMT or text file."""
    if file.lower().removesuffix(".gz").endswith(".gmt"):
        from lifenode.enrichment.gene_sets import GeneSets

        sets = GeneSets.read(file)
        return {name: list(members) for name, members in zip(sets.ids, sets.members, strict=True)}
    from lifenode.genes.lists import read_queries

    return read_queries(place(file)).lists


def _run(lists: dict[str, list[object]], workers: int | None, dask: str | None, options: dict[str, Any]) -> Table:
    from lifenode import batch

    with _progress(len(lists)) as progress:
        if dask is None:
            return batch.run(lists, workers=workers, progress=progress, **options)
        with batch.dask_executor(dask) as executor:
            return batch.run(lists, executor=executor, progress=progress, **options)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on standard error if somebody is watching."""
    if not watched():
        yield None
        tell(f"{total} lists")
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("lists", total=total)
        yield lambda done, _: bar.update(task, completed=done)
