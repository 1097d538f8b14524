"""Dated facts from lists of resources: who has which status, since when, and who says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lifenode.registry.tables import Row

RETRIEVED = "2026-09-17"
_SOURCE = "elixir-europe.org, as transcribed in gavinf97/ECD (CC BY 4.0)"
_LISTS = (
    ("cdr", "core-data-resource", ""),
    ("edd", "deposition-database", ""),
    ("rir", "recommended-interoperability-resource", ""),
    ("estonia_sdp_services_2026", "service-delivery-plan", "ELIXIR Estonia"),
)


def resource_tables(raw: Mapping[str, Any]) -> dict[str, list[Row]]:
    """Return the tables of resources and of facts.

    Parameters
    ----------
    raw
        Lists of names or of name, url and, where the year is inferred, ``batch_inferred``.
    """
    resources: dict[str, dict[str, str]] = {}
    facts: list[Row] = []
    for key, status, node in _LISTS:
        for entry in raw[key]:
            given = entry if isinstance(entry, dict) else {"name": entry}
            name = given["name"].partition(" (DSW)")[0]
            identifier = slug(name)
            row = resources.setdefault(
                identifier, {"resource": identifier, "name": name, "url": "", "other_urls": "", "node": ""}
            )
            _add_url(row, given.get("url", ""))
            row["node"] = row["node"] or node
            facts.append(_fact(identifier, status, given.get("batch_inferred", "")))
    return {
        "resources.tsv": sorted(resources.values(), key=lambda row: row["resource"]),
        "facts.tsv": sorted(facts, key=lambda row: (row["status"], row["resource"])),
    }


def slug(name: str) -> str:
    """Return the identifier of a resource: lower-case letters and digits joined by hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")


def _add_url(row: dict[str, str], url: str) -> None:
    def same(address: str) -> str:
        return address.partition("://")[2].rstrip("/")

    if not url:
        return
    if not row["url"]:
        row["url"] = url
    elif same(url) not in map(same, (row["url"], *row["other_urls"].split())):
        row["other_urls"] = f"{row['other_urls']} {url}".strip()


def _fact(identifier: str, status: str, batch: str) -> Row:
    earliest, latest = _since(batch)
    return {
        "fact": f"{status}/{identifier}",
        "resource": identifier,
        "status": status,
        "from_earliest": earliest,
        "from_latest": latest,
        "to": "",
        "source": _SOURCE,
        "retrieved": RETRIEVED,
        "inferred": "yes" if batch else "no",
        "note": f"year of selection inferred: {batch}" if batch else "listed when retrieved; since when is not stated",
    }


def _since(batch: str) -> tuple[str, str]:
    """Return the first and the last day on which a status may have begun; "" for no earliest day."""
    years = [int(year) for year in re.findall(r"\d{4}", batch)]
    if not batch:
        return "", RETRIEVED
    if batch.startswith("after"):
        return f"{years[0] + 1}-01-01", RETRIEVED
    if batch.startswith("<="):
        return "", f"{years[0]}-12-31"
    if batch.startswith("<"):
        return "", f"{years[0] - 1}-12-31"
    span = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", batch)
    if span is None:
        raise ValueError(f"the year {batch!r} cannot be read")
    last = span[1][:2] + span[2] if span[2] else span[1]
    return f"{span[1]}-01-01", f"{last}-12-31"
