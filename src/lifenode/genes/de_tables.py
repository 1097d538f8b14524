"""Tables of differential expression: from DESeq2, edgeR, limma, GEO2R, Seurat or scanpy to lists of genes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from lifenode.errors import BadTable, EmptyInput, InvalidOption
from lifenode.genes.de_columns import Columns, find_columns, is_result_heading, position_of
from lifenode.genes.sheets import Numbers, Sheet, is_missing

Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TableOptions:
    """How a table of results is read.

    Attributes
    ----------
    max_adjusted_p
        A gene is significant if its adjusted p is at most this; above 0, at most 1.
    min_log2_fold_change
        And if the absolute log2 fold change is above this; 0 or more.
    gene_column, fold_change_column, p_column
        Headings to use instead of those recognised.
    group_column
        Heading of the column whose values each get their own lists; ``""`` for none although there is one.
    ordered
        The lists will be read as ranked: a set, which has no order, is refused.
    """

    max_adjusted_p: float = 0.05
    min_log2_fold_change: float = 0.0
    gene_column: str | None = None
    fold_change_column: str | None = None
    p_column: str | None = None
    group_column: str | None = None
    ordered: bool = False

    def __post_init__(self) -> None:
        if not (_is_number(self.max_adjusted_p) and 0 < self.max_adjusted_p <= 1):
            raise InvalidOption(
                f"max_adjusted_p is {self.max_adjusted_p!r}, which is not a probability.",
                value=self.max_adjusted_p,
                next_step="Give a number above 0 and at most 1, such as 0.05.",
            )
        if not (_is_number(self.min_log2_fold_change) and 0 <= self.min_log2_fold_change < math.inf):
            raise InvalidOption(
                f"min_log2_fold_change is {self.min_log2_fold_change!r}; it is compared with absolute values.",
                value=self.min_log2_fold_change,
                next_step="Give 0 or a positive number, such as 1 for a twofold change.",
            )


@dataclass
class Called:
    """What a table gave: lists by name, the tested genes, and notes on how."""

    lists: dict[str, list[object]] = field(default_factory=dict)
    background: list[object] | None = None
    notes: list[str] = field(default_factory=list)


def is_results(headings: Sequence[str], options: TableOptions) -> bool:
    """Say whether these are headings of results: one of a fold change or adjusted p, or such a column was named."""
    named = options.fold_change_column is not None or options.p_column is not None
    return named or (len(headings) > 1 and any(is_result_heading(name) for name in headings))


def call_genes(sheet: Sheet, options: TableOptions, background: list[object] | None = None) -> Called:
    """Return the lists ``up``, ``down`` and ``both`` of a table, per group if it has groups.

    Each list runs from the most to the least significant gene: by adjusted p, then nominal p and absolute statistic
    if the table has them, then absolute fold change, then as the table stands. An empty list is left out and named in
    the notes. The background, unless given, is every row with an adjusted p, or None if the table holds only part of
    the tested genes.

    Raises
    ------
    BadTable
        A column is not found, or a cell is not what its column holds.
    EmptyInput
        No gene is significant.
    """
    columns = find_columns(sheet, options)
    p = _probabilities(sheet, columns.p)
    change = sheet.numbers(columns.fold_change) / columns.log2_unit
    genes = _genes(sheet, columns.genes)
    tested = ~np.isnan(p)
    significant = tested & (p <= options.max_adjusted_p) & (np.abs(change) > options.min_log2_fold_change)
    if not significant.any():
        raise _nothing(sheet, p, change, options)
    called = Called(notes=[*columns.notes, *_notes(sheet, columns, options, tested, change)])
    if background is not None:
        called.background = background
    elif _is_filtered(sheet, columns, p):
        called.notes.append(
            "The table has no large p-value, so it is only part of what was tested: it is not used as background. "
            "Give the tested genes as the background, or the whole table."
        )
    else:
        called.background = list(dict.fromkeys([genes[row] for row in np.flatnonzero(tested)]))
    order = _ranking(sheet, columns, p, change)
    for name, rows in _groups(sheet, columns.group):
        _add(called, name, genes, order[(significant & rows)[order]], change)
    called.notes.append(", ".join(f"{name}: {len(items):,}" for name, items in called.lists.items()) + ".")
    return called


def column_list(sheet: Sheet, name: str) -> list[object]:
    """Return the identifiers of the column called `name`, for a table that is only a list with other columns."""
    return _genes(sheet, position_of(sheet, name, "gene_column"))


def _add(called: Called, name: str, genes: Sequence[object], rows: npt.NDArray[np.intp], change: Numbers) -> None:
    up = change[rows] > 0
    empty = []
    for direction, chosen in (("up", rows[up]), ("down", rows[~up]), ("both", rows)):
        title = f"{name} {direction}" if name else direction
        if len(chosen):
            called.lists[title] = [genes[row] for row in chosen]
        else:
            empty.append(title)
    if empty:
        called.notes.append(f"No significant gene, so left out: {', '.join(empty)}.")


def _groups(sheet: Sheet, position: int | None) -> list[tuple[str, Booleans]]:
    if position is None:
        return [("", np.ones(sheet.length, dtype=np.bool_))]
    values = sheet.column(position)
    for row, value in enumerate(values):
        if is_missing(value):
            raise BadTable(
                f"{sheet.origin}, {sheet.place(row)}: no value in the group column {sheet.headings[position]!r}.",
                value=value,
                next_step='Fill it in, or ignore the groups with group_column="".',
            )
    texts = np.array([str(value) for value in values], dtype=object)
    return [(name, texts == name) for name in dict.fromkeys(texts.tolist())]


def _ranking(sheet: Sheet, columns: Columns, p: Numbers, change: Numbers) -> npt.NDArray[np.intp]:
    keys = [-np.abs(change)]
    for position, sign in ((columns.statistic, -1.0), (columns.nominal_p, 1.0)):
        if position is not None:
            keys.append(sign * np.abs(np.nan_to_num(sheet.numbers(position), nan=0.0 if sign < 0 else 1.0)))
    # lexsort is stable and takes its last key as the first.
    return np.lexsort([*keys, p])


def _probabilities(sheet: Sheet, position: int) -> Numbers:
    p = sheet.numbers(position)
    outside = np.flatnonzero((p < 0) | (p > 1))
    if len(outside):
        row = int(outside[0])
        raise BadTable(
            f"{sheet.origin}, {sheet.place(row)}: {sheet.headings[position]} is {p[row]:g}, not between 0 and 1.",
            value=p[row],
            next_step="Name the column of adjusted p-values (--p-column NAME); a -log10 p is not one.",
        )
    return p


def _genes(sheet: Sheet, position: int) -> list[object]:
    return ["" if is_missing(value) else value for value in sheet.column(position)]


def _is_filtered(sheet: Sheet, columns: Columns, p: Numbers) -> bool:
    """Say whether rows were left out by significance: nominal p-values of all tested genes reach up to about 1.

    topTags and topTable write 10 rows unless told otherwise, FindAllMarkers those below 0.01; as a background they
    would make every list look ordinary.
    """
    reference = p if columns.nominal_p is None else sheet.numbers(columns.nominal_p)
    return bool(np.nanmax(reference[~np.isnan(p)], initial=0.0) < 0.5)


def _notes(sheet: Sheet, columns: Columns, options: TableOptions, tested: Booleans, change: Numbers) -> list[str]:
    p_name, change_name = sheet.headings[columns.p], sheet.headings[columns.fold_change]
    notes = [
        f"Significant: {p_name} <= {options.max_adjusted_p:g} and |{change_name}| > {options.min_log2_fold_change:g}."
    ]
    untested = sheet.length - int(tested.sum())
    counts = f"{int(tested.sum()):,} of {sheet.length:,} rows have a {p_name}"
    notes.append(f"{counts}; {untested:,} without one do not count as tested." if untested else f"{counts}.")
    if unknown := int((tested & np.isnan(change)).sum()):
        notes.append(f"{unknown:,} tested rows have no {change_name}: neither up nor down.")
    return notes


def _nothing(sheet: Sheet, p: Numbers, change: Numbers, options: TableOptions) -> EmptyInput:
    tested = p[~np.isnan(p)]
    if not len(tested):
        return EmptyInput(
            f"{sheet.origin} has {sheet.length:,} rows and not one adjusted p.",
            value=sheet.origin,
            next_step="Check the column of adjusted p-values, or name it (--p-column NAME).",
        )
    passing = int((tested <= options.max_adjusted_p).sum())
    largest = np.nanmax(np.abs(change), initial=0.0)
    reach = f"the largest absolute log2 fold change is {largest:.3g}, to be above {options.min_log2_fold_change:g}"
    return EmptyInput(
        f"None of {len(tested):,} tested genes is significant: the smallest adjusted p is {tested.min():.3g} and "
        f"{passing:,} are at most {options.max_adjusted_p:g}; {reach}.",
        value=sheet.origin,
        next_step="Choose other thresholds, or give a ranked list of all genes with --ordered.",
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)
