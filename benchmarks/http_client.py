"""A bounded load generator for HTTP/1.1 on loopback: closed loops, open loops, and what became of every request.

A closed loop keeps a fixed number of connections busy and finds the most a server does. An open loop sends at a fixed
rate whatever the server does, as independent users would; its latencies count from the moment a request was due, so
that a server that falls behind cannot hide it.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Address = tuple[str, int]

LOST = 0
"""Status of a request without an answer."""


@dataclass(slots=True)
class Exchange:
    """One request and what became of it; times are of `time.perf_counter`."""

    due: float
    sent: float
    done: float = 0.0
    status: int = LOST
    size: int = 0
    says_when: bool = False


@dataclass
class Exchanges:
    """All requests of one load.

    Attributes
    ----------
    done
        Requests with their answers, or without one if the connection broke.
    start, end
        When the load began, and when its last request was due.
    unsent
        Requests of an open loop for which no connection was free or could be had.
    """

    start: float
    end: float = 0.0
    done: list[Exchange] = field(default_factory=list)
    unsent: int = 0

    @property
    def statuses(self) -> Counter[int]:
        """Number of answers by status; `LOST` for none."""
        return Counter(each.status for each in self.done)

    def rate(self, start: float | None = None, end: float | None = None) -> float:
        """Return answers 200 a second between two times, those of the load by default."""
        first, last = self.start if start is None else start, self.end if end is None else end
        good = sum(first <= each.done < last for each in self.done if each.status == 200)
        return good / (last - first)

    def latencies(self) -> Floats:
        """Return the seconds from due to done of all answers 200, sorted."""
        return np.sort([each.done - each.due for each in self.done if each.status == 200])

    def quantiles(self) -> tuple[float, float, float]:
        """Return p50, p95 and p99 of the latencies, seconds."""
        found = self.latencies()
        p50, p95, p99 = np.quantile(found, [0.5, 0.95, 0.99]) if len(found) else (np.nan,) * 3
        return float(p50), float(p95), float(p99)

    def mean_size(self) -> float:
        """Return the mean bytes of the bodies of answers 200."""
        return float(np.mean([each.size for each in self.done if each.status == 200] or [np.nan]))


class Connection(asyncio.Protocol):
    """One keep-alive connection that carries one request at a time."""

    def __init__(self, finished: Callable[[Connection, Exchange | None], None]) -> None:
        self._finished = finished
        self._head = bytearray()
        self._missing = -1
        self._exchange: Exchange | None = None
        self._transport: asyncio.Transport | None = None
        self._last = False
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note that the connection stands."""
        self._transport = cast(asyncio.Transport, transport)
        self.open = True

    def send(self, request: bytes, due: float) -> None:
        """Send a request."""
        assert self._transport is not None  # noqa: S101
        self._exchange = Exchange(due, time.perf_counter())
        self._transport.write(request)

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        """Count the answer's bytes; call back when it is whole."""
        if self._exchange is None:
            return
        if self._missing < 0:
            self._head += data
            end = self._head.find(b"\r\n\r\n")
            if end < 0:
                return
            self._read_head(bytes(self._head[:end]).lower())
            self._missing -= len(self._head) - end - 4
            self._head.clear()
        else:
            self._missing -= len(data)
        if self._missing <= 0:
            self._answered()

    def _read_head(self, head: bytes) -> None:
        assert self._exchange is not None  # noqa: S101
        status, *lines = head.split(b"\r\n")
        headers = dict(line.split(b": ", 1) for line in lines if b": " in line)
        if b"content-length" not in headers:
            raise SystemExit("the load generator needs answers with Content-Length")
        self._exchange.status = int(status.split(b" ", 2)[1])
        self._exchange.size = self._missing = int(headers[b"content-length"])
        self._exchange.says_when = b"retry-after" in headers
        self._last = headers.get(b"connection") == b"close"

    def _answered(self) -> None:
        exchange, self._exchange, self._missing = self._exchange, None, -1
        assert exchange is not None  # noqa: S101
        exchange.done = time.perf_counter()
        if self._last:
            self.open = False
            self.close()
        self._finished(self, exchange)

    def connection_lost(self, exc: Exception | None) -> None:
        """Report a request that will have no answer."""
        self.open = False
        exchange, self._exchange = self._exchange, None
        if exchange is not None:
            exchange.status, exchange.done = LOST, time.perf_counter()
        self._finished(self, exchange)


