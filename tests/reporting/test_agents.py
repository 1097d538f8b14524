"""Who is a person, a program or a crawler."""

from __future__ import annotations

import json
import re
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.reporting.agents import CLASSES, class_of, is_robot
from lifenode.reporting.log_fields import clock, keyed_hash

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
EXPECTED = {
    "human": (BROWSER, "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"),
    "machine": (
        "curl/8.4.0", "python-requests/2.31.0", "okhttp/4.9", "Wget/1.21", "Java/11.0.2", "Go-http-client/1.1",
        "libcurl/7.68.0 r-curl/4.3.2 httr/1.4.2", "R (4.2.0 x86_64-pc-linux-gnu)", "gprofiler-official/1.0.0",
    ),
    "crawler": (
        "", "-", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Scrapy/2.1",
        "python-requests/2.31 (mybot/1.0; +https://example.org)", "Mozilla/5.0 (compatible; AhrefsBot/7.0)",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "agent"), [(name, agent) for name, agents in EXPECTED.items() for agent in agents])
def test_classes(name: str, agent: str) -> None:
    assert CLASSES[class_of(agent)] == name


def test_the_list_alone_excludes_programs_and_passes_browsers() -> None:
    """What was seen of the list of 2024-04-22."""
    for agent in (*EXPECTED["machine"][:6], "", "Googlebot"):
        assert is_robot(agent)
    assert not any(is_robot(agent) for agent in EXPECTED["human"])


@pytest.fixture(scope="module")
def patterns(shared_data: Path) -> list[str]:
    path = shared_data / "training" / "usage" / "COUNTER_Robots_list.json"
    return [entry["pattern"] for entry in json.loads(path.read_text(encoding="utf-8"))]


def test_plain_words_and_patterns_together_are_the_whole_list(patterns: list[str]) -> None:
    """Each of the 327 patterns decides as if it were compiled on its own."""
    assert len(patterns) == 327
    compiled = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
    shown = [re.sub(r"\\(.)|[\^$]|\(.*?\)|\[.*?\]", r"\1", pattern) for pattern in patterns]
    for agent in [*shown, *(f"Mozilla/5.0 ({word.upper()}/1.0)" for word in shown), BROWSER]:
        assert is_robot(agent) == any(pattern.search(agent) for pattern in compiled), agent


@given(st.text(max_size=60))
def test_any_text_has_a_class(agent: str) -> None:
    assert class_of(agent) in (0, 1, 2)


def test_hash_is_siphash() -> None:
    """The test vector of the paper's appendix."""
    letters = np.frombuffer(bytes(range(15)), np.uint8)
    keys = np.frombuffer(bytes(range(16)), np.uint64)
    assert keyed_hash(letters, 0, 15, keys[0], keys[1]) == 0xA129CA6149BE45E5


@settings(deadline=None)  # the first call compiles
@given(st.datetimes(datetime(1970, 1, 2), datetime(2198, 12, 30)), st.integers(-12, 12), st.booleans())  # fmt: skip
def test_times_are_those_of_the_calendar(moment: datetime, hours: int, iso: bool) -> None:
    local = moment.replace(tzinfo=timezone(timedelta(hours=hours)))
    text = local.isoformat() if iso else local.strftime("%d/%b/%Y:%H:%M:%S %z")
    if not iso:
        text = text[:7] + f"{local.year:04d}" + text[11:]
    letters = np.frombuffer(text.encode(), np.uint8)
    assert clock(letters, 0, len(letters)) == int(local.replace(microsecond=0).timestamp())


NO_TIMES = (
    "", "-", "29/Feb/2023:10:00:00 +0200", "2023-02-29T10:00:00Z", "2023-01-01 25:00:00", "31/Apr/2023:10:00:00 +0200",
    "12:00", "1e9", "2023-01-01T00:00:00+2", "16729056005000000",
)  # fmt: skip


@pytest.mark.parametrize("text", NO_TIMES)
def test_what_is_no_time_is_none(text: str) -> None:
    letters = np.frombuffer(text.encode() or b"\0", np.uint8)
    assert clock(letters, 0, len(text)) == -1
