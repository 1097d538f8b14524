"""Repair backgrounds side by side: which repair gene changes the outcomes of a target most."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

import lifenode
from lifenode.editing import weights
from lifenode.editing.cas9_backgrounds import CONTROL, WILD_TYPE, backgrounds, coefficients
from lifenode.editing.cas9_classes import classes_of
from lifenode.editing.cas9_profile import facts_of, targets_of
from lifenode.editing.target import Target
from lifenode.table import Column, Table

COLUMNS = (
    Column("target", "text", "Name of the target."),
    Column("background", "text", "The repair gene that the cells lack; control and wild-type lack none."),
    Column(
        "change", "number", "Total-variation distance from the control, 0 to 1: the share of outcomes that differs."
    ),
    Column("in_frame", "number", "Percent of outcomes that keep the reading frame."),
    Column("insertions", "number", "Percent of insertions."),
    Column("microhomology", "number", "Percent of deletions at two or more bases of microhomology."),
    Column("entropy", "number", "Entropy of the outcomes, bits."),
    Column("top", "text", "The likeliest outcome."),
)


class Comparison(Table):
    """Repair backgrounds of one or more targets.

    Attributes
    ----------
    targets
        The targets, in order.
    """

    targets: tuple[Target, ...]


def compare_backgrounds(target: Any, pam: int | None = None, *, motif: str = "NGG") -> Comparison:
    """Compare the repair backgrounds for one or more targets.

    Parameters
    ----------
    target, pam, motif
        As in `lifenode.editing.cas9`.

    Returns
    -------
    Comparison
        A row for each background and target, the one that changes the outcomes most first. The distance is from
        ``control``, the cells in which the genes were knocked out; ``wild-type`` comes from other cells.

    Raises
    ------
    BadTarget
        A target cannot be used.
    """
    names = backgrounds()
    rows = coefficients(names)
    lines: list[tuple[Any, ...]] = []
    targets = targets_of(target, pam, motif)
    for one in targets:
        classes = classes_of(one)
        p = classes.probabilities(rows)
        change = np.abs(p - p[names.index(CONTROL)]).sum(axis=1) / 2
        for at in np.argsort(-change, kind="stable"):
            facts = facts_of(classes, p[at])
            told = [facts[name] for name in ("in_frame", "insertions", "microhomology", "entropy", "top")]
            lines.append((one.name, names[at], float(change[at]), *told))
    meta = {
        "lifenode": lifenode.__version__,
        "models": [weights.stated("cas9_repair"), weights.stated("cas9_wild_type")],
        "notes": [f"{WILD_TYPE} is of other cells than {CONTROL} and the genes"],
    }
    data = {column.name: [line[at] for line in lines] for at, column in enumerate(COLUMNS)}
    table = Comparison(COLUMNS, data, meta, len(lines))
    table.targets = tuple(targets)
    return table


def shares_of(target: Target) -> tuple[list[str], npt.NDArray[np.float64]]:
    """Return the names of the outcomes of a target, and the share of each (0 to 1) in every background, a row each."""
    classes = classes_of(target)
    return classes.names(), classes.probabilities(coefficients(backgrounds()))
