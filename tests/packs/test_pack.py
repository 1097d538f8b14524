from __future__ import annotations

import hashlib
import json
import logging
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lifenode.errors import PackError, PackNotFound, TamperedPack
from lifenode.packs import arrays as arrays_module
from lifenode.packs.pack import Pack, installed, open_pack
from tests.packs.small_pack import SmallPack, edit

FILES = ("annotations.parquet", "genes.parquet", "identifiers.parquet", "terms.parquet")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path / "cache"))
    return SmallPack().write(tmp_path / "tsapiens")


def flip(path: Path) -> None:
    """Change one byte, and set the times back."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(bytes(data))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def run(code: str, **environment: str) -> str:
    """Run Python in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_pack_says_what_it_is(folder: Path) -> None:
    pack = open_pack(folder)
    assert (pack.name, pack.release, pack.organism) == ("tsapiens-2026.11", "2026.11", "tsapiens")
    assert (pack.scientific_name, pack.display_name, pack.taxonomy_id) == ("Testus sapiens", "Test human", 1)
    assert pack.fingerprint == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert pack.manifest["built"] == "2026-11-22"
    assert (pack.sources["GO:BP"].licence, pack.sources["GO:BP"].evidence) == ("CC0", "codes")
    assert repr(pack) == f"<Pack tsapiens-2026.11 (Testus sapiens) at {folder}>"


def test_tables_are_read_whole(folder: Path) -> None:
    pack = open_pack(str(folder))
    assert pack.has_table("genes")
    assert not pack.has_table("orthologs")
    assert pack.table("annotations").height == 11
    with pytest.raises(
        PackError, match=r'no table "orthologs".*It has annotations, genes, identifiers, terms'
    ) as caught:
        pack.table("orthologs")
    assert caught.value.value == "orthologs"


def test_genes_are_mapped(folder: Path) -> None:
    genes = open_pack(folder).genes()
    assert len(genes) == 5
    assert genes.symbols.to_list() == ["ALPHA", "BETA", "GAMMA", "ALPHA", ""]
    assert genes.biotypes[2] == "protein_coding"
    assert genes.chromosomes.to_list() == ["1", "1", "2", "HSCHR1_ALT", ""]
    assert (genes.start.tolist(), genes.end.tolist()) == ([100, 300, 5, 100, 0], [200, 400, 50, 200, 0])
    assert genes.strand.dtype.name == "int8"
    assert genes.strand.tolist() == [1, -1, 1, 1, 0]
    assert genes.primary.tolist() == [True, True, True, False, True]
    assert genes.go_annotations.tolist() == [1, 3, 2, 1, 0]
    assert not genes.start.flags.writeable


@pytest.mark.parametrize("name", FILES)
def test_tampered_file_is_refused_with_both_checksums(folder: Path, name: str) -> None:
    right = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    flip(folder / name)
    wrong = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    with pytest.raises(TamperedPack, match=name) as caught:
        open_pack(folder)
    assert right in str(caught.value)
    assert wrong in str(caught.value)
    assert right != wrong


@pytest.mark.parametrize("name", FILES)
def test_tampered_file_is_refused_though_the_index_exists(folder: Path, name: str) -> None:
    pack = open_pack(folder)
    pack.annotations()
    flip(folder / name)
    with pytest.raises(TamperedPack, match=name):
        open_pack(folder)
    with pytest.raises(TamperedPack, match=name):
        pack.verify()
    with pytest.raises(TamperedPack, match=name):
        pack.table(name.removesuffix(".parquet"))
    report = run(
        "import sys; from lifenode.packs.pack import open_pack\n"
        "try: open_pack(sys.argv[1] if len(sys.argv) > 1 else " + repr(str(folder)) + ")\n"
        "except Exception as error: print(type(error).__name__)"
    )
    assert report.strip() == "TamperedPack"


def test_touched_but_equal_file_is_accepted(folder: Path) -> None:
    first = open_pack(folder)
    os.utime(folder / "genes.parquet", ns=(1, 1))
    again = open_pack(folder)
    assert again is not first
    assert again.fingerprint == first.fingerprint
    again.verify()


def test_files_are_hashed_once_while_they_stay_as_they_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_pack(folder)
    read: list[str] = []
    monkeypatch.setattr("lifenode.packs.pack.read_checked", lambda path, expected: read.append(path.name))
    Pack(folder)
    assert read == []
    os.utime(folder / "genes.parquet", ns=(1, 1))
    Pack(folder)
    assert read == ["genes.parquet"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"FOLDER": 7}', '{"FOLDER": {"genes.parquet": "x"}}'])
def test_damaged_record_means_checking_again(folder: Path, tmp_path: Path, text: str) -> None:
    open_pack(folder)
    (record,) = (tmp_path / "cache").rglob("verified.json")
    record.write_text(text.replace("FOLDER", str(folder)), encoding="utf-8")
    Pack(folder)
    assert set(json.loads(record.read_text(encoding="utf-8"))[str(folder)]) == set(FILES)
    flip(folder / "genes.parquet")
    with pytest.raises(TamperedPack):
        Pack(folder)


def test_missing_file_is_named(folder: Path) -> None:
    (folder / "terms.parquet").unlink()
    with pytest.raises(PackError, match=r"terms\.parquet cannot be read"):
        open_pack(folder)


