"""The page about the API, made from its OpenAPI document: no third-party file."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.web.pages.frame import render


def install(app: FastAPI, path: str) -> None:
    """Add the page."""

    async def page(request: Request) -> Response:
        address = str(request.base_url).rstrip("/")
        return render(request, "docs.html", operations=list(operations(app.openapi(), address)))

    app.add_route(path, page, methods=["GET"], include_in_schema=False)


def operations(document: dict[str, Any], address: str) -> Iterator[dict[str, Any]]:
    """Yield what the page says of each operation of an OpenAPI document.

    Parameters
    ----------
    document
        The OpenAPI document.
    address
        Where the node answers, such as ``http://127.0.0.1:8000``; the commands name it.
    """
    for path, found in document["paths"].items():
        # The address with an ending is the same operation.
        if "{format}" in path:
            continue
        for method, operation in found.items():
            yield {
                "id": operation["operationId"],
                "summary": operation["summary"],
                "method": method.upper(),
                "path": path,
                "fields": list(_fields(operation)),
                "commands": list(commands(method.upper(), path, operation, address)),
            }


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
        needed = [p for p in operation.get("parameters", ()) if "example" in p and p["in"] == "query"]
        texts = [f"{p['name']}={_in_address(str(p['example']))}" for p in needed]
        asked = f"?{'&'.join(texts)}" if texts else ""
        yield f"curl -s {shlex.quote(address + filled + asked) if asked else address + filled}"


def _in_address(example: str) -> str:
    """Return an example as an address holds it: lines of a list with commas, those of a table as they are."""
    return quote(example if "\t" in example else example.replace("\n", ","), safe=",:")
