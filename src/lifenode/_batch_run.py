"""The order of events in a batch: what is begun when, and what happens when a worker dies."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass

from lifenode._batch_parts import Part, failed
from lifenode._batch_pool import LOST, Chunk, Place
from lifenode.errors import LifenodeError

Progress = Callable[[int, int], None]

# What a cluster says of a task that was lost and may be sent again; the classes are those of an optional library. A
# task whose worker died is done again by the cluster itself.
_LOST_TASK = ("CancelledError", "FutureCancelledError", "CommClosedError")
_MOST_TRIES = 4
_PATIENCE = 1.0  # seconds between looks at whether the cluster is still there


@dataclass(eq=False)
class _Task:
    start: int
    chunk: Chunk
    tries: int = 0
    alone: bool = False


class Run:
    """Keeps chunks under way and every result at its place.

    When a worker process dies, nobody knows which of the chunks under way killed it. They become suspects, which run
    one at a time after all others: one that kills again is split into its lists, and a list that kills is given up.
    """

    def __init__(
        self, place: Place, lists: list[tuple[str, list[object]]], size: int, progress: Progress | None
    ) -> None:
        self._place = place
        self._total = len(lists)
        self._done = 0
        self._progress = progress
        self._waiting = deque(_Task(start, lists[start : start + size]) for start in range(0, len(lists), size))
        self._suspects: deque[_Task] = deque()
        self._running: dict[Future[list[Part]], _Task] = {}
        self._parts: dict[int, list[Part]] = {}

    def parts(self) -> list[Part]:
        """Compute everything; return the parts in the order of the lists."""
        try:
            while self._waiting or self._suspects or self._running:
                self._fill()
                finished, _ = wait(self._running, timeout=_PATIENCE, return_when=FIRST_COMPLETED)
                for future in finished:
                    self._settle(self._running.pop(future), future)
                if not finished and self._place.lost():
                    self._waiting.extend(self._running.values())
                    self._running.clear()
                    self._abandon(BrokenExecutor(LOST))
        finally:
            for future in self._running:
                future.cancel()
        return [part for start in sorted(self._parts) for part in self._parts[start]]

    def _fill(self) -> None:
        try:
            while self._waiting and len(self._running) < self._place.window:
                self._begin(self._waiting.popleft())
            if self._suspects and not self._running:
                task = self._suspects.popleft()
                task.alone = True
                self._begin(task)
        except BrokenExecutor as error:
            self._abandon(error)

    def _abandon(self, error: BrokenExecutor) -> None:
        """Give up what has not begun; what is under way may still come back."""
        self._give_up([*self._waiting, *self._suspects], error)
        self._waiting.clear()
        self._suspects.clear()

    def _begin(self, task: _Task) -> None:
        try:
            self._running[self._place.submit(task.chunk)] = task
        except BrokenExecutor:
            self._waiting.appendleft(task)
            raise

    def _settle(self, task: _Task, future: Future[list[Part]]) -> None:
        error = CancelledError("it was cancelled") if future.cancelled() else future.exception()
        if error is None:
            self._keep(task, future.result())
        elif isinstance(error, LifenodeError):
            raise error
        elif isinstance(error, BrokenExecutor) and not task.alone:
            self._suspects.append(task)
        elif type(error).__name__ in _LOST_TASK and task.tries < _MOST_TRIES:
            task.tries += 1
            self._waiting.append(task)
        elif len(task.chunk) > 1:
            self._suspects.extend(_Task(task.start + i, [single]) for i, single in enumerate(task.chunk))
        else:
            self._give_up([task], error)

    def _give_up(self, tasks: Sequence[_Task], error: BaseException) -> None:
        for task in tasks:
            self._keep(task, [failed(name, error) for name, _ in task.chunk])

    def _keep(self, task: _Task, parts: list[Part]) -> None:
        self._parts[task.start] = parts
        self._done += len(task.chunk)
        if self._progress is not None:
            self._progress(self._done, self._total)
