"""`lifenode.genes`: the genes of an organism, as a table."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lifenode.packs.pack import open_pack
from lifenode.table import Column, Table

COLUMNS = (
    Column("gene_id", "text", "identifier of the gene in its reference database"),
    Column("symbol", "text", "current symbol; empty where there is none"),
    Column("name", "text", "full name of the gene"),
    Column("biotype", "text", "kind of gene"),
    Column("chromosome", "text", "chromosome or contig; empty where the position is not known"),
    Column("start", "integer", "first base, 1-based; 0 where the position is not known"),
    Column("end", "integer", "last base, 1-based and inclusive"),
    Column("strand", "integer", "1, -1, or 0 where it is not known"),
    Column("primary_assembly", "boolean", "whether the gene lies on the primary assembly"),
    Column("go_annotations", "integer", "distinct direct Gene Ontology annotations"),
)


def genes(organism: str | Path = "hsapiens") -> Table:
    """List the genes of an organism.

    Parameters
    ----------
    organism
        Identifier of the organism, or the folder of a pack.

    Returns
    -------
    Table
        A row per gene; coordinates are 1-based and inclusive.

    Examples
    --------
    >>> table = genes("scerevisiae")
    >>> table["gene_id"][list(table["symbol"]).index("ACT1")]
    'YFL039C'
    """
    pack = open_pack(organism)
    view = pack.genes()
    source = pack.sources["genes"]
    return Table(
        COLUMNS,
        {
            "gene_id": view.gene_ids.to_list,
            "symbol": view.symbols.to_list,
            "name": view.names.to_list,
            "biotype": view.biotypes.to_list,
            "chromosome": view.chromosomes.to_list,
            "start": lambda: view.start.astype(np.int64),
            "end": lambda: view.end.astype(np.int64),
            "strand": lambda: view.strand.astype(np.int64),
            "primary_assembly": lambda: np.asarray(view.primary, dtype=bool),
            "go_annotations": lambda: view.go_annotations.astype(np.int64),
        },
        {
            "organism": pack.organism,
            "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
            "source": {"version": source.version, "licence": source.licence, "attribution": source.attribution},
        },
        len(view.gene_ids),
    )
