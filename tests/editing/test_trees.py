"""Trees as arrays give what the tree says."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.editing.trees import Forest

DUMP = {
    "tree_info": [
        {
            "tree_structure": {
                "split_feature": 0, "threshold": 0.5, "decision_type": "<=", "left_child": {"leaf_value": 1.0},
                "right_child": {
                    "split_feature": 1, "threshold": -2.0, "decision_type": "<=", "left_child": {"leaf_value": 2.0},
                    "right_child": {"leaf_value": 4.0},
                },
            }
        },
        {"tree_structure": {"leaf_value": 0.25}},
    ]
}  # fmt: skip


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1, max_size=20))
def test_each_row_ends_in_its_leaf(rows: list[tuple[float, float]]) -> None:
    forest = Forest.from_dump(DUMP)
    expected = [0.25 + (1.0 if a <= 0.5 else 2.0 if b <= -2.0 else 4.0) for a, b in rows]
    assert forest.predict(np.array(rows)).tolist() == expected
    # With the second column as the flag of the only group of two that sets it.
    told = forest.averaged(np.array(rows)[:, :1], np.array([1.0]))
    assert told.tolist() == [0.25 + (1.0 if a <= 0.5 else 4.0) for a, _ in rows]
    again = Forest.from_arrays(forest.arrays("x_"), "x_")
    assert again.predict(np.array(rows)).tolist() == expected


def test_groups_are_averaged_as_if_each_were_asked() -> None:
    draw = np.random.default_rng(0)

    def grown(depth: int) -> dict[str, object]:
        if depth == 0 or draw.random() < 0.1:
            return {"leaf_value": float(draw.normal())}
        return {
            "split_feature": int(draw.integers(0, 6)), "threshold": 0.5, "decision_type": "<=",
            "left_child": grown(depth - 1), "right_child": grown(depth - 1),
        }  # fmt: skip

    forest = Forest.from_dump({"tree_info": [{"tree_structure": grown(6)} for _ in range(20)]})
    features, weights = draw.random((50, 3)), np.array([0.2, 0.5, 0.3])
    each = [forest.predict(np.concatenate([features, np.tile(np.eye(3)[at], (50, 1))], axis=1)) for at in range(3)]
    assert np.allclose(forest.averaged(features, weights), np.average(each, axis=0, weights=weights))


def test_groups_are_told_apart_and_shared_features_are_found() -> None:
    draw = np.random.default_rng(1)

    def grown(depth: int) -> dict[str, object]:
        if depth == 0:
            return {"leaf_value": float(draw.normal())}
        return {
            "split_feature": int(draw.integers(0, 7)), "threshold": 0.5, "decision_type": "<=",
            "left_child": grown(depth - 1), "right_child": grown(depth - 1),
        }  # fmt: skip

    forest = Forest.from_dump({"tree_info": [{"tree_structure": grown(5)} for _ in range(20)]})
    rows, shared, owner = draw.random((150, 2)), draw.random((4, 3)), draw.integers(0, 4, 150)
    both = np.concatenate([rows, shared[owner]], axis=1)
    each = [forest.predict(np.concatenate([both, np.tile(np.eye(2)[at], (150, 1))], axis=1)) for at in range(2)]
    assert np.allclose(forest.each_group(rows, shared, owner, 2), np.transpose(each))
    assert forest.each_group(rows[:0], shared, owner[:0], 2).shape == (0, 2)
