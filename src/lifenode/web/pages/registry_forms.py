"""Selection rounds on pages: a self-assessment to fill in, and the state of applications."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import LifenodeError
from lifenode.registry.entries import about
from lifenode.registry.questions import COLUMNS, FORMS, Question, Reply, questions, self_assessment
from lifenode.registry.rounds import Rounds
from lifenode.settings import settings
from lifenode.web.pages.forms import Form, read_form
from lifenode.web.pages.frame import render
from lifenode.web.pages.questions import Mistake
from lifenode.web.pages.registry import STATUS_NAMES

_NAMES = {"community-database": "Community database, 52 questions", "core-data-resource": "Core data resource, 21"}


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/resources/checklist", _checklist, methods=["GET", "POST"], include_in_schema=False)
    app.add_route("/resources/checklist.tsv", _download, methods=["POST"], include_in_schema=False)
    app.add_route("/resources/rounds", _rounds, methods=["GET"], include_in_schema=False)


async def _checklist(request: Request) -> Response:
    form = await read_form(request)
    name = form.text("form", FORMS[0])
    errors: list[Mistake] = []
    try:
        answer = view(name, replies_of(form, name), checked=request.method == "POST")
    except LifenodeError as error:
        errors = [Mistake("form", error.detail, error.next_step)]
        name = FORMS[0]
        answer = view(name, {}, checked=False)
    return render(
        request, "resource_checklist.html", status=422 if errors else 200, name=name, errors=errors, answer=answer,
        names=list(_NAMES.items()),
    )  # fmt: skip


def replies_of(form: Form, name: str) -> dict[str, Reply]:
    """Return what was filled in, by question."""
    found = {}
    for question in questions(name):
        key = question.question
        reply = Reply(
            form.text(f"answer-{key}").strip(), form.text(f"description-{key}").strip(),
            tuple(form.text(f"links-{key}").split()),
        )  # fmt: skip
        if reply != Reply():
            found[key] = reply
    return found


def view(name: str, replies: Mapping[str, Reply], *, checked: bool) -> dict[str, Any]:
    """Return the questions by section, with what was filled in and, once checked, what is missing."""
    table = self_assessment(name, replies)
    rows = {row["question"]: row for row in table.to_dicts()}
    sections: dict[str, list[dict[str, Any]]] = {}
    for question in questions(name):
        row = rows[question.question]
        sections.setdefault(question.section, []).append({
            "question": question,
            "reply": replies.get(question.question, Reply()),
            "finding": row["finding"] if checked else "",
            "concern": row["concern"] if checked else "",
            "hint": hint(question),
        })  # fmt: skip
    done = sum(not row["finding"] for row in rows.values())
    return {
        "sections": sections, "checked": checked, "done": done, "total": len(rows),
        "concerns": table.meta["concerns"], "complete": table.meta["complete"],
    }  # fmt: skip


def hint(question: Question) -> str:
    """Return what a complete answer holds, in words."""
    what, _, condition = question.needs.partition(" ")
    said = {"description": "a description", "list": "a list, parted by semicolons", "links": "a link"}.get(what, "")
    parts = [f"{said} {condition}".strip()] if said else []
    parts += [f"at most {question.words} words"] if question.words else []
    return ", ".join(parts)


async def _download(request: Request) -> Response:
    form = await read_form(request)
    name = form.text("form", FORMS[0])
    content = replies_text(replies_of(form, name), [question.question for question in questions(name)])
    headers = {"Content-Disposition": 'attachment; filename="answers.tsv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/tab-separated-values; charset=utf-8", headers=headers)


def replies_text(replies: Mapping[str, Reply], order: Sequence[str]) -> str:
    """Return answers as `lifenode resources checklist` and `round apply` read them."""
    written = io.StringIO()
    writer = csv.writer(written, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    for name in order:
        reply = replies.get(name, Reply())
        writer.writerow([name, reply.answer, " ".join(reply.description.split()), " ".join(reply.links)])
    return written.getvalue()


async def _rounds(request: Request) -> Response:
    rounds = Rounds(settings().rounds_log)
    shown = [
        {
            "round": one.round, "status": STATUS_NAMES[one.status], "opens": one.opens, "closes": one.closes,
            "rows": [_row(each) for each in rounds.applications(one.round)],
        }
        for one in rounds.rounds()
    ]  # fmt: skip
    return render(request, "resource_rounds.html", rounds=shown, events=len(rounds.events()))


def _row(one: Any) -> dict[str, Any]:
    due = one.due()
    return {
        "resource": {"text": about(one.resource).name, "href": f"/resources/{one.resource}"},
        "state": one.state,
        "submitted": one.submitted,
        "decided": one.decided,
        "due": f"{due[0]} on {due[1]}" if due else "",
    }
