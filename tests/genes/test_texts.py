from __future__ import annotations

import datetime
import decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import InputError
from lifenode.genes.texts import clean, flaw, fold, hashes, printable, shown, texts_of


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("TP53", "TP53"),
        (" TP53\n", " TP53\n"),
        (np.str_("TP53"), "TP53"),
        (b"TP53", "TP53"),
        (np.bytes_(b"TP53"), "TP53"),
        (7157, "7157"),
        (np.int32(7157), "7157"),
        (7157.0, "7157"),
        (np.float32(7157), "7157"),
        (decimal.Decimal("7157.00"), "7157"),
        (7157.5, "7157.5"),
        (float("inf"), "∞"),
        (10**300, "a number of more than 200 digits"),
        (1e300, "a number of more than 200 digits"),
        (None, ""),
        (float("nan"), ""),
        (np.float64("nan"), ""),
        (decimal.Decimal("NaN"), ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        (datetime.date(2024, 3, 1), "2024-03-01"),
        (datetime.datetime(2024, 3, 1), "2024-03-01"),
        (np.datetime64("2024-03-01"), "2024-03-01"),
    ],
)
def test_item_as_text(item: object, text: str) -> None:
    assert texts_of([item]) == [text]


@pytest.mark.parametrize("item", [True, np.bool_(False), ["TP53"], {"a": 1}, object(), 1j])
def test_what_is_no_identifier_is_refused_with_type_and_position(item: object) -> None:
    with pytest.raises(InputError, match=rf"Item 2 is of type {type(item).__name__.rstrip('_')}"):
        texts_of(["TP53", item])


def test_one_text_is_not_a_list() -> None:
    with pytest.raises(InputError, match="One text was given"):
        texts_of("TP53")


@pytest.mark.parametrize(
    "items",
    [
        np.array([7157, 672]),
        np.array([7157.0, 672.0]),
        np.array(["7157", "672"]),
        np.array([b"7157", b"672"]),
        pd.Series([7157, 672]),
        pd.Series([7157, 672], dtype="Int64"),
        pd.Series(["7157", "672"], dtype="category"),
        pl.Series([7157, 672]),
    ],
)
def test_arrays_and_series(items: Any) -> None:
    assert texts_of(items) == ["7157", "672"]


def test_integers_with_gaps_are_not_lost() -> None:
    columns: list[Any] = [pd.Series([7157, None]), pd.Series([7157, None], dtype="Int64")]
    for column in columns:
        assert texts_of(column) == ["7157", ""]


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("\ufeffTP53", "TP53"),
        ("\u200bTP53\u00a0", "TP53"),
        ("\t TP53 \r\n", "TP53"),
        ("ＴＰ５３", "TP53"),
        ("\ufeff", ""),
        ("\u3000", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned
    assert fold(text) == cleaned.lower()


def test_flaws() -> None:
    assert flaw("TP53 α") == ""
    assert flaw("a\x00b") == "holds a control character (U+0000)"
    assert "not text" in flaw("a\udcffb")


@given(st.text(st.characters(), max_size=50))
def test_every_text_can_be_folded_hashed_and_shown(text: str) -> None:
    assert len(hashes([fold(text)])) == 1
    shown(text, 10).encode("utf-8")
    told = printable(text, 10)
    assert told.isprintable()
    assert len(told) <= 10


def test_hashes_do_not_depend_on_the_machine() -> None:
    # BLAKE2b with 8 bytes of the empty text, as b2sum -l 64 prints it; read with the lowest byte first.
    assert hashes([""]).tolist() == [int.from_bytes(bytes.fromhex("e4a6a0577479b2b4"), "little")]
