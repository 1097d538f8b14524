"""Questions that a visitor had the node keep, under a short link; nothing is kept unasked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.errors import BadRequest, InvalidOption, UnknownLink
from lifenode.web.compat.gprofiler_request import METHODS
from lifenode.web.node import node_of
from lifenode.web.pages.forms import Form, read_form

_PAGES = ("enrich", "convert", "orthologs", "variants", "editing", "eqtl/coloc", "edam")
_TEXTS = {
    "organism": "organism",
    "user_threshold": "threshold",
    "domain_scope": "domain",
    "numeric_ns": "numeric_namespace",
}
_FLAGS = {
    "ordered": "ordered",
    "all_results": "all_results",
    "no_iea": "no_iea",
    "measure_underrepresentation": "underrepresented",
}


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/links", _keep, methods=["POST"], include_in_schema=False)


async def _keep(request: Request) -> Response:
    form = await read_form(request)
    page = form.text("page")
    if page not in _PAGES:
        raise BadRequest(f"There is no page {page[:40]!r}.", value=page, next_step=f"Pages: {', '.join(_PAGES)}.")
    fields = form.without("page")
    names = dict.fromkeys(name for name, _ in fields.pairs)
    content = orjson.dumps({"fields": {name: fields.all(name) for name in names}})
    return RedirectResponse(f"/{page}?link={node_of(request).store.keep_link(content)}", 303)


def form_kept(request: Request, link_id: str) -> Form:
    """Return the form behind a link, also if a client of g:Profiler's API made it.

    Raises
    ------
    UnknownLink
        There is no such link.
    InvalidOption
        It keeps no question.
    """
    content = node_of(request).store.link(link_id)
    if content is None:
        raise UnknownLink(f"There is no link {link_id[:40]}.", value=link_id, next_step="Check the address.")
    kept = orjson.loads(content)
    fields = kept.get("fields")
    if isinstance(fields, dict):
        return Form((name, text) for name, texts in fields.items() for text in texts)
    return Form(_from_gprofiler(kept))


def _from_gprofiler(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the fields of a profile request, as far as they are what they should be."""
    query = kept.get("query")
    if isinstance(query, Mapping):
        query = "\n".join(f">{name}\n{_lines(genes)}" for name, genes in query.items())
    if not query:
        raise InvalidOption("The link keeps no query.", value="query", next_step="Make a new one.")
    pairs = [("query", _lines(query))]
    pairs += [(own, str(kept[name])) for name, own in _TEXTS.items() if isinstance(kept.get(name), str | float | int)]
    method = METHODS.get(str(kept.get("significance_threshold_method", "")).lower())
    pairs += [("correction", method)] if method else []
    pairs += [("background", _lines(kept["background"]))] if kept.get("background") else []
    sources = kept.get("sources")
    pairs += [("sources", str(source)) for source in sources] if isinstance(sources, list) else []
    return pairs + [(own, "true") for name, own in _FLAGS.items() if kept.get(name) is True]


def _lines(genes: object) -> str:
    return "\n".join(map(str, genes)) if isinstance(genes, list) else str(genes)
