"""A pack small enough to check by eye, written without the code under test.

The GO terms form this graph (children below their parents)::

    GO:0000001 (MF)      GO:0000010 (BP) root
         |                /        \\
    GO:0000002 (MF)  GO:0000011   GO:0000012
            \\             \\        /
             part_of       GO:0000013      GO:0000014 (no gene)
              \\             |
               `------> (GO:0000011)       GO:0000020 (CC, no gene)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

MF1, MF2, ROOT, LEFT, RIGHT, DIAMOND, EMPTY, CC_EMPTY, REACTOME, PHENOTYPE, PHENOTYPE_CHILD = range(11)

TERMS = [
    ("GO:MF", "GO:0000001", "catalysis", []),
    ("GO:MF", "GO:0000002", "ligase activity", [MF1, LEFT]),
    ("GO:BP", "GO:0000010", "process", []),
    ("GO:BP", "GO:0000011", "repair", [ROOT]),
    ("GO:BP", "GO:0000012", "réponse", [ROOT]),
    ("GO:BP", "GO:0000013", "repair in response", [LEFT, RIGHT]),
    ("GO:BP", "GO:0000014", "never annotated", [ROOT]),
    ("GO:CC", "GO:0000020", "never annotated either", []),
    ("REAC", "R-TST-1", "pathway", []),
    ("HP", "HP:0000001", "phenotype", []),
    ("HP", "HP:0000002", "sign", [PHENOTYPE]),
]

# gene_id, symbol, chromosome, start, end, strand, primary assembly
GENES = [
    ("TSTG00000000", "ALPHA", "1", 100, 200, 1, True),
    ("TSTG00000001", "BETA", "1", 300, 400, -1, True),
    ("TSTG00000002", "GAMMA", "2", 5, 50, 1, True),
    ("TSTG00000003", "ALPHA", "HSCHR1_ALT", 100, 200, 1, False),
    ("TSTG00000004", "", "", 0, 0, 0, True),
]

ANNOTATIONS = [
    (MF2, 0, "IDA"),
    (MF2, 0, "IEA"),
    (MF2, 3, "IDA"),  # alternative contig: takes no part
    (DIAMOND, 1, "IEA"),
    (DIAMOND, 2, "TAS"),
    (RIGHT, 2, "unrecorded"),
    (LEFT, 1, "experimental"),
    (MF1, 1, "unrecorded"),
    (REACTOME, 0, ""),
    (REACTOME, 4, ""),
    (PHENOTYPE_CHILD, 2, ""),
]


@dataclass
class SmallPack:
    """What `write` puts on disk; change a part before writing to break it."""

    terms: list[tuple[str, str, str, list[int]]] = field(default_factory=lambda: list(TERMS))
    genes: list[tuple[Any, ...]] = field(default_factory=lambda: list(GENES))
    annotations: list[tuple[int, int, str]] = field(default_factory=lambda: list(ANNOTATIONS))
    go_evidence: str = "codes"
    organism: str = "tsapiens"
    scientific_name: str = "Testus sapiens"
    display_name: str = "Test human"
    release: str = "2026.11"

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables of the contract."""
        ids, symbols, chromosomes, starts, ends, strands, primary = zip(*self.genes, strict=True)
        genes = pl.DataFrame(
            {
                "gene_id": ids,
                "symbol": symbols,
                "name": [f"gene {symbol}" if symbol else "" for symbol in symbols],
                "biotype": pl.Series(["protein_coding"] * len(ids), dtype=pl.Categorical),
                "chromosome": chromosomes,
                "start": pl.Series(starts, dtype=pl.Int32),
                "end": pl.Series(ends, dtype=pl.Int32),
                "strand": pl.Series(strands, dtype=pl.Int8),
                "primary_assembly": primary,
            }
        )
        named = [("ENSG", gene_id, i) for i, gene_id in enumerate(ids)]
        named += [("SYMBOL", symbol, i) for i, symbol in enumerate(symbols) if symbol]
        schema: dict[str, Any] = {"namespace": pl.String, "identifier": pl.String, "gene": pl.Int32}
        term_schema: dict[str, Any] = {
            "source": pl.String,
            "term_id": pl.String,
            "name": pl.String,
            "parents": pl.List(pl.Int32),
        }
        pair_schema: dict[str, Any] = {"term": pl.Int32, "gene": pl.Int32, "evidence": pl.String}
        return {
            "genes": genes,
            "identifiers": pl.DataFrame(sorted(named), schema=schema, orient="row"),
            "terms": pl.DataFrame(self.terms, schema=term_schema, orient="row"),
            "annotations": pl.DataFrame(self.annotations, schema=pair_schema, orient="row"),
        }

    def manifest(self, files: dict[str, Any]) -> dict[str, Any]:
        """Return the manifest of a pack with these files."""
        evidence = {code: self.go_evidence if code.startswith("GO:") else "none" for code, *_ in self.terms}
        facts = {"version": "1", "date": "2026-11-22", "licence": "CC0", "attribution": "x", "url": "", "dropped": {}}
        return {
            "format": 1,
            "name": f"{self.organism}-{self.release}",
            "release": self.release,
            "organism": {
                "id": self.organism,
                "scientific_name": self.scientific_name,
                "display_name": self.display_name,
                "taxonomy_id": 1,
            },
            "built": "2026-11-22",
            "files": files,
            "sources": {code: {"name": code, "evidence": kind, **facts} for code, kind in evidence.items()},
            "evidence_note": "Made up.",
        }

    def write(self, folder: Path) -> Path:
        """Write the pack to `folder`."""
        folder.mkdir(parents=True)
        files = {}
        for name, table in self.tables().items():
            path = folder / f"{name}.parquet"
            table.write_parquet(path, compression="zstd")
            data = path.read_bytes()
            files[path.name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data), "rows": table.height}
        (folder / "manifest.json").write_text(json.dumps(self.manifest(files)), encoding="utf-8")
        return folder


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest of a pack on disk."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
