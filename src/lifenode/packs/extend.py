"""Add a computed table to a pack that is already on disk, or identifiers or variants to a copy of one."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from lifenode.errors import BuildFailed, OutputError, PackError
from lifenode.packs.build import build_date, put_whole, write_manifest, write_table
from lifenode.packs.contract import SCHEMAS, check_identifiers, check_variants
from lifenode.packs.find import STARTER
from lifenode.packs.manifest import read_checked, read_manifest

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_ZSTD_LEVEL = 19
_VARIANTS = "+variants"


def add_table(folder: Path, name: str, table: pl.DataFrame) -> None:
    """Write `table` into the pack `folder` and list it in the manifest.

    The table is in place before the manifest names it, so an interruption leaves the pack as it was.

    Parameters
    ----------
    folder
        A pack.
    name
        Name of the table; an earlier one of this name is replaced.
    table
        Its rows.
    """
    manifest_path = folder / "manifest.json"
    part = folder / f".{name}.parquet.{os.getpid()}.part"
    listing = folder / f".manifest.json.{os.getpid()}.part"
    try:
        manifest = json.loads(manifest_path.read_text(encoding="utf-8"))
        table.write_parquet(part, compression="zstd", compression_level=_ZSTD_LEVEL, statistics=False)
        data = part.read_bytes()
        entry = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "rows": table.height}
        manifest["files"][f"{name}.parquet"] = entry
        listing.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        part.replace(folder / f"{name}.parquet")
        listing.replace(manifest_path)
    except (ValueError, KeyError) as error:
        raise PackError(f"{manifest_path} is not the manifest of a pack.", value=manifest_path) from error
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error}.", value=folder) from error
    finally:
        part.unlink(missing_ok=True)
        listing.unlink(missing_ok=True)


def copy_with_identifiers(
    pack: Pack, rows: pl.DataFrame, folder: Path, *, origin: str, dropped: Mapping[str, int]
) -> Path:
    """Write `pack` with the identifiers of one more namespace as the pack `folder`, whole or not at all.

    All other tables are copied byte for byte.

    Parameters
    ----------
    pack
        The pack to copy; it stays as it is.
    rows
        ``namespace``, ``identifier`` and ``gene`` of the new identifiers, all of one namespace.
    folder
        The new pack's folder; an older pack there is replaced in one step.
    origin
        Where the identifiers come from, for the manifest.
    dropped
        Rows of the origin left out, by reason, for the manifest.

    Raises
    ------
    BuildFailed
        The rows break the contract, or `folder` lies among the starter packs or holds something that is no pack.
    OutputError
        The disk refuses.
    """
    _refuse_starter(folder)
    table = pl.concat([pack.table("identifiers").cast(dict(SCHEMAS["identifiers"])), rows])  # type: ignore[arg-type]
    table = table.unique().sort(table.columns)
    check_identifiers(table, pack.manifest["files"]["genes.parquet"]["rows"], set(table["namespace"].unique()))
    with put_whole(folder) as part:
        _copy_files(pack, part)
        entry = write_table(part / "identifiers.parquet", table)
        write_manifest(part, _extended(pack.manifest, rows["namespace"][0], entry, origin, dropped))
        read_manifest(part)
    return folder


def copy_with_variants(pack: Pack, variants: pl.DataFrame, folder: Path, source: Mapping[str, Any]) -> Path:
    """Write `pack` with a table of variants as the pack `folder`, whole or not at all; earlier variants are replaced.

    All other tables are copied byte for byte.

    Parameters
    ----------
    pack
        The pack to copy; it stays as it is.
    variants
        The table ``variants`` of the contract.
    folder
        The new pack's folder; an older pack there is replaced in one step.
    source
        What the manifest says of the source of the variants.

    Raises
    ------
    BuildFailed
        The table breaks the contract, or `folder` lies among the starter packs or holds something that is no pack.
    OutputError
        The disk refuses.
    """
    _refuse_starter(folder)
    check_variants(variants, pack.manifest["files"]["genes.parquet"]["rows"])
    suffix = "" if pack.name.endswith(_VARIANTS) else _VARIANTS
    with put_whole(folder) as part:
        _copy_files(pack, part)
        entry = write_table(part / "variants.parquet", variants)
        manifest = {
            **pack.manifest,
            "name": f"{pack.name}{suffix}",
            "release": f"{pack.release}{suffix}",
            "built": build_date(),
            "files": {**pack.manifest["files"], "variants.parquet": entry},
            "sources": {**pack.manifest["sources"], "variants": dict(source)},
        }
        write_manifest(part, manifest)
        read_manifest(part)
    return folder


def _refuse_starter(folder: Path) -> None:
    if folder.resolve().is_relative_to(STARTER.resolve()):
        raise BuildFailed(
            f"{folder} lies among the packs that ship with lifenode, which are never changed.",
            value=folder,
            next_step="Name another target folder.",
        )


def _copy_files(pack: Pack, part: Path) -> None:
    for file, facts in pack.manifest["files"].items():
        (part / file).write_bytes(read_checked(pack.path / file, facts["sha256"]))


def _extended(
    manifest: Mapping[str, Any], namespace: str, entry: Mapping[str, Any], origin: str, dropped: Mapping[str, int]
) -> dict[str, Any]:
    """Return the manifest of the copy."""
    facts = manifest["sources"].get("identifiers", {"name": "Identifiers"})
    version = f"{namespace} from {origin}"
    facts = {
        **facts,
        "version": f"{facts['version']}; {version}" if facts.get("version") else version,
        "dropped": {**facts.get("dropped", {}), **{f"{namespace}: {why}": n for why, n in dropped.items() if n}},
    }
    return {
        **manifest,
        "name": f"{manifest['name']}+{namespace}",
        "release": f"{manifest['release']}+{namespace}",
        "built": build_date(),
        "files": {**manifest["files"], "identifiers.parquet": entry},
        "sources": {**manifest["sources"], "identifiers": facts},
    }
