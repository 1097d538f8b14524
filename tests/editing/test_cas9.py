"""Outcomes of a cut: the published profiles to the last digit, and what holds for every target."""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lifenode.editing import cas9, read_target
from lifenode.editing.cas9_backgrounds import background_of, backgrounds
from lifenode.editing.cas9_names import FEATURES, feature_names
from lifenode.editing.cas9_profile import Cas9Outcomes
from lifenode.errors import InvalidOption, UnknownName

README = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"
_NAME = re.compile(r"([ID])(\d+)_L(-\d+)(?:C(\d+))?R(\d+)")

# Some targets of the published profiles have no PAM at the place given.
ANY = "NNN"


def by_name(table: Cas9Outcomes) -> dict[str, float]:
    """Return the probability of each name, insertions of one name together."""
    found: dict[str, float] = defaultdict(float)
    for name, p in zip(table["outcome"], table["probability"], strict=True):
        found[name] += p
    return found


def vectors(shared_data: Path, name: str) -> list[dict[str, Any]]:
    with gzip.open(shared_data / "editing" / "vectors" / name, "rt") as handle:
        found: list[dict[str, Any]] = json.load(handle)
    return found


@pytest.mark.data
def test_the_published_profiles_are_met(shared_data: Path) -> None:
    for vector in vectors(shared_data, "forecast.json.gz"):
        table = cas9(vector["target"], vector["pam_idx"], motif=ANY)
        expected = {name: count for name, count in vector["profile"].items() if name != "-"}
        found = by_name(table)
        assert found.keys() == expected.keys()
        assert max(abs(1000 * found[name] - expected[name]) for name in expected) < 1e-4
        assert table.in_frame == pytest.approx(vector["in_frame_perc"], abs=1e-5)


@pytest.mark.data
def test_the_profiles_of_repair_backgrounds_are_near(shared_data: Path) -> None:
    for vector in vectors(shared_data, "forecast_repair.json.gz"):
        for gene, expected in vector["ko"].items():
            found = by_name(cas9(vector["target"], vector["pam_idx"], gene, motif=ANY))
            assert found.keys() == expected.keys()
            distance = sum(abs(found[name] - expected[name][0]) for name in expected) / 2
            assert distance < 0.01, (vector["id"], gene)


def test_names_of_insertions_are_those_of_the_publication() -> None:
    table = cas9(README, 42)
    name_of = {row["inserted"]: row["outcome"] for row in table if row["inserted"]}
    assert name_of["A"] == "I1_L-1C2R2"
    assert name_of["G"] == "I1_L-2C1R0"
    assert name_of["T"] == name_of["C"] == "I1_L-1R0"
    assert name_of["TG"] == "I2_L-4C3R0"
    assert len(name_of) == 20


def test_features_are_all_named_once() -> None:
    names = feature_names()
    assert len(names) == len(set(names)) == FEATURES == 3_417


def test_facts_of_a_target() -> None:
    table = cas9(README, 42)
    facts = table.meta["targets"]["target"]
    assert facts["top"] == table["outcome"][0] == "D7_L-7C4R5"
    assert facts["in_frame"] + facts["frameshift"] == pytest.approx(100)
    assert facts["insertions"] + facts["deletions"] == pytest.approx(100)
    assert facts["in_frame"] == pytest.approx(100 * table["probability"][table["in_frame"]].sum())
    assert facts["guide"] == README[22:42]
    assert table.meta["model"]["sha256"]


def test_backgrounds_are_told_by_mouse_and_human_names() -> None:
    assert len(backgrounds()) == 23
    assert background_of("TP53") == background_of("trp53") == "Trp53"
    assert background_of("NHEJ1") == "Xlf"
    assert background_of("LIG4") == "Lig4"
    assert background_of("WT") == "wild-type"
    with pytest.raises(UnknownName, match="Lig4"):
        background_of("Lig5")
    lig4, wild = cas9(README, 42, "Lig4"), cas9(README, 42)
    assert lig4.meta["targets"]["target"]["insertions"] < wild.meta["targets"]["target"]["insertions"]


def test_several_targets_in_one_table() -> None:
    told: list[tuple[int, int]] = []
    table = cas9({"one": README, "two": README}, progress=lambda done, every: told.append((done, every)))
    assert {one.name.split(":")[0] for one in table.targets} == {"one", "two"}
    assert told[-1] == (len(table.targets), len(table.targets))
    assert isinstance(table.in_frame, dict)
    same = cas9([README, README])
    assert len({one.name for one in same.targets}) == len(same.targets)
    with pytest.raises(InvalidOption, match="several targets"):
        cas9([README, README], pam=42)


bases = st.text(alphabet="ACGT", min_size=13, max_size=45)


@given(left=bases, right=st.text(alphabet="ACGT", min_size=8, max_size=45))
@settings(deadline=None, max_examples=60)
def test_every_target_has_a_distribution_whose_names_invert(left: str, right: str) -> None:
    sequence, pam = f"{left}AGG{right}", len(left)
    assume(len(sequence) >= 20)
    target = read_target(sequence, pam)
    table = cas9(target)
    assert table["probability"].sum() == pytest.approx(1)
    assert (table["probability"] > 0).all()
    results: dict[str, str] = {}
    for row in table:
        edited = sequence[: row["start"]] + row["inserted"] + sequence[row["end"] :]
        kind, size, leftmost, shift, rightmost = _NAME.fullmatch(row["outcome"]).groups()  # type: ignore[union-attr]
        assert len(edited) == len(sequence) + row["size"]
        assert row["size"] == (int(size) if kind == "I" else -int(size))
        assert int(rightmost) - int(leftmost) - 1 == int(shift or 0) + (int(size) if kind == "D" else 0)
        # Outcomes of different names are different sequences, unless they can be told apart by nothing but a shift.
        if kind == "D":
            results.setdefault(row["outcome"], edited)
            assert results[row["outcome"]] == edited


def test_both_strands_give_the_same_outcomes() -> None:
    from lifenode.editing.target import reverse_complement

    forward = {one.name: one for one in cas9(README).targets}
    assert {one.strand for one in forward.values()} == {"+", "-"}
    turned = cas9(reverse_complement(README))
    here = {(one.sequence, one.pam): by_name(cas9(one)) for one in forward.values()}
    for one in turned.targets:
        assert by_name(cas9(one)) == pytest.approx(here[one.sequence, one.pam])


def test_positions_are_those_of_what_was_given() -> None:
    for target in cas9(README).targets:
        table = cas9(target)
        for row in table.head(30):
            gone = README[row["start"] : row["end"]]
            kept = README[: row["start"]] + README[row["end"] :]
            assert len(gone) == max(0, -row["size"])
            assert len(kept) == len(README) - len(gone)
            assert row["start"] <= target.given(target.cut, target.cut)[0] <= row["end"]
