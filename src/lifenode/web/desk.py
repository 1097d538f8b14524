"""Where work is done: small work at once, large work in a process that can be stopped."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lifenode.settings import Settings


class Desk:
    """Does the work of requests.

    Parameters
    ----------
    config
        Settings in force.
    """

    def __init__(self, config: Settings) -> None:
        self._config = config

    def open(self) -> None:
        """Make ready."""

    def close(self) -> None:
        """Stop what still runs."""

    async def run(self, function: Callable[..., Any], /, *args: Any, large: bool = False, **options: Any) -> Any:
        """Return ``function(*args, **options)``.

        Small work is done at once in this process; `large` work in a worker process, so that other requests go on,
        and is stopped after the interactive limit. `function` is importable by name, arguments and result pickle.

        Raises
        ------
        TookTooLong
            The work exceeded the interactive limit.
        Busy
            All worker processes are taken and the waiting room is full.
        """
        return function(*args, **options)
