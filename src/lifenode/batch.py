"""One way to run many lists: in this process, in processes of our own, or on any executor."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from lifenode._batch_parts import Part, failed, failures, joined, packed
from lifenode._batch_pool import Borrowed, Chunk, Place, Processes, Thread
from lifenode._batch_run import Progress, Run
from lifenode.errors import BatchFailed, EmptyInput, InputError, InvalidOption, MissingPart
from lifenode.settings import settings
from lifenode.table import Table

Lists = Mapping[str, Sequence[object]] | Iterable[tuple[str, Sequence[object]]]

# Starting processes and loading a pack in each takes as long as this many lists.
_WORTH_PROCESSES = 500
_LARGEST_CHUNK = 64


def run(
    lists: Lists,
    *,
    executor: Executor | None = None,
    workers: int | None = None,
    chunk_size: int | None = None,
    progress: Progress | None = None,
    function: Callable[..., Table] | None = None,
    **options: Any,
) -> Table:
    """Enrich many lists; the table is the same, to the byte, wherever and in whatever order they were computed.

    Parameters
    ----------
    lists
        Lists of identifiers by name, or pairs of name and list.
    executor
        Any executor of `concurrent.futures`, a Dask cluster's among them (`dask_executor`). It is not shut down.
    workers
        Processes to start; 1 works in this process. By default one a core, or 1 if there are fewer than 500 lists.
    chunk_size
        Lists that travel together; chosen by the number of lists by default.
    progress
        Called with the number of lists done and the number of all, after each chunk.
    function
        What to call with a dict of lists and `options`; `lifenode.enrich` by default.
    options
        Options of `lifenode.enrich`.

    Returns
    -------
    Table
        The rows of all lists, in the order of the lists, with the columns of `lifenode.enrich`.

    Raises
    ------
    BatchFailed
        Some lists could not be computed. ``error.partial`` is the table of the others, ``error.errors`` the pairs of
        name and error.
    LifenodeError
        At once, if the fault is not in a list: an unknown organism, a pack that was changed.

    Examples
    --------
    >>> lists = {"cytokines": ["IL6", "TNF", "CXCL8"], "repair": ["BRCA1", "BRCA2", "RAD51"]}
    >>> table = run(lists, sources=["REAC"])
    >>> sorted(set(table["query"]))
    ['cytokines', 'repair']
    """
    named = _named(lists)
    count = _workers(workers, executor, len(named))
    size = _chunk_size(chunk_size, len(named), 64 if executor is not None else count)
    if function is None:
        # By name, because what runs in a batch lies on higher floors than the batch itself.
        options = import_module("lifenode.enrichment.many").read_once(options)
    place = _place(executor, count, (options, function))
    try:
        parts = Run(place, named, size, progress).parts()
    finally:
        place.close()
    return _outcome(parts, len(named))


@contextmanager
def dask_executor(address: str) -> Iterator[Executor]:
    """Connect to a Dask cluster, whose workers must have lifenode and the same packs.

    Parameters
    ----------
    address
        Of the scheduler, ``tcp://HOST:PORT``.

    Raises
    ------
    MissingPart
        The library distributed is not installed.
    InvalidOption
        No scheduler answers there.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise MissingPart.library("distributed", "A Dask cluster", "dask") from error
    try:
        client = Client(address, timeout=settings().download_timeout, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise InvalidOption(
            f"No Dask scheduler answers at {address!r}: {error}.",
            value=address,
            next_step="Start one with 'dask scheduler' and give the tcp:// address it prints.",
        ) from error
    with client:
        yield client.get_executor(pure=False)  # type: ignore[no-untyped-call]


def _enrich_chunk(chunk: Chunk, options: Mapping[str, Any], function: Callable[..., Table] | None) -> list[Part]:
    """Compute a chunk in one call, or, if a list of it is at fault, list by list."""
    call = import_module("lifenode").enrich if function is None else function
    try:
        with _collector_paused():
            return [packed(call(dict(chunk), **options))]
    except InputError as error:
        if isinstance(error, InvalidOption):
            raise
        if len(chunk) == 1:
            return [failed(chunk[0][0], error)]
    return [part for single in chunk for part in _enrich_chunk([single], options, function)]


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Keep the garbage collector from going through pack, index and compiler in the middle of a chunk."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _named(lists: Lists) -> list[tuple[str, list[object]]]:
    named: dict[str, list[object]] = {}
    for given, items in lists.items() if isinstance(lists, Mapping) else lists:
        name = str(given)
        if name in named:
            raise InvalidOption(f"Two lists are named {name!r}.", value=name, next_step="Give each its own name.")
        if isinstance(items, str | bytes):
            raise InvalidOption(
                f"The list {name!r} is one string.", value=items, next_step="Give a list of identifiers."
            )
        # The order of a set depends on the hash seed of the process.
        named[name] = sorted(items, key=str) if isinstance(items, set | frozenset) else list(items)
    if not named:
        raise EmptyInput("There is no list.", next_step="Give a dict of name -> list of identifiers.")
    return list(named.items())


def _workers(workers: int | None, executor: Executor | None, count: int) -> int:
    if workers is not None and (executor is not None or workers < 1):
        problem = "cannot be combined with an executor" if executor is not None else "has to be at least 1"
        raise InvalidOption(f"workers is {workers}, which {problem}.", value=workers, next_step="Leave it out.")
    if workers is not None:
        return workers
    return (os.cpu_count() or 1) if count >= _WORTH_PROCESSES else 1


def _chunk_size(given: int | None, count: int, workers: int) -> int:
    if given is None:
        return max(1, min(_LARGEST_CHUNK, count // (4 * workers)))
    if given < 1:
        raise InvalidOption(f"chunk_size is {given}.", value=given, next_step="Give at least 1.")
    return given


def _place(executor: Executor | None, workers: int, arguments: tuple[Any, Any]) -> Place:
    if executor is not None:
        return Borrowed(executor, _enrich_chunk, arguments)
    if workers == 1:
        return Thread(_enrich_chunk, arguments)
    return Processes(
        workers, _enrich_chunk, arguments, needs_main=getattr(arguments[1], "__module__", "") == "__main__"
    )


def _outcome(parts: list[Part], count: int) -> Table:
    table, errors = joined(parts), failures(parts)
    if not errors:
        return table
    shown = "; ".join(f"{name!r}: {error or type(error).__name__}" for name, error in errors[:3])
    failure = BatchFailed(
        f"{len(errors):,} of {count:,} lists could not be computed: {shown}" + ("; ..." if len(errors) > 3 else ""),
        value=errors[0][0],
        next_step="Correct or leave out these lists; error.partial holds the table of the others.",
    )
    vars(failure).update(partial=table, errors=errors)
    raise failure
