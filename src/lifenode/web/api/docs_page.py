"""The page about the API, made from its OpenAPI document: no script, no third-party file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

_HEAD = (
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    "<title>API · lifenode</title>\n"
    '<link rel="stylesheet" href="/static/lifenode.css">\n</head>\n<body>\n<main>\n'
)
_TAIL = "</main>\n</body>\n</html>\n"


def install(app: FastAPI, path: str) -> None:
    """Add the page."""

    async def page(request: Request) -> Response:
        document = app.openapi()
        return HTMLResponse(page_of(document, str(request.base_url).rstrip("/")))

    app.add_route(path, page, methods=["GET"], include_in_schema=False)


def page_of(document: dict[str, Any], address: str) -> str:
    """Return the page of an OpenAPI document.

    Parameters
    ----------
    document
        The OpenAPI document.
    address
        Where the node answers, such as ``http://127.0.0.1:8000``; the commands name it.
    """
    parts = [_HEAD, "<h1>API</h1>\n", _introduction()]
    for path, operations in document["paths"].items():
        # The address with an ending is the same operation.
        if "{format}" in path:
            continue
        for method, operation in operations.items():
            parts.extend(_operation(method.upper(), path, operation, address))
    return "".join([*parts, _TAIL])


def _introduction() -> str:
    return (
        '<p>The machine-readable description is <a href="/api/v1/openapi.json">openapi.json</a>. Tables come as JSON, '
        "JSON lines, TSV, CSV or Parquet: ask by <code>Accept</code>, or end the address in <code>.tsv</code> and so "
        "on. Errors are <code>application/problem+json</code> with a stable <code>code</code>.</p>\n"
    )


def _operation(method: str, path: str, operation: dict[str, Any], address: str) -> Iterator[str]:
    anchor = escape(operation["operationId"])
    yield f'<section id="{anchor}">\n<h2>{escape(operation["summary"])}</h2>\n'
    yield f"<p><code>{method} {escape(path)}</code></p>\n"
    fields = list(_fields(operation))
    if fields:
        yield "<table>\n<thead><tr><th>Field</th><th>Holds</th><th>Meaning</th></tr></thead>\n<tbody>\n"
        for name, holds, meaning in fields:
            yield f"<tr><td><code>{escape(name)}</code></td><td>{escape(holds)}</td><td>{escape(meaning)}</td></tr>\n"
        yield "</tbody>\n</table>\n"
    for command in commands(method, path, operation, address):
        yield f"<pre><code>{escape(command)}</code></pre>\n"
    yield "</section>\n"


def _fields(operation: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    body = _json_body(operation).get("schema", {})
    for name, schema in body.get("properties", {}).items():
        required = " (required)" if name in body.get("required", ()) else ""
        yield name, _holds(schema) + required, schema.get("description", "")
    for parameter in operation.get("parameters", ()):
        required = " (required)" if parameter.get("required") else ""
        if parameter["name"] not in body.get("properties", {}):
            yield parameter["name"], _holds(parameter["schema"]) + required, parameter.get("description", "")


def _json_body(operation: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return found


def _holds(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_holds(one) for one in schema["anyOf"]))
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    kind = schema.get("type", "")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)


def commands(method: str, path: str, operation: dict[str, Any], address: str) -> Iterator[str]:
    """Yield shell commands that ask the examples of an operation."""
    body = _json_body(operation)
    given = [example["value"] for example in body.get("examples", {}).values()]
    given += [body["example"]] if "example" in body else []
    for value in given:
        yield f"curl -s {address}{path} -d {shlex.quote(json.dumps(value))}"
    filled = path.replace("{organism}", "hsapiens")
    if method == "GET" and "{" not in filled:
        query = next((p["example"] for p in operation.get("parameters", ()) if p["name"] == "query"), None)
        asked = "" if query is None else f"?query={query.replace(chr(10), ',')}"
        yield f"curl -s {shlex.quote(address + filled + asked) if asked else address + filled}"
