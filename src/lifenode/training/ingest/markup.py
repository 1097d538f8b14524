"""Mark-up in pages: what JSON-LD, microdata, RDFa and RDF/XML say, as one graph."""

from __future__ import annotations

import html
import json
import re
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from lifenode.training.clean import absolute
from lifenode.training.ingest.linked_data import Graph, shorten
from lifenode.training.ingest.reading import text_of

_COMMENTS = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")
# Most pages with RDFa describe only themselves; reading it takes longer than all the rest.
_RDFA_TYPES = re.compile(
    r"""typeof\s*=\s*["']?[^"'>]*(?:Event|Course|CourseInstance|LearningResource|Work|Material)\b"""
)
_SCHEMA_NAMES = re.compile(r"(?i)schema\.org|bioschemas\.org")


def graph_of(content: bytes, base: str) -> tuple[Graph, list[str]]:
    """Return the linked data of a page or a JSON-LD file, and what of it could not be read.

    Parameters
    ----------
    content
        A page, or JSON-LD where the first character is a bracket.
    base
        The address it came from; relative addresses are resolved against it, or against the page's ``<base>``.
    """
    text = text_of(content)
    if text.lstrip()[:1] in ("{", "["):
        graph = Graph(base)
        faults: list[str] = []
        _add_json(graph, text, "The file", faults)
        return graph, faults
    return _page(text, base)


def rdf_graph(element: etree._Element, base: str) -> Graph:
    """Return the graph of an RDF/XML element."""
    from rdflib import Graph as Triples
    from rdflib import Literal
    from rdflib.namespace import RDF

    triples = Triples()
    triples.parse(data=etree.tostring(element), format="xml", publicID=base)
    graph = Graph(base)
    for subject, predicate, value in triples:
        node = graph.node(str(subject) if "://" in str(subject) else f"_:{subject}")
        if predicate == RDF.type:
            node.types.add(shorten(str(value)))
        elif isinstance(value, Literal):
            node.add(shorten(str(predicate)), str(value))
        else:
            other = graph.node(str(value) if "://" in str(value) else f"_:{value}")
            other.nested = True
            node.add(shorten(str(predicate)), other)
    for node in graph:
        for values in node.values.values():
            values.sort(key=lambda value: value if isinstance(value, str) else value.text("name"))
    return graph


def _page(text: str, base: str) -> tuple[Graph, list[str]]:
    faults: list[str] = []
    try:
        document = lxml_html.document_fromstring(text.encode(), parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return Graph(base), ["The page has no content."]
    declared = document.find(".//base")
    graph = Graph(base)
    if declared is not None and declared.get("href"):
        graph.base = absolute(declared.get("href"), base)
    for number, script in enumerate(document.iter("script"), 1):
        if (script.get("type") or "").split(";")[0].strip().lower() == "application/ld+json":
            _add_json(graph, script.text_content(), f"The JSON-LD of script {number}", faults)
    if _SCHEMA_NAMES.search(text):
        if "itemtype" in text:
            _add_microdata(graph, document)
        if _RDFA_TYPES.search(text):
            _add_rdfa(graph, text, faults)
    return graph, faults


def _add_json(graph: Graph, text: str, what: str, faults: list[str]) -> None:
    last = ""
    for candidate in _readings(text):
        try:
            graph.add_json_ld(json.loads(candidate, strict=False))
        except (ValueError, RecursionError) as error:
            last = last or ("it is nested too deeply" if isinstance(error, RecursionError) else str(error))
        else:
            return
    faults.append(f"{what} cannot be read: {last}.")


def _readings(text: str) -> list[str]:
    """Return the text as it is, and without the slips that are common and plain: comments, a last comma, entities."""
    bare = _COMMENTS.sub("", _COMMENTS.sub("", text.strip())).strip()
    tidy = _TRAILING_COMMA.sub(r"\1", bare)
    return list(dict.fromkeys([text, bare, tidy, html.unescape(tidy)]))


def _add_microdata(graph: Graph, document: Any) -> None:
    from extruct.w3cmicrodata import MicrodataExtractor

    for item in MicrodataExtractor(nested=True).extract_items(document, base_url=graph.base):
        graph.add_json_ld(_as_json_ld(item))


def _as_json_ld(item: Any) -> Any:
    if isinstance(item, list):
        return [_as_json_ld(part) for part in item]
    if not isinstance(item, dict):
        return item
    shown = {name: _as_json_ld(value) for name, value in item.get("properties", {}).items()}
    for name in ("id", "type"):
        if item.get(name):
            shown[f"@{name}"] = item[name]
    return shown


def _add_rdfa(graph: Graph, text: str, faults: list[str]) -> None:
    from extruct.rdfa import RDFaExtractor

    try:
        found = RDFaExtractor().extract(text, base_url=graph.base)
    except Exception as error:  # noqa: BLE001 - the library raises what its parsers raise; a page must not stop a harvest
        faults.append(f"The RDFa cannot be read: {type(error).__name__}.")
        return
    graph.add_json_ld(found)
