"""OAI-PMH: every verb and error of the protocol, lists walked to their end, and our own harvest of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from lxml import etree
from sqlalchemy import select

from lifenode.training.database import open_database
from lifenode.training.demonstration import demonstration, keep_demonstration
from lifenode.training.harvest import Harvest, harvest
from lifenode.training.models import StoredRecord
from lifenode.training.portal import Portal
from lifenode.training.records import Event, Material
from lifenode.training.repository import AT_ONCE, Repository
from lifenode.training.store import keep_harvest, opened
from tests.training.publishing import differing

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HERE = "https://node.example.org/training/oai"
OAI = "{http://www.openarchives.org/OAI/2.0/}"


@pytest.fixture
def repository(tmp_path: Path) -> Iterator[Repository]:
    portal = Portal(open_database(f"sqlite:///{tmp_path / 'portal.sqlite'}"))
    keep_demonstration(engine=portal.engine, now=NOW)
    yield Repository(portal, HERE, "https://node.example.org")
    portal.close()


def ask(repository: Repository, **given: str) -> etree._Element:
    pairs = [(name.rstrip("_"), value) for name, value in given.items()]
    return etree.fromstring(repository.answer(pairs, now=NOW))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, "badVerb"),
        ({"verb": "List"}, "badVerb"),
        ({"verb": "Identify", "set": "events"}, "badArgument"),
        ({"verb": "ListRecords"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "marc"}, "cannotDisseminateFormat"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "set": "cakes"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2030-01-01"}, "noRecordsMatch"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "today"}, "badArgument"),
        ({"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-02-30"}, "badArgument"),
        (
            {"verb": "ListRecords", "metadataPrefix": "oai_dc", "from": "2026-03-02", "until": "2026-03-01"},
            "badArgument",
        ),
        ({"verb": "ListRecords", "resumptionToken": "bm9uZQ"}, "badResumptionToken"),
        ({"verb": "ListRecords", "resumptionToken": "x", "metadataPrefix": "oai_dc"}, "badArgument"),
        ({"verb": "ListSets", "resumptionToken": "x"}, "badResumptionToken"),
        ({"verb": "GetRecord", "metadataPrefix": "rdf", "identifier": "oai:elsewhere:events/1"}, "idDoesNotExist"),
        (
            {"verb": "GetRecord", "metadataPrefix": "rdf", "identifier": "oai:node.example.org:events/1"},
            "idDoesNotExist",
        ),
    ],
)
def test_errors_have_the_codes_of_the_protocol(repository: Repository, given: dict[str, str], code: str) -> None:
    root = ask(repository, **given)
    assert [error.get("code") for error in root.iter(f"{OAI}error")] == [code]
    assert [child.tag.removeprefix(OAI) for child in root] == ["responseDate", "request", "error"]


def test_an_argument_given_twice_is_refused(repository: Repository) -> None:
    pairs = [("verb", "ListRecords"), ("metadataPrefix", "rdf"), ("metadataPrefix", "rdf")]
    assert b'code="badArgument"' in repository.answer(pairs)


def test_it_says_who_it_is_and_what_it_has(repository: Repository) -> None:
    root = ask(repository, verb="Identify")
    assert root.findtext(f".//{OAI}deletedRecord") == "persistent"
    assert root.findtext(f".//{OAI}earliestDatestamp") == "2026-03-01T12:00:00Z"
    assert [one.text for one in ask(repository, verb="ListSets").iter(f"{OAI}setSpec")] == ["events", "materials"]
    prefixes = ask(repository, verb="ListMetadataFormats").iter(f"{OAI}metadataPrefix")
    assert [one.text for one in prefixes] == ["oai_dc", "rdf"]


def test_days_and_sets_limit_a_list(repository: Repository) -> None:
    identifiers = ask(repository, verb="ListIdentifiers", metadataPrefix="rdf", set="materials", until="2026-03-01")
    assert len(list(identifiers.iter(f"{OAI}header"))) == 4
    none = ask(repository, verb="ListIdentifiers", metadataPrefix="rdf", until="2026-02-28")
    assert none.find(f"{OAI}error") is not None


def test_a_long_list_is_walked_once_through_also_while_it_changes(repository: Repository) -> None:
    records: list[Event | Material] = [
        Material(title=f"Slides {number}", url=f"https://x.org/{number}", description="x") for number in range(230)
    ]
    many = Harvest("https://x.org/", "bioschemas", read=230, records=records)
    keep_harvest(many, "X", engine=repository.portal.engine, now=NOW)
    found, sizes, token = [], [], ""
    while True:
        given = {"resumptionToken": token} if token else {"metadataPrefix": "oai_dc"}
        root = ask(repository, verb="ListRecords", **given)
        page = [one.text for one in root.iter(f"{OAI}identifier")]
        found += page
        sizes.append(len(page))
        last = root.find(f".//{OAI}resumptionToken")
        assert last is not None
        assert last.get("completeListSize") == "242"
        token = last.text or ""
        if not token:
            break
        with opened(repository.portal.engine) as session:
            changed = session.scalars(select(StoredRecord)).first()
            assert changed is not None
            changed.updated_at = NOW + timedelta(hours=len(sizes))
    assert sizes == [AT_ONCE, AT_ONCE, 42]
    assert len(set(found)) == len(found) == 242


@pytest.mark.parametrize("prefix", ["rdf", "oai_dc"])
def test_our_own_harvest_reads_it(repository: Repository, prefix: str) -> None:
    def fetch(url: str) -> bytes:
        return repository.answer(parse_qsl(urlsplit(url).query), now=NOW)

    made = harvest(f"{HERE}?verb=ListRecords&metadataPrefix={prefix}", fetch)
    assert (made.kind, made.rejected, made.complete) == ("oai_pmh", [], True)
    expected = {record.url: record for record in demonstration(NOW.date())}
    assert {record.url for record in made.records} == set(expected)
    if prefix == "rdf":
        assert made.records[0].external_id.startswith("oai:node.example.org:events/")
        for record in made.records:
            unlike = differing(record, expected[record.url])
            # Triples have no order.
            for name in [name for name, (one, other) in unlike.items() if isinstance(one, list)]:
                one, other = unlike.pop(name)
                assert sorted(map(str, one)) == sorted(map(str, other))  # type: ignore[call-overload]
            assert unlike.keys() == {"external_id"}


def test_identify_leads_our_harvest_to_the_records(repository: Repository) -> None:
    made = harvest(
        f"{HERE}?verb=Identify", lambda url: repository.answer(parse_qsl(urlsplit(url).query), now=NOW), kind="oai_pmh"
    )
    assert len(made.records) == 12


def test_what_is_withdrawn_is_told_as_deleted_and_withdrawn_by_who_harvests(
    repository: Repository, tmp_path: Path
) -> None:
    def gathered() -> Harvest:
        return harvest(
            f"{HERE}?verb=ListRecords&metadataPrefix=rdf",
            lambda url: repository.answer(parse_qsl(urlsplit(url).query), now=NOW),
        )

    other = open_database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    assert keep_harvest(gathered(), "Other", engine=other, now=NOW).added == 12
    with opened(repository.portal.engine) as session:
        gone = session.scalars(select(StoredRecord)).first()
        assert gone is not None
        gone.withdrawn_at = NOW + timedelta(days=1)
    second = gathered()
    assert len(second.withdrawn) == 1
    assert keep_harvest(second, "Other", engine=other, now=NOW + timedelta(days=2)).withdrawn == 1
    other.dispose()
