"""Which bases are edited together: a distribution over all outcomes, whose sums are what is told elsewhere."""

from __future__ import annotations

import csv
import gzip
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.editing import base, base_outcomes
from lifenode.editing.base_bystanders import MADE
from lifenode.editing.base_editing import POSITION_FRACTIONS, contexts_of
from lifenode.editing.base_features import EDITED, GUIDE, encoded
from lifenode.editing.base_joint import OUTCOMES, distribution, editable_masks, marginals, questions, subsets
from lifenode.editing.base_model import model_of
from lifenode.errors import BadTarget, EmptyInput, InvalidOption

README = "TCTGCTCAGCTCATGCCGAT"
EDITORS = tuple(EDITED)
GUIDES = st.text(alphabet="ACGT", min_size=GUIDE, max_size=GUIDE)


@given(st.lists(GUIDES, min_size=1, max_size=4), st.sampled_from(EDITORS), st.integers(0, 5))
@settings(deadline=None, max_examples=40)
def test_shares_are_a_distribution(guides: list[str], editor: str, top: int) -> None:
    table = base_outcomes(guides, editor, top=top)
    rows = table.to_dicts()
    at = 0
    for number, guide in enumerate(guides, start=1):
        can = [place for place in range(3, 11) if guide[place - 1] == EDITED[editor]]
        count = min(2 ** len(can) - 1, top) if top else 2 ** len(can) - 1
        mine, at = rows[at : at + count], at + count
        assert [row["rank"] for row in mine] == list(range(1, count + 1))
        assert {row["guide"] for row in mine} <= {guide}
        shares = [row["share"] for row in mine]
        assert shares == sorted(shares, reverse=True)
        left = table.meta["left_out"].get(str(number), 0.0)
        assert sum(shares) <= 100 * (1 + 1e-9)
        assert sum(shares) + left == pytest.approx(100 if can else 0)
        for row in mine:
            places = [int(place) for place in row["edited"].split(",")]
            assert set(places) <= set(can)
            expected = "".join(MADE[editor] if i in places else base for i, base in enumerate(guide, start=1))
            assert row["outcome"] == expected
        assert len({row["outcome"] for row in mine}) == count
    assert at == len(rows)


@pytest.mark.parametrize("editor", EDITORS)
def test_sums_over_outcomes_are_the_percents_of_positions(editor: str) -> None:
    guides = [README, "GACCAACACCATGTCCAGCA", "ACACACACACACACACACAC"]
    told, outcomes = base(guides, editor), base_outcomes(guides, editor, top=0)
    for at, guide in enumerate(guides):
        rows = [row for row in outcomes if row["guide"] == guide]
        assert sum(row["percent"] for row in rows) == pytest.approx(told["total"][at])
        for place in range(3, 11):
            percent = sum(row["percent"] for row in rows if str(place) in row["edited"].split(","))
            if guide[place - 1] == EDITED[editor]:
                assert percent == pytest.approx(told[f"position_{place}"][at])


@given(st.lists(GUIDES, min_size=2, max_size=5, unique=True), st.sampled_from(EDITORS), st.randoms())
@settings(deadline=None, max_examples=20)
def test_neither_order_nor_case_matters(guides: list[str], editor: str, random: object) -> None:
    def by_guide(given: list[str]) -> dict[tuple[str, str], float]:
        table = base_outcomes(given, editor, top=0)
        return {(row["guide"], row["outcome"]): row["share"] for row in table}

    expected = by_guide(guides)
    assert by_guide(guides[::-1]) == expected
    assert by_guide([guide.lower() for guide in guides]) == expected
    assert by_guide([*guides[1:], guides[0]]) == expected


def test_chunks_of_guides_are_as_one() -> None:
    draw = np.random.default_rng(3)
    # All of the window can be edited, so that these are asked more questions than are asked at once.
    guides = ["".join("ACGT"[i] for i in draw.integers(0, 4, 2)) + "A" * 18 for _ in range(300)]
    whole = model_of("ABE").outcomes(encoded(contexts_of(guides)))
    assert (model_of("ABE").outcomes(encoded(contexts_of(guides[200:]))) == whole[200:]).all()


@given(st.integers(1, OUTCOMES - 1), st.integers(0, 2**32 - 1))
@settings(deadline=None, max_examples=60)
def test_an_outcome_is_the_product_of_its_chances(mask: int, seed: int) -> None:
    places = [place for place in range(8) if mask >> place & 1]
    chance = {
        (place, before): value
        for at, place in enumerate(places)
        for before, value in zip(
            subsets(places[:at]), np.random.default_rng([seed, at]).random(1 << at), strict=True
        )
    }  # fmt: skip
    chances = np.array(list(chance.values()))[:, None]
    found = distribution(chances, np.ones(1), ((mask, np.array([0])),), 1)[0]
    for edits in product((0, 1), repeat=len(places)):
        before, expected = 0, 1.0
        for place, edit in zip(places, edits, strict=True):
            here = 1.0 if place == places[-1] and before == 0 else chance[place, before]
            expected *= here if edit else 1 - here
            before |= edit << place
        assert found[before] == pytest.approx(expected)
    assert found.sum() == pytest.approx(1)
    assert found[0] == 0


