from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest

from lifenode.errors import Busy, EmptyInput, TookTooLong
from lifenode.settings import Settings
from lifenode.web.desk import Desk


def process_id() -> int:
    return os.getpid()


def loop_forever() -> None:
    while True:
        pass


def refuse() -> None:
    raise EmptyInput("nothing", value="v", next_step="n")


def break_down() -> None:
    raise ZeroDivisionError("oops")


def die() -> None:
    os._exit(3)


def swell() -> int:
    return len(bytearray(3 * 1024**3))


@asynccontextmanager
async def desk(**changes: Any) -> AsyncIterator[Desk]:
    made = Desk(replace(Settings(), **changes))
    made.open()
    try:
        yield made
    finally:
        made.close()


def test_small_work_stays_here_and_large_work_does_not() -> None:
    async def scenario() -> None:
        async with desk() as made:
            assert await made.run(process_id) == os.getpid()
            first = await made.run(process_id, large=True)
            assert first != os.getpid()
            assert await made.run(process_id, large=True) == first

    asyncio.run(scenario())


def test_endless_work_is_killed_and_the_next_is_done() -> None:
    async def scenario() -> None:
        async with desk(interactive_seconds=0.5) as made:
            before = await made.run(process_id, large=True, seconds=30)
            with pytest.raises(TookTooLong, match=r"0\.5 seconds"):
                await made.run(loop_forever, large=True)
            with pytest.raises(ProcessLookupError):
                os.kill(before, 0)
            assert await made.run(process_id, large=True, seconds=30) != before

    asyncio.run(scenario())


def test_errors_travel_back_and_a_dead_process_is_replaced() -> None:
    async def scenario() -> None:
        async with desk() as made:
            with pytest.raises(EmptyInput) as found:
                await made.run(refuse, large=True)
            assert (found.value.value, found.value.next_step) == ("v", "n")
            with pytest.raises(RuntimeError, match="ZeroDivisionError: oops"):
                await made.run(break_down, large=True)
            with pytest.raises(Busy):
                await made.run(die, large=True)
            assert await made.run(process_id, large=True)

    asyncio.run(scenario())


def test_memory_is_bounded() -> None:
    async def scenario() -> None:
        async with desk(large_worker_bytes=1024**3) as made:
            with pytest.raises(TookTooLong, match="memory"):
                await made.run(swell, large=True)

    asyncio.run(scenario())


def test_the_waiting_room_is_bounded_in_number_and_time() -> None:
    async def scenario() -> None:
        async with desk(interactive_seconds=1.0, large_waiting=1) as made:
            working = asyncio.create_task(made.run(time.sleep, 30, large=True, seconds=3))
            await asyncio.sleep(0.1)
            waiting = asyncio.create_task(made.run(process_id, large=True))
            await asyncio.sleep(0.1)
            with pytest.raises(Busy, match="are taken"):
                await made.run(process_id, large=True)
            with pytest.raises(Busy, match="stayed taken"):
                await waiting
            with pytest.raises(TookTooLong):
                await working

    asyncio.run(scenario())
