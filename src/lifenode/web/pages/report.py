"""The yearly reports of the node: its numbers, each with the rule and the records it was made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownName
from lifenode.reporting.posts import MONTHS, SECTIONS
from lifenode.reporting.shelf import FILES, Kept, kept_report, kept_reports, report_file
from lifenode.settings import settings
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.frame import render

_HEADLINES = (
    "usage.queries", "training.courses", "training.participants", "registry.core-data-resource", "records.publication",
)  # fmt: skip
_KINDS = {"human": "people", "machine": "programs"}
_HEIGHT = 160


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/report", _list, methods=["GET"], include_in_schema=False)
    app.add_route("/report/{year:int}", _page, methods=["GET"], include_in_schema=False)
    app.add_route("/report/{year:int}.{ending}", _file, methods=["GET"], include_in_schema=False)


async def _list(request: Request) -> Response:
    kept = await run_in_threadpool(kept_reports, settings().reports_dir)
    columns = [{"key": "year", "label": "Year", "kind": "id"}, {"key": "status", "label": "Status", "kind": "text"}]
    columns += [{"key": code, "label": label.capitalize(), "kind": "number"} for code, label in _labels(kept)]
    return render(request, "reports.html", rows=[_row(one) for one in kept], columns=columns)


def _labels(kept: list[Kept]) -> list[tuple[str, str]]:
    """Return code and label of the headline numbers that there are."""
    known = {one["code"]: one["label"] for report in kept for one in report.content["indicators"]}
    return [(code, known[code]) for code in _HEADLINES if code in known]


def _row(one: Kept) -> dict[str, Any]:
    values = {code: _number(one.value(code)) for code in _HEADLINES}
    return {"year": {"text": str(one.year), "href": f"/report/{one.year}"}, "status": one.status, **values}


async def _page(request: Request) -> Response:
    year = request.path_params["year"]
    try:
        kept = await run_in_threadpool(kept_report, settings().reports_dir, year)
    except UnknownName as error:
        return not_found(request, error, [], str(year))
    return render(request, "report.html", **view(kept))


async def _file(request: Request) -> Response:
    year, ending = request.path_params["year"], request.path_params["ending"]
    content = await run_in_threadpool(report_file, settings().reports_dir, year, ending)
    # The page stands by itself, with styles of its own, which only a download may have.
    headers = {"Content-Disposition": f'attachment; filename="report-{year}.{ending}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=FILES[ending], headers=headers)


def view(kept: Kept) -> dict[str, Any]:
    """Return a report as the template shows it."""
    content = kept.content
    places = {one["code"]: place for place, one in enumerate(content["indicators"], 1)}
    before = content.get("year_before") or {}
    sections = []
    for title, beginnings in SECTIONS:
        own = [one for one in content["indicators"] if one["code"].startswith(beginnings)]
        if own:
            sections.append({"title": title, "rows": [_indicator(one, places, before) for one in own]})
    return {
        "year": kept.year,
        "name": content.get("name") or "This node",
        "final": kept.status == "final",
        "signed": content.get("signed", ""),
        "missing": content.get("missing", []),
        "problems": content.get("problems", []),
        "fingerprint": content.get("fingerprint", "")[:16],
        "sections": sections,
        "plot": months_plot(content.get("queries_by_month") or {}, kept.year),
        "records": [(kind, rows) for kind, rows in (content.get("records") or {}).items() if rows],
        "surveys": [_survey(name, one) for name, one in (content.get("surveys") or {}).items()],
        "notes": [_note(one, places[one["code"]]) for one in content["indicators"]],
        "endings": list(FILES),
    }


def _indicator(one: Mapping[str, Any], places: Mapping[str, int], before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": one["label"],
        "value": _number(one["value"]),
        "before": _number(str(before.get(one["code"], ""))),
        "period": one["period"],
        "place": places[one["code"]],
        "notes": "; ".join(one["notes"]),
    }


def _number(text: str) -> str:
    return f"{int(text):,}" if text.isdecimal() else text


def _note(one: Mapping[str, Any], place: int) -> dict[str, Any]:
    evidence = [
        f"{each['source']} ({each['records']:,} records, SHA-256 {each['sha256'][:12]})" for each in one["evidence"]
    ]
    return {
        "place": place, "code": one["code"], "rule": one["rule"], "evidence": evidence, "rimo": one["rimo"],
        "fingerprint": one["fingerprint"],
    }  # fmt: skip


def _survey(name: str, one: Mapping[str, Any]) -> dict[str, Any]:
    questions: dict[str, list[tuple[str, Any]]] = {}
    for row in one["rows"]:
        questions.setdefault(row["text"], []).append((row["option"], row["count"]))
    return {"name": name, "rule": one["meta"].get("rule", ""), "questions": list(questions.items())}


def months_plot(months: Mapping[str, list[int]], year: int) -> dict[str, Any] | None:
    """Return the places of stacked bars, one a month; None where nothing was counted."""
    totals = [sum(values) for values in zip(*months.values(), strict=True)] if months else []
    if not any(totals):
        return None
    most = max(totals)
    bars = []
    for at, name in enumerate(MONTHS):
        base = _HEIGHT + 16.0
        for kind, values in months.items():
            high = round(_HEIGHT * values[at] / most, 1)
            base -= high
            title = f"{name} {year}, {_KINDS.get(kind, kind)}: {values[at]:,}"
            bars.append({"x": 56 + 56 * at, "y": round(base, 1), "height": high, "kind": kind, "title": title})
    labels = [(56 + 56 * at + 20, name) for at, name in enumerate(MONTHS)]
    said = ", ".join(f"{name} {total:,}" for name, total in zip(MONTHS, totals, strict=True))
    return {
        "bars": bars, "labels": labels, "most": f"{most:,}", "base": _HEIGHT + 16, "said": said,
        "kinds": [(kind, _KINDS.get(kind, kind)) for kind in months],
    }  # fmt: skip
