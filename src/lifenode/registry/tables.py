"""The tables that ship with the package: tab-separated text, each with its checksum and its source in a manifest."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from lifenode._atomic import write_atomically
from lifenode.errors import PackError
from lifenode.packs.manifest import read_checked

FOLDER = Path(__file__).parent / "data"
MANIFEST = "manifest.json"

Row = Mapping[str, str]


@cache
def manifest(folder: Path = FOLDER) -> Mapping[str, Any]:
    """Return the manifest: checksums and rows of the tables, and their sources with licence and attribution.

    Raises
    ------
    PackError
        It is missing or damaged.
    """
    path = folder / MANIFEST
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        {name: str(facts["sha256"]) for name, facts in content["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PackError(
            f"{path} cannot be used: {error}.", value=path, next_step="Build it with `lifenode resources build`."
        ) from error
    return content


@cache
def table(name: str, folder: Path = FOLDER) -> tuple[Row, ...]:
    """Return the rows of a table as text by column name.

    Raises
    ------
    TamperedPack
        The file is not the one of the manifest.
    PackError
        It is missing.
    """
    files = manifest(folder)["files"]
    if name not in files:
        raise PackError(f"{folder} holds no table {name}.", value=name, next_step="Build it again.")
    text = read_checked(folder / name, files[name]["sha256"]).decode()
    return tuple(csv.DictReader(io.StringIO(text, newline=""), delimiter="\t", lineterminator="\n"))


def write_tables(folder: Path, tables: Mapping[str, Sequence[Row]], sources: Sequence[Mapping[str, str]]) -> None:
    """Write tables and their manifest; the same rows give the same bytes.

    Raises
    ------
    OutputError
        The folder cannot be written.
    """
    files = {}
    for name, rows in sorted(tables.items()):
        content = _text(rows).encode()
        write_atomically(folder / name, content)
        files[name] = {"bytes": len(content), "rows": len(rows), "sha256": hashlib.sha256(content).hexdigest()}
    content = json.dumps({"files": files, "sources": list(sources)}, indent=1, ensure_ascii=False).encode()
    write_atomically(folder / MANIFEST, content + b"\n")


def _text(rows: Sequence[Row]) -> str:
    target = io.StringIO()
    writer = csv.DictWriter(target, list(rows[0]), delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()
