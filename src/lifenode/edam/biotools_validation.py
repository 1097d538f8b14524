"""Whether a record is what biotoolsSchema 3.3.0 takes, said field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from lifenode.edam.biotools import SCHEMA_VERSION
from lifenode.edam.ontology import Ontology

__all__ = ["SCHEMA_VERSION", "Fault", "validate"]

TOOL_TYPES = (
    "Bioinformatics portal", "Command-line tool", "Database portal", "Desktop application", "Mobile application",
    "Library", "Ontology", "Plug-in", "Script", "SPARQL endpoint", "Suite", "Web application", "Web API",
    "Web service", "Workbench", "Workflow",
)  # fmt: skip
SYSTEMS = ("Linux", "Windows", "Mac", "Android", "iOS")
MATURITIES = ("Emerging", "Mature", "Legacy")
PUBLICATION_TYPES = ("Primary", "Benchmarking study", "Method", "Usage", "Review", "Other")
RELATIONS = ("isNewVersionOf", "hasNewVersion", "uses", "usedBy", "includes", "includedIn")
OTHER_IDS = ("doi", "rrid", "cpe", "biotoolsCURIE")
_KNOWN = frozenset({
    "name", "description", "homepage", "biotoolsID", "biotoolsCURIE", "version", "otherID", "toolType", "topic",
    "operatingSystem", "language", "license", "collectionID", "maturity", "cost", "accessibility", "elixirPlatform",
    "elixirNode", "elixirCommunity", "function", "link", "download", "documentation", "relation", "publication",
    "credit",
})  # fmt: skip
# What the registry itself adds to a record that it gives out.
_REGISTRY = frozenset({
    "additionDate", "lastUpdate", "owner", "editPermission", "validated", "homepage_status", "elixir_badge",
    "confidence_flag", "community",
})  # fmt: skip
_URL = re.compile(r"(?:https?|ftp)://[^\s/$.?#][^\s]*", re.IGNORECASE)
_URI = re.compile(r"http://edamontology\.org/(topic|operation|data|format)_[0-9]{4}")
_IDS = {
    "doi": re.compile(r"10\.\d{4,9}/[^\s<>]+"),
    "pmid": re.compile(r"[1-9][0-9]{0,8}"),
    "pmcid": re.compile(r"PMC[1-9][0-9]{0,8}"),
}
_LOOKS = {"doi": "10.1093/bioinformatics/bts635", "pmid": "23104886", "pmcid": "PMC3530905"}


class Fault(NamedTuple):
    """One thing that is wrong: the field as a path such as ``topic[0].uri``, and what to do about it."""

    field: str
    message: str


def validate(record: Mapping[str, Any], ontology: Ontology | None = None) -> list[Fault]:
    """Return what is wrong with a bio.tools record; nothing if it may be sent to the registry.

    Checked are required fields, unknown fields, lengths, vocabularies of a few words, addresses, identifiers of
    publications, and every term of EDAM: its form, branch, name, and that it is not obsolete. The long vocabularies
    (languages, licences, nodes, types of links) are left to the registry.

    Parameters
    ----------
    record
        The record.
    ontology
        The release that terms are looked up in; the newest by default.

    Examples
    --------
    >>> validate({"name": "STAR", "description": "Aligns reads."})
    [Fault(field='homepage', message='is missing; give the address of the home page')]
    """
    edam = ontology or Ontology.load()
    return [*_plain(record), *_annotation(record, edam), *_around(record)]


def _plain(record: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _length(record, "name", 1, 100, "the name of the tool")
    yield from _length(record, "description", 10, 1000, "one or two sentences")
    homepage = record.get("homepage")
    if homepage in (None, ""):
        yield Fault("homepage", "is missing; give the address of the home page")
    elif not isinstance(homepage, str) or _URL.fullmatch(homepage) is None:
        yield Fault("homepage", f"{str(homepage)[:60]!r} is not an address; it begins with https:// or http://")
    for name in record:
        if name not in _KNOWN and name not in _REGISTRY:
            yield Fault(name[:60], f"is no field of biotoolsSchema {SCHEMA_VERSION}; remove it")
    for name, words in (("toolType", TOOL_TYPES), ("operatingSystem", SYSTEMS)):
        yield from _words(record.get(name), name, words)
    if record.get("maturity") not in (None, *MATURITIES):
        yield Fault("maturity", f"{str(record['maturity'])[:40]!r} is none of {', '.join(MATURITIES)}")


def _length(record: Mapping[str, Any], name: str, least: int, most: int, wanted: str) -> Iterator[Fault]:
    value = record.get(name)
    if value is None or value == "":
        yield Fault(name, f"is missing; give {wanted}")
    elif not isinstance(value, str):
        yield Fault(name, f"is a {type(value).__name__}, not a text")
    elif not least <= len(value) <= most:
        yield Fault(name, f"has {len(value):,} characters; {least} to {most:,} are allowed")


def _words(value: object, name: str, words: tuple[str, ...]) -> Iterator[Fault]:
    if value is None:
        return
    if not isinstance(value, list):
        yield Fault(name, "is not a list")
        return
    for at, one in enumerate(value):
        if one not in words:
            yield Fault(f"{name}[{at}]", f"{str(one)[:40]!r} is none of {', '.join(words)}")


def _annotation(record: Mapping[str, Any], edam: Ontology) -> Iterator[Fault]:
    yield from _terms(record.get("topic"), "topic", "topic", edam)
    for at, function in _objects(record.get("function"), "function"):
        place = f"function[{at}]"
        if isinstance(function, Fault):
            yield function
            continue
        if not function.get("operation"):
            yield Fault(f"{place}.operation", "is missing; a function has at least one operation")
        yield from _terms(function.get("operation"), f"{place}.operation", "operation", edam)
        for name, least, most in (("note", 10, 1000), ("cmd", 1, 1000)):
            if function.get(name) is not None:
                for fault in _length(function, name, least, most, "a text"):
                    yield Fault(f"{place}.{name}", fault.message)
        for side in ("input", "output"):
            for number, one in _objects(function.get(side), f"{place}.{side}"):
                if isinstance(one, Fault):
                    yield one
                elif not one.get("data"):
                    yield Fault(f"{place}.{side}[{number}].data", "is missing; say what kind of data it is")
                else:
                    yield from _terms([one["data"]], f"{place}.{side}[{number}].data", "data", edam)
                    yield from _terms(one.get("format"), f"{place}.{side}[{number}].format", "format", edam)


def _terms(value: object, place: str, branch: str, edam: Ontology) -> Iterator[Fault]:
    for at, one in _objects(value, place):
        if isinstance(one, Fault):
            yield one
            continue
        where, uri, name = f"{place}[{at}]", one.get("uri"), one.get("term")
        if uri is None and name is None:
            yield Fault(where, "has neither uri nor term")
        elif uri is not None:
            yield from _uri(where, uri, name, branch, edam)


def _uri(where: str, uri: object, name: object, branch: str, edam: Ontology) -> Iterator[Fault]:
    found = _URI.fullmatch(uri) if isinstance(uri, str) else None
    if found is None:
        yield Fault(f"{where}.uri", f"{str(uri)[:60]!r} is not written like http://edamontology.org/{branch}_0000")
        return
    term = str(uri).rpartition("/")[2]
    if found[1] != branch:
        yield Fault(f"{where}.uri", f"{term} is of the branch {found[1]}, and {branch} is wanted here")
    elif term not in edam:
        yield Fault(f"{where}.uri", f"EDAM {edam.release} has no {term}")
    elif edam.term(term).obsolete:
        replaced, considered = edam.replacements(term)
        instead = ", ".join(f"{c.id} ({c.label})" for c in (*replaced, *considered)) or "another term"
        yield Fault(f"{where}.uri", f"{term} ({edam.term(term).label}) is obsolete; use {instead}")
    elif isinstance(name, str) and name.casefold() not in {other.casefold() for other in edam.term(term).names}:
        yield Fault(f"{where}.term", f"{name[:60]!r} is no name of {term}, which is {edam.term(term).label}")


def _around(record: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("link", "download", "documentation"):
        for at, one in _objects(record.get(name), name):
            if isinstance(one, Fault):
                yield one
                continue
            if not isinstance(one.get("url"), str) or _URL.fullmatch(one["url"]) is None:
                yield Fault(f"{name}[{at}].url", f"{str(one.get('url'))[:60]!r} is not an address")
            if not one.get("type"):
                yield Fault(f"{name}[{at}].type", "is missing")
    checks: tuple[tuple[str, Callable[[Mapping[str, Any], str], Iterator[Fault]]], ...] = (
        ("publication", _publication), ("relation", _relation), ("otherID", _other_id), ("credit", _credit),
    )  # fmt: skip
    for name, check in checks:
        for at, one in _objects(record.get(name), name):
            if isinstance(one, Fault):
                yield one
            else:
                yield from check(one, f"{name}[{at}]")


def _publication(one: Mapping[str, Any], place: str) -> Iterator[Fault]:
    given = {kind: one[kind] for kind in _IDS if one.get(kind)}
    if not given:
        yield Fault(place, "has no doi, pmid or pmcid")
    for kind, value in given.items():
        if _IDS[kind].fullmatch(str(value)) is None:
            yield Fault(f"{place}.{kind}", f"{str(value)[:60]!r} is not written like {_LOOKS[kind]}")
    kinds = one.get("type")
    yield from _words([kinds] if isinstance(kinds, str) else kinds, f"{place}.type", PUBLICATION_TYPES)


def _relation(one: Mapping[str, Any], place: str) -> Iterator[Fault]:
    if one.get("type") not in RELATIONS:
        yield Fault(f"{place}.type", f"{str(one.get('type'))[:40]!r} is none of {', '.join(RELATIONS)}")
    if not one.get("biotoolsID"):
        yield Fault(f"{place}.biotoolsID", "is missing")


def _other_id(one: Mapping[str, Any], place: str) -> Iterator[Fault]:
    if not one.get("value"):
        yield Fault(f"{place}.value", "is missing")
    if one.get("type") not in (None, *OTHER_IDS):
        yield Fault(f"{place}.type", f"{str(one['type'])[:40]!r} is none of {', '.join(OTHER_IDS)}")


def _credit(one: Mapping[str, Any], place: str) -> Iterator[Fault]:
    if not any(one.get(name) for name in ("name", "email", "url", "orcidid")):
        yield Fault(place, "names nobody; give name, email, url or orcidid")


def _objects(value: object, place: str) -> Iterator[tuple[int, dict[str, Any] | Fault]]:
    if value is None:
        return
    if not isinstance(value, list):
        yield 0, Fault(place, "is not a list")
        return
    for at, one in enumerate(value):
        yield at, one if isinstance(one, dict) else Fault(f"{place}[{at}]", "is not an object")
