"""Compile releases of EDAM into the tables that are shipped.

``python -m lifenode.edam.recipe ../shared/data/edam src/lifenode/edam/data`` reads every ``*.owl`` and the licence of a
folder and writes a table a release, the licence, and a manifest that says where they come from.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import sys
from pathlib import Path
from typing import Any

from lifenode._atomic import write_atomically
from lifenode.edam.concept import BRANCHES, COLUMNS, Concept, to_line
from lifenode.edam.owl import in_order, read_owl
from lifenode.edam.tokens import tokens
from lifenode.errors import LifenodeError, UnreadableInput

LICENCE = "LICENSE.txt"
ATTRIBUTION = (
    "EDAM, the ontology of data analysis and management, by its creators and contributors, http://edamontology.org; "
    "doi:10.7490/f1000research.1118900.1. Changed: re-tabulated, without definitions and comments, of which "
    "the bags list the stems in alphabetical order."
)


def compile_releases(source: Path, target: Path) -> dict[str, Any]:
    """Write the tables, the licence and the manifest.

    Parameters
    ----------
    source
        Folder with OWL files of EDAM and ``EDAM_LICENSE.txt``.
    target
        Folder that exists; files of the same names are replaced.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    UnreadableInput
        There is no OWL file, or no licence.
    """
    owls, licence = sorted(source.glob("*.owl")), source / "EDAM_LICENSE.txt"
    if not owls or not licence.is_file():
        raise UnreadableInput(
            f"{source} lacks {'an OWL file' if licence.is_file() else licence.name}.",
            value=source,
            next_step="Give a folder with EDAM.owl and EDAM_LICENSE.txt.",
        )
    entries = [_compile(owl, target) for owl in owls]
    manifest = {
        "attribution": ATTRIBUTION,
        "licence": "CC BY-SA 4.0",
        "licence_file": LICENCE,
        "licence_sha256": _sha256(licence.read_bytes()),
        "releases": sorted(entries, key=lambda entry: str(entry["release"])),
    }
    write_atomically(target / LICENCE, licence.read_bytes())
    write_atomically(target / "manifest.json", (json.dumps(manifest, indent=1, sort_keys=True) + "\n").encode())
    return manifest


def _compile(owl: Path, target: Path) -> dict[str, Any]:
    release, date, concepts = read_owl(owl)
    content = _packed("".join(f"{line}\n" for line in ("\t".join(COLUMNS), *map(to_line, in_order(concepts)))))
    name = f"edam_{release}.tsv.gz"
    write_atomically(target / name, content)
    bags = _packed("".join(f"{own.id}\t{' '.join(_bag(own))}\n" for own in in_order(concepts)))
    write_atomically(target / f"bags_{release}.tsv.gz", bags)
    return {
        "bags_file": f"bags_{release}.tsv.gz",
        "bags_sha256": _sha256(bags),
        "concepts": {branch: _counts(concepts, branch) for branch in BRANCHES},
        "date": date,
        "file": name,
        "release": release,
        "sha256": _sha256(content),
        "source_file": owl.name,
        "source_sha256": _sha256(owl.read_bytes()),
        "url": f"http://edamontology.org/EDAM_{release}.owl",
    }


def _bag(concept: Concept) -> list[str]:
    """Return the stems of a concept's prose, each once, in alphabetical order."""
    return sorted({stem for text in (concept.definition, *concept.comments) for stem in tokens(text)})


def _counts(concepts: list[Concept], branch: str) -> dict[str, int]:
    own = [concept for concept in concepts if concept.branch == branch]
    obsolete = sum(concept.obsolete for concept in own)
    return {"live": len(own) - obsolete, "obsolete": obsolete}


def _packed(text: str) -> bytes:
    """Return text as gzip without a time, so that the same text gives the same bytes."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as packed:
        packed.write(text.encode())
    return buffer.getvalue()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """Compile the releases of one folder into another."""
    if len(arguments) != 2:
        sys.stderr.write("usage: python -m lifenode.edam.recipe FOLDER_WITH_OWL TARGET_FOLDER\n")
        return 2
    try:
        manifest = compile_releases(Path(arguments[0]), Path(arguments[1]))
    except LifenodeError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    for entry in manifest["releases"]:
        sys.stdout.write(f"{entry['file']}\t{entry['release']}\t{entry['date']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
