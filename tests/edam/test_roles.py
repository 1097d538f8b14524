from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.edam import Ontology
from lifenode.edam.concept import Concept
from lifenode.edam.learned_ranking import FEATURES, Candidates, Family, with_rare
from lifenode.edam.roles import ROLES, SIDES, Roles, counted, load_roles, save_roles

EDAM = Ontology(
    "test",
    [
        Concept("operation_0001", "Align", relations=(("has_output", "data_0002"),)),
        Concept("data_0001", "Reads"),
        Concept("data_0002", "Alignment"),
        Concept("format_0001", "FASTQ", relations=(("is_format_of", "data_0001"),)),
    ],
)


def test_counts_are_by_operation_and_over_all() -> None:
    found = counted([(["operation_0001"], ["data_0001", "data_0001"], []), ([], [], ["data_0001"])])
    assert found == {
        ("-", "data_0001", "input"): 1,
        ("operation_0001", "data_0001", "input"): 1,
        ("-", "data_0001", "output"): 1,
    }


def test_the_likely_operation_decides() -> None:
    counts = {
        ("-", "data_0001", "output"): 9,
        ("-", "data_0001", "input"): 5,
        ("operation_0001", "data_0001", "input"): 5,
    }
    roles = Roles(counts, EDAM)
    assert roles.of("data_0001", {})[::2] == ("output", "")
    assert roles.of("data_0001", {"operation_0001": 0.9})[::2] == ("input", "operation_0001")


def test_what_is_in_no_tool_follows_the_ontology() -> None:
    roles = Roles({("-", "data_0001", "input"): 2, ("operation_0001", "data_0001", "input"): 2}, EDAM)
    assert roles.of("data_0002", {"operation_0001": 0.5})[::2] == ("output", "operation_0001")
    assert roles.of("format_0001", {"operation_0001": 0.5})[::2] == ("input", "operation_0001")


@given(st.dictionaries(st.sampled_from(["operation_0292", "operation_3198", "operation_9999"]), st.floats(0, 1)))
def test_shares_stay_between_a_half_and_one(operations: dict[str, float]) -> None:
    for term in ("format_1930", "data_0863", "data_2044"):
        role = load_roles().of(term, operations)
        assert role.side in SIDES
        assert 0.5 <= role.share <= 1
        assert role.operation in {"", *operations}


def test_counts_are_written_the_same_each_time(tmp_path: Path) -> None:
    counts = counted([(["operation_0001"], ["data_0001"], ["data_0002"])])
    save_roles(counts, tmp_path / "one")
    save_roles(dict(reversed(list(counts.items()))), tmp_path / "other")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()
    assert ROLES.stat().st_size < 100_000


@pytest.mark.parametrize(("score", "place"), [(0.1, 9), (0.0, None)])
def test_a_rare_term_that_the_texts_speak_for_comes_tenth(score: float, place: int | None) -> None:
    edam = Ontology.load()
    family = Family(edam, {}, 100)
    family.frequency[:] = 50
    family.frequency[20] = 5
    features = np.zeros((30, len(FEATURES)), np.float32)
    features[20, FEATURES.index("score")] = score
    found = Candidates(np.zeros(30, np.int64), np.arange(30), features)
    order = with_rare(family, found, -np.arange(30.0), 10).tolist()
    assert order == (list(range(10)) if place is None else [*range(9), 20])
    whole = with_rare(family, found, -np.arange(30.0), 30).tolist()
    assert whole[:10] == order
    assert sorted(whole) == list(range(30))
    assert with_rare(family, found, -np.arange(30.0), 9).tolist() == list(range(9))
