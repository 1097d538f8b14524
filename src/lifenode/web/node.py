"""What the requests of one worker process share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from starlette.requests import Request

from lifenode.errors import MissingPart
from lifenode.settings import Settings
from lifenode.web.desk import Desk
from lifenode.web.store import Store

if TYPE_CHECKING:
    from lifenode.training.portal import Portal


_OF_TRAINING = ("sqlalchemy", "alembic", "lxml", "icalendar", "rdflib", "extruct", "dateutil")


class Node:
    """Settings, store and desk of one worker process.

    Parameters
    ----------
    config
        Settings in force.
    preparation
        What a process for large work does beforehand, so that its first work need not; None: it starts when needed.

    Attributes
    ----------
    config
        Settings in force.
    store
        What outlives a request: short links, uploaded gene sets, jobs.
    desk
        Where work is done: at once, or in a process that can be stopped.
    job_desk
        The same for jobs, so that a long one keeps nobody waiting.
    """

    def __init__(self, config: Settings, preparation: Callable[[], object] | None = None) -> None:
        self.config = config
        self.store = Store(config)
        self.desk = Desk(config, preparation)
        self.job_desk = Desk(config)
        self._portal: Portal | None = None
        self._portal_lock = threading.Lock()

    @property
    def portal(self) -> Portal:
        """The training portal, opened when it is first asked for.

        Raises
        ------
        MissingPart
            The libraries it needs are not installed.
        OutputError
            Its database cannot be opened.
        """
        with self._portal_lock:
            if self._portal is None:
                try:
                    from lifenode.training.portal import open_portal
                except ModuleNotFoundError as error:
                    raise MissingPart.library(error.name or "sqlalchemy", "The training portal", "training") from error
                self._portal = open_portal(self.config)
            return self._portal

    def open(self) -> None:
        """Make ready to serve."""
        self.store.open()
        self.desk.open()
        self.job_desk.open()

    def close(self) -> None:
        """Let go of files and processes."""
        self.job_desk.close()
        self.desk.close()
        self.store.close()
        if self._portal is not None:
            self._portal.close()
            self._portal = None


@cache
def training_at_hand() -> bool:
    """Return whether the libraries of the training portal are installed."""
    return all(find_spec(name) is not None for name in _OF_TRAINING)


def node_of(request: Request) -> Node:
    """Return the node that serves `request`."""
    node: Node = request.app.state.node
    return node
