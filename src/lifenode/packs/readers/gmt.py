"""GMT: gene sets, one a line.

The order of the first two columns is not settled: most write id and description, Reactome writes name and id, and
WikiPathways packs ``name%release%id%organism`` into the first. What looks like an accession is taken as the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from lifenode.errors import FormatError
from lifenode.packs.readers import text


class GeneSet(NamedTuple):
    """One set."""

    term_id: str
    description: str
    """The other of the first two columns, as given."""
    members: tuple[str, ...]
    """Distinct, in the order given, without blanks."""
    line: int

    @property
    def name(self) -> str:
        """What to call the set: its description, or its id where that is missing, a placeholder or a link."""
        return self.term_id if _NO_NAME.match(self.description) else self.description


class Duplicate(NamedTuple):
    """A set whose id was there before."""

    term_id: str
    first_line: int
    line: int
    same_members: bool


@dataclass(frozen=True, slots=True)
class GeneSets:
    """A whole file.

    Parameters
    ----------
    sets
        The first set of every id, in the order of the file.
    header
        ``# key: value`` comments.
    duplicates
        Later sets of an id, left out of `sets`.
    empty
        Ids of sets without any member; they are in `sets`.
    blank_members, repeated_members
        How many member cells were blank, and how many repeated one of their own line.
    """

    sets: tuple[GeneSet, ...]
    header: dict[str, str] = field(default_factory=dict)
    duplicates: tuple[Duplicate, ...] = ()
    empty: tuple[str, ...] = ()
    blank_members: int = 0
    repeated_members: int = 0


_NO_NAME = re.compile(r"\s*(?:|na|n/a|null|-|\w+://.*)\s*$", re.IGNORECASE)
# Reactome, WikiPathways, KEGG, and anything of the form PREFIX:digits.
_ACCESSION = re.compile(r"R-[A-Z]{3}-\d+(?:\.\d+)?|WP\d+(?:_r\d+)?|[a-z]{2,4}\d{5}|[A-Za-z]+:\d+")


def read(path: Path | str) -> Iterator[GeneSet]:
    """Yield the sets as they come; lines that are blank or begin with ``#`` are passed over.

    Raises
    ------
    FormatError
        A line with fewer than two columns, or a set without id.
    """
    for line, (term_id, description), cells in _rows(path):
        yield GeneSet(term_id, description, _distinct(cells), line)


def read_all(path: Path | str) -> GeneSets:
    """Read a whole file and tell what was odd about it.

    Raises
    ------
    FormatError
        As `read`.
    """
    sets: dict[str, GeneSet] = {}
    duplicates: list[Duplicate] = []
    blank = repeated = 0
    for line, (term_id, description), cells in _rows(path):
        found = GeneSet(term_id, description, _distinct(cells), line)
        filled = sum(1 for cell in cells if cell and not cell.isspace())
        blank += len(cells) - filled
        repeated += filled - len(found.members)
        first = sets.setdefault(term_id, found)
        if first is not found:
            same = set(first.members) == set(found.members)
            duplicates.append(Duplicate(term_id, first.line, line, same))
    return GeneSets(
        sets=tuple(sets.values()),
        header=text.header_comments(path, "#"),
        duplicates=tuple(duplicates),
        empty=tuple(term_id for term_id, found in sets.items() if not found.members),
        blank_members=blank,
        repeated_members=repeated,
    )


def _rows(path: Path | str) -> Iterator[tuple[int, tuple[str, str], list[str]]]:
    for number, line in text.data_lines(path, "#"):
        cells = line.split("\t")
        if len(cells) < 2:
            problem = "one column, where a gene set has an id, a description and members"
            raise FormatError.at(path, number, problem, value=line[:80])
        heads = _heads(cells[0].strip(), cells[1].strip())
        if not heads[0]:
            raise FormatError.at(path, number, "a gene set without id", value=line[:80])
        yield number, heads, cells[2:]


def _heads(first: str, second: str) -> tuple[str, str]:
    parts = first.split("%")
    if len(parts) == 4 and _ACCESSION.fullmatch(parts[2]):
        return parts[2], parts[0]
    if _ACCESSION.fullmatch(second) and not _ACCESSION.fullmatch(first):
        return second, first
    return first, second


def _distinct(cells: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for cell in cells if (name := cell.strip())))
