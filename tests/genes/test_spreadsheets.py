from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.genes.spreadsheets import date_readings, date_warning, families, number_warning


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("1-Mar", [(3, 1)]),
        ("01-Mar", [(3, 1)]),
        ("1-mar-01", [(3, 1)]),
        ("1. Mrz", [(3, 1)]),
        ("2-Sept", [(9, 2)]),
        ("2/Sep", [(9, 2)]),
        ("Mar-01", [(3, 1)]),
        ("Sep-02", [(9, 2)]),
        ("Sep-2002", [(9, 2)]),
        ("1-Dez", [(12, 1)]),
        ("2001-03-01", [(3, 1)]),
        ("2002-09-01", [(9, 1), (9, 2)]),
        ("2024-03-01", [(3, 1), (3, 24)]),
        ("2024-03-01 00:00:00", [(3, 1), (3, 24)]),
        ("2024-09-07T00:00:00", [(9, 7)]),
        ("01.03.2024", [(3, 1)]),
        ("3/9/2024", [(3, 9), (9, 3)]),
        ("13/9/24", [(9, 13)]),
    ],
)
def test_dates(text: str, readings: list[tuple[int, int]]) -> None:
    assert date_readings(text) == readings


@pytest.mark.parametrize(
    "text",
    ["MARCH1", "SEPT2", "TP53", "1-Foo", "H2-K1", "2024-13-01", "2024-03-45", "99.99.2024", "1.2.3", "13/13/2024"],
)
def test_not_dates(text: str) -> None:
    assert date_readings(text) is None


def test_families() -> None:
    assert families(3, 1) == [["MARCHF1", "MARCH1"], ["MTARC1", "MARC1"]]
    assert families(9, 2) == [["SEPTIN2", "SEPT2", "SEP2"]]
    assert families(1, 1) == []


def test_date_warning() -> None:
    assert (
        date_warning(["MARCHF1", "MTARC1"]) == "looks like a date made by a spreadsheet: MARCHF1 or MTARC1? "
        "Restore the column as text and try again."
    )
    assert date_warning([]) == "looks like a date made by a spreadsheet. Restore the column as text and try again."


@pytest.mark.parametrize(
    ("text", "words", "meant"),
    [
        ("2.31E+13", "scientific notation", []),
        ("2,31E+13", "scientific notation", []),
        ("1E+05", "scientific notation", []),
        ("7157.0", "whole number written as a decimal", ["7157"]),
        ("7157,00", "whole number written as a decimal", ["7157"]),
        ("0.05", "a number, not an identifier", []),
        ("-2.5", "a number, not an identifier", []),
        ("-7", "a number, not an identifier", []),
        ("#REF!", "error value", []),
        ("#NAME?", "error value", []),
    ],
)
def test_numbers(text: str, words: str, meant: list[str]) -> None:
    reason, suggestions = number_warning(text)
    assert words in reason
    assert suggestions == meant


@pytest.mark.parametrize("text", ["2310009E13Rik", "2310009E13", "7157", "TP53", "4.1R"])
def test_not_numbers(text: str) -> None:
    assert number_warning(text) == ("", [])


@given(st.text(min_size=1, max_size=60))
def test_any_text_is_read(text: str) -> None:
    date_readings(text)
    number_warning(text)


@pytest.mark.parametrize("text", ["1" * 200, "1." * 100, "-" * 200, "1-" * 100, "," * 200, "0" * 199 + "E"])
def test_no_text_takes_long(text: str) -> None:
    begin = time.perf_counter()
    date_readings(text)
    number_warning(text)
    assert time.perf_counter() - begin < 0.05
