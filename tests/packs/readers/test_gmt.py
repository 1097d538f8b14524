from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import FormatError
from lifenode.packs.readers import gmt
from tests.packs.readers.helpers import PACKINGS, assert_fault, put

CONTENT = (
    "# taxon_name: Homo sapiens\n"
    "# source_version: 84\n"
    "\n"
    "R-HSA-1\tFirst\tTP53\t\tMDM2\tTP53\t MDM2 \t\n"
    "HALLMARK_X\thttp://example.org/X\tA\n"
    "Third\tR-HSA-3\tB\n"
    "Fourth%WikiPathways_20231110%WP4%Homo sapiens\thttps://www.wikipathways.org/WP4\t1\t2\n"
    "GO:0000005\tna\n"
    "R-HSA-1\tFirst again\tMDM2\tTP53\n"
    "HALLMARK_X\tother\tB\n"
)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_sets(tmp_path: Path, packing: str, end: str) -> None:
    found = gmt.read_all(put(tmp_path, CONTENT.replace("\n", end), packing))
    assert found.sets == (
        ("R-HSA-1", "First", ("TP53", "MDM2"), 4),
        ("HALLMARK_X", "http://example.org/X", ("A",), 5),
        ("R-HSA-3", "Third", ("B",), 6),
        ("WP4", "Fourth", ("1", "2"), 7),
        ("GO:0000005", "na", (), 8),
    )
    assert [one.name for one in found.sets] == ["First", "HALLMARK_X", "Third", "Fourth", "GO:0000005"]
    assert found.header == {"taxon_name": "Homo sapiens", "source_version": "84"}
    assert found.duplicates == (("R-HSA-1", 4, 9, True), ("HALLMARK_X", 5, 10, False))
    assert found.empty == ("GO:0000005",)
    assert (found.blank_members, found.repeated_members) == (2, 2)


def test_streaming_keeps_duplicates(tmp_path: Path) -> None:
    assert [one.line for one in gmt.read(put(tmp_path, CONTENT))] == [4, 5, 6, 7, 8, 9, 10]


_NAME = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1).filter(
    lambda name: not name.startswith("#") and "%" not in name
)


@given(st.dictionaries(_NAME, st.tuples(st.just("") | _NAME, st.lists(_NAME, unique=True)), max_size=8))
def test_round_trip(tmp_path_factory: pytest.TempPathFactory, sets: dict[str, tuple[str, list[str]]]) -> None:
    lines = ("\t".join((f"S_{name}", f"d_{told}", *members)) for name, (told, members) in sets.items())
    path = put(tmp_path_factory.mktemp("gmt"), "".join(f"{line}\n" for line in lines))
    found = gmt.read_all(path)
    assert {one.term_id[2:]: (one.description[2:], list(one.members)) for one in found.sets} == sets
    assert found.duplicates == ()
    assert found.blank_members == found.repeated_members == 0


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("# c\nA\td\tX\nonly\n", 3, "one column"),
        ("A\td\tX\n\td\tX\n", 2, "a gene set without id"),
    ],
)
def test_broken(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        gmt.read_all(path)
    assert_fault(caught, path, line, problem)


@pytest.mark.parametrize(
    ("name", "sets", "members", "repeated"),
    [
        ("upstream/ReactomePathways_2022-06.gmt.gz", 2_546, 123_803, 0),
        ("tables/reactome_hsapiens_2024-04_symbols.gmt.gz", 2_681, 131_710, 0),
        ("upstream/reactome_v84/Reactome_Homo_sapiens_GeneSymbol.gmt.gz", 2_401, 149_327 - 33_227, 33_227),
        ("examples/h.all.v7.0.symbols.gmt", 50, 7_322, 0),
    ],
)
def test_real_files(shared_data: Path, name: str, sets: int, members: int, repeated: int) -> None:
    found = gmt.read_all(shared_data / "annotation" / name)
    assert len(found.sets) == sets
    assert sum(len(one.members) for one in found.sets) == members
    assert found.repeated_members == repeated
    assert found.duplicates == ()
    assert found.empty == ()


def test_both_orders_of_reactome(shared_data: Path) -> None:
    folder = shared_data / "annotation"
    older = next(gmt.read(folder / "upstream/ReactomePathways_2022-06.gmt.gz"))
    newer = next(gmt.read(folder / "tables/reactome_hsapiens_2024-04_symbols.gmt.gz"))
    assert (older.term_id, older.name) == ("R-HSA-164843", "2-LTR circle formation")
    assert (newer.term_id, newer.name) == ("R-HSA-1059683", "Interleukin-6 signaling")


def test_every_reactome_file_is_headed_and_complete(shared_data: Path) -> None:
    paths = sorted((shared_data / "annotation/upstream/reactome_v84").iterdir())
    assert len(paths) == 24
    for path in paths:
        found = gmt.read_all(path)
        assert found.header["source_version"] == "84"
        assert all(one.term_id.startswith("R-") and one.members and one.name for one in found.sets)
