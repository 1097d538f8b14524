"""Base editing of guides in a reference: the models of `lifenode.editing.base`, in places of the genome."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from lifenode.editing.base_editing import base
from lifenode.editing.base_features import BEFORE, CONTEXT, GUIDE
from lifenode.editing.target import Target
from lifenode.errors import BadTarget
from lifenode.table import Column, Table

PLACES = (
    Column("chromosome", "text", "Chromosome of the reference."),
    Column("start", "integer", "First base of the protospacer on the forward strand, 0-based."),
    Column("end", "integer", "Behind the last base of it."),
    Column("strand", "text", "Strand of the protospacer and its PAM."),
)
"""Columns before those of `lifenode.editing.base`."""


def base_of_targets(targets: Sequence[Target], editor: str = "ABE", **options: Any) -> Table:
    """Predict how well a base editor edits the guides of targets in a reference.

    Parameters
    ----------
    targets
        Targets with the PAM NGG, as `lifenode.editing.targets_of` returns them with ``whole_guide``.
    editor, options
        As in `lifenode.editing.base`.

    Returns
    -------
    Table
        Columns ``chromosome, start, end, strand`` of each protospacer and those of `lifenode.editing.base`. Bases
        beyond the end of a chromosome are N.

    Raises
    ------
    BadTarget
        No target has 20 known bases before its PAM.
    """
    whole = [one for one in targets if one.pam >= GUIDE]
    if not whole:
        raise BadTarget(
            f"None of {len(targets):,} targets has {GUIDE} known bases before its PAM.",
            value=len(targets),
            next_step="Give a stretch farther from the end of the chromosome.",
        )
    table = base([_context(one) for one in whole], editor, **options)
    spans = [one.given(one.pam - GUIDE, one.pam) for one in whole]
    places: dict[str, list[Any]] = {
        "chromosome": [one.place.chromosome if one.place is not None else None for one in whole],
        "start": [start for start, _ in spans], "end": [end for _, end in spans],
        "strand": [one.strand for one in whole],
    }  # fmt: skip
    left_out = len(targets) - len(whole)
    notes = [f"guides left out at an end of the known bases: {left_out:,}"] if left_out else []
    predicted = {name: partial(table.__getitem__, name) for name in table.column_names}
    meta = {**table.meta, "notes": [*table.meta["notes"], *notes]}
    return Table((*PLACES, *table.columns), {**places, **predicted}, meta, len(whole))


def _context(target: Target) -> str:
    """Return the 30 bases around a guide, N where they are not known."""
    start = target.pam - GUIDE - BEFORE
    found = "N" * max(0, -start) + target.sequence[max(0, start) : start + CONTEXT]
    return found.ljust(CONTEXT, "N")
