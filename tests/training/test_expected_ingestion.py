"""Every expectation of the saved sources, harvested whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lifenode.training.harvest import Harvest, harvest
from lifenode.training.ingest.indico import calendar_address
from lifenode.training.ingest.kinds import kind_of
from lifenode.training.ingest.oai_pmh import dublin_core
from lifenode.training.records import Event, Material, from_dict, to_dict
from lifenode.training.tidy import tidy
from lifenode.training.vocabulary import Vocabulary, best_match, likeness

Saved = Callable[[Mapping[str, Path]], Callable[[str], bytes]]
DRESA = Vocabulary().with_terms(
    {
        "event_types": dict.fromkeys(("webinar", "workshop", "conference", "meeting", "hackathon", "dropin"), ""),
        "eligibility": dict.fromkeys(
            ("open_to_all", "host_institution", "expression_of_interest", "by_invitation"), ""
        ),
    }
)


def nothing(url: str) -> bytes:
    raise AssertionError(f"{url} was fetched")


def read(path: Path, url: str = "", **options: Any) -> Harvest:
    return harvest(url, nothing, content=path.read_bytes(), **options)


def record(made: Harvest, title: str) -> dict[str, Any]:
    (found,) = [it for it in made.records if it.title == title]
    return to_dict(found)


def test_course_dates_that_share_an_id_are_one(tess: Path, expected: dict[str, Any]) -> None:
    wanted = expected["bioschemas"][0]
    made = read(tess / "ingestion" / wanted["input"], wanted["url"])
    assert (len(made.events), len(made.materials)) == (wanted["events"], wanted["materials"])
    assert {reason for it in made.rejected for reason in it.reasons} == {"url can't be blank"}
    shown = record(made, wanted["sample"]["title"])
    assert {key: shown[key] for key in wanted["sample"]} == wanted["sample"]
    assert shown["all_day"]


def test_a_sitemap_of_pages(tess: Path, expected: dict[str, Any], saved: Saved) -> None:
    wanted = expected["bioschemas"][1]
    gtn = tess / "ingestion" / "gtn"
    site = "https://training.galaxyproject.org"
    topics = f"{site}/training-material/topics/introduction"
    fetch = saved(
        {
            f"{site}/sitemap.xml": gtn / "sitemap.xml",
            f"{topics}/slides/introduction.html": gtn / "slides-introduction.html",
            f"{topics}/tutorials/galaxy-intro-101/tutorial.html": gtn / "galaxy-intro-101.html",
            f"{topics}/tutorials/galaxy-intro-strands/tutorial.html": gtn / "galaxy-intro-strands.html",
            f"{site}/page-with-no-bioschemas": gtn / "faq.html",
            f"{site}/page-with-no-bioschemas-2": gtn / "faq.html",
        }
    )
    made = harvest(f"{site}/sitemap.xml", fetch)
    counts = made.to_dict()["counts"]
    assert counts["pages"] == wanted["urls_in_sitemap"]
    assert counts["pages_failed"] == wanted["http_404"]
    assert counts["pages_without_records"] == 2
    assert (counts["events"], counts["materials"]) == (0, wanted["materials"])
    assert not made.complete
    shown, sample = record(made, wanted["sample"]["title"]), wanted["sample"]
    for key in ("url", "description", "target_audience", "licence", "resource_type"):
        assert shown[key] == sample[key], key
    assert len(shown["authors"]) == sample["authors_count"]
    assert sum(bool(author["orcid"]) for author in shown["authors"]) == sample["authors_with_orcid"]


def test_a_sitemap_of_lines(tess: Path, expected: dict[str, Any], saved: Saved) -> None:
    wanted = expected["bioschemas"][2]
    folder = tess / "ingestion" / "hsftraining"
    fetch = saved(
        {
            "http://carpentries-incubator.github.io/python-testing/": folder / "python-testing.html",
            "http://swcarpentry.github.io/python-novice-inflammation": folder / "python-novice-inflammation.html",
            "https://hsf-training.github.io/hsf-training-scikit-hep-webpage/": folder
            / "hsf-training-scikit-hep-webpage.html",
        }
    )
    made = harvest("https://x.org/sitemap.txt", fetch, content=(folder / "sitemap.txt").read_bytes())
    assert (len(made.events), len(made.materials)) == (wanted["events"], wanted["materials"])
    assert sum(not page.found for page in made.pages) == wanted["not_found"]
    assert record(made, wanted["sample"]["title"])["url"] == wanted["sample"]["url"]


def test_dates_of_a_course_without_its_stub_events(tess: Path, expected: dict[str, Any]) -> None:
    wanted = expected["bioschemas"][4]
    made = read(tess / "ingestion" / wanted["input"])
    assert len(made.events) == wanted["added"]
    assert not made.rejected
    assert wanted["sample_url"] in [event.url for event in made.events]


def test_mentions_become_external_resources(tess: Path, expected: dict[str, Any]) -> None:
    wanted = expected["bioschemas"][5]
    made = read(tess / "ingestion" / wanted["input"])
    (material,) = made.materials
    assert len(material.external_resources) == wanted["external_resources"]
    kinds = {resource.url: resource.kind for resource in material.external_resources}
    assert kinds == {"https://bio.tools/galaxy": "tool", "https://www.ebi.ac.uk/ega/home": "other"}


def test_calendars_of_a_sitemap(tess: Path, expected: dict[str, Any], saved: Saved) -> None:
    wanted = expected["ical"]
    folder = tess / "ingestion" / "icalendar"
    fetch = saved({f"https://pawsey.org.au/event/{p.stem}/?ical=true": p for p in folder.glob("*.ics")})
    content = (tess / "ingestion" / wanted["input"].split(" ")[0]).read_bytes()
    made = harvest("https://pawsey.org.au/sitemap.xml", fetch, kind="ical", content=content)
    assert made.read == wanted["read"]
    assert len(made.records) == wanted["added"] + wanted["updated"]
    assert sum(bool(page.error) for page in made.pages) == wanted["http_404"]
    assert {it.title: it.reasons for it in made.rejected} == {
        "NVIDIA cuQuantum Session": ("url is not a valid URL",),
        "PaCER Seminar: Radio astronomy": ("url can't be blank",),
    }
    for sample in wanted["samples"]:
        shown = record(made, sample["title"])
        for given in (sample, shown):
            given["keywords"] = sorted(given.get("keywords", shown["keywords"]))
        assert {key: shown[key] for key in sample} == sample


def test_indico(tess: Path, expected: dict[str, Any]) -> None:
    (wanted,) = expected["indico"]["events"]
    made = read(tess / "ingestion" / "indico" / "event.ics")
    shown = record(made, wanted["title"])
    assert {key: shown[key] for key in wanted if key != "note"} == {k: v for k, v in wanted.items() if k != "note"}
    assert len(read(tess / "ingestion" / "indico" / "events.ics").events) == 2
    page = read(tess / "ingestion" / "indico" / "indico.html")
    assert not page.records
    assert page.pages[0].notes
    for given, address in expected["indico"]["url_rewrite"]:
        assert calendar_address(given) == address


def test_event_tables(tess: Path, expected: dict[str, Any]) -> None:
    wanted = expected["event_csv"]
    made = read(tess / "ingestion" / wanted["input"], vocabulary=DRESA)
    assert (made.read, len(made.events), len(made.rejected)) == (wanted["read"], wanted["added"], wanted["rejected"])
    sample = wanted["sample"]
    shown = record(made, sample["title"])
    for key in sample.keys() - {"start_local", "target_audience"}:
        assert shown[key] == sample[key], key
    assert (shown["start_local"], shown["start"]) == (sample["start_local"], "2022-03-03T03:00:00Z")
    assert sorted(shown["target_audience"]) == sorted(sample["target_audience"])
    assert "<" not in shown["learning_objectives"]
    assert shown["description"].startswith("Introduction to Gadi is designed")


def test_material_tables(tess: Path, expected: dict[str, Any]) -> None:
    wanted = expected["material_csv"]
    made = read(tess / "ingestion" / wanted["input"])
    assert (made.read, len(made.materials), len(made.rejected)) == (3, wanted["added"], wanted["rejected"])
    assert (made.rejected[0].title, "other_types" in made.rejected[0].reasons[0]) == ("The Final Draft", True)
    sample = wanted["sample"]
    shown = record(made, sample["title"])
    names = {"published": "date_published", "modified": "date_modified", "difficulty": "difficulty_level"}
    for key in sample.keys() - {"contributors"}:
        assert shown[names.get(key, key)] == sample[key], key
    assert [person["name"] for person in shown["contributors"]] == sample["contributors"]


def test_tess_itself(tess: Path, expected: dict[str, Any]) -> None:
    made = read(tess / "ingestion" / expected["tess_api"]["input"], "https://dresa.org.au/events.json_api")
    assert len(made.events) == expected["tess_api"]["events"]
    assert made.events[0].operations[0].iri == "http://edamontology.org/operation_2409"
    assert made.events[0].origin_uri.startswith("https://dresa.org.au/events/webinar-establishing")


def test_libcal_and_oai_pmh(tess: Path, expected: dict[str, Any]) -> None:
    yaml = pytest.importorskip("yaml")
    texts = {}
    for name in ("libcal", "tess_oai_pmh_identify", "tess_oai_pmh_listrecords"):
        recorded = yaml.safe_load((tess / "vcr" / f"{name}.yml").read_text(encoding="utf-8"))
        texts[name] = recorded["http_interactions"][0]["response"]["body"]["string"].encode()
    wanted = expected["libcal"]
    (event,) = harvest("https://vu-nl.libcal.com/", nothing, content=texts["libcal"]).events
    shown = to_dict(event)
    assert (shown["start_local"], shown["end_local"]) == (wanted["start"], wanted["end"])

    base = "https://oai-pmh.tesshub.space/oai-pmh"
    answers = {f"{base}?verb=ListRecords&metadataPrefix=rdf": texts["tess_oai_pmh_listrecords"]}
    made = harvest(base, answers.__getitem__, content=texts["tess_oai_pmh_identify"])
    assert [material.title for material in made.materials] == ["Example Material", "Another Material"]
    assert made.materials[0].licence == "Apache-2.0"
    assert "0000-0002-1825-0097" in [author.orcid for author in made.materials[0].authors]


def test_dublin_core(expected: dict[str, Any]) -> None:
    wanted = expected["oai_dc_material"]
    root = etree.Element("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    for name, values in (
        ("rights", wanted["rights"]),
        ("date", wanted["dates"]),
        ("identifier", wanted["identifiers"]),
    ):
        for value in values:
            etree.SubElement(root, f"{{http://purl.org/dc/elements/1.1/}}{name}").text = value
    material = dublin_core(root, "")
    assert isinstance(material, Material)
    assert material.licence == wanted["licence_out"]
    assert (material.date_created, material.date_modified) == (wanted["date_created"], wanted["date_modified"])
    assert f"https://doi.org/{material.doi}" == wanted["doi_out"]
    assert material.url == wanted["url_out"]
    tidy(material, Vocabulary())
    assert material.licence == "MIT"


def test_trigrams(expected: dict[str, Any]) -> None:
    known = Vocabulary().ids("event_types")
    for text, match, score in expected["trigram_match"]["vectors"]:
        assert (best_match(text, known) or None) == match
        assert round(max(likeness(text, it) for it in known), 4) == pytest.approx(score, abs=1e-4) or not match


def test_every_record_survives_json(tess: Path) -> None:
    count = 0
    for path in sorted((*(tess / "ingestion").rglob("*.*"), *(tess / "rdf_extractors").iterdir())):
        if path.is_file() and kind_of(path.read_bytes()) != "sitemap" and "expected" not in path.name:
            for made in read(path, "https://example.org/page.html", one_page=True).records:
                again = from_dict(to_dict(made))
                again.notes, again.source_url = made.notes, made.source_url
                assert again == made
                count += isinstance(made, Event | Material)
    assert count > 80
