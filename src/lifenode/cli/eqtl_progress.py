"""How far an ingestion is, on standard error: what is fetched, then what is read."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lifenode.cli.messages import tell, watched

if TYPE_CHECKING:
    from lifenode.eqtl.ingest_report import Progress
    from lifenode.eqtl.remote_fetch import Fetching

_QUIET_SECONDS = 10.0
_UNITS = ("bytes", "kB", "MB", "GB", "TB")


@contextmanager
def shown_progress() -> Iterator[Callable[[Progress | Fetching], None]]:
    """Show it: a line that renews itself, or one in ten seconds where nobody watches."""
    last = [time.monotonic()]

    def tell_now(progress: Progress | Fetching) -> None:
        if time.monotonic() - last[0] >= _QUIET_SECONDS:
            last[0] = time.monotonic()
            tell(words(progress))

    if not watched():
        yield tell_now
        return
    from rich.console import Console

    with Console(stderr=True).status("reading") as status:
        yield lambda progress: status.update(words(progress))


def words(progress: Progress | Fetching) -> str:
    """Return one line about it."""
    from lifenode.eqtl.remote_fetch import Fetching

    left = progress.seconds_left
    ending = "" if left is None else f", {int(left // 60)}:{int(left % 60):02d} left"
    if isinstance(progress, Fetching) and not progress.files:
        return f"asking what there is ({progress.number}): {progress.name}"
    if isinstance(progress, Fetching):
        total = f" of {size(progress.bytes_total)}" if progress.bytes_total else ""
        return (
            f"{progress.name} ({progress.number} of {progress.files}): {size(progress.bytes_done)}{total}, "
            f"{size(progress.bytes_per_second)}/s{ending}"
        )
    return (
        f"{progress.dataset_id} ({progress.number} of {progress.datasets}): {progress.rows:,} rows, "
        f"{progress.rows_per_second:,.0f} rows/s{ending}"
    )


def size(count: float) -> str:
    """Return bytes as people read them: ``3.2 GB``."""
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:,.0f} {_UNITS[unit]}" if unit == 0 else f"{count:.3g} {_UNITS[unit]}"
