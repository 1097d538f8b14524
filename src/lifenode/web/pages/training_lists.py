"""Providers and nodes of the training portal: who lists what, and what the last harvests of a provider said."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownName
from lifenode.training.models import StoredHarvest
from lifenode.training.portal import Portal
from lifenode.training.search_facets import folded
from lifenode.training.search_question import Question
from lifenode.web.pages.frame import render
from lifenode.web.pages.training_portal import address, at_work, card, search_path

_SHOWN = 10


def install(app: FastAPI) -> None:
    """Add the routes."""
    add = app.add_route
    add("/training/providers", _providers, methods=["GET"], include_in_schema=False)
    add("/training/providers/{id}", _provider, methods=["GET"], include_in_schema=False)
    add("/training/nodes", _nodes, methods=["GET"], include_in_schema=False)
    add("/training/nodes/{name}", _node, methods=["GET"], include_in_schema=False)


async def _providers(request: Request) -> Response:
    rows = [
        {
            "name": {"text": known.title, "href": f"/training/providers/{known.id}"},
            "events": known.events,
            "materials": known.materials,
            "site": {"text": known.url, "href": known.url} if known.url.startswith("http") else "",
        }
        for known in await at_work(request, lambda portal: portal.providers())
    ]
    return render(request, "training_list.html", title="Providers", rows=rows, site=True)


async def _provider(request: Request) -> Response:
    given = request.path_params["id"]
    view = await at_work(request, _provider_view, given)
    return render(request, "training_group.html", **view)


def _provider_view(portal: Portal, given: str) -> dict[str, Any]:
    known = next((one for one in portal.providers() if str(one.id) == given), None)
    if known is None:
        raise UnknownName(
            f"There is no provider {given[:40]!r}.", value=given, next_step="All are listed at /training/providers."
        )
    harvests = [_harvest(held) for held in portal.last_harvests(known.id)]
    since = [("Site", known.url, known.url if known.url.startswith("http") else "")]
    since.append(("In the portal since", f"{known.created_at:%Y-%m-%d}", ""))
    return {
        "title": known.title,
        "facts": since,
        "harvests": harvests,
        **_groups(portal, "content_provider", known.title),
    }


def _harvest(held: StoredHarvest) -> dict[str, Any]:
    pages = held.report.get("pages", [])
    missing = sorted({name for page in pages for grade in page["grades"] for name in grade["missing"]})
    letters = [grade["letter"] for page in pages for grade in page["grades"]]
    return {
        "when": f"{held.finished_at:%Y-%m-%d %H:%M} UTC",
        # Where a file lies on the machine is no business of a visitor.
        "source": _place(held.source),
        "counts": [(number, name.replace("_", " ")) for name, number in held.counts.items()],
        "grades": [(letter, letters.count(letter)) for letter in "ABCD" if letter in letters],
        "missing": missing,
        "rejected": [
            (it["title"] or it["url"] or "(no title)", "; ".join(it["reasons"]))
            for it in held.report.get("rejected", [])
        ][:_SHOWN],
        "failed": [(_place(page["url"]), page["error"]) for page in pages if page["error"]][:_SHOWN],
        "silent": [(_place(page["url"]), page["notes"][0]) for page in pages if _is_silent(page)][:_SHOWN],
    }


def _place(source: str) -> str:
    return source if source.startswith(("http://", "https://")) else "a file"


def _is_silent(page: dict[str, Any]) -> bool:
    return not page["found"] and bool(page["notes"])


async def _nodes(request: Request) -> Response:
    rows = await at_work(request, _node_rows)
    return render(request, "training_list.html", title="Nodes", rows=rows, site=False)


def _node_rows(portal: Portal) -> list[dict[str, Any]]:
    counts: dict[str, dict[str, Any]] = {}
    for kind in ("event", "material"):
        asked = Question(kind=kind, include_expired=True, include_archived=True)
        for value in portal.search(asked).facets["node"]:
            row = counts.setdefault(folded(value.value), {"name": value.value, "event": 0, "material": 0})
            row[kind] = value.count
    return [
        {
            "name": {"text": f"ELIXIR {row['name']}", "href": f"/training/nodes/{row['name']}"},
            "events": row["event"],
            "materials": row["material"],
        }
        for row in sorted(counts.values(), key=lambda row: folded(row["name"]))
    ]


async def _node(request: Request) -> Response:
    view = await at_work(request, _node_view, request.path_params["name"])
    return render(request, "training_group.html", **view)


def _node_view(portal: Portal, given: str) -> dict[str, Any]:
    names = {folded(row["name"]["text"]): row["name"]["text"] for row in _node_rows(portal)}
    title = names.get(folded(f"ELIXIR {given}"))
    if title is None:
        raise UnknownName(
            f"No record names the node {given[:60]!r}.", value=given, next_step="All are listed at /training/nodes."
        )
    return {"title": title, "facts": [], "harvests": [], **_groups(portal, "node", title.removeprefix("ELIXIR "))}


def _groups(portal: Portal, facet: str, value: str) -> dict[str, Any]:
    """Return the next events and the newest materials with a value of a facet."""
    groups = []
    for kind, heading in (("event", "Next events"), ("material", "Newest materials")):
        asked = Question(kind=kind, facets={facet: (value,)})
        found = portal.search(asked, most_values=0)
        every = replace(asked, include_expired=kind == "event", include_archived=kind == "material")
        groups.append(
            {
                "heading": heading,
                "cards": [card(listed) for listed in portal.records(found.shown)],
                "total": found.total,
                "href": address(search_path(kind), asked),
                "all": portal.search(every, most_values=0).total,
                "all_href": address(search_path(kind), every),
            }
        )
    return {"groups": groups}
