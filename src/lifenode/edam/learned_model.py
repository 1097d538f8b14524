"""The fitted numbers of annotation: regression weights, chain, trees and calibration, in one compressed file."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.edam.learned_compiled import contributions, grown, weighed
from lifenode.edam.learned_features import Block
from lifenode.errors import TamperedPack

Array = npt.NDArray[Any]

WEIGHTS = Path(__file__).parent / "weights"
_TREES = ("roots", "feature", "threshold", "left", "right", "value")


@dataclass(frozen=True)
class Trees:
    """Boosted trees; see `grown`."""

    roots: Array
    feature: Array
    threshold: Array
    left: Array
    right: Array
    value: Array

    def __call__(self, features: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Return the probability that each row of features is a term of its tool, before calibration."""
        total = grown(features, self.roots, self.feature, self.threshold, self.left, self.right, self.value)
        return 1 / (1 + np.exp(-total))


@dataclass(frozen=True)
class Model:
    """All that is fitted.

    Attributes
    ----------
    blocks
        Features of the texts, whose columns follow one another.
    starts, label, packed, unit
        Weights of the first regression by feature; see `weighed`.
    chain
        Weights of the second regression, from the scores of all labels to all labels.
    labels
        Ids of the labels, in order.
    frequency
        How many training tools have each label.
    tools
        Number of training tools.
    trees, calibration, threshold
        For each branch: the ranker, the points of its calibration, and the probability above which terms are proposed.
    """

    blocks: list[Block]
    starts: Array
    label: Array
    packed: Array
    unit: float
    chain: Array
    labels: list[str]
    frequency: dict[str, int]
    tools: int
    trees: dict[str, Trees]
    calibration: dict[str, tuple[Array, Array]]
    threshold: dict[str, float]

    def scores(self, short: str, whole: str) -> tuple[npt.NDArray[np.float32], Array, Array]:
        """Return the score of each label, and the columns and values of the words of a tool's texts."""
        columns, values, words, first = [], [], [], 0
        for block in self.blocks:
            own, numbers = block.row(short, whole)
            columns.append(own + np.int32(first))
            values.append(numbers)
            words.append(np.full(len(own), block.kind != "grams"))
            first += len(block.place)
        place, value, word = (np.concatenate(one) for one in (columns, values, words))
        found = weighed(place, value, self.starts, self.label, self.packed, self.unit, len(self.labels))
        return found, place[word], value[word]

    def chained(self, scores: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Return the scores of the second regression from those of the first, a row a tool."""
        result = np.zeros_like(scores)
        result[:, self._seen] = scores[:, self._seen] @ self._chain_of_seen
        return result

    @cached_property
    def _seen(self) -> Array:
        return np.array([at for at, label in enumerate(self.labels) if label in self.frequency])

    @cached_property
    def _chain_of_seen(self) -> Array:
        # No other label has a weight, and most data and formats are in no tool.
        return np.ascontiguousarray(self.chain[np.ix_(self._seen, self._seen)])

    def evidence(self, label: int, place: Array, value: Array, most: int = 3) -> list[str]:
        """Return the words and pairs of words of a tool that speak most for a label, of those that `scores` returns."""
        shares = contributions(place, value, self.starts, self.label, self.packed, self.unit, label)
        best: dict[str, float] = {}
        for at in np.flatnonzero(shares > 0).tolist():
            name = self._names[int(place[at])]
            best[name] = best.get(name, 0.0) + float(shares[at])
        return sorted(best, key=lambda name: (-best[name], name))[:most]

    @cached_property
    def _names(self) -> list[str]:
        return [name for block in self.blocks for name in block.place]

    def calibrated(self, branch: str, raw: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return probabilities that mean what they say for the ranker's numbers."""
        return np.interp(raw, *self.calibration[branch])


def save_model(model: Model, path: Path) -> str:
    """Write a model and return its SHA-256."""
    arrays: dict[str, Array] = {
        "starts": model.starts, "label": model.label, "packed": model.packed, "chain": model.chain.astype(np.float16),
    }  # fmt: skip
    facts = {
        "blocks": [{"kind": block.kind, "share": block.share} for block in model.blocks],
        "unit": model.unit, "labels": model.labels, "frequency": model.frequency, "tools": model.tools,
        "threshold": model.threshold,
    }  # fmt: skip
    for at, block in enumerate(model.blocks):
        arrays[f"names_{at}"] = _bytes("\n".join(block.place))
        arrays[f"rarity_{at}"] = block.rarity
    for branch, trees in model.trees.items():
        arrays |= {f"{branch}_{name}": getattr(trees, name) for name in _TREES}
        arrays[f"{branch}_calibration"] = np.array(model.calibration[branch])
    arrays["facts"] = _bytes(json.dumps(facts, sort_keys=True))
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **arrays)  # type: ignore[arg-type]
    path.write_bytes(buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()


def _bytes(text: str) -> npt.NDArray[np.uint8]:
    return np.frombuffer(text.encode(), np.uint8)


@lru_cache(maxsize=4)
def load_model(name: str) -> Model:
    """Return a model that is shipped.

    Raises
    ------
    TamperedPack
        The file differs from its checksum.
    """
    content = (WEIGHTS / f"{name}.npz").read_bytes()
    manifest = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))
    if hashlib.sha256(content).hexdigest() != manifest[name]["sha256"]:
        raise TamperedPack(f"{name}.npz differs from its checksum.", value=name, next_step="Install lifenode again.")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return _unpacked({key: arrays[key] for key in arrays.files})


def _unpacked(arrays: Mapping[str, Array]) -> Model:
    facts = json.loads(arrays["facts"].tobytes())
    blocks = []
    for at, block in enumerate(facts["blocks"]):
        names = arrays[f"names_{at}"].tobytes().decode().split("\n")
        place = {one: column for column, one in enumerate(names)}
        blocks.append(Block(block["kind"], place, arrays[f"rarity_{at}"], block["share"]))
    return Model(
        blocks=blocks,
        starts=arrays["starts"],
        label=arrays["label"],
        packed=arrays["packed"],
        unit=facts["unit"],
        chain=arrays["chain"].astype(np.float32),
        labels=facts["labels"],
        frequency=facts["frequency"],
        tools=facts["tools"],
        trees={one: Trees(*[arrays[f"{one}_{name}"] for name in _TREES]) for one in facts["threshold"]},
        calibration={one: tuple(arrays[f"{one}_calibration"]) for one in facts["threshold"]},
        threshold=facts["threshold"],
    )
