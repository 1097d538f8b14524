"""Lists of a request, as the library takes them; text of a request is never a path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifenode.errors import BadBackground
from lifenode.genes.byte_input import clean
from lifenode.genes.lists import Queries, TableOptions, read_text
from lifenode.genes.text_lists import parse_lists

_SMALL = 2_000
_FEW = 5


def lists_of(query: Any, *, ordered: bool = False) -> Queries:
    """Return the lists in the field ``query``: a list, text, or lists by name.

    Raises
    ------
    InputError
        The text cannot be read.
    """
    if isinstance(query, str):
        return read_text(query, options=TableOptions(ordered=ordered))
    if isinstance(query, Mapping):
        return Queries(dict(query), kind="lists")
    return Queries({"": query})


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
