"""Fitted weights: plain arrays, with a manifest that says what they are, loaded when they are first needed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import TamperedPack

FOLDER = Path(__file__).parent / "weights"
_MANIFEST = FOLDER / "manifest.json"
# Files of an archive carry a date; one for all keeps the bytes the same from fit to fit.
_DATE = (1980, 1, 1, 0, 0, 0)

Arrays = Mapping[str, npt.NDArray[Any]]


@lru_cache(maxsize=16)
def load(name: str) -> Arrays:
    """Return the arrays of a model.

    Raises
    ------
    TamperedPack
        The file is not the one that the manifest describes.
    """
    content = (FOLDER / f"{name}.npz").read_bytes()
    stated, found = facts(name)["sha256"], hashlib.sha256(content).hexdigest()
    if stated != found:
        raise TamperedPack(
            f"The weights {name}.npz were changed: their SHA-256 is {found}, the manifest says {stated}.",
            value=name,
            next_step="Install lifenode again.",
        )
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return {key: arrays[key] for key in arrays.files}


def facts(name: str) -> dict[str, Any]:
    """Return what the manifest says of a model: sha256, what it was fitted on and by, licence, figures."""
    known: dict[str, Any] = _manifest()[name]
    return known


def stated(name: str) -> dict[str, Any]:
    """Return what a result says of the model it comes from."""
    known = facts(name)
    return {"name": name, "version": known["version"], "sha256": known["sha256"], "licence": known["licence"]}


def save(name: str, arrays: Arrays, described: Mapping[str, Any]) -> Path:
    """Write a model and its entry of the manifest; the same arrays give the same bytes.

    Parameters
    ----------
    name
        Name of the file, without ending.
    arrays
        The weights.
    described
        ``version``, ``source``, ``licence``, ``command`` and whatever else is worth telling.
    """
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for key in sorted(arrays):
            part = io.BytesIO()
            np.lib.format.write_array(part, np.ascontiguousarray(arrays[key]), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{key}.npy", _DATE), part.getvalue(), zipfile.ZIP_DEFLATED, 9)
    path = FOLDER / f"{name}.npz"
    path.write_bytes(content.getvalue())
    known = json.loads(_MANIFEST.read_text(encoding="utf-8")) if _MANIFEST.exists() else {}
    known[name] = {"sha256": hashlib.sha256(content.getvalue()).hexdigest(), **described}
    _MANIFEST.write_text(json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    _manifest.cache_clear()
    load.cache_clear()
    return path


@lru_cache(maxsize=1)
def _manifest() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(_MANIFEST.read_text(encoding="utf-8"))
    return known
