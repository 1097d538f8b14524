"""What the tests of harvesting share: the saved sources and answers, and their expected readings."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from lifenode.errors import FetchFailed

Fetch = Callable[[str], bytes]


@pytest.fixture(scope="session")
def tess(shared_data: Path) -> Path:
    """The folder of saved sources."""
    return shared_data / "training" / "tess"


@pytest.fixture(scope="session")
def expected(tess: Path) -> dict[str, Any]:
    """What a harvest of the saved sources has to give."""
    found: dict[str, Any] = json.loads((tess / "expected_ingestion.json").read_text(encoding="utf-8"))
    return found


@pytest.fixture
def saved() -> Callable[[Mapping[str, Path]], Fetch]:
    """Makes a fetch of saved answers; all other addresses are not there."""

    def make(files: Mapping[str, Path]) -> Fetch:
        def fetch(url: str) -> bytes:
            if url not in files:
                raise FetchFailed(f"{url} answers 404.", value=url)
            return files[url].read_bytes()

        return fetch

    return make
