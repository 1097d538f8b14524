"""A page of our own, and changes to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lifenode.registry.fair import assess
from lifenode.registry.graph import read_page
from lifenode.registry.statements import Page

EXAMPLE = Path(__file__).parents[2] / "examples" / "dataset_page.html"
URL = "https://data.example.org/blood-100"


def example(without: str = "", status: int | None = None) -> Page:
    """Return the example page, without the lines that hold a text."""
    lines = EXAMPLE.read_text(encoding="utf-8").split("\n")
    kept = [line for line in lines if not without or without not in line]
    assert not without or len(kept) < len(lines)
    return read_page("\n".join(kept).encode(), URL, status=status)


def outcomes(page: Page) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Return outcome and points of every test of an assessment."""
    return {(row["test"], row["name"]): (row["outcome"], str(row["points"])) for row in assess(page) if row["scheme"]}


def changed(before: Page, after: Page) -> set[str]:
    """Return the tests that differ."""
    one, other = outcomes(before), outcomes(after)
    return {key[0] for key in {*one, *other} if one.get(key) != other.get(key)}
