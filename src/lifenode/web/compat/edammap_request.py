"""What a request to EDAMmap's API asks for, checked with the messages its clients read."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lifenode.edam.concept import BRANCHES, URI, id_of
from lifenode.edam.ontology import Ontology
from lifenode.edam.tool import Tool
from lifenode.web.compat.edammap_parameters import PARAMETERS, Parameter

LIMITS = {"name": 1_000, "keywords": 10_000, "description": 100_000, "webpageUrls": 10_000, "docUrls": 10_000,
    "publicationIds": 10_000, "annotations": 10_000}  # fmt: skip
"""Most characters of each field, all its values together."""

MOST = {"keywords": 100, "webpageUrls": 10, "docUrls": 10, "publicationIds": 10}
"""Most values of each field."""

_URL = re.compile(r"(https?|ftp)://[^\s/?#]+\S*$", re.IGNORECASE)
_PMID = re.compile(r"[1-9]\d{0,7}$")
_PMCID = re.compile(r"PMC\d{1,8}$", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}/\S+)$", re.IGNORECASE)


class Refused(Exception):
    """A request that is refused, with the message."""


@dataclass(frozen=True)
class Publication:
    """The identifiers of a publication; "" for those that are not given."""

    pmid: str = ""
    pmcid: str = ""
    doi: str = ""


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes
    ----------
    id, name, description, keywords, webpages, docs, publications, annotations
        The query; annotations are ids of terms.
    tool
        The bio.tools record it came in, or None.
    full
        Whether the whole answer is wanted, with parts, counts and measures.
    values
        Every parameter with its value.
    ignored
        Parameters with another value than the one this matcher has.
    """

    id: str | None
    name: str
    description: str
    keywords: tuple[str, ...]
    webpages: tuple[str, ...]
    docs: tuple[str, ...]
    publications: tuple[Publication, ...]
    annotations: tuple[str, ...]
    tool: Mapping[str, Any] | None
    full: bool
    values: Mapping[str, Any] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()

    @property
    def branches(self) -> tuple[str, ...]:
        """The branches that are asked for, in their usual order."""
        return tuple(name for name in BRANCHES if name in self.values["branches"])

    def texts(self) -> Tool:
        """Return what the matcher reads."""
        return Tool(self.name, self.description, self.keywords)


def read(body: object, ontology: Ontology) -> Asked:
    """Return what a body asks for.

    Raises
    ------
    Refused
        Something is missing, too long, of another kind or beyond its limits.
    """
    if not isinstance(body, dict):
        raise Refused("Request is not a JSON object")
    flat = _flat(body)
    tool = body.get("tool")
    if tool is not None:
        flat |= _of_tool(tool)
    version = str(flat.get("version", "1"))
    if version != "1":
        raise Refused(f"Illegal API version: {version}")
    kind = str(flat.get("type", "core"))
    if kind not in ("core", "full"):
        raise Refused(f"Illegal response type: {kind}")
    texts = {name: _strings(flat, name) for name in LIMITS}
    for name in ("name", "description"):
        if len(texts[name]) > 1:
            raise Refused(f"Param '{name}' has more than one value")
    if not "".join(texts["name"]).strip():
        raise Refused("Param 'name' is mandatory")
    values, ignored = _parameters(flat)
    return Asked(
        id=None if flat.get("id") is None else str(flat["id"])[:1_000],
        name=texts["name"][0], description="".join(texts["description"]), keywords=tuple(texts["keywords"]),
        webpages=tuple(map(check_url, texts["webpageUrls"])), docs=tuple(map(check_url, texts["docUrls"])),
        publications=publications(body.get("publicationIds", flat.get("publicationIds"))),
        annotations=tuple(term_id(one, ontology) for one in texts["annotations"]),
        tool=tool, full=kind == "full", values=values, ignored=ignored,
    )  # fmt: skip


def check_url(text: str) -> str:
    """Return an address.

    Raises
    ------
    Refused
        It is none.
    """
    if not _URL.match(text.strip()):
        raise Refused(f"Malformed URL: {text[:200]}")
    return text.strip()


def term_id(text: str, ontology: Ontology) -> str:
    """Return the id of a term that is named by its address.

    Raises
    ------
    Refused
        It is not an address of EDAM, or of no term of this release.
    """
    found = id_of(text)
    if found is None or found not in ontology:
        raise Refused(f"Illegal EDAM URI: {text[:200]}")
    return found


def publications(given: object) -> tuple[Publication, ...]:
    """Return identifiers of publications, given as texts with tabs or as objects.

    Raises
    ------
    Refused
        A text has neither one part nor three, or an identifier is not one.
    """
    if given is None:
        return ()
    entries = given if isinstance(given, list) else [given]
    return tuple(_publication(entry) for entry in entries if entry not in ("", None))


