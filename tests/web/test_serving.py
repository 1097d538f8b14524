"""A served node: it starts, says what it is, and stops without losing what it accepted."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.web.conftest import Opened
from tests.web.server import served

pytestmark = pytest.mark.network

BODY = json.dumps({"organism": "hsapiens", "query": ["IL6", "TNF", "CXCL8"]}).encode()


def ask(base: str, seen: list[object], stop: threading.Event) -> None:
    """Send one request after the other; what ends a connection before an answer has begun was not accepted."""
    host, port = base.removeprefix("http://").split(":")
    head = f"POST /gprofiler/api/gost/profile/ HTTP/1.1\r\nHost: {host}\r\nContent-Length: {len(BODY)}\r\n"
    while not stop.is_set():
        try:
            with socket.create_connection((host, int(port)), timeout=20) as line:
                line.sendall(head.encode() + b"Connection: close\r\n\r\n" + BODY)
                answer = b""
                while part := line.recv(65536):
                    answer += part
        except OSError:
            seen.append("refused")
            return
        if answer:
            length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            seen.append(len(answer.partition(b"\r\n\r\n")[2]) == length and answer.startswith(b"HTTP/1.1 200"))


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_under_load_loses_no_accepted_request(workers: int, tmp_path: Path) -> None:
    seen: list[object] = []
    stop = threading.Event()
    with served(workers, LIFENODE_STATE_DIR=str(tmp_path)) as node:
        threads = [threading.Thread(target=ask, args=(node.base, seen, stop)) for _ in range(16)]
        for thread in threads:
            thread.start()
        time.sleep(1.0)
        node.process.send_signal(signal.SIGTERM)
        assert node.process.wait(40) == 0
        stop.set()
        for thread in threads:
            thread.join()
    assert seen.count(True) > 10
    assert False not in seen


@pytest.mark.parametrize("workers", [1, 2])
def test_a_stop_waits_for_large_work(workers: int, tmp_path: Path) -> None:
    """The signal goes to every process, as a service manager or a terminal sends it."""
    lists = {f"list {number}": ["IL6", "TNF", "CXCL8", "IL1B"] for number in range(3)}
    body = json.dumps({"query": lists, "evidence": True, "all_results": True, "limit": 1}).encode()
    with served(workers, LIFENODE_STATE_DIR=str(tmp_path)) as node, ThreadPoolExecutor(1) as client:
        address = urllib.request.Request(f"{node.base}/api/v1/enrich", body)  # noqa: S310 - our own address
        answer = client.submit(lambda: urllib.request.urlopen(address, timeout=30).status)  # noqa: S310
        time.sleep(0.3)
        assert not answer.done(), "the work is too small for this test"
        os.killpg(node.process.pid, signal.SIGTERM)
        assert answer.result(30) == 200
        assert node.process.wait(40) == 0


def test_a_stop_refuses_what_would_take_too_long(tmp_path: Path) -> None:
    lists = {f"list {number}": ["IL6", "TNF", "CXCL8", "IL1B"] for number in range(60)}
    body = json.dumps({"query": lists, "evidence": True, "all_results": True, "limit": 1}).encode()
    patience = {"LIFENODE_STOP_SECONDS": "1", "LIFENODE_INTERACTIVE_SECONDS": "60"}
    with served(1, LIFENODE_STATE_DIR=str(tmp_path), **patience) as node, ThreadPoolExecutor(1) as client:
        address = urllib.request.Request(f"{node.base}/api/v1/enrich", body)  # noqa: S310 - our own address
        answer = client.submit(urllib.request.urlopen, address, timeout=30)
        time.sleep(0.3)
        node.process.send_signal(signal.SIGTERM)
        with pytest.raises(urllib.error.HTTPError) as refused:
            answer.result(30)
        with refused.value as told:
            assert (told.status, told.headers["retry-after"]) == (503, "5")
            assert json.load(told)["code"] == "busy"
        assert node.process.wait(10) == 0


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "lifenode.cli.main", "serve", "--port", port]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in found.stderr


def asked_for_later(base: str, body: bytes) -> str:
    """Return the address of a job."""
    question = urllib.request.Request(f"{base}/api/v1/enrich", body, {"Prefer": "respond-async"})  # noqa: S310
    with urllib.request.urlopen(question, timeout=20) as answer:  # noqa: S310 - our own address
        assert answer.status == 202
        return str(answer.headers["Location"])


def state_of(address: str) -> dict[str, str]:
    with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own address
        state: dict[str, str] = json.load(answer)
    return state


def wait_until(address: str, *wanted: str) -> dict[str, str]:
    end = time.monotonic() + 60
    while (state := state_of(address))["status"] not in wanted:
        assert time.monotonic() < end
        time.sleep(0.05)
    return state


def test_a_job_is_done_and_fetched(tmp_path: Path) -> None:
    with served(LIFENODE_STATE_DIR=str(tmp_path)) as node:
        state = wait_until(node.base + asked_for_later(node.base, BODY), "done", "failed")
        assert state["status"] == "done"
        with urllib.request.urlopen(node.base + state["result"], timeout=20) as answer:  # noqa: S310
            assert json.load(answer)["result"][0]["significant"] is True


def test_a_job_whose_node_was_killed_is_done_by_the_next(tmp_path: Path) -> None:
    lists = {f"list {number}": ["IL6", "TNF", "CXCL8", "IL1B"] for number in range(3)}
    body = json.dumps({"query": lists, "evidence": True, "all_results": True, "limit": 1}).encode()

    def begun_and_killed() -> str:
        with served(LIFENODE_STATE_DIR=str(tmp_path)) as node:
            job = asked_for_later(node.base, body)
            wait_until(node.base + job, "running")
            node.process.kill()
            assert node.process.wait() == -signal.SIGKILL
            node.killed = True
        return job

    job = begun_and_killed()
    with served(LIFENODE_STATE_DIR=str(tmp_path)) as node:
        assert wait_until(node.base + job, "done", "failed")["status"] == "done"


def test_a_node_that_cannot_keep_anything_says_so(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "node.sqlite").write_bytes(b"no database" * 100)
    with opened() as node:
        assert node.get("/healthz").status_code == 200
        assert node.get("/readyz").status_code == 503
        assert node.post("/api/v1/convert", json={"query": ["IL6"]}).status_code == 200
        refused = node.post("/gplink/l", json={"payload": {"query": "IL6"}})
        assert refused.status_code == 503


def test_opening_and_closing_leaks_nothing(opened: Opened) -> None:
    def cycle(times: int) -> None:
        for turn in range(times):
            with opened() as node:
                assert node.post("/api/v1/convert", json={"query": ["IL6"]}).status_code == 200
                if turn % 10 == 0:
                    # Starts a process for large work.
                    assert node.get("/api/v1/genes?organism=scerevisiae&limit=1").status_code == 200

    def held() -> tuple[int, int, int, int]:
        gc.collect()
        resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        handles = len(list(Path("/proc/self/fd").iterdir()))
        return handles, threading.active_count(), len(multiprocessing.active_children()), resident

    cycle(10)
    before = held()
    cycle(50)
    grown = [new - old for new, old in zip(held(), before, strict=True)]
    assert grown[0] <= 2
    assert grown[1] <= 2
    assert grown[2] == 0
    assert grown[3] < 50 * 1024 * 1024
