"""``lifenode edit base --outcomes`` as a user runs it."""

from __future__ import annotations

from pathlib import Path

from lifenode.editing import base_outcomes
from tests.cli.command import seen, shell

GUIDE = "TCTGCTCAGCTCATGCCGAT"


def test_a_pipe_gets_the_table_of_the_library(tmp_path: Path) -> None:
    outcome = shell(f"lifenode edit base {GUIDE} --editor CBE --outcomes --top 3", tmp_path)
    assert outcome.returncode == 0
    assert outcome.stdout == base_outcomes([GUIDE], "CBE", top=3).to_tsv()
    every = shell(f"echo {GUIDE.lower()} | lifenode edit base - --editor CBE --outcomes --top 0", tmp_path)
    assert every.stdout == base_outcomes([GUIDE], "CBE", top=0).to_tsv()


def test_a_terminal_gets_percents(tmp_path: Path) -> None:
    lines = seen(f"lifenode edit base {GUIDE} --editor CBE --outcomes --top 2", tmp_path)
    first = base_outcomes([GUIDE], "CBE", top=1)
    assert lines[1].split()[:3] == ["guide", "outcome", "edited"]
    told = [GUIDE, first["outcome"][0], first["edited"][0], f"{first['share'][0]:.1f}", "%"]
    assert lines[2].split()[:5] == told
    assert len(lines) == 4


def test_guides_without_outcomes_are_told_and_wrong_options_refused(tmp_path: Path) -> None:
    outcome = shell("lifenode edit base GGGGGGGGGGGGGGGGGGGG --outcomes", tmp_path)
    assert outcome.returncode == 0
    assert outcome.stdout.splitlines() == ["guide\trank\toutcome\tedited\tshare\tpercent"]
    assert "1 of 1 guides have no A at positions 3 to 10 and no outcome" in outcome.stderr
    refused = shell(f"lifenode edit base {GUIDE} --outcomes --mean 0.5 --std 0.1", tmp_path)
    assert refused.returncode == 2
    assert "--mean and --std scale how well guides are edited" in refused.stderr
    assert "Traceback" not in refused.stderr
