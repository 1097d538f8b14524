"""Work that outlives its request: queued in the store, done by any worker process.

A job belongs to the process that claimed it. Where that process has died, another runs the job again, once.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson

from lifenode.errors import Busy, LifenodeError
from lifenode.web.node import Node
from lifenode.web.store import Job

_PAUSE = 1.0


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
