"""A worker process for large work, and the pipe to it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from lifenode._signals import DECIDED_BY_PARENT, signals_held
from lifenode.errors import Busy, LifenodeError, TookTooLong

Answer = tuple[Any, LifenodeError | RuntimeError | None]


class Clerk:
    """One worker process; started when needed or beforehand, replaced when stopped.

    Parameters
    ----------
    most_bytes
        Memory of its own that the process may take.
    preparation
        Function the process calls when it has started, importable by name; None for none.
    """

    def __init__(self, most_bytes: int, preparation: Callable[[], object] | None = None) -> None:
        self._most_bytes = most_bytes
        self._preparation = preparation
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._lock = threading.Lock()
        self._doomed: BaseProcess | None = None
        self._closed = threading.Event()

    def do(self, gone: threading.Event, seconds: float, function: Callable[..., Any], args: Any, options: Any) -> Any:
        """Have the process do the work, for at most so many `seconds` or until who asked has `gone`.

        Raises
        ------
        TookTooLong
            The work exceeded its time.
        Busy
            The process ended.
        """
        with self._lock:
            try:
                pipe = self._ready(gone)
                pipe.send((function, args, options))
                done = pipe.poll(seconds)
                value, failure = pipe.recv() if done else (None, None)
            except (EOFError, OSError) as error:
                self._stop()
                raise Busy("The work ended before it was done.", next_step="Try again, with less at a time.") from error
            if not done:
                self._stop()
                raise TookTooLong(
                    f"The work took more than {seconds:g} seconds and was stopped.",
                    value=f"{seconds:g}",
                    next_step="Ask for less at a time, or run it on your own machine with `lifenode`.",
                )
        if failure is not None:
            raise failure
        return value

    def prepare(self) -> None:
        """Start the process if it does not run, so that the next work finds it ready."""
        with self._lock, contextlib.suppress(EOFError, OSError, Busy):
            self._ready(self._closed)

    def abandon(self, gone: threading.Event) -> None:
        """Stop the work that is done for who has now `gone`."""
        gone.set()
        self._kill()

    def close(self) -> None:
        """End the process for good."""
        self.abandon(self._closed)

    def _ready(self, gone: threading.Event) -> Connection:
        """Return the pipe to a process that has started, which must not count as work."""
        process, pipe = self._process, self._pipe
        if process is not None and process is not self._doomed and process.is_alive() and pipe is not None:
            return pipe
        self._stop()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._most_bytes, self._preparation), daemon=True)
        with signals_held():
            process.start()
        theirs.close()
        self._process, self._pipe = process, ours
        if gone.is_set() or self._closed.is_set():
            # Who stops this first says so and then looks for a process to kill, which was not there yet.
            self._stop()
            raise Busy("The work was stopped.")
        ours.recv()
        return ours

    def _kill(self) -> None:
        self._doomed = process = self._process
        if process is not None:
            process.kill()

    def _stop(self) -> None:
        """Kill the process and forget it."""
        process, pipe = self._process, self._pipe
        self._process = self._pipe = None
        if process is not None:
            process.kill()
            process.join(5)
        if pipe is not None:
            pipe.close()

    def join(self) -> None:
        """Wait until a closed one has let go of everything."""
        with self._lock:
            self._stop()


def _serve(pipe: Connection, most_bytes: int, preparation: Callable[[], object] | None) -> None:
    """Do the work that comes through `pipe` until it closes, in at most so much memory of its own."""
    # Signals for the whole group reach this process too; the parent decides when it ends, and it ends with the parent.
    for name in DECIDED_BY_PARENT:
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    if preparation is not None:
        # Whatever is wrong will be said by the work that needs it.
        with contextlib.suppress(LifenodeError):
            preparation()
    pipe.send(os.getpid())
    while True:
        try:
            function, args, options = pipe.recv()
        except (EOFError, OSError):
            return
        pipe.send(_answer(function, args, options))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _answer(function: Callable[..., Any], args: Any, options: Any) -> Answer:
    try:
        return function(*args, **options), None
    except LifenodeError as error:
        return None, error
    except MemoryError:
        next_step = "Ask for less at a time, or run it on your own machine with `lifenode`."
        return None, TookTooLong("The work needs more memory than it may take.", next_step=next_step)
    except Exception as error:  # noqa: BLE001 - the fault is the caller's to report, with its text
        return None, RuntimeError(f"{type(error).__name__}: {error}")
