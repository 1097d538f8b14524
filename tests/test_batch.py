from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lifenode.batch import run
from lifenode.errors import BatchFailed, EmptyInput, InvalidOption, NothingMapped, UnknownOrganism
from tests.batch_functions import COLUMNS, bytes_of, letters, some_lists

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def expected() -> bytes:
    return bytes_of(letters(some_lists(100)))


@pytest.mark.parametrize("chunk_size", [None, 1, 7, 1000])
def test_in_this_process(expected: bytes, chunk_size: int | None) -> None:
    table = run(some_lists(100), function=letters, workers=1, chunk_size=chunk_size)
    assert bytes_of(table) == expected
    assert table.columns == COLUMNS
    assert [table[name].dtype for name in ("query", "length", "share", "first")] == [object, np.int64, np.float64, bool]
    assert table.meta["notes"] == ["a note"]
    assert list(table.meta["queries"]) == list(some_lists(100))


@pytest.mark.parametrize("workers", [2, 3])
def test_processes(expected: bytes, workers: int) -> None:
    table = run(some_lists(100).items(), function=letters, workers=workers, chunk_size=9)
    assert bytes_of(table) == expected


@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_executor_of_the_caller(expected: bytes, kind: type[Executor]) -> None:
    from multiprocessing import get_context

    more = {"mp_context": get_context("spawn")} if kind is ProcessPoolExecutor else {}
    with kind(2, **more) as executor:  # type: ignore[call-arg]
        assert bytes_of(run(some_lists(100), function=letters, executor=executor)) == expected
        assert executor.submit(int, "5").result() == 5  # still open


