from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import homologene
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

OFFICIAL = rows("3 9606 34 ACADM 4557231 NP_000007.1", "3 10090 11364 Acadm 6680618 NP_031408.1")
TABLE = rows("HID Gene.Symbol Taxonomy Gene.ID", "3 ACADM 9606 34", "3 _ 10090 11364")


@pytest.mark.parametrize("packing", PACKINGS)
def test_the_official_file_has_no_header(tmp_path: Path, packing: str) -> None:
    human, mouse = homologene.read(put(tmp_path, OFFICIAL, packing))
    assert human == homologene.Member("3", 9606, "34", "ACADM", 1)
    assert mouse == homologene.Member("3", 10090, "11364", "Acadm", 2)


def test_a_table_is_read_by_its_header(tmp_path: Path) -> None:
    table = homologene.groups_frame(put(tmp_path, TABLE))
    assert table.rows() == [("3", 9606, "34", "ACADM"), ("3", 10090, "11364", "")]
    assert table.schema["taxonomy_id"] == pl.Int32


@pytest.mark.parametrize(
    ("content", "line", "part"),
    [
        (OFFICIAL + "3\t9606\t34\tACADM\n", 3, "4 columns where the header has 6"),
        (OFFICIAL + rows("3 9606 x ACADM 1 2"), 3, "the Entrez id is 'x'"),
        (rows("HID Taxonomy Gene.ID", "3 9606 34"), 1, "the column Gene.Symbol is missing"),
        (TABLE + rows("_ ACADM 9606 34"), 4, "the group is ''"),
        (TABLE + rows("3 ACADM human 34"), 4, "the taxonomy id is 'human'"),
        ("", 1, "the file is empty"),
    ],
)
def test_faults_are_named_with_their_line(tmp_path: Path, content: str, line: int, part: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        list(homologene.read(path))
    assert_fault(caught, path, line, part)


def test_the_real_table(shared_data: Path) -> None:
    table = homologene.groups_frame(shared_data / "annotation/tables/homologene2.tsv.gz")
    assert table.height == 151_592
    assert table["taxonomy_id"].n_unique() == 11
    assert set(table.filter(group="460", taxonomy_id=9606)["symbol"]) == {"TP53"}
