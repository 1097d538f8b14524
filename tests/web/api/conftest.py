"""A node in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from lifenode.web.app import make_app


@pytest.fixture(scope="package")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patch:
        folder: Path = tmp_path_factory.mktemp("state")
        patch.setenv("LIFENODE_STATE_DIR", str(folder))
        with TestClient(make_app()) as client:
            yield client
