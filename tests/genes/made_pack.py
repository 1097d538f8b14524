"""A pack made to hold every clash of names that the rules of identifiers speak of."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.packs.pack import Pack, open_pack
from tests.packs.small_pack import SmallPack

# gene_id, symbol, chromosome, start, end, strand, primary assembly
CAT, DOG, CAT_COPY, OWL_ONE, OWL_TWO, SEPTIN, LOWER, UPPER, OFF_ONE, OFF_TWO = range(10)
GENES = [
    ("TSTG00", "Cat", "1", 100, 200, 1, True),
    ("TSTG01", "Dog", "1", 150, 400, -1, True),
    ("TSTG02", "Cat", "CHR_ALT", 100, 200, 1, False),
    ("TSTG03", "Owl1", "2", 5, 50, 1, True),
    ("TSTG04", "Owl2", "MT", 1, 9, 1, True),
    ("TSTG05", "Septin2", "X", 1000, 2000, 1, True),
    ("TSTG06", "fox", "X", 3000, 4000, 1, True),
    ("TSTG07", "Fox", "X", 3500, 3600, 1, True),
    ("TSTG08", "Off", "CHR_ALT", 300, 400, 1, False),
    ("TSTG09", "Off", "CHR_ALT", 500, 600, 1, False),
]
ANNOTATIONS = [(3, 3, "IDA"), (5, 3, "IDA"), (3, 4, "IDA"), (8, 0, ""), (8, 1, "")]
NAMES = [
    ("ALIAS", "CAT", DOG),
    ("ALIAS", "bird", OWL_ONE),
    ("ALIAS", "bird", OWL_TWO),
    ("ALIAS", "feline", CAT),
    ("ALIAS", "feline", CAT_COPY),
    ("ALIAS", "wolf", CAT),
    ("ALIAS", "none", DOG),
    ("PREVIOUS_SYMBOL", "wolf", DOG),
    ("PREVIOUS_SYMBOL", "Sept2", SEPTIN),
    ("PREVIOUS_SYMBOL", "ｗｉｄｅ", DOG),
    ("ENTREZGENE", "17", CAT),
    ("ENTREZGENE", "18", DOG),
    ("HGNC", "HGNC:17", DOG),
    ("UNIPROT", "P12345", CAT),
    ("REFSEQ", "NM_000017", CAT),
    ("REFSEQ", "NM_000018.3", DOG),
    ("ALIAS", "99", DOG),
]
# rsid, chromosome, position, end, alleles, genes, consequences (gene, term, times), who says in which genes
VARIANTS: list[tuple[Any, ...]] = [
    ("rs5", "1", 119, 120, "-/T", [CAT], [], "position"),
    ("", "1", 120, 120, "A/C", [CAT], [(CAT, "stop_gained", 2)], "source"),
    (
        *("rs10", "1", 120, 120, "A/G", [CAT, DOG]),
        [(DOG, "intron_variant", 5), (CAT, "missense_variant", 1), (CAT, "intron_variant", 2)],
        "source",
    ),
    ("rs12", "1", 160, 163, "ATAT/A", [CAT, DOG], [], "position"),
    ("rs2", "1", 9999, 9999, "A/T", [], [(-1, "intergenic_variant", 1)], "source"),
    ("rs7", "2", 6, 6, "", [OWL_ONE], [(OWL_ONE, "missense_variant", 1)], "source"),
    ("rs8", "X", 3100, 3100, "C/G", [LOWER], [], "source"),
    ("rs8", "X", 3550, 3550, "C/G", [LOWER, UPPER], [], "source"),
]


@dataclass
class MadePack(SmallPack):
    """The small pack with genes, names and variants of its own."""

    genes: list[tuple[Any, ...]] = field(default_factory=lambda: list(GENES))
    annotations: list[tuple[int, int, str]] = field(default_factory=lambda: list(ANNOTATIONS))
    with_variants: bool = True

    def tables(self) -> dict[str, pl.DataFrame]:
        tables = super().tables()
        own = tables["identifiers"]
        more = pl.DataFrame(NAMES, schema=own.schema, orient="row")
        tables["identifiers"] = pl.concat([own, more]).sort("namespace", "identifier", "gene")
        if self.with_variants:
            stated = pl.Struct({"gene": pl.Int32, "term": pl.String, "times": pl.Int32})
            schema: dict[str, Any] = {
                "rsid": pl.String,
                "chromosome": pl.String,
                "position": pl.Int32,
                "end": pl.Int32,
                "alleles": pl.String,
                "genes": pl.List(pl.Int32),
                "consequences": pl.List(stated),
                "genes_by": pl.String,
            }
            fields = ("gene", "term", "times")
            rows = [(*row[:6], [dict(zip(fields, one, strict=True)) for one in row[6]], row[7]) for row in VARIANTS]
            tables["variants"] = pl.DataFrame(rows, schema=schema, orient="row")
        return tables


def made(folder: Path, *, with_variants: bool = True) -> Pack:
    """Write the pack into `folder` and open it."""
    return open_pack(MadePack(with_variants=with_variants).write(folder))
