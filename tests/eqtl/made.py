"""Files of summary statistics made for tests."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.eqtl.columns import NOMINAL
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers import batches_of
from lifenode.eqtl.readers_bytes import Source
from lifenode.eqtl.validate_associations import AssociationChecks

BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def row(place: int = 1000, trait: str = "ENSG00000000001", **changes: Any) -> dict[str, Any]:
    """Return a row of a nominal file without fault."""
    values: dict[str, Any] = {
        "molecular_trait_id": trait, "chromosome": "5", "position": place, "ref": "A", "alt": "G",
        "ma_samples": 9, "maf": 0.05, "pvalue": 0.01, "beta": 0.25, "se": 0.1, "type": "SNP", "ac": 10, "an": 200,
        "r2": 0.9, "molecular_trait_object_id": trait, "gene_id": trait, "median_tpm": 1.5, "rsid": f"rs{place}",
    }  # fmt: skip
    values |= changes
    given = f"chr{values['chromosome']}_{values['position']}_{values['ref']}_{values['alt']}"
    return {name: values.get(name, given) for name in NOMINAL}


def text(rows: list[dict[str, Any]], columns: list[str] | None = None) -> bytes:
    """Return rows as a tab-separated file."""
    names = columns or list(rows[0])
    lines = ["\t".join(names), *("\t".join("NA" if r[n] is None else str(r[n]) for n in names) for r in rows)]
    return ("\n".join(lines) + "\n").encode()


def write(path: Path, rows: list[dict[str, Any]], columns: list[str] | None = None) -> Path:
    """Write rows to a file, packed if its name ends in .gz."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = text(rows, columns)
    path.write_bytes(gzip.compress(content, mtime=0) if path.suffix == ".gz" else content)
    return path


def bgzf(content: bytes, block: int = 65_280) -> bytes:
    """Return content packed as bgzip does."""
    parts = []
    for start in range(0, len(content), block):
        piece = content[start : start + block]
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(piece) + packer.flush()
        header = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(packed) + 25)
        parts.append(header + packed + struct.pack("<II", zlib.crc32(piece), len(piece)))
    return b"".join(parts) + BGZF_END


def checked(path: Path) -> tuple[pl.DataFrame, Findings]:
    """Return the rows of a nominal file that pass the checks, and what was found."""
    findings = Findings()
    checks = AssociationChecks(path.name, findings)
    frames = [checks.checked(frame) for frame in batches_of(Source(path), "nominal", findings)]
    return pl.concat(frames), findings
