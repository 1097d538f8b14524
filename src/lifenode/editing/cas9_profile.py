"""`lifenode.editing.cas9`: what repair leaves where Cas9 has cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

import lifenode
from lifenode.editing import weights
from lifenode.editing.cas9_backgrounds import background_of, coefficients, model_of
from lifenode.editing.cas9_classes import Classes, classes_of
from lifenode.editing.target import Target, read_target, read_targets
from lifenode.errors import InvalidOption
from lifenode.table import Column, Table

COLUMNS = (
    Column("target", "text", "Name of the target."),
    Column("outcome", "text", "Left-most name of the outcome: kind and size, last base kept at the left, bases of "
           "microhomology, first base kept at the right, counted from the cut."),
    Column("probability", "number", "Share among the edited outcomes, 0 to 1."),
    Column("inserted", "text", "Bases inserted at the cut, in the direction of the PAM's strand."),
    Column("size", "integer", "Bases gained, or lost where negative."),
    Column("in_frame", "boolean", "Whether the size is a multiple of three."),
    Column("microhomology", "integer", "Bases of microhomology at the deletion."),
    Column("start", "integer", "First base lost, or base before which some are inserted; 0-based, in what was given."),
    Column("end", "integer", "Behind the last base lost; in what was given."),
)  # fmt: skip

PLACES = (
    Column("chromosome", "text", "Chromosome of the reference on which start and end count."),
    Column("strand", "text", "Strand of the PAM, on which inserted is read."),
)
"""Further columns of targets that lie in a reference."""

# Shorter microhomologies occur by chance next to every cut.
_HOMOLOGY = 2


class Cas9Outcomes(Table):
    """Outcomes of one or more targets, the likeliest of each target first.

    Attributes
    ----------
    targets
        The targets, in order.
    """

    targets: tuple[Target, ...]

    @property
    def in_frame(self) -> Any:
        """Percent of outcomes that keep the reading frame: a number, or one by target where there are several."""
        shares = {name: facts["in_frame"] for name, facts in self.meta["targets"].items()}
        return next(iter(shares.values())) if len(shares) == 1 else shares


def cas9(
    target: str | Target | Sequence[str | Target] | Mapping[str, str],
    pam: int | None = None,
    background: str = "wild-type",
    *,
    motif: str = "NGG",
    progress: Callable[[int, int], object] | None = None,
) -> Cas9Outcomes:
    """Predict what repair leaves after Cas9 has cut a target.

    Parameters
    ----------
    target
        A sequence, FASTA, a table with the columns ID, Target and PAM Index, a `Target`, several of them, or sequences
        by name; 5' to 3'.
    pam
        0-based place of the first base of the PAM, for a single sequence; by default every site on both strands.
    background
        ``wild-type`` (FORECasT), ``control`` (mouse embryonic stem cells) or the repair gene that the cells lack, by
        its mouse or human symbol.
    motif
        The PAM, in letters of IUPAC.
    progress
        Called with the number of targets done and of all.

    Returns
    -------
    Cas9Outcomes
        A row for each outcome, with its facts by target under ``meta["targets"]``: ``in_frame`` and ``frameshift``
        (percent), ``insertions``, ``deletions`` and ``microhomology`` (percent; deletions at two or more bases of it),
        ``entropy`` (bits) and ``top`` (the likeliest outcome).

    Raises
    ------
    BadTarget
        A target cannot be used.
    UnknownName
        There is no such background.

    Notes
    -----
    p(outcome) = exp(w x) / sum exp(w x), where x are 3,417 features of the outcome that are 0 or 1, and w are the
    coefficients of the background (doi:10.1038/nbt.4317).

    Examples
    --------
    >>> table = cas9("CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC", pam=42)
    >>> table["outcome"][0], round(float(table["probability"][0]), 3), round(table.in_frame, 2)
    ('D7_L-7C4R5', 0.158, 24.55)
    """
    chosen = background_of(background)
    targets = targets_of(target, pam, motif)
    row = coefficients((chosen,))
    parts: list[dict[str, Any]] = []
    facts: dict[str, Any] = {}
    for done, one in enumerate(targets, start=1):
        classes = classes_of(one)
        p = classes.probabilities(row)[0]
        parts.append(_rows(classes, p, row[0]))
        facts[one.name] = facts_of(classes, p) | {
            "pam": one.pam, "strand": one.strand, "guide": one.guide, "notes": list(one.notes),
        }  # fmt: skip
        if progress is not None:
            progress(done, len(targets))
    columns = (*COLUMNS, *PLACES) if any(one.place for one in targets) else COLUMNS
    data = {column.name: [value for part in parts for value in part[column.name]] for column in columns}
    meta = {
        "lifenode": lifenode.__version__, "model": weights.stated(model_of(chosen)), "background": chosen,
        "motif": motif, "targets": facts, "notes": [],
    }  # fmt: skip
    table = Cas9Outcomes(columns, data, meta, len(data["outcome"]))
    table.targets = tuple(targets)
    return table


def facts_of(classes: Classes, p: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Return what is said of a target as a whole; shares in percent, entropy in bits."""
    sizes = classes.sizes
    in_frame = float(p[sizes % 3 == 0].sum())
    likely = p[p > 0]
    return {
        "in_frame": 100 * in_frame,
        "frameshift": 100 * (1 - in_frame),
        "insertions": 100 * float(p[sizes > 0].sum()),
        "deletions": 100 * float(p[sizes < 0].sum()),
        "microhomology": 100 * float(p[(sizes < 0) & (classes.homologies >= _HOMOLOGY)].sum()),
        "entropy": float(-(likely * np.log2(likely)).sum()),
        "top": classes.names()[int(p.argmax())],
    }


