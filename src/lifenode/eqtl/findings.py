"""What is wrong in a file: each finding has a name, the rows it was seen in, and what was done about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import polars as pl

from lifenode.table import Column, Table

Action = Literal["kept", "repaired", "left out", "refused"]

ROWS_NAMED = 10

# code: (what was done, what it means)
MEANINGS: dict[str, tuple[Action, str]] = {
    "ac_an_swapped": ("repaired", "Allele count and allele number stood in each other's column and were exchanged."),
    "bad_allele": ("left out", "An allele is neither made of A, C, G, T, N nor a symbol such as <DUP>."),
    "bad_p_value": ("left out", "The p-value is missing or outside 0 to 1."),
    "bad_position": ("left out", "The position is missing or outside 1 to 999,999,999."),
    "bad_rsid": ("repaired", "The rsid is not 'rs' and digits; it was taken as missing."),
    "bad_standard_error": ("left out", "beta or se is missing or infinite, or se is not above 0."),
    "bad_trait": ("left out", "The row names no molecular trait."),
    "chromosome_coding": ("repaired", "The chromosome was not coded 1..22, X, Y, MT ('chr1', '23') and was recoded."),
    "conflicting_duplicate": ("left out", "A trait and variant come again with other numbers; the first row is kept."),
    "credible_set_size": ("kept", "A credible set has another number of rows than its cs_size."),
    "cut_off_file": ("refused", "The file ends in the middle."),
    "duplicate_row": ("left out", "A row comes a second time, with nothing new."),
    "duplicate_rsid": ("repaired", "One row per rsid; the rows of a trait and variant were joined, rsids listed."),
    "long_string": ("repaired", "LONG_STRING stands for a text too long for an older format; rebuilt or missing."),
    "lost_alleles": ("left out", "The alleles are LONG_STRING in every column and cannot be rebuilt."),
    "maf_disagrees": ("kept", "maf differs from ac / an by more than 0.05."),
    "no_metadata": ("kept", "No row of dataset metadata names this data set."),
    "not_sorted": ("repaired", "Rows are not in order of chromosome and position; they were sorted."),
    "palindromic": ("kept", "A/T or C/G, with a frequency of 0.4 to 0.6 or swapped: the strand cannot be told."),
    "pip_below_coverage": ("kept", "The PIPs of a credible set sum to less than 0.95: rows are missing."),
    "pip_sum_above_one": ("kept", "The PIPs of a credible set sum to above 1: they are over all effects, not alpha."),
    "pip_sum_doubled": ("repaired", "The PIPs sum to above 1 only since a variant has a row per rsid; joined."),
    "bad_pip": ("left out", "The PIP is missing or outside 0 to 1."),
    "plus_in_group_name": ("kept", "A group name has '+': names made by replacing it collide. It is kept as it is."),
    "ragged_row": ("left out", "The row has another number of fields than the header."),
    "strand_flipped": ("repaired", "Alleles were given on the other strand and were complemented."),
    "swapped_alleles": ("repaired", "ref and alt were exchanged; beta and the allele frequency were turned round."),
    "symbolic_allele": ("kept", "An allele is a symbol such as <DUP>: several events can have one variant id."),
    "unknown_chromosome": ("left out", "The chromosome is none of 1..22, X, Y, MT."),
    "unmatched_variant": ("kept", "No data set of the catalogue has the variant; alleles are as given."),
    "unreadable_file": ("refused", "The file is not what its name and header say."),
    "unreadable_number": ("left out", "A number cannot be read; where it is not needed it was taken as missing."),
    "variant_disagrees": ("left out", "The variant id differs from chromosome, position, ref and alt."),
    "zero_p_value": ("repaired", "The p-value is 0; -log10 p was computed from beta / se."),
}  # fmt: skip


@dataclass
class Finding:
    """One kind of fault in one file.

    Attributes
    ----------
    code
        Its name, a key of `MEANINGS`.
    file
        Name of the file.
    count
        Rows (or credible sets, or groups) with the fault.
    rows
        The first of them, counted from 1 after the header.
    example
        One value at fault.
    """

    code: str
    file: str
    count: int = 0
    rows: list[int] = field(default_factory=list)
    example: str = ""

    @property
    def action(self) -> Action:
        """What was done: kept, repaired, left out, refused."""
        return MEANINGS[self.code][0]

    @property
    def meaning(self) -> str:
        """One sentence that says what is wrong and what became of it."""
        return MEANINGS[self.code][1]

    def line(self) -> str:
        """Return the finding as a person reads it."""
        places = ", ".join(f"{row:,}" for row in self.rows[:5])
        where = f" (row {places}{', ...' if self.count > len(self.rows[:5]) else ''})" if places else ""
        shown = f", such as {self.example!r}" if self.example else ""
        return f"{self.code}: {self.count:,} {self.action}{where}{shown}"


class Findings:
    """The findings of one data set, gathered file by file."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], Finding] = {}

    def __iter__(self) -> Iterator[Finding]:
        return iter(sorted(self._by_key.values(), key=lambda finding: (finding.file, finding.code)))

    def __len__(self) -> int:
        return len(self._by_key)

    def __contains__(self, code: object) -> bool:
        return any(finding.code == code for finding in self._by_key.values())

    def __getitem__(self, code: str) -> Finding:
        return next(finding for finding in self if finding.code == code)

    def add(self, code: str, file: str, count: int, rows: Iterable[int] = (), example: object = "") -> None:
        """Count `count` more faults of a kind."""
        if code not in MEANINGS:
            raise KeyError(code)
        if count == 0:
            return
        finding = self._by_key.setdefault((file, code), Finding(code, file))
        finding.count += count
        finding.rows = sorted({*finding.rows, *rows})[:ROWS_NAMED]
        finding.example = finding.example or str(example)[:100]

    def add_mask(self, code: str, file: str, mask: pl.Series, rows: pl.Series, values: pl.Series | None = None) -> None:
        """Count the rows where `mask` is true; `rows` are their numbers and `values` what is at fault."""
        places = np.flatnonzero(mask.fill_null(False).to_numpy())
        if len(places):
            first = places[:ROWS_NAMED].tolist()
            example = "" if values is None else values[first[0]]
            self.add(code, file, len(places), rows.gather(first).to_list(), "" if example is None else example)

    def merge(self, others: Iterable[Finding]) -> None:
        """Take over the findings of another check."""
        for finding in others:
            self.add(finding.code, finding.file, finding.count, finding.rows, finding.example)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return them as JSON takes them."""
        return [asdict(finding) for finding in self]


_COLUMNS = (
    Column("dataset_id", "text", "Data set."),
    Column("file", "text", "File the fault is in."),
    Column("finding", "text", "Name of the fault."),
    Column("action", "text", "What was done: kept, repaired, left out, refused."),
    Column("count", "integer", "Rows, credible sets or groups with the fault."),
    Column("rows", "text", "The first rows, counted from 1 after the header."),
    Column("example", "text", "A value at fault."),
    Column("meaning", "text", "What the fault is."),
)


def findings_table(found: Iterable[tuple[str, Finding]]) -> Table:
    """Return findings as a table, one row a data set, file and fault."""
    cells = [
        (name, one.file, one.code, one.action, one.count, " ".join(map(str, one.rows)), one.example, one.meaning)
        for name, one in found
    ]
    data = {column.name: [row[at] for row in cells] for at, column in enumerate(_COLUMNS)}
    return Table(_COLUMNS, data, {}, len(cells))
