"""The terms that were accepted for a tool, as a bio.tools record and as Galaxy XML."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.edam.biotools import SCHEMA_VERSION, parse_record, with_terms
from lifenode.edam.biotools_validation import validate
from lifenode.edam.galaxy import galaxy_xml
from lifenode.errors import EmptyInput, InvalidOption
from lifenode.web.bodies import refuse_unknown
from lifenode.web.pages.forms import Form, read_form
from lifenode.web.pages.frame import render

_KINDS = {
    "json": ("application/json", "biotools.json"),
    "xml": ("application/xml; charset=utf-8", "edam.xml"),
}
_FIELDS = ("name", "description", "homepage", "record", "accept", "as")


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/edam/export", _export, methods=["GET", "POST"], include_in_schema=False)


async def _export(request: Request) -> Response:
    form = await read_form(request)
    refuse_unknown(dict(form.pairs), _FIELDS)
    if not form:
        raise EmptyInput("There is no tool to export.", next_step="Begin at /edam.")
    accepted = form.all("accept")
    record = with_terms(record_of(form), accepted)
    written = json.dumps(record, indent=2, ensure_ascii=False) + "\n"
    xml = galaxy_xml(accepted)
    kind = form.text("as")
    if kind:
        if kind not in _KINDS:
            raise InvalidOption(f'There is no export "{kind[:20]}".', value=kind, next_step="There are json and xml.")
        media_type, name = _KINDS[kind]
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(written if kind == "json" else xml, media_type=media_type, headers=headers)
    return render(
        request, "edam_export.html", form=form.without("as"), record=written, xml=xml, faults=validate(record),
        accepted=len(accepted), schema=SCHEMA_VERSION, name=record.get("name", ""),
    )  # fmt: skip


def record_of(form: Form) -> dict[str, Any]:
    """Return the record that was pasted, with what was filled in beside it.

    Raises
    ------
    FormatError
        It is no record.
    """
    record = parse_record(form.text("record")) if "record" in form else {}
    filled = {name: form.text(name).strip() for name in ("name", "description", "homepage") if name in form}
    return {**record, **filled}
