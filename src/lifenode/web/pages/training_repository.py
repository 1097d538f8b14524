"""What other programs gather from the portal: OAI-PMH, and the sitemap of its pages."""

from __future__ import annotations

from functools import partial
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fastapi import FastAPI
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownName
from lifenode.training.models import StoredRecord
from lifenode.training.portal import Portal
from lifenode.training.repository import Repository
from lifenode.web.node import node_of
from lifenode.web.pages.training_portal import KINDS, at_work, base_of

_XML = "application/xml; charset=utf-8"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_AT_ONCE = 20_000
_FIXED = ("/training", "/training/events", "/training/materials", "/training/providers", "/training/nodes")


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/training/oai", _oai, methods=["GET", "POST"], include_in_schema=False)
    app.add_route("/training/sitemap.xml", _index, methods=["GET"], include_in_schema=False)
    app.add_route("/training/sitemap-{part}.xml", _part, methods=["GET"], include_in_schema=False)


async def _oai(request: Request) -> Response:
    given = request.query_params.multi_items()
    if request.method == "POST":
        given += parse_qsl((await request.body()).decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=50)
    base, contact = base_of(request), node_of(request).config.portal_contact

    def work(portal: Portal) -> bytes:
        return Repository(portal, f"{base}/training/oai", base, contact).answer(given)

    answer = await at_work(request, work)
    return Response(answer, media_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-cache"})


async def _index(request: Request) -> Response:
    """Return the sitemap of sitemaps: the fixed pages, and each kind of records in parts of 20,000."""
    base = base_of(request)
    parts = ["site"]
    for kinds, kind in KINDS.items():
        last = await at_work(request, partial(_last_id), kind)
        parts += [f"{kinds}-{number}" for number in range(1, last // _AT_ONCE + 2)] if last else []
    entries = "".join(f"<sitemap><loc>{escape(base)}/training/sitemap-{part}.xml</loc></sitemap>" for part in parts)
    return _xml(f'<sitemapindex xmlns="{_SITEMAP}">{entries}</sitemapindex>')


async def _part(request: Request) -> Response:
    base, part = base_of(request), request.path_params["part"]
    kinds, _, number = part.partition("-")
    if part == "site":
        entries = [(path, "") for path in _FIXED]
    elif kinds in KINDS and number.isascii() and number.isdigit() and len(number) < 8:
        entries = await at_work(request, _entries, kinds, int(number))
    else:
        raise UnknownName(f"There is no sitemap {part[:40]!r}.", value=part, next_step="See /training/sitemap.xml.")
    lines = "\n".join(
        f"<url><loc>{escape(base + path)}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</url>"
        for path, day in entries
    )
    return _xml(f'<urlset xmlns="{_SITEMAP}">\n{lines}\n</urlset>')


def _xml(text: str) -> Response:
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', media_type=_XML)


def _last_id(portal: Portal, kind: str) -> int:
    with Session(portal.engine) as session:
        return session.scalar(select(func.max(StoredRecord.id)).where(StoredRecord.kind == kind)) or 0


def _entries(portal: Portal, kinds: str, number: int) -> list[tuple[str, str]]:
    wanted = select(StoredRecord.slug, StoredRecord.updated_at).where(
        StoredRecord.kind == KINDS[kinds],
        StoredRecord.withdrawn_at.is_(None),
        StoredRecord.id > (number - 1) * _AT_ONCE,
        StoredRecord.id <= number * _AT_ONCE,
    )
    with Session(portal.engine) as session:
        rows = session.execute(wanted.order_by(StoredRecord.id))
        return [(f"/training/{kinds}/{row.slug}", row.updated_at.date().isoformat()) for row in rows]
