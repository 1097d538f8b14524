from __future__ import annotations

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from tests.small_table import SMALL, make


def test_tsv_bytes() -> None:
    assert make(SMALL).to_tsv() == (
        "name\tsize\tp_value\tsignificant\tgenes\n"
        "inflammatory response\t545\t1e-50\ttrue\tIL6,TNF\n"
        "back\\\\slash\\ttab\\nline\\r\t-3\t\tfalse\t\n"
        'quote " and, comma\t0\t0.30000000000000004\ttrue\tA;B,C\n'
        "\t9007199254740992\t5e-324\tfalse\t\n"
    )


def test_csv_follows_rfc_4180() -> None:
    rows = list(csv.reader(io.StringIO(make(SMALL).to_csv(), newline="")))
    assert rows[2] == ["back\\slash\ttab\nline\r", "-3", "", "false", ""]
    assert rows[3] == ['quote " and, comma', "0", "0.30000000000000004", "true", "A;B,C"]


def test_formulas_are_defused_on_request_and_numbers_are_not_touched() -> None:
    table = make([("=1+1", -5, -2.5, True, ["@x"]), ("\tx", 1, 1.0, True, ["a"]), ("a=b", 1, 1.0, True, ["-1"])])
    lines = table.to_csv(escape_formulas=True).splitlines()
    assert lines[1:] == ["'=1+1,-5,-2.5,true,'@x", "'\tx,1,1.0,true,a", "a=b,1,1.0,true,'-1"]
    assert table.to_csv().splitlines()[1] == "=1+1,-5,-2.5,true,@x"
    assert table.to_tsv(escape_formulas=True).splitlines()[2].startswith("'\\tx\t")


def test_json_has_result_and_meta_and_no_nan() -> None:
    meta = {"path": Path("a/b"), "sizes": np.array([1, 2]), "p": math.inf, "set": {"b", "a"}, "n": np.int32(3)}
    table = make([("x", 1, math.inf, True, ["é"]), ("y", 1, math.nan, True, [])], meta)
    read = json.loads(table.to_json())
    assert read["meta"] == {"path": "a/b", "sizes": [1, 2], "p": None, "set": ["a", "b"], "n": 3}
    assert [row["p_value"] for row in read["result"]] == [None, None]
    assert "é" in table.to_json()
    assert list(read["result"][0]) == list(table.column_names)


def test_an_empty_table_keeps_columns_and_types() -> None:
    table = make([])
    assert table.to_tsv() == "name\tsize\tp_value\tsignificant\tgenes\n"
    assert json.loads(table.to_json()) == {"result": [], "meta": {"release": "2026.11"}}
    assert table.to_jsonl() == ""
    assert [str(kind) for kind in table.to_pandas().dtypes] == ["object", "int64", "float64", "bool", "object"]
    assert table.to_polars().schema == make(SMALL).to_polars().schema
    assert table.to_arrow().schema.types == make(SMALL).to_arrow().schema.types
    assert table["p_value"].dtype == np.float64
    assert "0 rows" in repr(table)
    assert "0 rows" in table._repr_html_()


texts = st.text(max_size=12)
rows_of_anything = st.lists(
    st.tuples(
        texts,
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False),
        st.booleans(),
        st.lists(texts.filter(bool).map(lambda text: text.replace(",", "")).filter(bool), max_size=4),
    ),
    max_size=6,
)


def _unescape(cell: str) -> str:
    plain = {"\\\\": "\\", "\\t": "\t", "\\n": "\n", "\\r": "\r"}
    pairs = iter(range(len(cell)))
    return "".join(
        plain[cell[i : i + 2]] if cell[i] == "\\" and next(pairs, None) is not None else cell[i] for i in pairs
    )


@given(rows_of_anything)
def test_tsv_reads_back_to_the_same_values(rows: list[tuple[Any, ...]]) -> None:
    lines = make(rows).to_tsv().split("\n")
    assert lines.pop() == ""
    read = [[_unescape(cell) for cell in line.split("\t")] for line in lines[1:]]
    assert [
        (name, int(size), float(p), flag == "true", genes.split(",") if genes else [])
        for name, size, p, flag, genes in read
    ] == [(_safe(row[0]), *row[1:4], [_safe(gene) for gene in row[4]]) for row in rows]


@given(rows_of_anything)
def test_json_and_jsonl_read_back_to_the_same_rows(rows: list[tuple[Any, ...]]) -> None:
    table = make(rows)
    finite = [(name, size, p if math.isfinite(p) else None, *rest) for name, size, p, *rest in rows]
    assert [tuple(row.values()) for row in json.loads(table.to_json())["result"]] == finite
    assert [tuple(json.loads(line).values()) for line in table.to_jsonl().split("\n")[:-1]] == finite
    table.to_json().encode()


@given(rows_of_anything)
def test_csv_reads_back_to_the_same_cells(rows: list[tuple[Any, ...]]) -> None:
    read = list(csv.reader(io.StringIO(make(rows).to_csv(), newline="")))
    assert [row[0] for row in read[1:]] == [_safe(row[0]) for row in rows]


@given(rows_of_anything)
def test_parquet_reads_back_to_the_same_rows_and_meta(rows: list[tuple[Any, ...]]) -> None:
    meta = {"release": "2026.11", "note": "é\ud800"}
    content = make(rows, meta).to_bytes("parquet")
    assert content == make(rows, meta).to_bytes("parquet")
    expected = [(_safe(row[0]), *row[1:4], [_safe(gene) for gene in row[4]]) for row in rows]
    assert pl.read_parquet(io.BytesIO(content)).rows() == expected
    assert json.loads(pl.read_parquet_metadata(io.BytesIO(content))["lifenode"])["release"] == "2026.11"
    assert [tuple(row.values()) for row in make(rows).to_arrow().to_pylist()] == expected


def _safe(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def test_frames_agree() -> None:
    table = make(SMALL)
    pandas, polars, arrow = table.to_pandas(), table.to_polars(), table.to_arrow()
    assert pandas["name"].tolist() == polars["name"].to_list() == arrow["name"].to_pylist()
    assert polars["p_value"].to_list() == arrow["p_value"].to_pylist() == [1e-50, None, 0.1 + 0.2, 5e-324]
    assert polars["genes"].to_list() == arrow["genes"].to_pylist() == pandas["genes"].tolist()
    assert json.loads(arrow.schema.metadata[b"lifenode"]) == {"release": "2026.11"}