def _publication(entry: object) -> Publication:
    if isinstance(entry, dict):
        ids = {name: str(entry.get(name) or "").strip() for name in ("pmid", "pmcid", "doi")}
    else:
        parts = [part.strip() for part in str(entry).split("\t")]
        if len(parts) == 1:
            ids = _alone(parts[0])
        elif len(parts) == 3:
            ids = dict(zip(("pmid", "pmcid", "doi"), parts, strict=True))
        else:
            raise Refused(f"Publication ID has illegal number of parts ({len(parts)}), first part is {parts[0][:100]}")
    for name, pattern in (("pmid", _PMID), ("pmcid", _PMCID), ("doi", _DOI)):
        if ids.get(name) and not pattern.match(ids[name]):
            raise Refused(f"Publication ID part is not {name.upper()}: {ids[name][:200]}")
    if not any(ids.values()):
        raise Refused("Publication ID is empty")
    return Publication(**ids)


def _alone(text: str) -> dict[str, str]:
    for name, pattern in (("pmid", _PMID), ("pmcid", _PMCID), ("doi", _DOI)):
        if pattern.match(text):
            return {name: text}
    raise Refused(f"Unknown publication ID: {text[:200]}")


def _flat(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return all values by name; a grouping that objects give them is passed over."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict) and name != "tool":
            found |= _flat(value)
        else:
            found[name] = value
    return found


def _of_tool(tool: object) -> dict[str, Any]:
    """Return the fields of a query that a bio.tools record holds; it goes before all others."""
    if not isinstance(tool, dict):
        raise Refused("Param 'tool' is not a JSON object")
    for name in ("name", "description", "homepage"):
        if not isinstance(tool.get(name), str) or not tool[name].strip():
            raise Refused(f"Param 'tool' has no {name}")
    terms = [one.get("uri") for one in _objects(tool, "topic")]
    for function in _objects(tool, "function"):
        terms += [one.get("uri") for one in _objects(function, "operation")]
        for way in ("input", "output"):
            for port in _objects(function, way):
                terms += [port.get("data", {}).get("uri"), *(one.get("uri") for one in _objects(port, "format"))]
    documents = [one.get("url") for one in _objects(tool, "documentation")]
    papers = [
        {name: one.get(name) for name in ("pmid", "pmcid", "doi") if one.get(name)}
        for one in _objects(tool, "publication")
    ]
    return {
        "id": tool.get("biotoolsID"), "name": tool["name"], "description": tool["description"], "keywords": [],
        "webpageUrls": [tool["homepage"]], "docUrls": [one for one in documents if one][: MOST["docUrls"]],
        "publicationIds": [one for one in papers if one][: MOST["publicationIds"]],
        "annotations": [one for one in dict.fromkeys(terms) if one],
    }  # fmt: skip


def _objects(of: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = of.get(name)
    return [one for one in entries if isinstance(one, dict)] if isinstance(entries, list) else []


def _strings(flat: Mapping[str, Any], name: str) -> list[str]:
    value = flat.get(name)
    entries = value if isinstance(value, list) else [] if value is None else [value]
    if name != "publicationIds" and any(isinstance(one, (dict, list)) for one in entries):
        raise Refused(f"Param '{name}' is not text")
    texts = [str(one) for one in entries if str(one).strip()]
    if sum(map(len, texts)) > LIMITS[name]:
        raise Refused(f"Param '{name}' has more than {LIMITS[name]} characters")
    if len(texts) > MOST.get(name, math.inf):
        raise Refused(f"Param '{name}' has more than {MOST[name]} values")
    return texts


def _parameters(flat: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[str, ...]]:
    values: dict[str, Any] = {}
    ignored = []
    for name, parameter in PARAMETERS.items():
        given = flat.get(name)
        values[name] = parameter.usual if given is None else _value(name, parameter, given)
        if values[name] != parameter.usual and not parameter.heeded:
            ignored.append(name)
            values[name] = parameter.usual
    return values, tuple(ignored)


def _value(name: str, parameter: Parameter, given: object) -> Any:
    usual = parameter.usual
    if isinstance(usual, list):
        entries = given if isinstance(given, list) else str(given).replace(",", " ").split()
        for one in entries:
            if one not in BRANCHES:
                raise Refused(f"Param '{name}={one}' is not one of {', '.join(BRANCHES)}")
        return [one for one in BRANCHES if one in entries]
    if isinstance(usual, bool):
        if str(given).lower() not in ("true", "false"):
            raise Refused(f"Param '{name}={given}' is not a boolean")
        return str(given).lower() == "true"
    try:
        value = int(str(given)) if isinstance(usual, int) else float(str(given))
    except ValueError:
        kind = "an integer" if isinstance(usual, int) else "a number"
        raise Refused(f"Param '{name}={str(given)[:40]}' is not {kind}") from None
    if math.isnan(value) or value < parameter.low:
        raise Refused(f"Param '{name}={value}' is below limit {parameter.low}")
    if value > parameter.high:
        raise Refused(f"Param '{name}={value}' is above limit {parameter.high}")
    return value


def uri_of(term: str) -> str:
    """Return the address of a term."""
    return f"{URI}{term}"
