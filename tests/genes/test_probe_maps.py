from __future__ import annotations

import gzip
from pathlib import Path

import pytest

import lifenode
from lifenode.cli.main import main
from lifenode.errors import BuildFailed, FormatError, InvalidOption, OutputError
from lifenode.genes.accounting import UNMAPPED
from lifenode.genes.identifiers import identifiers
from lifenode.genes.probe_maps import add_probe_map
from lifenode.packs import extend
from lifenode.packs.find import STARTER
from lifenode.packs.readers import chip
from tests.genes.made_pack import CAT, DOG, OWL_ONE, made

CHIP = (
    "Probe Set ID\tGene Symbol\tGene Title\n1000_at\tMAPK3\tkinase\n1001_at\tTIE1\tx\n1002_f_at\tnothing\tx\n"
    "1003_at\t\tx\n"
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "probes.chip.gz"
    path.write_bytes(gzip.compress(CHIP.encode()))
    return path


def test_rows_of_a_chip_file(file: Path) -> None:
    assert list(chip.read(file)) == [("1000_at", "MAPK3", 2), ("1001_at", "TIE1", 3), ("1002_f_at", "nothing", 4)]


def test_two_columns_without_a_header(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    path.write_text("p1\t7157\np2\tENSG00000012048\n")
    assert [(row.probe, row.gene) for row in chip.read(path)] == [("p1", "7157"), ("p2", "ENSG00000012048")]


@pytest.mark.parametrize("line", ["alone", "\tTP53"])
def test_a_row_that_is_no_pair_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    path.write_text(f"p1\tTP53\n{line}\n")
    with pytest.raises(FormatError, match="line 2"):
        list(chip.read(path))


def test_probes_are_identifiers_of_the_new_pack(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path / "packs"))
    before = lifenode.open_pack("hsapiens").fingerprint
    assert main(["packs", "map", "hsapiens", "AFFY_TEST", str(file)]) == 0
    pack = lifenode.open_pack("hsapiens")
    pack.verify()
    assert pack.fingerprint != before
    assert pack.release.endswith("+AFFY_TEST")
    assert "AFFY_TEST from probes.chip.gz" in pack.sources["identifiers"].version
    result = lifenode.enrich(["1000_at", "1001_AT", "TP53"], sources="REAC", all_results=True)
    assert result.accounting.mapped == 3
    assert result.meta["pack"]["release"].endswith("+AFFY_TEST")
    back = lifenode.convert(["MAPK3"], "hsapiens", "AFFY_TEST")
    assert list(back["converted"]) == ["1000_at"]


def test_what_is_refused(file: Path, tmp_path: Path) -> None:
    pack = lifenode.open_pack("hsapiens")
    target = tmp_path / "mapped"
    with pytest.raises(InvalidOption, match="cannot be the name"):
        add_probe_map(pack, "affy", file, target)
    with pytest.raises(InvalidOption, match="already"):
        add_probe_map(pack, "ENTREZGENE", file, target)
    strangers = tmp_path / "strangers.tsv"
    strangers.write_text("p1\tqqqq-1\n")
    with pytest.raises(BuildFailed, match="None of the 1 genes"):
        add_probe_map(pack, "AFFY_TEST", strangers, target)
    assert not target.exists()


def test_the_real_hg_u95_map(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "annotation" / "examples" / "Human_AFFY_HG_U95_MSigDB_7_0.chip.gz"
    done = add_probe_map(lifenode.open_pack("hsapiens"), "AFFY_HG_U95", path, tmp_path / "mapped")
    assert (done.probes, done.rows) == (41_986, 46_693)
    assert done.mapped / done.probes > 0.92
    assert len(done.unmapped) / done.rows < 0.11
    table = lifenode.convert(["1000_at", "1000_AT", "AFFY_HG_U95:1001_at"], tmp_path / "mapped", "symbol")
    assert list(table["converted"]) == ["MAPK3", "MAPK3", "TIE1"]
    assert table["namespaces"][0] == ["AFFY_HG_U95"]
    result = lifenode.enrich(
        ["1000_at", "1001_at", "1007_s_at"], tmp_path / "mapped", sources="GO:MF", all_results=True
    )
    assert result.accounting.namespaces["AFFY_HG_U95"] == 3


def test_other_tables_are_those_of_the_pack_copied(file: Path, tmp_path: Path) -> None:
    pack = lifenode.open_pack("hsapiens")
    done = add_probe_map(pack, "AFFY_TEST", file, tmp_path / "mapped")
    copy = lifenode.open_pack(done.folder)
    assert copy.has_table("thresholds")
    for name, facts in copy.manifest["files"].items():
        assert (facts == pack.manifest["files"][name]) is (name != "identifiers.parquet")
    assert copy.sources["identifiers"].dropped["AFFY_TEST: gene not in the pack"] == 1
    assert done.unmapped == (("1002_f_at", "nothing"),)
    assert (done.probes, done.mapped, done.genes, done.rows) == (3, 2, 2, 3)


def test_namespaces_can_be_added_to_one_another(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    path.write_text("p1\tCat\np1\tOwl1\nwolf\tOwl1\nfeline\tOwl2\np3\tGO:0000011\np3\tfeline\n99\tOwl1\n")
    first = add_probe_map(made(tmp_path / "made"), "ONE_ARRAY", path, tmp_path / "one")
    second = add_probe_map(lifenode.open_pack(first.folder), "TWO_ARRAY", path, tmp_path / "one")
    pack = lifenode.open_pack(second.folder)
    assert pack.name == "tsapiens-2026.11+ONE_ARRAY+TWO_ARRAY"
    assert pack.sources["identifiers"].version == "ONE_ARRAY from map.tsv; TWO_ARRAY from map.tsv"
    assert first.unmapped == (("p3", "GO:0000011"),)  # a term is no gene of a probe
    assert list(lifenode.convert(["Owl1"], pack.path, "two_array")["converted"]) == ["99", "p1", "wolf"]


def test_a_probe_wins_over_an_alias_and_over_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "map.tsv"
    path.write_text("wolf\tOwl1\nbird\tCat\nDog\tCat\n99\tOwl1\np1\tCat\np1\tOwl1\n")
    folder = add_probe_map(made(tmp_path / "made"), "ONE_ARRAY", path, tmp_path / "one").folder
    index = identifiers(lifenode.open_pack(folder))
    found = {text: outcome for text in ("wolf", "bird", "Dog", "p1") for outcome in index.outcomes([text])}
    assert (found["wolf"].namespace, found["wolf"].gene) == ("PREVIOUS_SYMBOL", DOG)
    assert (found["bird"].namespace, found["bird"].gene) == ("ONE_ARRAY", CAT)
    assert (found["Dog"].namespace, found["Dog"].gene) == ("SYMBOL", DOG)
    assert set(found["p1"].genes) == {CAT, OWL_ONE}  # both genes are kept; a query says that it is ambiguous
    assert index.outcomes(["99"])[0].kind == UNMAPPED  # digits are Entrez ids unless one says otherwise
    assert index.outcomes(["99"], "ONE_ARRAY")[0].gene == OWL_ONE
    summary = index.resolve(["bird", "one_array:p1"]).accounting.summary()
    assert "ONE_ARRAY" in summary


@pytest.mark.parametrize("name", ["affy", "AB", "1AB", "A-B", "A" * 42, "AFFY\n", "SYMBOL", "ENTREZ"])
def test_names_no_namespace_can_have(name: str, file: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidOption):
        add_probe_map(lifenode.open_pack("hsapiens"), name, file, tmp_path / "mapped")
    assert not (tmp_path / "mapped").exists()


def test_starter_packs_and_strange_folders_are_left_alone(file: Path, tmp_path: Path) -> None:
    pack = lifenode.open_pack("hsapiens")
    link = tmp_path / "link"
    link.symlink_to(STARTER)
    for target in (pack.path, link / "hsapiens", STARTER / "new"):
        with pytest.raises(BuildFailed, match="never changed"):
            add_probe_map(pack, "AFFY_TEST", file, target)
    with pytest.raises(BuildFailed, match="is not a knowledge pack"):
        add_probe_map(pack, "AFFY_TEST", file, tmp_path)
    pack.verify()


def test_an_earlier_pack_stays_when_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = made(tmp_path / "packs" / "made")
    path = tmp_path / "map.tsv"
    path.write_text("p1\tCat\n")

    def full(folder: Path, manifest: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(extend, "write_manifest", full)
    with pytest.raises(OutputError, match="No space left"):
        add_probe_map(pack, "ONE_ARRAY", path, pack.path)
    assert [folder.name for folder in (tmp_path / "packs").iterdir()] == ["made"]
    assert lifenode.open_pack(pack.path).release == "2026.11"
