"""The FsF 0.8 metrics that can be judged from a document alone, without the network.

Each function answers one test of the metrics of FAIRsFAIR (doi:10.5281/zenodo.15045911). What needs the network is
``not assessable`` unless the fetch itself shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lifenode.registry.findings import Finding, failed, needs, passed, unknown
from lifenode.registry.links import FORMAT_OF
from lifenode.registry.metadata import FIELDS, Metadata
from lifenode.registry.namespaces import PREFIXES, RELATION, TYPE
from lifenode.registry.statements import Statement
from lifenode.registry.vocabularies import (
    AUTHENTICATING,
    FIELD_STANDARDS,
    GENERAL_STANDARDS,
    PLUMBING,
    SCHEMES,
    is_open_format,
    is_own,
    is_persistent,
    is_unique,
    namespace_of,
    scheme_of,
)

CITATION_CORE = ("creator", "title", "object_identifier", "publication_date", "publisher", "object_type")
CORE = (*CITATION_CORE, "summary", "keywords")
_PROVENANCE = ("contributor", "creator", "publisher", "created_date", "publication_date", "modified_date", "derivation")
_RDF_TYPES = ("json", "turtle", "rdf", "n-triples", "n3", "trig")
_FORMAL = ("http://www.w3.org/ns/prov#", "http://purl.org/pav/")

_PROPERTY = {
    "creator": '"creator" or "author"', "title": '"name"', "object_identifier": '"identifier"',
    "publication_date": '"datePublished"', "publisher": '"publisher"', "object_type": '"@type"',
    "summary": '"description"', "keywords": '"keywords"',
}  # fmt: skip


def _identifiers(about: Metadata) -> list[Statement]:
    return [found for found in about.fields["object_identifier"] if not found.object.startswith("_:")]


def _unique(about: Metadata) -> Finding:
    if about.page.known_url and is_unique(about.page.url):
        return passed(f"the address {about.page.url}")
    found = next((one for one in _identifiers(about) if is_unique(one.object)), None)
    return needs(
        found, "no identifier with the form of an address, UUID, hash or PID", 'Add "identifier" with a full address.'
    )


def _persistent(about: Metadata) -> Finding:
    found = next((one for one in _identifiers(about) if is_persistent(one.object)), None)
    if found is None and about.page.known_url and is_persistent(about.page.url):
        return passed(f"the address {about.page.url}")
    return needs(found, "no DOI, Handle, ARK, PURL, w3id or URN", 'Add "identifier" with a DOI or another lasting one.')


def _registered(about: Metadata) -> Finding:
    if _persistent(about).outcome == "fail":
        return failed("no persistent identifier to look up", 'Add "identifier" with a DOI or another lasting one.')
    return unknown("whether it is registered is known by its resolver alone", "Resolve the identifier.")


def _data_identifier(about: Metadata, good: Callable[[str], bool], kind: str) -> Finding:
    found = next((one for one in _data_links(about) if good(one.object)), None)
    return needs(found, f"no {kind} identifier of the data", 'Add "distribution" with "contentUrl".')


def _data_links(about: Metadata) -> list[Statement]:
    return [found for found in about.fields["content"] if scheme_of(found.object) and found.object[:2] != "_:"]


def _has_all(about: Metadata, names: tuple[str, ...]) -> Finding:
    missing = [name for name in names if not about.fields[name]]
    if missing:
        words = ", ".join(_PROPERTY[name] for name in missing)
        return failed(f"missing: {', '.join(missing)}", f"Add {words}.")
    first = about.first(*names)
    return passed(first if first is not None else "all there")


def _content(about: Metadata) -> Finding:
    found = next(iter(_data_links(about)), None)
    return needs(found, "no link to the data itself", 'Add "distribution" with a DataDownload and its "contentUrl".')


def _searchable(about: Metadata) -> Finding:
    for found in about.page.statements:
        name = found.object if found.predicate == TYPE else found.predicate
        if found.syntax in ("json-ld", "rdfa", "microdata", "meta") and name.startswith(
            ("http://schema.org/", PREFIXES["dct"], PREFIXES["dc"], PREFIXES["dcat"])
        ):
            return passed(found)
    return failed("no Dublin Core, schema.org or DCAT in the page", "Embed schema.org as JSON-LD.")


def _access(about: Metadata) -> Finding:
    return needs(
        about.first("access"), "nothing is said about access", 'Add "isAccessibleForFree" or "conditionsOfAccess".'
    )


def _retrieved(about: Metadata) -> Finding:
    status = about.page.status
    if status is None:
        return unknown("the document was not fetched", "Give its address instead of a file.")
    if not 200 <= status < 300:
        return failed(f"the server answered {status}", "Let the address lead to the page.")
    return needs(next(iter(about.page.statements), None), "the page holds no metadata", "Embed schema.org as JSON-LD.")


def _data_retrieved(about: Metadata) -> Finding:
    if not _data_links(about):
        return failed("no link to the data", 'Add "distribution" with "contentUrl".')
    return unknown("the data are not fetched", "Fetch the data.")


def _scheme(about: Metadata, schemes: frozenset[str]) -> Finding:
    if about.page.known_url and scheme_of(about.page.url) in schemes:
        return passed(f"the address {about.page.url}")
    found = next((one for one in _identifiers(about) if scheme_of(one.object) in schemes), None)
    return needs(found, "no address with such a protocol", 'Add "url" with an https address.')


def _data_scheme(about: Metadata, schemes: frozenset[str]) -> Finding:
    found = next((one for one in _data_links(about) if scheme_of(one.object) in schemes), None)
    return needs(found, "no link to the data with such a protocol", 'Add "contentUrl" with an https address.')


def _embedded(about: Metadata) -> Finding:
    found = next(iter(about.page.embedded()), None)
    return needs(found, "no JSON-LD, RDFa or microdata in the page", "Embed schema.org as JSON-LD.")


def _typed_link(about: Metadata) -> Finding:
    page = about.page
    if page.media_type != "text/html" and page.embedded():
        return passed(f"the document is {page.media_type}")
    for found in page.of(page.url, (f"{RELATION}describedby", f"{RELATION}alternate")):
        kinds = [one.object for one in page.of(page.url, (FORMAT_OF + found.object,))]
        if any(name in kind for kind in kinds for name in _RDF_TYPES):
            return passed(found)
    return unknown(
        "content negotiation needs the server", 'Add <link rel="describedby" type="application/ld+json" href="...">.'
    )


def _names_used(about: Metadata) -> list[tuple[str, Statement]]:
    """Return the properties and classes of a page with their statements."""
    return [
        (found.object if found.predicate == TYPE else found.predicate, found)
        for found in about.page.embedded()
        if not is_own(found.predicate)
    ]


def _registered_terms(about: Metadata) -> Finding:
    for name, found in _names_used(about):
        namespace = namespace_of(name)
        if namespace and namespace not in PLUMBING:
            return passed(found)
    return failed("no property or class of a registered vocabulary", "Use schema.org, Dublin Core or EDAM terms.")


def _related(about: Metadata, *, links: bool) -> Finding:
    found = [one for one in about.fields["related"] if not links or _leads_somewhere(about, one)]
    kind = "by address" if links else "at all"
    return needs(
        next(iter(found), None), f"no related resource is named {kind}", 'Add "isPartOf", "citation" or "sameAs".'
    )


def _leads_somewhere(about: Metadata, found: Statement) -> bool:
    """Say whether a value is an address, or a node that has one."""
    if found.kind == "blank":
        return any(is_unique(one.object) for one in about.page.of(found.object, FIELDS["object_identifier"]))
    return found.kind == "iri" or is_unique(found.object)


def _type(about: Metadata) -> Finding:
    return needs(about.first("object_type"), "the kind of resource is not stated", 'Add "@type", such as Dataset.')


def _delivery(about: Metadata) -> Finding:
    if about.fields["service"]:
        return passed(about.fields["service"][0])
    missing = [name for name in ("content_size", "content_type") if not about.fields[name]]
    if missing:
        return failed(f"missing: {', '.join(missing)}", 'Add "contentSize" and "encodingFormat" to the "distribution".')
    return passed(about.fields["content_type"][0])


def _variables(about: Metadata) -> Finding:
    return needs(about.first("variables"), "no measured variable is named", 'Add "variableMeasured".')


def _licence(about: Metadata) -> Finding:
    return needs(about.first("license"), "no licence is stated", 'Add "license" with the address of an SPDX licence.')


def _provenance(about: Metadata) -> Finding:
    return needs(about.first(*_PROVENANCE), "nothing is said about origin", 'Add "creator" and "datePublished".')


def _formal_provenance(about: Metadata) -> Finding:
    found = next((one for name, one in _names_used(about) if name.startswith(_FORMAL)), None)
    return needs(found, "no PROV or PAV term", 'Add "prov:wasDerivedFrom" or "pav:createdBy".')


def _standard(about: Metadata, standards: Mapping[str, str]) -> Finding:
    for found in about.page.embedded():
        for name in (found.predicate, found.object if found.kind == "iri" else ""):
            if name.startswith(tuple(standards)):
                return passed(found)
    return failed(
        f"none of {', '.join(dict.fromkeys(standards.values()))}", 'Add "dct:conformsTo" with a Bioschemas profile.'
    )


def _format(about: Metadata) -> Finding:
    found = next((one for one in about.fields["content_type"] if is_open_format(one.object)), None)
    if found is None and _data_links(about) and not about.fields["content_type"]:
        return unknown("the format of the data is not stated", 'Add "encodingFormat" to the "distribution".')
    return needs(found, "no open or scientific format is stated", 'Add "encodingFormat", such as text/csv.')


TESTS: Mapping[str, Callable[[Metadata], Finding]] = {
    "FsF-F1-01MD-1": _unique,
    "FsF-F1-01MD-2": lambda about: _data_identifier(about, is_unique, "unique"),
    "FsF-F1-02MD-1": _persistent,
    "FsF-F1-02MD-2": _registered,
    "FsF-F1-02MD-4": lambda about: _data_identifier(about, is_persistent, "persistent"),
    "FsF-F1-02MD-5": _data_retrieved,
    "FsF-F2-01M-2": lambda about: _has_all(about, CITATION_CORE),
    "FsF-F2-01M-3": lambda about: _has_all(about, CORE),
    "FsF-F3-01M-2": _content,
    "FsF-F4-01M-1": _searchable,
    "FsF-A1-01M-1": _access,
    "FsF-A1-02MD-1": _retrieved,
    "FsF-A1-02MD-2": _data_retrieved,
    "FsF-A1.1-01MD-1": lambda about: _scheme(about, SCHEMES),
    "FsF-A1.1-01MD-2": lambda about: _data_scheme(about, SCHEMES),
    "FsF-A1.2-01MD-1": lambda about: _scheme(about, AUTHENTICATING),
    "FsF-A1.2-01MD-2": lambda about: _data_scheme(about, AUTHENTICATING),
    "FsF-I1-01M-1": _embedded,
    "FsF-I1-01M-2": _typed_link,
    "FsF-I2-01M-2": _registered_terms,
    "FsF-I3-01M-1": lambda about: _related(about, links=False),
    "FsF-I3-01M-2": lambda about: _related(about, links=True),
    "FsF-R1-01M-1": _type,
    "FsF-R1-01M-2": _delivery,
    "FsF-R1-01M-3": _variables,
    "FsF-R1.1-01M-1": _licence,
    "FsF-R1.2-01M-1": _provenance,
    "FsF-R1.2-01M-2": _formal_provenance,
    "FsF-R1.3-01M-1": lambda about: _standard(about, FIELD_STANDARDS),
    "FsF-R1.3-01M-3": lambda about: _standard(about, GENERAL_STANDARDS),
    "FsF-R1.3-02D-1": _format,
}
"""What answers each test of the table ``fsf.tsv``."""
