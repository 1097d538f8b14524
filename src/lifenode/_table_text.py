"""Tables as text: TSV, CSV, JSON, JSON lines. Same table, same bytes.

Floats are written with the fewest digits that read back to the same value; lines end in a line feed; a missing value is
an empty cell, or null in JSON. Every text ends with a line feed and can be encoded as UTF-8.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import asdict, is_dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from lifenode.table import Column, Table

# The "linear TSV" convention: a cell never breaks its line, and what was written can be read back.
_TSV_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_TSV_SPECIAL = re.compile(r"[\\\t\n\r]")
_CSV_SPECIAL = re.compile(r'[",\n\r]')
# What makes a spreadsheet run a cell as a formula (OWASP, "CSV injection").
_FORMULA = re.compile(r"[=+\-@\t\r\x00]")


def to_tsv(table: Table, *, escape_formulas: bool = False) -> str:
    r"""Return tab-separated text; backslash, tab and line ends inside a cell become ``\\ \t \n \r``."""
    return _delimited(table, "\t", _TSV_SPECIAL, _tsv_cell, escape_formulas)


def to_csv(table: Table, *, escape_formulas: bool = False) -> str:
    """Return comma-separated text, quoted as RFC 4180 says, with line feeds."""
    return _delimited(table, ",", _CSV_SPECIAL, _csv_cell, escape_formulas)


def to_json(table: Table) -> str:
    """Return ``{"result": [row, ...], "meta": {...}}``, one row a line."""
    rows = ",\n".join(map(_dump, _json_rows(table)))
    result = f"[\n{rows}\n]" if rows else "[]"
    return encodable(f'{{"result": {result},\n"meta": {_dump(plain(table.meta))}}}\n')


def to_jsonl(table: Table) -> str:
    """Return one JSON object a line; the meta data are left out."""
    return encodable("".join(f"{_dump(row)}\n" for row in _json_rows(table)))


def plain(value: Any) -> Any:
    """Turn `value` into what JSON can hold: sets are sorted, NaN and infinities become None."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (float, np.floating)):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Set):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, (Sequence, np.ndarray)):
        return [plain(item) for item in value]
    return _plain_object(value)


def _plain_object(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "to_dict"):
        return plain(value.to_dict())
    if is_dataclass(value) and not isinstance(value, type):
        return plain(asdict(value))
    raise TypeError(f"meta data hold a {type(value).__name__}, which JSON cannot express")


def encodable(text: str) -> str:
    r"""Write lone surrogates, which UTF-8 cannot hold, as ``\udc80``: the JSON escape, and visible elsewhere."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace").decode()
    return text


# json.dumps makes an encoder at each call, which for a row takes as long as the row.
_dump = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _json_rows(table: Table) -> list[dict[str, Any]]:
    columns = [_json_values(table, column) for column in table.columns]
    names = table.column_names
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def _json_values(table: Table, column: Column) -> list[Any]:
    values = table[column.name]
    if column.kind == "number" and not np.isfinite(values).all():
        return [value if math.isfinite(value) else None for value in values.tolist()]
    return values if isinstance(values, list) else values.tolist()


def _delimited(
    table: Table, separator: str, special: re.Pattern[str], escape: Callable[[str], str], escape_formulas: bool
) -> str:
    cells = [_cells(table, column, special, escape, escape_formulas) for column in table.columns]
    lines = [separator.join(escape(name) for name in table.column_names)]
    lines.extend(map(separator.join, zip(*cells, strict=True)))
    return encodable("\n".join(lines) + "\n")


def _cells(
    table: Table, column: Column, special: re.Pattern[str], escape: Callable[[str], str], escape_formulas: bool
) -> list[str]:
    values = table[column.name]
    if column.kind == "number":
        return ["" if value != value else repr(value) for value in values.tolist()]
    if column.kind == "boolean":
        return ["" if value is None else "true" if value else "false" for value in values]
    if column.kind == "integer":
        return ["" if value is None else str(value) for value in values.tolist()]
    texts = [_joined(value) if column.kind == "list" else value or "" for value in values]
    if escape_formulas:
        texts = [f"'{text}" if _FORMULA.match(text) else text for text in texts]
    return [escape(text) for text in texts] if special.search("".join(texts)) else texts


def _joined(items: Sequence[str] | None) -> str:
    # A comma inside an item (several evidence codes of one gene) must not look like the next item.
    return ",".join([item.replace(",", ";") for item in items]) if items else ""


def _tsv_cell(text: str) -> str:
    return _TSV_SPECIAL.sub(lambda match: _TSV_ESCAPES[match[0]], text)


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _CSV_SPECIAL.search(text) else text
