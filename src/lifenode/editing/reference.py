"""Sequences of a genome by place, from an indexed FASTA file of which only what is asked for is read."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Self

from lifenode.editing.fasta_bytes import open_bytes
from lifenode.editing.fasta_index import Entry, index_of
from lifenode.errors import InvalidOption, UnknownName, UnreadableInput, nearest

_MITOCHONDRION = ("mt", "m")
_NO_BASE = re.compile(r"[^A-Za-z*-]")
_SHOWN = 5


class Reference:
    r"""A FASTA file of a genome, plain or packed with bgzip; it is never written to.

    The index beside it (``genome.fa.fai``) is used where there is one that is not older than the file. Otherwise one is
    made, which takes some seconds for a mammal, and kept in the cache.

    Parameters
    ----------
    path
        The file.

    Raises
    ------
    UnreadableInput
        It is missing, no FASTA, cut off, packed with plain gzip, or has lines of different lengths.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "genome.fa"
    ...     _ = file.write_text(">chr1\nACGTA\nCCC\n")
    ...     with Reference(file) as reference:
    ...         reference.fetch("1", 3, 7), reference.lengths
    ('TACC', {'chr1': 8})
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._content = open_bytes(self.path)
        self._index = index_of(self.path, self._content)
        self._spelled = {name.casefold(): name for name in reversed(self._index)}
        self._checked: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the file go."""
        self._content.close()

    @property
    def lengths(self) -> dict[str, int]:
        """Bases of each chromosome, as they are named in the file."""
        return {name: entry.length for name, entry in self._index.items()}

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._found(name) is not None

    def chromosome(self, name: str) -> str:
        """Return the name that a chromosome has in the file: ``chr1``, ``1`` and ``Chr1`` are one, ``chrM`` is ``MT``.

        Raises
        ------
        UnknownName
            There is none; the nearest are offered.
        """
        found = self._found(name)
        if found is not None:
            return found
        close = nearest(name, self._index) or list(self._index)[:_SHOWN]
        raise UnknownName(
            f'There is no chromosome "{name[:80]}" in {self.path.name}.',
            value=name,
            next_step=f"The nearest of its {len(self._index):,} names: {', '.join(close)}.",
        )

    def fetch(self, chromosome: str, start: int, end: int) -> str:
        """Return the bases of a stretch, forward strand, in capitals and small letters as they are in the file.

        Parameters
        ----------
        chromosome
            Name, with or without ``chr``.
        start, end
            0-based, `end` not included.

        Raises
        ------
        UnknownName
            There is no such chromosome.
        InvalidOption
            The stretch reaches beyond the chromosome, or ends before it starts.
        UnreadableInput
            The file is cut off, or the index is of another one.
        """
        name = self.chromosome(chromosome)
        entry = self._index[name]
        if not 0 <= start <= end <= entry.length:
            raise InvalidOption(
                f"{name} has {entry.length:,} bases; {start + 1:,} to {end:,} (counted from 1) is no stretch of it.",
                value=f"{name}:{start + 1}-{end}",
                next_step=f"Give a stretch within {name}:1-{entry.length}.",
            )
        self._check(name, entry)
        if start == end:
            return ""
        place = _byte_of(entry, start), _byte_of(entry, end - 1) + 1
        text = self._content.read(*place).translate(None, b"\r\n").decode("latin-1")
        if len(text) != end - start or _NO_BASE.search(text):
            raise self._other_index(name)
        return text

    def _found(self, name: str) -> str | None:
        if name in self._index:
            return name
        bare = name.casefold().removeprefix("chr")
        spellings = _MITOCHONDRION if bare in _MITOCHONDRION else (bare,)
        tried = (spelled for spelling in spellings for spelled in (spelling, f"chr{spelling}"))
        return next((self._spelled[spelled] for spelled in tried if spelled in self._spelled), None)

    def _check(self, name: str, entry: Entry) -> None:
        """Make sure, once a chromosome, that it lies where the index has it."""
        if name in self._checked:
            return
        ends = _byte_of(entry, entry.length - 1) + 1 if entry.length else entry.offset
        if ends > self._content.size:
            raise UnreadableInput(
                f"{self.path} is cut off: {name} ends at byte {ends:,}, and the file at {self._content.size:,}.",
                value=self.path,
                next_step="Fetch it again, or remove its .fai if that is of another file.",
            )
        before = self._content.read(max(0, entry.offset - 65_536), entry.offset)
        words = before.rstrip(b"\r\n").rpartition(b"\n")[2].split()
        if before[-1:] != b"\n" or not words or words[0] != b">" + name.encode():
            raise self._other_index(name)
        self._checked.add(name)

    def _other_index(self, name: str) -> UnreadableInput:
        return UnreadableInput(
            f"The index of {self.path} is of another file: {name} is not where it says.",
            value=self.path,
            next_step=f"Remove {self.path.name}.fai; an index is made anew.",
        )


def _byte_of(entry: Entry, base: int) -> int:
    """Return the place of a base, counted from 0, in the unpacked file."""
    return entry.offset + base // entry.bases * entry.width + base % entry.bases
