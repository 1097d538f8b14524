"""Yearly sums of indicators, with what was carried forward."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import FormatError, InvalidOption, UnknownName, UnreadableInput
from lifenode.registry.monitoring import Value, monitoring, read_values

# Sums over 18 core data resources (Drysdale et al. 2020, doi:10.1093/bioinformatics/btz959).
PUBLISHED = {
    "data entries": (765_881_651, 997_794_559, 1_726_529_931, 1_853_429_002, 2_715_599_247),
    "monthly users": (1_700_660, 2_109_586, 2_413_724, 2_502_617, 2_867_265),
    "full-time equivalents": (270, 292.65, 295.65, 289.7, 311.2),
}


def test_published_totals_come_back(tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    lines = ["resource,indicator,year,value"]
    for name, sums in PUBLISHED.items():
        for year, total in enumerate(sums, 2013):
            # 17 resources share a part evenly in hundredths, the last has the rest, as it is typed by people.
            part = round(total / 18, 2)
            lines += [f"R{number},{name.title()},{year},{part:.2f}" for number in range(17)]
            lines.append(f'R17,{name},{year},"{total - 17 * part:,.2f}"')
    path.write_text("\n".join(lines))
    table = monitoring(read_values(path))
    assert table.meta["footnotes"] == []
    for row in table.to_dicts():
        assert row["value"] == pytest.approx(PUBLISHED[row["indicator"]][row["year"] - 2013], abs=0.011)
        assert row["resources"] == 18


def test_a_missing_year_is_carried_forward_and_footnoted() -> None:
    values = [Value("a", "users", 2013, 10), Value("a", "users", 2015, 30), Value("b", "users", 2014, 5)]
    rows = monitoring(values).to_dicts()
    assert [row["value"] for row in rows] == [10, 15, 35]
    assert [row["carried_forward"] for row in rows] == [[], ["a (2013)"], ["b (2014)"]]
    assert [row["without"] for row in rows] == [["b"], [], []]
    assert len(monitoring(values).meta["footnotes"]) == 2
    assert "a (2013)" in monitoring(values).meta["footnotes"][0]
    assert monitoring(values, first=2016, last=2016).to_dicts()[0]["carried_forward"] == ["a (2015)", "b (2014)"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a,users,13,5", "'13' is not a year"),
        ("a,users,2013,many", "'many' is not a count"),
        ("a,users,2013,-1", "'-1' is not a count"),
        ("a,users,2013,nan", "'nan' is not a count"),
        (",users,2013,1", "resource is missing"),
        ("a,,2013,1", "indicator is missing"),
        ("a,users,2013,1\nA,Users,2013,2", "comes twice"),
    ],
)
def test_bad_lines_are_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "values.csv"
    path.write_text(f"resource,indicator,year,value\nb,users,2013,1\n{line}\n")
    with pytest.raises(FormatError, match=said) as caught:
        read_values(path)
    assert "line 3" in str(caught.value) or "line 4" in str(caught.value)


def test_unusable_questions_are_refused(tmp_path: Path) -> None:
    values = [Value("a", "users", 2013, 10)]
    with pytest.raises(UnknownName, match="users"):
        monitoring(values, indicator="user")
    with pytest.raises(InvalidOption):
        monitoring(values, first=2014, last=2013)
    (tmp_path / "values.csv").write_text("resource,year\n")
    with pytest.raises(FormatError, match="indicator, value"):
        read_values(tmp_path / "values.csv")
    with pytest.raises(UnreadableInput):
        read_values(tmp_path / "none.csv")
    assert len(monitoring([])) == 0
