"""The starter packs: from the folder of annotation tables to the packs that ship with lifenode.

``python -m lifenode.packs.recipes.starter FOLDER TARGET`` rebuilds them all.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from lifenode.errors import LifenodeError
from lifenode.packs import catalog
from lifenode.packs.build import PackContent, write_pack
from lifenode.packs.recipes import starter_animals, starter_human, starter_others
from lifenode.packs.recipes.orthologs import orthologs_frame
from lifenode.packs.recipes.parts import Dropped, Part, assemble
from lifenode.packs.recipes.tables import Tables

Recipe = Callable[[Tables, Dropped], tuple[pl.DataFrame, pl.DataFrame, list[Part]]]

RECIPES: dict[str, Recipe] = {
    "hsapiens": starter_human.human,
    "mmusculus": starter_animals.mouse,
    "rnorvegicus": starter_animals.rat,
    "scerevisiae": starter_others.yeast,
    "dmelanogaster": starter_animals.fly,
    "celegans": starter_animals.worm,
    "drerio": starter_others.zebrafish,
    "ggallus": starter_animals.chicken,
    "athaliana": starter_others.thale_cress,
}
"""The recipe of each organism, by organism id."""


def recognises(folder: Path) -> bool:
    """Return whether `folder` holds the annotation tables."""
    return (Path(folder) / "tables" / "go_terms.tsv.gz").is_file()


def content(organism: str, folder: Path, tables: Tables | None = None) -> PackContent:
    """Return the content of the starter pack of `organism`.

    Parameters
    ----------
    organism
        Organism id.
    folder
        Folder of annotation tables.
    tables
        The same folder, already open; spares reading the ontology again.
    """
    known = catalog.organism(organism)
    dropped = Dropped()
    tables = tables or Tables(folder)
    genes, identifiers, parts = RECIPES[known.id](tables, dropped)
    orthologs = orthologs_frame(known.taxonomy_id, identifiers, tables.hcop, tables.homologene, dropped)
    variants = starter_human.variants(tables, genes, identifiers, dropped) if known.id == "hsapiens" else None
    facts = catalog.starter_facts(known.id)
    made = assemble(known, catalog.release(), genes, identifiers, parts, facts, dropped, built=catalog.built())
    return replace(made, orthologs=orthologs, variants=variants)


def main(arguments: Sequence[str] | None = None) -> int:
    """Rebuild starter packs from the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m lifenode.packs.recipes.starter", description="Rebuild the starter packs."
    )
    parser.add_argument("folder", type=Path, help="folder of annotation tables (holds tables/ and upstream/)")
    parser.add_argument("target", type=Path, help="folder that gets one pack an organism")
    parser.add_argument("--organism", action="append", choices=list(RECIPES), help="only this one; may be repeated")
    given = parser.parse_args(arguments)
    tables = Tables(given.folder)
    try:
        for organism in given.organism or RECIPES:
            pack = write_pack(content(organism, given.folder, tables), given.target / organism)
            size = sum(path.stat().st_size for path in pack.iterdir())
            sys.stderr.write(f"{organism}: {size / 1e6:.1f} MB\n")
    except LifenodeError as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
