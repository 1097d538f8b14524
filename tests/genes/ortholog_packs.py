"""Two packs made to hold every case of orthology: tsapiens, and ttarget, in which it has orthologs."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.packs.pack import Pack, open_pack
from tests.genes.made_pack import CAT, CAT_COPY, DOG, LOWER, OWL_ONE, OWL_TWO, SEPTIN, MadePack
from tests.packs.small_pack import SmallPack

TARGET_GENES = [
    ("TGTG00", "cat", "1", 1, 9, 1, True),
    ("TGTG01", "dog", "1", 11, 19, 1, True),
    ("TGTG02", "owl", "2", 1, 9, 1, True),
    ("TGTG03", "owl", "2_ALT", 1, 9, 1, False),
    ("TGTG04", "sept", "3", 1, 9, 1, True),
]

# gene, organism, Ensembl id, Entrez id, symbol, source, support
ORTHOLOGS = [
    (CAT, "ttarget", "TGTG00", "100", "old cat", "HCOP", "Ensembl|NCBI|OMA"),
    (CAT, "ttarget", "", "100", "cat", "HomoloGene", "HomoloGene:1"),
    (CAT_COPY, "ttarget", "TGTG00", "100", "old cat", "HCOP", "Ensembl|NCBI"),
    (DOG, "ttarget", "TGTG01", "101", "dog", "HCOP", "Ensembl|OMA"),
    (DOG, "ttarget", "TGTG02", "102", "owl", "HCOP", "Ensembl|NCBI|OMA|Panther"),
    (DOG, "ttarget", "TGTG02", "999", "owl", "HCOP", "Treefam"),
    (OWL_ONE, "ttarget", "", "102", "owl", "HomoloGene", "HomoloGene:2"),
    (OWL_TWO, "ttarget", "RETIRED", "103", "sept", "HCOP", "NCBI|OMA"),
    (SEPTIN, "ttarget", "ELSEWHERE", "104", "lost", "HCOP", "NCBI|OMA"),
    (CAT, "talone", "ALONE0", "200", "CAT", "HCOP", "NCBI|OMA"),
    (CAT, "talone", "", "200", "CAT", "HomoloGene", "HomoloGene:1"),
    (LOWER, "talone", "", "201", "FOX", "HomoloGene", "HomoloGene:3"),
]


@dataclass
class Query(MadePack):
    """The made pack with orthologs."""

    orthologs: list[tuple[Any, ...]] = field(default_factory=lambda: list(ORTHOLOGS))

    def tables(self) -> dict[str, pl.DataFrame]:
        names = ("gene", "target_organism", "target_gene", "target_entrez", "target_symbol", "source", "support")
        schema: dict[str, Any] = {name: pl.Int32 if name == "gene" else pl.String for name in names}
        rows = pl.DataFrame(self.orthologs, schema=schema, orient="row")
        return super().tables() | {"orthologs": rows.sort(names)}

    def manifest(self, files: dict[str, Any]) -> dict[str, Any]:
        made = super().manifest(files)
        made["sources"]["orthologs"] = {**made["sources"]["REAC"], "name": "HCOP + HomoloGene"}
        return made


@dataclass
class Target(SmallPack):
    """The pack of the other organism."""

    organism: str = "ttarget"
    scientific_name: str = "Testus target"
    display_name: str = "Target"
    genes: list[tuple[Any, ...]] = field(default_factory=lambda: list(TARGET_GENES))
    annotations: list[tuple[int, int, str]] = field(default_factory=list)

    def tables(self) -> dict[str, pl.DataFrame]:
        tables = super().tables()
        own = tables["identifiers"]
        more = [("ENTREZGENE", "100", 0), ("ENTREZGENE", "101", 1), ("ENTREZGENE", "102", 3), ("ENTREZGENE", "102", 2)]
        rows = pl.concat([own, pl.DataFrame(more, schema=own.schema, orient="row")])
        return tables | {"identifiers": rows.sort("namespace", "identifier", "gene")}


def made(packs: Path) -> Pack:
    """Write both packs into the folder `packs` and open the one to ask."""
    Target().write(packs / "ttarget")
    return open_pack(Query().write(packs / "tsapiens"))
