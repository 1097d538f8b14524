"""What names belong to: registered vocabularies, standards of a field, persistent identifiers, licences, formats.

The lists stand in for the registries that online checkers ask. They hold what life-science pages use; a name outside
them is reported as unknown, not as wrong.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from lifenode.registry.namespaces import CITATION, HTML_META, PREFIXES, RELATION

VOCABULARIES = frozenset({
    *PREFIXES.values(), "http://edamontology.org/", "http://www.w3.org/ns/org#", "http://www.w3.org/ns/adms#",
    "http://www.w3.org/ns/locn#", "http://www.w3.org/2003/01/geo/wgs84_pos#", "http://www.w3.org/2006/vcard/ns#",
    "http://www.w3.org/2006/time#", "http://www.w3.org/ns/sosa/", "http://www.w3.org/ns/ssn/", "http://www.w3.org/ns/oa#",
    "http://www.w3.org/2007/05/powder-s#", "http://rs.tdwg.org/dwc/terms/", "http://rs.tdwg.org/dwc/iri/",
    "http://purl.uniprot.org/core/", "http://semanticscience.org/resource/", "http://identifiers.org/",
    "http://www.ebi.ac.uk/efo/", "http://purl.org/spar/cito/", "http://purl.org/spar/fabio/",
    "http://purl.org/ontology/bibo/", "http://purl.org/vocab/vann/", "http://www.w3.org/ns/sparql-service-description#",
    "http://purl.org/rss/1.0/modules/content/", "http://purl.org/goodrelations/v1#", "http://purl.org/dc/dcmitype/",
    "http://purl.org/dc/dcam/", "http://spdx.org/rdf/terms#", "http://purl.org/linked-data/cube#",
    "http://dbpedia.org/ontology/", "http://www.cidoc-crm.org/cidoc-crm/", "http://www.w3.org/ns/csvw#",
    "http://rdfs.org/sioc/types#", "https://w3id.org/ro/crate/", "https://w3id.org/ro/terms/",
})  # fmt: skip
"""Namespaces of registered vocabularies."""

PLUMBING = frozenset(PREFIXES[name] for name in ("rdf", "rdfs", "xsd", "owl", "xhv")) | {
    "http://www.w3.org/2007/05/powder-s#"
}
"""Namespaces every RDF document may use, which say nothing of a field."""

FIELD_STANDARDS = {
    "https://bioschemas.org/": "Bioschemas", "http://bioschemas.org/": "Bioschemas",
    "http://edamontology.org/": "EDAM", "http://purl.obolibrary.org/obo/": "OBO",
    "http://rs.tdwg.org/dwc/": "Darwin Core", "http://purl.uniprot.org/core/": "UniProt core",
    "http://www.ebi.ac.uk/efo/": "EFO", "http://semanticscience.org/resource/": "SIO",
}  # fmt: skip
"""Metadata standards of the life sciences by the start of their names."""

GENERAL_STANDARDS = {
    "http://schema.org/": "schema.org", PREFIXES["dcat"]: "DCAT", PREFIXES["dct"]: "Dublin Core",
    PREFIXES["dc"]: "Dublin Core", "http://www.w3.org/2006/vcard/ns#": "vCard", PREFIXES["void"]: "VoID",
    PREFIXES["prov"]: "PROV",
}  # fmt: skip
"""Metadata standards for all fields."""

_PERSISTENT = (
    re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?10\.\d{4,9}/\S+$", re.IGNORECASE),
    re.compile(r"(?:https?://hdl\.handle\.net/|hdl:)[^/\s]+/\S+$", re.IGNORECASE),
    re.compile(r"(?:https?://[^/\s]+/)?ark:/?\d{5,}/\S+$", re.IGNORECASE),
    re.compile(r"https?://(?:purl\.(?:org|obolibrary\.org|uniprot\.org)|w3id\.org|identifiers\.org|n2t\.net)/\S+$"),
    re.compile(r"urn:(?!lifenode)[a-z0-9][a-z0-9-]{1,31}:\S+$", re.IGNORECASE),
    re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/Q\d+$"),
)
_UNIQUE = (
    re.compile(r"[a-z][a-z0-9+.-]*://[^\s/]+\S*$", re.IGNORECASE),
    re.compile(r"(?:urn:uuid:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE),
    re.compile(r"(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$", re.IGNORECASE),
)

_KNOWN_HOSTS = frozenset({
    "identifiers.org", "doi.org", "dx.doi.org", "orcid.org", "ror.org", "w3id.org", "purl.org", "purl.obolibrary.org",
    "purl.uniprot.org", "edamontology.org", "bio.tools", "fairsharing.org", "www.wikidata.org",
    "pubmed.ncbi.nlm.nih.gov",
    "www.ncbi.nlm.nih.gov", "hdl.handle.net", "n2t.net", "www.uniprot.org", "rdf.ebi.ac.uk", "www.re3data.org",
    "europepmc.org", "www.grid.ac", "bioregistry.io", "isni.org", "spdx.org",
})  # fmt: skip

_SPDX = frozenset({
    "0BSD", "AFL-3.0", "AGPL-3.0", "Apache-2.0", "Artistic-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0",
    "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0", "CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0",
    "CC-BY-ND-3.0", "CC-BY-ND-4.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0", "CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0",
    "CDDL-1.0", "CECILL-2.1", "EPL-2.0", "EUPL-1.2", "GPL-2.0", "GPL-3.0", "ISC", "LGPL-2.1", "LGPL-3.0", "MIT",
    "MPL-2.0", "ODbL-1.0", "ODC-By-1.0", "OGL-UK-3.0", "PDDL-1.0", "Unlicense", "WTFPL", "Zlib",
})  # fmt: skip
_SPDX_BY_FOLDED = {name.lower(): name for name in _SPDX}
_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(licenses|publicdomain)/([a-z-]+)/([\d.]+)", re.IGNORECASE
)
_LICENCE_PAGES = re.compile(
    r"https?://(?:www\.)?(?:spdx\.org/licenses|opensource\.org/licenses?|choosealicense\.com/licenses)/([A-Za-z0-9.+-]+)",
    re.IGNORECASE,
)

_OPEN_FORMATS = re.compile(
    r"(?:text/|image/(?:png|tiff|svg\+xml|jpeg)|application/(?:json|ld\+json|xml|rdf\+xml|n-triples|gzip|zip|x-tar|pdf|x-hdf5?"
    r"|x-netcdf|vnd\.apache\.parquet|x-bam|vnd\.oasis\.\S+|fasta|x-fasta))|^(?:csv|tsv|json|xml|fasta|fastq|gff3?|gtf|vcf|bam|"
    r"bed|pdb|mmcif|sdf|obo|owl|ttl|turtle|netcdf|hdf5?|parquet|txt)$|edamontology\.org/format_",
    re.IGNORECASE,
)

SCHEMES = frozenset({"http", "https", "ftp", "ftps", "sftp", "s3", "gs", "coap", "svn", "git", "ws", "wss"})
"""Schemes of standard protocols."""

AUTHENTICATING = frozenset({"http", "https", "ftp", "ftps", "sftp", "s3", "gs", "ws", "wss"})
"""Those of them that can ask who is there."""


def is_unique(text: str) -> bool:
    """Say whether a text has the form of an identifier that is unique in the world: an address, UUID, hash or PID."""
    return is_persistent(text) or any(form.match(text.strip()) for form in _UNIQUE)


def is_persistent(text: str) -> bool:
    """Say whether a text has the form of a persistent identifier (DOI, Handle, ARK, PURL, w3id, URN)."""
    return any(form.match(text.strip()) for form in _PERSISTENT)


def namespace_of(iri: str) -> str | None:
    """Return the registered vocabulary that a name belongs to, or None."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    while cut > 8:
        if iri[:cut] in VOCABULARIES:
            return iri[:cut]
        cut = iri.rfind("/", 0, cut - 1) + 1
    return None


