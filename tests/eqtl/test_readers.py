"""Files are read by their headers, whatever their packing, and are whole or refused."""

from __future__ import annotations

import gzip
import random
from contextlib import suppress
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.eqtl.columns import NOMINAL
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers import batches_of, dataset_of, find_files, kind_of
from lifenode.eqtl.readers_bytes import CUT_OFF, Source, sha256_of
from lifenode.eqtl.readers_text import ROW, TextBatches, lines_of
from lifenode.errors import BadTable, EmptyInput, FormatError, LifenodeError, UnreadableInput
from tests.eqtl.made import bgzf, checked, row, text, write

ROWS = [row(1000 + at, rsid=None if at % 7 == 0 else f"rs{at}") for at in range(50)]


def read(path: Path, findings: Findings | None = None) -> pl.DataFrame:
    return pl.concat(batches_of(Source(path), "nominal", Findings() if findings is None else findings))


@given(st.permutations(list(NOMINAL)))
@settings(max_examples=15)
def test_order_of_columns_does_not_matter(tmp_path_factory: pytest.TempPathFactory, order: list[str]) -> None:
    folder = tmp_path_factory.mktemp("order")
    plain, shuffled = write(folder / "a.tsv", ROWS), write(folder / "b.tsv", ROWS, order)
    assert read(shuffled).equals(read(plain))


def test_packing_does_not_matter(tmp_path: Path) -> None:
    content = text(ROWS)
    for name, packed in (
        ("plain.tsv", content),
        ("gzip.tsv.gz", gzip.compress(content)),
        ("members.tsv.gz", gzip.compress(content[:700]) + gzip.compress(content[700:])),
        ("bgzip.tsv.gz", bgzf(content)),
        ("small.tsv.gz", bgzf(content, 97)),
        ("windows.tsv", content.replace(b"\n", b"\r\n")),
        ("mark.tsv", b"\xef\xbb\xbf" + content),
        ("unended.tsv", content[:-1]),
    ):
        (tmp_path / name).write_bytes(packed)
        source = Source(tmp_path / name)
        frame = pl.concat(batches_of(source, "nominal", Findings()))
        assert frame["rsid"].to_list() == [each["rsid"] for each in ROWS], name
        assert frame["median_tpm"].to_list() == [1.5] * len(ROWS), name
        assert frame[ROW].to_list() == list(range(1, len(ROWS) + 1))
        assert (source.packed_bytes, source.sha256) == (len(packed), sha256_of(tmp_path / name))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_cut_goes_unseen(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    content = text([row(at, pvalue=random.Random(at).random()) for at in range(1, 400)])
    packed = data.draw(st.sampled_from([gzip.compress(content), bgzf(content, 5000)]))
    path = tmp_path_factory.mktemp("cut") / "cut.tsv.gz"
    path.write_bytes(packed[: data.draw(st.integers(18, len(packed) - 1))])
    with pytest.raises(FormatError) as caught:
        b"".join(Source(path).blocks())
    assert caught.value.value == CUT_OFF or "damaged" in caught.value.detail


@given(st.integers(2, 30_000), st.integers(1, 255))
@settings(max_examples=40, deadline=None)
def test_a_changed_byte_never_changes_a_row(tmp_path_factory: pytest.TempPathFactory, place: int, change: int) -> None:
    content = text([row(at, pvalue=random.Random(at).random()) for at in range(1, 400)])
    packed = bytearray(bgzf(content, 5000))
    packed[2 + place % (len(packed) - 2)] ^= change
    path = tmp_path_factory.mktemp("flip") / "flip.tsv.gz"
    path.write_bytes(bytes(packed))
    with suppress(FormatError):
        assert b"".join(Source(path).blocks()) == content


def test_pieces_end_where_lines_end(tmp_path: Path) -> None:
    path = write(tmp_path / "a.tsv.gz", ROWS)
    pieces = list(lines_of(Source(path), 300))
    assert b"".join(pieces) == text(ROWS)
    assert all(piece.endswith(b"\n") for piece in pieces)


def test_ragged_rows_are_left_out_and_named(tmp_path: Path) -> None:
    lines = text(ROWS).split(b"\n")
    lines[3] += b"\textra"
    lines[5] = lines[5].rpartition(b"\t")[0]
    lines.insert(8, b"")
    path = tmp_path / "ragged.tsv"
    path.write_bytes(b"\n".join(lines))
    findings = Findings()
    frame = read(path, findings)
    assert (findings["ragged_row"].count, findings["ragged_row"].rows) == (2, [3, 5])
    assert frame.height == len(ROWS) - 2
    assert frame[ROW].to_list()[:6] == [1, 2, 4, 6, 7, 9], "the blank line is counted, as editors do"


def test_unreadable_numbers_are_named_by_row(tmp_path: Path) -> None:
    rows = [row(1), row(2, pvalue="x"), row(3, maf="much"), row(4, ac="10.0"), row(5, position="1e5")]
    frame, findings = checked(write(tmp_path / "a.tsv", rows))
    assert findings["unreadable_number"].rows == [2, 3]
    assert findings["bad_p_value"].rows == [2]
    assert frame["position"].to_list() == [1, 3, 4], "of the fifth the variant says another position"
    assert frame["maf"].to_list() == [0.05, None, 0.05]
    assert frame["ac"].to_list() == [10, 10, 10]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", EmptyInput),
        (b"\n", EmptyInput),
        (b"\x00\xff\xfe" * 9 + b"\n", UnreadableInput),
        (b"a\tb\ta\n1\t2\t3\n", UnreadableInput),
        (b"molecular_trait_id\tvariant\n1\t2\n", BadTable),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, content: bytes, error: type[LifenodeError]) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content)
    with pytest.raises(error):
        read(path)


