"""Write knowledge packs: check what a recipe made, then put it on disk whole or not at all.

A pack is a folder with ``manifest.json`` and one Parquet file a table. `write_pack` refuses content that breaks the
contract, writes into a hidden folder beside the target and renames it when everything is on disk, so that nobody ever
meets half a pack. The same content gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from lifenode.errors import BuildFailed, OutputError
from lifenode.packs.contract import check
from lifenode.packs.manifest import FORMAT, MANIFEST

# Level 19 makes the human pack a fifth smaller than the default 3; reading is as fast.
_ZSTD_LEVEL = 19


def build_date(environment: Mapping[str, str] | None = None) -> str:
    """Return today's date (UTC), or that of ``SOURCE_DATE_EPOCH`` so that a build can be repeated byte for byte."""
    epoch = (os.environ if environment is None else environment).get("SOURCE_DATE_EPOCH", "")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)
    return moment.date().isoformat()


@dataclass
class PackContent:
    """Everything one pack holds, before it is written.

    Parameters
    ----------
    organism
        ``id``, ``scientific_name``, ``display_name`` and ``taxonomy_id``.
    release
        Release of the pack, such as ``2026.11``.
    genes, identifiers, terms, annotations
        The tables of the contract in `lifenode.packs.contract`; a row's position is the index others use.
    sources
        Provenance of every annotation source, and of ``genes`` and ``identifiers``.
    evidence_note
        One or two sentences on what evidence the releases record.
    orthologs
        Orthologs in other organisms, where a source has the organism.
    variants
        Variants with their genes, where the organism has them.
    built
        Date written into the manifest.
    """

    organism: dict[str, Any]
    release: str
    genes: pl.DataFrame
    identifiers: pl.DataFrame
    terms: pl.DataFrame
    annotations: pl.DataFrame
    sources: dict[str, dict[str, Any]]
    evidence_note: str = ""
    orthologs: pl.DataFrame | None = None
    variants: pl.DataFrame | None = None
    built: str = field(default_factory=build_date)

    @property
    def name(self) -> str:
        """Organism and release: ``hsapiens-2026.11``."""
        return f"{self.organism['id']}-{self.release}"

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables by name, in the order they are written."""
        tables = {
            "genes": self.genes,
            "identifiers": self.identifiers,
            "terms": self.terms,
            "annotations": self.annotations,
        }
        further = {"orthologs": self.orthologs, "variants": self.variants}
        return tables | {name: table for name, table in further.items() if table is not None}


def write_pack(content: PackContent, folder: Path) -> Path:
    """Check `content` and write it as the pack `folder`.

    Parameters
    ----------
    content
        What a recipe made.
    folder
        The pack's folder; an older pack there is replaced in one step.

    Returns
    -------
    Path
        `folder`.

    Raises
    ------
    BuildFailed
        The content breaks the contract, or `folder` holds something that is no pack.
    OutputError
        The disk refuses.
    """
    check(content.tables(), content.sources)
    with put_whole(folder) as part:
        _write_tables(content, part)
    return folder


@contextmanager
def put_whole(folder: Path) -> Iterator[Path]:
    """Yield an empty hidden folder that takes the place of `folder` at the end; on any error nothing has changed.

    Raises
    ------
    BuildFailed
        `folder` holds something that is no pack.
    OutputError
        The disk refuses.
    """
    folder = Path(folder)
    _refuse_foreign(folder)
    part = folder.parent / f".{folder.name}.building-{os.getpid()}-{secrets.token_hex(4)}"
    try:
        part.mkdir(parents=True)
        yield part
        _swap(part, folder)
    except OSError as error:
        raise OutputError(
            f"The pack {folder} cannot be written: {error.strerror or error}.",
            value=folder,
            next_step="Check the free space and the permissions of the folder; nothing was changed.",
        ) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_table(path: Path, table: pl.DataFrame) -> dict[str, Any]:
    """Write a table and return what the manifest says of its file."""
    table.write_parquet(path, compression="zstd", compression_level=_ZSTD_LEVEL, row_group_size=1 << 20)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size, "rows": table.height}


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a pack."""
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def _refuse_foreign(folder: Path) -> None:
    taken = folder.exists() and not (folder / MANIFEST).is_file()
    if taken and (not folder.is_dir() or any(folder.iterdir())):
        raise BuildFailed(
            f"{folder} exists and is not a knowledge pack, so it is left alone.",
            value=folder,
            next_step="Name another target folder.",
        )


def _write_tables(content: PackContent, part: Path) -> None:
    tables = content.tables().items()
    files = {f"{name}.parquet": write_table(part / f"{name}.parquet", table) for name, table in tables}
    manifest = {
        "format": FORMAT,
        "name": content.name,
        "release": content.release,
        "organism": content.organism,
        "built": content.built,
        "files": files,
        "sources": content.sources,
        "evidence_note": content.evidence_note,
    }
    write_manifest(part, manifest)


def _swap(part: Path, folder: Path) -> None:
    """Put `part` in the place of `folder`; the older pack, if any, comes back when that fails."""
    if not folder.exists():
        part.rename(folder)
        return
    older = part.with_name(part.name.replace(".building-", ".replaced-"))
    folder.rename(older)
    try:
        part.rename(folder)
    except OSError:
        older.rename(folder)
        raise
    shutil.rmtree(older, ignore_errors=True)


def build_pack(
    organism: str, folder: Path, target: Path, *, recipe: Literal["auto", "starter", "upstream"] = "auto"
) -> Path:
    """Make the pack of one organism from a folder of raw files.

    Parameters
    ----------
    organism
        Organism id of the catalogue, such as ``hsapiens``.
    folder
        Folder with the raw files.
    target
        Folder of the pack to write.
    recipe
        ``upstream`` reads the official files, ``starter`` the tables the starter packs are made of, ``auto`` looks
        which of the two the folder holds.

    Returns
    -------
    Path
        `target`.

    Raises
    ------
    UnknownOrganism
        The catalogue does not list `organism`.
    BuildFailed
        Raw files are missing (each is named with its URL) or do not fit together.
    """
    from lifenode.packs.recipes import starter, upstream

    folder = Path(folder)
    if recipe == "auto":
        recipe = "starter" if starter.recognises(folder) else "upstream"
    make = starter.content if recipe == "starter" else upstream.content
    return write_pack(make(organism, folder), Path(target))
