"""What began and ended among the statuses, as a page and as an Atom feed; and the uptime of all."""

from __future__ import annotations

import datetime
from math import isnan
from typing import Any
from xml.etree import ElementTree

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.registry.entries import about
from lifenode.registry.facts import shipped_facts
from lifenode.registry.history import Change, history
from lifenode.registry.uptime_monitor import uptime
from lifenode.settings import settings
from lifenode.web.api.answers import answer_with, respond
from lifenode.web.api.representations import format_of
from lifenode.web.pages.frame import render
from lifenode.web.pages.registry import STATUS_NAMES, node_facts

_ATOM = "http://www.w3.org/2005/Atom"
_SHOWN = 200
_WINDOWS = (1, 7, 30, 90, 365)


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/resources/changes", _changes, methods=["GET"], include_in_schema=False)
    app.add_route("/resources/changes.atom", _feed, methods=["GET"], include_in_schema=False)
    app.add_route("/resources/status", _status, methods=["GET"], include_in_schema=False)
    app.add_route("/resources/status.{format}", _status_twin, methods=["GET"], include_in_schema=False)


def changes() -> list[dict[str, Any]]:
    """Return the latest changes as the template and the feed show them."""
    found = history((*shipped_facts(), *node_facts()))[:_SHOWN]
    return [_shown(change) for change in found]


def _shown(change: Change) -> dict[str, Any]:
    fact = change.fact
    verb = "became a" if change.begins else "is no longer a"
    when = f", {fact.since}" if change.begins and fact.inferred else ""
    return {
        "day": change.day,
        "name": about(fact.resource).name,
        "href": f"/resources/{fact.resource}",
        "title": f"{about(fact.resource).name} {verb} {STATUS_NAMES[fact.status]}{when}",
        "source": fact.source,
        "id": f"{fact.fact}/{change.day}",
    }


async def _changes(request: Request) -> Response:
    return render(request, "resource_changes.html", changes=changes())


async def _feed(request: Request) -> Response:
    base = str(request.base_url).rstrip("/")
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    entries = changes()
    updated = max((entry["day"] for entry in entries), default="2026-01-01")
    for name, text in (
        ("id", f"{base}/resources/changes"), ("title", "Statuses of resources"), ("updated", f"{updated}T00:00:00Z"),
    ):  # fmt: skip
        ElementTree.SubElement(feed, name).text = text
    ElementTree.SubElement(feed, "link", rel="self", href=f"{base}/resources/changes.atom")
    ElementTree.SubElement(ElementTree.SubElement(feed, "author"), "name").text = "lifenode"
    for entry in entries:
        item = ElementTree.SubElement(feed, "entry")
        ElementTree.SubElement(item, "id").text = f"{base}/resources/changes#{entry['id']}"
        ElementTree.SubElement(item, "title").text = entry["title"]
        ElementTree.SubElement(item, "updated").text = f"{entry['day']}T00:00:00Z"
        ElementTree.SubElement(item, "link", href=base + entry["href"])
        ElementTree.SubElement(item, "summary").text = f"Source: {entry['source']}"
    content = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(content, media_type="application/atom+xml", headers={"Cache-Control": "no-cache"})


def _window(request: Request) -> int:
    text = request.query_params.get("days", "30")
    return int(text) if text.isdecimal() and len(text) < 5 and int(text) else 30


async def _status(request: Request) -> Response:
    window = _window(request)
    table = uptime(settings().uptime_dir, window)
    rows = table.to_dicts()
    latest = max((row["last"] for row in rows), default="")
    stale = bool(latest) and datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(
        latest
    ) > datetime.timedelta(hours=3)
    return render(
        request,
        "resource_status.html",
        rows=[_cells(row) for row in rows],
        meta=table.meta,
        window=window,
        windows=_WINDOWS,
        latest=latest,
        stale=stale,
    )


async def _status_twin(request: Request) -> Response:
    format_ = format_of(request)
    return respond(request, answer_with(uptime(settings().uptime_dir, _window(request)), format_, {}), format_, {})


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "resource": {"text": about(row["resource"]).name, "href": f"/resources/{row['resource']}"},
        "state": {"text": row["state"], "class": f"state-{row['state']}"},
        "uptime": _number(row["uptime"], "{:.2%}"),
        "coverage": _number(row["coverage"], "{:.2%}"),
        "p50": _number(row["p50_milliseconds"], "{:,.0f} ms"),
        "p95": _number(row["p95_milliseconds"], "{:,.0f} ms"),
        "target": row["target"],
        "since": row["since"],
        "reason": row["reason"] + (" (address to be looked at)" if row["review"] else ""),
    }


def _number(value: float, form: str) -> dict[str, Any]:
    return {"text": "-", "sort": -1} if isnan(value) else {"text": form.format(value), "sort": value}
