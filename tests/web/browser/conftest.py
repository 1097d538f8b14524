"""One server and one browser for all tests of this folder, and visitors on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from playwright.sync_api import Browser, sync_playwright

from lifenode.training.database import open_database
from lifenode.training.demonstration import keep_demonstration
from tests.web.browser.chromium import ARGUMENTS, find_chromium
from tests.web.browser.visit import Visit
from tests.web.server import running_server

Visitor = Callable[..., Visit]


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running node, whose portal holds the examples."""
    state = tmp_path_factory.mktemp("state")
    engine = open_database(f"sqlite:///{state / 'training.sqlite'}")
    keep_demonstration(engine=engine)
    engine.dispose()
    with running_server(LIFENODE_STATE_DIR=str(state)) as base:
        yield base


# Not for the session: as long as playwright runs, no other test of the process can run an event loop.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A running Chromium; skips where none is installed."""
    path = find_chromium()
    if path is None:
        pytest.skip("needs Chromium: install the package chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def visitor(site: str, browser: Browser) -> Iterator[Visitor]:
    """Make visits, each with a profile of its own, closed at the end of the test."""
    with ExitStack() as visits:

        def visit(**options: object) -> Visit:
            return visits.enter_context(partial(Visit, browser, site)(**options))  # type: ignore[arg-type]

        yield visit
