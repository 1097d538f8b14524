from __future__ import annotations

import gzip
import random
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import FormatError, UnreadableInput
from lifenode.packs.readers import text
from tests.packs.readers.helpers import PACKINGS, assert_fault, put


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", [True, False])
def test_lines_however_packed_marked_and_ended(tmp_path: Path, packing: str, end: str, mark: str, last: bool) -> None:
    content = mark + end.join(["one", "", "drei\tµ"]) + (end if last else "")
    assert list(text.lines(put(tmp_path, content, packing))) == [(1, "one"), (2, ""), (3, "drei\tµ")]


@pytest.mark.parametrize("packing", PACKINGS)
def test_empty_file_has_no_lines(tmp_path: Path, packing: str) -> None:
    assert list(text.lines(put(tmp_path, "", packing))) == []


@given(st.lists(st.text(st.characters(exclude_characters="\n\r\0\ufeff", codec="utf-8"))), st.sampled_from([*PACKINGS]))
def test_any_lines_come_back(tmp_path_factory: pytest.TempPathFactory, lines: list[str], packing: str) -> None:
    content = "".join(f"{line}\n" for line in lines)
    path = put(tmp_path_factory.mktemp("text"), content, packing)
    assert list(text.lines(path)) == list(enumerate(lines, 1))


def test_lines_across_blocks(tmp_path: Path) -> None:
    long = "x" * 300_000
    assert list(text.lines(put(tmp_path, f"a\n{long}\nb\n", "gzip"))) == [(1, "a"), (2, long), (3, "b")]


def test_gzip_of_several_members_and_padding(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(b"a\nb") + gzip.compress(b"c\n") + b"\0" * 512)
    assert list(text.lines(path)) == [(1, "a"), (2, "bc")]


def test_text_that_begins_like_bzip2(tmp_path: Path) -> None:
    assert list(text.lines(put(tmp_path, "BZh9 is a name\n"))) == [(1, "BZh9 is a name")]


def test_undecodable_byte_names_its_line(tmp_path: Path) -> None:
    path = put(tmp_path, b"gut\ngut\n" + "Müller".encode("latin-1") + b"\n", "gzip")
    with pytest.raises(FormatError) as caught:
        list(text.lines(path))
    assert_fault(caught, path, 3, "byte 2 of the line, 0xfc, is not UTF-8")


def test_nul_byte_names_its_line(tmp_path: Path) -> None:
    path = put(tmp_path, b"a\nb\0c\n")
    with pytest.raises(FormatError) as caught:
        list(text.lines(path))
    assert_fault(caught, path, 2, "NUL")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_truncated_gzip_names_the_line_where_it_ends(tmp_path: Path, share: float) -> None:
    draw = random.Random(1)
    whole = gzip.compress("".join(f"{draw.getrandbits(256):x}\n" for _ in range(40_000)).encode())
    cut = whole[: int(len(whole) * share)]
    readable = zlib.decompressobj(wbits=31).decompress(cut)
    path = put(tmp_path, cut)
    read: list[int] = []
    with pytest.raises(FormatError) as caught:
        read.extend(number for number, _ in text.lines(path))
    assert_fault(caught, path, readable.count(b"\n") + 1, "gzip stream ends early")


def test_lines_before_the_end_of_a_truncated_file_are_handed_out(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(b"one\ntwo\nthree\n")[:-8])
    seen = []
    with pytest.raises(FormatError) as caught:  # noqa: PT012 - what was handed out before matters
        for _, line in text.lines(path):
            seen.append(line)
    assert seen == ["one", "two", "three"]
    assert_fault(caught, path, 4, "ends early")


@pytest.mark.parametrize("packing", ["gzip", "bzip2"])
def test_damaged_stream(tmp_path: Path, packing: str) -> None:
    packed = bytearray(PACKINGS[packing](b"some text\n" * 50))
    packed[-6] ^= 0xFF
    path = put(tmp_path, bytes(packed))
    with pytest.raises(FormatError, match=f"the {packing} stream is damaged"):
        list(text.lines(path))


def test_rubbish_after_a_gzip_member(tmp_path: Path) -> None:
    path = put(tmp_path, gzip.compress(b"a\n") + b"rubbish")
    with pytest.raises(FormatError) as caught:
        list(text.lines(path))
    assert_fault(caught, path, 2, "damaged")


def test_other_packings_are_refused_by_name(tmp_path: Path) -> None:
    path = put(tmp_path, b"PK\x03\x04rest")
    with pytest.raises(FormatError) as caught:
        list(text.lines(path))
    assert_fault(caught, path, 1, "a zip file")


def test_endless_line_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text, "LONGEST_LINE", 1000)
    path = put(tmp_path, "short\n" + "x" * 2000)
    with pytest.raises(FormatError) as caught:
        list(text.lines(path))
    assert_fault(caught, path, 2, "longer than 1000 bytes")


@pytest.mark.parametrize("name", ["absent.txt", "."])
def test_what_cannot_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableInput, match="cannot be read"):
        list(text.lines(tmp_path / name))


def test_stopping_early_closes_the_file(tmp_path: Path) -> None:
    found = text.lines(put(tmp_path, "a\nb\n"))
    assert next(found) == (1, "a")
    found.close()  # an open handle would be a ResourceWarning, and warnings are errors


def test_data_lines_keep_their_numbers(tmp_path: Path) -> None:
    path = put(tmp_path, "# c\n\na\n \t\n#b\nd\n")
    assert list(text.data_lines(path, "#")) == [(3, "a"), (6, "d")]


def test_header_comments(tmp_path: Path) -> None:
    path = put(tmp_path, "!gaf-version: 2.2\n!\n!date: a:b\n!date: later\nrow\n!late: 1\n")
    assert text.header_comments(path, "!") == {"gaf-version": "2.2", "date": "a:b"}


@pytest.mark.parametrize("cell", ["", "-", "1_0", " 7", "7.0", "٣", "x", "1" * 5000, "2147483648"])
def test_not_a_whole_number(cell: str) -> None:
    with pytest.raises(FormatError, match="f, line 4: POS is"):
        text.integer("f", 4, cell, "POS")


def test_many() -> None:
    assert text.many("b| a||b|-") == ("b", "a")
    assert text.many("-") == text.many("") == ()
