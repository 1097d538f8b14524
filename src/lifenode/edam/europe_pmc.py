"""Titles and abstracts of publications from Europe PMC, by DOI, PMID or PMCID; and whether they are about a tool.

Nothing is asked unless a caller names identifiers. Requests follow the rules of `lifenode._fetch`: public addresses
only, limits of size and time, a pause between requests.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlencode

from lifenode._fetch import Fetcher
from lifenode.edam.tokens import tokens
from lifenode.errors import FetchFailed, InvalidOption
from lifenode.settings import settings

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/[^\s\"<>]{1,200})", re.IGNORECASE)
_PMID = re.compile(r"(?:pmid:\s*)?([1-9]\d{0,8})", re.IGNORECASE)
_PMCID = re.compile(r"(?:pmcid:\s*)?(PMC\d{1,9})", re.IGNORECASE)
_MARK = re.compile(r"<[^<>]{0,200}>")
# Chosen on bio.tools; see `is_about`.
_IN_TITLE, _SHARED, _SHARE = 3, 3, 0.35


@dataclass(frozen=True, slots=True)
class Publication:
    """A publication: the identifier it was asked by, its title and abstract, plain text."""

    identifier: str
    title: str
    abstract: str


def query_of(identifier: str) -> str:
    """Return the question that Europe PMC answers with just one publication.

    Raises
    ------
    InvalidOption
        It is neither DOI, PMID nor PMCID.
    """
    text = identifier.strip()
    for pattern, form in ((_DOI, 'DOI:"{}"'), (_PMCID, "PMCID:{}"), (_PMID, "EXT_ID:{} AND SRC:MED")):
        found = pattern.fullmatch(text)
        if found:
            return form.format(found[1])
    raise InvalidOption(
        f"{identifier[:80]!r} is neither a DOI, a PMID nor a PMCID.", value=identifier,
        next_step="Write it as 10.1093/bioinformatics/bts635, 23104886 or PMC3530905.",
    )  # fmt: skip


def fetch_publications(identifiers: Sequence[str], fetcher: Fetcher | None = None) -> list[Publication]:
    """Fetch publications.

    Parameters
    ----------
    identifiers
        DOIs, PMIDs or PMCIDs, each with or without its prefix.
    fetcher
        What asks; one with the limits of the settings by default.

    Returns
    -------
    list of Publication
        In the order of the identifiers.

    Raises
    ------
    InvalidOption
        An identifier is none; nothing is asked then.
    FetchFailed, FetchRefused
        Europe PMC does not answer, or knows no such publication.
    """
    queries = [query_of(one) for one in identifiers]
    fetcher = fetcher or Fetcher(robots=False)
    return [_fetched(one, query, fetcher) for one, query in zip(identifiers, queries, strict=True)]


def _fetched(identifier: str, query: str, fetcher: Fetcher) -> Publication:
    asked = urlencode({"query": query, "format": "json", "resultType": "core", "pageSize": "1"})
    url = f"{settings().europe_pmc.rstrip('/')}/search?{asked}"
    content = fetcher.fetch(url).content
    try:
        results: list[dict[str, Any]] = json.loads(content)["resultList"]["result"]
        found = results[0] if results else None
        texts = [_plain(str(found.get(part) or "")) for part in ("title", "abstractText")] if found else []
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise FetchFailed(f"What Europe PMC answers to {identifier} cannot be read.", value=identifier) from error
    if not texts:
        raise FetchFailed(
            f"Europe PMC knows no publication {identifier[:80]!r}.", value=identifier,
            next_step="Check the identifier, or give title and abstract as text.",
        )  # fmt: skip
    return Publication(identifier.strip(), *texts)


def _plain(text: str) -> str:
    return " ".join(unescape(_MARK.sub(" ", text)).split())


def is_about(name: str, description: str, publication: Publication) -> bool:
    """Say whether a publication seems to be about a tool: it names it, or shares words with its description.

    A mistyped identifier leads to a publication about something else. Of 3,000 publications of bio.tools 88 % seem to
    be about their tool, where the others are mostly those of the platform it is part of; of as many that were dealt to
    another tool 4 % do. So it is a reason to look again, and no more.

    Parameters
    ----------
    name, description
        Of the tool.
    publication
        With its title.
    """
    wanted, title, abstract = tokens(name), tokens(publication.title), tokens(publication.abstract)
    if wanted and any(_holds(words, wanted) or "".join(wanted) in words for words in (title, abstract)):
        return True
    own = {*wanted, *tokens(description)}
    shared = len(own & {*title, *abstract})
    return len(own & set(title)) >= _IN_TITLE or (shared >= _SHARED and shared >= _SHARE * len(own))


def _holds(words: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(words[at : at + size]) == list(wanted) for at in range(len(words) - size + 1))
