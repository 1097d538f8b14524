"""``lifenode edit``: what a target becomes when it is cut, edited or extended."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.edit_batch import command as batch
from lifenode.cli.edit_prime import prime
from lifenode.cli.edit_reference import base_in, placed_text, reference_options, targets_in
from lifenode.cli.messages import tell
from lifenode.cli.sequences import progress, text_of
from lifenode.errors import InvalidOption

if TYPE_CHECKING:
    from lifenode.editing.cas9_profile import Cas9Outcomes
    from lifenode.table import Table

_SHOWN = ("outcome", "probability", "inserted", "size", "start", "end")
_FORMATS = click.Choice([*out.FORMATS, "vcf"])


@click.group("edit", no_args_is_help=True)
def command() -> None:
    """Predict the outcomes of genome editing."""


command.add_command(prime)
command.add_command(batch)


@command.command("cas9", no_args_is_help=True)
@click.argument("target", metavar="SEQUENCE|FILE|REGION|GENE|-")
@reference_options
@click.option("--pam", type=int, help="Place of the first base of the PAM, from 0. [default: all sites, both strands]")
@click.option("--background", default="wild-type", show_default=True, help="Repair gene the cells lack, such as LIG4.")
@click.option("--motif", default="NGG", show_default=True, help="The PAM, in letters of IUPAC.")
@click.option("--compare", is_flag=True, help="All repair backgrounds side by side, instead of outcomes.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(0), help="Rows shown a target; 0 shows all.")
@click.option("--format", "format_", type=_FORMATS, help="[default: table on a terminal, tsv in a pipe]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option(
    "--plot", type=click.Path(path_type=Path),
    help="Draw the outcomes of the first target, or with --compare its backgrounds: FILE.png or .svg.",
)  # fmt: skip
def cas9(
    target: str, reference: Path | None, organism: str | None, pam: int | None, background: str, motif: str,
    compare: bool, top: int, format_: str | None, output: Path | None, plot: Path | None,
) -> int:  # fmt: skip
    """Predict what repair leaves after Cas9 has cut.

    SEQUENCE is a target, 5' to 3'; FILE holds FASTA, a table with the columns ID, Target and PAM Index, or a sequence
    a line; - reads standard input. With --reference, REGION is chr17:43,044,295-43,044,400 (from 1, both ends included)
    and GENE a symbol, and positions are those of the chromosome. For many targets: lifenode edit batch.

    \b
    Examples:
      lifenode edit cas9 CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTG --pam 42 --top 3
        target  in frame 24.0 %  insertions 5.0 %  microhomology 43.9 %  entropy 6.7 bits
          outcome       percent  inserted  size  start  end
          D7_L-7C4R5       16.3              -7     33   40
          D29_L-28C5R7      4.4             -29     12   41
          D11_L-4C2R10      3.7             -11     36   47
      lifenode edit cas9 chrDemo:238-242 --reference examples/reference.fa --top 2
        chrDemo:240+  in frame 24.5 %  insertions 4.9 %  microhomology 43.9 %  entropy 6.8 bits
          outcome       percent  inserted  size  start  end
          D7_L-7C4R5       15.8              -7    233  240
          D29_L-28C5R7      4.3             -29    212  241
    """
    from lifenode.editing import cas9 as predict
    from lifenode.editing.cas9_compare import compare_backgrounds

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    given = text_of(target) if reference is None else targets_in(reference, target, organism, motif, pam=pam)
    if compare:
        compared = compare_backgrounds(given, pam, motif=motif)
        if plot is not None:
            from lifenode.editing.cas9_compare_picture import draw_comparison

            draw_comparison(compared, plot)
        out.write(compared, "tsv" if format_ in ("table", "vcf") else format_, output)
        return 0
    with progress("targets") as shown:
        result = predict(given, pam, background, motif=motif, progress=shown)
    for one in result.targets:
        for note in one.notes:
            tell(f"{one.name}: {note}")
    if plot is not None:
        from lifenode.editing.cas9_picture import draw

        draw(result, plot)
    if format_ == "table":
        out.write_text(_text(result, top), output)
    elif format_ == "vcf":
        from lifenode.editing.cas9_vcf import vcf_text

        out.write_text(vcf_text(result), output)
    else:
        out.write(result, format_, output)
    return 0


@command.command("base", no_args_is_help=True)
@click.argument("guides", metavar="GUIDE|FILE|REGION|GENE|-")
@reference_options
@click.option("--editor", default="ABE", show_default=True, help="ABE (A to G) or CBE (C to T).")
@click.option("--source", help="Screen whose assay is meant. [default: the average over all]")
@click.option("--mean", type=float, help="Mean efficiency of your experiment, a fraction; with --std.")
@click.option("--std", type=float, help="Standard deviation of it.")
@click.option("--outcomes", is_flag=True, help="Which bases are edited together, instead of how well each is.")
@click.option(
    "--top", default=10, show_default=True, type=click.IntRange(0), help="Outcomes of each guide; 0 gives all."
)
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def base(
    guides: str, reference: Path | None, organism: str | None, editor: str, source: str | None, mean: float | None,
    std: float | None, outcomes: bool, top: int, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Predict how well a base editor edits guides.

    GUIDE is a protospacer of 20 bases, or 30 with 4 bases before it, its PAM and 3 behind; FILE holds one a line, or
    FASTA; - reads standard input. With --reference, the guides of both strands in a REGION or GENE.

    \b
    Examples:
      lifenode edit base TCTGCTCAGCTCATGCCGAT --editor CBE
        the bases around 1 of 1 guides are not known, which costs some accuracy
          guide                 percent  80 % interval  positions (percent)
          TCTGCTCAGCTCATGCCGAT     29.5          14-45  5:12 7:29
      lifenode edit base TCTGCTCAGCTCATGCCGAT --editor CBE --outcomes --top 2
        the bases around 1 of 1 guides are not known, which costs some accuracy
          guide                 outcome               edited  of edited reads  of all reads
          TCTGCTCAGCTCATGCCGAT  TCTGCTTAGCTCATGCCGAT  7                59.9 %        17.7 %
          TCTGCTCAGCTCATGCCGAT  TCTGTTTAGCTCATGCCGAT  5,7              37.1 %        11.0 %
      lifenode edit base chrDemo:225-250 --reference examples/reference.fa --editor CBE
          protospacer      strand  guide                 percent  80 % interval  positions (percent)
          chrDemo:220-239  -       CACGCTGAGCGTCTCGCTGC     17.0           6-30  3:10 5:14
          chrDemo:223-242  +       GCGAGACGCTCAGCGTGAAG     24.5          11-39  7:24 9:1
    """
    from lifenode.editing import base as predict
    from lifenode.editing import base_outcomes

    if outcomes and (mean is not None or std is not None):
        raise InvalidOption(
            "--mean and --std scale how well guides are edited, not their outcomes.",
            value="--outcomes",
            next_step="Leave out --outcomes, or --mean and --std.",
        )
    format_ = format_ or out.default_format(output)
    out.check_place(output)
    if outcomes and reference is not None:
        raise InvalidOption(
            "--outcomes takes guides, not places of a reference.",
            value="--outcomes",
            next_step="Ask for the guides of the place first, without --outcomes.",
        )
    if outcomes:
        result = base_outcomes(text_of(guides), editor, source=source, top=top)
    elif reference is not None:
        result = base_in(reference, guides, organism, editor, source=source, mean=mean, std=std)
    else:
        result = predict(text_of(guides), editor, source=source, mean=mean, std=std)
    for note in result.meta["notes"]:
        tell(note)
    if format_ == "table":
        table = _outcomes_text if outcomes else _base_text if reference is None else placed_text
        out.write_text(table(result), output)
    else:
        out.write(result, format_, output)
    return 0


