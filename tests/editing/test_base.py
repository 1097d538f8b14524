"""Base editing: what is read, what is refused, and what must hold for every prediction."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.editing import base
from lifenode.editing.base_editing import contexts_of
from lifenode.editing.base_features import CONTEXT, EDITED, GUIDE, by_hand, encoded, energies, longest_run, one_hot
from lifenode.errors import BadTarget, EmptyInput, InvalidOption, LifenodeError

README = "TCTGCTCAGCTCATGCCGAT"
AROUND = f"ACGT{README}TGGCCA"


def test_guides_are_read_in_every_form() -> None:
    assert contexts_of([README]) == [f"NNNN{README}NGGNNN"]
    assert contexts_of([f"{README}TGG"]) == [f"NNNN{README}TGGNNN"]
    assert contexts_of(AROUND.lower()) == [AROUND]
    assert contexts_of(f">one\n{README[:10]}\n{README[10:]}\n>two\n{AROUND}\n") == [f"NNNN{README}NGGNNN", AROUND]
    assert contexts_of([README], [AROUND]) == [AROUND]


@pytest.mark.parametrize(
    ("guides", "said"),
    [
        ([README[:19]], "Guide 1 has 19 bases"),
        ([README, README[:5] + "X" + README[6:]], "Guide 2 has 'X' at base 6"),
        ([README[:5] + "N" + README[6:]], "an N at base 6"),
        ([f"{README}TGA"], "has TGA where its PAM"),
    ],
)
def test_what_cannot_be_used_is_named(guides: list[str], said: str) -> None:
    with pytest.raises(BadTarget, match=said):
        base(guides)


def test_wrong_options_are_named() -> None:
    with pytest.raises(InvalidOption, match="no editor"):
        base([README], "ABE9")
    with pytest.raises(InvalidOption, match="no source"):
        base([README], source="sing")
    with pytest.raises(InvalidOption, match="go together"):
        base([README], mean=0.5)
    with pytest.raises(EmptyInput):
        base("")
    with pytest.raises(BadTarget, match="2 guides have 1 contexts"):
        base([README, README], context=[AROUND])
    with pytest.raises(BadTarget, match="not where its context"):
        base(["A" * 20], context=[AROUND])


@pytest.mark.parametrize("editor", ["ABE", "CBE"])
def test_every_guide_has_percents_within_their_bounds(editor: str) -> None:
    draw = np.random.default_rng(1)
    guides = ["".join("ACGT"[i] for i in draw.integers(0, 4, GUIDE)) for _ in range(200)]
    table = base(guides, editor)
    assert table["guide"].tolist() == guides
    assert ((table["low"] <= table["total"]) & (table["total"] <= table["high"])).all()
    assert ((table["low"] >= 0) & (table["high"] <= 100)).all()
    for place in range(1, GUIDE + 1):
        can = np.array([guide[place - 1] == EDITED[editor] for guide in guides])
        values = table[f"position_{place}"]
        assert (np.isnan(values) == ~can).all()
        assert ((values[can] >= 0) & (values[can] <= 100)).all()
    # The middle of the window is edited most.
    means = [np.nanmean(table[f"position_{place}"]) for place in range(1, GUIDE + 1)]
    assert 4 <= 1 + int(np.argmax(means)) <= 8
    # One after the other gives the same.
    assert base(guides[:3], editor)["total"] == pytest.approx(table["total"][:3], abs=1e-3)


def test_a_better_score_never_stands_for_less() -> None:
    draw = np.random.default_rng(2)
    guides = ["".join("ACGT"[i] for i in draw.integers(0, 4, GUIDE)) for _ in range(100)]
    table = base(guides, "CBE")
    order = np.argsort(table["z"])
    assert (np.diff(table["total"][order]) >= -1e-9).all()


def test_own_mean_and_deviation_scale_the_score() -> None:
    table = base([README], "CBE", mean=0.5, std=0.1)
    assert table["scaled"][0] == pytest.approx(min(max(table["z"][0] * 0.1 + 0.5, 0), 1))


def test_a_source_shifts_the_level() -> None:
    low, high = (base([AROUND], "ABE", source=name)["total"][0] for name in ("arbab", "song"))
    assert low < base([AROUND], "ABE")["total"][0] < base([AROUND], "ABE", source="kissling_8e")["total"][0]
    assert low < high


@given(st.text(alphabet="ACGTNacgtn \n,>x", max_size=120))
@settings(deadline=None, max_examples=50)
def test_no_text_breaks_it(text: str) -> None:
    try:
        found = contexts_of(text)
    except LifenodeError:
        return
    assert all(len(one) == CONTEXT for one in found)


def test_features_by_hand() -> None:
    bases = encoded([AROUND])
    guide = bases[:, 4:24]
    assert one_hot(bases).sum() == CONTEXT
    assert by_hand(bases, "CBE")[0, :4].tolist() == [README.count(letter) for letter in "ACGT"]
    assert longest_run(guide)[0] == 2
    assert energies(encoded(["NNNN" + "A" * 20 + "NGGNNN"])[:, 4:24])[0, 0] == pytest.approx(-19.0)


@pytest.mark.data
def test_the_scores_go_with_those_of_the_published_models(shared_data: Path) -> None:
    with (shared_data / "editing" / "vectors" / "forecast_be.csv").open() as handle:
        rows = list(csv.DictReader(handle))
    for editor in EDITED:
        mine = [row for row in rows if row["editor"] == editor]
        name = next(column for column in mine[0] if column.startswith("total"))
        guide = next(column for column in mine[0] if len(mine[0][column]) == GUIDE)
        ours = base([row[guide] for row in mine], editor)["z"]
        assert np.corrcoef(ours, [float(row[name]) for row in mine])[0, 1] > 0.5
