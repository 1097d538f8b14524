"""Short links to a query, and the addresses of the original pages."""

from __future__ import annotations

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import BadRequest, UnknownLink
from lifenode.web.bodies import read_object
from lifenode.web.compat.gprofiler_wire import Handler, json_response
from lifenode.web.node import node_of

PAGES = {"gost": "/enrich", "convert": "/convert", "orth": "/orthologs", "snpense": "/variants"}


def install_links(app: FastAPI) -> None:
    """Add the routes."""
    for prefix in ("/gplink/l", "/gprofiler/gplink/l"):
        for path in (prefix, f"{prefix}/"):
            app.add_route(path, _keep, methods=["POST"], include_in_schema=False)
        app.add_route(f"{prefix}/{{link_id}}", _follow, methods=["GET"], include_in_schema=False)
    for page, home in PAGES.items():
        app.add_route(f"/gprofiler/{page}", _page(home), methods=["GET"], include_in_schema=False)


async def _keep(request: Request) -> Response:
    body = await read_object(request)
    payload = body.get("payload")
    if not isinstance(payload, dict):
        raise BadRequest(
            'The field "payload" is not an object.',
            value=payload,
            next_step="Send the request of a profile as payload.",
        )
    link_id = node_of(request).store.keep_link(orjson.dumps(payload))
    return json_response(orjson.dumps({"result": link_id}))


async def _follow(request: Request) -> Response:
    link_id = request.path_params["link_id"]
    if node_of(request).store.link(link_id) is None:
        raise UnknownLink(
            f"There is no link {link_id[:40]}.", value=link_id, next_step="Check the address; links may expire."
        )
    return RedirectResponse(f"/enrich?link={link_id}", 302)


def _page(home: str) -> Handler:
    async def redirect(request: Request) -> Response:
        return RedirectResponse(home, 302)

    return redirect
