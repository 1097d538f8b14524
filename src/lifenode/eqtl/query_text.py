"""Frames as text, by polars: some ten times as fast as row by row, which tells in answers of many rows."""

from __future__ import annotations

import io

import polars as pl
import polars.selectors as cs

# A cell never breaks its line, and what was written can be read back, as in every table.
_ESCAPES = (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r"))
_SPECIAL = r"[\\\t\n\r]"


def json_rows(frame: pl.DataFrame) -> str:
    """Return the rows as objects of JSON, one a line, without what stands around them; NaN is null."""
    return jsonl(frame)[:-1].replace("\n", ",\n")  # line ends in texts are escaped


def json_array(frame: pl.DataFrame) -> bytes:
    """Return the rows as one array of JSON; NaN is null."""
    return _finite(frame).write_json().encode()


def jsonl(frame: pl.DataFrame) -> str:
    """Return one JSON object a line."""
    return _finite(frame).write_ndjson()


def tsv(frame: pl.DataFrame, *, header: bool = True) -> str:
    r"""Return tab-separated text; backslash, tab and line ends inside a cell become ``\\ \t \n \r``."""
    text = frame.select(cs.string())
    odd = [name for name in text.columns if text[name].str.contains(_SPECIAL).any()]
    escaped = [pl.col(name).str.replace_many([a for a, _ in _ESCAPES], [b for _, b in _ESCAPES]) for name in odd]
    return _spelt(frame.with_columns(escaped)).write_csv(separator="\t", quote_style="never", include_header=header)


def csv(frame: pl.DataFrame, *, header: bool = True) -> str:
    """Return comma-separated text, quoted as RFC 4180 says, with line feeds."""
    empty = pl.when(cs.string() != "").then(cs.string())  # what is empty is not quoted
    return _spelt(frame.with_columns(empty)).write_csv(include_header=header)


def arrow_stream(frame: pl.DataFrame) -> bytes:
    """Return an Arrow IPC stream."""
    content = io.BytesIO()
    frame.write_ipc_stream(content)
    return content.getvalue()


def _finite(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.when(cs.float().is_finite()).then(cs.float()))


def _spelt(frame: pl.DataFrame) -> pl.DataFrame:
    """Return numbers as text with two digits of exponent, as Python and the files of the eQTL Catalogue write them."""
    text = _finite(frame).with_columns(cs.float().cast(pl.String))
    return text.with_columns(pl.col(frame.select(cs.float()).columns).str.replace(r"e-(\d)$", "e-0$1"))