async def closed_loop(
    address: Address, requests: Iterator[bytes], seconds: float, connections: int, warm: float = 0.0
) -> Exchanges:
    """Keep `connections` connections busy for `seconds`, after `warm` seconds that do not count."""
    ended = asyncio.Event()
    start = time.perf_counter() + warm
    load = Exchanges(start, start + seconds)
    standing: set[Connection] = set()

    def finished(connection: Connection, exchange: Exchange | None) -> None:
        now = time.perf_counter()
        if exchange is not None and exchange.done >= load.start:
            load.done.append(exchange)
        if connection.open and now < load.end:
            connection.send(next(requests), now)
            return
        standing.discard(connection)
        connection.close()
        if not standing:
            ended.set()

    for _ in range(connections):
        connection = await _connect(address, finished)
        if connection is not None:
            standing.add(connection)
            connection.send(next(requests), time.perf_counter())
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ended.wait(), warm + seconds + 30.0)
    return load


class OpenLoop:
    """Sends `requests` at a fixed `rate`, over at most `connections` connections at a time."""

    def __init__(self, address: Address, requests: Iterator[bytes], rate: float, connections: int) -> None:
        self._address, self._requests, self._rate, self._most = address, requests, rate, connections
        self._idle: deque[Connection] = deque()
        self._standing = 0
        self._busy = 0
        self._coming: set[asyncio.Task[None]] = set()
        self.load = Exchanges(time.perf_counter())

    async def run(self, seconds: float) -> Exchanges:
        """Send for `seconds`, then wait for the answers that are missing."""
        await self.send(seconds)
        return await self.drain()

    async def send(self, seconds: float) -> None:
        """Send for `seconds`."""
        self.load.start = time.perf_counter()
        self.load.end = self.load.start + seconds
        for turn in range(round(self._rate * seconds)):
            due = self.load.start + turn / self._rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._send(next(self._requests), due)

    async def drain(self, patience: float = 10.0) -> Exchanges:
        """Wait up to `patience` seconds for answers that are missing; those still missing then count as unsent."""
        until = time.perf_counter() + patience
        while (self._busy or self._coming) and time.perf_counter() < until:
            await asyncio.sleep(0.01)
        self.load.unsent += self._busy
        for connection in self._idle:
            connection.close()
        return self.load

    def _send(self, request: bytes, due: float) -> None:
        while self._idle:
            connection = self._idle.pop()
            if connection.open:
                self._busy += 1
                connection.send(request, due)
                return
        if self._standing >= self._most:
            self.load.unsent += 1
            return
        self._standing += 1
        task = asyncio.ensure_future(self._open_and_send(request, due))
        self._coming.add(task)
        task.add_done_callback(self._coming.discard)

    async def _open_and_send(self, request: bytes, due: float) -> None:
        connection = await _connect(self._address, self._finished)
        if connection is None:
            self._standing -= 1
            self.load.unsent += 1
            return
        self._busy += 1
        connection.send(request, due)

    def _finished(self, connection: Connection, exchange: Exchange | None) -> None:
        if exchange is not None:
            self._busy -= 1
            self.load.done.append(exchange)
        if connection.open:
            self._idle.append(connection)
        elif exchange is None or exchange.status == LOST:
            self._standing -= 1


async def _connect(address: Address, finished: Callable[[Connection, Exchange | None], None]) -> Connection | None:
    loop = asyncio.get_running_loop()
    try:
        _, connection = await asyncio.wait_for(loop.create_connection(lambda: Connection(finished), *address), 5.0)
    except (OSError, TimeoutError):
        return None
    return connection
