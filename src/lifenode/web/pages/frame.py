"""What all pages share: the bar with the services, the footer, and how a template becomes a response."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

import lifenode
from lifenode.packs.find import known_packs
from lifenode.settings import settings
from lifenode.web.node import training_at_hand
from lifenode.web.pages.assets import static, takes_gzip
from lifenode.web.pages.numbers import FILTERS

_SMALLEST_PACKED = 1_400


class Service(NamedTuple):
    """A word of the bar."""

    name: str
    path: str


SERVICES = (
    Service("Enrich", "/enrich"),
    Service("Convert", "/convert"),
    Service("Orthologs", "/orthologs"),
    Service("Variants", "/variants"),
    Service("Editing", "/editing"),
    Service("eQTL", "/eqtl"),
    Service("EDAM", "/edam"),
    Service("Resources", "/resources"),
    *((Service("Training", "/training"),) if training_at_hand() else ()),
    Service("Data", "/data"),
)


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> Response:
    """Return a page.

    Parameters
    ----------
    request
        The request it answers.
    template
        Name of the template; it extends ``base.html``.
    status
        Status of the response.
    context
        What the template shows.
    """
    return html_response(request, page_text(template, request.url.path, **context), status)


def page_text(template: str, path: str, **context: Any) -> str:
    """Return a page as HTML; `path` is its address."""
    return _environment().get_template(template).render(page_path=path, release=_release(), **context)


def html_response(request: Request, text: str, status: int = 200) -> Response:
    """Return the response for a page, packed where the client reads that."""
    content = text.encode()
    headers = {"Cache-Control": "no-cache" if request.method == "GET" else "no-store", "Vary": "Accept-Encoding"}
    if takes_gzip(request) and len(content) > _SMALLEST_PACKED:
        content = gzip.compress(content, 5, mtime=0)
        headers["Content-Encoding"] = "gzip"
    return Response(content, status, headers, "text/html; charset=utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("lifenode.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=static, services=SERVICES, version=lifenode.__version__)
    environment.filters.update(FILTERS)
    return environment


def _release() -> str:
    """Return the release of the default organism's data."""
    organism = settings().organism
    return next((pack.release for pack in known_packs() if pack.organism == organism), "")
