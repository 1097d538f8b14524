"""One resource: its statuses, entries elsewhere, papers and uptime, with Bioschemas mark-up."""

from __future__ import annotations

import datetime
import json
from math import isnan
from typing import Any

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownName
from lifenode.registry.build_facts import slug
from lifenode.registry.entries import About, about
from lifenode.registry.facts import Fact, resource, shipped_facts
from lifenode.registry.markup import data_catalog, status_sentence
from lifenode.registry.uptime_days import days, read_states
from lifenode.registry.uptime_monitor import WINDOWS, uptime
from lifenode.settings import settings
from lifenode.table import Table
from lifenode.web.api.answers import answer_with, respond
from lifenode.web.pages.at_hand import split_format
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.frame import render
from lifenode.web.pages.registry import STATUS_NAMES, node_facts
from lifenode.web.pages.registry_plot import Hour, strip

STRIP_DAYS = 90


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/resources/{name}", _page, methods=["GET"], include_in_schema=False)


async def _page(request: Request) -> Response:
    name, ending = split_format(request.path_params["name"])
    try:
        table = resource(name, facts=node_facts())
    except UnknownName as error:
        if ending:
            raise
        return not_found(request, error, _near(error), name)
    if ending:
        return respond(request, answer_with(table, ending, {}), ending, {})
    known = about(name)
    facts = [fact for fact in (*shipped_facts(), *node_facts()) if fact.resource == slug(name)]
    return render(
        request,
        "resource.html",
        known=known,
        said=status_sentence(known.name, facts),
        rows=[_row(row) for row in table.to_dicts()],
        sources=table.meta["sources"],
        uptime=uptime_of(slug(name)),
        markup=json_ld(known, facts, str(request.url.replace(query=""))),
        twins=[(one.upper(), f"/resources/{slug(name)}.{one}") for one in ("tsv", "csv", "json")],
    )


def json_ld(known: About, facts: list[Fact], page: str) -> Markup:
    """Return the mark-up as it stands in a script element; nothing in it can end the element."""
    text = json.dumps(data_catalog(known, facts, page), ensure_ascii=False, indent=1)
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - JSON without the one sign that could leave it


def uptime_of(name: str) -> dict[str, Any] | None:
    """Return what the monitor knows of a resource, or None where it never checked it."""
    folder = settings().uptime_dir
    if name not in read_states(folder):
        return None
    now = datetime.datetime.now(datetime.UTC)
    end = max(now, datetime.datetime.fromisoformat(read_states(folder)[name]["last"])) if name else now
    tables: dict[int, Table] = {window: uptime(folder, window, to=end, names=[name]) for window in WINDOWS}
    windows = [(window, _written(table.to_dicts()[0])) for window, table in tables.items()]
    cells = hours(name)
    return {"windows": windows, "state": windows[0][1], "strip": cells, "width": 8 * STRIP_DAYS}


def _written(row: dict[str, Any]) -> dict[str, Any]:
    forms = {
        "uptime": "{:.2%}",
        "coverage": "{:.2%}",
        "p50_milliseconds": "{:,.0f} ms",
        "p95_milliseconds": "{:,.0f} ms",
    }
    return row | {name: "-" if isnan(row[name]) else form.format(row[name]) for name, form in forms.items()}


def hours(name: str, last: datetime.date | None = None) -> list[Hour]:
    """Return the hours of the last days, a cell each."""
    last = last or datetime.datetime.now(datetime.UTC).date()
    first = last - datetime.timedelta(days=STRIP_DAYS - 1)
    recorded = dict(days(settings().uptime_dir, first, last))
    shown = []
    for offset in range(STRIP_DAYS):
        day = first + datetime.timedelta(days=offset)
        entry = recorded.get(day, {}).get(name, {})
        shown.append((day.isoformat(), entry.get("reasons"), entry.get("hours", "-" * 24)))
    return strip(shown)


def _near(error: UnknownName) -> list[tuple[str, str, str]]:
    """Return address, identifier and name of what the error offers."""
    offered = error.next_step.removeprefix("Did you mean ").rstrip("?").split(" or ")
    if not error.next_step.startswith("Did you mean"):
        return []
    return [(f"/resources/{slug(name)}", slug(name), name) for name in offered]


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "status": STATUS_NAMES[row["status"]],
        "since": row["since"],
        "to": row["to"],
        "inferred": "inferred" if row["inferred"] else "stated",
        "note": row["note"],
        "source": row["source"],
        "retrieved": row["retrieved"],
    }
