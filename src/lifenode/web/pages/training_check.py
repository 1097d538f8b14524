"""Check a page: what the portal would make of it, with everything that is missing or wrong; nothing is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from fastapi import FastAPI
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from lifenode._fetch import Limits
from lifenode.errors import BadRequest, EmptyInput, LifenodeError
from lifenode.training.examine import examine
from lifenode.training.ingest.kinds import READERS
from lifenode.training.portal import Listed
from lifenode.training.records import from_dict
from lifenode.web.node import node_of
from lifenode.web.pages.frame import render
from lifenode.web.pages.questions import Mistake
from lifenode.web.pages.training_record import view

_MOST_SHOWN = 20
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_BLANK = {"url": "", "text": "", "kind": ""}


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/training/check", _page, methods=["GET", "POST"], include_in_schema=False)


async def _page(request: Request) -> Response:
    given, content, status = dict(_BLANK), None, 200
    errors: list[Mistake] = []
    report = None
    try:
        if request.method == "POST":
            given, content = await _posted(request)
            report = await _examined(request, given, content)
        else:
            given["url"] = request.query_params.get("url", "")[:2000]
    except LifenodeError as error:
        field = "text" if content is not None else "url"
        errors, status = [Mistake(field, error.detail, error.next_step)], error.status
    return render(
        request,
        "training_check.html",
        status=status,
        given=given,
        errors=errors,
        kinds=[("", "told from what it says"), *((kind, kind.replace("_", " ")) for kind in READERS)],
        report=report and _shown(report),
    )


async def _posted(request: Request) -> tuple[dict[str, str], bytes | None]:
    """Return the fields of the form, and what was pasted or chosen."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        raise BadRequest(f"The body is {kind[:80] or 'of no type'}, not a form.", value=kind)
    size = node_of(request).config.max_body_bytes
    async with request.form(max_files=1, max_fields=8, max_part_size=size) as form:
        given = {name: str(form.get(name) or "") for name in _BLANK}
        held = form.get("file")
        chosen = await held.read() if isinstance(held, UploadFile) else b""
    given["url"] = given["url"].strip()[:2000]
    pasted = given["text"].replace("\r\n", "\n")
    return given, chosen or pasted.encode(errors="replace") or None


async def _examined(request: Request, given: dict[str, str], content: bytes | None) -> dict[str, Any]:
    if content is None and not given["url"]:
        raise EmptyInput("Nothing was given to check.", next_step="Give an address, choose a file or paste mark-up.")
    node = node_of(request)
    limits = Limits.of(node.config)
    # In a process of its own: what strangers write is parsed where it can be stopped.
    found: dict[str, Any] = await node.desk.run(
        examine, given["url"], content, given["kind"], limits, large=True, seconds=node.config.client_seconds
    )
    return found


def _shown(report: dict[str, Any]) -> dict[str, Any]:
    records = [*report["events"], *report["materials"]]
    now = datetime.now(UTC)
    previews = []
    for number, given in enumerate(records[:_MOST_SHOWN]):
        record = from_dict(given)
        listed = Listed(record, f"preview-{number}", "the provider", 0, "", now, now, now)
        previews.append({**view(listed, ""), "notes": given["notes"], "id": f"record-{number}"})
    return {
        "kind": report["kind"].replace("_", " "),
        "counts": [(report["counts"][name], name) for name in ("read", "events", "materials", "rejected", "withdrawn")],
        "previews": previews,
        "more": len(records) - len(previews),
        "pages": report["pages"],
        "rejected": report["rejected"],
        "withdrawn": report["withdrawn"],
    }
