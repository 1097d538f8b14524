"""Questions of pages that take longer than a visitor should wait: a page of their own tells how far they are."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import UnknownLink
from lifenode.web.api.representations import MEDIA_TYPES, format_of
from lifenode.web.jobs import submit
from lifenode.web.node import Node, node_of
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.frame import html_response, render
from lifenode.web.problems import Problem
from lifenode.web.store import Job

if TYPE_CHECKING:
    from lifenode.web.pages.questions import QuestionPage

_LOOK_AGAIN_SECONDS = 2


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/jobs/{job_id}.{format}", _file, methods=["GET"], include_in_schema=False)
    app.add_route("/jobs/{job_id}", _show, methods=["GET"], include_in_schema=False)


def as_job(node: Node, asking: Asking, asked: Mapping[str, Any]) -> Response:
    """Queue a question and lead to the page of its job."""
    payload = {"asking": asking.to_dict(), "asked": dict(asked), "format": "html"}
    return RedirectResponse(f"/jobs/{submit(node, asking.service, page_of_job, payload)}", 303)


def page_of_job(payload: Mapping[str, Any]) -> bytes:
    """Return the page that answers a question; see `as_job`."""
    asking, asked = Asking.from_dict(payload["asking"]), payload["asked"]
    page: QuestionPage = import_module(f"lifenode.web.pages.{asking.service.replace('/', '_')}").PAGE
    return page.text(asking, asked=asked, answer=page.view(page.viewed(asking.form, asked))).encode()


def as_table_job(
    node: Node, asking: Asking, asked: Mapping[str, Any], work: Callable[[Mapping[str, Any]], bytes], shown_by: str
) -> Response:
    """Queue a question whose answer is a table with a page and files, and lead to the page of its job.

    Parameters
    ----------
    work
        Function of the payload that returns the table as JSON; importable by name.
    shown_by
        Module with the functions ``page_of(payload, answer, job_id)`` and ``file_of(payload, answer, format)``.
    """
    payload = {"asking": asking.to_dict(), "asked": dict(asked), "format": "json", "shown_by": shown_by}
    return RedirectResponse(f"/jobs/{submit(node, asking.service, work, payload)}", 303)


def _job(request: Request) -> Job:
    job_id = request.path_params["job_id"]
    job = node_of(request).store.job(job_id)
    if job is None:
        raise UnknownLink(
            f"There is no job {job_id[:40]}.", value=job_id, next_step="Jobs are kept for some days only."
        )
    return job


async def _file(request: Request) -> Response:
    """Answer with the table of a job in the format of the address."""
    format_, job = format_of(request), _job(request)
    payload = orjson.loads(job.work)["payload"]
    if job.status != "done" or "shown_by" not in payload:
        return RedirectResponse(f"/jobs/{job.id}", 303)
    make = import_module(payload["shown_by"]).file_of
    content = await node_of(request).desk.run(make, payload, job.answer, format_, large=True)
    name = f'attachment; filename="{job.kind}.{format_}"'
    return Response(content, media_type=MEDIA_TYPES[format_], headers={"Content-Disposition": name})


async def _show(request: Request) -> Response:
    job = _job(request)
    if job.status == "failed":
        return Problem(orjson.loads(job.answer))
    if job.status == "done":
        payload = orjson.loads(job.work)["payload"]
        if "shown_by" in payload:
            make = import_module(payload["shown_by"]).page_of
            text = await node_of(request).desk.run(make, payload, job.answer, job.id, large=True)
            return html_response(request, text)
        if payload["format"] != "html":
            return RedirectResponse(f"/api/v1/jobs/{job.id}/result", 303)
        return html_response(request, job.answer.decode())
    response = render(request, "job.html", status=202, job=job, seconds=round(time.time() - job.made))
    response.headers["Refresh"] = str(_LOOK_AGAIN_SECONDS)
    return response
