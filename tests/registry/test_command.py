"""``lifenode resources`` as people type it."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from lifenode.cli.main import main
from tests.registry.pages import EXAMPLE, URL


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    code = main(["resources", *map(str, arguments)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_list_gives_the_numbers_of_a_day(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "list", "--status", "core-data-resource", "--at", "2023-12-31", "--format", "json")
    assert code == 0
    assert len(json.loads(out)["result"]) == 32
    assert err == "core-data-resource: 32 on 2023-12-31 · dates of 32 are inferred\n"
    _, out, _ = run(capsys, "list", "--status", "deposition-database")
    assert len(out.splitlines()) == 1 + 18
    _, _, err = run(capsys, "list", "--status", "core-data-resource", "--at", "2023-06-01")
    assert "10 more may have held (--uncertain)" in err


def test_check_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check")[0] == 0
    code, out, _ = run(capsys, "show", "Bgee", "--format", "jsonl")
    assert code == 0
    assert json.loads(out)["status"] == "core-data-resource"
    assert run(capsys, "show", "nothing like it")[0] == 2


def test_fair_of_a_page(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    badge, answer = tmp_path / "fair.svg", tmp_path / "fair.json"
    code, _, _ = run(capsys, "fair", EXAMPLE, "--url", URL, "--badge", badge, "--output", answer)
    assert code == 0
    assert badge.read_text().startswith("<svg")
    assert json.loads(answer.read_bytes())["meta"]["page"]["spdx"] == "CC-BY-4.0"
    page = tmp_path / "page.html"
    page.write_text("\n".join(line for line in EXAMPLE.read_text().split("\n") if "creativecommons" not in line))
    code, out, err = run(capsys, "fair", page, "--url", URL, "--compare", answer, "--format", "table")
    assert code == 0
    assert "4 tests have changed" in err
    assert "fsf FsF-R1.1-01M-1: pass before, fail now" in err
    assert "no licence is stated" in out
    assert run(capsys, "fair", page, "--strict")[0] == 1


def test_fair_of_a_folder(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(EXAMPLE.read_bytes())
    (tmp_path / "b.html").write_bytes(b"")
    (tmp_path / "c.txt").write_bytes(b"not looked at")
    (tmp_path / "out").mkdir()
    code, out, err = run(capsys, "fair", tmp_path, "--format", "jsonl", "--details", tmp_path / "out", "--url", URL)
    assert code == 0
    good, bad = map(json.loads, out.splitlines())
    assert good["bioschemas_valid"] == 1
    assert "is empty" in bad["problem"]
    assert "2 pages · 1 assessed · 1 not readable" in err
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.html.json"]
    assert run(capsys, "fair", tmp_path, "--strict")[0] == 1


def test_fair_of_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with EXAMPLE.open(encoding="utf-8") as handle:
        monkeypatch.setattr("sys.stdin", handle)
        code, out, _ = run(capsys, "fair", "-", "--url", URL, "--format", "json")
    assert code == 0
    assert json.loads(out)["meta"]["fsf"]["score_earned"]["FAIR"] == 19.5


def test_fair_of_real_pages_never_fails(capsys: pytest.CaptureFixture[str], shared_data: Path) -> None:
    code, out, _ = run(capsys, "fair", shared_data / "training" / "tess", "--format", "jsonl")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0
    assert len(rows) >= 40
    assert not [row for row in rows if row["problem"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("fair", "absent.html"), "absent.html cannot be read"),
        (("fair", "http://127.0.0.1/"), "is not fetched"),
        (("fair", EXAMPLE, "--url", "example.org"), "'example.org' is not an address"),
        (("fair", EXAMPLE, "--only", "bioschemas", "--badge", "b.svg"), "The badge shows FsF points"),
        (("fair", EXAMPLE, "--compare", EXAMPLE), "is not an earlier answer"),
        (("list", "--at", "yesterday"), "'yesterday' is not a date"),
        (("maturity", "absent.tsv"), "absent.tsv cannot be read"),
        (("build", "--from", "absent", "--out", "."), "cannot be built from absent"),
    ],
)
def test_mistakes_exit_with_2_and_name_the_next_step(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[object, ...],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert not out
    assert said in err
    assert not list(tmp_path.iterdir())


def test_the_questions_can_be_filled_in(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "maturity")
    assert code == 0
    path = tmp_path / "answers.tsv"
    path.write_text(out, encoding="utf-8")
    code, _, err = run(capsys, "maturity", path)
    assert code == 0
    assert "dataset: level 0 · for level 1: 0 not met, 14 not answered" in err


def test_uptime_is_checked_recorded_and_shown(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    targets, folder = tmp_path / "targets.tsv", tmp_path / "uptime"
    targets.write_text(f"resource\turl\nGene Atlas\thttp://127.0.0.1:{port}/\n")
    asked = ("uptime", "check", "--targets", targets, "--folder", folder, "--retry", "0", "--private", "--strict")
    code, _, err = run(capsys, *asked)
    assert code == 1
    assert "0 up · 0 challenged · 1 down" in err
    assert "gene-atlas is down" in err
    assert run(capsys, *asked)[2].startswith("0 up · 0 challenged · 0 down · 1 known")
    _, out, err = run(capsys, "uptime", "show", "--folder", folder, "--format", "json")
    row = json.loads(out)["result"][0]
    assert (row["resource"], row["state"], row["recorded"], row["target"]) == ("gene-atlas", "down", 1, "not met")
    code, _, err = run(capsys, "uptime", "check", "--targets", targets, "--folder", folder, "--only", "gene atlass")
    assert code == 2
    assert "Did you mean gene-atlas?" in err
