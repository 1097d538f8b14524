from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.settings import Settings
from lifenode.web.app import make_app

Opened = Callable[..., AbstractContextManager[TestClient]]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Open a node of this process with other settings."""

    @contextmanager
    def open_node(**changes: Any) -> Iterator[TestClient]:
        config = replace(Settings(), state_dir=tmp_path / "state", **changes)
        with TestClient(make_app(config), raise_server_exceptions=False) as client:
            yield client

    return open_node
