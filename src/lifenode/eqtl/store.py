"""The folder of a catalogue: who writes holds its lock; who reads goes by manifests."""

from __future__ import annotations

import io
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl

from lifenode._atomic import write_atomically
from lifenode.eqtl.layout import (
    DATASET_TABLES,
    FORMAT,
    INCOMING,
    LAYERS,
    MANIFESTS,
    MARKER,
    METADATA_TABLE,
    SHARED_TABLES,
    Layer,
    Manifest,
    Part,
)
from lifenode.eqtl.store_known import Known, read_known
from lifenode.errors import Busy, FormatError, OutputError, UnreadableInput
from lifenode.settings import settings

# A few real regions, so that there is something to ask before anything was ingested: made from examples/eqtl.
STARTER = Path(__file__).parent / "starter"


def usual_place() -> Path:
    """Return the catalogue of the settings, or the starter catalogue of the package until there is one."""
    own = settings().eqtl_catalogue
    return own if (own / MARKER).is_file() else STARTER


class Store:
    """A catalogue's folder.

    Parameters
    ----------
    path
        The folder.
    create
        Make it if it is not there.

    Raises
    ------
    UnreadableInput
        The folder is not there, or is no catalogue.
    OutputError
        It cannot be made, or holds something else.
    FormatError
        It was made by a version that lays files out in another way.
    """

    def __init__(self, path: str | Path, *, create: bool = False) -> None:
        self.path = Path(path)
        self._read: Known = {}
        marker = self.path / MARKER
        if not marker.is_file():
            if not create:
                raise UnreadableInput(
                    f"{self.path} is not a catalogue: it has no {MARKER}.",
                    value=self.path,
                    next_step=f"Make one with: lifenode eqtl ingest FOLDER --catalogue {self.path}",
                )
            self._make(marker)
        held = json.loads(marker.read_text(encoding="utf-8")).get("format")
        if held != FORMAT:
            raise FormatError(
                f"{self.path} has the layout {held}; this version reads {FORMAT}.", value=held,
                next_step="Ingest its sources into a new folder.",
            )  # fmt: skip

    def _make(self, marker: Path) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            if any(self.path.iterdir()):
                raise OutputError(
                    f"{self.path} is neither empty nor a catalogue.", value=self.path, next_step="Name a new folder."
                )
        except OSError as error:
            if isinstance(error, OutputError):
                raise
            raise OutputError(f"{self.path} cannot be made: {error.strerror}.", value=self.path) from error
        write_atomically(marker, json.dumps({"format": FORMAT}).encode())

    # Reading

    def stamp(self) -> tuple[tuple[str, int], ...]:
        """Return something that changes whenever a manifest does."""
        folders = sorted(path for kind in (MANIFESTS, METADATA_TABLE) for path in (self.path / kind).glob("release=*"))
        every = [place for folder in folders for place in (folder, folder / LAYERS) if place.is_dir()]
        return tuple((str(place), place.stat().st_mtime_ns) for place in every)

    def releases(self) -> list[str]:
        """Return the releases that something is known of."""
        places = [path for kind in (MANIFESTS, METADATA_TABLE) for path in (self.path / kind).glob("release=*")]
        return sorted({path.name.removeprefix("release=") for path in places})

    def manifests(self) -> dict[tuple[str, str], Manifest | str]:
        """Return the manifest of each (release, data set), or why it cannot be read.

        Those that have not changed since they were last read are not read again: of hundreds one is new.
        """
        found: dict[tuple[str, str], Manifest | str] = {}
        for path in sorted((self.path / MANIFESTS).glob("release=*/*.json")):
            key = (path.parent.name.removeprefix("release="), path.stem)
            try:
                found[key] = read_known(path, Manifest, self._read)
            except (OSError, ValueError, TypeError, KeyError) as error:
                found[key] = f"its manifest {path.name} cannot be read ({type(error).__name__})"
        return found

    def forget_replaced(self, held: Iterable[object]) -> None:
        """Keep of what was read only what is `held`: the rest was replaced."""
        used = {id(each) for each in held}
        self._read = {path: known for path, known in self._read.items() if id(known[1]) in used}

    def manifest(self, release: str, dataset_id: str) -> Manifest | None:
        """Return the manifest of a data set, or None if there is none that can be read."""
        path = self.path / MANIFESTS / f"release={release}" / f"{dataset_id}.json"
        try:
            return Manifest.from_json(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, TypeError, KeyError):
            return None

    def metadata(self, release: str) -> pl.DataFrame | None:
        """Return the table of data sets of a release, ingested or not; None if there is none."""
        path = self.path / METADATA_TABLE / f"release={release}" / "datasets.parquet"
        try:
            return pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError):
            return None

    def keep_metadata(self, release: str, rows: pl.DataFrame) -> None:
        """Put the table of data sets of a release into place."""
        path = self.path / METADATA_TABLE / f"release={release}" / "datasets.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = io.BytesIO()
        rows.write_parquet(content)
        write_atomically(path, content.getvalue())

    def layers(self, release: str) -> list[Layer]:
        """Return what holds several data sets of a release together, oldest first; what cannot be read is left out."""
        found = []
        for path in sorted((self.path / MANIFESTS / f"release={release}" / LAYERS).glob("*.json")):
            try:
                found.append(read_known(path, Layer, self._read))
            except (OSError, ValueError, TypeError, KeyError):
                continue  # its data sets are then read one by one
        return found

    def missing(self, parts: list[Part]) -> str:
        """Return what is wrong with the first file that is not there or has another size, or nothing."""
        folder = str(self.path)
        for part in parts:
            try:
                size = os.stat(f"{folder}/{part.path}").st_size  # noqa: PTH116 - half the time, of thousands of files
            except OSError:
                return f"{part.path} is missing"
            if size != part.bytes:
                return f"{part.path} has {size:,} bytes instead of {part.bytes:,}"
        return ""

    # Writing

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the folder for one writer; what a killed one left behind is removed.

        Raises
        ------
        Busy
            Another process ingests into it.
        OutputError
            It may not be written to.
        """
        with self._lock_file() as handle:
            if not _locked(handle.fileno()):
                raise Busy(
                    f"Another process is writing to {self.path}.", value=self.path, next_step="Wait until it is done."
                )
            shutil.rmtree(self.path / INCOMING, ignore_errors=True)
            self._sweep()
            yield

    def _lock_file(self) -> IO[str]:
        try:
            return (self.path / ".lock").open("a+")
        except OSError as error:
            raise OutputError(
                f"{self.path} may not be written to: {error.strerror}.", value=self.path,
                next_step="Name another folder with --catalogue.",
            ) from error  # fmt: skip

    def incoming(self, generation: str) -> Path:
        """Return a new folder on the same disk to write to."""
        place = self.path / INCOMING / generation
        place.mkdir(parents=True)
        return place

    def publish(self, manifest: Manifest, incoming: Path) -> None:
        """Put the files of a data set into place, then its manifest, then remove what they replace."""
        old = self.path / manifest.name
        before = _paths(Manifest.from_json(old.read_text(encoding="utf-8")).tables) if old.is_file() else set()
        self._move(_paths(manifest.tables), incoming)
        old.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(old, manifest.to_json().encode())
        self._remove(before - _paths(manifest.tables))

    def publish_layer(self, layer: Layer, incoming: Path, replaced: list[Layer]) -> None:
        """Put a layer into place, and remove those it replaces."""
        folder = self.path / MANIFESTS / f"release={layer.release}" / LAYERS
        folder.mkdir(parents=True, exist_ok=True)
        self._move(_paths(layer.tables), incoming)
        write_atomically(folder / f"{layer.name}.json", layer.to_json().encode())
        for old in replaced:
            (folder / f"{old.name}.json").unlink(missing_ok=True)
            self._remove(_paths(old.tables))

    def _move(self, paths: set[str], incoming: Path) -> None:
        for path in sorted(paths):
            target = self.path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            (incoming / path).replace(target)
        shutil.rmtree(incoming, ignore_errors=True)

    def _remove(self, paths: set[str]) -> None:
        for path in paths:
            target = self.path / path
            target.unlink(missing_ok=True)
            for folder in target.parents:
                if folder == self.path or any(folder.iterdir()):
                    break
                folder.rmdir()

    def _sweep(self) -> None:
        """Remove files that no manifest names: a writer was killed between two steps."""
        known: set[str] = set()
        manifests = self.manifests()
        for manifest in manifests.values():
            if isinstance(manifest, str):
                return  # what it names is not known
            known |= _paths(manifest.tables)
        for release in {release for release, _ in manifests}:
            for layer in self.layers(release):
                known |= _paths(layer.tables)
        for table in (*DATASET_TABLES, *SHARED_TABLES):
            every = {str(path.relative_to(self.path)) for path in (self.path / table).rglob("*.parquet")}
            self._remove(every - known)


def new_generation() -> str:
    """Return a name that no file has yet."""
    return secrets.token_hex(4)


def _paths(tables: dict[str, list[Part]]) -> set[str]:
    return {part.path for parts in tables.values() for part in parts}


def _locked(descriptor: int) -> bool:
    """Take the lock of an open file, which ends with the process that holds it."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
