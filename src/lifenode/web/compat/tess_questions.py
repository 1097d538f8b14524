"""What TeSS's clients ask: parameters as they send them, and the links of a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urlencode

from starlette.requests import Request

from lifenode.errors import LifenodeError
from lifenode.training.search_facets import facets_of
from lifenode.training.search_question import SPECIAL, Question, read_question

PAGE_SIZE, MOST = 30, 100
"""Records of a page by default, and at most."""


def question_of(pairs: Iterable[tuple[str, str]], kind: str) -> Question:
    """Return the question that parameters ask, unknown ones and impossible values passed over, as TeSS does.

    Parameters
    ----------
    pairs
        Names and values; names may end in ``[]``.
    kind
        ``event`` or ``material``.
    """
    known = {facet.name for facet in facets_of(kind)} | set(SPECIAL) | {"q", "sort"}
    page, size, kept = 1, PAGE_SIZE, []
    for name, value in pairs:
        plain = name.removesuffix("[]")
        if plain in ("page_number", "page") and value.isdecimal():
            page = max(min(int(value[:7]), 1_000_000), 1)
        elif plain in ("page_size", "per_page") and value.isdecimal():
            size = max(min(int(value[:7]), MOST), 1)
        elif plain == "online" and value in ("true", "false"):
            kept += [("online", one) for one in (("online", "hybrid") if value == "true" else ("onsite",))]
        elif plain in known and _possible(plain, value, kind):
            kept.append((plain, value))
    return replace(read_question(kept, kind), page=page, per_page=size)


def _possible(name: str, value: str, kind: str) -> bool:
    try:
        read_question([(name, value)], kind)
    except LifenodeError:
        return False
    return True


def page_links(path: str, request: Request, page: int, pages: int) -> dict[str, str]:
    """Return the links of a page: itself, the first and last, and those beside it where there are any."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] not in ("page", "page_number")]

    def link(number: int) -> str:
        return f"{path}?{urlencode([*pairs, ('page_number', number)])}"

    links = {"self": link(page), "first": link(1)}
    if page > 1:
        links["prev"] = link(min(page - 1, pages))
    if page < pages:
        links["next"] = link(page + 1)
    return links | {"last": link(pages)}
