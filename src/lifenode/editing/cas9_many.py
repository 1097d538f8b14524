"""`lifenode.editing.cas9_batch`: what Cas9 leaves at many targets, a line each."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import lifenode
from lifenode import batch
from lifenode.editing import weights
from lifenode.editing.cas9_backgrounds import background_of, coefficients, model_of
from lifenode.editing.cas9_classes import classes_of
from lifenode.editing.cas9_kept import Kept, profiles_format
from lifenode.editing.cas9_profile import cas9, facts_of
from lifenode.editing.target import Target, find_targets, motif_pattern, read_target, records_of, reverse_complement
from lifenode.errors import BatchFailed, EmptyInput, InputError
from lifenode.table import Column, Table

COLUMNS = (
    Column("target", "text", "Name of the target."),
    Column("chromosome", "text", "Chromosome of the reference; none where the target was given by itself."),
    Column("cut", "integer", "First base right of the cut, on the forward strand of what was given; 0-based."),
    Column("strand", "text", "Strand of the PAM."),
    Column("guide", "text", "The 20 bases before the PAM, on its strand."),
    Column("frameshift", "number", "Percent of outcomes that shift the reading frame."),
    Column("in_frame", "number", "Percent of outcomes that keep it."),
    Column("insertions", "number", "Percent of insertions."),
    Column("deletions", "number", "Percent of deletions."),
    Column("microhomology", "number", "Percent of deletions at two or more bases of microhomology."),
    Column("entropy", "number", "Entropy of the outcomes, bits."),
    Column("top", "text", "The likeliest outcome."),
    Column("top_percent", "number", "Percent of it."),
    Column("notes", "list", "What was changed while the target was read."),
)

# Parts of a run are this large whatever computes them, so that another run finds them.
_PART = 64

Item = tuple[int, Target | tuple[str, int | None]]


@dataclass(frozen=True)
class Cas9Batch:
    """A run over many targets that goes on where it was stopped.

    Attributes
    ----------
    items
        Number, and target or sequence with the place of its PAM, by name.
    background, motif
        As in `lifenode.editing.cas9`.
    profiles
        File for all outcomes of all targets, or None.
    kept
        Parts that are done.
    """

    items: Mapping[str, Item]
    background: str
    motif: str
    profiles: Path | None
    kept: Kept

    @classmethod
    def of(
        cls,
        targets: str | Mapping[str, str] | Sequence[Target],
        background: str = "wild-type",
        *,
        motif: str = "NGG",
        profiles: str | Path | None = None,
    ) -> Cas9Batch:
        """Return the run; see `cas9_batch`."""
        chosen = background_of(background)
        motif_pattern(motif)
        items = _items(targets)
        if not items:
            raise EmptyInput("No target was given.", next_step="Give FASTA, or a table: ID, Target, PAM Index.")
        place = None if profiles is None else Path(profiles)
        ending = "" if place is None else profiles_format(place)
        options = {
            "background": chosen, "motif": motif, "profiles": ending, "model": weights.stated(model_of(chosen)),
        }  # fmt: skip
        return cls(items, chosen, motif, place, Kept.of(list(items.items()), options))

    def run(
        self,
        *,
        workers: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> Table:
        """Compute what is not done yet and return the whole; see `cas9_batch`."""
        ending = "" if self.profiles is None else profiles_format(self.profiles)
        failure = None
        try:
            table = batch.run(
                {name: [item] for name, item in self.items.items()}, workers=workers, executor=executor,
                chunk_size=max(1, min(_PART, len(self.items) // 16)), progress=progress, function=_part,
                background=self.background, motif=self.motif, kept=self.kept, ending=ending,
            )  # fmt: skip
        except BatchFailed as error:
            failure, table = error, vars(error)["partial"]
        table = _stated(table, self)
        if self.profiles is not None:
            self.kept.write_profiles(self.profiles)
        if failure is None or all(isinstance(error, InputError) for _, error in vars(failure)["errors"]):
            self.kept.remove()
        if failure is None:
            return table
        raise _told(failure, table, len(self.items))


def cas9_batch(
    targets: str | Mapping[str, str] | Sequence[Target],
    background: str = "wild-type",
    *,
    motif: str = "NGG",
    profiles: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Table:
    """Predict what repair leaves at many targets, a row each.

    What is done is kept in the cache: the same call goes on where it was stopped, by whatever means.

    Parameters
    ----------
    targets
        FASTA, a table with the columns ID, Target and PAM Index, sequences by name, or targets; where no PAM is named,
        every site of both strands has a row.
    background, motif
        As in `lifenode.editing.cas9`.
    profiles
        File for all outcomes, as `lifenode.editing.cas9` tells them; ends in .tsv, .csv, .jsonl or .parquet.
    workers, executor, progress
        As in `lifenode.batch.run`: by default a process a core, if there are 500 targets or more.

    Returns
    -------
    Table
        Columns ``target, chromosome, cut, strand, guide, frameshift, in_frame, insertions, deletions, microhomology,
        entropy, top, top_percent, notes``, in the order given; the same, to the byte, whatever computed it.

    Raises
    ------
    BatchFailed
        Some targets cannot be used. ``error.partial`` is the table of the others, ``error.errors`` the pairs of name
        and error.
    UnknownName
        There is no such background.

    Examples
    --------
    >>> sequence = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
    >>> table = cas9_batch({"one": sequence})
    >>> len(table), table["target"][0], round(float(table["frameshift"][0]), 1)
    (6, 'one:10+', 79.7)
    """
    run = Cas9Batch.of(targets, background, motif=motif, profiles=profiles)
    return run.run(workers=workers, executor=executor, progress=progress)


def count_targets(text: str, motif: str = "NGG") -> int:
    """Return how many targets a text holds at most: sites too near to an end, or at unknown bases, are not left out.

    Raises
    ------
    UnreadableInput
        A line of a table is broken.
    """
    pattern = motif_pattern(motif)
    site = re.compile(f"(?={pattern.pattern})")
    count = 0
    for _, sequence, pam in records_of(text):
        strands = () if pam is not None else (sequence.upper(), reverse_complement(sequence.upper()))
        count += 1 if pam is not None else sum(1 for strand in strands for _ in site.finditer(strand))
    return count


def _items(targets: str | Mapping[str, str] | Sequence[Target]) -> dict[str, Item]:
    """Return what is to be computed by names that differ, each with its number."""
    given: list[tuple[str, Target | tuple[str, int | None]]]
    if isinstance(targets, str):
        given = [(name, (sequence, pam)) for name, sequence, pam in records_of(targets)]
    elif isinstance(targets, Mapping):
        given = [(str(name), (sequence, None)) for name, sequence in targets.items()]
    else:
        given = [(one.name, one) for one in targets]
    items: dict[str, Item] = {}
    seen: dict[str, int] = {}
    for number, (name, item) in enumerate(given):
        seen[name] = seen.get(name, 0) + 1
        own = name if seen[name] == 1 else f"{name} ({seen[name]})"
        items[own] = number, replace(item, name=own) if isinstance(item, Target) else item
    return items


def _part(lists: Mapping[str, Sequence[Item]], *, background: str, motif: str, kept: Kept, ending: str) -> Table:
    """Compute some consecutive items, unless they are done."""
    first, count = next(iter(lists.values()))[0][0], len(lists)
    rows = kept.rows(first, count)
    if rows is None:
        targets = [one for name, (item,) in lists.items() for one in _targets(name, item[1], motif)]
        rows = _rows(targets, background)
        profiles = cas9(targets, background=background).to_bytes(ending) if ending else None
        kept.keep(first, count, rows, profiles, ending)
    return Table(COLUMNS, rows, {"notes": []}, len(rows["target"]))


def _targets(name: str, item: Target | tuple[str, int | None], motif: str) -> list[Target]:
    if isinstance(item, Target):
        return [item]
    sequence, pam = item
    if pam is None:
        return find_targets(sequence, motif=motif, name=name)
    return [read_target(sequence, pam, motif=motif, name=name)]


def _rows(targets: Sequence[Target], background: str) -> dict[str, list[Any]]:
    row = coefficients((background,))
    lines = []
    for one in targets:
        classes = classes_of(one)
        p = classes.probabilities(row)[0]
        facts = facts_of(classes, p)
        told = facts | {
            "target": one.name, "chromosome": one.place.chromosome if one.place is not None else None,
            "cut": one.given(one.cut, one.cut)[0], "strand": one.strand, "guide": one.guide,
            "top_percent": 100 * float(p.max()), "notes": list(one.notes),
        }  # fmt: skip
        lines.append([told[column.name] for column in COLUMNS])
    return {column.name: [line[at] for line in lines] for at, column in enumerate(COLUMNS)}


def _stated(table: Table, run: Cas9Batch) -> Table:
    """Return the table with its columns, even if it is empty, and where its numbers come from."""
    meta = {
        "lifenode": lifenode.__version__, "model": weights.stated(model_of(run.background)),
        "background": run.background, "motif": run.motif, "given": len(run.items), "notes": [],
    }  # fmt: skip
    if not table.columns:
        return Table(COLUMNS, {column.name: [] for column in COLUMNS}, meta, 0)
    return Table(
        COLUMNS, {column.name: partial(table.__getitem__, column.name) for column in COLUMNS}, meta, len(table)
    )


def _told(failure: BatchFailed, table: Table, every: int) -> BatchFailed:
    errors = vars(failure)["errors"]
    shown = "; ".join(f"{error.detail if isinstance(error, InputError) else error}" for _, error in errors[:3])
    told = BatchFailed(
        f"{len(errors):,} of {every:,} targets could not be predicted: {shown}{' ...' if len(errors) > 3 else ''}",
        value=errors[0][0],
        next_step="Correct or leave out these targets; the others are in the table.",
    )
    vars(told).update(partial=table, errors=errors)
    return told
