"""Finished parts of a long run over targets, kept in the cache until the whole is done."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lifenode
from lifenode._atomic import put_in_place, write_atomically
from lifenode.errors import InvalidOption, OutputError
from lifenode.settings import settings

FORMATS = ("tsv", "csv", "jsonl", "parquet")
"""Forms of a file of all outcomes."""

Rows = dict[str, list[Any]]

_FORGOTTEN_SECONDS = 14 * 86_400


@dataclass(frozen=True)
class Kept:
    """The folder of one run.

    Attributes
    ----------
    folder
        The folder, of which each part is a file; there need not be one yet.
    """

    folder: Path

    @classmethod
    def of(cls, content: object, options: Mapping[str, Any]) -> Kept:
        """Return the folder of a run, which is the same for the same content, options and version of lifenode."""
        text = repr((lifenode.__version__, sorted(options.items()), content))
        return cls(settings().cache_dir / "batches" / hashlib.sha256(text.encode()).hexdigest()[:32])

    def done(self) -> int:
        """Return how many targets are done."""
        return sum(count for _, count in self._parts("json"))

    def rows(self, first: int, count: int) -> Rows | None:
        """Return the rows of some consecutive targets, or None where they are not done."""
        try:
            found: Rows = json.loads(self._place(first, count, "json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found

    def keep(self, first: int, count: int, rows: Rows, profiles: bytes | None = None, ending: str = "") -> None:
        """Keep the rows of some consecutive targets, and their outcomes in the form `ending`."""
        if not self.folder.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
        # The rows last: they say that the part is whole.
        if profiles is not None:
            write_atomically(self._place(first, count, ending), profiles)
        write_atomically(self._place(first, count, "json"), json.dumps(rows).encode())

    def write_profiles(self, target: Path) -> None:
        """Put the outcomes of all parts together, whole or not at all.

        Raises
        ------
        OutputError
            The file cannot be written.
        """
        ending = profiles_format(target)
        places = [self._place(*part, ending) for part in self._parts(ending)]
        try:
            with put_in_place(target) as whole:
                if ending == "parquet":
                    _join_parquet(places, whole)
                else:
                    _join_text(places, whole, headed=ending != "jsonl")
        except OSError as error:
            raise OutputError(
                f"{target} cannot be written: {error.strerror or error}.",
                value=target,
                next_step="Choose a folder that exists, that you may write to and that has room.",
            ) from error

    def remove(self) -> None:
        """Forget all parts."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _sweep(self) -> None:
        """Forget runs that nobody has gone on with."""
        for other in self.folder.parent.iterdir():
            with suppress(OSError):
                if time.time() - other.stat().st_mtime > _FORGOTTEN_SECONDS:
                    shutil.rmtree(other, ignore_errors=True)

    def _place(self, first: int, count: int, ending: str) -> Path:
        return self.folder / f"{first:09d}-{count}.{ending}"

    def _parts(self, ending: str) -> Iterator[tuple[int, int]]:
        """Return first target and number of targets of each part, in order; what was done twice is told once."""
        behind = -1
        for place in sorted(self.folder.glob(f"[0-9]*.{ending}")):
            first, count = map(int, place.stem.split("-"))
            if first > behind:
                behind = first + count - 1
                yield first, count


def profiles_format(target: Path) -> str:
    """Return the form of a file of all outcomes, by its ending.

    Raises
    ------
    InvalidOption
        It is none of `FORMATS`.
    """
    ending = target.suffix[1:].lower()
    if ending not in FORMATS:
        raise InvalidOption(
            f"{target} ends in {target.suffix or 'nothing'}, which is no form of a file of outcomes.",
            value=target,
            next_step=f"End it in .{', .'.join(FORMATS[:-1])} or .{FORMATS[-1]}.",
        )
    return ending


def _join_text(places: Sequence[Path], whole: Path, *, headed: bool) -> None:
    with whole.open("xb") as handle:
        for number, place in enumerate(places):
            content = place.read_bytes()
            handle.write(content[content.index(b"\n") + 1 :] if headed and number else content)


def _join_parquet(places: Sequence[Path], whole: Path) -> None:
    import polars

    polars.scan_parquet(list(places)).sink_parquet(whole)
