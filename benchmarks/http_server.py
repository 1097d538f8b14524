"""The server under load: starting it, and what the kernel says about its processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running ``lifenode serve``."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def address(self) -> tuple[str, int]:
        """Host and port."""
        return "127.0.0.1", self.port

    def url(self, path: str) -> str:
        """Return the URL of a path."""
        return f"http://127.0.0.1:{self.port}{path}"

    def processes(self) -> list[int]:
        """Return the ids of all processes of the server, the first one first."""
        found, waiting = [], [self.process.pid]
        while waiting:
            found.append(waiting.pop(0))
            for children in Path(f"/proc/{found[-1]}/task").glob("*/children"):
                waiting += [int(child) for child in _read(children).split()]
        return found

    def cpu_seconds(self) -> float:
        """Return processor time, user and system, of all processes of the server, also of those that have ended."""
        total = 0
        for process in self.processes():
            fields = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()
            total += sum(int(text) for text in fields[11:15])
        return total / TICKS

    def memory(self) -> dict[int, tuple[float, float]]:
        """Return resident and proportional megabytes of each process with a Python in it."""
        found = {}
        for process in self.processes():
            lines = _read(Path(f"/proc/{process}/smaps_rollup")).splitlines()
            sizes = {line.split(":")[0]: int(line.split()[1]) / 1024 for line in lines[1:]}
            if sizes:
                found[process] = (sizes["Rss"], sizes["Pss"])
        return found

    def stop(self, patience: float = 35.0) -> int:
        """Send SIGTERM and return the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(patience)


@contextmanager
def serving(workers: int, **environment: str) -> Iterator[Server]:
    """Start the server with `environment` on top of our own, wait until it is ready, and stop it."""
    port = _free_port()
    command = [sys.executable, "-m", "lifenode.cli.main", "serve", "--port", str(port), "--workers", str(workers)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               env={**os.environ, **environment})  # fmt: skip
    server = Server(process, port)
    try:
        _wait_until_ready(server)
        yield server
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(35.0)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_ready(server: Server, patience: float = 30.0) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(server.url("/readyz"), timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        if server.process.poll() is not None:
            raise SystemExit(f"lifenode serve ended with {server.process.returncode}")
        time.sleep(0.05)
    raise SystemExit("lifenode serve was not ready in time")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, ProcessLookupError):  # the process has ended meanwhile
        return ""
