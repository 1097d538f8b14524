"""A reference: what is fetched is what the file holds, however its lines are cut, and faults of files are named."""

from __future__ import annotations

import gzip
import struct
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifenode.editing.fasta_index import build_index, index_text
from lifenode.editing.reference import Reference
from lifenode.errors import InvalidOption, UnknownName, UnreadableInput
from lifenode.settings import settings as lifenode_settings

END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def bgzipped(content: bytes, block: int = 50) -> bytes:
    """Return bytes packed in blocks as the SAM specification has them."""
    blocks = []
    for start in range(0, len(content), block):
        part = content[start : start + block]
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(part) + packer.flush()
        size = len(packed) + 25
        head = struct.pack("<BBBBIBBHBBHH", 31, 139, 8, 4, 0, 0, 255, 6, 66, 67, 2, size)
        blocks.append(head + packed + struct.pack("<II", zlib.crc32(part), len(part)))
    return b"".join([*blocks, END])


def fasta(sequences: dict[str, str], width: int, *, end: str = "\n", last: bool = True) -> str:
    lines = []
    for name, bases in sequences.items():
        lines += [f">{name} of a test", *(bases[at : at + width] for at in range(0, len(bases), width))]
    return end.join(lines) + (end if last else "")


bases = st.text(alphabet="ACGTacgtN", min_size=1, max_size=200)


@given(
    sequences=st.lists(bases, min_size=1, max_size=4), width=st.integers(1, 70), end=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(), packed=st.booleans(), block=st.integers(1, 90), data=st.data(),
)  # fmt: skip
@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_fetching_is_slicing(
    sequences: list[str], width: int, end: str, last: bool, packed: bool, block: int, data: st.DataObject,
    tmp_path: Path,
) -> None:  # fmt: skip
    named = {f"chr{number}": text for number, text in enumerate(sequences, start=1)}
    content = fasta(named, width, end=end, last=last).encode()
    file = tmp_path / "genome.fa"
    file.write_bytes(bgzipped(content, block) if packed else content)
    with Reference(file) as reference:
        assert reference.lengths == {name: len(text) for name, text in named.items()}
        for name, text in named.items():
            start = data.draw(st.integers(0, len(text)))
            stop = data.draw(st.integers(start, len(text)))
            assert reference.fetch(name, start, stop) == text[start:stop]
            assert reference.fetch(name.removeprefix("chr"), 0, len(text)) == text


@given(content=st.lists(bases, min_size=1, max_size=4), width=st.integers(1, 40), cuts=st.lists(st.integers(0, 900)))
@settings(deadline=None)
def test_an_index_does_not_depend_on_the_pieces(content: list[str], width: int, cuts: list[int]) -> None:
    text = fasta({f"s{number}": one for number, one in enumerate(content)}, width).encode()
    places = sorted({0, len(text), *(cut for cut in cuts if cut < len(text))})
    pieces = [text[start:end] for start, end in pairwise(places)]
    assert build_index(pieces, "x") == build_index([text], "x")


def test_an_index_is_that_of_other_programs(tmp_path: Path) -> None:
    text = fasta({"chr1": "ACGTACGTAC", "chr2": "ACG"}, 4)
    assert index_text(build_index([text.encode()], "x")) == "chr1\t10\t16\t4\t5\nchr2\t3\t45\t3\t4\n"


def test_the_index_is_kept_in_the_cache_and_not_beside_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path / "cache"))
    file = tmp_path / "genome.fa"
    file.write_text(">chr1\nACGT\n")
    assert Reference(file).fetch("chr1", 0, 4) == "ACGT"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "genome.fa"]
    (kept,) = (lifenode_settings().cache_dir / "references").iterdir()
    kept.write_text("chr1\t3\t6\t4\t5\n")
    assert Reference(file).lengths == {"chr1": 3}
    file.write_text(">chr1\nACGTT\n")
    assert Reference(file).lengths == {"chr1": 5}
    # One beside the file counts before that of the cache.
    file.with_name("genome.fa.fai").write_text("chr1\t2\t6\t5\t6\n")
    assert Reference(file).lengths == {"chr1": 2}


