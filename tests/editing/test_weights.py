"""Weights are what their manifest says, or are refused."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from lifenode.editing import weights
from lifenode.errors import TamperedPack


def test_every_file_is_the_one_of_the_manifest() -> None:
    files = sorted(path.stem for path in weights.FOLDER.glob("*.npz"))
    assert files
    for name in files:
        content = (weights.FOLDER / f"{name}.npz").read_bytes()
        assert weights.facts(name)["sha256"] == hashlib.sha256(content).hexdigest()
        assert weights.stated(name)["licence"]
    assert sum(path.stat().st_size for path in weights.FOLDER.iterdir()) < 6_000_000


def test_what_is_saved_is_loaded_and_the_same_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FOLDER", "_MANIFEST"):
        monkeypatch.setattr(weights, name, tmp_path / getattr(weights, name).name if name == "_MANIFEST" else tmp_path)
    arrays: dict[str, npt.NDArray[Any]] = {"b": np.arange(5, dtype=np.int16), "a": np.ones((2, 2))}
    first = weights.save("one", arrays, {"version": "1", "licence": "x"}).read_bytes()
    assert weights.save("one", dict(reversed(arrays.items())), {"version": "1", "licence": "x"}).read_bytes() == first
    found = weights.load("one")
    assert {name: part.tolist() for name, part in found.items()} == {
        name: part.tolist() for name, part in arrays.items()
    }
    shutil.copy(tmp_path / "one.npz", tmp_path / "kept")
    (tmp_path / "one.npz").write_bytes(first + b" ")
    weights.load.cache_clear()
    with pytest.raises(TamperedPack, match="SHA-256"):
        weights.load("one")
    weights.load.cache_clear()
    weights._manifest.cache_clear()
