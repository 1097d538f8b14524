"""The portal as an OAI-PMH 2.0 repository: Dublin Core and Bioschemas as RDF, sets, deleted records, resumption.

A list is walked by the ids of records, so that each is met once also while others change; what a resumption token
holds is all that is needed to go on.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lifenode.training.models import StoredRecord
from lifenode.training.portal import Listed, Portal
from lifenode.training.repository_forms import FORMATS, metadata

_OAI = "http://www.openarchives.org/OAI/2.0/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_TESS = "http://tesshub.org/xmlns"
_SETS = {"events": "event", "materials": "material"}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
AT_ONCE = 100
"""Records of one answer."""
_ARGUMENTS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "Identify": (frozenset(), frozenset()),
    "ListMetadataFormats": (frozenset(), frozenset({"identifier"})),
    "ListSets": (frozenset(), frozenset({"resumptionToken"})),
    "GetRecord": (frozenset({"identifier", "metadataPrefix"}), frozenset()),
    "ListIdentifiers": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
    "ListRecords": (frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"})),
}


class _Fault(Exception):
    """An error that the protocol has a code for."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Walk:
    """Where a list is: its form and limits, and the id after which it goes on."""

    prefix: str
    kind: str = ""
    first: str = ""
    last: str = ""
    after: int = 0
    given: int = 0


@dataclass(frozen=True, slots=True)
class Repository:
    """A portal that answers OAI-PMH.

    Parameters
    ----------
    portal
        What it holds.
    address
        Address of the repository itself.
    base
        Address of the node; its host is part of every identifier.
    contact
        Whom to write to; ``admin`` at the host by default.
    """

    portal: Portal
    address: str
    base: str
    contact: str = ""

    def answer(self, given: list[tuple[str, str]], *, now: datetime | None = None) -> bytes:
        """Return the answer to a request, also where it is an error; `given` are its arguments."""
        root = etree.Element(f"{{{_OAI}}}OAI-PMH", nsmap={None: _OAI, "xsi": _XSI})
        root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI} {_OAI}OAI-PMH.xsd")
        _add(root, "responseDate", _stamp(now or datetime.now(UTC)))
        request = _add(root, "request", self.address)
        arguments = dict(given)
        try:
            verb = self._verb(given)
            for name, value in arguments.items():
                request.set(name, _plain(value))
            part = etree.SubElement(root, f"{{{_OAI}}}{verb}")
            _VERBS[verb](self, part, arguments)
        except _Fault as fault:
            for child in root[2:]:
                root.remove(child)
            if fault.code in ("badVerb", "badArgument"):
                request.attrib.clear()
            _add(root, "error", str(fault)).set("code", fault.code)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))

    def _verb(self, given: list[tuple[str, str]]) -> str:
        names = [name for name, _ in given]
        arguments = dict(given)
        verb = arguments.get("verb", "")
        if verb not in _ARGUMENTS or names.count("verb") != 1:
            raise _Fault("badVerb", f"The verb is one of {', '.join(_ARGUMENTS)}.")
        required, optional = _ARGUMENTS[verb]
        if len(names) != len(set(names)):
            raise _Fault("badArgument", "An argument is given twice.")
        own = set(names) - {"verb"}
        if verb.startswith("List") and "resumptionToken" in own and verb != "ListMetadataFormats":
            if own != {"resumptionToken"}:
                raise _Fault("badArgument", "resumptionToken is given alone.")
            return verb
        if not required <= own or own - required - optional:
            raise _Fault("badArgument", f"{verb} takes {', '.join(sorted(required | optional)) or 'no arguments'}.")
        return verb

    def _identify(self, part: etree._Element, given: Mapping[str, str]) -> None:
        with Session(self.portal.engine) as session:
            first = session.scalar(select(func.min(StoredRecord.created_at)))
        for name, text in (
            ("repositoryName", "lifenode training"), ("baseURL", self.address), ("protocolVersion", "2.0"),
            ("adminEmail", self.contact or f"admin@{self._host}"),
            ("earliestDatestamp", _stamp(first or datetime(2000, 1, 1, tzinfo=UTC))),
            ("deletedRecord", "persistent"), ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        ):  # fmt: skip
            _add(part, name, text)
        # By this TeSS and we ourselves know that Bioschemas is to be had.
        etree.SubElement(_add(part, "description", ""), f"{{{_TESS}}}tess-instance", nsmap={None: _TESS})

    def _formats(self, part: etree._Element, given: Mapping[str, str]) -> None:
        if "identifier" in given:
            self._record(given["identifier"])
        for prefix, (namespace, schema) in FORMATS.items():
            form = etree.SubElement(part, f"{{{_OAI}}}metadataFormat")
            for name, text in (("metadataPrefix", prefix), ("schema", schema), ("metadataNamespace", namespace)):
                _add(form, name, text)

    def _sets(self, part: etree._Element, given: Mapping[str, str]) -> None:
        if "resumptionToken" in given:
            raise _Fault("badResumptionToken", "The list of sets has one part only.")
        for name in _SETS:
            held = etree.SubElement(part, f"{{{_OAI}}}set")
            _add(held, "setSpec", name)
            _add(held, "setName", name.title())

    def _get(self, part: etree._Element, given: Mapping[str, str]) -> None:
        _check_prefix(given["metadataPrefix"])
        self._add_record(part, self._record(given["identifier"]), given["metadataPrefix"], whole=True)

    def _list(self, part: etree._Element, given: Mapping[str, str]) -> None:
        walk = self._walk(given)
        ids, total = self._ids(walk)
        if not ids:
            raise _Fault("noRecordsMatch", "No record matches.")
        whole = part.tag.endswith("ListRecords")
        page = ids[:AT_ONCE]
        for listed in self.portal.each(page):
            self._add_record(part, listed, walk.prefix, whole=whole)
        done = walk.given + len(page)
        if len(ids) > AT_ONCE or walk.given:
            more = _token(replace(walk, after=page[-1], given=done)) if len(ids) > AT_ONCE else ""
            token = _add(part, "resumptionToken", more)
            token.set("completeListSize", str(max(total, done)))
            token.set("cursor", str(walk.given))

    def _walk(self, given: Mapping[str, str]) -> _Walk:
        if "resumptionToken" in given:
            return _read_token(given["resumptionToken"])
        _check_prefix(given["metadataPrefix"])
        if "set" in given and given["set"] not in _SETS:
            raise _Fault("noRecordsMatch", f"The sets are {', '.join(_SETS)}.")
        first, last = given.get("from", ""), given.get("until", "")
        if first and last and len(first) != len(last):
            raise _Fault("badArgument", "from and until are to be days or seconds, both the same.")
        if first and last and _time(first) > _time(last):
            raise _Fault("badArgument", "from is after until.")
        return _Walk(given["metadataPrefix"], _SETS.get(given.get("set", ""), ""), first, last)

    def _ids(self, walk: _Walk) -> tuple[list[int], int]:
        """Return the ids of a page and of the first beyond it, and how many there are in all."""
        changed = func.coalesce(StoredRecord.withdrawn_at, StoredRecord.updated_at)
        wanted = select(StoredRecord.id)
        if walk.kind:
            wanted = wanted.where(StoredRecord.kind == walk.kind)
        if walk.first:
            wanted = wanted.where(changed >= _time(walk.first))
        if walk.last:
            wanted = wanted.where(changed < _time(walk.last) + (_ONE_DAY if _DAY.fullmatch(walk.last) else _ONE_SECOND))
        with Session(self.portal.engine) as session:
            total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
            ahead = wanted.where(StoredRecord.id > walk.after).order_by(StoredRecord.id).limit(AT_ONCE + 1)
            return list(session.scalars(ahead)), total

    def _record(self, identifier: str) -> Listed:
        from lifenode.errors import UnknownName

        found = re.fullmatch(rf"oai:{re.escape(self._host)}:(events|materials)/(.+)", identifier)
        if found is not None:
            try:
                return self.portal.record(_SETS[found[1]], found[2])
            except UnknownName:
                pass
        raise _Fault("idDoesNotExist", "There is no such record.")

    @property
    def _host(self) -> str:
        return re.sub(r"^https?://|[:/].*$", "", self.base)

    def _add_record(self, part: etree._Element, listed: Listed, prefix: str, *, whole: bool) -> None:
        record = etree.SubElement(part, f"{{{_OAI}}}record") if whole else part
        header = etree.SubElement(record, f"{{{_OAI}}}header")
        _add(header, "identifier", f"oai:{self._host}:{listed.kind}s/{listed.slug}")
        _add(header, "datestamp", _stamp(listed.withdrawn_at or listed.updated_at))
        _add(header, "setSpec", f"{listed.kind}s")
        if listed.withdrawn_at is not None:
            header.set("status", "deleted")
        elif whole:
            etree.SubElement(record, f"{{{_OAI}}}metadata").append(metadata(prefix, listed, self.base + listed.path))


