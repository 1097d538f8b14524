"""Readers that leave, disks that are full, streams that are closed, and text that would steer a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.cli.messages import visible
from tests.cli.command import EXAMPLE, seen, shell

EVERYTHING = [
    "lifenode --help",
    "lifenode --version",
    "lifenode packs list",
    "lifenode packs verify ggallus",
    f"lifenode convert {EXAMPLE}",
    f"lifenode enrich {EXAMPLE} --format gem --all-results",
    f"lifenode enrich {EXAMPLE} --format table --all-results --top 0",
]


@pytest.mark.parametrize("command", EVERYTHING)
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_that_leaves_at_once_is_no_error(command: str, unbuffered: str) -> None:
    outcome = shell(f"{command} | true", PYTHONUNBUFFERED=unbuffered)
    assert outcome.returncode == 0
    assert "error" not in outcome.stderr.casefold()
    assert "Traceback" not in outcome.stderr


@pytest.mark.parametrize("command", EVERYTHING)
def test_a_full_disk_is_an_error_of_one_line(command: str) -> None:
    outcome = shell(f"{command} > /dev/full")
    assert outcome.returncode == 2
    assert outcome.stderr.splitlines()[-1].endswith("cannot be written: No space left on device.")
    assert "Traceback" not in outcome.stderr


def test_messages_that_nobody_can_read_do_not_cost_the_result() -> None:
    expected = shell(f"lifenode convert {EXAMPLE}").stdout
    for nowhere in ("2>&-", "2>/dev/full"):
        outcome = shell(f"lifenode convert {EXAMPLE} {nowhere}")
        assert (outcome.returncode, outcome.stdout) == (0, expected)
    assert shell("lifenode enrich absent.txt 2>&-").returncode == 2


def test_a_closed_standard_output_is_said(tmp_path: Path) -> None:
    outcome = shell(f"lifenode convert {EXAMPLE} >&-")
    assert outcome.returncode == 2
    assert outcome.stderr.splitlines()[-1] == "error: Standard output is closed. Open it, or add --output FILE."
    assert shell(f"lifenode convert {EXAMPLE} --output {tmp_path}/x.tsv >&-").returncode == 0
    assert (tmp_path / "x.tsv").stat().st_size > 1_000


def test_names_in_files_do_not_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "sets.gmt").write_text("one\t\x1b[31mred\x1b[0m\ta\tb\tc\ntwo\t\td\te\tf\tg\n")
    (tmp_path / "lists.txt").write_text("> \x1b]0;title\x07\na b c\n> plain\na d\n")
    outcome = shell(
        "lifenode enrich lists.txt -o none --gene-sets sets.gmt --all-results --format table", folder=tmp_path
    )
    assert outcome.returncode == 0, outcome.stderr
    assert "\x1b" not in outcome.stdout + outcome.stderr
    assert "\x07" not in outcome.stdout + outcome.stderr
    assert r"\x1b[31mred" in outcome.stdout
    assert r"\x1b]0;title" in outcome.stderr


def test_visible_leaves_ordinary_text_alone() -> None:
    text = "Interleukin-10 · β-catenin … 日本\tand\n"
    assert visible(text) == text
    assert visible("\u202eab\x85\x00") == r"\u202eab\x85\x00"


def test_a_terminal_of_another_encoding_gets_readable_text() -> None:
    outcome = shell(f"lifenode enrich {EXAMPLE} --top 1", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert outcome.returncode == 0
    assert "200 identifiers read · 200 mapped" in outcome.stderr


def test_a_table_on_a_terminal_is_plain_text_and_fits() -> None:
    lines = seen(f"lifenode enrich {EXAMPLE} --top 3 --highlight", columns=95)
    assert not any("\x1b" in line for line in lines)
    assert len([line for line in lines if line.startswith("  GO:BP")]) == 3
    assert max(len(line) for line in lines if line.startswith("  ")) <= 95
