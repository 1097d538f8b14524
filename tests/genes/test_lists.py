from __future__ import annotations

import io
import itertools
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import (
    BadBackground,
    BadTable,
    EmptyInput,
    InputError,
    InputTooLarge,
    InvalidOption,
    UnreadableInput,
)
from lifenode.genes.lists import Queries, TableOptions, read_background, read_queries, read_text

TWO = ["TP53", "BRCA1"]


def single(query: object, **more: Any) -> list[object]:
    queries = read_queries(query, **more)
    assert queries.kind == "list"
    assert list(queries.lists) == ["query_1"]
    assert queries.background is None
    return queries.lists["query_1"]


@pytest.mark.parametrize(
    "query",
    [
        TWO,
        tuple(TWO),
        (name for name in TWO),
        dict.fromkeys(TWO).keys(),
        np.array(TWO),
        np.array(TWO, dtype=object),
        pd.Series(TWO),
        pd.Index(TWO),
        pd.Series(TWO, dtype="category"),
        pl.Series(TWO),
        pd.DataFrame({"anything": TWO}),
        pl.DataFrame({"anything": TWO}),
        "TP53 BRCA1",
        "TP53,BRCA1",
        "TP53;BRCA1",
        "TP53\tBRCA1",
        "TP53\nBRCA1",
        "TP53\r\nBRCA1\r\n",
        "TP53\rBRCA1\r",
        "# a comment\nTP53, BRCA1\n",
        '"TP53"\n"BRCA1"\n',
        "TP53,\nBRCA1,\n",
        "\ufeffTP53\nBRCA1",
        b"TP53\nBRCA1\n",
        io.StringIO("TP53\nBRCA1\n"),
        io.BytesIO(b"TP53\nBRCA1\n"),
    ],
    ids=lambda query: f"{type(query).__module__}.{type(query).__name__}",
)
def test_ways_to_hold_a_list(query: object) -> None:
    assert single(query) == TWO


def test_one_word_is_one_identifier() -> None:
    assert single("TP53") == ["TP53"]
    assert single("GO:0005005") == ["GO:0005005"]
    assert single("X:1000:1000000") == ["X:1000:1000000"]


def test_items_are_kept_as_they_are() -> None:
    items = ["TP53", " tp53 ", 7157, 7157.0, None, float("nan"), ""]
    assert single(items)[:5] == items[:5]
    assert len(single(items)) == 7


def test_numpy_and_pandas_values_become_plain() -> None:
    assert [type(item) for item in single(np.array([1, 2]))] == [int, int]
    assert single(pd.Series([7157, None], dtype="Int64"))[0] == 7157


def test_a_set_is_sorted_whatever_the_hash_seed() -> None:
    code = "from lifenode.genes.lists import read_queries; print(read_queries({'b', 'a', 'c', 10, 9}).lists)"
    printed = {
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in "0123"
    }
    assert printed == {b"{'query_1': [10, 9, 'a', 'b', 'c']}\n"}


def test_a_set_cannot_be_ordered() -> None:
    with pytest.raises(InvalidOption, match="no order"):
        read_queries({"a"}, options=TableOptions(ordered=True))


def test_dict_of_lists() -> None:
    queries = read_queries({"up": TWO, 2: np.array(["MYC"]), "": {"b", "a"}, "none": [], "text": "X Y"})
    assert queries.kind == "lists"
    assert queries.lists == {"up": TWO, "2": ["MYC"], "query_3": ["a", "b"], "none": [], "text": ["X", "Y"]}


@pytest.mark.parametrize(
    ("query", "error", "match"),
    [
        ({1: ["a"], "1": ["b"]}, InvalidOption, "Two lists are named '1'"),
        ({"a": {"b": ["c"]}}, UnreadableInput, "'a' itself holds several lists: b"),
        ({"a": 5}, UnreadableInput, "5, a int"),
        ({}, EmptyInput, "no identifier"),
        ({"a": [], "b": ["", None]}, EmptyInput, "no identifier"),
        ([["TP53"], ["MYC"]], UnreadableInput, "Item 1 of the list is a list.*dict of name -> list"),
        (np.array([TWO, TWO]), UnreadableInput, r"shape \(2, 2\)"),
        (7157, UnreadableInput, "7157, a int, not a list"),
        (None, UnreadableInput, "None"),
        ([], EmptyInput, "no identifier"),
        ("", EmptyInput, "no identifier"),
        (" \n\n", EmptyInput, "no identifier"),
        ("# nothing else\n", EmptyInput, "no identifier"),
        ([None, float("nan"), pd.NA, " "], EmptyInput, "no identifier"),
        ("no/such.txt", UnreadableInput, "no file 'no/such.txt'"),
        ("genes.txt", UnreadableInput, "no file 'genes.txt'"),
        ("my genes.CSV", UnreadableInput, "no file 'my genes.CSV'"),
        ("C:\\genes", UnreadableInput, "no file"),
        ("TP53\nBR\0CA1", UnreadableInput, "NUL character on line 2"),
        ("a\0b", UnreadableInput, "NUL character on line 1"),
    ],
)
def test_refused(query: object, error: type[InputError], match: str) -> None:
    with pytest.raises(error, match=match) as caught:
        read_queries(query)
    assert caught.value.next_step


