"""What goes into a catalogue is what was in the files; a data set is there whole or as it was before."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.eqtl import Catalogue, ingest
from lifenode.eqtl.columns import NOMINAL
from lifenode.eqtl.ingest_by_trait import ROW_TYPE, TraitSorter
from lifenode.eqtl.ingest_report import Progress
from lifenode.eqtl.store import Store
from lifenode.errors import Busy, EmptyInput, InvalidOption, OutputError, UnreadableInput
from tests.eqtl.made import bgzf, row, text, write

EXAMPLES = Path(__file__).parents[2] / "examples" / "eqtl"
A, B = "ENSG00000000001", "ENSG00000000002"


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def many_rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Return rows of two genes on two chromosomes, in order."""
    draw = random.Random(seed)
    rows = []
    for chromosome in ("2", "X"):
        for position in sorted(draw.sample(range(1000, 90_000), count)):
            rows += [
                row(position, trait, chromosome=chromosome, beta=round(draw.gauss(0, 1), 6), pvalue=draw.random())
                for trait in (A, B)
                if draw.random() < 0.8
            ]
    return rows


def test_every_row_of_a_real_file_comes_back_as_it_was(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "eqtl/nominal/HMGCR/FUSION_muscle_HMGCR_gene.tsv.gz"
    report = ingest(source, tmp_path / "cat")
    assert report["status"].tolist() == ["ingested"]
    assert report["rows"].tolist() == [29_542]
    order = ["position", "alt", "molecular_trait_id", "rsid"]
    raw = pl.read_csv(source, separator="\t", null_values="NA", schema_overrides=NOMINAL).sort(order)
    catalogue = Catalogue(tmp_path / "cat")
    whole = catalogue.associations(by_rsid=True).to_polars().sort(order)
    genes = raw["gene_id"].unique().to_list()
    by_gene = catalogue.associations(gene=genes, by_rsid=True).to_polars().sort(order)
    by_place = catalogue.associations(region="5:1-999999999", by_rsid=True).to_polars().sort(order)
    for found in (whole, by_gene, by_place):
        assert found.select(list(NOMINAL)).equals(raw), "bit for bit, numbers included"
        assert found["nlog10p"].to_numpy() == pytest.approx(-np.log10(raw["pvalue"].to_numpy()), rel=1e-14)


@given(seed=st.integers(0, 10_000), packing=st.sampled_from(["tsv", "bgzf", "shuffled"]))
@settings(max_examples=12, deadline=None)
def test_any_file_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, seed: int, packing: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    rows = many_rows(40, seed)
    given_rows = random.Random(seed).sample(rows, len(rows)) if packing == "shuffled" else rows
    content = text(given_rows)
    name = "D.all.tsv.gz" if packing == "bgzf" else "D.all.tsv"
    (folder / name).write_bytes(bgzf(content, 3000) if packing == "bgzf" else content)
    report = ingest(folder / name, folder / "cat")
    assert ("not_sorted" in report.findings["finding"].tolist()) == (given_rows != rows)
    order = ["chromosome", "position", "molecular_trait_id"]
    expected = pl.DataFrame(rows, schema=NOMINAL).sort(order)
    catalogue = Catalogue(folder / "cat")
    for found in (catalogue.associations(), catalogue.associations(gene=[A, B])):
        assert found.to_polars().select(list(NOMINAL)).sort(order).equals(expected)


def test_several_files_make_one_data_set(tmp_path: Path) -> None:
    rows = many_rows(30)
    for chromosome in ("2", "X"):
        write(
            tmp_path / f"in/QTD000001.chr{chromosome}.tsv.gz",
            [each for each in rows if each["chromosome"] == chromosome],
        )
    report = ingest(tmp_path / "in", tmp_path / "cat")
    assert report.to_dicts()[0]["rows"] == len(rows)


def test_ingesting_again_changes_nothing(tmp_path: Path) -> None:
    first = ingest(EXAMPLES, tmp_path / "cat")
    assert first["status"].tolist() == ["ingested", "ingested"]
    before = files_of(tmp_path / "cat")
    again = ingest(EXAMPLES, tmp_path / "cat")
    assert again["status"].tolist() == ["unchanged", "unchanged"]
    assert files_of(tmp_path / "cat") == before
    assert again["rows"].tolist() == first["rows"].tolist() == [969, 0]


def test_only_what_changed_is_ingested_and_replaces_what_was_there(tmp_path: Path) -> None:
    one = write(tmp_path / "in/QTD000001.all.tsv", [row(at) for at in range(1, 9)])
    write(tmp_path / "in/QTD000002.all.tsv", [row(at) for at in range(1, 9)])
    ingest(tmp_path / "in", tmp_path / "cat")
    catalogue = Catalogue(tmp_path / "cat")
    assert len(catalogue.associations()) == 16
    write(one, [row(at, beta=-1.0) for at in range(3, 6)])
    assert ingest(tmp_path / "in", tmp_path / "cat")["status"].tolist() == ["ingested", "unchanged"]
    found = catalogue.associations(dataset="QTD000001")
    assert found["beta"].tolist() == [-1.0] * 3, "an open catalogue sees what is new"
    assert len(catalogue.phewas([f"chr5_{at}_A_G" for at in range(1, 9)])) == 11, "bins do not show what was replaced"
    named = {part.path for parts in catalogue.manifest("QTD000001").tables.values() for part in parts}
    there = {name for name in files_of(tmp_path / "cat") if "dataset=QTD000001" in name and name.endswith(".parquet")}
    assert there == named, "replaced files are gone"


def test_strict_refuses_what_is_wrong_and_keeps_what_was_there(tmp_path: Path) -> None:
    path = write(tmp_path / "in/QTD000001.all.tsv", [row(1), row(2)])
    meta = {"study_id": "QTS000001", "dataset_id": "QTD000001", "quant_method": "ge", "sample_size": 100}
    write(tmp_path / "in/dataset_metadata_r7.tsv", [meta])
    assert ingest(tmp_path / "in", tmp_path / "cat", strict=True)["status"].tolist() == ["ingested"]
    write(path, [row(1), row(2, ac=200, an=10)])
    refused = ingest(tmp_path / "in", tmp_path / "cat", strict=True)
    assert refused.to_dicts()[0]["status"] == "refused"
    assert "ac_an_swapped" in refused.to_dicts()[0]["detail"]
    assert refused.refused == 1
    assert Catalogue(tmp_path / "cat").manifest("QTD000001").findings == []
    allowed = ingest(tmp_path / "in", tmp_path / "cat", strict=True, allow=["ac_an_swapped"])
    assert allowed["status"].tolist() == ["ingested"]
    assert Catalogue(tmp_path / "cat").manifest("QTD000001").findings[0]["rows"] == [2]
    assert ingest(tmp_path / "in", tmp_path / "cat", strict=True)["status"].tolist() == ["refused"]


@pytest.mark.parametrize("pack", [gzip.compress, bgzf])
def test_a_cut_file_is_refused_and_the_others_go_on(tmp_path: Path, pack: Any) -> None:
    rows = many_rows(60)
    packed = pack(text(rows))
    (tmp_path / "in").mkdir()
    cut = tmp_path / "in/QTD000001.all.tsv.gz"
    cut.write_bytes(packed)
    write(tmp_path / "in/QTD000002.all.tsv.gz", rows)
    ingest(tmp_path / "in", tmp_path / "cat")
    cut.write_bytes(packed[: len(packed) // 2])
    report = ingest(tmp_path / "in", tmp_path / "cat")
    assert report["status"].tolist() == ["refused", "unchanged"]
    assert "cut off" in report.to_dicts()[0]["detail"]
    assert "cut_off_file" in report.findings["finding"].tolist()
    assert len(Catalogue(tmp_path / "cat").associations()) == 2 * len(rows), "what was there still answers"


@pytest.mark.parametrize("name", ["QTD000001.all.tsv.gz", "QTD000001.credible_sets.parquet"])
@pytest.mark.parametrize("size", [0, 40])
def test_a_file_cut_before_its_header_is_refused_too(tmp_path: Path, name: str, size: int) -> None:
    path = write(tmp_path / "in/QTD000001.all.tsv.gz", [row(1)])
    ingest(tmp_path / "in", tmp_path / "cat")
    path.replace(tmp_path / "in" / name).write_bytes(b"PAR1"[:size] if size < 4 else path_content(size))
    report = ingest(tmp_path / "in", tmp_path / "cat")
    assert report["status"].tolist() == ["refused"]
    assert len(Catalogue(tmp_path / "cat").associations()) == 1


def path_content(size: int) -> bytes:
    return gzip.compress(text(many_rows(50)))[:size]


def test_repeated_rows_are_told_apart(tmp_path: Path) -> None:
    rows = [row(1), row(2), row(2, rsid="rs9"), row(2, rsid="rs9"), row(2, beta=9.0), row(3)]
    report = ingest(write(tmp_path / "QTD000001.all.tsv", rows), tmp_path / "cat")
    found = {each["finding"]: each["rows"] for each in report.findings if each["finding"] != "no_metadata"}
    assert found == {"duplicate_rsid": "3", "duplicate_row": "4", "conflicting_duplicate": "5"}
    catalogue = Catalogue(tmp_path / "cat")
    assert catalogue.associations(gene=A).values("rsid") == ["rs1", "rs2,rs9", "rs3"]
    assert catalogue.associations(gene=A, by_rsid=True).values("rsid") == ["rs1", "rs2", "rs9", "rs3"]
    assert catalogue.associations(rsid="rs9").values("variant") == ["chr5_2_A_G"]


def test_symbolic_alleles_of_one_id_stay_apart(tmp_path: Path) -> None:
    rows = [row(5, alt="<DUP>", ac=10, type="OTHER"), row(5, alt="<DUP>", ac=12, maf=0.06, beta=1.0, type="OTHER")]
    report = ingest(write(tmp_path / "QTD000001.all.tsv", rows), tmp_path / "cat")
    assert "symbolic_allele" in report.findings["finding"].tolist()
    for found in (
        Catalogue(tmp_path / "cat").associations(gene=A),
        Catalogue(tmp_path / "cat").associations(variant="chr5_5_A_<DUP>"),
    ):
        assert list(zip(found.values("ac"), found.values("beta"), strict=True)) == [(10, 0.25), (12, 1.0)]


def test_a_killed_ingestion_leaves_what_was_there(tmp_path: Path) -> None:
    rows = many_rows(3000)
    path = write(tmp_path / "in/QTD000001.all.tsv", rows[:50])
    ingest(tmp_path / "in", tmp_path / "cat")
    write(path, rows)
    code = (
        "import sys, time; from lifenode.eqtl import ingest; import lifenode.eqtl.store as s\n"
        "old = s.Store._move\n"
        "def slow(self, paths, incoming):\n"
        "    for path in sorted(paths)[:2]:\n"
        "        (self.path / path).parent.mkdir(parents=True, exist_ok=True)\n"
        "        (incoming / path).replace(self.path / path)\n"
        "    print('moving', flush=True); time.sleep(60)\n"
        "s.Store._move = slow\n"
        "ingest(sys.argv[1], sys.argv[2])\n"
    )
    place = str(Path(__file__).parents[2] / "src")
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "in"), str(tmp_path / "cat")], stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": place},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == b"moving\n"
        with pytest.raises(Busy):
            ingest(tmp_path / "in", tmp_path / "cat")
        process.send_signal(signal.SIGKILL)
    assert len(Catalogue(tmp_path / "cat").associations()) == 50
    ingest(tmp_path / "in", tmp_path / "cat")
    assert len(Catalogue(tmp_path / "cat").associations()) == len(rows)
    named = {
        part.path
        for parts in Catalogue(tmp_path / "cat").manifest("QTD000001").tables.values()
        for part in parts
    }  # fmt: skip
    there = {name for name in files_of(tmp_path / "cat") if "dataset=" in name and name.endswith(".parquet")}
    assert there == named, "half-moved files are swept"


def test_layers_are_joined_when_there_are_many(tmp_path: Path) -> None:
    for number in range(10):
        write(tmp_path / f"in/QTD{number:06d}.all.tsv", [row(1), row(2, beta=float(number))])
        ingest(tmp_path / "in", tmp_path / "cat")
    assert len(Store(tmp_path / "cat").layers("local")) == 2
    found = Catalogue(tmp_path / "cat").phewas("chr5_2_A_G")
    assert sorted(found["beta"].tolist()) == [float(number) for number in range(10)]


def test_metadata_come_from_the_table_of_the_release(shared_data: Path, tmp_path: Path) -> None:
    write(tmp_path / "in/QTD000085.all.tsv", [row(1)])
    (tmp_path / "in/dataset_metadata_r7.tsv").write_bytes(
        (shared_data / "eqtl/metadata/dataset_metadata_r7.tsv").read_bytes()
    )
    report = ingest(tmp_path / "in", tmp_path / "cat")
    assert report.meta["release"] == "r7"
    assert report.findings["finding"].tolist() == ["plus_in_group_name"]
    catalogue = Catalogue(tmp_path / "cat")
    assert catalogue.datasets().to_dicts()[0]["study_label"] == "FUSION"
    every = catalogue.datasets(held=False)
    assert (len(every), every.values("status").count("not ingested")) == (758, 757)
    assert catalogue.manifest("QTD000085").metadata["sample_group"] == "muscle_naive"


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int, int]] = []

    def note(progress: Progress) -> None:
        seen.append((progress.rows, progress.bytes_read, progress.bytes_total))
        assert progress.seconds_left is None or progress.seconds_left >= 0

    ingest(EXAMPLES, tmp_path / "cat", progress=note)
    size = sum(path.stat().st_size for path in EXAMPLES.glob("QTD*"))
    assert seen[-1] == (1105, size, size)


