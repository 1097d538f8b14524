"""Work that outlives its request: queued in the store, done by any worker process, fetched by an unguessable id.

A job belongs to the process that claimed it. Where that process has died, another runs the job again, once.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import Busy, LifenodeError, UnknownLink
from lifenode.web.node import Node, node_of
from lifenode.web.problems import MEDIA_TYPE
from lifenode.web.store import Job

_PAUSE = 1.0
_RETRY_AFTER = "2"
_MEDIA_TYPES = {
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "tsv": "text/tab-separated-values; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
}


def submit(node: Node, kind: str, function: Callable[..., bytes], payload: Mapping[str, Any]) -> str:
    """Queue ``function(payload)`` and return the id of the job.

    Parameters
    ----------
    kind
        Name of the service, for the status.
    function
        Importable by name; takes the payload and returns the answer's bytes.
    payload
        Plain JSON values; ``format`` names the form of the answer.

    Raises
    ------
    Busy
        The queue is full, or the store cannot be written.
    """
    work = {"module": function.__module__, "function": function.__qualname__, "payload": dict(payload)}
    return node.store.add_job(kind, orjson.dumps(work))


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/api/v1/jobs/{job_id}", _status, methods=["GET"], include_in_schema=False)
    app.add_route("/api/v1/jobs/{job_id}/result", _result, methods=["GET"], include_in_schema=False)


async def run_jobs(node: Node) -> None:
    """Do one job after the other until cancelled."""
    while True:
        job = None
        with contextlib.suppress(Busy):
            job = node.store.claim_job(owner(os.getpid()), _alive)
        if job is None:
            await asyncio.sleep(_PAUSE)
            continue
        await _do(node, job)


async def _do(node: Node, job: Job) -> None:
    try:
        work = orjson.loads(job.work)
        function = getattr(import_module(work["module"]), work["function"])
        answer = await node.job_desk.run(function, work["payload"], large=True, seconds=node.config.job_seconds)
    except LifenodeError as error:
        await _finish(node, job.id, "failed", orjson.dumps(error.to_dict()))
    except Exception as error:  # noqa: BLE001 - a job must never stay without an answer
        fault = LifenodeError(f"Something in lifenode broke ({type(error).__name__}).")
        await _finish(node, job.id, "failed", orjson.dumps(fault.to_dict()))
    else:
        await _finish(node, job.id, "done", answer)


async def _finish(node: Node, job_id: str, status: str, answer: bytes) -> None:
    """Keep an answer, however long the store is out of order."""
    while True:
        with contextlib.suppress(Busy):
            node.store.finish_job(job_id, status, answer)
            return
        await asyncio.sleep(_PAUSE)


def owner(pid: int) -> str:
    """Return a name of a process that a later one with the same number does not have."""
    try:
        started = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        started = ""
    return f"{pid}:{started}"


def _alive(name: str) -> bool:
    pid = int(name.partition(":")[0] or 0)
    try:
        os.kill(pid, 0)
    except OSError:
        return False
    return owner(pid) == name


def _job(request: Request) -> Job:
    job_id = request.path_params["job_id"]
    job = node_of(request).store.job(job_id)
    if job is None:
        raise UnknownLink(
            f"There is no job {job_id[:40]}.", value=job_id, next_step="Ask again; jobs are kept for some days only."
        )
    return job


async def _status(request: Request) -> Response:
    job = _job(request)
    body: dict[str, Any] = {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "age": round(time.time() - job.made, 1),
    }
    if job.status in ("waiting", "running"):
        return Response(orjson.dumps(body), 202, media_type="application/json", headers={"Retry-After": _RETRY_AFTER})
    if job.status == "failed":
        body["error"] = json.loads(job.answer)
    else:
        body["result"] = f"/api/v1/jobs/{job.id}/result"
    return Response(orjson.dumps(body), media_type="application/json", headers={"Cache-Control": "no-store"})


async def _result(request: Request) -> Response:
    job = _job(request)
    if job.status in ("waiting", "running"):
        return await _status(request)
    if job.status == "failed":
        return Response(job.answer, json.loads(job.answer)["status"], media_type=MEDIA_TYPE)
    format_ = orjson.loads(job.work)["payload"].get("format", "json")
    return Response(job.answer, media_type=_MEDIA_TYPES.get(format_, "application/octet-stream"))
