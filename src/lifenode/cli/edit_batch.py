"""``lifenode edit batch``: what Cas9 leaves at many targets, a line each."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.edit_reference import reference_options, targets_in
from lifenode.cli.messages import tell, tell_error
from lifenode.errors import BatchFailed, InvalidOption

if TYPE_CHECKING:
    from lifenode.editing.cas9_many import Cas9Batch
    from lifenode.table import Table

_SHOWN = ("target", "guide", "frameshift", "insertions", "microhomology", "entropy", "top", "top_percent")
_HEADINGS = ("target", "guide", "frameshift %", "insertions %", "microhomology %", "entropy", "likeliest", "percent")
_NUMBERS = (2, 3, 4, 5, 7)
_ENDLESS = 1 << 40


@click.command("batch", no_args_is_help=True)
@click.argument("targets", metavar="FILE|REGION|GENE|-")
@reference_options
@click.option("--background", default="wild-type", show_default=True, help="Repair gene the cells lack, such as LIG4.")
@click.option("--motif", default="NGG", show_default=True, help="The PAM, in letters of IUPAC.")
@click.option(
    "--profiles",
    type=click.Path(path_type=Path),
    help="Write all outcomes as well: FILE.tsv, .csv, .jsonl or .parquet.",
)
@click.option("--workers", type=click.IntRange(min=1), help="Processes. [default: one a core, from 500 targets on]")
@click.option("--dask", metavar="tcp://HOST:PORT", help="Run on this Dask cluster instead.")
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def command(
    targets: str, reference: Path | None, organism: str | None, background: str, motif: str, profiles: Path | None,
    workers: int | None, dask: str | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Predict what Cas9 leaves at many targets: a line each.

    FILE holds FASTA, a table with the columns ID, Target and PAM Index, or a sequence a line; with --reference it holds
    regions and genes. Where no PAM is named, every site of both strands has a line. A run that is stopped goes on where
    it was when the same command is given again.

    \b
    Examples:
      lifenode edit batch examples/targets.tsv
        2 targets
          target  guide                 frameshift %  insertions %  microhomology %  entropy  likeliest   percent
          known   GCGAGACGCTCAGCGTGAAG          75.5           4.9             43.9      6.8  D7_L-7C4R5     15.8
          second  TCGATTTAACGCTTAACAAA          65.2          12.8             44.4      6.4  D3_L-4C2R2     13.2
      lifenode edit batch genes.txt --reference genome.fa --output sites.tsv --profiles outcomes.parquet
    """
    from lifenode.cli.sequences import text_of
    from lifenode.editing.cas9_many import Cas9Batch

    format_ = format_ or out.default_format(output)
    for place in (output, profiles):
        out.check_place(place)
    if output is not None and output == profiles:
        raise InvalidOption(f"{output} is named twice.", value=output, next_step="Name two files.")
    placed = None if reference is None else targets_in(reference, targets, organism, motif, most=_ENDLESS)
    run = Cas9Batch.of(text_of(targets) if placed is None else placed, background, motif=motif, profiles=profiles)
    failed = 0
    try:
        table = _run(run, workers, dask)
    except BatchFailed as error:
        tell_error(error, as_json=format_ in ("json", "jsonl"))
        table, failed = vars(error)["partial"], 1
    if format_ == "table":
        out.write_text(_text(table), output)
    else:
        out.write(table, format_, output)
    return failed


def _run(run: Cas9Batch, workers: int | None, dask: str | None) -> Table:
    from lifenode import batch
    from lifenode.cli.sequences import progress

    done = run.kept.done()
    tell(f"{len(run.items):,} targets" + (f", {done:,} of them done before" if done else ""))
    try:
        with progress("targets") as shown:
            if dask is None:
                return run.run(workers=workers, progress=shown)
            with batch.dask_executor(dask) as executor:
                return run.run(executor=executor, progress=shown)
    except KeyboardInterrupt:
        tell(f"{run.kept.done():,} of {len(run.items):,} targets are done and kept; the same command goes on there")
        raise


def _text(table: Table) -> str:
    rows = [
        [
            f"{row[name]:.1f}" if place in _NUMBERS else " ".join(str(row[name]).split())
            for place, name in enumerate(_SHOWN)
        ]
        for row in table
    ]
    return out.aligned(_HEADINGS, rows, right=_NUMBERS, shrink=0)
