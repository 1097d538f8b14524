"""Files as people save them, whole or broken."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path

import pytest

from lifenode.errors import EmptyInput, InputError, InputTooLarge, UnreadableInput
from lifenode.genes.lists import read_queries


def packed(content: bytes) -> bytes:
    """Compress without the time, because contents become names of tests."""
    return gzip.compress(content, mtime=0)


def file(folder: Path, content: bytes, name: str = "genes.txt") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    "content",
    [
        b"TP53\nBRCA1\n",
        b"TP53\nBRCA1",
        b"TP53\r\nBRCA1\r\n",
        b"TP53\rBRCA1\r",
        b"\xef\xbb\xbfTP53\nBRCA1\n",
        "TP53\nBRCA1\n".encode("utf-16"),
        b"\xfe\xff" + "TP53\r\nBRCA1\r\n".encode("utf-16-be"),
        "TP53\nBRCA1\n".encode("utf-32"),
        packed(b"TP53\nBRCA1\n"),
        packed("TP53\nBRCA1\n".encode("utf-16")),
        packed(b"TP53\n") + packed(b"BRCA1\n"),
    ],
)
def test_forms_of_one_list(tmp_path: Path, content: bytes) -> None:
    path = file(tmp_path, content)
    assert read_queries(path).lists == {"query_1": ["TP53", "BRCA1"]}
    assert read_queries(str(path)).lists == {"query_1": ["TP53", "BRCA1"]}


def test_genes_whose_names_begin_like_binary_files(tmp_path: Path) -> None:
    for first in ("RDX", "PAR1", "BZhA", "PK"):
        assert read_queries(file(tmp_path, f"{first}\nTP53\n".encode())).lists["query_1"] == [first, "TP53"]


def test_accents_survive(tmp_path: Path) -> None:
    assert read_queries(file(tmp_path, "gène\n".encode())).lists["query_1"] == ["gène"]


def zipped(member: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(member, "content")
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (zipped("xl/workbook.xml"), "an Excel workbook.*Save the sheet as CSV"),
        (zipped("genes.txt"), "a zip archive.*Unpack"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "a PNG picture"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xd0\xcf\x11\xe0" + bytes(40), "Excel"),
        (b"\x89HDF\r\n\x1a\n", "anndata.read_h5ad"),
        (b"PAR1\x15\x04", "a Parquet file"),
        (packed(b"RDX3\nX\n\0\0"), "R data.*write.csv"),
        (os.urandom(8) + bytes(1000), "binary|UTF-16 without"),
        (b"abcdefgh\0" * 100, "a binary file"),
        ("TP53\nBRCA1\n".encode("utf-16-le"), "UTF-16 without a byte order mark.*UTF-8"),
        (b"TP53\nBR\0CA1\n", "NUL character on line 2"),
        (b"TP53\nMYC\ng\xe8ne\n", r"not valid UTF-8 at byte 10 \(line 3\).*Save it as UTF-8"),
        (b"\xff\xfeT\0P", "not valid UTF-16"),
        (packed(b"TP53\n" * 1000)[:-10], "damaged gzip"),
        (packed(b"TP53\n")[:12] + b"xxxxxxxxxxxxxx", "damaged gzip"),
    ],
)
def test_files_that_are_no_list(tmp_path: Path, content: bytes, match: str) -> None:
    path = file(tmp_path, content)
    with pytest.raises(UnreadableInput, match=match) as caught:
        read_queries(path)
    assert str(path) in str(caught.value)
    assert caught.value.next_step


@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"# comment\n", b" \r\n\t\r\n", packed(b"")])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(EmptyInput, match=r"genes\.txt holds no identifier"):
        read_queries(file(tmp_path, content))


def test_places_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="is a folder"):
        read_queries(tmp_path)
    with pytest.raises(UnreadableInput, match="is a folder"):
        read_queries(str(tmp_path))
    with pytest.raises(UnreadableInput, match="no file"):
        read_queries(tmp_path / "absent")
    with pytest.raises(UnreadableInput):
        read_queries(Path("a\0b"))
    with pytest.raises(UnreadableInput, match="cannot be read"):
        read_queries(Path("x" * 5000))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the superuser may read everything")
def test_forbidden_file(tmp_path: Path) -> None:
    path = file(tmp_path, b"TP53\n")
    path.chmod(0)
    with pytest.raises(UnreadableInput, match=r"Permission denied.*you may read it"):
        read_queries(path)


def test_forbidden_file_by_simulation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = file(tmp_path, b"TP53\n")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableInput, match=r"Permission denied.*you may read it"):
        read_queries(path)


def test_size_limit_holds_before_and_after_unpacking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_INPUT_BYTES", "1000")
    with pytest.raises(InputTooLarge, match=r"1,005 bytes; at most 1,000.*LIFENODE_MAX_INPUT_BYTES"):
        read_queries(file(tmp_path, b"TP53\n" * 201))
    with pytest.raises(InputTooLarge, match=r"over 1,000 bytes"):
        read_queries(file(tmp_path, gzip.compress(b"TP53\n" * 100_000)))
    with pytest.raises(InputTooLarge, match=r"Standard input"):
        read_queries("-", stdin=io.StringIO("TP53\n" * 201))


def test_ten_megabytes_of_identifiers(tmp_path: Path) -> None:
    path = file(tmp_path, b"".join(b"GENE%07d\n" % number for number in range(900_000)))
    with pytest.raises(InputTooLarge, match="900,000 identifiers; the limit is 50,000"):
        read_queries(path)


def test_gene_sets_are_no_query(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="--gene-sets"):
        read_queries(file(tmp_path, b"A\tB\tTP53\n", "sets.gmt"))


def test_a_file_called_like_a_gene_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file(tmp_path, b"MYC\n", "TP53")
    monkeypatch.chdir(tmp_path)
    assert read_queries("TP53").lists == {"query_1": ["MYC"]}


def test_error_has_one_json_shape(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_queries(tmp_path / "absent.txt")
    assert set(caught.value.to_dict()) == {"type", "title", "status", "detail", "code", "value", "next_step"}


@pytest.mark.data
def test_hallmark_list(shared_data: Path) -> None:
    lines = (shared_data / "annotation/examples/h.all.v7.0.symbols.gmt").read_text(encoding="utf-8").splitlines()
    genes = next(line for line in lines if line.startswith("HALLMARK_INFLAMMATORY_RESPONSE")).split("\t")[2:]
    assert len(read_queries("\n".join(genes)).lists["query_1"]) == 200
