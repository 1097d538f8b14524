"""What `lifenode.batch` needs of the enrichment: options whose files are read once, not once a list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifenode.enrichment.gene_sets import GeneSets
from lifenode.genes.lists import read_background


def read_once(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of `lifenode.enrich` with what they name read, so that no worker reads it again."""
    read = dict(options)
    if read.get("background") is not None:
        read["background"] = read_background(read["background"])
    if read.get("gene_sets") is not None:
        read["gene_sets"] = GeneSets.of(read["gene_sets"])
    return read
