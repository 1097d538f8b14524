"""What OpenAPI says of the services: fields, examples, forms of the answer, problems."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lifenode.web.api.representations import MEDIA_TYPES

if TYPE_CHECKING:
    from lifenode.web.api.fields import Field
    from lifenode.web.api.services import Service

PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "One sentence that says what is wrong."},
        "code": {"type": "string", "description": "Stable name of the error."},
        "value": {"type": ["string", "null"], "description": "The value at fault."},
        "next_step": {"type": "string", "description": "What to do about it."},
    },
}
_PROBLEMS = {
    400: "The body is no JSON object.",
    404: "There is no such organism, source, namespace, release, data set or token.",
    406: "The answer has no form that Accept or the ending of the address names.",
    410: "The next page of an answer whose data have been replaced.",
    413: "More is sent than the node takes.",
    415: "The body is of a type that is not read.",
    422: "A field is unknown, missing or of another kind, or no identifier is known.",
    429: "Too many requests; Retry-After says when to come again.",
    503: "The node is busy; Retry-After says when to come again.",
    504: "The work took too long and was stopped.",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the problem documents of `statuses`, for OpenAPI."""
    content = {"application/problem+json": {"schema": PROBLEM}}
    return {status: {"description": _PROBLEMS[status], "content": content} for status in statuses}


RESPONSES = responses(*(status for status in _PROBLEMS if status != 410))
"""Problems any service may answer with."""

TABLE = {
    "type": "object",
    "required": ["result", "meta"],
    "properties": {
        "result": {"type": "array", "items": {"type": "object"}, "description": "A row each."},
        "meta": {"type": "object", "description": "Where every number comes from, and what became of every item."},
    },
}
"""JSON form of a table."""


def service(of: Service, method: str, *, with_ending: bool) -> dict[str, Any]:
    """Return the OpenAPI operation of a service, as far as the framework cannot know it."""
    from lifenode.web.api.fields import PRESENTATION

    described = operation(of.name, of.examples, method, of.fields, PRESENTATION, MEDIA_TYPES, with_ending=with_ending)
    described["responses"] |= _accepted()
    return described


def operation(
    name: str, bodies: Mapping[str, Mapping[str, Any]], method: str, fields: Sequence[Field],
    beside: Sequence[Field], types: Mapping[str, str], *, with_ending: bool,
) -> dict[str, Any]:  # fmt: skip
    """Return the OpenAPI operation of a question that has some fields, some of them `beside` a body in the address."""
    in_address = [field for field in fields if not field.body_only] if method == "GET" else list(beside)
    operation: dict[str, Any] = {
        "parameters": parameters(in_address, with_ending=with_ending, types=types),
        "responses": {"200": table_response(linked=method == "GET", types=types)},
        "tags": [name],
    }
    if method == "GET":
        operation["responses"] |= not_modified()
        examples = {field.name: _example(field) for field in fields if field.example is not None}
        for parameter in operation["parameters"]:
            if parameter["name"] in examples:
                parameter["example"] = examples[parameter["name"]]
    else:
        operation["requestBody"] = {"required": True, "content": {"application/json": _body(bodies, fields)}}
    return operation


def parameters(
    fields: Iterable[Field], *, with_ending: bool = False, types: Mapping[str, str] = MEDIA_TYPES
) -> list[dict[str, Any]]:
    """Return the OpenAPI parameters of an address."""
    described = [field.parameter() for field in fields]
    if with_ending:
        formats = {"type": "string", "enum": list(types)}
        described.insert(0, {"name": "format", "in": "path", "required": True, "schema": formats})
    return described


def table_response(*, linked: bool = False, types: Mapping[str, str] = MEDIA_TYPES) -> dict[str, Any]:
    """Return the OpenAPI response of a table in each of its forms, with a link to its next rows if `linked`."""
    bare = {name: kind.partition(";")[0] for name, kind in types.items()}
    content = {kind: {"schema": {"type": "string"}} for name, kind in bare.items() if name != "json"}
    response: dict[str, Any] = {"description": "The answer.", "content": {bare["json"]: {"schema": TABLE}, **content}}
    if linked:
        told = "Where limit leaves rows out: the address of the next ones, as rel=next."
        response["headers"] = {"Link": {"description": told, "schema": {"type": "string"}}}
    return response


def not_modified() -> dict[str, Any]:
    """Return the OpenAPI response to a client that has the answer."""
    return {"304": {"description": "The answer is the one whose ETag was sent as If-None-Match."}}


def _accepted() -> dict[str, Any]:
    headers = {name: {"schema": {"type": "string"}} for name in ("Location", "Retry-After")}
    return {"202": {"description": "A job was made; Location is its address.", "headers": headers}}


def _body(examples: Mapping[str, Mapping[str, Any]], fields: Sequence[Field]) -> dict[str, Any]:
    return {
        "schema": {
            "type": "object",
            "required": [field.name for field in fields if field.required],
            "properties": {field.name: field.schema() for field in fields},
            "additionalProperties": False,
        },
        "examples": {name: {"value": dict(body)} for name, body in examples.items()},
    }


def _example(field: Field) -> str:
    """Return the example of a field as an address has it."""
    return field.example if isinstance(field.example, str) else "\n".join(field.example)