def test_a_long_line_is_no_path() -> None:
    assert len(single(" ".join(["TP53"] * 5000))) == 5000
    assert single("A" * 5000) == ["A" * 5000]


@pytest.mark.parametrize(
    "text",
    ["gene\tscore\nTP53\t1\nMYC\t2\n", "TP53,1\nMYC,2\n", "a;b;c\nd;e;f", "s1\ts2\nTP53\t1\t2\nMYC\t3\t4", "\tn\nA\t1"],
)
def test_a_table_without_known_headings_is_not_swallowed(text: str) -> None:
    with pytest.raises(BadTable, match="--gene-column"):
        read_queries(text)


def test_named_column_of_a_table() -> None:
    text = "Symbol,score\nTP53,1\nNA,2\nMYC,3\n"
    assert single(text, options=TableOptions(gene_column="symbol")) == ["TP53", "", "MYC"]
    frame = pd.DataFrame({"score": [1, 2]}, index=["TP53", "MYC"])
    assert single(frame, options=TableOptions(gene_column="")) == ["TP53", "MYC"]
    assert single("gene\nTP53\n", options=TableOptions(gene_column="gene")) == ["TP53"]
    with pytest.raises(BadTable, match=r"no column 'Symbl'; its headings are Symbol, score.*Did you mean 'Symbol'"):
        read_queries(text, options=TableOptions(gene_column="Symbl"))
    with pytest.raises(BadTable, match="2 columns and none"):
        read_queries(pl.DataFrame({"a": [1], "b": [2]}))


def test_several_lists_in_one_text() -> None:
    queries = read_queries("> first\nA, B\n\nC\n>second  one\n> \nD\n")
    assert queries.kind == "lists"
    assert queries.lists == {"first": ["A", "B", "", "C"], "second  one": [], "query_3": ["D"]}


@pytest.mark.parametrize(
    ("text", "match"), [("A\n> x\nB", "line 1, before the first"), ("> x\nA\n> x\nB", "'x', on lines 1 and 3")]
)
def test_unusable_list_names(text: str, match: str) -> None:
    with pytest.raises(UnreadableInput, match=match):
        read_queries(text)


def test_blank_lines_are_items_but_the_last_line_end_is_none() -> None:
    assert single("A\n\n  \nB\n") == ["A", "", "", "B"]
    assert single("A\nB\n\n") == ["A", "B", ""]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    assert single("-", stdin=io.StringIO("A\nB\n")) == ["A", "B"]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfeA\0\n\0B\0")))
    assert single("-") == ["A", "B"]
    with pytest.raises(EmptyInput, match="Standard input"):
        read_queries("-", stdin=io.StringIO("\n"))


@pytest.mark.parametrize("make", [list, iter, lambda items: "\n".join(items), np.array, set])
def test_length_limit(make: Callable[[list[str]], object], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_LIST_LENGTH", "3")
    items = ["a", "b", "c", "d"]
    assert len(single(make(items[:3]))) == 3
    with pytest.raises(InputTooLarge, match=r"holds 4 identifiers; the limit is 3.*LIFENODE_MAX_LIST_LENGTH"):
        read_queries(make(items))


def test_an_endless_generator_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_LIST_LENGTH", "100")
    with pytest.raises(InputTooLarge):
        read_queries(itertools.repeat("a"))


def test_text_from_a_stranger_touches_no_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("SECRET", encoding="utf-8")
    assert read_text(str(path)).lists == {"query_1": [str(path)]}
    assert read_text("-").lists == {"query_1": ["-"]}


def test_background(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_LIST_LENGTH", "2")
    assert read_background(iter("abc")) == ["a", "b", "c"]
    assert read_background("> one\nA B C") == ["A", "B", "C"]
    with pytest.raises(BadBackground, match="2 lists"):
        read_background({"a": ["x"], "b": ["y"]})
    with pytest.raises(EmptyInput, match="background"):
        read_background([])
    monkeypatch.setenv("LIFENODE_MAX_BACKGROUND_LENGTH", "2")
    with pytest.raises(InputTooLarge, match="LIFENODE_MAX_BACKGROUND_LENGTH"):
        read_background(iter("abc"))


@given(st.lists(st.text(), max_size=30))
def test_no_item_of_a_list_is_lost(items: list[str]) -> None:
    try:
        assert read_queries(items).lists == {"query_1": items}
    except EmptyInput:
        assert not "".join(items).strip()


def outcome_of(given: str | bytes) -> Queries | InputError:
    try:
        return read_text(given) if isinstance(given, str) else read_queries(given)
    except InputError as error:
        return error


@given(st.text(max_size=200))
def test_any_text_gives_lists_or_a_named_error(text: str) -> None:
    outcome = outcome_of(text)
    if isinstance(outcome, Queries):
        assert all(isinstance(item, str) for items in outcome.lists.values() for item in items)
    else:
        assert outcome.next_step


@given(st.binary(max_size=200))
def test_any_bytes_give_lists_or_a_named_error(content: bytes) -> None:
    outcome = outcome_of(content)
    assert isinstance(outcome, Queries) or outcome.next_step


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys; from lifenode.genes.lists import read_queries; read_queries(['a']); read_queries('a,b');"
        "print([m for m in ('pandas', 'polars', 'pyarrow', 'anndata', 'numba', 'rich', 'click') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"[]\n"
