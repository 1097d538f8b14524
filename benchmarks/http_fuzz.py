"""Many hostile requests to a real server: every finished one has an answer, and none is a fault.

Allowed are answers below 500, 503 with Retry-After and 504. Any request can be sent again alone by its number.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from http_hostile import Hostile, drawn
from http_server import Server, serving

CONNECTIONS = 8
PATIENCE = 20.0
HANGING = 5.0
MOST_GROWTH = 50.0
"""Megabytes by which the processes may grow in the second half."""
SHOWN = 10


@dataclass
class Seen:
    """What became of the requests."""

    statuses: Counter[int] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0
    memory: list[dict[int, float]] = field(default_factory=list)

    def growth(self) -> float:
        """Return the megabytes by which processes have grown in the second half, when all is loaded that is kept."""
        before, after = self.memory[len(self.memory) // 2], self.memory[-1]
        return sum(size - before[process] for process, size in after.items() if process in before)

    def note(self, request: Hostile, status: int, answer: bytes, seconds: float) -> None:
        """Judge one answer; status 0 means none."""
        self.statuses[status] += 1
        self.kinds[request.kind] += 1
        self.slowest = max(self.slowest, seconds)
        refused = status == 504 or (status == 503 and b"retry-after" in answer.lower())
        if (status >= 500 and not refused) or (status == 0 and not request.unfinished) or seconds > HANGING:
            shown = request.raw.partition(b"\r\n\r\n")
            self.faults.append(
                f"request {request.number} ({request.kind}): {status} after {seconds:.1f} s\n  {shown[0][:200]!r}\n"
                f"  {shown[2][:300]!r}\n  {answer[-400:]!r}"
            )


class Line:
    """A keep-alive connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._address = address
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, request: Hostile) -> tuple[int, bytes]:
        """Send a request; return status and the whole answer, or 0 if the server closed without one."""
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        try:
            async with asyncio.timeout(PATIENCE):
                self._writer.write(request.raw)
                if request.unfinished:
                    self._writer.write_eof()
                head = await self._reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"content-length: (\d+)", head)
                body = await self._reader.readexactly(int(length[1])) if length and request.raw[:4] != b"HEAD" else b""
        except (asyncio.IncompleteReadError, TimeoutError, ConnectionError):
            self.close()
            return 0, b""
        if b"connection: close" in head or request.unfinished:
            self.close()
        return int(head[9:12]), head + body

    def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None


async def send_all(server: Server, numbers: Iterator[int], seed: int, until: float, seen: Seen) -> None:
    """Send requests over several connections until there are no more, or the time is over."""

    async def one_line() -> None:
        line = Line(server.address)
        for number in numbers:
            if time.monotonic() > until:
                break
            request = drawn(seed, number)
            begun = time.monotonic()
            status, answer = await line.ask(request)
            seen.note(request, status, answer, time.monotonic() - begun)
        line.close()

    await asyncio.gather(*(one_line() for _ in range(CONNECTIONS)))


def kept_in(folder: str) -> AbstractContextManager[Server]:
    """Return a server with a store of its own; what it keeps on purpose shall not look like a leak."""
    return serving(1, LIFENODE_STATE_DIR=folder, LIFENODE_ANSWER_CACHE_BYTES="1000000")


def fuzz(count: int, seed: int, first: int, seconds: float) -> Seen:
    """Send `count` requests to a server of its own, for at most so many `seconds`."""
    seen = Seen()
    until = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as folder, kept_in(folder) as server:
        for part in range(10):
            some = iter(range(first + count * part // 10, first + count * (part + 1) // 10))
            asyncio.run(send_all(server, some, seed, until, seen))
            seen.memory.append({process: size for process, (_, size) in server.memory().items()})
        if server.process.poll() is not None:
            seen.faults.append(f"the server ended with {server.process.returncode}")
    return seen


def main() -> int:
    """Run; exit 1 if there was a fault."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=100_000, help="number of requests")
    parser.add_argument("--seed", type=int, default=1, help="seed of the requests")
    parser.add_argument("--first", type=int, default=0, help="number of the first request")
    parser.add_argument("--seconds", type=float, default=1_800.0, help="most seconds to spend")
    arguments = parser.parse_args()
    begun = time.monotonic()
    seen = fuzz(arguments.count, arguments.seed, arguments.first, arguments.seconds)
    sent, growth = sum(seen.statuses.values()), seen.growth()
    print(f"{sent:,} of {arguments.count:,} requests, seed {arguments.seed}, in {time.monotonic() - begun:.0f} s")
    print(f"  answers {dict(sorted(seen.statuses.items()))} (0: unfinished requests, not answered)")
    print(f"  kinds {dict(sorted(seen.kinds.items()))}")
    sizes = " ".join(f"{sum(part.values()):.0f}" for part in seen.memory)
    print(f"  slowest answer {seen.slowest:.2f} s; memory {sizes} MB, of which {growth:.0f} grew in the second half")
    for fault in seen.faults[:SHOWN]:
        print(fault)
    if growth > MOST_GROWTH:
        seen.faults.append("growth")
        print(f"the processes grew by {growth:.0f} MB")
    print(f"{len(seen.faults)} faults")
    return int(bool(seen.faults) or sent < arguments.count)


if __name__ == "__main__":
    sys.exit(main())
