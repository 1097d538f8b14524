"""What all tests share: a cache and a packs folder of their own, and the raw reference tables where at hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "shared_data" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.data)


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        # Workers share one cache: an index is put in place whole, so that any of them may build it.
        base = base.parent
    packs = base / "packs"
    packs.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("LIFENODE_")]:
            patch.delenv(name)
        patch.setenv("LIFENODE_CACHE_DIR", str(base / "cache"))
        patch.setenv("LIFENODE_PACKS_DIR", str(packs))
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of raw reference tables; skips where it is absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip("needs the raw reference tables in ../shared/data")
    return SHARED_DATA
