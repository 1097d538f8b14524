"""Boosted trees as plain arrays: no library is needed to ask them.

A node with feature f and threshold t sends a row left where its feature is at most t. Children from 0 on are nodes,
others are leaves, counted from -1 downwards.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit, prange

Floats = npt.NDArray[np.float64]

_BLOCK = 64
_PARTS = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True)
class Forest:
    """Trees whose leaves are summed.

    Attributes
    ----------
    roots
        Root of each tree: a node, or a leaf where a tree has no node.
    feature, threshold, left, right
        The nodes of all trees.
    value
        The leaves of all trees.
    """

    roots: npt.NDArray[np.int32]
    feature: npt.NDArray[np.int16]
    threshold: Floats
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    value: npt.NDArray[np.float32]

    def predict(self, features: npt.NDArray[np.floating[Any]]) -> Floats:
        """Return the sum of the leaves that each row of features, rows by columns, ends in."""
        rows = np.ascontiguousarray(features, dtype=np.float64)
        answer: Floats = _predict(rows, self.roots, self.feature, self.threshold, self.left, self.right, self.value)
        return answer

    def averaged(self, features: npt.NDArray[np.floating[Any]], weights: Floats) -> Floats:
        """Return the weighted sum of what the trees say of each row for each of some groups.

        Parameters
        ----------
        features
            Rows by columns, without the columns that say to which group a row belongs, one a group, which come last.
        weights
            Weight of each group.
        """
        rows = np.ascontiguousarray(features, dtype=np.float64)
        groups = 1 << np.arange(len(weights))
        sums = np.array([weights[(groups & subset) > 0].sum() for subset in range(1 << len(weights))])
        answer: Floats = _averaged(
            rows, sums, self.roots, self.feature, self.threshold, self.left, self.right, self.value
        )
        return answer

    def each_group(self, rows: Floats, shared: Floats, owner: npt.NDArray[np.int64], groups: int) -> Floats:
        """Return what the trees say of each row for each group, rows by groups.

        Parameters
        ----------
        rows, shared, owner
            Features of each row, features that rows have in common, and which of these each row has. The trees know
            them in this order, and behind them a column a group that says to which group a row belongs.
        groups
            Number of groups.
        """
        answer: Floats = _each_group(
            np.ascontiguousarray(rows, np.float64), np.ascontiguousarray(shared, np.float64), owner, groups,
            self.roots, self.feature, self.threshold, self.left, self.right, self.value,
        )  # fmt: skip
        return answer

    def arrays(self, prefix: str = "") -> dict[str, npt.NDArray[Any]]:
        """Return the arrays under names that begin with `prefix`."""
        return {prefix + name: getattr(self, name) for name in _PARTS}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]], prefix: str = "") -> Forest:
        """Return what `arrays` was made of."""
        return cls(**{name: np.ascontiguousarray(arrays[prefix + name]) for name in _PARTS})

    @classmethod
    def from_dump(cls, dump: Mapping[str, Any]) -> Forest:
        """Return the trees of a LightGBM model, given as its ``dump_model()``; features are never missing."""
        builder = _Builder()
        for tree in dump["tree_info"]:
            builder.roots.append(builder.add(tree["tree_structure"]))
        return builder.forest()


class _Builder:
    """Collects nodes and leaves."""

    def __init__(self) -> None:
        self.roots: list[int] = []
        self.nodes: list[list[Any]] = []
        self.leaves: list[float] = []

    def add(self, node: Mapping[str, Any]) -> int:
        """Add a node with all below it; return its place."""
        if "leaf_value" in node:
            self.leaves.append(node["leaf_value"])
            return -len(self.leaves)
        if node["decision_type"] != "<=":
            raise ValueError(f"a decision of type {node['decision_type']}")
        place = len(self.nodes)
        self.nodes.append([node["split_feature"], node["threshold"], 0, 0])
        self.nodes[place][2] = self.add(node["left_child"])
        self.nodes[place][3] = self.add(node["right_child"])
        return place

    def forest(self) -> Forest:
        """Return what was collected."""
        columns: Sequence[Sequence[Any]] = list(zip(*self.nodes, strict=True)) or [[], [], [], []]
        return Forest(
            np.array(self.roots, np.int32), np.array(columns[0], np.int16), np.array(columns[1], np.float64),
            np.array(columns[2], np.int32), np.array(columns[3], np.int32), np.array(self.leaves, np.float32),
        )  # fmt: skip


@njit(cache=True, parallel=True)
def _predict(
    rows: Floats, roots: npt.NDArray[np.int32], feature: npt.NDArray[np.int16], threshold: Floats,
    left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], value: npt.NDArray[np.float32],
) -> Floats:  # fmt: skip
    answer = np.zeros(len(rows))
    for row in prange(len(rows)):
        total = 0.0
        for root in roots:
            node = root
            while node >= 0:
                node = left[node] if rows[row, feature[node]] <= threshold[node] else right[node]
            total += value[-node - 1]
        answer[row] = total
    return answer


@njit(cache=True, parallel=True)
def _averaged(
    rows: Floats, sums: Floats, roots: npt.NDArray[np.int32], feature: npt.NDArray[np.int16], threshold: Floats,
    left: npt.NDArray[np.int32], right: npt.NDArray[np.int32], value: npt.NDArray[np.float32],
) -> Floats:  # fmt: skip
    """Go down each tree once for all groups, and apart only where it asks for a group.

    `sums` has the weight of each subset of the groups; a subset is a whole number with a bit for each.
    """
    answer = np.zeros(len(rows))
    columns = rows.shape[1]
    every = len(sums) - 1
    for block in prange((len(rows) + _BLOCK - 1) // _BLOCK):
        nodes = np.empty(64, np.int32)
        subsets = np.empty(64, np.int32)
        # A tree stays in the fastest memory while a block of rows goes down it.
        for root in roots:
            for row in range(block * _BLOCK, min((block + 1) * _BLOCK, len(rows))):
                nodes[0], subsets[0] = root, every
                waiting = 1
                while waiting > 0:
                    waiting -= 1
                    node, subset = nodes[waiting], subsets[waiting]
                    while node >= 0:
                        asked = feature[node]
                        if asked < columns:
                            node = left[node] if rows[row, asked] <= threshold[node] else right[node]
                            continue
                        inside = subset & (1 << (asked - columns))
                        outside = subset & ~inside
                        if inside and outside:
                            nodes[waiting], subsets[waiting] = right[node], inside
                            waiting += 1
                            node, subset = left[node], outside
                        else:
                            node = right[node] if inside else left[node]
                    answer[row] += sums[subset] * value[-node - 1]
    return answer


@njit(cache=True, parallel=True)
def _each_group(
    rows: Floats, shared: Floats, owner: npt.NDArray[np.int64], groups: int, roots: npt.NDArray[np.int32],
    feature: npt.NDArray[np.int16], threshold: Floats, left: npt.NDArray[np.int32], right: npt.NDArray[np.int32],
    value: npt.NDArray[np.float32],
) -> Floats:  # fmt: skip
    """Go down each tree once for all groups, and apart only where it asks for a group; see `_averaged`."""
    answer = np.zeros((len(rows), groups))
    own = rows.shape[1]
    columns = own + shared.shape[1]
    every = (1 << groups) - 1
    for block in prange((len(rows) + _BLOCK - 1) // _BLOCK):
        nodes = np.empty(64, np.int32)
        subsets = np.empty(64, np.int32)
        for root in roots:
            for row in range(block * _BLOCK, min((block + 1) * _BLOCK, len(rows))):
                of = owner[row]
                nodes[0], subsets[0] = root, every
                waiting = 1
                while waiting > 0:
                    waiting -= 1
                    node, subset = nodes[waiting], subsets[waiting]
                    while node >= 0:
                        asked = feature[node]
                        if asked < columns:
                            seen = rows[row, asked] if asked < own else shared[of, asked - own]
                            node = left[node] if seen <= threshold[node] else right[node]
                            continue
                        inside = subset & (1 << (asked - columns))
                        outside = subset & ~inside
                        if inside and outside:
                            nodes[waiting], subsets[waiting] = right[node], inside
                            waiting += 1
                            node, subset = left[node], outside
                        else:
                            node = right[node] if inside else left[node]
                    for group in range(groups):
                        if subset >> group & 1:
                            answer[row, group] += value[-node - 1]
    return answer
