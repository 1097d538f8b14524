"""Validation against Bioschemas profiles: which required, recommended and optional properties a node has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lifenode.registry.namespaces import DCT, SCHEMA, TYPE, canonical, local_name
from lifenode.registry.statements import Page, Statement
from lifenode.registry.tables import table
from lifenode.table import Column, Table

CONFORMS = (f"{DCT}conformsTo", f"{SCHEMA}conformsTo")
MARGINALITIES = ("required", "recommended", "optional")

_PROFILE = re.compile(r"https?://(?:www\.)?bioschemas\.org/(?:profiles|specifications)/([A-Za-z]+)(?:/([^/#?]+))?")
# The profile of annotations of texts is for any creative work, and would be held against nearly everything.
_TOO_WIDE = frozenset({"CreativeWork"})


@dataclass(frozen=True)
class Profile:
    """A profile and its properties, each by its IRI, or by its name alone where it is of a draft vocabulary."""

    name: str
    version: str
    address: str
    types: tuple[str, ...]
    required: tuple[str, ...]
    recommended: tuple[str, ...]
    optional: tuple[str, ...]


@dataclass(frozen=True)
class Claim:
    """A node and the profile it is held against.

    Attributes
    ----------
    subject
        The node.
    profile
        The profile of the table that is nearest to what was named.
    named
        What the node says it conforms to; "" if the profile follows from its class.
    evidence
        The statement that names the profile or the class.
    """

    subject: str
    profile: Profile
    named: str
    evidence: Statement


@cache
def profiles() -> tuple[Profile, ...]:
    """Return the profiles that ship with the package, by name."""
    found = [
        Profile(
            row["profile"], row["version"], row["address"], tuple(row["types"].split()),
            tuple(_names(row["required"])), tuple(_names(row["recommended"])), tuple(_names(row["optional"])),
        )
        for row in table("profiles.tsv")
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda profile: profile.name))


def _names(text: str) -> Iterator[str]:
    for name in text.split():
        prefix, _, local = name.partition(":")
        yield {"sc": SCHEMA + local, "dct": DCT + local}.get(prefix, local)


def claims(page: Page, *, nested: bool = False) -> list[Claim]:
    """Return the nodes of a page that a profile applies to.

    Parameters
    ----------
    page
        What the page states.
    nested
        Also hold nodes that only describe others, and name no profile, against that of their class.

    Notes
    -----
    A profile named by ``dct:conformsTo`` wins over that of the class; another version of a profile is held against
    the one of the table. Nodes without either are not returned.
    """
    by_name = {profile.name: profile for profile in profiles()}
    by_type: dict[str, Profile] = {}
    for profile in profiles():
        for name in profile.types:
            by_type.setdefault(name, profile)
    inner = {found.object for found in page.statements if found.kind != "text" and found.subject != found.object}
    chosen: list[Claim] = []
    for subject in page.nodes():
        named = _named(page, subject)
        claim = next((Claim(subject, by_name[n], given, at) for n, given, at in named if n in by_name), None)
        if claim is None and (nested or subject not in inner):
            claim = _by_class(page, subject, by_type)
        if claim is not None:
            chosen.append(claim)
    return chosen


def _named(page: Page, subject: str) -> list[tuple[str, str, Statement]]:
    found = []
    for statement in page.of(subject, CONFORMS):
        match = _PROFILE.match(statement.object)
        if match:
            found.append((match[1], statement.object, statement))
    return found


def _by_class(page: Page, subject: str, by_type: dict[str, Profile]) -> Claim | None:
    for statement in page.of(subject, (TYPE,)):
        name = local_name(statement.object)
        if name in by_type and name not in _TOO_WIDE and _is_vocabulary(statement.object):
            return Claim(subject, by_type[name], "", statement)
    return None


def _is_vocabulary(iri: str) -> bool:
    return iri.startswith(SCHEMA) or "bioschemas" in iri


_COLUMNS = (
    Column("node", "text", "the node: its name or address"),
    Column("profile", "text", "profile and version it is held against"),
    Column("property", "text", "property of the profile"),
    Column("marginality", "text", "required, recommended or optional"),
    Column("status", "text", "pass, or fail where the property is missing"),
    Column("evidence", "text", "first value of the property, or the statement that names the profile"),
    Column("line", "integer", "1-based line of the evidence; 0 where there is none"),
    Column("syntax", "text", "syntax of the evidence"),
    Column("fix", "text", "what to do"),
)


def validate(page: Page, *, nested: bool = False) -> Table:
    """Validate every node of a page that a profile applies to.

    Parameters
    ----------
    page
        What the page states, from `lifenode.registry.graph.read_page`.
    nested
        As in `claims`.

    Returns
    -------
    Table
        A row for each property of each node's profile. ``meta["nodes"]`` counts per node what is there and what is
        missing, and says whether it is valid: no required property is missing. ``meta["outside"]`` names the classes
        that no profile of the table applies to.
    """
    data: dict[str, list[object]] = {column.name: [] for column in _COLUMNS}
    nodes = []
    found = claims(page, nested=nested)
    for claim in found:
        missing: dict[str, list[str]] = {kind: [] for kind in MARGINALITIES}
        present = dict.fromkeys(MARGINALITIES, 0)
        for kind in MARGINALITIES:
            for name in getattr(claim.profile, kind):
                value = _value(page, claim.subject, name)
                _add(data, claim, name, kind, value)
                if value is None:
                    missing[kind].append(local_name(name))
                present[kind] += value is not None
        nodes.append(_about(claim, present, missing))
    covered = {claim.subject for claim in found}
    outside = sorted({local_name(kind) for node in page.nodes() if node not in covered for kind in page.types(node)})
    meta = {"nodes": nodes, "outside": outside, "troubles": [str(trouble) for trouble in page.troubles]}
    return Table(_COLUMNS, data, meta, len(data["node"]))


def _value(page: Page, subject: str, name: str) -> Statement | None:
    for statement in page.by_subject.get(subject, ()):
        same = statement.predicate == name or (name == f"{DCT}conformsTo" and statement.predicate in CONFORMS)
        if ":" not in name:
            # Names of drafts have moved between vocabularies; pages use any of them.
            same = local_name(statement.predicate) == name
        if same and statement.object.strip():
            return statement
    return None


def _add(data: dict[str, list[object]], claim: Claim, name: str, kind: str, value: Statement | None) -> None:
    local = local_name(name)
    advice = f'Add "{local}" to the {claim.profile.name}.'
    if value is None and name == CONFORMS[0]:
        advice = f'Add "http://purl.org/dc/terms/conformsTo": {{"@id": "{claim.profile.address}"}}.'
    row = {
        "node": claim.subject,
        "profile": f"{claim.profile.name} {claim.profile.version}",
        "property": local,
        "marginality": kind,
        "status": "fail" if value is None else "pass",
        "evidence": str(value or claim.evidence),
        "line": (value or claim.evidence).line,
        "syntax": (value or claim.evidence).syntax,
        "fix": "" if value is not None else advice,
    }
    for column, cell in row.items():
        data[column].append(cell)


def _about(claim: Claim, present: dict[str, int], missing: dict[str, list[str]]) -> dict[str, object]:
    other = bool(claim.named) and canonical(claim.named).rstrip("/").rpartition("/")[2] != claim.profile.version
    return {
        "node": claim.subject,
        "profile": claim.profile.address,
        "named": claim.named,
        "other_version": other,
        "line": claim.evidence.line,
        "valid": not missing["required"],
        **{f"{kind}_present": count for kind, count in present.items()},
        **{f"{kind}_missing": names for kind, names in missing.items()},
    }
