"""The report of the example node: every number, what a final one asks for, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lifenode.errors import InputError, InvalidOption, UnreadableInput
from lifenode.reporting.claims import check_claims
from lifenode.reporting.indicators import as_table
from lifenode.reporting.report import Report, changes, make_report, write_report
from tests.cli.test_commands import run

EXAMPLE = Path(__file__).parents[2] / "examples" / "node"


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A copy of the example node."""
    return shutil.copytree(EXAMPLE, tmp_path / "node")


@pytest.fixture
def signed(node: Path) -> Path:
    file = node / "node.toml"
    file.write_text(file.read_text() + '2023 = "A. Coordinator, 2024-02-28"\n')
    return node


def values(report: Report) -> dict[str, str]:
    return {entry.code: str(entry.value) for entry in report.indicators}


def test_the_numbers_of_the_example_year(node: Path) -> None:
    report = make_report(node, 2023)
    found = values(report)
    assert (found["training.courses"], found["training.participants"], found["training.organisations"]) == (
        "18",
        "305",
        "31",
    )
    assert (found["training.events"], found["training.co_organised"]) == ("19", "1")
    assert (found["registry.core-data-resource"], found["registry.deposition-database"]) == ("32", "16")
    assert (found["records.publication"], found["records.project"]) == ("1", "1")
    assert found["series.organisms_and_datasets_held"] == str(141 + 821)
    services = [int(value) for code, value in found.items() if code.startswith("usage.queries.")]
    assert sum(services) == int(found["usage.queries"]) == sum(map(sum, report.months.values()))
    by_code = {entry.code: entry for entry in report.indicators}
    assert by_code["series.organisms_and_datasets_held"].notes == (
        "g:Profiler: no value for 2023; that of 2022 is carried forward",
    )
    assert "32 of 32 first days are inferred" in by_code["registry.core-data-resource"].notes
    assert by_code["usage.queries"].rimo == "Executions"
    assert all(entry.rule and entry.evidence for entry in report.indicators)
    assert values(make_report(node, 2026))["registry.core-data-resource"] == "39"
    assert values(make_report(node, 2026))["registry.deposition-database"] == "18"


def test_made_twice_it_is_the_same(node: Path, tmp_path: Path) -> None:
    other = shutil.copytree(node, tmp_path / "other")
    first, again, elsewhere = make_report(node, 2023), make_report(node, 2023), make_report(other, 2023)
    assert first.to_dict() == again.to_dict() == elsewhere.to_dict()
    assert first.fingerprint == again.fingerprint


def test_a_changed_record_changes_the_fingerprint_of_what_is_made_from_it(node: Path) -> None:
    before = {entry.code: entry.fingerprint for entry in make_report(node, 2023).indicators}
    file = node / "records.csv"
    file.write_text(file.read_text() + "person,2023-12-01,A trainer joined the node,,\n")
    after = {entry.code: entry.fingerprint for entry in make_report(node, 2023).indicators}
    assert [code for code in before if before[code] != after[code]] == ["records.person"]


def test_a_draft_says_what_is_missing(node: Path, tmp_path: Path) -> None:
    report = make_report(node, 2023)
    assert report.missing == ["node.toml: sign_off.2023, who and when"]
    markdown, page, data = (path.read_text() for path in write_report(report, node, tmp_path / "out"))
    assert markdown.startswith("---\ndraft: true\n")
    assert "sign\\_off.2023" in markdown
    assert "sign_off.2023" in page
    assert json.loads(data)["missing"] == report.missing
    assert not (node / "frozen").exists()


