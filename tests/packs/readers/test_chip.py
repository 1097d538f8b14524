from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import chip
from tests.packs.readers.helpers import PACKINGS, assert_fault, put

CHIP = (
    "Probe Set ID\tGene Symbol\tGene Title\n1000_at\tMAPK3\ta kinase\n1002_f_at\tAL583836.1\tx\n1002_f_at\tCYP2C19\tx\n"
)


def pairs(path: Path) -> list[tuple[str, str]]:
    return [(row.probe, row.gene) for row in chip.read(path)]


@pytest.mark.parametrize("packing", PACKINGS)
def test_chip_file(tmp_path: Path, packing: str) -> None:
    assert list(chip.read(put(tmp_path, CHIP, packing))) == [
        chip.Probe("1000_at", "MAPK3", 2),
        chip.Probe("1002_f_at", "AL583836.1", 3),
        chip.Probe("1002_f_at", "CYP2C19", 4),
    ]


@pytest.mark.parametrize(
    "header", ["", "probe\tgene\n", "# made by hand\nID\tENTREZ_ID\n", "AFFY U95\tGene stable ID\n"]
)
def test_two_columns(tmp_path: Path, header: str) -> None:
    assert pairs(put(tmp_path, f"{header}p1\t7157\r\np2\tENSG00000012048\r\n")) == [
        ("p1", "7157"),
        ("p2", "ENSG00000012048"),
    ]


def test_a_header_may_name_the_gene_first(tmp_path: Path) -> None:
    assert pairs(put(tmp_path, "Gene stable ID\tAFFY U95 probe\nENSG00000141510\tp1\n")) == [("p1", "ENSG00000141510")]


def test_several_genes_in_a_cell_and_none(tmp_path: Path) -> None:
    content = "p1\tTP53 /// WRAP53\np2\t---\np3\t\np4\tNA\np5\tBRCA1\n"
    assert pairs(put(tmp_path, content)) == [("p1", "TP53"), ("p1", "WRAP53"), ("p5", "BRCA1")]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "the file is empty"),
        ("a line of prose\n", 1, "1 columns separated by tabs"),
        ("p1\tTP53\tx\n", 1, "3 columns separated by tabs"),
        ("Probe Set ID\tTitle\tChromosome\n", 1, "the column Gene Symbol is missing"),
        ("Title\tGene Symbol\tChromosome\n", 1, "the column Probe Set ID is missing"),
        (CHIP + "1003_at\tTP53\n", 5, "2 columns where the header has 3"),
        (CHIP + " \tTP53\tx\n", 5, "a row without a probe"),
        (CHIP.encode() + b"p\t\xff\tx\n", 5, "is not UTF-8"),
    ],
)
def test_broken(tmp_path: Path, content: str | bytes, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        list(chip.read(path))
    assert_fault(caught, path, line, problem)


def test_a_packed_file_that_ends_early(tmp_path: Path) -> None:
    path = put(tmp_path, CHIP * 50, "gzip")
    path.write_bytes(path.read_bytes()[:-4])
    with pytest.raises(FormatError, match="ends early"):
        list(chip.read(path))


def test_the_real_map(shared_data: Path) -> None:
    found = pairs(shared_data / "annotation" / "examples" / "Human_AFFY_HG_U95_MSigDB_7_0.chip.gz")
    assert len(found) == 46_694
    probes = Counter(probe for probe, _ in found)
    assert len(probes) == 41_986
    assert found[0] == ("1000_at", "MAPK3")
    assert probes["1002_f_at"] > 1
