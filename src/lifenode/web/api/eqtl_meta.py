"""Where the numbers of an answer about eQTL come from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lifenode
from lifenode.eqtl.gene_names import genes_named

REFERENCE = "doi:10.1038/s41588-021-00924-w"


def provenance(question: Mapping[str, Any], release: str | None, size: int | None) -> dict[str, Any]:
    """Return what was asked after defaults, for the meta data of an answer."""
    return {
        "lifenode": lifenode.__version__, "parameters": {**question, "release": release, "limit": size},
        "genes": genes_named(question.get("gene")), "assembly": "GRCh38", "reference": REFERENCE,
    }  # fmt: skip