def test_a_final_report_is_refused_while_anything_is_missing(node: Path, tmp_path: Path) -> None:
    for name in ("events.csv", "registry.csv"):
        (node / name).unlink()
    report = make_report(node, 2023)
    with pytest.raises(
        InputError, match=r"events\.csv: training events; registry\.csv: .*; node\.toml: sign_off\.2023"
    ):
        write_report(report, node, tmp_path / "out", final=True)
    assert not (tmp_path / "out").exists()
    file = node / "node.toml"
    file.write_text('not_applicable = ["registry.csv"]\n' + file.read_text())
    assert not any("registry.csv" in line for line in make_report(node, 2023).missing)
    assert any("no query of 2019" in line for line in make_report(node, 2019).missing)


def test_a_final_report_freezes_its_numbers(signed: Path, tmp_path: Path) -> None:
    report = make_report(signed, 2023)
    assert report.missing == []
    written = write_report(report, signed, tmp_path / "out", final=True)
    assert [path.name for path in written] == [
        "report-2023.md", "report-2023.html", "report-2023.json", "indicators-2023.json",
    ]  # fmt: skip
    assert written[0].read_text().startswith("---\ndraft: false\ndate: 2024-02-28\n")
    write_report(make_report(signed, 2023), signed, tmp_path / "out", final=True)
    file = signed / "records.csv"
    file.write_text(file.read_text() + "person,2023-12-01,A trainer joined the node,,\n")
    with pytest.raises(InputError, match=r"frozen with other numbers: records\.person 1 -> 2"):
        write_report(make_report(signed, 2023), signed, tmp_path / "out", final=True)
    next_year = make_report(signed, 2024)
    assert next_year.before["training.courses"] == "18"
    assert ("training.courses", "18", "0") in changes(next_year.before, next_year.indicators)
    written[-1].write_text("{}")
    with pytest.raises(InputError, match="no file of frozen indicators"):
        make_report(signed, 2024)


