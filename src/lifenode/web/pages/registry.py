"""The resources with a status on a day, as a page and as a table to download."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

import lifenode
from lifenode.errors import LifenodeError
from lifenode.registry.facts import STATUSES, Fact, resources, shipped_facts
from lifenode.registry.history import counts_by_year
from lifenode.registry.rounds import Rounds
from lifenode.settings import settings
from lifenode.table import Table
from lifenode.web.api.answers import answer_with, respond
from lifenode.web.api.representations import format_of
from lifenode.web.pages.forms import Form, read_form
from lifenode.web.pages.frame import render
from lifenode.web.pages.questions import Mistake
from lifenode.web.pages.registry_plot import Bars, bars

STATUS_NAMES = {
    "core-data-resource": "Core Data Resource",
    "deposition-database": "Deposition Database",
    "recommended-interoperability-resource": "Recommended Interoperability Resource",
    "service-delivery-plan": "Service of a node's delivery plan",
    "node-service": "Service that a node runs",
    "community-database": "Community Database",
    "global-core-biodata-resource": "Global Core Biodata Resource",
}
"""How each status is called on pages."""

_FIRST_YEAR = 2019
_COLUMNS = (
    ("name", "Resource", "text"), ("status", "Status", "text"), ("since", "Since", "text nowrap"),
    ("inferred", "Date", "text"), ("certain", "Held", "text"), ("node", "Node", "text"),
    ("url", "Address", "text small"),
)  # fmt: skip
_IDLE = {"node": "", "certain": "yes"}  # what a column says in every row when it tells nothing


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/resources", _page, methods=["GET"], include_in_schema=False)
    app.add_route("/resources.{format}", _twin, methods=["GET"], include_in_schema=False)


def node_facts() -> list[Fact]:
    """Return the facts that the node's own selection rounds add."""
    return Rounds(settings().rounds_log).facts()


def found(form: Form) -> Table:
    """Return the facts that a form asks for.

    Raises
    ------
    InvalidOption
        The day is no date.
    UnknownName
        There is no such status.
    """
    table = resources(
        form.text("status") or None, form.text("at") or None, facts=node_facts(), uncertain=form.flag("uncertain")
    )
    node = form.text("node")
    return table.filter(table["node"] == node) if node else table


async def _twin(request: Request) -> Response:
    format_ = format_of(request)
    form = await read_form(request)
    response = respond(request, answer_with(found(form), format_, {}), format_, {})
    if format_ in ("tsv", "csv", "parquet"):
        response.headers["Content-Disposition"] = f'attachment; filename="resources.{format_}"'
    return response


async def _page(request: Request) -> Response:
    form = await read_form(request)
    errors: list[Mistake] = []
    table = None
    try:
        table = found(form)
    except LifenodeError as error:
        errors = [Mistake("at" if "date" in error.detail else "status", error.detail, error.next_step)]
    return render(
        request,
        "resources.html",
        status=422 if errors else 200,
        form=form,
        errors=errors,
        choices=choices(form, table),
        answer=view(form, table) if table is not None else None,
        recipes=_recipes(form, str(request.base_url).rstrip("/")),
        twins=[(name.upper(), form.address(f"/resources.{name}")) for name in ("tsv", "csv", "json")],
    )


def choices(form: Form, table: Table | None) -> dict[str, Any]:
    """Return what the form offers: statuses and nodes with the number of resources on the day."""
    day = table.meta["at"] if table is not None else None
    everything = resources(None, day, facts=node_facts(), uncertain=True)
    counts = everything.meta["counts"]
    shown = [(name, f"{STATUS_NAMES[name]} ({counts[name]['count']})") for name in STATUSES if name in counts]
    nodes = sorted({str(node) for node in everything["node"] if node})
    return {
        "statuses": [("", "All"), *shown],
        "nodes": [("", "All"), *((node, node) for node in nodes)],
        "day": day or datetime.date.today().isoformat(),
    }


def view(form: Form, table: Table) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    meta = table.meta
    counts = [
        (entry["count"], STATUS_NAMES[name] + ("" if entry["count"] == 1 else _plural(name)))
        for name, entry in meta["counts"].items()
    ]
    inferred = sum(entry["inferred"] for entry in meta["counts"].values())
    uncertain = sum(len(entry["uncertain"]) for entry in meta["counts"].values())
    shown = [_row(row) for row in table.to_dicts()]
    idle = {"status"} if form.text("status") else set()
    idle |= {name for name, none in _IDLE.items() if all(row[name] == none for row in shown)}
    return {
        "day": meta["at"],
        "counts": counts,
        "inferred": inferred,
        "uncertain": uncertain,
        "stale": meta["known_until"] if meta["known_until"] and meta["at"] > meta["known_until"] else "",
        "rows": shown,
        "columns": [{"key": key, "label": label, "kind": kind} for key, label, kind in _COLUMNS if key not in idle],
        "plot": _plot(form.text("status"), meta["at"]),
        "facts": [
            ("Day", meta["at"]),
            ("Rule", "a resource counts on a day if one of its dated facts holds on it for certain"),
            *((one["name"], f"{one['attribution']}; {one['licence']}") for one in meta["sources"]),
            ("Sources read", meta["known_until"]),
            ("Software", f"lifenode {lifenode.__version__}"),
        ],
    }


def _plural(name: str) -> str:
    return "" if name in ("service-delivery-plan", "node-service") else "s"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "_row": {} if row["certain"] else {"class": "again"},
        "name": {"text": row["name"], "href": f"/resources/{row['resource']}"},
        "status": STATUS_NAMES[row["status"]],
        "since": row["since"] + (f" to {row['to']}" if row["to"] else ""),
        "inferred": {"text": "inferred", "title": row["note"]} if row["inferred"] else "stated",
        "certain": "yes" if row["certain"] else "may have",
        "node": row["node"],
        "url": {"text": row["url"], "href": row["url"]} if row["url"] else "",
    }


def _plot(status: str, day: str) -> Bars | None:
    """Return the counts at the ends of years, of a status whose beginnings are known by year."""
    name = status or "core-data-resource"
    facts: Sequence[Fact] = [*shipped_facts(), *node_facts()]
    today = datetime.date.today().isoformat()
    years = counts_by_year(facts, name, _FIRST_YEAR, max(today, min(day, "2100-12-31")))
    if not any(one.certain for one in years):
        return None
    return bars([(str(one.year), one.certain, one.uncertain) for one in years], f"{STATUS_NAMES[name]}s by year")


def _recipes(form: Form, base: str) -> list[dict[str, str]]:
    status, day = form.text("status"), form.text("at")
    options = "".join(f" --{name} {value}" for name, value in (("status", status), ("at", day)) if value)
    arguments = ", ".join(repr(value) for value in (status or None, day or None))
    return [
        {"language": "Python", "text": f"from lifenode.registry import resources\n\nresources({arguments})"},
        {"language": "Shell", "text": f"lifenode resources list{options}"},
        {"language": "curl", "text": f"curl -s '{base}{form.address('/resources.tsv')}'"},
    ]
