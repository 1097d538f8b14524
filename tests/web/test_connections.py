"""Clients that send slowly, send too much, send no HTTP, or do not take their answers."""

from __future__ import annotations

import json
import socket
import threading
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.web.server import running_server

pytestmark = pytest.mark.network

CONVERT = b"POST /api/v1/convert HTTP/1.1\r\nHost: localhost\r\nContent-Length: 18\r\n\r\n"
LARGE = json.dumps({"organism": "hsapiens", "query": ["IL6", "TNF", "CXCL8"], "all_results": True}).encode()


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    limits = {"HEADER_SECONDS": "1", "BODY_SECONDS": "1", "SEND_SECONDS": "1", "MAX_HEADER_BYTES": "10000"}
    limits["STATE_DIR"] = str(tmp_path_factory.mktemp("state"))
    with running_server(1, **{f"LIFENODE_{name}": text for name, text in limits.items()}) as address:
        yield address


def connected(base: str, receive_buffer: int = 0) -> socket.socket:
    line = socket.socket()
    if receive_buffer:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    line.settimeout(20)
    host, port = base.removeprefix("http://").split(":")
    line.connect((host, int(port)))
    return line


def whole(line: socket.socket) -> bytes:
    """Return what comes until the server closes."""
    parts = []
    try:
        while part := line.recv(65_536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


def status(line: socket.socket) -> int:
    """Return the status of the next answer, whose body is that of /healthz."""
    answer = b""
    while not answer.endswith(b'{"status":"ok"}'):
        part = line.recv(65_536)
        assert part, answer
        answer += part
    return int(answer[9:12])


def trickle(line: socket.socket, text: bytes, pause: float) -> bytes:
    """Send byte by byte until the server closes or `text` ends; return its answer."""
    try:
        for place in range(len(text)):
            line.sendall(text[place : place + 1])
            time.sleep(pause)
    except OSError:
        pass
    return whole(line)


def refusal(answer: bytes) -> tuple[int, str]:
    head, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert b"content-type: application/problem+json" in head.lower()
    assert b"connection: close" in head.lower()
    assert told["status"] == int(head[9:12])
    return told["status"], told["code"]


@pytest.mark.parametrize("start", [b"", b"\r\n" * 3], ids=["at once", "after blank lines"])
def test_a_header_that_comes_byte_by_byte_is_given_up(base: str, start: bytes) -> None:
    with connected(base) as line:
        begun = time.monotonic()
        assert refusal(trickle(line, start + b"GET /healthz HTTP/1.1\r\nX-Long: " + b"a" * 100, 0.1)) == (
            408,
            "too_slow",
        )
        assert time.monotonic() - begun < 10


def test_the_second_header_of_a_connection_has_to_come_in_time_too(base: str) -> None:
    with connected(base) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status(line) == 200
        time.sleep(1.5)
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status(line) == 200, "a connection may rest between two requests"
        line.sendall(b"GET /heal")
        assert refusal(whole(line)) == (408, "too_slow")


def test_a_body_that_does_not_come_in_time_is_given_up(base: str) -> None:
    with connected(base) as line:
        line.sendall(CONVERT)
        assert refusal(trickle(line, b'{"query": ["IL6"', 0.1)) == (408, "too_slow")


def test_a_header_without_end_is_refused(base: str) -> None:
    with connected(base) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nX-Long: " + b"a" * 10_001)
        assert refusal(whole(line)) == (431, "header_too_large")


@pytest.mark.parametrize(
    "lines",
    [
        b"HELO localhost",
        b"POST /api/v1/convert HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked",
        b"POST /api/v1/convert HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5",
        b"POST /api/v1/convert HTTP/1.1\r\nHost: a\r\nContent-Length: -4",
        b"POST /api/v1/convert HTTP/1.1\r\nHost: a\r\nContent-Length: four",
        b"POST /api/v1/convert HTTP/1.1\r\nHost: a\r\nContent-Length : 4",
        b"POST /api/v1/convert HTTP/1.1\r\nHost: a\r\n X: folded",
        b"GET http://[ HTTP/1.1\r\nHost: a",
        b"GET /\xff HTTP/1.1\r\nHost: a",
    ],
)
def test_what_is_not_http_or_could_be_read_in_two_ways_is_refused(base: str, lines: bytes) -> None:
    with connected(base) as line:
        line.sendall(lines + b"\r\n\r\n0\r\n\r\n")
        assert refusal(whole(line)) == (400, "bad_request")


def test_a_body_after_its_answer_is_no_header(base: str) -> None:
    with connected(base) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 30000\r\n\r\n")
        assert status(line) == 200
        line.sendall(b" " * 30_000 + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert status(line) == 200


def test_a_client_that_does_not_take_its_answer_is_dropped(base: str) -> None:
    head = f"POST /gprofiler/api/gost/profile/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(LARGE)}\r\n\r\n"
    with connected(base, receive_buffer=2_048) as line:
        line.sendall((head.encode() + LARGE) * 6)
        time.sleep(4)
        answer = whole(line)
    length = int(answer.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    assert len(answer) < 6 * length


def test_two_hundred_slow_clients_keep_nobody_waiting(base: str) -> None:
    """Half of them send headers slowly, half bodies; each is replaced when it is dropped."""
    stop = threading.Event()
    slow = b"POST /api/v1/convert HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 1_000

    def attack(number: int) -> None:
        text = slow if number % 2 else CONVERT + b'{"query"'
        while not stop.is_set():
            with connected(base) as line:
                try:
                    line.sendall(text[: len(CONVERT)])
                    for _ in range(30):
                        stop.wait(0.2)
                        line.sendall(b"a")
                        if stop.is_set():
                            break
                except OSError:
                    continue

    with ThreadPoolExecutor(200) as attackers:
        for number in range(200):
            attackers.submit(attack, number)
        try:
            time.sleep(1.5)
            for _ in range(10):
                question = urllib.request.Request(f"{base}/api/v1/convert", b'{"query": ["IL6"]}')  # noqa: S310
                with urllib.request.urlopen(question, timeout=5) as answer:  # noqa: S310 - our own address
                    assert answer.status == 200
        finally:
            stop.set()
