"""The twelve metrics of FAIR-Checker, 0 to 2 points each, from a document and bundled lists of vocabularies.

A strong test brings 2 points, a weak one 1. They look at RDF in the page (JSON-LD, RDFa, microdata), not at meta tags.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from lifenode.registry.findings import Finding, failed, passed, unknown
from lifenode.registry.namespaces import DCT, PREFIXES, SCHEMA, TYPE, XHV
from lifenode.registry.statements import Page, Statement
from lifenode.registry.vocabularies import host_of, is_registered_host, namespace_of

_DCAT = PREFIXES["dcat"]
IDENTIFIERS = frozenset({f"{DCT}identifier", f"{SCHEMA}identifier"})
DESCRIPTIONS = frozenset(
    {f"{DCT}title", f"{DCT}description"}
    | {_DCAT + name for name in ("accessURL", "downloadURL", "endpointDescription", "endpointURL")}
)
RIGHTS = frozenset({
    f"{PREFIXES['odrl']}hasPolicy", f"{DCT}rights", f"{DCT}accessRights", f"{DCT}license", f"{SCHEMA}license",
})  # fmt: skip
LICENCES = frozenset({
    f"{SCHEMA}license", f"{DCT}license", f"{PREFIXES['doap']}license", "http://dbpedia.org/ontology/license",
    f"{PREFIXES['cc']}license", f"{XHV}license", "http://purl.org/sto#license", "http://purl.org/nie#license",
})  # fmt: skip
PROVENANCE = frozenset(
    {SCHEMA + name for name in ("creator", "author", "publisher", "provider", "funder")}
    | {DCT + name for name in ("creator", "contributor", "publisher", "source", "provenance", "created", "issued",
                               "modified", "rightsHolder", "isVersionOf")}
    | {PREFIXES["prov"] + name for name in ("wasGeneratedBy", "wasDerivedFrom", "wasAttributedTo", "used",
                                            "wasInformedBy", "wasAssociatedWith", "startedAtTime", "endedAtTime")}
    | {PREFIXES["pav"] + name for name in ("hasVersion", "isVersionOf", "version", "createdBy", "createdOn",
                                           "derivedFrom", "authoredBy")}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Points:
    """The points of a metric: 0, 1 or 2, or None where the document cannot tell."""

    points: int | None
    finding: Finding


def _first(page: Page, predicates: Iterable[str]) -> Statement | None:
    wanted = frozenset(predicates)
    return next((found for found in page.embedded() if found.predicate in wanted), None)


def _fetched(page: Page, good: Callable[[int], bool]) -> Points:
    if page.status is None:
        return Points(None, unknown("the document was not fetched", "Give its address instead of a file."))
    if good(page.status):
        return Points(2, passed(f"the server answered {page.status}"))
    return Points(0, failed(f"the server answered {page.status}", "Let the address lead to the page."))


def _identified(page: Page) -> Points:
    strong = _first(page, IDENTIFIERS)
    if strong is not None:
        return Points(2, passed(strong))
    for found in page.embedded():
        if any(is_registered_host(name) for name in (found.subject, found.object if found.kind == "iri" else "")):
            return Points(1, passed(found))
    return Points(0, failed("no identifier property and no known provider", 'Add "identifier".'))


def _described(page: Page) -> Points:
    strong = _first(page, DESCRIPTIONS)
    if strong is not None:
        return Points(2, passed(strong))
    weak = next(iter(page.embedded()), None)
    if weak is not None:
        return Points(1, passed(weak))
    return Points(0, failed("no RDF in the page", "Embed schema.org as JSON-LD."))


def _vocabulary(page: Page) -> Points:
    names: dict[str, Statement] = {}
    for found in page.embedded():
        names.setdefault(found.predicate, found)
        if found.predicate == TYPE and found.kind == "iri":
            names.setdefault(found.object, found)
    known = [found for name, found in names.items() if namespace_of(name)]
    if not known:
        return Points(0, failed("no class or property of a registered vocabulary", "Use schema.org or EDAM terms."))
    if len(known) < len(names):
        other = next(name for name in names if not namespace_of(name))
        finding = Finding("pass", known[0], f"{other} is of no registered vocabulary; with all known it would be 2.")
        return Points(1, finding)
    return Points(2, passed(known[0]))


def _one_of(page: Page, predicates: frozenset[str], reason: str, fix: str) -> Points:
    found = _first(page, predicates)
    return Points(2, passed(found)) if found is not None else Points(0, failed(reason, fix))


def _linked(page: Page) -> Points:
    hosts: dict[str, Statement] = {}
    for found in page.embedded():
        for name in (found.subject, found.object if found.kind == "iri" and found.predicate != TYPE else ""):
            if host_of(name):
                hosts.setdefault(host_of(name), found)
    if len(hosts) > 3:
        return Points(2, passed(list(hosts.values())[3]))
    shown = ", ".join(hosts) or "none"
    return Points(0, failed(f"{len(hosts)} hosts are linked ({shown}), 4 are needed", "Link to related records."))


_RIGHTS_FIX = 'Add "license" with the address of an SPDX licence.'

METRICS: Mapping[str, tuple[str, Callable[[Page], Points]]] = {
    "F1A": ("The address works", lambda page: _fetched(page, lambda status: status == 200)),
    "F1B": ("Identifiers are persistent", _identified),
    "F2A": ("There is structured metadata", _described),
    "F2B": ("Metadata use shared vocabularies", _vocabulary),
    "A1.1": ("The protocol is open", lambda page: _fetched(page, lambda status: status != 404)),
    "A1.2": ("Access rights are stated", lambda page: _one_of(page, RIGHTS, "no rights are stated", _RIGHTS_FIX)),
    "I1": ("Metadata are machine-readable", _described),
    "I2": ("Vocabularies are FAIR", _vocabulary),
    "I3": ("There are links to other hosts", _linked),
    "R1.1": ("There is a licence", lambda page: _one_of(page, LICENCES, "no licence is stated", _RIGHTS_FIX)),
    "R1.2": (
        "Provenance is stated",
        lambda page: _one_of(page, PROVENANCE, "no provenance is stated", 'Add "creator" or "publisher".'),
    ),
    "R1.3": ("Community standards are used", _vocabulary),
}
"""Name and test of each metric, in the order of the published matrix."""


def check(page: Page) -> dict[str, Points]:
    """Return the points of a page for each metric.

    Notes
    -----
    The published tool asks registries for vocabularies (F2B, I2, R1.3) and identifier providers (F1B); here bundled
    lists answer. I3 counts hosts as its code does: more than three.
    """
    return {name: test(page) for name, (_, test) in METRICS.items()}
