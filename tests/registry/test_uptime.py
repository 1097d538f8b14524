"""What the uptime monitor keeps and what it adds up to."""

from __future__ import annotations

import datetime
import itertools
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import FormatError, InvalidOption, UnknownName, UnreadableInput
from lifenode.registry import uptime_monitor as monitor
from lifenode.registry.uptime_days import LATENCY_MILLISECONDS, day_path, read_events, read_states, record
from lifenode.registry.uptime_probe import Answer

AT = datetime.datetime(2026, 3, 1, 10, 20, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
UP = Answer("up", 200, 120)
DOWN = Answer("down", 503, 40, "status 503")
CHALLENGED = Answer("challenged", 403, 80, "it asks the visitor to prove to be human")


def keep(folder: Path, *answers: Answer | None, name: str = "atlas", begin: datetime.datetime = AT) -> None:
    for hour, answer in enumerate(answers):
        if answer is not None:
            record(folder, {name: ("https://atlas.example.org/", answer)}, begin + hour * HOUR)


def test_missed_hours_lower_the_coverage_and_are_never_up(tmp_path: Path) -> None:
    keep(tmp_path, UP, None, DOWN, None, CHALLENGED)
    row = monitor.uptime(tmp_path, 1, to=AT + 4 * HOUR).to_dicts()[0]
    assert (row["up"], row["challenged"], row["down"]) == (1, 1, 1)
    assert (row["recorded"], row["expected"]) == (3, 5)
    assert row["uptime"] == pytest.approx(2 / 3)
    assert row["coverage"] == pytest.approx(3 / 5)
    assert row["state"] == "challenged"


def test_an_hour_counts_once(tmp_path: Path) -> None:
    keep(tmp_path, UP)
    record(tmp_path, {"atlas": ("https://atlas.example.org/", DOWN)}, AT + datetime.timedelta(minutes=30))
    row = monitor.uptime(tmp_path, 1, to=AT).to_dicts()[0]
    assert (row["up"], row["down"], row["state"]) == (1, 0, "up")


def test_changes_of_state_are_kept(tmp_path: Path) -> None:
    keep(tmp_path, UP, UP, DOWN, DOWN, UP)
    events = read_events(tmp_path, "atlas")
    assert [(event["from"], event["to"]) for event in events] == [("", "up"), ("up", "down"), ("down", "up")]
    assert read_states(tmp_path)["atlas"]["since"] == "2026-03-01T14:20:00Z"
    with (tmp_path / "events.jsonl").open("ab") as handle:
        handle.write(b'{"time": "2026-')
    keep(tmp_path, DOWN, begin=AT + 6 * HOUR)
    assert [event["to"] for event in read_events(tmp_path)] == ["up", "down", "up", "down"]


def test_days_are_added_up_over_midnight(tmp_path: Path) -> None:
    keep(tmp_path, *[UP] * 30, begin=AT)
    row = monitor.uptime(tmp_path, 2, to=AT + 29 * HOUR).to_dicts()[0]
    assert (row["up"], row["expected"], row["coverage"]) == (30, 30, 1)
    row = monitor.uptime(tmp_path, 1, to=AT + 29 * HOUR).to_dicts()[0]
    assert row["up"] == row["expected"] == 16


@pytest.mark.parametrize(
    ("good", "recorded", "expected", "said"),
    [
        (8700, 8760, 8760, "met"),
        (8672, 8760, 8760, "not met"),
        (8673, 8760, 8760, "met"),
        (7900, 7900, 8760, "met"),
        (7800, 7800, 8760, "not assessable"),
        (900, 1000, 8760, "not met"),
        (990, 1000, 8760, "not assessable"),
        (0, 0, 8760, "not assessable"),
        (0, 0, 0, "not assessable"),
    ],
)
def test_the_99_percent_rule(good: int, recorded: int, expected: int, said: str) -> None:
    assert monitor.verdict(good, recorded, expected) == said


@given(st.lists(st.integers(0, 9_999), min_size=1, max_size=60), st.sampled_from([0.5, 0.95]))
def test_a_quantile_lies_in_the_class_of_the_exact_one(times: list[int], quantile: float) -> None:
    bounds = (0, *LATENCY_MILLISECONDS)
    classes = list(itertools.pairwise(bounds))
    counts = [sum(low < one <= high or one == low == 0 for one in times) for low, high in classes]
    found = monitor.latency_quantile([*counts, 0], quantile)
    exact = sorted(times)[max(-(-len(times) * int(quantile * 100) // 100) - 1, 0)]
    upper = next(high for high in bounds[1:] if exact <= high)
    lower = bounds[bounds.index(upper) - 1]
    assert found is not None
    assert lower <= found <= upper


def test_nothing_counted_has_no_quantile() -> None:
    assert monitor.latency_quantile([0] * 7, 0.5) is None
    assert monitor.latency_quantile([0] * 6 + [3], 0.5) == 10_000


def test_targets_come_from_the_registry_or_a_file(tmp_path: Path) -> None:
    known = monitor.targets("core-data-resource")
    assert len(known) == 39
    assert known["cath"].startswith("http")
    path = tmp_path / "targets.csv"
    path.write_text("resource,url\nGene Atlas,https://atlas.example.org/\n")
    assert monitor.read_targets(path) == {"gene-atlas": "https://atlas.example.org/"}
    path.write_text("resource,url\nGene Atlas,https://atlas.example.org/\ngene atlas,https://b.example.org/\n")
    with pytest.raises(FormatError, match=r"line 3.*twice"):
        monitor.read_targets(path)
    path.write_text("name,url\n")
    with pytest.raises(FormatError, match="resource are missing"):
        monitor.read_targets(path)
    with pytest.raises(UnreadableInput):
        monitor.read_targets(tmp_path / "none.csv")


def test_a_damaged_day_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    keep(tmp_path, UP)
    path = day_path(tmp_path, AT.date())
    whole = path.read_bytes()
    path.write_bytes(whole[:40])
    with pytest.raises(UnreadableInput, match=r"2026-03-01\.json"):
        keep(tmp_path, UP, begin=AT + HOUR)
    assert path.read_bytes() == whole[:40]
    path.write_text(json.dumps({"resources": {"atlas": {"hours": "uux"}}}))
    with pytest.raises(FormatError, match="atlas"):
        monitor.uptime(tmp_path, 1, to=AT)


def test_absurd_questions_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidOption):
        monitor.uptime(tmp_path, 0)
    keep(tmp_path, UP)
    with pytest.raises(UnknownName, match="atlas"):
        monitor.uptime(tmp_path, names=["atlass"])
