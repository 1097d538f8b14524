"""The manifest of a pack: what it holds, where each table comes from, and the checksum of every file."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lifenode.errors import PackError, PackNotFound, TamperedPack

MANIFEST = "manifest.json"
FORMAT = 1
"""The folder layout this version reads."""

TABLE_SOURCES = ("genes", "identifiers", "orthologs", "variants")
"""Entries among a pack's sources that stand for a table, not for a source of annotations."""

# Names become parts of paths, so nothing that climbs out of a folder is let in.
_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,199}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class SourceInfo:
    """Where a source of a pack comes from.

    Attributes
    ----------
    name, version, date, licence, attribution, url
        As its publisher states them.
    evidence
        ``codes`` (evidence codes), ``experimental_flag`` (experimental or not) or ``none``.
    dropped
        Rows of the raw files left out, by reason.
    """

    name: str
    version: str = ""
    date: str = ""
    licence: str = ""
    attribution: str = ""
    url: str = ""
    evidence: str = "none"
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Manifest:
    """A manifest that was read and found sound.

    Attributes
    ----------
    content
        The JSON document.
    fingerprint
        SHA-256 of the bytes of ``manifest.json``; it stands for the whole pack, since it covers every checksum.
    name, release, organism, scientific_name, display_name, taxonomy_id
        What the pack is and of whom.
    checksums
        SHA-256 of each file, by file name.
    sources
        Provenance of each annotation source, and of ``genes`` and ``identifiers``.
    """

    content: Mapping[str, Any]
    fingerprint: str
    name: str
    release: str
    organism: str
    scientific_name: str
    display_name: str
    taxonomy_id: int
    checksums: Mapping[str, str]
    sources: Mapping[str, SourceInfo]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of the pack in `folder`.

    Raises
    ------
    PackNotFound
        `folder` holds no manifest.
    PackError
        The manifest is damaged, or written by a newer version.
    """
    path = folder / MANIFEST
    try:
        raw = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise PackNotFound(
            f"{folder} is not a knowledge pack: it holds no {MANIFEST}.",
            value=folder,
            next_step="Name a pack folder or an organism; `lifenode packs list` shows all.",
        ) from error
    except OSError as error:
        raise PackError(f"{path} cannot be read: {error.strerror or error}.", value=path) from error
    try:
        content = json.loads(raw)
        found = content["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(path, "it is not the JSON document of a pack") from error
    if found != FORMAT:
        raise PackError(
            f"{path} is of format {found}; this version of lifenode reads format {FORMAT}.",
            value=found,
            next_step="Upgrade lifenode, or build the pack again with `lifenode packs build`.",
        )
    return _parse(path, content, hashlib.sha256(raw).hexdigest())


def _parse(path: Path, content: Mapping[str, Any], fingerprint: str) -> Manifest:
    try:
        organism = content["organism"]
        manifest = Manifest(
            content=content,
            fingerprint=fingerprint,
            name=str(content["name"]),
            release=str(content["release"]),
            organism=str(organism["id"]),
            scientific_name=str(organism["scientific_name"]),
            display_name=str(organism["display_name"]),
            taxonomy_id=int(organism["taxonomy_id"]),
            checksums={str(name): str(facts["sha256"]) for name, facts in content["files"].items()},
            sources={str(code): _source(facts) for code, facts in content["sources"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _damaged(path, f"{error} is missing or of the wrong kind") from error
    for name in (manifest.name, manifest.organism, *manifest.checksums):
        if not _SAFE_NAME.fullmatch(name):
            raise _damaged(path, f"the name {name!r} is not allowed")
    for name, checksum in manifest.checksums.items():
        if not _SHA256.fullmatch(checksum):
            raise _damaged(path, f"the checksum of {name} is not a SHA-256")
    return manifest


def _source(facts: Mapping[str, Any]) -> SourceInfo:
    dropped = {str(reason): int(count) for reason, count in facts.get("dropped", {}).items()}
    texts = ("name", "version", "date", "licence", "attribution", "url", "evidence")
    return SourceInfo(**{name: str(facts[name]) for name in texts if name in facts}, dropped=dropped)


def _damaged(path: Path, problem: str) -> PackError:
    return PackError(
        f"{path} is damaged: {problem}.",
        value=path,
        next_step="Build or pull the pack again; `lifenode packs verify` checks the others.",
    )


def read_checked(path: Path, expected: str) -> bytes:
    """Return the bytes of a pack's file, whose SHA-256 must be `expected`.

    Raises
    ------
    TamperedPack
        The file differs; both checksums are named.
    PackError
        The file is missing or cannot be read.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise PackError(
            f"The pack {path.parent} cannot be used: {path.name} cannot be read ({error.strerror or error}).",
            value=path,
            next_step="Build or pull the pack again.",
        ) from error
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise TamperedPack(
            f"{path} was changed: its SHA-256 is {found}, the manifest says {expected}.",
            value=path,
            next_step="Build or pull the pack again; nothing was read from it.",
        )
    return data
