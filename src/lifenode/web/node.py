"""What the requests of one worker process share."""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request

from lifenode.settings import Settings
from lifenode.web.desk import Desk
from lifenode.web.store import Store


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


def node_of(request: Request) -> Node:
    """Return the node that serves `request`."""
    node: Node = request.app.state.node
    return node