class Backwards(Executor):
    """Finishes what came last first."""

    def __init__(self) -> None:
        self.waiting: list[tuple[Future[Any], Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        if len(self.waiting) == 10:
            for earlier, call in reversed(self.waiting):
                earlier.set_result(call())
        return future


def test_order_of_completion_does_not_matter(expected: bytes) -> None:
    table = run(some_lists(100), function=letters, executor=Backwards(), chunk_size=10)
    assert bytes_of(table) == expected


def test_progress() -> None:
    seen: list[tuple[int, int]] = []
    run(some_lists(10), function=letters, chunk_size=4, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 10), (8, 10), (10, 10)]


def test_a_list_at_fault_does_not_take_the_others_along() -> None:
    lists = some_lists(30)
    lists["list 7"], lists["list 20"], lists["list 23"] = ["unmapped"], ["bug"], ["outside"]
    others = {name: items for name, items in lists.items() if name not in ("list 7", "list 20", "list 23")}
    for workers in (1, 2):
        with pytest.raises(BatchFailed, match=r"3 of 30 lists.*'list 7': No identifier.*'list 20': a bug") as caught:
            run(lists, function=letters, workers=workers, chunk_size=5)
        assert bytes_of(vars(caught.value)["partial"]) == bytes_of(letters(others))
        errors = dict(vars(caught.value)["errors"])
        assert list(errors) == ["list 7", "list 20", "list 23"]
        assert isinstance(errors["list 7"], NothingMapped)
        assert isinstance(errors["list 20"], ZeroDivisionError)


def test_nothing_could_be_computed() -> None:
    with pytest.raises(BatchFailed, match="1 of 1") as caught:
        run({"a": ["unmapped"]}, function=letters)
    assert len(vars(caught.value)["partial"]) == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_a_fault_that_is_not_in_a_list_ends_the_batch_at_once(workers: int) -> None:
    with pytest.raises(UnknownOrganism, match="unicorn"):
        run(some_lists(10), function=letters, workers=workers, organism="unicorn")


def test_a_worker_that_dies_loses_nothing(expected: bytes, tmp_path: Path) -> None:
    lists = some_lists(100)
    lists["list 50"].append("kill once")
    mark = tmp_path / "died"
    table = run(lists, function=letters, workers=2, chunk_size=10, mark=str(mark))
    assert mark.exists()
    assert bytes_of(table) == bytes_of(letters(lists, mark=str(mark)))


def test_a_list_that_kills_its_worker_is_found() -> None:
    lists = some_lists(40)
    lists["list 11"].append("kill")
    others = {name: items for name, items in lists.items() if name != "list 11"}
    start = time.monotonic()
    with pytest.raises(BatchFailed, match=r"1 of 40 lists.*'list 11'") as caught:
        run(lists, function=letters, workers=2, chunk_size=8)
    assert bytes_of(vars(caught.value)["partial"]) == bytes_of(letters(others))
    assert time.monotonic() - start < 60


def test_workers_that_always_die_end_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifenode._batch_pool.MOST_RESTARTS", 3)
    lists: dict[str, list[object]] = {f"list {i}": ["kill"] for i in range(6)}
    with pytest.raises(BatchFailed, match="6 of 6 lists"):
        run(lists, function=letters, workers=2, chunk_size=1)


def test_a_broken_executor_of_the_caller_is_not_replaced() -> None:
    with ProcessPoolExecutor(1, mp_context=batch_context()) as executor:
        with pytest.raises(BatchFailed) as caught:
            run({"a": ["kill"], "b": ["x"]}, function=letters, executor=executor, chunk_size=1)
        assert [name for name, _ in vars(caught.value)["errors"]] == ["a", "b"]


def batch_context() -> Any:
    from multiprocessing import get_context

    return get_context("spawn")


@pytest.mark.parametrize(
    ("lists", "options", "match"),
    [
        ([("a", ["x"]), ("a", ["y"])], {}, "Two lists are named 'a'"),
        ({"a": "TP53"}, {}, "one string"),
        ({"a": ["x"]}, {"workers": 0}, "at least 1"),
        ({"a": ["x"]}, {"workers": 2, "executor": Backwards()}, "cannot be combined"),
        ({"a": ["x"]}, {"chunk_size": 0}, "chunk_size is 0"),
    ],
)
def test_impossible_options(lists: Any, options: dict[str, Any], match: str) -> None:
    with pytest.raises(InvalidOption, match=match):
        run(lists, function=letters, **options)


def test_no_lists() -> None:
    with pytest.raises(EmptyInput):
        run({}, function=letters)


def script(folder: Path, code: str) -> Path:
    path = folder / "script.py"
    path.write_text(textwrap.dedent(code), encoding="utf-8")
    return path


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'src'}"}


def test_a_script_needs_no_guard(tmp_path: Path) -> None:
    path = script(
        tmp_path,
        """
        print("once")
        from lifenode.batch import run
        from tests.batch_functions import letters
        print(len(run({str(i): ["a"] for i in range(20)}, function=letters, workers=2)))
        """,
    )
    for command in ([str(path)], ["-c", path.read_text(encoding="utf-8")]):
        done = subprocess.run([sys.executable, *command], env=environment(), capture_output=True, text=True, timeout=60)
        assert (done.stdout, done.stderr) == ("once\n20\n", "")


def test_interrupt_ends_the_batch_and_its_workers(tmp_path: Path) -> None:
    path = script(
        tmp_path,
        """
        from lifenode.batch import run
        from tests.batch_functions import letters
        lists = {str(i): ["a"] for i in range(1000)}
        shown = lambda done, total: print("x", flush=True)
        run(lists, function=letters, workers=2, chunk_size=1, pause=0.1, progress=shown)
        """,
    )
    running = subprocess.Popen(
        [sys.executable, str(path)],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    with running:
        assert running.stdout is not None
        assert running.stdout.readline() == "x\n"
        os.killpg(running.pid, signal.SIGINT)  # as a terminal does: to the workers too
        _, errors = running.communicate(timeout=20)
    assert errors.count("KeyboardInterrupt") == 1
    assert ends(running.pid)


def ends(group: int) -> bool:
    """Say whether a process group is gone within some seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
