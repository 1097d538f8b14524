"""A batch on a real Dask cluster."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from lifenode.batch import dask_executor, run
from lifenode.errors import BatchFailed, InvalidOption, MissingPart
from tests.batch_functions import bytes_of, letters, some_lists

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Cluster:
    """A scheduler and two workers, each a process of its own."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self._stack, self._folder = stack, folder
        self.address = f"tcp://127.0.0.1:{free_port()}"
        self.scheduler = self._dask(
            "scheduler", "--host", "127.0.0.1", "--port", self.address.rsplit(":", 1)[1], "--no-dashboard"
        )
        self.workers = [
            self._dask(
                "worker", self.address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1",
                "--local-directory", str(folder), "--death-timeout", "60",
            )
            for _ in range(2)
        ]  # fmt: skip

    def _dask(self, *arguments: str) -> subprocess.Popen[bytes]:
        log = self._stack.enter_context((self._folder / f"{arguments[0]}.log").open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments], env=ENVIRONMENT, stdout=log, stderr=log, cwd=self._folder
        )
        self._stack.callback(process.wait, timeout=20)
        self._stack.callback(process.kill)
        return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    with ExitStack() as stack:
        yield Cluster(stack, tmp_path)


@pytest.mark.network
@pytest.mark.slow
def test_dask_cluster_of_which_one_worker_is_killed(cluster: Cluster) -> None:
    lists = some_lists(120)
    start = time.monotonic()
    killed: list[int] = []

    def kill_one(done: int, total: int) -> None:
        if done >= total // 3 and not killed:
            cluster.workers[0].send_signal(signal.SIGKILL)
            killed.append(done)

    with dask_executor(cluster.address) as executor:
        vars(executor)["_client"].wait_for_workers(2, timeout=60)
        table = run(lists, function=letters, executor=executor, chunk_size=2, progress=kill_one, pause=0.02)
    assert killed
    assert killed[0] < 120
    assert cluster.workers[0].wait(10) == -signal.SIGKILL
    assert cluster.workers[1].poll() is None
    assert bytes_of(table) == bytes_of(letters(lists))
    assert time.monotonic() - start < 90


@pytest.mark.network
@pytest.mark.slow
def test_cluster_whose_scheduler_is_killed(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_DOWNLOAD_TIMEOUT", "3")
    start = time.monotonic()

    def kill(done: int, total: int) -> None:
        cluster.scheduler.kill()

    with dask_executor(cluster.address) as executor:
        vars(executor)["_client"].wait_for_workers(2, timeout=60)
        with pytest.raises(BatchFailed, match="the connection to the cluster was lost") as caught:
            run(some_lists(600), function=letters, executor=executor, chunk_size=2, progress=kill, pause=0.05)
    lost = [name for name, _ in vars(caught.value)["errors"]]
    kept = list(dict.fromkeys(vars(caught.value)["partial"]["query"].tolist()))
    assert kept
    assert sorted(kept + lost) == sorted(some_lists(600))
    assert time.monotonic() - start < 60


@pytest.mark.network
def test_no_scheduler_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setenv("LIFENODE_DOWNLOAD_TIMEOUT", "1")
    with (
        pytest.raises(InvalidOption, match="No Dask scheduler answers"),
        dask_executor(f"tcp://127.0.0.1:{free_port()}"),
    ):
        pass


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MissingPart, match=r"lifenode\[dask\]"), dask_executor("tcp://127.0.0.1:1"):
        pass
