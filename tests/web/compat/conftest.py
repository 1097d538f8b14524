"""A node in this process: called directly, and listening on loopback for clients that need an address."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from starlette.testclient import TestClient

from lifenode.settings import settings
from lifenode.web.app import make_app


@pytest.fixture(scope="package")
def node() -> Iterator[TestClient]:
    with TestClient(make_app(settings())) as client:
        yield client


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """The base address for g:Profiler clients."""
    server = uvicorn.Server(uvicorn.Config(make_app(settings()), host="127.0.0.1", port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/gprofiler"
    server.should_exit = True
    thread.join()
