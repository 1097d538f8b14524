"""Lists of a request, as the library takes them; text of a request is never a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifenode.errors import BadBackground, InputTooLarge
from lifenode.genes.byte_input import clean
from lifenode.genes.lists import Queries, TableOptions, read_text
from lifenode.genes.text_lists import parse_lists
from lifenode.settings import settings

_SMALL = 2_000
_FEW = 5


def lists_of(query: Any, *, ordered: bool = False) -> Queries:
    """Return the lists in the field ``query``: a list, text, or lists by name.

    Raises
    ------
    InputError
        The text cannot be read, or there are more than ``max_lists``.
    """
    if isinstance(query, str):
        queries = read_text(query, options=TableOptions(ordered=ordered))
    elif isinstance(query, Mapping):
        queries = Queries(dict(query), kind="lists")
    else:
        queries = Queries({"": query})
    most = settings().max_lists
    if len(queries.lists) > most:
        raise InputTooLarge(
            f"The query holds {len(queries.lists)} lists; at most {most} are taken at once.",
            value=len(queries.lists),
            next_step="Send fewer at a time, or raise LIFENODE_MAX_LISTS.",
        )
    return queries


def plain_query(queries: Queries) -> Any:
    """Return `queries` as `lifenode.enrich` and its like take them: a list, or lists by name."""
    return queries.lists if queries.kind != "list" else next(iter(queries.lists.values()))


def background_of(background: Any) -> list[Any] | None:
    """Return the one list in the field ``background``.

    Raises
    ------
    BadBackground
        The text holds several lists.
    InputError
        It cannot be read.
    """
    if not isinstance(background, str):
        return background  # type: ignore[no-any-return]
    lists = parse_lists(clean(background, "The background"), "The background")
    if len(lists) != 1:
        raise BadBackground(
            f"The background holds {len(lists)} lists.",
            value=len(lists),
            next_step="Give one list of all tested genes.",
        )
    return next(iter(lists.values()))


def is_long(query: Any, small: int = _SMALL) -> bool:
    """Return whether `query` holds more identifiers, or lists, than are answered in passing."""
    if isinstance(query, str):
        # Four characters make a short identifier with its separator.
        return len(query) > 4 * small or query.count("\n>") > _FEW
    lists = list(query.values()) if isinstance(query, Mapping) else [query]
    return len(lists) > _FEW or sum(map(len, lists)) > small
