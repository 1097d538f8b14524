"""Boosted trees and sparse weights, compiled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit


@njit(cache=True, nogil=True)
def grown(
    features: npt.NDArray[np.float32], roots: npt.NDArray[np.int32], feature: npt.NDArray[np.int16],
    threshold: npt.NDArray[np.float64], left: npt.NDArray[np.int32], right: npt.NDArray[np.int32],
    value: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Return the sum of all trees for each row; a node whose feature is below 0 is a leaf."""
    total = np.zeros(len(features))
    # Trees outside: one stays in the fastest cache while all rows pass it.
    for root in roots:
        for row in range(len(features)):
            node = root
            while feature[node] >= 0:
                behind = features[row, feature[node]] > threshold[node]
                # Arithmetic instead of a branch, which would be guessed wrong half of the time.
                node = left[node] + behind * (right[node] - left[node])
            total[row] += value[node]
    return total


@njit(cache=True, nogil=True)
def weighed(
    columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32], starts: npt.NDArray[np.int64],
    label: npt.NDArray[np.uint16], packed: npt.NDArray[np.int8], unit: float, labels: int,
) -> npt.NDArray[np.float32]:  # fmt: skip
    """Return the score of each label; a weight is ``q |q| unit`` for the packed q."""
    total = np.zeros(labels, np.float32)
    for at in range(len(columns)):
        for entry in range(starts[columns[at]], starts[columns[at] + 1]):
            q = float(packed[entry])
            total[label[entry]] += values[at] * q * abs(q) * unit
    return total


@njit(cache=True, nogil=True)
def contributions(
    columns: npt.NDArray[np.int32], values: npt.NDArray[np.float32], starts: npt.NDArray[np.int64],
    label: npt.NDArray[np.uint16], packed: npt.NDArray[np.int8], unit: float, wanted: int,
) -> npt.NDArray[np.float64]:  # fmt: skip
    """Return what each feature adds to the score of one label; the labels of a feature ascend. See `weighed`."""
    shares = np.zeros(len(columns))
    for at in range(len(columns)):
        for entry in range(starts[columns[at]], starts[columns[at] + 1]):
            if label[entry] >= wanted:
                if label[entry] == wanted:
                    q = float(packed[entry])
                    shares[at] = values[at] * q * abs(q) * unit
                break
    return shares
