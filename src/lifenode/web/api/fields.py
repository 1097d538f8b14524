"""Fields of the services: read strictly from a JSON body or an address, described for OpenAPI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from lifenode.errors import BadRequest, InvalidOption
from lifenode.web.api.kinds import Count, Flag, Kind, Text
from lifenode.web.bodies import parse_object, refuse_unknown

_JSON = "application/json"
# What curl says of a body when it is not told, and what says nothing: both may be JSON.
_LENIENT = ("", "application/x-www-form-urlencoded", "text/plain", "application/octet-stream")


@dataclass(frozen=True)
class Field:
    """One field of a service.

    Attributes
    ----------
    name, kind, summary
        What it is called, may hold and means.
    required
        Whether it must be given.
    nullable
        Whether null may be given, which means that there is none.
    example
        A value for the documentation.
    body_only
        Whether an address cannot hold it.
    """

    name: str
    kind: Kind
    summary: str
    required: bool = False
    nullable: bool = False
    example: Any = None
    body_only: bool = False

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the field in a body."""
        schema = self.kind.schema()
        if self.nullable:
            schema = {"anyOf": [schema, {"type": "null"}]}
        return schema | {"description": self.summary}

    def parameter(self) -> dict[str, Any]:
        """Return the OpenAPI parameter of the field in an address."""
        described = {"name": self.name, "in": "query", "required": self.required, "description": self.summary}
        return described | {"schema": self.kind.address_schema()}


PRESENTATION = (
    Field("escape_formulas", Flag(), "In TSV and CSV: put ' before texts that a spreadsheet would run as a formula."),
    Field("limit", Count(1), "Most rows of the answer; all by default."),
    Field("offset", Count(0), "Rows left out before the first."),
)
RELEASE = Field("release", Text(), "Answer from this release of the data or not at all; such an answer never changes.")


class UnsupportedMedia(BadRequest):
    """A body of a type that the address does not read."""

    code = "unsupported_media_type"
    title = "Unsupported media type"
    status = 415


async def read_fields(
    request: Request, fields: Sequence[Field], beside: Sequence[Field] = PRESENTATION
) -> dict[str, Any]:
    """Return what a request asks for: fields of its JSON body, or of its address if it is a GET.

    Fields `beside` the body may stand in the address of a POST as well.

    Raises
    ------
    UnknownField
        There is no such field.
    InvalidOption
        A value is of another kind, or a required one is not given.
    BadRequest, UnsupportedMedia
        The body is no JSON object, or of another type.
    """
    if request.method in ("GET", "HEAD"):
        return read_address(request, fields)
    given = parse_body(await request.body(), request.headers.get("content-type", ""))
    refuse_unknown(given, [field.name for field in fields])
    asked = read_address(request, beside)
    for field in fields:
        if field.name not in given:
            continue
        value = given[field.name]
        if value is not None:
            asked[field.name] = field.kind.read(field.name, value)
        elif field.nullable:
            asked[field.name] = None
        else:
            raise field.kind.refusal(field.name, value)
    return _complete(asked, fields)


def read_address(request: Request, fields: Sequence[Field]) -> dict[str, Any]:
    """Return the fields in the address of a request; see `read_fields`."""
    given: dict[str, list[str]] = {}
    for name, text in request.query_params.multi_items():
        given.setdefault(name, []).append(text)
    known = [field for field in fields if not field.body_only]
    refuse_unknown(given, [field.name for field in known])
    asked = {field.name: field.kind.parse(field.name, given[field.name]) for field in known if field.name in given}
    return _complete(asked, fields)


def parse_body(body: bytes, content_type: str) -> dict[str, Any]:
    """Return the JSON object of a body, whatever its type is said to be if it is one.

    Raises
    ------
    BadRequest, UnsupportedMedia
        It is no JSON object; the latter if it does not say to be one.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _JSON or kind.endswith("+json") or not kind:
        return parse_object(body)
    try:
        if kind in _LENIENT:
            return parse_object(body)
    except BadRequest:
        pass
    raise UnsupportedMedia(
        f"The body is {kind[:80]}, and this address reads JSON.", value=kind, next_step=f"Send it as {_JSON}."
    )


def _complete(asked: dict[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    for field in fields:
        if field.required and field.name not in asked:
            raise InvalidOption(
                f"The field {field.name} is missing.", value=field.name, next_step=f"Give {field.kind.wanted}."
            )
    return asked