def is_own(iri: str) -> bool:
    """Say whether a name is one of our stand-ins for tags without a vocabulary."""
    return iri.startswith((CITATION, HTML_META, RELATION, "urn:lifenode:"))


def host_of(iri: str) -> str:
    """Return the host of an address in lower case, "" where there is none."""
    try:
        return (urlsplit(iri).hostname or "").lower()
    except ValueError:
        return ""


def is_registered_host(iri: str) -> bool:
    """Say whether an address belongs to a provider of identifiers."""
    return host_of(iri) in _KNOWN_HOSTS


def scheme_of(iri: str) -> str:
    """Return the scheme of an address in lower case, "" where there is none."""
    scheme, colon, _ = iri.partition(":")
    return scheme.lower() if colon and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) else ""


def spdx_of(text: str) -> str | None:
    """Return the SPDX identifier of a licence given by name or address, or None."""
    given = text.strip().rstrip("/")
    found = _CREATIVE_COMMONS.match(given)
    if found:
        name = "CC0-1.0" if found[1].lower() == "publicdomain" else f"CC-{found[2].upper()}-{found[3]}"
        return _SPDX_BY_FOLDED.get(name.lower())
    page = _LICENCE_PAGES.match(given)
    name = page[1].removesuffix(".html") if page else re.sub(r"[\s_]+", "-", given)
    name = name.removesuffix("-only").removesuffix("-or-later")
    return _SPDX_BY_FOLDED.get(name.lower())


def is_open_format(text: str) -> bool:
    """Say whether a media type or an ending names an open, long-term or scientific format."""
    return _OPEN_FORMATS.search(text.strip()) is not None
