"""The metadata formats of the repository: Dublin Core, and Bioschemas as RDF/XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from lifenode.training.ingest.bioschemas_own import FIELD_PREFIX
from lifenode.training.portal import Listed
from lifenode.training.publish_bioschemas import json_ld
from lifenode.training.records import Event

_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# Readers of linked data, TeSS among them, look for the names with http.
_SCHEMA = "http://schema.org/"
_DCT = "http://purl.org/dc/terms/"
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

FORMATS: Mapping[str, tuple[str, str]] = {
    "oai_dc": (_OAI_DC, "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"),
    "rdf": (_RDF, "http://www.openarchives.org/OAI/2.0/rdf.xsd"),
}
"""Namespace and schema of each format by its prefix."""


def metadata(prefix: str, listed: Listed, address: str) -> etree._Element:
    """Return a record in a format of `FORMATS`; `address` is that of its page."""
    return _rdf(listed, address) if prefix == "rdf" else _dublin_core(listed)


def _dublin_core(listed: Listed) -> etree._Element:
    root = etree.Element(f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC})
    for name, text in _statements(listed):
        if text:
            etree.SubElement(root, f"{{{_DC}}}{name}").text = _CONTROL.sub("", text)
    return root


def _statements(listed: Listed) -> Iterator[tuple[str, str]]:
    record = listed.record
    yield "title", record.title
    yield "description", record.description
    yield "identifier", record.url
    yield from (("subject", text) for text in record.keywords)
    yield from (("contributor", person.name) for person in record.contributors)
    yield "language", record.language
    if isinstance(record, Event):
        yield "type", "Event"
        yield "publisher", record.organizer or listed.provider
        yield from (("date", moment.to_text()) for moment in (record.start, record.end) if moment)
        return
    yield "identifier", f"https://doi.org/{record.doi}" if record.doi else ""
    yield "publisher", listed.provider
    yield from (("type", text) for text in record.resource_type)
    yield from (("creator", person.name) for person in record.authors)
    yield "rights", record.licence
    yield "date", record.date_published or record.date_created
    yield "date", record.date_modified


def _rdf(listed: Listed, address: str) -> etree._Element:
    made = json_ld(listed, address)
    # The name it has in this repository takes the place of the one it had elsewhere, so that its deletion is seen.
    own = f"{FIELD_PREFIX}external_id"
    held = [one for one in made.pop("additionalProperty", []) if one["propertyID"] != own]
    root = etree.Element(f"{{{_RDF}}}RDF", nsmap={"rdf": _RDF, "schema": _SCHEMA, "dct": _DCT})
    _add_node(root, {**made, **({"additionalProperty": held} if held else {})})
    return root


def _add_node(parent: etree._Element, node: Mapping[str, Any]) -> None:
    """Add a node of our JSON-LD, which is a tree of short names, as an element of its type."""
    element = etree.SubElement(parent, f"{{{_SCHEMA}}}{node['@type']}")
    if node.get("@id"):
        element.set(f"{{{_RDF}}}about", _CONTROL.sub("", node["@id"]))
    for name, value in node.items():
        if not name.startswith("@"):
            for one in value if isinstance(value, list) else [value]:
                held = etree.SubElement(element, _named(name))
                if isinstance(one, Mapping):
                    _add_node(held, one)
                else:
                    held.text = _CONTROL.sub("", str(one))


def _named(name: str) -> str:
    return f"{{{_DCT}}}{name.removeprefix('dct:')}" if name.startswith("dct:") else f"{{{_SCHEMA}}}{name}"
