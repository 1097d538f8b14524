"""Facts about one thing, found at once; only what an organism's indexes cost when first made is left to a process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from starlette.requests import Request

from lifenode.packs.find import pack_folder
from lifenode.web.node import node_of

FORMATS = ("json", "tsv", "csv", "jsonl", "parquet")
"""Endings of an address that ask for data."""

_seen: set[tuple[str, Path]] = set()


async def facts(
    request: Request, function: Callable[..., Any], /, *args: Any, organisms: Iterable[str], large: bool = False
) -> Any:
    """Return ``function(*args)``, worked out in this process if it did the same for all these organisms before.

    Parameters
    ----------
    function
        Importable by name; arguments and result can be pickled.
    organisms
        Whose packs it opens.
    large
        Whether it is to be left to a process in any case.
    """
    needed = {(function.__qualname__, pack_folder(organism)) for organism in organisms}
    node = node_of(request)
    new = not needed <= _seen
    # Indexes are made once on a machine, and there is no other way to an answer than to wait for them.
    seconds = node.config.client_seconds if new else None
    answer = await node.desk.run(function, *args, large=large or new, seconds=seconds)
    _seen.update(needed)
    return answer


def split_format(text: str) -> tuple[str, str]:
    """Return the name and the ending of an address, as in ``GO:0006954.tsv``; no ending where it is not of data."""
    name, _, ending = text.rpartition(".")
    return (name, ending) if name and ending in FORMATS else (text, "")
