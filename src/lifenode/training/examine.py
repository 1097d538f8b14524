"""What a page, file or snippet would give if it were harvested: nothing is kept and nothing is followed."""

from __future__ import annotations

from typing import Any

from lifenode._fetch import Fetcher, Limits
from lifenode.errors import FetchRefused
from lifenode.training.harvest import harvest
from lifenode.training.validation import web_address

_NO_ADDRESS = "snippet"


def examine(address: str, content: bytes | None, kind: str, limits: Limits) -> dict[str, Any]:
    """Return the report of a harvest of one page, as JSON takes it.

    Parameters
    ----------
    address
        Where it is; fetched where there is no `content`, else what relative addresses are resolved against.
    content
        The page, file or snippet.
    kind
        A name of `lifenode.training.ingest.kinds.READERS`; told from the content where none is given.
    limits
        What the fetch may take.

    Raises
    ------
    FetchRefused
        There is nothing to read, or the address may not be fetched.
    LifenodeError
        It cannot be fetched or read.
    """
    if content is None and not web_address(address):
        raise FetchRefused(
            f"{address[:80]!r} is no address of a page.", value=address, next_step="Begin it with https://."
        )
    fetcher = Fetcher(limits)
    made = harvest(
        address or _NO_ADDRESS,
        lambda url: fetcher.fetch(url).content,
        kind=kind,
        content=content,
        one_page=True,
        most_pages=1,
    )
    return made.to_dict()
