"""Sequences as they are typed, named as a file, or sent through a pipe; and progress over many."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lifenode.cli.messages import watched


def text_of(target: str, letters: str = "ACGTUN") -> str:
    """Return sequences that were typed, in `letters` only, or the text of the file that was named."""
    from lifenode.genes.byte_input import read_file, read_handle

    if target == "-":
        return read_handle(sys.stdin, "standard input")
    if set(target.upper()) <= {*letters, " "} and not Path(target).exists():
        return target
    return read_file(Path(target))


@contextmanager
def progress(things: str) -> Iterator[Callable[[int, int], None] | None]:
    """Show a progress bar on standard error if somebody is watching."""
    if not watched():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(things, total=None)
        yield lambda done, every: bar.update(task, completed=done, total=every)
