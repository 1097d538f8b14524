"""What a normal client meets while others misuse the server, and right after its start."""

from __future__ import annotations

import asyncio
import contextlib
import time
import urllib.request
from collections.abc import Iterator

import orjson
from http_client import Address, Exchanges, OpenLoop
from http_server import Server

SLOW_CLIENTS = 200
_BEGUN = b"POST /api/v1/convert HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "
_PAUSE = 1.0


async def besieged(address: Address, requests: Iterator[bytes], rate: float, seconds: float) -> Exchanges:
    """Send at a fixed rate while `SLOW_CLIENTS` send their headers byte by byte, and come again when dropped."""
    slow = [asyncio.create_task(_trickle(address)) for _ in range(SLOW_CLIENTS)]
    await asyncio.sleep(2 * _PAUSE)
    load = await OpenLoop(address, requests, rate, 64).run(seconds)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return load


async def _trickle(address: Address) -> None:
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(*address)
            try:
                writer.write(_BEGUN)
                while not writer.is_closing():
                    await asyncio.sleep(_PAUSE)
                    writer.write(b"a")
                    await writer.drain()
            finally:
                writer.close()


def first_large(server: Server) -> float:
    """Return the seconds of a first question that needs a process of its own, two seconds after the start."""
    genes = ["IL6", "TNF", "TP53", "MDM2"]
    body = orjson.dumps({"query": genes[:2], "background": genes, "sources": ["REAC"]})
    time.sleep(2.0)
    begun = time.perf_counter()
    with urllib.request.urlopen(urllib.request.Request(server.url("/api/v1/enrich"), body), timeout=30) as answer:  # noqa: S310
        answer.read()
    return time.perf_counter() - begun