def targets_of(target: Any, pam: int | None, motif: str) -> list[Target]:
    """Return the targets given in any form that `cas9` takes; their names differ."""
    if isinstance(target, Target):
        return [target]
    if isinstance(target, str):
        if pam is not None:
            return [read_target(target, pam, motif=motif)]
        return _named(read_targets(target, motif=motif))
    if pam is not None:
        raise InvalidOption(
            "One place of the PAM was given for several targets.",
            value=pam,
            next_step="Give targets with their places, as made by lifenode.editing.target.read_target.",
        )
    given: Iterable[Any]
    if isinstance(target, Mapping):
        given = [read_targets(f"{name}\t{sequence}", motif=motif) for name, sequence in target.items()]
    else:
        given = [[one] if isinstance(one, Target) else read_targets(one, motif=motif) for one in target]
    return _named([one for part in given for one in part])


def _named(targets: Sequence[Target]) -> list[Target]:
    """Return targets whose names differ."""
    seen: dict[str, int] = {}
    named = []
    for one in targets:
        seen[one.name] = seen.get(one.name, 0) + 1
        name = one.name if seen[one.name] == 1 else f"{one.name} ({seen[one.name]})"
        named.append(replace(one, name=name))
    return named


def _rows(classes: Classes, p: npt.NDArray[np.float64], row: npt.NDArray[np.float64]) -> dict[str, list[Any]]:
    """Return the columns of one target, the likeliest outcome first; insertions of one name a row each."""
    target, names = classes.target, classes.names()
    sizes, homologies = classes.sizes.tolist(), classes.homologies.tolist()
    lines: list[tuple[Any, ...]] = []
    for number in range(len(names)):
        left = int(classes.rows[classes.first[number], 0])
        start, end = target.given(left + 1, left + 1 - min(sizes[number], 0))
        inside = classes.inserted(number, row) if sizes[number] > 0 else [("", 1.0)]
        lines += [
            (target.name, names[number], float(p[number]) * share, inserted, sizes[number], sizes[number] % 3 == 0,
             homologies[number] if sizes[number] < 0 else 0, start, end)
            for inserted, share in inside
        ]  # fmt: skip
    lines.sort(key=lambda line: (-line[2], line[1], line[3]))
    placed = {} if target.place is None else {"chromosome": target.place.chromosome, "strand": target.strand}
    repeated = {column.name: [placed.get(column.name)] * len(lines) for column in PLACES}
    return {column.name: [line[at] for line in lines] for at, column in enumerate(COLUMNS)} | repeated
