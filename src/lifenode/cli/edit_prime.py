"""``lifenode edit prime``: how well inserts go in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.cli.sequences import text_of
from lifenode.errors import InvalidOption

if TYPE_CHECKING:
    from lifenode.table import Table

_BASES, _AMINO_ACIDS = "ACGTURYSWKMBDHVN", "ABCDEFGHIJKLMNOPQRSTUVWXYZ*_"
_FORMATS = click.Choice(out.FORMATS)


@click.command("prime", no_args_is_help=True)
@click.argument("inserts", metavar="INSERT|FILE|-")
@click.option("--target", help="Bases of the genome with {} at the nick, three bases before an NGG on either strand.")
@click.option("--spacer", help="Instead of it: the 20 bases before the PAM.")
@click.option("--pbs", help="Bases left of the nick, on the strand of the spacer.")
@click.option("--ha", help="Bases right of the nick, on the strand of the spacer.")
@click.option("--pbs-length", default=13, show_default=True, help="Bases left of the nick taken from --target.")
@click.option("--ha-length", default=15, show_default=True, help="Bases right of the nick taken from --target.")
@click.option("--cell-line", help="Cell line, such as HEK293T, whose state of mismatch repair is known.")
@click.option("--mmr", type=click.IntRange(0, 1), help="Mismatch repair: 0 deficient, 1 proficient. [default: 0]")
@click.option("--protein", is_flag=True, help="Inserts are amino acids; all ways of writing them are ranked.")
@click.option("--scan", is_flag=True, help="One insert with arms of many lengths, the best first; needs --target.")
@click.option("--mean", type=float, help="Mean rate of your experiment; with --std adds the column scaled.")
@click.option("--std", type=float, help="Standard deviation of it.")
@click.option("--top", default=20, show_default=True, type=click.IntRange(0), help="Rows shown; 0 shows all.")
@click.option("--format", "format_", type=_FORMATS, help="[default: table on a terminal, tsv in a pipe]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the inserts by percent: FILE.png, .svg or .pdf.")
def prime(
    inserts: str, target: str | None, spacer: str | None, pbs: str | None, ha: str | None, pbs_length: int,
    ha_length: int, cell_line: str | None, mmr: int | None, protein: bool, scan: bool, mean: float | None,
    std: float | None, top: int, format_: str | None, output: Path | None, plot: Path | None,
) -> int:  # fmt: skip
    """Predict how well inserts go in by prime editing.

    INSERT is DNA (letters of IUPAC stand for all their bases) or, with --protein, amino acids; FILE holds one a line,
    FASTA, or a table with the columns insert, spacer, PBS and HA; - reads standard input.

    \b
    Example:
      lifenode edit prime CTT --target GATGGCCCAGACTGAGCACG{}TGATGGCAGAGGAAAGG --cell-line HEK293T
          insert  percent  80 % interval     z  distance
          CTT        21.2      15.9-26.9  2.43       0.0
    """
    from lifenode.editing import prime as predict
    from lifenode.editing import prime_scan, prime_table
    from lifenode.editing.prime_batch import is_table

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    given = text_of(inserts, _AMINO_ACIDS if protein else _BASES)
    if scan:
        if target is None:
            raise InvalidOption("--scan needs --target.", next_step="Give the bases of the genome with {} at the nick.")
        result = prime_scan(given.strip(), target, mmr=mmr, cell_line=cell_line)
    elif is_table(given):
        result = prime_table(given, mmr=mmr, cell_line=cell_line)
    else:
        result = predict(
            given, target=target, pbs=pbs, ha=ha, spacer=spacer, mmr=mmr, cell_line=cell_line,
            kind="protein" if protein else "dna", pbs_length=pbs_length, ha_length=ha_length, mean=mean, std=std,
        )  # fmt: skip
    for note in result.meta["notes"]:
        tell(note)
    if plot is not None:
        from lifenode.editing.prime_picture import draw

        draw(result, plot)
    if format_ == "table":
        out.write_text(_text(result, top), output)
    else:
        out.write(result, format_, output)
    return 0


def _text(result: Table, top: int) -> str:
    shown = result.head(top) if top else result
    names = [name for name in ("name", "insert", "pbs_length", "ha_length") if name in result]
    headings = [*(name.replace("_", " ") for name in names), "percent", "80 % interval", "z"]
    headings += ["distance"] if "distance" in result else []
    rows = []
    for row in shown:
        cells = [*(str(row[name]) for name in names), f"{row['percent']:.1f}", f"{row['low']:.1f}-{row['high']:.1f}"]
        cells += [f"{row['z']:.2f}", *([f"{row['distance']:.1f}"] if "distance" in row else [])]
        rows.append(cells)
    more = f"... and {len(result) - len(shown):,} more; --top 0 shows all\n" if len(shown) < len(result) else ""
    return out.aligned(headings, rows, right=tuple(range(len(names), len(headings))), shrink=len(names) - 1) + more
