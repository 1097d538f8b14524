"""Questions of pages that take longer than a visitor should wait: a page of their own tells how far they are."""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import UnknownLink
from lifenode.web.jobs import submit
from lifenode.web.node import Node, node_of
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.frame import html_response, render
from lifenode.web.problems import Problem

if TYPE_CHECKING:
    from lifenode.web.pages.questions import QuestionPage

_LOOK_AGAIN_SECONDS = 2


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/jobs/{job_id}", _show, methods=["GET"], include_in_schema=False)


def as_job(node: Node, asking: Asking, asked: Mapping[str, Any]) -> Response:
    """Queue a question and lead to the page of its job."""
    payload = {"asking": asking.to_dict(), "asked": dict(asked), "format": "html"}
    return RedirectResponse(f"/jobs/{submit(node, asking.service, page_of_job, payload)}", 303)


def page_of_job(payload: Mapping[str, Any]) -> bytes:
    """Return the page that answers a question; see `as_job`."""
    asking, asked = Asking.from_dict(payload["asking"]), payload["asked"]
    page: QuestionPage = import_module(f"lifenode.web.pages.{asking.service}").PAGE
    return page.text(asking, asked=asked, answer=page.view(page.viewed(asking.form, asked))).encode()


async def _show(request: Request) -> Response:
    job_id = request.path_params["job_id"]
    job = node_of(request).store.job(job_id)
    if job is None:
        raise UnknownLink(
            f"There is no job {job_id[:40]}.", value=job_id, next_step="Jobs are kept for some days only."
        )
    if job.status == "failed":
        return Problem(orjson.loads(job.answer))
    if job.status == "done":
        if orjson.loads(job.work)["payload"]["format"] != "html":
            return RedirectResponse(f"/api/v1/jobs/{job.id}/result", 303)
        return html_response(request, job.answer.decode())
    response = render(request, "job.html", status=202, job=job, seconds=round(time.time() - job.made))
    response.headers["Refresh"] = str(_LOOK_AGAIN_SECONDS)
    return response