@pytest.fixture
def genome(tmp_path: Path) -> Path:
    file = tmp_path / "genome.fa"
    file.write_text(fasta({"chr1": "ACGT" * 30, "chrX": "GATTACA" * 9, "MT": "CCC", "HLA-A*01:01": "TTT"}, 50))
    return file


@pytest.mark.parametrize(
    ("asked", "found"),
    [("chr1", "chr1"), ("1", "chr1"), ("CHR1", "chr1"), ("x", "chrX"), ("chrM", "MT"), ("HLA-A*01:01", "HLA-A*01:01")],
)
def test_chromosomes_are_found_by_their_usual_names(genome: Path, asked: str, found: str) -> None:
    reference = Reference(genome)
    assert reference.chromosome(asked) == found
    assert asked in reference


def test_what_is_not_there_is_named(genome: Path) -> None:
    reference = Reference(genome)
    with pytest.raises(UnknownName, match=r'no chromosome "chrY" in genome.fa.*chrX'):
        reference.fetch("chrY", 0, 5)
    with pytest.raises(InvalidOption, match="chr1 has 120 bases; 101 to 121"):
        reference.fetch("chr1", 100, 121)
    with pytest.raises(InvalidOption, match="no stretch"):
        reference.fetch("chr1", 5, 4)
    with pytest.raises(InvalidOption, match="no stretch"):
        reference.fetch("chr1", -1, 4)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"ACGT\nACGT\n", "is no FASTA"),
        (b"\x00\x01\x02", "is no FASTA"),
        (gzip.compress(b">chr1\nACGT\n", mtime=0), "packed with gzip"),
        (bgzipped(b">chr1\n" + b"ACGT\n" * 50)[:-40], "cut off"),
        (bgzipped(b">chr1\n" + b"ACGT\n" * 50)[: -len(END)], "cut off"),
        (b">chr1\nACGT\nACG\nACGT\n", "different lengths within chr1, at line 4"),
        (b">chr1\nACG\nACGT\n", "different lengths within chr1, at line 3"),
        (b">chr1\nACGT\n>chr1\nACGT\n", "names chr1 twice, at line 3"),
        (b">\nACGT\n", "without a name, at line 1"),
    ],
)
def test_files_that_are_no_reference_are_refused(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "genome.fa"
    file.write_bytes(content)
    with pytest.raises(UnreadableInput, match=said):
        Reference(file)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "nothing.fa"):
        with pytest.raises(UnreadableInput, match="cannot be read"):
            Reference(place)


def test_damage_and_wrong_indexes_are_noticed(genome: Path) -> None:
    index = genome.with_name("genome.fa.fai")
    index.write_text("chr1\t1000\t16\t50\t51\n")
    with pytest.raises(UnreadableInput, match="cut off: chr1 ends at byte"):
        Reference(genome).fetch("chr1", 0, 5)
    index.write_text("chr1\t120\t20\t50\t51\n")
    with pytest.raises(UnreadableInput, match=r"index of .* is of another file"):
        Reference(genome).fetch("chr1", 0, 5)
    index.write_text("nothing\n")
    with pytest.raises(UnreadableInput, match="no index of a FASTA"):
        Reference(genome)
    packed = bytearray(bgzipped(genome.read_bytes()))
    packed[30] ^= 255
    damaged = genome.with_name("damaged.fa.gz")
    damaged.write_bytes(bytes(packed))
    with pytest.raises(UnreadableInput, match="damaged at byte 0"):
        Reference(damaged)


def test_sequences_may_be_empty_or_end_in_blank_lines(tmp_path: Path) -> None:
    file = tmp_path / "genome.fa"
    file.write_text(">a\n>b\nACGT\nAC\n\n\n>c\n\n")
    reference = Reference(file)
    assert reference.lengths == {"a": 0, "b": 6, "c": 0}
    assert reference.fetch("b", 0, 6) == "ACGTAC"
    assert reference.fetch("a", 0, 0) == ""
