"""Gene sets that somebody sends: the text of a GMT file."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lifenode.enrichment.gene_sets import GeneSets
from lifenode.errors import LifenodeError

_COLLECTIONS_KEPT = 8
_LONGEST_NAME = 100


def read_gene_sets(name: str, text: str) -> GeneSets:
    """Return the gene sets in a GMT text.

    Parameters
    ----------
    name
        What the collection is called.
    text
        Content of the file.

    Raises
    ------
    LifenodeError
        It is no GMT, too large, or holds no set; lines are named.
    """
    title = clean_name(name)
    with tempfile.TemporaryDirectory(prefix="lifenode-") as folder:
        path = Path(folder) / "sets.gmt"
        path.write_text(text, encoding="utf-8", newline="\n")
        try:
            return replace(GeneSets.read(path), name=title)
        except LifenodeError as error:
            value = title if error.value == path else error.value
            detail = error.detail.replace(str(path), title)
            raise type(error)(detail, value=value, next_step=error.next_step) from error


@lru_cache(maxsize=_COLLECTIONS_KEPT)
def parsed(name: str, text: str) -> GeneSets:
    """Return the gene sets in a GMT text, parsed once in a process; see `read_gene_sets`."""
    return read_gene_sets(name, text)


def clean_name(name: str) -> str:
    """Return what a collection is called: the file's name without folders and ending."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    shown = "".join(character for character in bare if character.isprintable())[:_LONGEST_NAME]
    return shown.removesuffix(".gmt").removesuffix(".zip") or "custom"
