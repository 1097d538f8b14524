"""Where the work of a batch is done: a thread, processes of our own, or somebody else's executor."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from types import ModuleType
from typing import Any, Protocol

from lifenode._signals import signals_held

MOST_RESTARTS = 20
"""How often a pool of processes is started again before what is left is given up."""

LOST = "the connection to the cluster was lost"

Chunk = Sequence[tuple[str, Sequence[object]]]
Work = Callable[..., Any]


class Place(Protocol):
    """Takes chunks."""

    window: int
    """How many chunks may be under way."""

    def submit(self, chunk: Chunk) -> Future[Any]:
        """Begin a chunk; raise BrokenExecutor if nothing can be begun any more."""
        ...

    def lost(self) -> bool:
        """Say whether what is under way will never come back."""
        ...

    def close(self) -> None:
        """Stop; what was not begun is dropped."""
        ...


class Borrowed:
    """An executor of the caller's; it is not shut down.

    Parameters
    ----------
    executor
        Takes the chunks.
    work
        Called with a chunk and `arguments`.
    arguments
        Sent along with every chunk.
    """

    window = 256

    def __init__(self, executor: Executor, work: Work, arguments: tuple[Any, ...]) -> None:
        self._executor, self._work, self._arguments = executor, work, arguments

    def submit(self, chunk: Chunk) -> Future[Any]:
        """Begin a chunk."""
        if self.lost():
            raise BrokenExecutor(LOST)
        return self._executor.submit(self._work, chunk, *self._arguments)

    def lost(self) -> bool:
        """Say whether this is a Dask cluster whose scheduler is gone: its futures would be waited for forever."""
        client = getattr(self._executor, "_client", None)
        return getattr(client, "status", "") in ("closing", "closed")

    def close(self) -> None:
        """Leave the executor to its owner."""


class Thread(Borrowed):
    """One thread of this process."""

    window = 2

    def __init__(self, work: Work, arguments: tuple[Any, ...]) -> None:
        super().__init__(ThreadPoolExecutor(1), work, arguments)

    def close(self) -> None:
        """Wait for the chunk under way."""
        self._executor.shutdown(cancel_futures=True)


class Processes:
    """Processes of our own, started afresh when one of them dies."""

    def __init__(self, workers: int, work: Work, arguments: tuple[Any, ...], *, needs_main: bool) -> None:
        self.window = 3 * workers
        self._workers = workers
        self._start = (work, arguments)
        self._context = _WithMain() if needs_main else _Context()
        self._restarts = -1
        self._executor = self._fresh()

    def submit(self, chunk: Chunk) -> Future[Any]:
        """Begin a chunk, in new processes if the old ones are dead."""
        while True:
            try:
                return self._executor.submit(_work_on, chunk)
            except BrokenExecutor:
                self._executor.shutdown()
                self._executor = self._fresh()

    def lost(self) -> bool:
        """Say no: the futures of dead processes fail."""
        return False

    def close(self) -> None:
        """Wait for the chunks under way and end the processes."""
        self._executor.shutdown(cancel_futures=True)

    def _fresh(self) -> ProcessPoolExecutor:
        self._restarts += 1
        if self._restarts > MOST_RESTARTS:
            raise BrokenExecutor(f"worker processes died {self._restarts} times")
        # What every chunk needs travels once per process, not with each chunk.
        return ProcessPoolExecutor(
            self._workers, mp_context=self._context, initializer=_begin, initargs=(*self._start, dict(_THREADS))
        )


# A process is one worker; its kernels shall not take all cores again. Results do not depend on it.
_THREADS: Mapping[str, str] = {"LIFENODE_THREADS": "1"}
_state: dict[str, Any] = {}


def _begin(work: Work, arguments: tuple[Any, ...], environment: Mapping[str, str]) -> None:
    # The terminal sends an interrupt to all processes; the one that started the batch deals with it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    _state.update(work=work, arguments=arguments)
    gc.disable()


def _work_on(chunk: Chunk) -> Any:
    """Compute a chunk and clear up after it.

    Left to itself the garbage collector goes through pack, index and compiler again and again, a fifth of the time;
    what is there after a chunk is there to stay.
    """
    try:
        return _state["work"](chunk, *_state["arguments"])
    finally:
        gc.collect()
        gc.freeze()


class _Deaf(SpawnProcess):
    """A new process that an interrupt does not end, not even before it can say so."""

    def start(self) -> None:
        """Start."""
        with signals_held():
            super().start()


class _Process(_Deaf):
    """A new process that does not run the main script again, so that a script needs no ``__main__`` guard."""

    def start(self) -> None:
        """Start."""
        with _without_main():
            super().start()


class _WithMain(SpawnContext):
    Process = _Deaf


class _Context(SpawnContext):
    # Threads may be running here, so a fork could copy a lock that is never released.
    Process = _Process


def isolated_context() -> SpawnContext:
    """Return how to start processes that do not run the main script again."""
    return _Context()


@contextmanager
def _without_main() -> Iterator[None]:
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main
