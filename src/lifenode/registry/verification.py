"""Check of the registry itself: checksums, dates, sources, overlaps, and the counts that were published."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from lifenode.errors import PackError
from lifenode.registry.facts import Fact, resources, shipped_facts
from lifenode.registry.tables import FOLDER, manifest, table
from lifenode.table import Column, Table

PUBLISHED = (
    ("core-data-resource", "2023-12-31", 32), ("deposition-database", "2023-12-31", 16),
    ("core-data-resource", "2026-09-17", 39), ("deposition-database", "2026-09-17", 18),
    ("recommended-interoperability-resource", "2026-09-17", 21),
)  # fmt: skip
"""How many resources had a status on a day, as published."""

_COLUMNS = (
    Column("check", "text", "what was checked"),
    Column("outcome", "text", "pass or fail"),
    Column("found", "text", "what was found"),
)


def verify(*, facts: Iterable[Fact] = (), folder: Path = FOLDER) -> Table:
    """Check the tables of the registry.

    Parameters
    ----------
    facts
        Facts besides those that are shipped.
    folder
        Folder of the shipped tables.

    Returns
    -------
    Table
        A row for each check; ``meta["failed"]`` counts those that failed.
    """
    rows: list[tuple[str, str, str]] = []

    def note(check: str, good: bool, found: str) -> None:
        rows.append((check, "pass" if good else "fail", found))

    for name in manifest(folder)["files"]:
        try:
            note(f"{name} is the file of the manifest", True, f"{len(table(name, folder))} rows")
        except PackError as error:
            note(f"{name} is the file of the manifest", False, error.detail)
    if not any(outcome == "fail" for _, outcome, _ in rows):
        more = list(facts)
        for check, bad in _problems([*shipped_facts(folder), *more], folder):
            note(check, not bad, ", ".join(bad) or "all")
        for status, day, published in PUBLISHED:
            count = resources(status, day, folder=folder).meta["counts"].get(status, {}).get("count", 0)
            note(f"{status} on {day}: {published} were published", count == published, str(count))
    data = {column.name: [row[i] for row in rows] for i, column in enumerate(_COLUMNS)}
    return Table(_COLUMNS, data, {"failed": sum(row[1] == "fail" for row in rows)}, len(rows))


def _problems(facts: list[Fact], folder: Path) -> list[tuple[str, list[str]]]:
    known = {row["resource"] for row in table("resources.tsv", folder)}
    seen: dict[str, list[Fact]] = {}
    for fact in facts:
        seen.setdefault(fact.fact, []).append(fact)
    overlapping = [name for name, group in seen.items() if _overlap(group)]
    return [
        (
            "every fact has a source and a day it was read",
            [one.fact for one in facts if not (one.source and one.retrieved)],
        ),
        ("no status begins after it ends", [one.fact for one in facts if one.to and one.to < one.from_earliest]),
        ("first days do not lie behind last days", [one.fact for one in facts if one.from_earliest > one.from_latest]),
        ("no two facts state the same at the same time", overlapping),
        (
            "shipped facts are about known resources",
            [one.fact for one in shipped_facts(folder) if one.resource not in known],
        ),
    ]


def _overlap(group: list[Fact]) -> bool:
    ordered = sorted(group, key=lambda fact: fact.from_latest)
    return any(not one.to or one.to >= other.from_latest for one, other in pairwise(ordered))