_ONE_DAY, _ONE_SECOND = timedelta(days=1), timedelta(seconds=1)
_VERBS: Mapping[str, Callable[[Repository, etree._Element, Mapping[str, str]], None]] = {
    "Identify": Repository._identify,
    "ListMetadataFormats": Repository._formats,
    "ListSets": Repository._sets,
    "GetRecord": Repository._get,
    "ListIdentifiers": Repository._list,
    "ListRecords": Repository._list,
}


def _check_prefix(prefix: str) -> None:
    if prefix not in FORMATS:
        raise _Fault("cannotDisseminateFormat", f"The formats are {', '.join(FORMATS)}.")


def _time(text: str) -> datetime:
    if not (_DAY.fullmatch(text) or _SECOND.fullmatch(text)):
        raise _Fault("badArgument", "A time is 2026-03-09 or 2026-03-09T08:00:00Z.")
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise _Fault("badArgument", f"{text} is no day of the calendar.") from error
    if not 1900 <= found.year <= 2200:
        raise _Fault("badArgument", f"{text} is too far away.")
    return found.replace(tzinfo=UTC)


def _token(walk: _Walk) -> str:
    return base64.urlsafe_b64encode(json.dumps(list(asdict(walk).values())).encode()).decode().rstrip("=")


def _read_token(text: str) -> _Walk:
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        walk = _Walk(*values)
        texts, numbers = (walk.prefix, walk.kind, walk.first, walk.last), (walk.after, walk.given)
        fits = all(isinstance(one, str) for one in texts) and all(isinstance(one, int) for one in numbers)
        if not fits or walk.prefix not in FORMATS or not 0 < walk.after < 2**31:
            raise ValueError(text)
        for time in (walk.first, walk.last):
            _time(time or "2000-01-01")
    except (ValueError, TypeError, RecursionError, _Fault) as error:
        raise _Fault("badResumptionToken", "The token is none that this repository gave.") from error
    return walk


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _add(parent: etree._Element, name: str, text: str) -> Any:
    made = etree.SubElement(parent, f"{{{_OAI}}}{name}")
    made.text = _plain(text)
    return made


def _plain(text: str) -> str:
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]", "", text)