def test_questions_see_what_is_before_and_what_is_left() -> None:
    bases = encoded(contexts_of(["GGAGAGGAGGGGGGGGGGGG", "GGGGGGGGGGGGGGGGGGGA"]))
    assert editable_masks(bases, "ABE").tolist() == [0b100101, 0]
    asked = questions(bases, "ABE", np.zeros((GUIDE, 5, 5)))
    assert asked.guide.tolist() == [0] * 7
    assert asked.place.tolist() == [0, 2, 2, 5, 5, 5, 5]
    assert asked.before.tolist() == [0, 0, 1, 0, 1, 4, 5]
    assert asked.forced.tolist() == [False, False, False, True, False, False, False]
    # Place, editable bases before, edits so far, editable bases left, distance to the last edit.
    assert asked.rows[5, :5].tolist() == [5, 2, 1, 0, 3]
    assert marginals(np.eye(OUTCOMES)[[0b101]]).tolist() == [[1, 0, 1, 0, 0, 0, 0, 0]]


def test_guides_without_anything_to_edit_are_told() -> None:
    table = base_outcomes(["G" * GUIDE, README], "ABE")
    assert set(table["guide"]) == {README}
    assert "1 of 2 guides have no A at positions 3 to 10 and no outcome" in table.meta["notes"]
    empty = base_outcomes(["G" * GUIDE], "ABE")
    assert len(empty) == 0
    assert empty.to_tsv() == "guide\trank\toutcome\tedited\tshare\tpercent\n"


def test_what_cannot_be_used_is_named() -> None:
    with pytest.raises(InvalidOption, match="no whole number from 0"):
        base_outcomes([README], top=-1)
    with pytest.raises(InvalidOption, match="no source"):
        base_outcomes([README], source="sing")
    with pytest.raises(InvalidOption, match="no editor"):
        base_outcomes([README], "ABE9")
    with pytest.raises(BadTarget, match="19 bases"):
        base_outcomes([README[1:]])
    with pytest.raises(EmptyInput):
        base_outcomes([])


def test_a_source_has_its_own_outcomes() -> None:
    def late(source: str) -> float:
        table = base_outcomes(["GACGAGGATATGCGTCCAGC"], "ABE", source=source, top=0)
        return float(sum(row["share"] for row in table if row["edited"].endswith("10")))

    # The window of ABE8e is wider than that of the editor of the other screen.
    assert late("kissling_8e") > 2 * late("song")


@pytest.mark.parametrize("editor", EDITORS)
def test_own_mean_and_deviation_scale_the_positions(editor: str) -> None:
    draw = np.random.default_rng(4)
    guides = ["".join("ACGT"[i] for i in draw.integers(0, 4, GUIDE)) for _ in range(50)]
    table = base(guides, editor, mean=0.4, std=0.0)
    assert [name for name in table.column_names if name.startswith("scaled_")] == [f"scaled_{i}" for i in range(3, 11)]
    for fraction, place in zip(POSITION_FRACTIONS, range(3, 11), strict=True):
        values = table[f"scaled_{place}"]
        assert (np.isnan(values) == np.isnan(table[f"position_{place}"])).all()
        assert values[~np.isnan(values)] == pytest.approx(0.4 * fraction)
    wide = base(guides, editor, mean=0.4, std=0.1)
    known = ~np.isnan(wide["position_6"])
    order = np.argsort(wide["position_6"][known])
    assert (np.diff(wide["scaled_6"][known][order]) >= 0).all()
    assert wide["scaled_6"][known].std() == pytest.approx(0.1, rel=0.8)


@pytest.mark.data
@pytest.mark.parametrize("editor", EDITORS)
def test_measured_outcomes_are_met(shared_data: Path, editor: str) -> None:
    path = shared_data / "editing" / "base" / f"{editor.lower()}_train.tsv.gz"
    measured: dict[str, dict[str, float]] = {}
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            if row["source"] == "song" and row["outcomes"] != row["refs"] and len(measured) <= 300:
                share = 100 * float(row["outcomefreq"]) / float(row["editingeff"])
                measured.setdefault(row["surro_target"], {})[row["outcomes"]] = share
    measured.popitem()
    table = base_outcomes(list(measured), editor, source="song", top=0)
    predicted = {(row["guide"], row["outcome"]): row["share"] for row in table}
    pairs = [
        (predicted[context[4:24], outcome], share)
        for context, outcomes in measured.items()
        for outcome, share in outcomes.items()
    ]
    assert len(pairs) == len(predicted)
    assert np.corrcoef(np.transpose(pairs))[0, 1] > 0.95
