"""Where packs lie: those an operator built or pulled first, then those that ship with lifenode."""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from pathlib import Path

from lifenode.errors import PackError, UnknownOrganism, nearest
from lifenode.packs.manifest import MANIFEST, Manifest, read_manifest
from lifenode.settings import settings

STARTER = Path(__file__).parent / "starter"
"""The packs that ship with lifenode, one folder an organism."""

_log = logging.getLogger("lifenode")
_ORGANISM = re.compile(r"[a-z0-9_-]{1,64}")


def installed() -> list[Path]:
    """Return every pack folder, the one in force for an organism before its others.

    Packs of ``LIFENODE_PACKS_DIR`` come before the starter packs, and newer releases before older ones. Folders whose
    manifest cannot be read are left out with a warning.
    """
    return [path for path, _ in _known()]


def known_packs() -> list[Manifest]:
    """Return the manifest of the pack in force for each organism, without a look at its tables."""
    in_force: dict[str, Manifest] = {}
    for _, manifest in _known():
        in_force.setdefault(manifest.organism, manifest)
    return list(in_force.values())


def pack_folder(organism: str) -> Path:
    """Return the folder of the pack in force for an organism id.

    Raises
    ------
    UnknownOrganism
        No installed pack is of this organism; the nearest are offered.
    """
    for path, manifest in _packs_in(settings().packs_dir):
        if manifest.organism == organism:
            return path
    # The common case by its name alone, without a look at the manifests of the other organisms.
    starter = STARTER / organism if _ORGANISM.fullmatch(organism) else None
    if starter is not None and (starter / MANIFEST).is_file():
        return starter
    raise _unknown(organism)


def _known() -> list[tuple[Path, Manifest]]:
    return _packs_in(settings().packs_dir) + _packs_in(STARTER)


def _packs_in(place: Path) -> list[tuple[Path, Manifest]]:
    found = []
    try:
        folders = sorted(path for path in place.iterdir() if not path.name.startswith("."))
    except OSError:
        return []
    for folder in folders:
        try:
            state = (folder / MANIFEST).stat()
            found.append((folder.absolute(), _manifest(folder, state.st_size, state.st_mtime_ns)))
        except OSError:
            continue
        except PackError as error:
            _log.warning("%s", error)
    newest_first = sorted(found, key=lambda pack: _release_order(pack[1].release), reverse=True)
    return sorted(newest_first, key=lambda pack: pack[1].organism)


@lru_cache(maxsize=256)
def _manifest(folder: Path, _size: int, _changed: int) -> Manifest:
    return read_manifest(folder)


def _release_order(release: str) -> tuple[list[int], str]:
    return [int(number) for number in re.findall(r"\d+", release)], release


def _unknown(organism: str) -> UnknownOrganism:
    spoken: dict[str, str] = {}
    for _, pack in _known():
        answer = f"{pack.organism} ({pack.scientific_name})"
        names = (pack.organism, pack.scientific_name, pack.display_name, str(pack.taxonomy_id))
        spoken |= {name.casefold(): answer for name in names}
    asked = organism.casefold().strip().replace("_", " ")
    hits = [spoken[asked]] if asked in spoken else [spoken[hit] for hit in nearest(asked, spoken)]
    guess = f"Did you mean {' or '.join(dict.fromkeys(hits))}? " if hits else ""
    return UnknownOrganism(
        f'unknown organism "{organism}".', value=organism, next_step=f"{guess}`lifenode packs list` shows all."
    )
