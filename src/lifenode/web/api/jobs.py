"""Questions that take longer than a client should wait: they become jobs, which are asked for by their id."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import orjson
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownLink
from lifenode.web.api import descriptions
from lifenode.web.api.answers import Answer
from lifenode.web.api.fields import read_address
from lifenode.web.api.representations import MEDIA_TYPES
from lifenode.web.jobs import submit
from lifenode.web.node import Node, node_of
from lifenode.web.problems import Problem
from lifenode.web.store import Job

_RETRY_AFTER = {"Retry-After": "2", "Cache-Control": "no-store"}
_PAGE = "text/html; charset=utf-8"
_NOT_KEPT = {"Cache-Control": "no-store"}


def as_job(
    node: Node, kind: str, work: Callable[[Mapping[str, Any], str], Answer], asked: Mapping[str, Any], format_: str
) -> Response:
    """Submit a question as a job and return 202 with its address.

    Parameters
    ----------
    kind
        Name of the service.
    work
        Function of `asked` and `format_`, importable by name.
    """
    payload = {"module": work.__module__, "function": work.__qualname__, "asked": dict(asked), "format": format_}
    job = submit(node, kind, answer_job, payload)
    address = f"/api/v1/jobs/{job}"
    content = orjson.dumps({"id": job, "status": "waiting", "job": address})
    return Response(content, 202, media_type="application/json", headers={"Location": address, **_RETRY_AFTER})


def answer_job(payload: Mapping[str, Any]) -> bytes:
    """Do the work of a job; see `as_job`."""
    work = getattr(import_module(payload["module"]), payload["function"])
    answer: Answer = work(payload["asked"], payload["format"])
    return answer.content


def install(router: APIRouter) -> None:
    """Add the routes."""
    for path, handler, summary, answered in (
        ("/jobs/{job_id}", _status, "Ask how far a job is", {"200": _document("The job has an answer, or failed.")}),
        ("/jobs/{job_id}/result", _result, "Fetch the answer of a job", {"200": descriptions.table_response()}),
    ):
        router.add_api_route(
            path, handler, methods=["GET"], summary=summary, operation_id=f"get{handler.__name__}_of_job",
            responses=descriptions.RESPONSES, response_class=Response,
            openapi_extra={
                "parameters": [{"name": "job_id", "in": "path", "required": True, "schema": {"type": "string"}}],
                "responses": answered | {"202": _document("It waits or runs; Retry-After says when to ask again.")},
                "tags": ["jobs"],
            },
        )  # fmt: skip


def _document(description: str) -> dict[str, Any]:
    properties = {
        "id": {"type": "string"}, "kind": {"type": "string"}, "age": {"type": "number", "description": "Seconds."},
        "status": {"enum": ["waiting", "running", "done", "failed"]},
        "result": {"type": "string", "description": "Where the answer is."}, "error": descriptions.PROBLEM,
    }  # fmt: skip
    schema = {"type": "object", "required": ["id", "kind", "status", "age"], "properties": properties}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _job(request: Request) -> Job:
    read_address(request, ())
    job_id = request.path_params["job_id"]
    job = node_of(request).store.job(job_id)
    if job is None:
        raise UnknownLink(
            f"There is no job {job_id[:40]}.", value=job_id, next_step="Ask again; jobs are kept for some days only."
        )
    return job


async def _status(request: Request) -> Response:
    return _told(_job(request))


def _told(job: Job) -> Response:
    body: dict[str, Any] = {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "age": round(time.time() - job.made, 1),
    }
    if job.status in ("waiting", "running"):
        return Response(orjson.dumps(body), 202, media_type="application/json", headers=_RETRY_AFTER)
    if job.status == "failed":
        body["error"] = orjson.loads(job.answer)
    else:
        body["result"] = f"/api/v1/jobs/{job.id}/result"
    return Response(orjson.dumps(body), media_type="application/json", headers=_NOT_KEPT)


async def _result(request: Request) -> Response:
    job = _job(request)
    if job.status in ("waiting", "running"):
        return _told(job)
    if job.status == "failed":
        return Problem(orjson.loads(job.answer), _NOT_KEPT)
    format_ = orjson.loads(job.work)["payload"]["format"]
    return Response(job.answer, media_type=MEDIA_TYPES.get(format_, _PAGE), headers=_NOT_KEPT)
