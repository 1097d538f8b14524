from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import hcop
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

HUMAN = "human_entrez_gene human_ensembl_gene hgnc_id human_name human_symbol human_chr human_assert_ids"
MOUSE = rows(
    f"{HUMAN} mouse_entrez_gene mouse_ensembl_gene mgi_id mouse_name mouse_symbol mouse_chr mouse_assert_ids support",
    "7157 ENSG00000141510 HGNC:11998 tumor-protein-p53 TP53 17p13.1 ENSG00000141510 22059 ENSMUSG00000059552 MGI:98834 "
    "p53 Trp53 11 MGI:98834 Ensembl,HGNC,NCBI,OMA",
    "- ENSG00000000001 - - NEW1 - - - - - - Gm1 - - Panther",
)
ALL = rows(
    f"ortholog_species {HUMAN} ortholog_species_entrez_gene ortholog_species_ensembl_gene ortholog_species_db_id "
    "ortholog_species_name ortholog_species_symbol ortholog_species_chr ortholog_species_assert_ids support",
    "7955 7157 ENSG00000141510 HGNC:11998 tumor-protein-p53 TP53 17p13.1 - 30590 ENSDARG00000035559 "
    "ZDB-GENE-990415-270 p53 tp53 5 - Ensembl,ZFIN",
)
NARROW = rows(
    "human_symbol human_entrez human_ensembl taxon_id symbol entrez ensembl support support_n",
    "TP53 7157 ENSG00000141510 10090 Trp53 22059 ENSMUSG00000059552 Ensembl|HGNC 2",
)


@pytest.mark.parametrize("packing", PACKINGS)
def test_fifteen_columns(tmp_path: Path, packing: str) -> None:
    known, sparse = hcop.read(put(tmp_path, MOUSE, packing))
    assert known == hcop.Pair(
        human_symbol="TP53",
        human_entrez="7157",
        human_ensembl="ENSG00000141510",
        human_hgnc="HGNC:11998",
        taxonomy_id=10090,
        symbol="Trp53",
        entrez="22059",
        ensembl="ENSMUSG00000059552",
        database_id="MGI:98834",
        support=("Ensembl", "HGNC", "NCBI", "OMA"),
        line=2,
    )
    assert (sparse.human_entrez, sparse.database_id, sparse.support) == ("", "", ("Panther",))


@pytest.mark.parametrize(("species", "taxon"), [("zebrafish", 7955), ("c.elegans", 6239), ("s.cerevisiae", 4932)])
def test_species_by_the_header(tmp_path: Path, species: str, taxon: int) -> None:
    path = put(tmp_path, MOUSE.replace("mouse_", f"{species}_").replace("mgi_id", "own_id"))
    first = next(hcop.read(path))
    assert (first.taxonomy_id, first.symbol, first.database_id) == (taxon, "Trp53", "MGI:98834")


def test_file_of_all_species(tmp_path: Path) -> None:
    (pair,) = hcop.read(put(tmp_path, ALL))
    assert (pair.taxonomy_id, pair.symbol, pair.entrez) == (7955, "tp53", "30590")
    assert pair.database_id == "ZDB-GENE-990415-270"


def test_narrow_table_and_frame(tmp_path: Path) -> None:
    frame = hcop.pairs_frame(put(tmp_path, NARROW))
    assert frame.rows() == [
        ("TP53", "7157", "ENSG00000141510", "", 10090, "Trp53", "22059", "ENSMUSG00000059552", "", ["Ensembl", "HGNC"])
    ]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "no header line"),
        (MOUSE.replace("mouse_", "unicorn_"), 1, "names no species of HCOP"),
        (NARROW.replace("human_entrez", "human_gene"), 1, "the column human_entrez_gene is missing"),
        (NARROW.replace("10090", "mouse"), 2, "the taxonomy id is 'mouse'"),
        (NARROW.replace("\t2\n", "\n"), 2, "8 columns where the header has 9"),
    ],
)
def test_broken(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        list(hcop.read(path))
    assert_fault(caught, path, line, problem)


def test_table(shared_data: Path) -> None:
    frame = hcop.pairs_frame(shared_data / "annotation/tables/orthologs_hcop_2022-09.tsv.gz")
    assert frame.height == 266_561
    assert frame["support"].list.len().sum() == 1_431_289  # the sum of the file's own column support_n
    counts = Counter(frame["taxonomy_id"])
    assert (counts[10090], counts[10116], counts[7955], counts[4932]) == (29_651, 21_427, 30_886, 5_167)
    assert set(counts) <= set(hcop.TAXA.values())
