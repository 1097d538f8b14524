"""One extractor: what a document states in any syntax, as one graph with the place of every statement."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal
from urllib.parse import urljoin

from lifenode.errors import MissingPart, UnreadableInput
from lifenode.registry.jsonld import read_jsonld
from lifenode.registry.links import read_link_header, read_links, read_meta
from lifenode.registry.microdata import read_microdata
from lifenode.registry.namespaces import canonical
from lifenode.registry.rdfa import read_rdfa
from lifenode.registry.statements import Page, Statement, Trouble

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_RDF = {
    "text/turtle": "turtle", "application/x-turtle": "turtle", "application/rdf+xml": "xml",
    "application/n-triples": "nt",
}  # fmt: skip
_ENDINGS = {
    ".json": "application/ld+json", ".jsonld": "application/ld+json", ".ttl": "text/turtle",
    ".nt": "application/n-triples", ".rdf": "application/rdf+xml", ".owl": "application/rdf+xml",
}  # fmt: skip
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w.:-]+)""", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_page(
    content: bytes,
    url: str,
    *,
    media_type: str = "",
    headers: Mapping[str, str] | None = None,
    status: int | None = None,
    known_url: bool = True,
) -> Page:
    """Read a document.

    Parameters
    ----------
    content
        HTML, JSON-LD, Turtle, N-Triples or RDF/XML.
    url
        Its address; relative addresses are resolved against it.
    media_type
        As the server said; by default what the address ends in, or the first character is.
    headers
        Headers of the answer, by lower-case name; ``link`` is read.
    status
        HTTP status, if it was fetched.
    known_url
        False if `url` only stands for a file.

    Returns
    -------
    Page
        Its statements; what could not be read is in ``troubles``.

    Raises
    ------
    UnreadableInput
        The document is empty, or not text.
    MissingPart
        The library for its syntax is not installed.
    """
    given = {name.lower(): value for name, value in (headers or {}).items()}
    kind = (media_type or given.get("content-type", "")).partition(";")[0].strip().lower()
    text = _decoded(content, media_type or given.get("content-type", ""), url)
    kind = _kind(kind, url, text)
    if kind == "application/ld+json":
        statements, troubles = read_jsonld(text, url)
    elif kind in _RDF:
        statements, troubles = _read_rdf(text, url, _RDF[kind])
    else:
        statements, troubles = _read_html(text, url)
    statements += read_link_header(given.get("link", ""), url)
    return Page(
        url, tuple(dict.fromkeys(statements)), tuple(troubles), media_type=kind, status=status, known_url=known_url,
        headers=given,
    )  # fmt: skip


def _decoded(content: bytes, media_type: str, url: str) -> str:
    if not content.strip():
        raise UnreadableInput(f"{url} is empty.", value=url, next_step="Give the page as it is served.")
    if b"\0" in content[:4096] and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UnreadableInput(f"{url} is not text.", value=url, next_step="Give HTML, JSON-LD, Turtle or RDF/XML.")
    named = _CHARSET.search(media_type.encode("ascii", "ignore")) or _CHARSET.search(content[:4096])
    encodings = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    encodings += [named[1].decode()] if named else []
    for encoding in (*encodings, "utf-8"):
        try:
            return content.decode(encoding).removeprefix("\ufeff")
        except (LookupError, UnicodeDecodeError):
            continue
    return content.decode("cp1252", "replace")


def _kind(kind: str, url: str, text: str) -> str:
    start = text.lstrip()[:1]
    if kind in _RDF or kind == "application/ld+json":
        return kind
    if kind == "application/json" or (start in ("{", "[") and kind in ("", "text/plain")):
        return "application/ld+json"
    ending = re.search(r"\.\w+$", url.partition("#")[0].partition("?")[0])
    known = _ENDINGS.get(ending[0].lower()) if ending and not kind else None
    return known or "text/html"


def _read_html(text: str, url: str) -> tuple[list[Statement], list[Trouble]]:
    root = parse_html(text)
    found = root.find(".//base[@href]")
    base = urljoin(url, found.get("href") or "") if found is not None else url
    statements: list[Statement] = []
    troubles: list[Trouble] = []
    at = 0
    for number, script in enumerate(root.iter("script"), start=1):
        if (script.get("type") or "").partition(";")[0].strip().lower() != "application/ld+json" or not script.text:
            continue
        place = text.find(script.text, at)
        line = text.count("\n", 0, place) + 1 if place >= 0 else script.sourceline or 1
        at = max(place, at)
        stated, faults = read_jsonld(script.text, base, name=f"j{number}", first_line=line)
        statements += stated
        troubles += faults
    statements += read_rdfa(root, base)
    statements += read_microdata(root, base)
    statements += read_meta(root, url)
    statements += read_links(root, url, base)
    return statements, troubles


def parse_html(text: str) -> HtmlElement:
    """Return the ``html`` element of a page; nothing it names is fetched.

    Raises
    ------
    UnreadableInput
        There is no element in it.
    MissingPart
        lxml is not installed.
    """
    try:
        from lxml import etree, html
    except ImportError as error:
        raise MissingPart.library("lxml", "Reading of web pages", "registry") from error
    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    try:
        root = html.document_fromstring(_DECLARATION.sub("", text).encode("utf-8", "replace"), parser=parser)
    except etree.ParserError as error:
        raise UnreadableInput("There is no mark-up in the page.", next_step="Give the page as it is served.") from error
    return root


def _silence(_record: logging.LogRecord) -> bool:
    return False


def _read_rdf(text: str, url: str, syntax: str) -> tuple[list[Statement], list[Trouble]]:
    try:
        import rdflib
    except ImportError as error:
        raise MissingPart.library("rdflib", "Reading of Turtle and RDF/XML", "registry") from error
    if syntax == "xml" and "<!ENTITY" in text:
        return [], [Trouble(0, "RDF/XML that defines entities is not read")]
    graph = rdflib.Graph()
    # It writes about every odd address to standard error, where it says nothing of use.
    speaker = logging.getLogger("rdflib.term")
    speaker.addFilter(_silence)
    try:
        graph.parse(data=text, format=syntax, publicID=url)
    except Exception as error:  # noqa: BLE001 - rdflib raises what its parsers and theirs raise
        return [], [Trouble(0, f"RDF that cannot be parsed: {' '.join(str(error).split())[:200]}")]
    finally:
        speaker.removeFilter(_silence)
    found = []
    for subject, predicate, value in graph:
        kind: Literal["iri", "blank", "text"]
        kind = "iri" if isinstance(value, rdflib.URIRef) else "blank" if isinstance(value, rdflib.BNode) else "text"
        shown = f"_:{value}" if kind == "blank" else str(value)
        start = f"_:{subject}" if isinstance(subject, rdflib.BNode) else canonical(str(subject))
        name = canonical(str(predicate))
        found.append(Statement(start, name, canonical(shown) if kind == "iri" else shown, kind, "rdf"))
    return sorted(found, key=lambda one: (one.subject, one.predicate, one.object)), []
