"""Read a release of EDAM from its OWL file (RDF/XML)."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from lifenode.edam.concept import BRANCHES, Concept, id_of
from lifenode.errors import FormatError, UnreadableInput

_OWL = "{http://www.w3.org/2002/07/owl#}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RDFS = "{http://www.w3.org/2000/01/rdf-schema#}"
_OBO = "{http://www.geneontology.org/formats/oboInOwl#}"
_EDAM = "{http://edamontology.org/}"
_NEXT = "Give EDAM.owl of a release of EDAM."


def read_owl(path: Path) -> tuple[str, str, list[Concept]]:
    """Read a release.

    Parameters
    ----------
    path
        An OWL file of EDAM in RDF/XML.

    Returns
    -------
    tuple
        Version, date as the file states it, and the concepts in the order of the file, prose included.

    Raises
    ------
    UnreadableInput
        The file is missing or cannot be read.
    FormatError
        It is not RDF/XML, declares entities, or holds no concept of EDAM.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableInput(f"{path} cannot be read: {error.strerror}.", value=path, next_step=_NEXT) from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise FormatError(f"{path} declares a document type, which is not read.", value=path, next_step=_NEXT)
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - entities were refused above
    except ElementTree.ParseError as error:
        raise FormatError.at(path, error.position[0], "it is not well-formed XML", value=str(error)) from error
    concepts = [concept for element in root.iter(f"{_OWL}Class") if (concept := _concept(element)) is not None]
    if not concepts:
        raise FormatError(f"{path} holds no concept of EDAM.", value=path, next_step=_NEXT)
    version = root.findtext(f"{_OWL}Ontology/{{http://usefulinc.com/ns/doap#}}Version", "").strip()
    date = root.findtext(f"{_OWL}Ontology/{{http://purl.obolibrary.org/obo/}}date", "").strip()
    return version, date, concepts


def _concept(element: ElementTree.Element) -> Concept | None:
    own = id_of(element.get(f"{_RDF}about", ""))
    if own is None:
        return None
    return Concept(
        id=own,
        label=" ".join((element.findtext(f"{_RDFS}label") or own).split()),
        exact=_texts(element, f"{_OBO}hasExactSynonym"),
        narrow=_texts(element, f"{_OBO}hasNarrowSynonym"),
        broad=_texts(element, f"{_OBO}hasBroadSynonym"),
        related=_texts(element, f"{_OBO}hasRelatedSynonym"),
        parents=_targets(element, f"{_RDFS}subClassOf"),
        relations=_relations(element),
        obsolete=element.findtext(f"{_OWL}deprecated") == "true",
        replaced_by=_targets(element, f"{_OBO}replacedBy"),
        consider=_targets(element, f"{_OBO}consider"),
        not_recommended=element.findtext(f"{_EDAM}notRecommendedForAnnotation") == "true",
        extensions=_extensions(element),
        definition=" ".join(_prose(element, f"{_OBO}hasDefinition")),
        comments=_prose(element, f"{_RDFS}comment"),
    )


def _texts(element: ElementTree.Element, tag: str) -> tuple[str, ...]:
    found = [" ".join((child.text or "").split()) for child in element.findall(tag)]
    return tuple(text for text in dict.fromkeys(found) if text)


def _prose(element: ElementTree.Element, tag: str) -> tuple[str, ...]:
    return tuple((child.text or "").strip() for child in element.findall(tag))


def _extensions(element: ElementTree.Element) -> tuple[str, ...]:
    parts = [part for text in _texts(element, f"{_EDAM}file_extension") for part in re.split(r"[|,\s]+", text)]
    return tuple(dict.fromkeys(part.lstrip(".") for part in parts if part))


def _targets(element: ElementTree.Element, tag: str) -> tuple[str, ...]:
    addresses = [child.get(f"{_RDF}resource") or (child.text or "") for child in element.findall(tag)]
    return tuple(dict.fromkeys(own for address in addresses if (own := id_of(address)) is not None))


def _relations(element: ElementTree.Element) -> tuple[tuple[str, str], ...]:
    found = []
    for restriction in element.findall(f"{_RDFS}subClassOf/{_OWL}Restriction"):
        how, what = restriction.find(f"{_OWL}onProperty"), restriction.find(f"{_OWL}someValuesFrom")
        if how is not None and what is not None:
            other = id_of(what.get(f"{_RDF}resource", ""))
            if other is not None:
                found.append((how.get(f"{_RDF}resource", "").rpartition("/")[2], other))
    return tuple(dict.fromkeys(found))


def in_order(concepts: list[Concept]) -> list[Concept]:
    """Return concepts by branch and number."""
    return sorted(concepts, key=lambda concept: (BRANCHES.index(concept.branch), concept.id))