def _outcomes_text(result: Table) -> str:
    headings = ["guide", "outcome", "edited", "of edited reads", "of all reads"]
    rows = [
        [row["guide"], row["outcome"], row["edited"], f"{row['share']:.1f} %", f"{row['percent']:.1f} %"]
        for row in result
    ]
    return out.aligned(headings, rows, right=(3, 4), shrink=2)


def _base_text(result: Table) -> str:
    headings = ["guide", "percent", "80 % interval", "positions (percent)"]
    rows = []
    for row in result:
        edited = {place: row[f"position_{place}"] for place in range(1, 21)}
        told = " ".join(f"{place}:{value:.0f}" for place, value in edited.items() if value >= 1)
        rows.append([row["guide"], f"{row['total']:.1f}", f"{row['low']:.0f}-{row['high']:.0f}", told])
    return out.aligned(headings, rows, right=(1, 2), shrink=3)


def _text(result: Cas9Outcomes, top: int) -> str:
    headings = ["outcome", "percent", "inserted", "size", "start", "end"]
    parts = []
    for name, facts in result.meta["targets"].items():
        rows = [row for row in result if row["target"] == name]
        shown = rows[:top] if top else rows
        cells = [
            [f"{100 * row[name]:.1f}" if name == "probability" else str(row[name]) for name in _SHOWN] for row in shown
        ]
        parts.append(
            f"{name}  in frame {facts['in_frame']:.1f} %  insertions {facts['insertions']:.1f} %  "
            f"microhomology {facts['microhomology']:.1f} %  entropy {facts['entropy']:.1f} bits\n"
            + out.aligned(headings, cells, right=(1, 3, 4, 5), shrink=0)
        )
    return "\n".join(parts)
