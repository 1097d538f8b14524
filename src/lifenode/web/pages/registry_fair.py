"""How FAIR a page is: an address, a file or pasted mark-up, each answer with what it rests on and what to mend."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan
from typing import Any

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import EmptyInput, InvalidOption, LifenodeError
from lifenode.registry.badge import badge
from lifenode.web.api.answers import Answer, answer_with, respond
from lifenode.web.api.registry import assessed
from lifenode.web.api.representations import format_of
from lifenode.web.node import node_of
from lifenode.web.pages.forms import Form, read_form
from lifenode.web.pages.frame import render
from lifenode.web.pages.questions import Mistake

_SCHEMES = {"fsf": "FsF 0.8", "fair-checker": "FAIR-Checker", "bioschemas": "Bioschemas"}


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/resources/fair", _page, methods=["GET", "POST"], include_in_schema=False)
    app.add_route("/resources/fair.{format}", _twin, methods=["GET", "POST"], include_in_schema=False)


async def _page(request: Request) -> Response:
    form = Form(())
    errors: list[Mistake] = []
    answer = None
    try:
        form = await read_form(request)
        # A link may fill in an address, but only a visitor sends this node to it: robots follow every link.
        if form.text("document") or (form.text("place") and request.method == "POST"):
            answer = await node_of(request).desk.run(view, _asked(form), large=True)
    except LifenodeError as error:
        field = "document" if form.text("document") and not form.text("place") else "place"
        errors = [Mistake(field, error.detail, error.next_step)]
    return render(
        request, "resource_fair.html", status=422 if errors else 200, form=form, errors=errors, answer=answer,
        twins=[(name.upper(), form.address(f"/resources/fair.{name}")) for name in ("tsv", "csv", "json")]
        if form.text("place") else [],
    )  # fmt: skip


async def _twin(request: Request) -> Response:
    format_ = format_of(request)
    asked = _asked(await read_form(request))
    answer = await node_of(request).desk.run(assessment_answer, asked, format_, large=True)
    return respond(request, answer, format_, {})


def assessment_answer(asked: Mapping[str, str], format_: str) -> Answer:
    """Return the assessment as a table."""
    return answer_with(assessed(asked["document"], asked["place"]), format_, {})


def _asked(form: Form) -> dict[str, str]:
    place, document = form.text("place").strip(), form.text("document")
    if not document and not place.lower().startswith(("http://", "https://")):
        raise InvalidOption(
            f"{place[:200]!r} is not an address.",
            value=place,
            next_step="Give an http or https address, or a document.",
        )
    if not document and not place:
        raise EmptyInput("Neither an address nor a document was given.", value="", next_step="Give one of them.")
    return {"place": place, "document": document}


def view(asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the assessment as the template shows it."""
    table = assessed(asked["document"], asked["place"])
    rows = table.to_dicts()
    meta = table.meta
    return {
        "page": meta["page"],
        "badge": Markup(badge(meta)),  # noqa: S704 - drawn by us from numbers
        "fsf": _fsf(meta["fsf"]),
        "fair_checker": meta["fair_checker"],
        "nodes": meta["bioschemas"]["nodes"],
        "mend": [_row(row) for row in sorted(rows, key=_urgency) if matters(row, meta["page"]["entity"])],
        "rows": [_row(row) for row in sorted(rows, key=_urgency)],
        "counts": [(sum(row["outcome"] == name for row in rows), name) for name in ("pass", "fail", "not assessable")],
    }


def _fsf(fsf: Mapping[str, Any]) -> dict[str, Any]:
    parts = [
        {
            "name": name, "earned": f"{fsf['score_earned'][name]:g}", "total": f"{fsf['score_total'][name]:g}",
            "percent": fsf["score_percent"].get(name, 0.0), "maturity": f"{fsf['maturity'][name]:g}",
        }
        for name in ("F", "A", "I", "R", "FAIR")
        if name in fsf["score_total"]
    ]  # fmt: skip
    return {"parts": parts, "open": fsf["not_assessed"]}


def matters(row: Mapping[str, Any], entity: str) -> bool:
    """Return whether a test is worth mending: it failed and earns points, or a profile asks for it."""
    if row["outcome"] != "fail":
        return False
    if row["scheme"] == "bioschemas":
        kinds = ("required", "recommended") if row["subject"] == entity else ("required",)
        return str(row["name"]).startswith(kinds)
    return bool(row["of"]) and not isnan(row["of"])


def _urgency(row: Mapping[str, Any]) -> tuple[int, float]:
    order = {"fail": 0, "not assessable": 1, "pass": 2}
    worth = row["of"] or 0.0
    return order[row["outcome"]], -(0.0 if isnan(worth) else worth)


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    known = row["of"] is not None and not isnan(row["of"])
    earned = row["points"] is not None and not isnan(row["points"])
    return {
        "test": {"text": f"{_SCHEMES[row['scheme']]} {row['test'].removeprefix('FsF-')}", "title": row["name"]},
        "outcome": {"text": row["outcome"], "class": f"outcome-{row['outcome'].split()[0]}"},
        "points": (f"{row['points']:g} of " if earned else "- of ") + f"{row['of']:g}" if known else "",
        "line": str(row["line"] or ""),
        "evidence": row["evidence"],
        "fix": row["fix"],
    }
