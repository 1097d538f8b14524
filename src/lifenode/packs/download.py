"""Fetch one file whole, over networks that break.

Bytes gather in ``<target>.part`` beside the target, which appears only when everything is there and right. A broken
transfer goes on where it stopped, also in a later process, if the server can say that its file is still the same: by
ETag or date (kept in ``<target>.part.tag``), or because the checksum is known beforehand.
"""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO

from lifenode.errors import DownloadFailed, OutputError
from lifenode.packs.guard import Guard
from lifenode.packs.transport import (
    LONGEST_WAIT,
    SCHEMES,
    Interrupted,
    begins_at,
    body,
    opened,
    total_of,
    validator_of,
)
from lifenode.settings import settings

Progress = Callable[[int, int | None], None]
"""Called with the bytes there and the bytes expected in all, None where nobody knows."""


def download(
    url: str,
    target: Path,
    *,
    sha256: str | None = None,
    size: int | None = None,
    progress: Progress | None = None,
    guard: Guard | None = None,
) -> Path:
    """Fetch `url` to `target`.

    Parameters
    ----------
    url
        ``http``, ``https`` or ``file``.
    target
        Where to put the file; its folder is made. A file that is there already is kept if it has the checksum given
        and replaced otherwise.
    sha256
        Checksum the file must have, in hexadecimal.
    size
        Bytes the file must have.
    progress
        Told after every block.
    guard
        Where connections may lead; by default anywhere. With one, files of this machine are not read.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    DownloadFailed
        The server refuses, the connection breaks more than ``settings().download_retries`` times, or what came has
        another size or checksum. `target` is then as it was before; of a wrong file, nothing is left.
    FetchRefused, FetchFailed
        The guard does not let it pass.
    OutputError
        The disk cannot be written.
    """
    target = Path(target)
    wanted = sha256.lower() if sha256 else None
    if url.partition(":")[0].casefold() not in SCHEMES:
        raise DownloadFailed(
            f"{url} is not an address lifenode fetches from.", value=url, next_step="Use http, https or file."
        )
    with _disk(target):
        if wanted and target.is_file() and _digest(target) == wanted:
            return target
        target.parent.mkdir(parents=True, exist_ok=True)
    job = _Job(url, target, wanted, size, progress or _silent, guard)
    _fetch_whole(job)
    with _disk(target):
        job.part.replace(target)
        job.tag.unlink(missing_ok=True)
    return target


@dataclass(frozen=True, slots=True)
class _Job:
    url: str
    target: Path
    sha256: str | None
    size: int | None
    progress: Progress
    guard: Guard | None

    @property
    def part(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part")

    @property
    def tag(self) -> Path:
        return self.target.with_name(f"{self.target.name}.part.tag")

    def there(self) -> int:
        return self.part.stat().st_size if self.part.is_file() else 0

    def drop(self) -> None:
        self.part.unlink(missing_ok=True)
        self.tag.unlink(missing_ok=True)


def _silent(_done: int, _total: int | None) -> None:
    """Report to nobody."""


def _fetch_whole(job: _Job) -> None:
    with _disk(job.part):
        begun = job.there() > 0
    _fetch(job)
    try:
        _check(job)
    except DownloadFailed:
        # What an earlier process left may be of a file that has since changed; the checksum alone let it go on.
        if not begun:
            raise
        _fetch(job)
        _check(job)


def _fetch(job: _Job) -> None:
    """Try until the part is whole."""
    retries = settings().download_retries
    for attempt in range(retries + 1):
        try:
            _attempt(job)
        except Interrupted as broken:
            if attempt == retries:
                with _disk(job.part):
                    kept = job.there()
                hint = (
                    f"The first {kept} bytes are kept; try again to go on from there." if kept else "Try again later."
                )
                raise DownloadFailed(
                    f"{job.url} could not be fetched: {broken}, {attempt + 1} times.", value=job.url, next_step=hint
                ) from broken
            time.sleep(max(broken.wait, _pause(attempt)))
        else:
            return


def _pause(attempt: int) -> float:
    return min(0.5 * 2.0**attempt, LONGEST_WAIT)


def _attempt(job: _Job) -> None:
    with _disk(job.part):
        start, validator = _resumable(job)
    with opened(job.url, start, validator, guard=job.guard) as (answer, headers, status):
        if status == 416 and total_of(headers) == start:
            return  # all of it was there already
        if status == 200 or (status == 206 and begins_at(headers, start)):
            _take(job, answer, headers, start if status == 206 else 0)
            return
    with _disk(job.part):
        job.drop()
    raise Interrupted(f"the server does not have the part from byte {start} on")


def _resumable(job: _Job) -> tuple[int, str]:
    """Return how many bytes to keep, and the validator that says they are of the same file."""
    start = job.there()
    validator = job.tag.read_text(encoding="utf-8").strip() if start and job.tag.is_file() else ""
    if start and not validator and not job.sha256:
        return 0, ""
    if job.size is not None and start > job.size:
        return 0, ""
    return start, validator


def _take(job: _Job, answer: IO[bytes], headers: Message, start: int) -> None:
    """Append the body of an answer to the part, from `start`; what lay there beyond it is cut off."""
    length = headers.get("Content-Length", "")
    total = start + int(length) if length.isdigit() else job.size
    if job.size is not None and total is not None and total != job.size:
        raise _wrong(job, f"{job.size} bytes were expected, the server has {total}")
    done = start
    with _disk(job.part), job.part.open("r+b" if start else "wb") as part:
        part.truncate(start)
        part.seek(start)
        job.tag.write_text(validator_of(headers), encoding="utf-8")
        job.progress(done, total)
        for block in body(answer):
            part.write(block)
            done += len(block)
            if total is not None and done > total:
                break
            job.progress(done, total)
    if total is not None and done > total:
        raise _wrong(job, f"more than the {total} bytes announced came")
    if total is not None and done < total:
        raise Interrupted(f"the connection ended after {done} of {total} bytes")


def _check(job: _Job) -> None:
    with _disk(job.part):
        size = job.there()
        found = _digest(job.part) if job.sha256 else None
    if job.size is not None and size != job.size:
        raise _wrong(job, f"{job.size} bytes were expected, {size} came")
    if job.sha256 and found != job.sha256:
        raise _wrong(job, f"its sha256 should be {job.sha256} and is {found}")


def _wrong(job: _Job, problem: str) -> DownloadFailed:
    """Remove what came and say why."""
    with _disk(job.part):
        job.drop()
    return DownloadFailed(
        f"{job.url} is not the file expected: {problem}.",
        value=job.url,
        next_step="The file was changed or damaged; fetch it again, or ask who published it.",
    )


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


@contextlib.contextmanager
def _disk(path: Path) -> Iterator[None]:
    """Turn what the disk refuses into `OutputError`, so that it is not taken for a fault of the network."""
    try:
        yield
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}.",
            value=path,
            next_step="Check space and permissions.",
        ) from error
