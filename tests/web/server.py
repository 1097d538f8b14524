"""A real node: `lifenode serve` in a process of its own, on a free port of loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_SECONDS = 60.0


@dataclass
class Served:
    """A running node; who ends it by a kill says so in `killed`."""

    base: str
    process: subprocess.Popen[str]
    killed: bool = False


@contextmanager
def served(workers: int = 1, **environment: str) -> Iterator[Served]:
    """Serve with `environment` on top of our own; on leaving, stop and require that the node stops cleanly."""
    command = [sys.executable, "-m", "lifenode.cli.main", "serve", "--port", "0", "--workers", str(workers)]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment}, start_new_session=True
    )
    drain: threading.Thread | None = None
    try:
        base = _address(process)
        assert process.stderr is not None
        # A pipe that nobody reads would fill up with the log and stop the node.
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        _wait(base)
        node = Served(base, process)
        yield node
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0 or node.killed, "the node did not stop cleanly"
    finally:
        process.kill()
        process.wait()
        if drain is not None:
            drain.join()
        if process.stderr is not None:
            process.stderr.close()


@contextmanager
def running_server(workers: int = 1, **environment: str) -> Iterator[str]:
    """Serve, and give the base address."""
    with served(workers, **environment) as node:
        yield node.base


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stderr is not None
    line = process.stderr.readline()
    found = re.search(r"http://127\.0\.0\.1:\d+", line)
    assert found, f"the node did not say where it is: {line!r} {process.stderr.read() if not line else ''}"
    return found[0]


def _wait(base: str) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=10) as answer:  # noqa: S310 - our own address
                assert answer.status == 200
                return
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < end, "the node never became ready"
            time.sleep(0.05)
