"""Tab-separated files as frames, in batches: columns by the names in the header, rows numbered, faults named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
import polars as pl

from lifenode.eqtl.columns import MISSING, Schema
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_bytes import Source
from lifenode.errors import EmptyInput, FormatError, UnreadableInput

BATCH_BYTES = 16 * 1024 * 1024
_LONGEST_HEADER = 1 << 20
ROW = "row"

# Names of columns in older releases.
_OLD_NAMES = {"phenotype_id": "molecular_trait_id", "chr": "chromosome", "pos": "position", "snp_id": "variant"}


@dataclass(frozen=True)
class TextLayout:
    """Where the columns of a text file are.

    Attributes
    ----------
    names
        The names in the header, in order, old ones replaced.
    separator
        Between fields.
    skipped
        Lines before the first row.
    """

    names: tuple[str, ...]
    separator: str = "\t"
    skipped: int = 1


def lines_of(source: Source, batch_bytes: int = BATCH_BYTES) -> Iterator[bytes]:
    """Iterate over the content of a file in pieces that end where a line ends.

    The last line gets a line end if it has none. The first piece is small, so that a header is there soon.
    """
    held: list[bytes] = []
    size = 0
    wanted = 1
    for block in source.blocks():
        held.append(block)
        size += len(block)
        if size >= wanted and (end := block.rfind(b"\n") + 1):
            yield b"".join([*held[:-1], block[:end]])
            held = [block[end:]]
            size = len(held[0])
            wanted = batch_bytes
        elif size > batch_bytes + _LONGEST_HEADER and wanted == 1:
            raise UnreadableInput(f"{source.path.name} is not a text table: it has no line ends.", value=source.path)
    rest = b"".join(held)
    if rest:
        yield rest if rest.endswith(b"\n") else rest + b"\n"


def read_header(source: Source, pieces: Iterator[bytes]) -> tuple[TextLayout, Iterator[bytes]]:
    """Take the header off the pieces of a file.

    Raises
    ------
    EmptyInput
        There is nothing in the file.
    UnreadableInput
        The header is not text, or a name comes twice.
    """
    first = next(pieces, b"")
    if not first.strip():
        raise EmptyInput(f"{source.path.name} is empty.", value=source.path, next_step="Fetch the file again.")
    header, _, rest = first.partition(b"\n")
    try:
        text = header.decode("utf-8-sig").rstrip("\r")
    except UnicodeDecodeError as error:
        raise UnreadableInput(f"{source.path.name} is not a text table.", value=source.path) from error
    separator = "\t" if "\t" in text else "," if "," in text else " "
    given = [name.strip().strip('"').lstrip("#") for name in text.split(separator)]
    names = tuple(_OLD_NAMES.get(name, name) if _OLD_NAMES.get(name) not in given else name for name in given)
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UnreadableInput(f"{source.path.name} has two columns {twice!r}.", value=twice)
    return TextLayout(names, separator), chain([rest], pieces)


class TextBatches:
    """The rows of a text file as frames.

    Parameters
    ----------
    source
        The file.
    schema
        Types of the columns wanted; columns of the file that are not among them are passed over.
    findings
        Where faults are noted.
    """

    def __init__(self, source: Source, schema: Schema, findings: Findings) -> None:
        self._source = source
        self._findings = findings
        self.layout, self._pieces = read_header(source, lines_of(source))
        self._rows = 0
        self.want(schema)

    def want(self, schema: Schema) -> None:
        """Say which columns are wanted, once the header is known."""
        self._schema = {name: kind for name, kind in schema.items() if name in self.layout.names}

    def __iter__(self) -> Iterator[pl.DataFrame]:
        """Iterate over frames with the columns of the schema that the file has, and `ROW`, counted from 1."""
        for piece in self._pieces:
            if piece:
                frame = self._frame(piece)
                if frame.height:
                    yield frame

    def _frame(self, piece: bytes) -> pl.DataFrame:
        # Counted by numpy: where every tenth byte is one, bytes.count takes several times as long.
        letters = np.frombuffer(piece, np.uint8)
        ends = letters == ord("\n")
        lines = int(np.count_nonzero(ends))
        separators = int(np.count_nonzero(letters == ord(self.layout.separator)))
        begin = self._rows
        self._rows += lines
        rows = None
        blank = bool(ends[0]) or bool((ends[1:] & ends[:-1]).any())
        if blank or separators != lines * (len(self.layout.names) - 1):
            piece, rows = self._without_ragged(piece, begin)
        try:
            frame = self._parsed(piece, self._schema)
        except (pl.exceptions.PolarsError, OverflowError):
            frame = self._carefully_parsed(piece, rows, begin)
        numbers = pl.int_range(begin + 1, begin + 1 + frame.height, dtype=pl.Int64, eager=True)
        return frame.with_columns((rows if rows is not None else numbers).alias(ROW))

    def _parsed(self, piece: bytes, schema: Schema) -> pl.DataFrame:
        if not piece:
            return pl.DataFrame(schema=schema)
        everything = {name: schema.get(name, pl.String) for name in self.layout.names}
        frame = pl.read_csv(
            piece, has_header=False, separator=self.layout.separator, schema=everything, quote_char=None,
            null_values=list(MISSING), columns=[at for at, name in enumerate(everything) if name in schema],
        )  # fmt: skip
        return frame.select(list(schema))

    def _without_ragged(self, piece: bytes, begin: int) -> tuple[bytes, pl.Series]:
        """Leave out the lines that have another number of fields than the header; blank lines are no rows."""
        kept: list[bytes] = []
        rows: list[int] = []
        separator, wanted = self.layout.separator.encode(), len(self.layout.names) - 1
        for number, line in enumerate(piece.split(b"\n")[:-1], begin + 1):
            if line.count(separator) == wanted and line.strip():
                kept.append(line)
                rows.append(number)
            elif line.strip():
                shown = line[:60].decode(errors="replace")
                self._findings.add("ragged_row", self._source.path.name, 1, [number], shown)
        return b"".join(line + b"\n" for line in kept), pl.Series(ROW, rows, dtype=pl.Int64)

    def _carefully_parsed(self, piece: bytes, rows: pl.Series | None, begin: int) -> pl.DataFrame:
        """Read every column as text first, so that what cannot be read is known by row."""
        name = self._source.path.name
        try:
            texts = self._parsed(piece, dict.fromkeys(self._schema, pl.String))
        except pl.exceptions.PolarsError as error:
            raise FormatError(f"{name} cannot be read as a table: {_short(error)}.", value=name) from error
        if rows is None:
            rows = pl.int_range(begin + 1, begin + 1 + texts.height, dtype=pl.Int64, eager=True)
        columns = []
        for column, kind in self._schema.items():
            text = texts[column]
            if kind is pl.String:
                columns.append(text)
                continue
            trimmed = text.str.strip_chars()
            value = trimmed.cast(pl.Float64, strict=False) if kind.is_integer() else trimmed.cast(kind, strict=False)
            if kind.is_integer():
                value = value.set(value != value.floor(), None).cast(kind, strict=False)
            faulty = value.is_null() & text.is_not_null() & ~trimmed.is_in(list(MISSING)).fill_null(True)
            self._findings.add_mask("unreadable_number", name, faulty, rows, text)
            columns.append(value.alias(column))
        return pl.DataFrame(columns)


def _short(error: Exception) -> str:
    return re.sub(r"\s+", " ", str(error))[:120]
