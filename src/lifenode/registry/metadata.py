"""The metadata of a page: which node it is about, and what is said of it, field by field with the statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lifenode.registry.namespaces import (
    CITATION,
    DC,
    DCT,
    HTML_META,
    PREFIXES,
    RELATION,
    SCHEMA,
    TYPE,
    XHV,
    local_name,
)
from lifenode.registry.statements import Page, Statement

_DCAT, _OG, _PROV, _PAV = PREFIXES["dcat"], PREFIXES["og"], PREFIXES["prov"], PREFIXES["pav"]


def _in(namespace: str, names: str) -> tuple[str, ...]:
    return tuple(namespace + name for name in names.split())


def _dublin(names: str) -> tuple[str, ...]:
    return (*_in(DCT, names), *_in(DC, names))


FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": (*_in(SCHEMA, "name headline"), *_dublin("title"), _OG + "title", CITATION + "title"),
    "creator": (*_in(SCHEMA, "creator author"), *_dublin("creator"), *_in(CITATION, "author"), _PAV + "createdBy",
                HTML_META + "author", RELATION + "author"),
    "contributor": (*_in(SCHEMA, "contributor editor instructor performer"), *_dublin("contributor")),
    "publisher": (*_in(SCHEMA, "publisher provider organizer sourceOrganization"), *_dublin("publisher"),
                  CITATION + "publisher"),
    "publication_date": (*_in(SCHEMA, "datePublished"), *_dublin("issued date available"),
                         *_in(CITATION, "publication_date date online_date"),
                         PREFIXES["article"] + "published_time"),
    "created_date": (*_in(SCHEMA, "dateCreated"), *_dublin("created"), _PAV + "createdOn"),
    "modified_date": (*_in(SCHEMA, "dateModified"), *_dublin("modified"), PREFIXES["article"] + "modified_time"),
    "object_identifier": (*_in(SCHEMA, "identifier url"), *_dublin("identifier"), *_in(CITATION, "doi"),
                          RELATION + "cite-as", RELATION + "canonical", _OG + "url"),
    "object_type": (TYPE, *_dublin("type"), _OG + "type", RELATION + "type", SCHEMA + "learningResourceType"),
    "summary": (*_in(SCHEMA, "description abstract"), *_dublin("description abstract"), _OG + "description",
                HTML_META + "description", CITATION + "abstract"),
    "keywords": (*_in(SCHEMA, "keywords about"), *_dublin("subject"), _DCAT + "keyword", _DCAT + "theme",
                 HTML_META + "keywords", CITATION + "keywords"),
    "license": (SCHEMA + "license", *_dublin("license"), XHV + "license", PREFIXES["cc"] + "license",
                PREFIXES["doap"] + "license", RELATION + "license"),
    "access": (*_in(SCHEMA, "isAccessibleForFree conditionsOfAccess hasDigitalDocumentPermission"),
               *_dublin("accessRights rights"), PREFIXES["odrl"] + "hasPolicy"),
    "content": (*_in(SCHEMA, "distribution contentUrl downloadUrl encoding associatedMedia endpointURL"),
                *_in(_DCAT, "distribution downloadURL accessURL endpointURL"), RELATION + "item",
                CITATION + "pdf_url"),
    "content_type": (*_in(SCHEMA, "encodingFormat fileFormat"), *_dublin("format"), _DCAT + "mediaType"),
    "content_size": (*_in(SCHEMA, "contentSize size"), *_dublin("extent"), _DCAT + "byteSize"),
    "service": (*_in(SCHEMA, "endpointURL documentation"), *_in(_DCAT, "endpointURL endpointDescription")),
    "variables": (*_in(SCHEMA, "variableMeasured measurementTechnique observedProperty"),),
    "related": (*_in(SCHEMA, "isPartOf hasPart isBasedOn citation mentions sameAs relatedLink subjectOf funder"),
                *_in(SCHEMA, "mainEntityOfPage includedInDataCatalog hasCourseInstance workTranslation exampleOfWork"),
                *_dublin("relation isPartOf hasPart source references isReferencedBy isVersionOf hasVersion replaces "
                         "isReplacedBy requires isFormatOf hasFormat"),
                RELATION + "collection", RELATION + "describes"),
    "derivation": (*_in(SCHEMA, "isBasedOn version translationOfWork"),
                   *_dublin("hasFormat isFormatOf isVersionOf hasVersion isReferencedBy isReplacedBy replaces "
                            "references source"),
                   *_in(_PROV, "wasDerivedFrom wasGeneratedBy"), *_in(_PAV, "derivedFrom version previousVersion")),
}  # fmt: skip
"""Properties of each field, by their IRIs."""

# Nodes of these classes frame a page or describe something else on it.
_FRAME = frozenset({
    "WebSite", "WebPage", "BreadcrumbList", "ListItem", "Organization", "Person", "ImageObject", "SearchAction",
    "Place", "PostalAddress", "CollegeOrUniversity", "SiteNavigationElement", "WPHeader", "WPFooter", "Document",
    "Image", "DefinedTerm", "ItemList", "CollectionPage",
})  # fmt: skip


@dataclass(frozen=True)
class Metadata:
    """What a page says of the thing it is about.

    Attributes
    ----------
    page
        The page.
    entity
        The node it is about; the page itself where there is none.
    fields
        Statements by field of `FIELDS`.
    """

    page: Page
    entity: str
    fields: Mapping[str, tuple[Statement, ...]]

    def first(self, *names: str) -> Statement | None:
        """Return the first statement of the first of the fields that has one."""
        for name in names:
            if self.fields[name]:
                return self.fields[name][0]
        return None


def read_metadata(page: Page) -> Metadata:
    """Find the node a page is about and sort what is said of it.

    Notes
    -----
    The node is the one with the most statements among those with a class that no other node refers to, and that do
    not only frame a page (web site, breadcrumbs, organisations, people); where all are referred to, the first of
    them. What tags, links and RDFa say of the page itself counts for it. Properties of its distributions count for
    the fields ``content``, ``content_type`` and ``content_size``.
    """
    entity = _entity(page)
    subjects = list(dict.fromkeys((entity, page.url)))
    parts = [
        found.object
        for subject in subjects
        for found in page.of(subject, FIELDS["content"])
        if found.object in page.by_subject
    ]
    fields: dict[str, tuple[Statement, ...]] = {}
    for name, predicates in FIELDS.items():
        about = [*subjects, *parts] if name.startswith("content") else subjects
        fields[name] = tuple(_stated(page, about, predicates))
    if not entity.startswith("_:") and entity != page.url:
        own = page.by_subject[entity][0]
        named = Statement(entity, f"{SCHEMA}identifier", entity, "iri", own.syntax, own.line)
        fields["object_identifier"] = (*fields["object_identifier"], named)
    return Metadata(page, entity, fields)


def _stated(page: Page, subjects: Iterable[str], predicates: tuple[str, ...]) -> Iterable[Statement]:
    for subject in subjects:
        for found in page.of(subject, predicates):
            if found.object.strip():
                yield found


def _entity(page: Page) -> str:
    inner = {found.object for found in page.statements if found.kind != "text" and found.object != found.subject}
    best, most = page.url, -1
    for node in page.nodes():
        if all(local_name(kind) in _FRAME for kind in page.types(node)):
            continue
        weight = len(page.by_subject[node]) + (0 if node in inner else 1_000_000)
        if weight > most:
            best, most = node, weight
    return best
