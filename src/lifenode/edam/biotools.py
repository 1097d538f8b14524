"""Records of bio.tools: read as tools to annotate, and written with the terms that were accepted."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from typing import Any

from lifenode.edam.concept import Concept
from lifenode.edam.ontology import Ontology
from lifenode.edam.submission import Submission
from lifenode.errors import FormatError, UnknownTerm

SCHEMA_VERSION = "3.3.0"
"""Version of biotoolsSchema that records are written in."""


def parse_record(text: str, origin: str = "The record") -> dict[str, Any]:
    """Return the bio.tools record in a JSON text; the first of a list as the registry's API gives it.

    Raises
    ------
    FormatError
        It is no JSON, or no object with a name.
    """
    records = parse_records(text, origin)
    if len(records) != 1:
        raise FormatError(
            f"{origin} holds {len(records)} tools.", value=len(records), next_step="Give one, or use the batch."
        )
    return records[0]


def parse_records(text: str, origin: str = "The record") -> list[dict[str, Any]]:
    """Return the bio.tools records in a JSON text: one object, a list of them, or ``{"list": [...]}``.

    Raises
    ------
    FormatError
        It is no JSON, or something in it is no record.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"))
    except (json.JSONDecodeError, RecursionError) as error:
        where = f" at line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else ""
        raise FormatError(
            f"{origin} is not JSON{where}.", value=text[:40], next_step='Paste an object such as {"name": "STAR"}.'
        ) from error
    if isinstance(found, dict) and isinstance(found.get("list"), list):
        found = found["list"]
    elif isinstance(found, dict) and isinstance(found.get("tool"), dict):
        found = [found["tool"]]
    records = found if isinstance(found, list) else [found]
    for at, record in enumerate(records, 1):
        if not isinstance(record, dict) or not isinstance(record.get("name"), str):
            raise FormatError(
                f"{origin}, tool {at}: there is no name.", value=str(record)[:80], next_step='Give "name" as a text.'
            )
    return records


def submission_of(record: Mapping[str, Any]) -> Submission:
    """Return the tool that a bio.tools record describes.

    Titles and abstracts of publications are used where the record has them; identifiers alone say nothing.
    """
    publications: list[dict[str, str]] = []
    for one in _listed(record.get("publication")):
        inside = one.get("metadata")
        source = inside if isinstance(inside, dict) else one
        texts = {part: str(source.get(part) or "") for part in ("title", "abstract")}
        if any(texts.values()):
            publications.append(texts)
    return Submission(
        name=_text(record.get("name")),
        description=_text(record.get("description")),
        publications=publications,
        id=_text(record.get("biotoolsID")) or _text(record.get("id")),
        record=record,
    )


def identifiers_of(record: Mapping[str, Any]) -> list[str]:
    """Return an identifier of each publication of a record: its DOI, else PMID, else PMCID."""
    found = [next((_text(one.get(key)) for key in ("doi", "pmid", "pmcid") if one.get(key)), "")
             for one in _listed(record.get("publication"))]  # fmt: skip
    return [one for one in found if one]


def with_terms(
    record: Mapping[str, Any],
    terms: Iterable[str],
    ontology: Ontology | None = None,
    *,
    roles: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Return a copy of a record with more terms; what it had stays.

    Parameters
    ----------
    record
        A bio.tools record.
    terms
        Ids, URIs or CURIEs. Topics go to ``topic``. Operations go to one new function; data, with the formats of the
        same role, to its inputs and outputs. Those without a role, and formats without data, go to its note.
    ontology
        Where the names come from; the newest release by default.
    roles
        ``input`` or ``output`` by id of data and formats, as `lifenode.edam.annotate` tells them.

    Raises
    ------
    UnknownTerm
        A term is not in this release, or is obsolete.
    """
    edam = ontology or Ontology.load()
    made = deepcopy(dict(record))
    concepts = [live_term(edam, term) for term in dict.fromkeys(terms)]
    topics = [one for one in concepts if one.branch == "topic"]
    if topics:
        made["topic"] = _added(_listed(made.get("topic")), topics)
    present = {_id(one) for function in _listed(made.get("function")) for one in _listed(function.get("operation"))}
    operations = [one for one in concepts if one.branch == "operation" and one.id not in present]
    others = [one for one in concepts if one.branch in ("data", "format")]
    if operations:
        function: dict[str, Any] = {"operation": [_pair(one) for one in operations]}
        for role in ("input", "output"):
            own = [one for one in others if (roles or {}).get(one.id) == role]
            if ports := _ports(own):
                function[role] = ports
                others = [one for one in others if one not in own]
        if others:
            function["note"] = "Data and formats: " + ", ".join(f"{one.label} ({one.id})" for one in others) + "."
        made["function"] = [*_listed(made.get("function")), function]
    return made


def _ports(concepts: list[Concept]) -> list[dict[str, Any]]:
    """Return inputs or outputs: one a kind of data, the formats with the first; none where there are only formats."""
    ports: list[dict[str, Any]] = [{"data": _pair(one)} for one in concepts if one.branch == "data"]
    formats = [_pair(one) for one in concepts if one.branch == "format"]
    if ports and formats:
        ports[0]["format"] = formats
    return ports


def live_term(edam: Ontology, term: str) -> Concept:
    """Return a concept that may be used.

    Raises
    ------
    UnknownTerm
        It is not in this release, or is obsolete; then the message names what took its place.
    """
    concept = edam.term(term)
    if concept.obsolete:
        replaced, considered = edam.replacements(concept.id)
        instead = ", ".join(f"{one.id} ({one.label})" for one in (*replaced, *considered))
        raise UnknownTerm(
            f"{concept.id} ({concept.label}) is obsolete in EDAM {edam.release}.",
            value=term,
            next_step=f"Use {instead}." if instead else "Choose a live term.",
        )
    return concept


def _added(present: list[dict[str, Any]], concepts: Iterable[Concept]) -> list[dict[str, Any]]:
    known = {_id(one) for one in present}
    return [*present, *(_pair(one) for one in concepts if one.id not in known)]


def _pair(concept: Concept) -> dict[str, str]:
    return {"uri": concept.uri, "term": concept.label}


def _id(entry: Mapping[str, Any]) -> str:
    return str(entry.get("uri", "")).rpartition("/")[2]


def _listed(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
