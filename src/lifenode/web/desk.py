"""Where work is done: small work at once, large work in a process that can be stopped."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from lifenode.errors import Busy, LifenodeError, TookTooLong
from lifenode.settings import Settings


class Desk:
    """Does the work of requests.

    Parameters
    ----------
    config
        Settings in force: ``large_workers`` processes, a waiting room of ``large_waiting`` requests, and
        ``interactive_seconds`` for each.
    """

    def __init__(self, config: Settings) -> None:
        self._config = config
        self._clerks: list[_Clerk] = []
        self._free: asyncio.Semaphore | None = None
        self._waiting = 0
        self._threads: ThreadPoolExecutor | None = None

    def open(self) -> None:
        """Make ready; processes start when they are first needed."""
        self._clerks = [_Clerk(self._config.large_worker_bytes) for _ in range(self._config.large_workers)]
        self._free = asyncio.Semaphore(len(self._clerks))
        self._threads = ThreadPoolExecutor(len(self._clerks), thread_name_prefix="desk")

    def close(self) -> None:
        """Stop what still runs."""
        for clerk in self._clerks:
            clerk.stop()
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._clerks, self._free, self._threads = [], None, None

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
        try:
            return await asyncio.get_running_loop().run_in_executor(
                self._threads, clerk.do, limit, function, args, options
            )
        except asyncio.CancelledError:
            # Who asked has gone: the work is not worth finishing.
            clerk.stop()
            raise
        finally:
            self._clerks.append(clerk)
            self._free.release()


class _Clerk:
    """One worker process and the pipe to it; started when needed, replaced when stopped."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._lock = threading.Lock()

    def do(self, seconds: float, function: Callable[..., Any], args: Any, options: Any) -> Any:
        """Have the process do the work, for at most so many `seconds`."""
        with self._lock:
            try:
                pipe = self._ready()
                pipe.send((function, args, options))
                done = pipe.poll(seconds)
                answer: tuple[Any, LifenodeError | RuntimeError | None] = pipe.recv() if done else (None, None)
            except (EOFError, OSError) as error:
                self.stop()
                raise Busy("The work ended before it was done.", next_step="Try again, with less at a time.") from error
            if not done:
                self.stop()
                raise TookTooLong(
                    f"The work took more than {seconds:g} seconds and was stopped.",
                    value=f"{seconds:g}",
                    next_step="Ask for less at a time, or run it on your own machine with `lifenode`.",
                )
        value, failure = answer
        if failure is not None:
            raise failure
        return value

    def stop(self) -> None:
        """Kill the process."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None:
            process.kill()
            process.join(5)
        if pipe is not None:
            pipe.close()

    def _ready(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self.stop()
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, self._most_bytes), daemon=True)
            self._process.start()
            theirs.close()
            # The first answer says that the process has started, which must not count as work.
            self._pipe.recv()
        return self._pipe


def _serve(pipe: Connection, most_bytes: int) -> None:
    """Do the work that comes through `pipe` until it closes, in at most so much memory of its own."""
    import signal

    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))

    # An interrupt on the terminal reaches all processes; the parent decides when this one ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe.send(time.time())
    while True:
        try:
            function, args, options = pipe.recv()
        except (EOFError, OSError):
            return
        answer: tuple[Any, LifenodeError | RuntimeError | None]
        try:
            answer = (function(*args, **options), None)
        except LifenodeError as error:
            answer = (None, error)
        except MemoryError:
            next_step = "Ask for less at a time, or run it on your own machine with `lifenode`."
            answer = (None, TookTooLong("The work needs more memory than it may take.", next_step=next_step))
        except Exception as error:  # noqa: BLE001 - the fault is the caller's to report, with its text
            answer = (None, RuntimeError(f"{type(error).__name__}: {error}"))
        pipe.send(answer)
