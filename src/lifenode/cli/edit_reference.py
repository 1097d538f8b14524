"""What ``--reference`` adds to ``lifenode edit``: regions and genes of a genome in the place of sequences."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lifenode.cli import output as out
from lifenode.cli.messages import patience, tell
from lifenode.errors import InputTooLarge, InvalidOption
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.editing.target import Target
    from lifenode.table import Table

Command = TypeVar("Command", bound=Callable[..., Any])


def reference_options(command: Command) -> Command:
    """Add ``--reference`` and ``--organism``."""
    organism = click.option("--organism", help="Whose genes, with --reference. [default: hsapiens]")
    reference = click.option(
        "--reference", type=click.Path(path_type=Path), help="FASTA of a genome, plain or packed with bgzip."
    )
    return reference(organism(command))


def targets_in(
    reference: Path, text: str, organism: str | None, motif: str, *, pam: int | None = None, most: int | None = None
) -> list[Target]:
    """Return the targets of a region or gene, or of each line of a file, and tell where genes were found.

    Raises
    ------
    InvalidOption
        A place of the PAM is given as well.
    InputTooLarge
        There are more than `most`, by default ``settings().max_profiles``.
    """
    if pam is not None:
        raise InvalidOption("--pam counts on a sequence.", value=pam, next_step="Leave it out with --reference.")
    found = _found(reference, text, organism, motif, whole_guide=False)
    limit = settings().max_profiles if most is None else most
    if len(found) > limit:
        raise InputTooLarge(
            f"{text} has {len(found):,} targets; all outcomes of at most {limit:,} are told at once.",
            value=len(found),
            next_step=f"Give a part of it, or a line each: lifenode edit batch {text} --reference {reference}.",
        )
    return found


def base_in(reference: Path, text: str, organism: str | None, editor: str, **options: Any) -> Table:
    """Return how well the guides of a region or gene are edited."""
    from lifenode.editing.reference_guides import base_of_targets

    return base_of_targets(_found(reference, text, organism, "NGG", whole_guide=True), editor, **options)


def placed_text(result: Table) -> str:
    """Return guides of a reference as text for a terminal."""
    headings = ["protospacer", "strand", "guide", "percent", "80 % interval", "positions (percent)"]
    rows = []
    for row in result:
        place = f"{row['chromosome']}:{row['start'] + 1}-{row['end']}"
        edited = {number: row[f"position_{number}"] for number in range(1, 21)}
        told = " ".join(f"{number}:{value:.0f}" for number, value in edited.items() if value is not None and value >= 1)
        interval = f"{row['low']:.0f}-{row['high']:.0f}"
        rows.append([place, row["strand"], row["guide"], f"{row['total']:.1f}", interval, told])
    return out.aligned(headings, rows, right=(3, 4), shrink=5)


def _found(reference: Path, text: str, organism: str | None, motif: str, *, whole_guide: bool) -> list[Target]:
    from lifenode.editing.reference import Reference
    from lifenode.editing.reference_targets import targets_of
    from lifenode.editing.regions import region_of

    found: dict[str, Target] = {}
    with ExitStack() as stack:
        with patience(f"Reading {reference.name}; its index is kept for the next time."):
            genome = stack.enter_context(Reference(reference))
        for asked in _asked(text):
            region = region_of(genome, asked, organism)
            for note in region.notes:
                tell(note)
            # Regions may overlap.
            found |= {one.name: one for one in targets_of(genome, region, motif=motif, whole_guide=whole_guide)}
    return list(found.values())


def _asked(text: str) -> list[str]:
    """Return the regions of a file, one a line, or the one that was typed."""
    from lifenode.cli.sequences import text_of

    if text != "-" and not Path(text).is_file():
        return [text]
    return [line.strip() for line in text_of(text).splitlines() if line.strip()] or [""]
