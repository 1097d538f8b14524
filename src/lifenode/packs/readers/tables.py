"""The tables of the annotation folder, as polars frames.

Each kind has a layout in `lifenode.packs.readers.layouts` against which header and cells are checked. Cells stay text,
blank ones null, save the columns that the layout calls whole numbers.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError, InvalidOption, nearest
from lifenode.packs.readers import text
from lifenode.packs.readers.layouts import LAYOUTS, Layout


def read(path: Path | str, kind: str) -> pl.DataFrame:
    """Read a table of one `kind` under the column names it has.

    Parameters
    ----------
    path
        Tab-separated text with a header line, packed or not.
    kind
        A key of `lifenode.packs.readers.layouts.LAYOUTS`.

    Returns
    -------
    polars.DataFrame
        All columns of the file in its order: text with null for blank, Int64 where the layout says whole number.

    Raises
    ------
    FormatError
        A missing column, a row with another number of columns than the header, a cell of another form; with the line.
    InvalidOption
        A `kind` that does not exist.
    """
    if kind not in LAYOUTS:
        hint = nearest(kind, LAYOUTS)
        raise InvalidOption(
            f"{kind!r} is not a kind of table.", value=kind, next_step=f"Known kinds: {', '.join(hint or LAYOUTS)}."
        )
    return _checked(_loaded(path), LAYOUTS[kind])


def sgd_features(path: Path | str) -> pl.DataFrame:
    """Read SGD's features with start <= end on both strands.

    SGD writes start > end on the Crick strand. Here both strands have start <= end, and ``strand`` is Int8: 1 for W,
    -1 for C, 0 where none is given.
    """
    start, end = pl.col("start"), pl.col("end")
    strands = {"W": 1, "C": -1}
    return read(path, "sgd_features").with_columns(
        start=pl.min_horizontal(start, end),
        end=pl.max_horizontal(start, end),
        strand=pl.col("strand").replace_strict(strands, default=0, return_dtype=pl.Int8),
    )


def go_annotations(path: Path | str) -> pl.DataFrame:
    """Read a table of gene-term pairs, whichever layout it has, told by its header.

    Returns
    -------
    polars.DataFrame
        source (``GO:BP`` ...), key (Entrez id or UniProt accession), symbol (null where the layout has none), term_id,
        qualifier (null for none), evidence (null in layouts without codes), experimental (boolean; null where the
        layout does not tell). Negated rows are in.
    """
    table = _loaded(path)
    if "Evidence" in table.columns.names:
        found = _checked(table, LAYOUTS["go_annotations_codes"])
        names = {"key": "GeneID", "term_id": "GO_ID", "branch": "Category", "evidence": "Evidence"}
        names |= {"qualifier": "Qualifier"}
    elif "uniprot" in table.columns.names:
        found = _checked(table, LAYOUTS["go_annotations_plain"])
        names = {"key": "uniprot", "term_id": "go_id", "branch": "namespace"}
    else:
        found = _checked(table, LAYOUTS["go_annotations_flag"])
        names = {"key": "entrez", "term_id": "go_id", "branch": "namespace", "experimental": "experimental"}
    names |= {"symbol": "symbol"} if "symbol" in found.columns else {}
    absent = [name for name in ("symbol", "qualifier", "evidence", "experimental") if name not in names]
    found = found.select(
        *(pl.col(column).alias(name) for name, column in names.items()),
        *(pl.lit(None, dtype=pl.String).alias(name) for name in absent),
    )
    return found.select(
        "key",
        "symbol",
        "term_id",
        "evidence",
        source=pl.concat_str(pl.lit("GO:"), "branch"),
        qualifier=pl.when(pl.col("qualifier") != "-").then("qualifier"),
        experimental=pl.col("experimental") == "1",
    ).select("source", "key", "symbol", "term_id", "qualifier", "evidence", "experimental")


class _Table(NamedTuple):
    """A file before its cells are checked."""

    path: Path | str
    columns: text.Columns
    frame: pl.DataFrame
    numbers: list[int]
    """Line of each row."""


def _loaded(path: Path | str) -> _Table:
    buffer, numbers, columns = io.BytesIO(), list[int](), None
    for number, line in text.data_lines(path):
        if columns is None:
            columns = text.Columns(path, number, line.lstrip("#").split("\t"))
            _refuse_repeated(path, number, columns.names)
            tabs = len(columns.names) - 1
            continue
        # Polars fills short rows up with nulls; here they are an error.
        if line.count("\t") != tabs:
            columns.split(number, line)
        numbers.append(number)
        buffer.write(line.encode())
        buffer.write(b"\n")
    if columns is None:
        raise FormatError.at(path, 1, "no header line; the file is empty", value=path)
    schema = dict.fromkeys(columns.names, pl.String)
    frame = pl.DataFrame(schema=schema)
    if numbers:
        buffer.seek(0)
        frame = pl.read_csv(buffer, separator="\t", has_header=False, schema=schema, quote_char=None)
    return _Table(path, columns, frame, numbers)


def _refuse_repeated(path: Path | str, number: int, names: tuple[str, ...]) -> None:
    repeated = [name for place, name in enumerate(names) if name in names[:place]]
    if repeated:
        raise FormatError.at(path, number, f"the column {repeated[0]} comes twice", value=repeated[0])


def _checked(table: _Table, layout: Layout) -> pl.DataFrame:
    names = table.columns.names
    for column in layout.columns:
        if column not in names:
            raise table.columns.missing(column)
    if layout.quoted:
        table = table._replace(frame=table.frame.with_columns(_unquoted(column) for column in names))
    for column in layout.filled:
        _refuse(table, column, pl.col(column).is_null(), "is blank")
    for column, form in layout.forms.items():
        if column in names:
            _refuse(table, column, ~pl.col(column).str.contains(f"^(?:{form})$"), f"does not match {form}")
    return table.frame.with_columns(
        _integers(table, column, layout.decimals) for column in layout.integers if column in names
    )


def _integers(table: _Table, column: str, decimals: bool) -> pl.Expr:
    cell = pl.col(column).str.replace(r"\.0$", "") if decimals else pl.col(column)
    number = cell.cast(pl.Int64, strict=False)
    _refuse(table, column, number.is_null() & cell.is_not_null(), "is not a whole number")
    return number.alias(column)


def _refuse(table: _Table, column: str, bad: pl.Expr, problem: str) -> None:
    """Raise for the first row that is `bad`; null is not."""
    found = table.frame.select(bad.fill_null(False).arg_true().first()).item()
    if found is not None:
        cell = table.frame[column][found]
        shown = "" if cell is None else f" {cell[:40]!r}"
        raise FormatError.at(table.path, table.numbers[found], f"{column}{shown} {problem}", value=cell)


def _unquoted(column: str) -> pl.Expr:
    cell = pl.col(column)
    quoted = cell.str.starts_with('"') & cell.str.ends_with('"') & (cell.str.len_bytes() > 1)
    inner = cell.str.slice(1, cell.str.len_chars() - 2).str.replace_all('""', '"', literal=True)
    return pl.when(quoted).then(inner).otherwise(cell).alias(column)
