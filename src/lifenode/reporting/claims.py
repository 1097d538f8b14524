"""Check the numbers of a text against those of a report.

Each number of the text is held against the indicator whose noun follows it within a few words of the same sentence (or,
for "participants: 305", stands right before it). "More than", "over" and "at least" ask for a larger value, "about" and
"nearly" for one that rounds to it; anything else has to be exact.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from lifenode.reporting.indicators import Indicator
from lifenode.table import Column, Table

_NUMBER = re.compile(
    r"(?P<how>more than|over|at least|about|around|nearly|almost|approximately|>|~)?\s*(?<![\w.])"
    r"(?P<value>\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)\s*(?P<scale>thousand|million|billion)?\b",
    re.IGNORECASE,
)
_SCALES = {"": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_MORE, _ABOUT = ("more than", "over", "at least", ">"), ("about", "around", "nearly", "almost", "approximately", "~")
_REACH = 60

_COLUMNS = (
    Column("line", "integer", "1-based line of the text"),
    Column("claim", "text", "the number as written, with what follows"),
    Column("verdict", "text", "confirmed, contradicted, or unchecked: no indicator is about it"),
    Column("indicator", "text", "the indicator it was held against"),
    Column("value", "text", "what the indicator says"),
)


@dataclass(frozen=True)
class Claim:
    """A number of a text."""

    line: int
    text: str
    how: str
    value: Decimal
    step: Decimal
    after: str
    before: str


def find_claims(text: str) -> list[Claim]:
    """Return the numbers of a text; dates, years on their own, DOIs and addresses are none."""
    claims = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = re.sub(
            r"https?://\S+|10\.\d{4,9}/\S+|\d{4}-\d\d-\d\d|`[^`]*`|\[\^\d+\]:?", lambda m: " " * len(m[0]), line
        )
        for found in _NUMBER.finditer(bare):
            digits = re.sub(r"[^\d.]", "", found["value"])
            scale = _SCALES[(found["scale"] or "").lower()]
            if scale == 1 and re.fullmatch(r"(19|20)\d\d", found["value"]):
                continue
            after = re.split(r"(?<!\d)[.;!?](?:\s|$)", bare[found.end() : found.end() + _REACH])[0]
            before = re.split(r"[.;,!?]\s", bare[max(0, found.start() - _REACH) : found.start()])[-1]
            exponent = len(digits.partition(".")[2])
            step = Decimal(scale).scaleb(-exponent)
            shown = f"{found[0].strip()} {after.strip()}".strip()
            claims.append(
                Claim(number, shown[:80], (found["how"] or "").lower(), Decimal(digits) * scale, step, after, before)
            )
    return claims


def check_claims(text: str, indicators: Sequence[Indicator]) -> Table:
    """Hold every number of a text against the indicators.

    Returns
    -------
    Table
        One row a number: line, claim, verdict, indicator, value.
    """
    rows = []
    for claim in find_claims(text):
        about = _indicator(claim, indicators)
        if about is None:
            rows.append((claim.line, claim.text, "unchecked", "", ""))
        else:
            verdict = "confirmed" if _holds(claim, Decimal(about.value)) else "contradicted"
            rows.append((claim.line, claim.text, verdict, about.code, str(about.value)))
    data = {column.name: [row[place] for row in rows] for place, column in enumerate(_COLUMNS)}
    return Table(_COLUMNS, data, {"claims": len(rows)}, len(rows))


def _indicator(claim: Claim, indicators: Sequence[Indicator]) -> Indicator | None:
    """Return the indicator whose noun is nearest; of two at one place, the one with the longer noun."""
    after, before = claim.after.casefold(), claim.before.casefold()
    next_number = re.search(r"\d", after)
    reach = next_number.start() if next_number else len(after)
    best: tuple[int, int] | None = None
    found = None
    for indicator in indicators:
        for noun in (indicator.label, *indicator.words):
            word = re.search(rf"\b{re.escape(noun.casefold())}\b", after[:reach])
            place = word.start() if word else None
            if place is None and re.search(rf"\b{re.escape(noun.casefold())}\W{{0,4}}(?:was|were|is|are)?\s*$", before):
                place = _REACH
            if place is not None and (best is None or (place, -len(noun)) < best):
                best, found = (place, -len(noun)), indicator
    return found


def _holds(claim: Claim, value: Decimal) -> bool:
    if claim.how in _MORE:
        return value >= claim.value if claim.how == "at least" else value > claim.value
    if claim.how in _ABOUT or claim.step > 1:
        return abs(value - claim.value) <= max(claim.step / 2, claim.value / 20 if claim.how in _ABOUT else Decimal(0))
    return value == claim.value
