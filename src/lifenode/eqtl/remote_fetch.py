"""Files of the eQTL Catalogue from a server into a folder of the same layout, whole, and only if they changed."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from email.message import Message
from pathlib import Path
from typing import Any

from lifenode._atomic import write_atomically
from lifenode.eqtl.readers import RawFile, dataset_of, find_files
from lifenode.eqtl.readers_bytes import sha256_of
from lifenode.eqtl.remote_listing import RemoteFile, files_at
from lifenode.errors import DownloadFailed, EmptyInput, FetchFailed, FetchRefused, InputTooLarge, OutputError
from lifenode.packs.download import download
from lifenode.packs.guard import Guard
from lifenode.packs.transport import Interrupted, opened, validator_of
from lifenode.settings import settings

KEPT = ".fetched.json"
"""In each folder, what is known of the files that were fetched into it."""

_ROOM = 1 << 30
_INDEX = (".tbi", ".csi")


@dataclass(slots=True)
class Fetching:
    """How far the fetching is.

    Attributes
    ----------
    name
        The file at work; before, what the server is asked about.
    number, files
        Which of how many; of 0 while the server is asked what there is.
    bytes_done, bytes_total
        Of all files that have to be fetched; the total is what the server says of them beforehand.
    bytes_fetched, seconds
        Come over the network in this call, and since when.
    """

    name: str = ""
    number: int = 0
    files: int = 0
    bytes_done: int = 0
    bytes_total: int = 0
    bytes_fetched: int = 0
    seconds: float = 0.0

    @property
    def bytes_per_second(self) -> float:
        """Bytes that come in a second."""
        return self.bytes_fetched / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """What is left at the pace so far, or None where nobody knows."""
        if not self.bytes_fetched or not self.bytes_total:
            return None
        return max(0, self.bytes_total - self.bytes_done) / self.bytes_per_second


@dataclass(frozen=True)
class _Known:
    """What a server says of a file before it is fetched."""

    file: RemoteFile
    validator: str = ""
    size: int | None = None
    error: DownloadFailed | None = None


def is_address(text: object) -> bool:
    """Say whether a text is an address of the web rather than a path."""
    return isinstance(text, str) and text.partition("://")[0].lower() in ("http", "https", "ftp")


def fetch(
    url: str, folder: Path, *, datasets: Iterable[str] = (), told: Callable[[Fetching], None] | None = None
) -> tuple[list[RawFile], list[str]]:
    """Fetch the files at an address, and return them and a note on each that is passed over.

    Parameters
    ----------
    url
        A folder of the FTP site over ``http`` or ``https``, of a study or data set of it, or a file.
    folder
        Where files are kept, in the layout of the FTP site. What is there and has not changed is not fetched again;
        what was broken off goes on where it stopped.
    datasets
        Of a folder, take these data sets only.
    told
        Called again and again while bytes come.

    Raises
    ------
    FetchRefused
        The address is not public, and its host is not in ``eqtl_hosts`` of the settings.
    FetchFailed, DownloadFailed
        It does not answer. A file of a folder that cannot be fetched does not end the call: its `RawFile` says why.
    InputTooLarge
        There is more than ``eqtl_fetch_bytes`` of the settings.
    OutputError
        The disk is full.
    """
    guard, tell = Guard.of(settings().eqtl_hosts), told or (lambda _: None)
    asking = Fetching()

    def say(name: str) -> None:
        asking.name, asking.number = name, asking.number + 1
        tell(asking)

    try:
        files = files_at(url, guard, tuple(datasets), say)
        if not files:
            raise EmptyInput(
                f"There is no file of the eQTL Catalogue at {url}.", value=url,
                next_step="Name a folder such as .../sumstats/QTS000001/QTD000001/.",
            )  # fmt: skip
        known = []
        for file in files:
            say(file.name)
            known.append(_asked(file, guard))
    except FetchRefused as refused:
        raise FetchRefused(refused.detail, value=refused.value, next_step=_advice(url)) from refused
    if len(files) == 1 and known[0].error is not None:
        raise known[0].error
    return _Fetch(folder, guard, tell).all(known)


def _advice(url: str) -> str:
    if url.lower().startswith("ftp:"):
        return "The same files come by https: write https:// instead."
    return "If you trust its host, name it with its port: LIFENODE_EQTL_HOSTS=127.0.0.1:8000."


def _asked(file: RemoteFile, guard: Guard) -> _Known:
    """Ask for the size and state of a file; a server that does not tell is not asked twice."""
    try:
        with opened(file.url, guard=guard, method="HEAD") as (_, headers, _):
            return _Known(file, validator_of(headers), _size(headers))
    except Interrupted:
        return _Known(file)
    except DownloadFailed as error:
        # 405 and 501 say that HEAD is not known there; what else is wrong is seen when it is fetched.
        return _Known(file) if " 405 " in error.detail or " 501 " in error.detail else _Known(file, error=error)


def _size(headers: Message) -> int | None:
    text = headers.get("Content-Length", "")
    return int(text) if text.isdigit() else None


@dataclass
class _Fetch:
    """One call of `fetch`."""

    folder: Path
    guard: Guard
    told: Callable[[Fetching], None]
    progress: Fetching = field(default_factory=Fetching)
    began: float = field(default_factory=time.monotonic)

    def all(self, known: list[_Known]) -> tuple[list[RawFile], list[str]]:
        wanted = [each for each in known if not self._is_here(each)]
        self._check_room(wanted)
        self.progress.files = len(wanted)
        self.progress.bytes_total = sum(each.size or 0 for each in wanted)
        failed: dict[str, DownloadFailed | FetchFailed | FetchRefused] = {}
        for number, each in enumerate(wanted, 1):
            self.progress.number, self.progress.name = number, each.file.name
            try:
                self._one(each)
            except (DownloadFailed, FetchFailed, FetchRefused) as error:
                failed[each.file.path] = error
        return self._found([each.file for each in known], failed)

    def _check_room(self, wanted: list[_Known]) -> None:
        needed, most = sum(each.size or 0 for each in wanted), settings().eqtl_fetch_bytes
        if needed > most:
            raise InputTooLarge(
                f"{needed:,} bytes would have to be fetched; at most {most:,} are.", value=needed,
                next_step="Name a folder with fewer data sets, use --dataset, or raise LIFENODE_EQTL_FETCH_BYTES.",
            )  # fmt: skip
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            free = shutil.disk_usage(self.folder).free
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be made: {error.strerror}.", value=self.folder) from error
        if needed + _ROOM > free:
            raise OutputError(
                f"{needed:,} bytes would have to be fetched to {self.folder}, where {free:,} are free.", value=needed,
                next_step="Make room, or name a larger disk with --files.",
            )  # fmt: skip

    def _is_here(self, known: _Known) -> bool:
        """Say whether a file was fetched before and the server still has the same."""
        target = self.folder / known.file.path
        kept = _kept(target.parent).get(target.name)
        if kept is None or known.error is not None or not target.is_file():
            return False
        now = {"url": known.file.url, "validator": known.validator, "bytes": known.size}
        same = all(kept.get(name) == value for name, value in now.items())
        return same and target.stat().st_size == known.size

    def _one(self, known: _Known) -> None:
        if known.error is not None:
            raise known.error
        target, progress = self.folder / known.file.path, self.progress
        before, most, fetched = progress.bytes_done, settings().eqtl_fetch_bytes, progress.bytes_fetched
        begun: list[int] = []

        def tell(done: int, _total: int | None) -> None:
            begun.append(done) if not begun or done < begun[0] else None
            progress.bytes_done, progress.bytes_fetched = before + done, fetched + done - begun[-1]
            progress.seconds = time.monotonic() - self.began
            if progress.bytes_fetched > most:
                raise InputTooLarge(f"More than {most:,} bytes came.", value=most)
            self.told(progress)

        kept = _kept(target.parent)
        if kept.pop(target.name, None) is not None:
            _keep(target.parent, kept)
        download(known.file.url, target, guard=self.guard, progress=tell)
        size = target.stat().st_size
        progress.bytes_done = before + (known.size or size)
        kept[target.name] = {
            "url": known.file.url, "validator": known.validator, "bytes": size, "sha256": sha256_of(target),
        }  # fmt: skip
        _keep(target.parent, kept)

    def _found(
        self, files: list[RemoteFile], failed: dict[str, DownloadFailed | FetchFailed | FetchRefused]
    ) -> tuple[list[RawFile], list[str]]:
        """Return what each file holds; one that could not be fetched keeps its data set as it was."""
        raws, notes = [], []
        for file in files:
            place = self.folder / file.path
            if file.path in failed:
                notes.append(f"{file.name}: {failed[file.path]}")
                if not file.name.endswith(_INDEX) and "metadata" not in file.name:
                    raws.append(RawFile(place, "nominal", dataset_of(place), failed[file.path], file.url))
            elif not file.name.endswith(_INDEX):
                found, said = find_files(place)
                raws += [replace(raw, url=file.url) for raw in found]
                notes += said
        return raws, notes


def _kept(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        known: dict[str, dict[str, Any]] = json.loads((folder / KEPT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _keep(folder: Path, known: dict[str, dict[str, Any]]) -> None:
    write_atomically(folder / KEPT, json.dumps(known, indent=1).encode())