def test_checksum_of_nonsense_is_not_enough(folder: Path) -> None:
    (folder / "terms.parquet").write_bytes(b"PAR1 no table")
    digest = hashlib.sha256(b"PAR1 no table").hexdigest()
    edit(folder, lambda manifest: manifest["files"]["terms.parquet"].update(sha256=digest))
    with pytest.raises(PackError, match=r"terms\.parquet is not a Parquet table"):
        open_pack(folder).annotations()


def test_folder_without_a_pack(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "none", str(tmp_path / "nul\0")):
        with pytest.raises(PackNotFound, match="not a knowledge pack"):
            open_pack(place)


def test_a_pack_is_opened_once_in_a_process(folder: Path) -> None:
    first = open_pack(folder)
    assert open_pack(str(folder)) is first
    assert first.annotations() is first.annotations()
    assert first.genes() is first.genes()
    edit(folder, lambda manifest: manifest.update(release="2026.12", name="tsapiens-2026.12"))
    assert open_pack(folder).release == "2026.12"


def test_threads_share_one_index(folder: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: open_pack(folder).annotations(), range(32)))
    assert len({id(one) for one in found}) == 1


def test_packs_travel_to_other_processes(folder: Path) -> None:
    pack = open_pack(folder)
    pack.genes()
    assert pickle.loads(pickle.dumps(pack)) is pack  # noqa: S301 - our own bytes


def test_processes_may_race_for_the_index(folder: Path, tmp_path: Path) -> None:
    code = (
        f"from lifenode.packs.pack import open_pack; print(open_pack({str(folder)!r}).annotations().term_sizes.sum())"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)
    ]
    outputs = [process.communicate(timeout=120) for process in started]
    assert [process.returncode for process in started] == [0] * 4, outputs
    assert len({out for out, _ in outputs}) == 1
    left = sorted(path.name for path in (tmp_path / "cache").rglob("*") if path.is_file())
    assert left == ["annotations-1.v1.arrays", "genes-1.v1.arrays", "verified.json"]


def test_built_index_needs_no_table_and_no_polars(folder: Path) -> None:
    pack = open_pack(folder)
    pack.annotations(no_iea=True)
    code = (
        "import sys; from lifenode.packs.pack import open_pack\n"
        f"pack = open_pack({str(folder)!r}); pack.genes(); print(pack.annotations(no_iea=True).iea)\n"
        "print(sorted({'polars', 'pandas', 'pyarrow', 'numba'} & set(sys.modules)))"
    )
    assert run(code).splitlines() == [str(pack.annotations(no_iea=True).iea), "[]"]


@pytest.mark.parametrize("damage", ["cut", "empty", "folder"])
def test_damaged_index_is_built_again(folder: Path, tmp_path: Path, damage: str) -> None:
    right = open_pack(folder).annotations().gene_terms.tolist()
    (path,) = (tmp_path / "cache").rglob("annotations-1*")
    data = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
    else:
        path.write_bytes(data[: len(data) // 2] if damage == "cut" else b"")
    assert Pack(folder).annotations().gene_terms.tolist() == right


def test_unwritable_cache_is_done_without(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    right = open_pack(folder).annotations()
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path / "file" / "cache"))
    with caplog.at_level(logging.WARNING, logger="lifenode"):
        pack = open_pack(folder)
        found = pack.annotations()
    assert found.gene_terms.tolist() == right.gene_terms.tolist()
    assert not found.gene_terms.flags.writeable
    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "held in memory" in caplog.text
    flip(folder / "genes.parquet")
    with pytest.raises(TamperedPack):
        open_pack(folder)


def test_full_disk_is_done_without(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(arrays_module, "_header", full)
    with caplog.at_level(logging.WARNING, logger="lifenode"):
        assert open_pack(folder).annotations().n_genes == 5
    assert "No space left" in caplog.text
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_arrays_are_built_once_for_all_processes(folder: Path) -> None:
    calls: list[int] = []

    def build() -> dict[str, np.ndarray[Any, Any]]:
        calls.append(1)
        return {"x": np.arange(3)}

    assert Pack(folder).arrays("own-1", build)["x"].tolist() == [0, 1, 2]
    again = Pack(folder)
    assert again.arrays("own-1", build) is again.arrays("own-1", build)
    assert len(calls) == 1
    again.arrays("own-2", build)
    assert len(calls) == 2


def test_starter_packs_are_sound_and_small() -> None:
    starters = [path for path in installed() if path.parent.name == "starter"]
    assert {path.name for path in starters} >= {"hsapiens", "mmusculus", "scerevisiae", "athaliana"}
    for path in starters:
        pack = open_pack(path)
        pack.verify()
        assert pack.organism == path.name
        assert all(source.licence and source.version for source in pack.sources.values())
    total = sum(file.stat().st_size for path in starters for file in path.iterdir())
    assert total < 60_000_000


def test_opening_the_human_pack_is_quick() -> None:
    pack = open_pack("hsapiens")
    pack.annotations()
    code = (
        "import time, numpy, numpy.typing; from lifenode.packs.pack import open_pack\n"
        "start = time.perf_counter(); pack = open_pack('hsapiens'); pack.genes(); pack.annotations()\n"
        "print(time.perf_counter() - start)"
    )
    assert min(float(run(code)) for _ in range(3)) < 0.05


def test_an_open_pack_is_its_own_answer() -> None:
    pack = open_pack("scerevisiae")
    assert open_pack(pack) is pack
