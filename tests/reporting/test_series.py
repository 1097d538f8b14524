"""Monitoring series: exact sums, and missing years carried forward and footnoted."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from lifenode.errors import BadTable
from lifenode.reporting.series import read_series, yearly_totals
from lifenode.reporting.sheets import read_sheet

YEARS = (2013, 2014, 2015, 2016, 2017)
# Sums over 18 Core Data Resources (Drysdale et al. 2020, doi:10.1093/bioinformatics/btz959).
PUBLISHED = {
    "data entries": "765881651 997794559 1726529931 1853429002 2715599247",
    "monthly users": "1700660 2109586 2413724 2502617 2867265",
    "FTE": "270 292.65 295.65 289.7 311.2",
}


def parts(total: Decimal, count: int, draw: random.Random) -> list[Decimal]:
    """Return `count` values that add up to a total, to the hundredth."""
    cuts = sorted(draw.randrange(int(total * 100)) for _ in range(count - 1))
    return [Decimal(b - a) / 100 for a, b in zip([0, *cuts], [*cuts, int(total * 100)], strict=True)]


@pytest.mark.parametrize("indicator", PUBLISHED)
def test_the_published_totals_come_out_with_gaps_carried_forward(indicator: str, tmp_path: Path) -> None:
    """One resource stays where it was each second year, and that is left out of the file."""
    draw = random.Random(indicator)
    published = [Decimal(text) for text in PUBLISHED[indicator].split()]
    lines, steady = ["resource,indicator,year,value"], parts(published[0], 18, draw)[0]
    for year, total in zip(YEARS, published, strict=True):
        values = [steady, *parts(total - steady, 17, draw)]
        for place, value in enumerate(values):
            missing = place == 0 and year % 2 == 0
            lines.append(f"resource {place},{indicator},{year},{'' if missing else value}")
    file = tmp_path / "series.csv"
    file.write_text("\n".join(lines))
    series, problems = read_series(read_sheet(file))
    assert problems == []
    found = yearly_totals(series, YEARS)
    assert [total.value for total in found] == published
    assert [total.resources for total in found] == [18] * 5
    assert [list(map(str, total.carried)) for total in found] == [
        [], ["resource 0: no value for 2014; that of 2013 is carried forward"],
        [], ["resource 0: no value for 2016; that of 2015 is carried forward"], [],
    ]  # fmt: skip


def test_before_its_first_value_a_resource_does_not_count(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    file.write_text("resource;indicator;year;value\na;users;2015;1 700 660\nb;users;2013;5\n")
    series, _ = read_series(read_sheet(file))
    found = yearly_totals(series, (2012, 2013, 2015, 2018))
    assert [(int(total.value), total.resources, len(total.carried)) for total in found] == [
        (0, 0, 0), (5, 1, 0), (1_700_665, 2, 1), (1_700_665, 2, 2),
    ]  # fmt: skip


def test_values_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    file = tmp_path / "series.csv"
    file.write_text("resource,indicator,year,value\na,u,2015,many\na,u,99,3\na,u,2016,3\na,u,2016,3\na,u,2016,4\n")
    series, problems = read_series(read_sheet(file))
    assert series[("u", "a")] == {2016: 3}
    assert [problem.line for problem in problems] == [2, 3, 6]
    file.write_text("resource,year,value\n")
    with pytest.raises(BadTable, match="indicator"):
        read_series(read_sheet(file))