class Page(HTMLParser):
    """The identifiers and links of a page, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.names |= {found["id"] or ""} if "id" in found else set()
        self.links += [found["href"] or ""] if "href" in found else []
        assert tag not in ("script", "link", "iframe")
        assert "src" not in found
        if tag not in ("meta", "line", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag != "rect":
            assert self.open.pop() == tag


def test_the_page_is_whole_and_its_footnotes_are_there(node: Path, tmp_path: Path) -> None:
    report = make_report(node, 2023)
    markdown, html, _ = (path.read_text() for path in write_report(report, node, tmp_path))
    page = Page()
    page.feed(html)
    assert page.open == []
    assert {link[1:] for link in page.links if link.startswith("#")} == page.names
    assert "https://doi.org/10.1093/nar/gkad347" in page.links
    assert "<svg" in html
    used, defined = set(re.findall(r"\[\^(\d+)\](?!:)", markdown)), set(re.findall(r"^\[\^(\d+)\]:", markdown, re.M))
    assert used == defined == {str(n) for n in range(1, len(report.indicators) + 1)}
    assert "<!-- more -->" in markdown


def test_text_of_strangers_is_text(node: Path, tmp_path: Path) -> None:
    file = node / "records.csv"
    file.write_text(
        file.read_text() + 'person,2023-12-01,"<script>alert(1)</script> [x](javascript:1)",javascript:1,\n'
    )
    markdown, html, _ = (path.read_text() for path in write_report(make_report(node, 2023), node, tmp_path))
    assert "<script>" not in html
    assert "<script>" not in markdown
    assert re.search(r"(?<!\\)\]\(javascript:", markdown) is None
    assert 'href="javascript' not in html


def test_small_groups_are_not_published(node: Path, tmp_path: Path) -> None:
    for file in (node / "responses").iterdir():
        file.write_text("".join(file.read_text().splitlines(keepends=True)[:20]))
    report = make_report(node, 2023)
    assert set(report.surveys) == {"Demographic", "Quality", "Impact"}
    counts = [row["count"] for table in report.surveys.values() for row in table]
    assert None in counts
    assert not any(0 < count < 5 for count in counts if count is not None)


def test_what_cannot_be_used_is_named_and_the_rest_is_processed(node: Path) -> None:
    (node / "logs" / "again.log").write_bytes((node / "logs" / "access.log").read_bytes())
    (node / "responses" / "again.csv").write_bytes((node / "responses" / "impact.csv").read_bytes())
    (node / "responses" / "notes.csv").write_text("event_code,remark\n")
    (node / "series.csv").write_bytes(b"\xff\xfe")
    (node / "registry.csv").write_text("name\n")
    file = node / "records.csv"
    file.write_text(file.read_text() + "prize,2023-01-01,Best node,,\nperson,soon,Somebody,,\n")
    before, report = values(make_report(untouched(node), 2023)), make_report(node, 2023)
    after = values(report)
    assert {code for code in before if before[code] != after.get(code)} == {
        "registry.core-data-resource", "registry.deposition-database", "registry.node-service",
        "series.organisms_and_datasets_held",
    }  # fmt: skip
    for words in (
        "access.log, line 1591: not a log line: x.x.x.x this", "impact.csv is again.csv again", "no column of a known",
        "series.csv cannot be read", "no column 'resource'", "'prize': is none of", "'soon': is no date",
    ):  # fmt: skip
        assert any(words in problem for problem in report.problems), words
    assert any(line.startswith("registry.csv") for line in report.missing)


def untouched(node: Path) -> Path:
    """Another copy of the example."""
    return shutil.copytree(EXAMPLE, node.parent / "untouched")


def test_years_and_folders_outside_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption, match="1999"):
        make_report(tmp_path, 1999)
    with pytest.raises(UnreadableInput, match="no folder"):
        make_report(tmp_path / "nowhere", 2023)
    report = make_report(tmp_path, 2023)
    assert report.indicators == []
    assert len(report.missing) == 9
    assert len(as_table(report.indicators)) == 0


def test_claims_are_held_against_the_numbers(node: Path) -> None:
    report = make_report(node, 2023)
    queries = int(values(report)["usage.queries"])
    text = (
        "In 2023 we held 18 courses for 305 participants from 30 organisations.\n"
        f"More than {queries - 1} queries were served; about {round(queries, -2)} queries. "
        f"Over {queries} queries, even.\n"
        "There were 32 Core Data Resources and 16 deposition databases, and 70 other things.\n"
        "Participants: 305. More than 16 million service queries. See https://doi.org/10.1000/182 of 2023-05-01.\n"
    )
    found = [(row["line"], row["verdict"], row["indicator"]) for row in check_claims(text, report.indicators)]
    assert found == [
        (1, "confirmed", "training.courses"), (1, "confirmed", "training.participants"),
        (1, "contradicted", "training.organisations"), (2, "confirmed", "usage.queries"),
        (2, "confirmed", "usage.queries"), (2, "contradicted", "usage.queries"),
        (3, "confirmed", "registry.core-data-resource"), (3, "confirmed", "registry.deposition-database"),
        (3, "unchecked", ""), (4, "confirmed", "training.participants"), (4, "contradicted", "usage.queries"),
    ]  # fmt: skip


def test_the_command_prints_writes_and_checks(node: Path, tmp_path: Path) -> None:
    printed = run("report", "2023", node)
    assert printed.returncode == 0
    assert printed.stdout == as_table(make_report(node, 2023).indicators).to_tsv()
    assert "missing: node.toml: sign_off.2023" in printed.stderr
    assert run("report", "2023", node, "--write", tmp_path / "out").returncode == 0
    assert (tmp_path / "out" / "report-2023.html").exists()
    refused = run("report", "2023", node, "--final")
    assert refused.returncode == 2
    assert "cannot be final" in refused.stderr
    assert not (node / "reports").exists()
    checked = run("report", "2023", node, "--check", node / "draft.md", "--strict")
    assert checked.returncode == 1
    assert "contradicted" in checked.stdout
    assert run("report", "2023", node, "--check", node / "nothing.md").returncode == 2
    assert run("report", "1823", node).returncode == 2
