"""From HCOP's pairs and HomoloGene's groups to the table of a pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifenode.packs import catalog
from lifenode.packs.contract import check_orthologs
from lifenode.packs.recipes.orthologs import ORGANISMS, orthologs_frame
from lifenode.packs.recipes.parts import Dropped
from lifenode.packs.recipes.tables import Tables
from tests.packs.starter_packs import table as starter_table

HCOP: dict[str, Any] = {
    "human_symbol": pl.String,
    "human_entrez": pl.String,
    "human_ensembl": pl.String,
    "taxonomy_id": pl.Int32,
    "symbol": pl.String,
    "entrez": pl.String,
    "ensembl": pl.String,
    "support": pl.List(pl.String),
}
HOMOLOGENE: dict[str, Any] = {"group": pl.String, "taxonomy_id": pl.Int32, "entrez": pl.String, "symbol": pl.String}
IDENTIFIERS: dict[str, Any] = {"namespace": pl.String, "identifier": pl.String, "gene": pl.Int32}

NAMES = [
    ("ENSG", "G0", 0), ("ENSG", "G1", 1), ("ENSG", "G2", 2), ("ENTREZGENE", "10", 0), ("ENTREZGENE", "11", 1),
    ("ENTREZGENE", "11", 2), ("SYMBOL", "ALPHA", 0), ("SYMBOL", "TWICE", 1), ("SYMBOL", "TWICE", 2),
]  # fmt: skip


def frame(
    taxon: int, pairs: list[tuple[Any, ...]], groups: list[tuple[Any, ...]]
) -> tuple[list[tuple[Any, ...]], dict[str, int]]:
    dropped = Dropped()
    table = orthologs_frame(
        taxon,
        pl.DataFrame(NAMES, schema=IDENTIFIERS, orient="row"),
        pl.DataFrame(pairs, schema=HCOP, orient="row"),
        pl.DataFrame(groups, schema=HOMOLOGENE, orient="row"),
        dropped,
    )
    check_orthologs(table, 3)
    return table.rows(), dropped.of("orthologs")


def test_pairs_are_seen_from_either_side() -> None:
    pairs = [("ALPHA", "10", "G0", 10090, "Alpha", "20", "M0", ["NCBI", "Ensembl"])]
    rows, dropped = frame(9606, pairs, [])
    assert rows == [(0, "mmusculus", "M0", "20", "Alpha", "HCOP", "Ensembl|NCBI")]
    rows, _ = frame(10090, [("ALPHA", "20", "H0", 10090, "Alpha", "10", "G0", ["NCBI"])], [])
    assert rows == [(0, "hsapiens", "H0", "20", "ALPHA", "HCOP", "NCBI")]
    assert dropped == {}


def test_an_id_speaks_where_better_ones_are_silent() -> None:
    pairs = [
        ("ALPHA", "10", "G1", 10090, "", "1", "", ["NCBI"]),  # Ensembl says 1, whatever the others say
        ("ALPHA", "11", "gone", 10090, "", "2", "", ["NCBI"]),  # Entrez: two genes
        ("ALPHA", "99", "gone", 10090, "", "3", "", ["NCBI"]),  # symbol
        ("TWICE", "99", "gone", 10090, "", "4", "", ["NCBI"]),  # a symbol of two genes says nothing
    ]
    rows, dropped = frame(9606, pairs, [])
    assert [(row[0], row[3]) for row in rows] == [(0, "3"), (1, "1"), (1, "2"), (2, "2")]
    assert dropped == {"HCOP: gene that is not in the pack": 1}


def test_groups_join_all_their_members_and_nothing_else() -> None:
    groups = [
        ("7", 9606, "10", "ALPHA"), ("7", 10090, "20", "Alpha"), ("7", 10090, "21", "Alpha2"), ("7", 3702, "30", "ALP"),
        ("8", 10090, "22", "Other"), ("8", 3702, "31", "OTH"), ("9", 9606, "77", "GONE"), ("9", 3702, "30", "ALP"),
    ]  # fmt: skip
    rows, dropped = frame(9606, [], groups)
    assert rows == [
        (0, "athaliana", "", "30", "ALP", "HomoloGene", "HomoloGene:7"),
        (0, "mmusculus", "", "20", "Alpha", "HomoloGene", "HomoloGene:7"),
        (0, "mmusculus", "", "21", "Alpha2", "HomoloGene", "HomoloGene:7"),
    ]
    assert dropped == {"HomoloGene: gene that is not in the pack": 1}


def test_no_pair_is_inferred_through_human() -> None:
    pairs = [
        ("ALPHA", "1", "H0", 10090, "Alpha", "10", "G0", ["NCBI"]),
        ("ALPHA", "1", "H0", 7955, "alpha", "20", "Z0", ["NCBI"]),
    ]
    rows, _ = frame(10090, pairs, [])
    assert [row[1] for row in rows] == ["hsapiens"]


def test_yeast_is_the_species_or_the_strain() -> None:
    for own in (559292, 4932):
        for stated in (559292, 4932):
            rows, _ = frame(own, [("A", "1", "H0", stated, "Y", "10", "G0", ["NCBI"])], [("1", stated, "11", "B")])
            assert [row[:3] for row in rows] == [(0, "hsapiens", "H0")]
    assert catalog.organism("scerevisiae").taxonomy_id == 559292
    rows, _ = frame(9606, [("ALPHA", "10", "G0", 559292, "Y", "2", "Y0", ["NCBI"])], [])
    assert [row[1] for row in rows] == ["scerevisiae"]


def test_what_cannot_be_used_is_counted() -> None:
    pairs = [
        ("ALPHA", "10", "G0", 10090, "Alpha", "", "", ["NCBI"]),
        ("ALPHA", "10", "G0", 1234, "Alpha", "1", "", ["NCBI"]),
        ("ALPHA", "10", "G0", 10090, "Alpha", "1", "M0", ["NCBI", "Ensembl"]),
        ("OTHER", "10", "none", 10090, "Alpha", "1", "M0", ["OMA", "NCBI"]),
    ]
    rows, dropped = frame(9606, pairs, [])
    assert rows == [(0, "mmusculus", "M0", "1", "Alpha", "HCOP", "Ensembl|NCBI|OMA")]
    assert dropped == {
        "HCOP: organism without an id": 1,
        "HCOP: ortholog without an identifier": 1,
        "HCOP: same pair in several rows, their support joined": 1,
    }


def test_either_source_may_be_absent() -> None:
    identifiers = pl.DataFrame(NAMES, schema=IDENTIFIERS, orient="row")
    groups = pl.DataFrame([("7", 9606, "10", "A"), ("7", 10090, "20", "B")], schema=HOMOLOGENE, orient="row")
    assert orthologs_frame(9606, identifiers, None, groups, Dropped()).height == 1
    assert orthologs_frame(9606, identifiers, None, None, Dropped()).height == 0


def test_every_organism_of_the_catalogue_is_a_target() -> None:
    known = {entry.id for entry in catalog.organisms()}
    assert known <= set(ORGANISMS.values())
    assert len(set(ORGANISMS.values())) == len(ORGANISMS)
    for entry in catalog.organisms():
        assert ORGANISMS.get(entry.taxonomy_id, "scerevisiae") == entry.id


@pytest.mark.data
def test_the_real_tables_leave_out_few_rows(shared_data: Path) -> None:
    tables = Tables(shared_data / "annotation")
    assert set(tables.hcop["taxonomy_id"]) | set(tables.homologene["taxonomy_id"]) <= set(ORGANISMS)
    for organism, rows, lost in (("hsapiens", 367_000, 50), ("scerevisiae", 5_000, 0), ("drerio", 113_000, 1_000)):
        dropped = Dropped()
        taxon = catalog.organism(organism).taxonomy_id
        identifiers = starter_table(organism, "identifiers")
        table = orthologs_frame(taxon, identifiers, tables.hcop, tables.homologene, dropped)
        assert table.height > rows, organism
        counts = dropped.of("orthologs")
        assert sum(count for reason, count in counts.items() if "not in the pack" in reason) <= lost, organism
