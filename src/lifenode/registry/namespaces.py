"""Namespaces: where they live, and the prefixes that pages may use without declaring them."""

from __future__ import annotations

SCHEMA = "http://schema.org/"
DCT = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XHV = "http://www.w3.org/1999/xhtml/vocab#"
RELATION = "http://www.iana.org/assignments/relation/"
CITATION = "urn:lifenode:citation:"
"""Stand-in for Highwire ``citation_*`` meta tags, which have no namespace."""

HTML_META = "urn:lifenode:meta:"
"""Stand-in for the ``description``, ``keywords`` and ``author`` meta tags of HTML."""

TYPE = f"{RDF}type"

PREFIXES = {
    "bioschemas": "https://bioschemas.org/",
    "cc": "http://creativecommons.org/ns#",
    "dc": DC,
    "dc11": DC,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": DCT,
    "dct": DCT,
    "doap": "http://usefulinc.com/ns/doap#",
    "dqv": "http://www.w3.org/ns/dqv#",
    "edam": "http://edamontology.org/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "obo": "http://purl.obolibrary.org/obo/",
    "odrl": "http://www.w3.org/ns/odrl/2/",
    "og": "http://ogp.me/ns#",
    "article": "http://ogp.me/ns/article#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": RDF,
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sc": SCHEMA,
    "schema": SCHEMA,
    "sioc": "http://rdfs.org/sioc/ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xhv": XHV,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# Properties of schema.org whose values are addresses; every other value given as text is text.
ADDRESSES = frozenset({
    "acquireLicensePage", "additionalType", "codeRepository", "contentUrl", "discussionUrl", "downloadUrl", "embedUrl",
    "endpointURL", "image", "inDefinedTermSet", "installUrl", "isBasedOn", "license", "logo", "mainEntityOfPage",
    "publishingPrinciples", "relatedLink", "sameAs", "thumbnailUrl", "url", "usageInfo",
})  # fmt: skip


def canonical(iri: str) -> str:
    """Return an IRI with schema.org written in the one way that is compared."""
    for other in ("https://schema.org/", "http://www.schema.org/", "https://www.schema.org/"):
        if iri.startswith(other):
            return SCHEMA + iri[len(other) :]
    return iri


def local_name(iri: str) -> str:
    """Return what follows the last ``#``, ``/`` or ``:`` of an IRI."""
    return iri.replace("#", "/").replace(":", "/").rstrip("/").rpartition("/")[2]


def shortened(iri: str) -> str:
    """Return an IRI with its prefix where it has one (``schema:name``)."""
    for prefix in ("schema", "dct", "dc", "rdf", "og", "xhv", "dcat", "prov", "pav", "foaf"):
        if iri.startswith(PREFIXES[prefix]):
            return f"{prefix}:{iri[len(PREFIXES[prefix]) :]}"
    for start, prefix in ((CITATION, "citation_"), (HTML_META, "meta:"), (RELATION, "link:")):
        if iri.startswith(start):
            return prefix + iri[len(start) :]
    return iri
