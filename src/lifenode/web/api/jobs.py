"""Questions that take longer than a client should wait: they become jobs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import orjson
from starlette.responses import Response

from lifenode.web.jobs import submit
from lifenode.web.node import Node

_SECONDS_TO_WAIT = 2


def as_job(
    node: Node, kind: str, work: Callable[[Mapping[str, Any], str], bytes], asked: Mapping[str, Any], format_: str
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
    headers = {"Location": address, "Retry-After": str(_SECONDS_TO_WAIT)}
    content = orjson.dumps({"id": job, "status": "waiting", "job": address})
    return Response(content, 202, media_type="application/json", headers=headers)


def answer_job(payload: Mapping[str, Any]) -> bytes:
    """Do the work of a job; see `as_job`."""
    work = getattr(import_module(payload["module"]), payload["function"])
    content: bytes = work(payload["asked"], payload["format"])
    return content
