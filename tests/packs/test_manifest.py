from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lifenode.errors import PackError
from lifenode.packs.manifest import read_manifest
from tests.packs.small_pack import SmallPack, edit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return SmallPack().write(tmp_path / "tsapiens")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda m: m.update(format=2), "format 2"),
        (lambda m: m.pop("format"), "not the JSON document of a pack"),
        (lambda m: m.pop("organism"), "'organism'"),
        (lambda m: m["organism"].update(taxonomy_id="x"), "'x'"),
        (lambda m: m.update(name="../../elsewhere"), "elsewhere"),
        (lambda m: m["files"].update({"../genes.parquet": m["files"]["genes.parquet"]}), "not allowed"),
        (lambda m: m["files"]["genes.parquet"].update(sha256="no"), "not a SHA-256"),
        (lambda m: m["files"]["genes.parquet"].pop("sha256"), "'sha256'"),
        (lambda m: m.update(sources=[]), "wrong kind"),
    ],
)
def test_damaged_manifests_are_refused(folder: Path, change: Callable[[dict[str, Any]], object], says: str) -> None:
    edit(folder, change)
    with pytest.raises(PackError, match=says):
        read_manifest(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '"pack"', "null", "\x00"])
def test_manifests_that_are_no_json_object(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match="damaged"):
        read_manifest(folder)
