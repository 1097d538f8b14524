"""A served node: it starts, says what it is, and stops without losing what it accepted."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
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
        threads = [threading.Thread(target=ask, args=(node.base, seen, stop)) for _ in range(4)]
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


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "lifenode.cli.main", "serve", "--port", port]
        found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert found.returncode == 2
    assert f"127.0.0.1:{port} cannot be listened on" in found.stderr


def test_a_job_is_done_and_fetched(tmp_path: Path) -> None:
    with served(LIFENODE_STATE_DIR=str(tmp_path)) as node:
        address = f"{node.base}/api/v1/enrich"
        question = urllib.request.Request(address, BODY, {"Prefer": "respond-async"})  # noqa: S310 - our own address
        with urllib.request.urlopen(question, timeout=20) as answer:  # noqa: S310
            assert answer.status == 202
            job = node.base + answer.headers["Location"]
        end = time.monotonic() + 60
        while True:
            with urllib.request.urlopen(job, timeout=20) as answer:  # noqa: S310
                state = json.load(answer)
            if answer.status == 200:
                break
            assert time.monotonic() < end
            time.sleep(0.2)
        assert state["status"] == "done"
        with urllib.request.urlopen(node.base + state["result"], timeout=20) as answer:  # noqa: S310
            assert json.load(answer)["result"][0]["significant"] is True


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
    def held() -> tuple[int, int]:
        return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()

    with opened() as node:
        node.post("/api/v1/convert", json={"query": ["IL6"]})
    before = held()
    for _ in range(50):
        with opened() as node:
            assert node.get("/healthz").status_code == 200
    after = held()
    assert after[0] - before[0] <= 2
    assert after[1] - before[1] <= 2
