from __future__ import annotations

import io
import pickle
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lifenode.errors import InvalidOption, MissingPart, OutputError, UnknownName
from lifenode.table import FORMATS, Column, Table
from tests.small_table import COLUMNS, SMALL, make


class Ranked(Table):
    def __init__(self, *arguments: Any, note: str) -> None:
        super().__init__(*arguments)
        self.note = note


def test_columns_have_the_documented_types() -> None:
    table = make(SMALL)
    assert [table[name].dtype for name in table.column_names[:4]] == [object, np.int64, np.float64, np.bool_]
    assert table["genes"] == [["IL6", "TNF"], [], ["A,B", "C"], None]
    assert type(next(table.rows())[1]) is int
    assert table.to_dicts()[0]["p_value"] == 1e-50


def test_missing_integers_and_booleans_stay_missing() -> None:
    columns = (Column("start", "integer", ""), Column("known", "boolean", ""))
    table = Table(columns, {"start": [1, None], "known": np.array([None, True], dtype=object)}, {}, 2)
    assert table.to_dicts() == [{"start": 1, "known": None}, {"start": None, "known": True}]
    assert table.to_tsv() == "start\tknown\n1\t\n\ttrue\n"
    assert table.to_jsonl() == '{"start": 1, "known": null}\n{"start": null, "known": true}\n'
    assert [str(kind) for kind in table.to_pandas().dtypes] == ["Int64", "boolean"]
    assert table.to_polars().rows() == [(1, None), (None, True)]


def test_fixed_width_text_arrays_become_plain_text() -> None:
    table = Table(COLUMNS[:1], {"name": np.array(["a", "bb"])}, {}, 2)
    assert [type(value) for value in table["name"]] == [str, str]


def test_columns_and_meta_given_as_functions_are_computed_once_and_late() -> None:
    calls: list[str] = []

    def size() -> list[int]:
        calls.append("size")
        return [1, 2]

    def meta() -> dict[str, Any]:
        calls.append("meta")
        return {"m": 2}

    table = Table(COLUMNS[1:2], {"size": size}, meta, 2)
    assert len(table) == 2
    assert calls == []
    assert table["size"].sum() == table["size"].sum() == 3
    assert table.meta["m"] == table.head(1).meta["m"] == 2
    assert calls == ["size", "meta"]


def test_a_column_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="'size' has 1 values, the table 2 rows"):
        Table(COLUMNS[1:2], {"size": [1]}, {}, 2)["size"]


def test_an_unknown_column_offers_the_nearest() -> None:
    with pytest.raises(UnknownName, match="Did you mean p_value"):
        make(SMALL)["p_valeu"]
    with pytest.raises(UnknownName, match="Columns: name, size"):
        make(SMALL).select(["x" * 40])


def test_rows_are_taken_with_companions_class_and_attributes() -> None:
    data = {"size": [5, 6, 7], "order": np.array([30, 10, 20]), "genes": [["a"], ["b"], ["c"]]}
    table = Ranked([COLUMNS[1], COLUMNS[4]], data, {"m": 1}, 3, note="kept")
    part = table.filter(table["size"] > 5).take([1, 0])
    assert isinstance(part, Ranked)
    assert part.note == "kept"
    assert part.meta == {"m": 1}
    assert part["order"].tolist() == [20, 10]
    assert part.to_dicts() == [{"size": 7, "genes": ["c"]}, {"size": 6, "genes": ["b"]}]
    assert table.head(2)["order"].tolist() == [30, 10]
    assert len(table.head(99)) == 3
    assert len(table.head(-1)) == 0


def test_columns_and_companions_are_in_a_table() -> None:
    table = make(SMALL).select(["name"])
    assert "name" in table
    assert "size" in table
    assert "order" not in table


def test_selected_columns_are_exported_in_the_order_asked_for() -> None:
    table = make(SMALL).select(["p_value", "name"])
    assert table.to_tsv().splitlines()[0] == "p_value\tname"
    assert table["size"][0] == 545
    assert table.head(1).to_dicts() == [{"p_value": 1e-50, "name": "inflammatory response"}]


@pytest.mark.parametrize("mask", [[1, 0, 1, 0], [True], [[True] * 4]])
def test_a_mask_must_be_one_truth_value_a_row(mask: Any) -> None:
    with pytest.raises(InvalidOption, match="4 rows"):
        make(SMALL).filter(mask)


@pytest.mark.parametrize(("library", "method"), [("pyarrow", "to_arrow"), ("pandas", "to_pandas")])
def test_a_missing_library_is_named(library: str, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingPart, match=library):
        getattr(make(SMALL), method)()


def test_pandas_needs_no_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    import pandas  # noqa: F401  # its own import may look for pyarrow

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert len(make(SMALL).to_pandas()) == 4


