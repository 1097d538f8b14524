"""Open knowledge packs: immutable folders of Parquet tables, checked against their manifest and indexed once.

`open_pack` finds a pack by organism or path. What a query needs comes from memory-mapped indexes in the cache folder;
the tables themselves are read only while an index is built.
"""

from __future__ import annotations

import io
import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lifenode.errors import PackError, PackNotFound
from lifenode.packs.annotations import Annotations, load_annotations
from lifenode.packs.arrays import LAYOUT, Arrays, frozen, read_arrays, write_arrays
from lifenode.packs.find import installed, pack_folder
from lifenode.packs.genes import Genes, load_genes
from lifenode.packs.manifest import SourceInfo, read_checked, read_manifest
from lifenode.settings import settings

if TYPE_CHECKING:
    import polars as pl

__all__ = ["Pack", "SourceInfo", "installed", "open_pack"]

_log = logging.getLogger("lifenode")
_VERIFIED = "verified.json"

_FileState = tuple[int, int, int]
_FolderState = tuple[tuple[str, int, int, int], ...]

_opened: dict[tuple[Path, Path], tuple[_FolderState, Pack]] = {}
_opening = threading.Lock()


def open_pack(organism_or_path: str | Path | Pack | None = None) -> Pack:
    """Open a knowledge pack; within a process the same pack is opened once, as long as its files stay as they are.

    Parameters
    ----------
    organism_or_path
        Organism id such as ``hsapiens`` (packs of ``LIFENODE_PACKS_DIR`` win over the starter packs), or the folder of
        a pack; the organism of `lifenode.settings` by default. A pack that is open is returned as it is.

    Raises
    ------
    UnknownOrganism
        No installed pack is of this organism; the nearest are offered.
    PackNotFound
        The folder is no pack.
    TamperedPack
        A file differs from its checksum.
    PackError
        The pack is damaged, incomplete or of a newer format.
    """
    if isinstance(organism_or_path, Pack):
        return organism_or_path
    path = _folder_of(settings().organism if organism_or_path is None else organism_or_path)
    key = (path, settings().cache_dir)
    state = _folder_state(path)
    with _opening:
        before = _opened.get(key)
        if before is None or before[0] != state:
            before = _opened[key] = (state, Pack(path))
        return before[1]


def _folder_of(organism_or_path: str | Path) -> Path:
    if isinstance(organism_or_path, str) and not any(mark in organism_or_path for mark in {"/", os.sep}):
        return pack_folder(organism_or_path)
    return Path(organism_or_path).expanduser().absolute()


def _folder_state(path: Path) -> _FolderState:
    try:
        with os.scandir(path) as entries:
            states = [(entry.name, entry.stat()) for entry in entries]
    except (OSError, ValueError) as error:
        raise PackNotFound(
            f"{path} is not a knowledge pack: the folder cannot be read.",
            value=path,
            next_step="Name a pack folder or an organism; `lifenode packs list` shows all.",
        ) from error
    return tuple(sorted((name, at.st_size, at.st_mtime_ns, at.st_ctime_ns) for name, at in states))