def test_what_cannot_be_ingested_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput):
        ingest(tmp_path / "nowhere", tmp_path / "cat")
    (tmp_path / "in").mkdir()
    with pytest.raises(EmptyInput):
        ingest(tmp_path / "in", tmp_path / "cat")
    write(tmp_path / "in/QTD000001.all.tsv", [row(1)])
    with pytest.raises(InvalidOption, match="nonsense"):
        ingest(tmp_path / "in", tmp_path / "cat", allow=["nonsense"])
    with pytest.raises(InvalidOption, match="release"):
        ingest(tmp_path / "in", tmp_path / "cat", release="../../etc")
    with pytest.raises(OutputError, match="neither empty"):
        ingest(tmp_path / "in", tmp_path / "in")
    write(tmp_path / "in/QTD000001.all.tsv", [row(1, pvalue=2)])
    report = ingest(tmp_path / "in", tmp_path / "cat")
    assert report.to_dicts()[0]["detail"] == "no row of it can be used"


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 5)), min_size=1, max_size=400), st.integers(1, 90))
@settings(max_examples=30, deadline=None)
def test_runs_on_disk_give_the_order_of_a_sort(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]], run_rows: int
) -> None:
    names = [f"T{(7 * at) % 31:02d}" for at in range(31)]
    sorter = TraitSorter(tmp_path_factory.mktemp("runs"), names.__getitem__, run_rows)
    rows = np.zeros(len(pairs), ROW_TYPE)
    rows["trait"] = [trait for trait, _ in pairs]
    rows["variant"] = np.arange(len(pairs))
    for start in range(0, len(pairs), 17):
        sorter.add(rows[start : start + 17])
    (frame, traits), *rest = sorter.parts()
    assert not rest
    expected = sorted(range(len(pairs)), key=lambda at: (names[pairs[at][0]], at))
    assert frame["variant_index"].to_list() == expected
    for trait, first, count in traits:
        assert frame["molecular_trait_id"][first : first + count].unique().to_list() == [names[trait]]
    assert sum(count for _, _, count in traits) == len(pairs)


def test_the_starter_catalogue_is_that_of_the_examples(tmp_path: Path) -> None:
    ingest(EXAMPLES, tmp_path / "cat")
    shipped, made = Catalogue(), Catalogue(tmp_path / "cat")
    assert shipped.associations().to_polars().equals(made.associations().to_polars())
    assert shipped.credible_sets().to_polars().equals(made.credible_sets().to_polars())