@pytest.mark.parametrize("format", FORMATS)
def test_write_picks_the_format_by_ending_and_leaves_nothing_else(format: str, tmp_path: Path) -> None:
    table = make(SMALL)
    table.write(tmp_path / f"result.{format}")
    table.write(tmp_path / "other", format)
    assert (tmp_path / "other").read_bytes() == (tmp_path / f"result.{format}").read_bytes() == table.to_bytes(format)
    assert len(list(tmp_path.iterdir())) == 2


def test_write_to_handles_gives_the_same_bytes() -> None:
    table = make([("é", 1, 1.0, True, [])])
    below = io.BytesIO()
    wrapped = io.TextIOWrapper(below, encoding="ascii", newline="\r\n")
    table.write(wrapped, "csv")
    binary, text = io.BytesIO(), io.StringIO()
    table.write(binary, "csv")
    table.write(text, "csv")
    assert below.getvalue() == binary.getvalue() == text.getvalue().encode() == table.to_bytes("csv")
    with pytest.raises(InvalidOption, match="'wb'"):
        table.write(io.StringIO(), "parquet")


def test_an_unknown_format_lists_the_known(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="tsv, csv, json, jsonl, parquet"):
        make(SMALL).write(tmp_path / "result.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_keeps_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written: No such file"):
        make(SMALL).write(tmp_path / "missing" / "result.tsv")
    target = tmp_path / "result.tsv"
    target.write_text("old")
    broken = Table(COLUMNS[1:2], {"size": [1]}, {}, 2)
    with pytest.raises(ValueError, match="size"):
        broken.write(target)
    assert target.read_text() == "old"


def test_a_link_is_followed_and_a_device_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "link.tsv").symlink_to(tmp_path / "real.tsv")
    make(SMALL).write(tmp_path / "link.tsv")
    assert (tmp_path / "link.tsv").is_symlink()
    assert (tmp_path / "real.tsv").is_file()
    make(SMALL).write("/dev/null", "tsv")
    assert not Path("/dev/null").is_file()


def test_a_full_disk_is_an_output_error() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full on this system")
    with pytest.raises(OutputError, match="No space left"):
        make(SMALL).write("/dev/full", "tsv")
    with open("/dev/full", "wb", buffering=0) as handle, pytest.raises(OutputError, match="No space left"):  # noqa: PTH123
        make(SMALL).write(handle, "tsv")


def test_tables_travel_between_processes() -> None:
    table = Ranked(COLUMNS[1:2], {"size": lambda: [3, 1]}, lambda: {"m": 1}, 2, note="kept")
    twin = pickle.loads(pickle.dumps(table.take([1])))  # noqa: S301
    assert (twin.to_dicts(), twin.meta, twin.note) == ([{"size": 1}], {"m": 1}, "kept")


def test_previews_show_the_top_and_say_what_is_left_out() -> None:
    many = [(f"term {i}", i, 1.234e-34, True, [f"G{j}" for j in range(50)]) for i in range(30)]
    text = repr(make(many))
    assert text.splitlines()[0] == "Table: 30 rows × 5 columns"
    assert "1.2e-34" in text
    assert text.splitlines()[-1] == "… 20 more rows"
    assert max(map(len, text.splitlines())) <= 120
    page = make(many)._repr_html_()
    assert page.count("<tr>") == 21
    assert "First 20 of 30 rows" in page
    assert '<td style="text-align:right" title="1.234e-34">1.2e-34</td>' in page


def test_previews_are_safe_to_show() -> None:
    nasty = "<script>alert(1)</script>\x1b[31m"
    column = Column(nasty, "text", '"><b>')
    table = Table([column], {nasty: [nasty]}, {}, 1)
    assert "<script" not in table._repr_html_()
    assert "<b>" not in table._repr_html_()
    assert "\x1b" not in repr(table) + table._repr_html_()


def test_a_wide_table_names_the_columns_it_leaves_out() -> None:
    columns = [Column(f"column_{i:02}", "text", "") for i in range(30)]
    table = Table(columns, {column.name: ["x"] for column in columns}, {}, 1)
    assert "more columns: column_" in repr(table)
    assert "20 of 30 columns" in table._repr_html_()


def test_big_tables_are_quick_and_previews_small() -> None:
    n = 100_000
    rng = np.random.default_rng(1)
    data = {
        "name": ["&'\"<>" * 30] * n,
        "size": rng.integers(0, 1000, n),
        "p_value": rng.random(n),
        "significant": rng.random(n) < 0.5,
        "genes": [["IL6", "TNF"]] * n,
    }
    table = Table(COLUMNS, data, {}, n)
    start = time.perf_counter()
    table.to_tsv()
    middle = time.perf_counter()
    page = table._repr_html_()
    end = time.perf_counter()
    assert middle - start < 3  # measured: 0.3 s; the rest is room for a busy machine
    assert end - middle < 0.5  # measured: 1 ms
    assert len(page.encode()) < 200_000


def test_making_a_table_costs_microseconds() -> None:
    data = {column.name: list for column in COLUMNS}
    start = time.perf_counter()
    for _ in range(1000):
        Table(COLUMNS, data, dict, 0)
    assert time.perf_counter() - start < 0.1