class Pack:
    """One knowledge pack, read-only; make it with `open_pack`.

    Parameters
    ----------
    path
        Folder of the pack. Every file in it is checked, unless the cache remembers that this very state of the file
        (size and times) was checked before.

    Attributes
    ----------
    path, name, release, organism, scientific_name, display_name, taxonomy_id
        What the pack is, of whom, and where it lies.
    manifest
        The whole manifest.
    fingerprint
        SHA-256 of the manifest; it covers the checksums of all files.
    sources
        Provenance of each annotation source, and of ``genes`` and ``identifiers``.

    Raises
    ------
    PackNotFound
        `path` is no pack.
    TamperedPack
        A file differs from its checksum.
    PackError
        The pack is damaged, incomplete or of a newer format.
    """

    def __init__(self, path: Path) -> None:
        found = read_manifest(path)
        self.path = path
        self.name, self.release, self.organism = found.name, found.release, found.organism
        self.scientific_name, self.display_name = found.scientific_name, found.display_name
        self.taxonomy_id = found.taxonomy_id
        self.manifest: Mapping[str, Any] = found.content
        self.fingerprint = found.fingerprint
        self.sources: Mapping[str, SourceInfo] = found.sources
        self._checksums = found.checksums
        self._cache = settings().cache_dir / f"{self.name}-{self.fingerprint[:12]}"
        self._lock = threading.RLock()
        self._arrays: dict[str, Arrays] = {}
        self._genes: Genes | None = None
        self._annotations: dict[bool, Annotations] = {}
        self._verify_changed()

    def __repr__(self) -> str:
        return f"<Pack {self.name} ({self.scientific_name}) at {self.path}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return (open_pack, (self.path,))

    def has_table(self, name: str) -> bool:
        """Return whether the pack has the table `name`."""
        return f"{name}.parquet" in self._checksums

    def table(self, name: str) -> pl.DataFrame:
        """Read a whole table.

        Parameters
        ----------
        name
            ``genes``, ``identifiers``, ``terms``, ``annotations`` or another of the manifest.

        Raises
        ------
        TamperedPack
            The file differs from its checksum.
        PackError
            There is no such table, or it is no Parquet file.
        """
        import polars as pl

        file = f"{name}.parquet"
        if file not in self._checksums:
            tables = ", ".join(sorted(known.removesuffix(".parquet") for known in self._checksums))
            raise PackError(f'The pack {self.name} has no table "{name}".', value=name, next_step=f"It has {tables}.")
        # The bytes that were checked are the bytes that are read.
        data = read_checked(self.path / file, self._checksums[file])
        try:
            return pl.read_parquet(io.BytesIO(data))
        except pl.exceptions.PolarsError as error:
            raise PackError(
                f"{self.path / file} is not a Parquet table.", value=file, next_step="Build or pull the pack again."
            ) from error

    def arrays(self, name: str, build: Callable[[], Arrays]) -> Arrays:
        """Return a memory-mapped index of the pack, built at first use.

        Parameters
        ----------
        name
            Name of the index with the version of its content, such as ``genes-1``.
        build
            Makes the arrays. Where the cache folder cannot be written they stay in memory.

        Returns
        -------
        Mapping
            Read-only arrays by name.
        """
        with self._lock:
            if name not in self._arrays:
                self._arrays[name] = self._map(name, build)
            return self._arrays[name]

    def _map(self, name: str, build: Callable[[], Arrays]) -> Arrays:
        path = self._cache / f"{name}.v{LAYOUT}.arrays"
        found = read_arrays(path)
        if found is None:
            built = build()
            try:
                write_arrays(path, built)
            except OSError as error:
                _log.warning(
                    "The index %s of %s cannot be kept in %s (%s); it is held in memory and built again next time.",
                    name, self.name, self._cache, error.strerror or error,
                )  # fmt: skip
            found = read_arrays(path) or {key: frozen(array) for key, array in built.items()}
        return found

    def genes(self) -> Genes:
        """Return the genes."""
        with self._lock:
            if self._genes is None:
                self._genes = load_genes(self)
            return self._genes

    def annotations(self, *, no_iea: bool = False) -> Annotations:
        """Return the propagated annotations, without electronic ones if `no_iea`.

        Raises
        ------
        EvidenceUnavailable
            `no_iea`, and the pack records no evidence codes.
        """
        with self._lock:
            if no_iea not in self._annotations:
                self._annotations[no_iea] = load_annotations(self, no_iea=no_iea)
            return self._annotations[no_iea]

    def verify(self) -> None:
        """Check every file again, whatever the cache remembers.

        Raises
        ------
        TamperedPack
            A file differs; it is named with both checksums.
        PackError
            A file is missing.
        """
        for file, expected in self._checksums.items():
            read_checked(self.path / file, expected)

    def _verify_changed(self) -> None:
        """Check the files whose size or times differ from when they were last found sound."""
        states = {file: _state(self.path / file) for file in self._checksums}
        record = self._cache / _VERIFIED
        known = _read_record(record)
        mine = known.get(str(self.path), {})
        changed = [file for file, state in states.items() if state is None or mine.get(file) != list(state)]
        for file in changed:
            read_checked(self.path / file, self._checksums[file])
        if changed:
            _write_record(record, {**known, str(self.path): states})


def _state(path: Path) -> _FileState | None:
    """Return size, time of change and of the last change of state; the latter betrays a time that was set back."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _read_record(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    places = found.items() if isinstance(found, dict) else ()
    return {place: states for place, states in places if isinstance(states, dict)}


def _write_record(path: Path, record: Mapping[str, Any]) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}-{os.urandom(4).hex()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(record), encoding="utf-8")
        part.replace(path)
    except OSError as error:
        # Nothing is lost but time: the files are checked again when the pack is next opened.
        _log.debug("%s cannot be written: %s", path, error)
