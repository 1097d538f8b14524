from __future__ import annotations

import asyncio
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
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


def prepare() -> None:
    os.environ["PREPARED"] = "yes"


def prepared() -> str:
    return os.environ.get("PREPARED", "no")


@asynccontextmanager
async def desk(preparation: Callable[[], object] | None = None, **changes: Any) -> AsyncIterator[Desk]:
    made = Desk(replace(Settings(), **changes), preparation)
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


def test_processes_are_prepared_before_they_are_needed_and_when_one_was_killed() -> None:
    async def scenario() -> None:
        async with desk(prepare, large_workers=2, interactive_seconds=0.3) as made:
            await wait_for(lambda: len(multiprocessing.active_children()) == 2)
            assert await made.run(prepared, large=True, seconds=30) == "yes"
            with pytest.raises(TookTooLong):
                await made.run(loop_forever, large=True)
            await wait_for(lambda: len(multiprocessing.active_children()) == 2)
            both = await asyncio.gather(*(made.run(slow_id, large=True, seconds=30) for _ in range(2)))
            assert len(set(both)) == 2
        assert not multiprocessing.active_children()

    asyncio.run(scenario())


def test_work_of_who_has_gone_is_stopped() -> None:
    async def scenario() -> None:
        async with desk() as made:
            before = await made.run(process_id, large=True)
            asked = asyncio.create_task(made.run(loop_forever, large=True, seconds=60))
            await asyncio.sleep(0.1)
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            assert await made.run(process_id, large=True) != before

    asyncio.run(scenario())


def test_a_process_ends_with_its_parent(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import asyncio, os, sys\n"
        "from lifenode.settings import Settings\n"
        "from lifenode.web.desk import Desk\n"
        "async def main():\n"
        "    desk = Desk(Settings()); desk.open()\n"
        "    print(await desk.run(os.getpid, large=True), flush=True)\n"
        "    await desk.run(eval, '[None for _ in iter(int, 1)]', large=True, seconds=60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        child = int(process.stdout.readline())
        process.kill()
    deadline = time.monotonic() + 20
    while Path(f"/proc/{child}/stat").exists() and "Z" not in Path(f"/proc/{child}/stat").read_text().split()[2]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


async def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


def slow_id() -> int:
    time.sleep(1)
    return os.getpid()


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
