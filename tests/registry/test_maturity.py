from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import BadTable, UnknownName
from lifenode.registry.maturity import ANSWERS, assess_maturity, read_answers
from lifenode.registry.tables import table

INDICATORS = [(row["indicator"], int(row["level"])) for row in table("maturity.tsv")]


def up_to(level: int) -> dict[str, str]:
    return {name: "yes" for name, of in INDICATORS if 0 < of <= level}


def test_the_model_has_its_indicators() -> None:
    assert [sum(of == level for _, of in INDICATORS) for level in range(6)] == [11, 14, 15, 16, 14, 13]


@pytest.mark.parametrize("level", range(6))
def test_a_level_is_reached_when_all_of_it_is_met(level: int) -> None:
    levels = assess_maturity(up_to(level)).meta["levels"]
    assert {found["level"] for found in levels.values()} == {level}
    assert levels["dataset"]["next"] == (None if level == 5 else level + 1)


def test_one_that_is_missing_holds_back_its_category_and_the_whole() -> None:
    levels = assess_maturity({**up_to(5), "DSM-2-H1": "no"}).meta["levels"]
    assert {name: found["level"] for name, found in levels.items()} == {
        "content and context": 5, "representation and format": 5, "hosting": 1, "dataset": 1,
    }  # fmt: skip
    assert levels["dataset"]["missing"] == ["DSM-2-H1"]
    assert assess_maturity({**up_to(5), "DSM-2-H1": "not applicable"}).meta["levels"]["dataset"]["level"] == 5
    assert assess_maturity({**up_to(5), "DSM-2-H1": ""}).meta["levels"]["dataset"]["open"] == ["DSM-2-H1"]


@given(st.integers(0, 10**9))
def test_a_better_answer_never_lowers_the_level(seed: int) -> None:
    draw = random.Random(seed)
    weights = (20, 1, 4, 1)
    answers = {name: draw.choices(ANSWERS, weights)[0] for name, level in INDICATORS if level}
    better = {**answers, draw.choice(sorted(answers)): "yes"}
    before, after = (assess_maturity(given).meta["levels"]["dataset"]["level"] for given in (answers, better))
    assert after >= before


def test_answers_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "answers.tsv"
    assess_maturity(up_to(1)).write(path)
    assert assess_maturity(read_answers(path)).meta["levels"]["dataset"]["level"] == 1
    path.write_text("indicator,answer\nDSM-1-C0,perhaps\n")
    with pytest.raises(BadTable, match="line 2: 'perhaps'"):
        read_answers(path)
    path.write_text("a,b\n")
    with pytest.raises(BadTable, match="indicator and answer"):
        read_answers(path)
    with pytest.raises(UnknownName, match="Did you mean DSM-1-C"):
        assess_maturity({"DSM-1-CO": "yes"})
