"""Add a computed table to a pack that is already on disk."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import polars as pl

from lifenode.errors import OutputError, PackError

_ZSTD_LEVEL = 19


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
