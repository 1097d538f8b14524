from __future__ import annotations

import datetime
import json
from pathlib import Path

import pytest

from lifenode.errors import FormatError, InvalidOption, TamperedPack, UnknownName
from lifenode.registry.build import build_tables
from lifenode.registry.facts import STATUSES, Fact, read_facts, resource, resources, shipped_facts
from lifenode.registry.tables import FOLDER, manifest, table
from lifenode.registry.verification import verify


@pytest.mark.parametrize(
    ("status", "at", "count"),
    [
        ("core-data-resource", "2023-12-31", 32),
        ("deposition-database", "2023-12-31", 16),
        ("core-data-resource", None, 39),
        ("deposition-database", None, 18),
        ("recommended-interoperability-resource", None, 21),
        ("service-delivery-plan", None, 9),
        ("node-service", None, 0),
    ],
)
def test_counts_of_a_day(status: str, at: str | None, count: int) -> None:
    result = resources(status, at)
    assert len(result) == count
    assert all(result["certain"])
    if count:
        counts = result.meta["counts"][status]
        assert counts["count"] == count
        assert counts["facts"] == list(result["fact"])
        assert len(json.loads(result.to_json())["result"]) == count


def test_inferred_dates_are_marked() -> None:
    result = resources("core-data-resource", "2023-12-31")
    assert all(result["inferred"])
    assert not any(resources("recommended-interoperability-resource")["inferred"])


def test_what_is_not_known_for_certain_is_apart() -> None:
    result = resources("core-data-resource", "2023-06-01")
    assert len(result) == 22
    assert len(result.meta["counts"]["core-data-resource"]["uncertain"]) == 10
    assert len(resources("core-data-resource", "2023-06-01", uncertain=True)) == 32


@pytest.mark.parametrize("status", STATUSES[:4])
def test_facts_are_certain_uncertain_or_not_yet(status: str) -> None:
    facts = [fact for fact in shipped_facts() if fact.status == status]
    before = 0
    for month in range(12 * 2000, 12 * 2030):
        day = datetime.date(month // 12, month % 12 + 1, 1)
        answers = [fact.holds(day.isoformat()) for fact in facts]
        counts = resources(status, day).meta["counts"].get(status, {"count": 0, "uncertain": []})
        assert counts["count"] == answers.count("yes") >= before
        assert len(counts["uncertain"]) == answers.count("uncertain")
        before = answers.count("yes")


def test_a_resource_has_several_statuses_with_dates() -> None:
    rows = resource("gwas catalog").to_dicts()
    assert {(row["status"], row["since"]) for row in rows} == {
        ("core-data-resource", "2023"),
        ("deposition-database", "2023"),
    }
    assert {row["status"] for row in resource("g:Profiler")} == {
        "recommended-interoperability-resource",
        "service-delivery-plan",
    }


def test_mistakes_are_named() -> None:
    with pytest.raises(UnknownName, match="Did you mean core-data-resource"):
        resources("core-data-resources")
    with pytest.raises(UnknownName, match="Did you mean UniProt"):
        resource("Uniprott")
    with pytest.raises(InvalidOption, match="2023-13-01"):
        resources(at="2023-13-01")


def test_further_facts(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        "resource,status,from_earliest,from_latest,to,source,retrieved,inferred\n"
        "eQTL Catalogue,node-service,2020-01-01,2020-01-01,,our list,2024-01-01,no\n"
        "Old thing,node-service,2010-01-01,2010-01-01,2019-12-31,our list,2024-01-01,no\n",
        encoding="utf-8",
    )
    facts = read_facts(path)
    assert list(resources("node-service", facts=facts)["resource"]) == ["eqtl-catalogue"]
    assert list(resources("node-service", "2019-12-31", facts=facts)["resource"]) == ["old-thing"]
    assert resource("Old thing", facts=facts)["to"][0] == "2019-12-31"
    assert verify(facts=facts).meta["failed"] == 0
    assert verify(facts=[*facts, facts[0]]).meta["failed"] == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("x,core,2020-01-01,s,2020-01-01", "line 2: there is no status 'core'"),
        ("x,node-service,2020,s,2020-01-01", "line 2: from_latest is '2020', which is not a date"),
        ("x,node-service,2020-01-01,,2020-01-01", "line 2: the source is missing"),
    ],
)
def test_bad_facts_are_named_with_their_line(tmp_path: Path, row: str, said: str) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(f"resource,status,from_latest,source,retrieved\n{row}\n", encoding="utf-8")
    with pytest.raises(FormatError, match=said):
        read_facts(path)


def test_since_in_words() -> None:
    def since(first: str, last: str) -> str:
        return Fact("f", "r", "s", first, last, "", "x", "d", False, "").since

    assert since("2020-05-01", "2020-05-01") == "2020-05-01"
    assert since("", "2020-12-31") == "by 2020-12-31"
    assert since("2021-01-01", "2022-12-31") == "2021 to 2022"
    assert since("2023-01-01", "2023-12-31") == "2023"
    assert since("2024-01-01", "2026-09-17") == "2024-01-01 to 2026-09-17"


def test_the_registry_passes_its_own_check() -> None:
    result = verify()
    assert result.meta["failed"] == 0
    assert len(result) == 17


def test_the_shipped_tables_are_what_the_build_gives(shared_data: Path, tmp_path: Path) -> None:
    build_tables(shared_data / "training", tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (FOLDER / path.name).read_bytes(), path.name
    assert all(one["licence"] and one["attribution"] and one["url"] for one in manifest()["sources"])


def test_a_changed_table_is_not_read(tmp_path: Path) -> None:
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    facts = tmp_path / "facts.tsv"
    facts.write_bytes(facts.read_bytes().replace(b"2023-12-31", b"2022-12-31", 1))
    with pytest.raises(TamperedPack, match=r"facts\.tsv"):
        table("facts.tsv", tmp_path)
    assert verify(folder=tmp_path).meta["failed"] == 1
