"""Signals for a whole group of processes, of which only the first shall act."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from multiprocessing import resource_tracker

DECIDED_BY_PARENT = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Let a process that starts meanwhile inherit that nothing but a kill ends it, not even before it can say so."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Starting the tracker, which is done once, would let go of them.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, DECIDED_BY_PARENT)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
