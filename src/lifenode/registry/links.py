"""Meta tags, typed links and the Link header (signposting, RFC 8288) to statements about the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lifenode.registry.namespaces import CITATION, DC, DCT, HTML_META, RELATION, canonical
from lifenode.registry.statements import Statement, Syntax

if TYPE_CHECKING:
    from lxml.html import HtmlElement

RELATIONS = frozenset(
    {"author", "cite-as", "collection", "describedby", "describes", "item", "license", "type", "alternate"}
)
"""Relations of signposting, and two that every page may have."""

FORMAT_OF = "urn:lifenode:format-of:"
"""Stand-in predicate: followed by an address, it states the media type a link gives for it."""

_HTML = frozenset({"author", "description", "keywords"})
_STARTS = (("dcterms.", DCT), ("dct.", DCT), ("dc.", DC), ("citation_", CITATION))
_LINK = re.compile(r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\",;]+))?)*)")
_PARAMETER = re.compile(r";\s*([\w*-]+)\s*=\s*(?:\"([^\"]*)\"|([^\s\",;]+))")


def read_meta(root: HtmlElement, url: str) -> list[Statement]:
    """Return what the ``meta`` tags of a page say of it: Dublin Core, Highwire, description, keywords, author."""
    found = []
    for element in root.iter("meta"):
        name = (element.get("name") or "").strip()
        value = (element.get("content") or "").strip()
        predicate = _predicate(name)
        if predicate and value:
            kind = _kind(value)
            found.append(Statement(url, predicate, value, kind, "meta", element.sourceline or 0))
    return found


def _kind(value: str) -> Literal["iri", "text"]:
    return "iri" if re.match(r"https?://\S+$", value) else "text"


def _predicate(name: str) -> str | None:
    folded = name.lower()
    if folded in _HTML:
        return HTML_META + folded
    for start, namespace in _STARTS:
        if folded.startswith(start) and len(folded) > len(start):
            # DC.Date.Issued and the like refine the element named last.
            parts = name[len(start) :].split(".")
            return namespace + parts[-1][:1].lower() + parts[-1][1:]
    return None


def read_links(root: HtmlElement, url: str, base: str) -> list[Statement]:
    """Return the typed links in the head of a page."""
    found: list[Statement] = []
    for element in root.iter("link"):
        address = element.get("href")
        if address:
            names = (element.get("rel") or "").lower().split()
            found += _stated(names, address, element.get("type") or "", url, base, "link", element.sourceline or 0)
    return found


def read_link_header(header: str, url: str) -> list[Statement]:
    """Return the typed links of a Link header whose context is the page itself."""
    found: list[Statement] = []
    for target, parameters in _LINK.findall(header):
        given = {name.lower(): quoted or plain for name, quoted, plain in _PARAMETER.findall(parameters)}
        if given.get("anchor") and urljoin(url, given["anchor"]) != url:
            continue
        names = given.get("rel", "").lower().split()
        found += _stated(names, target, given.get("type", ""), url, url, "header", 0)
    return found


def _stated(
    names: list[str], target: str, media_type: str, url: str, base: str, syntax: Syntax, line: int
) -> list[Statement]:
    try:
        address = canonical(urljoin(base, target.strip()))
    except ValueError:
        return []
    found = [Statement(url, RELATION + name, address, "iri", syntax, line) for name in names if name in RELATIONS]
    if found and media_type:
        found.append(Statement(url, FORMAT_OF + address, media_type.strip().lower(), "text", syntax, line))
    return found
