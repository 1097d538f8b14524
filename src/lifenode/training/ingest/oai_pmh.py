"""OAI-PMH: records as Bioschemas RDF or Dublin Core, deletions, and where the list goes on."""

from __future__ import annotations

import re
from urllib.parse import urlencode, urlsplit, urlunsplit

from lxml import etree

from lifenode.errors import UnreadableInput
from lifenode.training.clean import doi_of, unique
from lifenode.training.ingest.bioschemas import read_bioschemas_rdf
from lifenode.training.ingest.reading import Reading, xml_of
from lifenode.training.moments import parse_moment
from lifenode.training.records import Event, Material, Person
from lifenode.training.validation import web_address
from lifenode.training.vocabulary import licence_id

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_EVENT_TYPE = re.compile(r"(?i)\b(event|course|workshop|conference|webinar)\b")


def list_address(url: str, form: str = "oai_dc") -> str:
    """Return the address that lists all records of a repository in a form; one with a verb stays as it is."""
    parts = urlsplit(url)
    if "verb=" in parts.query:
        return url
    return urlunsplit(parts._replace(query=urlencode({"verb": "ListRecords", "metadataPrefix": form}), fragment=""))


def read_oai_pmh(content: bytes, base: str) -> Reading:
    """Return the records of an answer; deleted ones are named in ``withdrawn``, the next page is in ``more``.

    An answer to ``Identify`` leads to the list of records: as Bioschemas RDF where the repository is a TeSS, else as
    Dublin Core.

    Raises
    ------
    UnreadableInput
        It is no OAI-PMH, or reports an error.
    """
    root = xml_of(content, base or "The repository")
    if root.tag != f"{_OAI}OAI-PMH":
        raise UnreadableInput(f"{base or 'This'} is no OAI-PMH.", value=str(root.tag))
    reading = Reading()
    for error in root.iter(f"{_OAI}error"):
        if error.get("code") != "noRecordsMatch":
            raise UnreadableInput(f"The repository says {error.get('code')}: {error.text}.", value=base)
        reading.notes.append("The repository has no records that match.")
    if root.find(f"{_OAI}Identify") is not None:
        is_tess = any("tess-instance" in str(part.tag) for part in root.iter())
        reading.more.append(list_address(urlunsplit(urlsplit(base)._replace(query="")), "rdf" if is_tess else "oai_dc"))
    for record in root.iter(f"{_OAI}record"):
        _record(reading, record, base)
    token = next((part.text for part in root.iter(f"{_OAI}resumptionToken") if part.text), "")
    if token:
        query = urlencode({"verb": "ListRecords", "resumptionToken": token.strip()})
        reading.more.append(urlunsplit(urlsplit(base)._replace(query=query)))
    return reading


def _record(reading: Reading, record: etree._Element, base: str) -> None:
    header = record.find(f"{_OAI}header")
    identifier = "" if header is None else (header.findtext(f"{_OAI}identifier") or "").strip()
    if header is not None and header.get("status") == "deleted":
        reading.withdrawn.append(identifier)
        return
    metadata = record.find(f"{_OAI}metadata")
    for form in metadata if metadata is not None else []:
        if form.tag == _RDF:
            found = read_bioschemas_rdf(form, base)
        elif isinstance(form.tag, str) and form.tag.endswith("}dc"):
            found = Reading(records=[dublin_core(form, base)])
        else:
            reading.notes.append(f"{identifier} is in a form that is not read: {form.tag}.")
            continue
        for made in found.records:
            made.external_id = made.external_id or identifier
        reading.extend(found)


def dublin_core(element: etree._Element, base: str) -> Event | Material:
    """Return what a Dublin Core record describes; a material, unless its type says event, course or workshop.

    Of several ``rights`` the one that is a known licence counts, of ``identifier`` the DOI and the first other address,
    of ``date`` the first as created and the last as modified.
    """
    values: dict[str, list[str]] = {}
    for part in element:
        if isinstance(part.tag, str) and part.text and part.text.strip():
            values.setdefault(part.tag.rsplit("}", 1)[-1], []).append(part.text.strip())
    kinds = values.get("type", [])
    is_event = any(_EVENT_TYPE.search(kind) for kind in kinds)
    record: Event | Material = Event() if is_event else Material()
    record.title = next(iter(values.get("title", [])), "")
    record.description = "\n\n".join(values.get("description", []))
    record.keywords = unique(values.get("subject", []))
    record.contributors = [Person(name) for name in values.get("contributor", [])]
    record.language = next(iter(values.get("language", [])), "").split("-")[0].lower()
    record.source_url = base
    identifiers = values.get("identifier", [])
    dois = [text for text in identifiers if doi_of(text)]
    addresses = [text for text in identifiers if web_address(text)]
    record.url = next((text for text in addresses if text not in dois), "") or next(iter(addresses), "")
    if not record.url and dois:
        record.url = f"https://doi.org/{doi_of(dois[0])}"
    days = [moment for text in values.get("date", []) if (moment := parse_moment(text))]
    if isinstance(record, Event):
        record.organizer = ", ".join(values.get("publisher", []))
        record.start, record.end = (days[0], days[-1]) if days else (None, None)
        return record
    record.doi = doi_of(dois[0]) if dois else ""
    record.authors = [Person(name) for name in values.get("creator", [])]
    record.licence = next((text for text in values.get("rights", []) if licence_id(text)), "")
    record.resource_type = unique(kinds)
    if days:
        record.date_created = days[0].wall().date().isoformat()
        record.date_modified = days[-1].wall().date().isoformat() if len(days) > 1 else ""
    return record
