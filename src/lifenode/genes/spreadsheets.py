"""Symbols that a spreadsheet turned into dates or numbers.

A gene list that went through a spreadsheet may hold ``1-Mar`` for MARCH1 or MARC1, ``2-Sep`` for SEPT2, and
``2.31E+13`` for the RIKEN clone 2310009E13 [1]_. The original cannot be known for sure, so nothing is chosen.

References
----------
.. [1] Ziemann M, Eren Y, El-Osta A. Genome Biology 2016;17:177. doi:10.1186/s13059-016-1044-7
"""

from __future__ import annotations

import re

# Abbreviations and names as spreadsheets of several languages write them.
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan january januar janv janvier ene enero",
            "feb february februar févr fevr février feb. febrero",
            "mar march mär mrz märz mars marzo mrt maart",
            "apr april avr avril abr abril",
            "may mai mayo mei",
            "jun june juni juin junio",
            "jul july juli juil juillet julio",
            "aug august août aout ago agosto",
            "sep sept september septembre septiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember déc décembre dic diciembre",
        ),
        start=1,
    )
    for name in names.split()
}

# Per month the families of symbols that become dates; within a family, newer spelling first.
_FAMILIES: dict[int, tuple[tuple[str, ...], ...]] = {
    2: (("FEB{}",),),
    3: (("MARCHF{}", "MARCH{}"), ("MTARC{}", "MARC{}")),
    4: (("APR{}",),),
    9: (("SEPTIN{}", "SEPT{}", "SEP{}"),),
    10: (("OCT{}",),),
    11: (("NOV{}",),),
    12: (("DELEC{}", "DEC{}"),),
}

_DAY_MONTH = re.compile(r"(\d{1,2})[-/. ]\s?([^\W\d_]{3,10})\.?(?:[-/. ]\d{2}(?:\d{2})?)?")
_MONTH_NUMBER = re.compile(r"([^\W\d_]{3,10})\.?[-/. ](\d{4}|\d{1,2})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T]00:00(?::00)?)?")
_DAY_FIRST = re.compile(r"(\d{1,2})\.(\d{1,2})\.(?:\d{4}|\d{2})")
_SLASHES = re.compile(r"(\d{1,2})/(\d{1,2})/(?:\d{4}|\d{2})")
_LONGEST = 24

_SCIENTIFIC = re.compile(r"-?\d+(?:[.,]\d+)?E[+-]\d+|-?\d+[.,]\d+E\d+", re.IGNORECASE)
_WHOLE_DECIMAL = re.compile(r"(\d+)[.,]0+")
_DECIMAL = re.compile(r"[-+]?\d*[.,]\d+|[-+]\d+")
_ERROR_VALUE = re.compile(r"#(?:REF|NAME|VALUE|DIV/0|NULL|NUM)[!?]", re.IGNORECASE)


def date_readings(text: str) -> list[tuple[int, int]] | None:
    """Return what a date may stand for, as (month, number) pairs, or None where `text` is not a date.

    The number is the day (``1-Mar`` is MARCH1); a first of a month may also carry it in the year, since ``Sep-02``
    is read as the first of September 2002.
    """
    if len(text) > _LONGEST or not (text[0].isdigit() or text[-1].isdigit()):
        return None
    if found := _DAY_MONTH.fullmatch(text):
        return _named(found[2], int(found[1]))
    if found := _MONTH_NUMBER.fullmatch(text):
        return _named(found[1], int(found[2]) % 100)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
        numbers = dict.fromkeys([day, year % 100] if day == 1 else [day])
        return _dated([(month, number) for number in numbers], month, day)
    if found := _DAY_FIRST.fullmatch(text):
        day, month = int(found[1]), int(found[2])
        return _dated([(month, day)], month, day)
    if found := _SLASHES.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        month_first = _dated([(first, second)], first, second) or []
        day_first = _dated([(second, first)], second, first) or []
        return list(dict.fromkeys(month_first + day_first)) or None
    return None


def _named(month: str, number: int) -> list[tuple[int, int]] | None:
    known = _MONTHS.get(month.casefold())
    return None if known is None else [(known, number)]


def _dated(readings: list[tuple[int, int]], month: int, day: int) -> list[tuple[int, int]] | None:
    return readings if 1 <= month <= 12 and 1 <= day <= 31 else None


def families(month: int, number: int) -> list[list[str]]:
    """Return the symbols that would have become the date, one list a family, the newest spelling first."""
    return [[spelling.format(number) for spelling in family] for family in _FAMILIES.get(month, ())]


def date_warning(symbols: list[str]) -> str:
    """Say that an identifier looks like a date, and which symbols it may have been."""
    question = f": {' or '.join(symbols)}?" if symbols else "."
    return f"looks like a date made by a spreadsheet{question} Restore the column as text and try again."


def number_warning(text: str) -> tuple[str, list[str]]:
    """Return why a number or error value is no identifier, and what it may have been; two blanks where it is neither.

    Examples
    --------
    >>> number_warning("7157.0")[1]
    ['7157']
    >>> number_warning("TP53")
    ('', [])
    """
    if text[0].isalpha():
        return "", []
    if _SCIENTIFIC.fullmatch(text):
        return (
            "a number in scientific notation made by a spreadsheet (RIKEN clones such as 2310009E13 become these). "
            "Restore the column as text and try again.",
            [],
        )
    if found := _WHOLE_DECIMAL.fullmatch(text):
        return "a whole number written as a decimal", [found[1]]
    if _DECIMAL.fullmatch(text):
        return "a number, not an identifier; is this the right column?", []
    if _ERROR_VALUE.fullmatch(text):
        return "an error value of a spreadsheet", []
    return "", []