def test_missing_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="nowhere"):
        Source(tmp_path / "nowhere.tsv")
    with pytest.raises(UnreadableInput, match="nowhere"):
        find_files(tmp_path / "nowhere")


def test_a_cut_parquet_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "QTD000001.credible_sets.parquet"
    pl.DataFrame({"cs_id": ["a"], "pip": [1.0]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-9])
    (raw,), notes = find_files(tmp_path)
    assert (raw.dataset_id, notes) == ("QTD000001", [])
    assert isinstance(raw.error, FormatError)
    assert "cut off" in raw.error.detail


@pytest.mark.parametrize(
    ("name", "dataset"),
    [
        ("QTD000001.all.tsv.gz", "QTD000001"),
        ("QTD000021_ENSG00000101425.tsv.gz", "QTD000021"),
        ("BLUEPRINT_PE.T-cell_ge.permuted.txt.gz", "BLUEPRINT_PE.T-cell_ge"),
        ("CD4+_naive.cc.tsv", "CD4+_naive"),
        ("../evil name%2f.tsv", "evil_name_2f"),
        (".tsv", "dataset"),
    ],
)
def test_data_sets_are_named_by_their_files(name: str, dataset: str) -> None:
    assert dataset_of(Path(name)) == dataset


def test_what_the_real_files_hold(shared_data: Path) -> None:
    kinds = {raw.path.name: (raw.kind, raw.dataset_id) for raw in find_files(shared_data / "eqtl")[0]}
    assert kinds["FUSION_muscle_HMGCR_gene.tsv.gz"] == ("nominal", "FUSION_muscle_HMGCR_gene")
    assert kinds["QTD000584.credible_sets.tsv"] == ("credible_sets", "QTD000584")
    assert kinds["QTD000584.lbf_variable.txt"] == ("lbf", "QTD000584")
    assert kinds["GEUVADIS_test_ge.permuted.tsv.gz"][0] == "permuted"
    assert kinds["dataset_metadata_r7.tsv"] == ("metadata", "")
    assert kinds["LDLC_HMGCR.vcf.gz"] == ("gwas", "LDLC_HMGCR")
    assert "merged_colocs.tsv" not in kinds


def test_the_24_column_form_of_credible_sets_is_read(tmp_path: Path) -> None:
    sets = {"cs_id": "T_L1", "cs_size": 1, "pip": 0.99, "z": 2.5, "cs_min_r2": 1.0, "region": "chr5:1-2000"}
    rows = [{name: value for name, value in row().items() if name != "an"} | sets]
    path = tmp_path / "QTD000001.credible_sets.parquet"
    pl.DataFrame(rows).write_parquet(path)
    assert len(rows[0]) == 24
    assert kind_of(path) == "credible_sets"
    frame = pl.concat(batches_of(Source(path), "credible_sets", Findings()))
    assert frame.select("cs_id", "position", "median_tpm", "pip").row(0) == ("T_L1", 1000, 1.5, 0.99)


def test_only_wanted_columns_are_kept(tmp_path: Path) -> None:
    batches = TextBatches(Source(write(tmp_path / "a.tsv", ROWS)), {"beta": pl.Float64}, Findings())
    assert next(iter(batches)).columns == ["beta", ROW]
