from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.genes.ranges import Ranges, build_arrays, parse_range
from lifenode.packs.pack import Pack, open_pack
from tests.genes.made_pack import CAT, CAT_COPY, DOG, OWL_TWO, made


@pytest.fixture(scope="module")
def human() -> Pack:
    return open_pack("hsapiens")


@pytest.fixture(scope="module")
def human_ranges(human: Pack) -> Ranges:
    return Ranges(build_arrays(human))


@pytest.fixture(scope="module")
def made_ranges(tmp_path_factory: pytest.TempPathFactory) -> Ranges:
    return Ranges(build_arrays(made(tmp_path_factory.mktemp("ranges") / "pack")))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("X:1000:1000000", ("X", 1000, 1000000)),
        ("chrX:1,000-1,000,000", ("chrX", 1000, 1000000)),
        ("X:1000..1000000", ("X", 1000, 1000000)),
        ("X:1000–1000000", ("X", 1000, 1000000)),
        ("GL000009.2:1-5", ("GL000009.2", 1, 5)),
        ("HGNC:5", None),
        ("GO:0006954", None),
        ("X:,-,", None),
        ("X:1000", None),
        ("X:-5-10", None),
        ("X:1:1:1", None),
    ],
)
def test_parse(text: str, place: tuple[str, int, int] | None) -> None:
    assert parse_range(text) == place


@pytest.mark.parametrize(
    ("start", "end", "genes"),
    [
        (1, 99, []),
        (1, 100, [CAT]),
        (200, 200, [CAT, DOG]),
        (201, 201, [DOG]),
        (400, 400, [DOG]),
        (401, 999, []),
        (120, 130, [CAT]),
        (1, 1000, [CAT, DOG]),
    ],
)
def test_both_ends_belong(made_ranges: Ranges, start: int, end: int, genes: list[int]) -> None:
    found, problem = made_ranges.overlapping("1", start, end)
    assert found.tolist() == genes
    assert bool(problem) == (not genes)


def test_names_of_chromosomes(made_ranges: Ranges) -> None:
    assert made_ranges.overlapping("chr1", 100, 100)[0].tolist() == [CAT]
    assert made_ranges.overlapping("CHR1", 100, 100)[0].tolist() == [CAT]
    assert made_ranges.overlapping("chrM", 1, 9)[0].tolist() == [OWL_TWO]
    assert made_ranges.overlapping("CHR_ALT", 100, 100)[0].tolist() == [CAT_COPY]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("7", 1, 5), "no chromosome 7"),
        (("1", 500, 400), "ends before it starts"),
        (("1", 0, 400), "positions count from 1"),
        (("1", 1, 400_000_000), "longer than 300,000,000 bases"),
        (("1", 1, 2), "without a gene"),
    ],
)
def test_why_there_is_none(made_ranges: Ranges, place: tuple[str, int, int], words: str) -> None:
    found, problem = made_ranges.overlapping(*place)
    assert not len(found)
    assert words in problem


def test_a_release_without_positions() -> None:
    zebrafish = Ranges(build_arrays(open_pack("drerio")))
    assert "no gene positions" in zebrafish.overlapping("1", 1, 1000)[1]


@pytest.fixture(scope="module")
def human_chromosomes(human: Pack) -> npt.NDArray[np.str_]:
    return np.array(human.genes().chromosomes.to_list())


@given(
    chromosome=st.sampled_from(["1", "17", "X", "Y"]),
    start=st.integers(1, 250_000_000),
    length=st.integers(0, 3_000_000),
)
@settings(deadline=None)
def test_human_ranges_equal_a_plain_scan(
    human: Pack,
    human_ranges: Ranges,
    human_chromosomes: npt.NDArray[np.str_],
    chromosome: str,
    start: int,
    length: int,
) -> None:
    genes, end = human.genes(), start + length
    on_it = human_chromosomes == chromosome
    expected = np.flatnonzero(on_it & (genes.start <= end) & (genes.end >= start))
    found, _ = human_ranges.overlapping(chromosome, start, end)
    assert sorted(found.tolist()) == expected.tolist()
    assert genes.start[found].tolist() == sorted(genes.start[found].tolist())


def test_the_published_example() -> None:
    # X:1000:1000000 is the range of the documentation of g:Profiler; PLCXD1 and GTPBP6 lie in this part of PAR1.
    human = open_pack("hsapiens")
    found, _ = Ranges(build_arrays(human)).overlapping("X", 1000, 1_000_000)
    assert {"PLCXD1", "GTPBP6"} <= set(human.genes().symbols.take(found))


def test_the_longest_range_is_a_setting(human_ranges: Ranges, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_RANGE_LENGTH", "1000")
    _, within = human_ranges.overlapping("1", 1_000_001, 1_001_000)
    found, beyond = human_ranges.overlapping("1", 1_000_001, 1_001_001)
    assert "longer" not in within
    assert not len(found)
    assert beyond == "a genomic range longer than 1,000 bases"
