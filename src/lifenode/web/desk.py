"""Where work is done: small work at once, large work in a process that can be stopped."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lifenode.errors import Busy, TookTooLong
from lifenode.settings import Settings
from lifenode.web.clerks import Clerk


class Desk:
    """Does the work of requests.

    Parameters
    ----------
    config
        Settings in force: ``large_workers`` processes, a waiting room of ``large_waiting`` requests, and
        ``interactive_seconds`` for each.
    preparation
        What each process does when it has started, such as opening a pack; importable by name. With none, processes
        start when they are first needed.
    """

    def __init__(self, config: Settings, preparation: Callable[[], object] | None = None) -> None:
        self._config = config
        self._preparation = preparation
        self._all: tuple[Clerk, ...] = ()
        self._clerks: list[Clerk] = []
        self._free: asyncio.Semaphore | None = None
        self._waiting = 0
        self._threads: ThreadPoolExecutor | None = None

    def open(self) -> None:
        """Make ready; processes start now, in the background, if there is something to prepare, else when needed."""
        workers = self._config.large_workers
        self._all = tuple(Clerk(self._config.large_worker_bytes, self._preparation) for _ in range(workers))
        self._clerks = list(self._all)
        self._free = asyncio.Semaphore(workers)
        # A thread for the work of each process, and one that prepares another process meanwhile.
        self._threads = ThreadPoolExecutor(2 * workers, thread_name_prefix="desk")
        for clerk in self._all if self._preparation is not None else ():
            self._prepare(clerk)

    def _prepare(self, clerk: Clerk) -> None:
        if self._threads is not None:
            self._threads.submit(clerk.prepare)

    def close(self) -> None:
        """Stop what still runs."""
        for clerk in self._all:
            clerk.close()
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
        for clerk in self._all:
            clerk.join()
        self._all, self._clerks, self._free, self._threads = (), [], None, None

    async def run(
        self,
        function: Callable[..., Any],
        /,
        *args: Any,
        large: bool = False,
        seconds: float | None = None,
        **options: Any,
    ) -> Any:
        """Return ``function(*args, **options)``.

        Small work is done at once in this process; `large` work in a worker process, so that other requests go on,
        and is stopped after `seconds` (by default the interactive limit). `function` is importable by name, arguments
        and result can be pickled.

        Raises
        ------
        TookTooLong
            The work exceeded its time.
        Busy
            All worker processes are taken and the waiting room is full.
        """
        if not large:
            return function(*args, **options)
        assert self._free is not None  # noqa: S101 - opened with the application
        if self._waiting >= self._config.large_waiting:
            raise Busy("All places for large work are taken.", next_step="Try again in a few seconds.")
        self._waiting += 1
        limit = self._config.interactive_seconds if seconds is None else seconds
        try:
            await asyncio.wait_for(self._free.acquire(), limit)
        except TimeoutError as error:
            raise Busy("All places for large work stayed taken.", next_step="Try again in a few seconds.") from error
        finally:
            self._waiting -= 1
        clerk = self._clerks.pop()
        gone = threading.Event()
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, clerk.do, gone, limit, function, args, options
            )
        except asyncio.CancelledError:
            # Who asked has gone: the work is not worth finishing.
            clerk.abandon(gone)
            raise
        except TookTooLong:
            # The next one shall not wait for the process that takes the place of the one that was stopped.
            self._prepare(clerk)
            raise
        finally:
            self._clerks.append(clerk)
            self._free.release()
