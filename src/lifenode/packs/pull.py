"""Fetch a published pack: its manifest first, then every file against its checksum."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lifenode.errors import PackError
from lifenode.packs.build import put_whole
from lifenode.packs.download import download
from lifenode.packs.manifest import MANIFEST
from lifenode.packs.pack import open_pack


def pull_pack(url: str, packs: Path, *, progress: Callable[[int, int | None], None] | None = None) -> Path:
    """Fetch the pack published at `url` into the folder `packs`.

    Parameters
    ----------
    url
        Address of the pack's folder (http, https or file).
    packs
        Where packs are kept; the pack's own folder is named after it.
    progress
        Called with the bytes of the current file so far, and its size.

    Returns
    -------
    Path
        The pack's folder, complete and checked.

    Raises
    ------
    DownloadFailed
        A file cannot be fetched, or differs from its checksum; nothing is kept of it.
    PackError
        What lies there is not a pack.
    """
    base = url.rstrip("/")
    with TemporaryDirectory() as scratch:
        manifest = download(f"{base}/{MANIFEST}", Path(scratch) / MANIFEST)
        name, files = _listing(manifest, base)
        with put_whole(packs / name) as part:
            shutil.copy(manifest, part / MANIFEST)
            for file, entry in files.items():
                download(f"{base}/{file}", part / file, sha256=entry["sha256"], size=entry["bytes"], progress=progress)
            open_pack(part).verify()
    return packs / name


def _listing(manifest: Path, base: str) -> tuple[str, dict[str, dict[str, Any]]]:
    """Return the pack's name and its files, refusing names that lead elsewhere."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        name, files = str(content["name"]), dict(content["files"])
        for plain in (name, *files):
            if Path(plain).name != plain or plain.startswith("."):
                raise PackError(f'The manifest at {base} names "{plain}", which is not a plain file name.', value=plain)
    except (ValueError, KeyError, TypeError) as error:
        raise PackError(
            f"{base}/manifest.json is not the manifest of a pack.",
            value=base,
            next_step="Give the address of a pack's folder.",
        ) from error
    return name, files
