"""Variants are added to a copy of a pack, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import BuildFailed, FormatError, InvalidOption, OutputError
from lifenode.packs import extend
from lifenode.packs.add_variants import VariantSource, add_variants
from lifenode.packs.find import STARTER
from lifenode.packs.pack import Pack, open_pack
from tests.genes.made_pack import made

SOURCE = VariantSource("Somebody", "7 (made)", "CC0", url="https://example.org")
CONTENT = (
    "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
    "1\t120\trs1\tA\tG\t.\t.\t.\n1\t9000\t.\tA\tG\t.\t.\t.\n9\t1\trs2\tA\tG\t.\t.\t.\n1\t0\trs3\tA\tG\t.\t.\t.\n"
)


@pytest.fixture
def zoo(tmp_path: Path) -> Pack:
    return made(tmp_path / "packs" / "made", with_variants=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "some.vcf"
    path.write_text(CONTENT)
    return path


def test_the_copy_has_the_variants_and_all_the_rest(zoo: Pack, file: Path, tmp_path: Path) -> None:
    done = add_variants(zoo, file, SOURCE, tmp_path / "packs" / "more")
    copy = open_pack(done.folder)
    copy.verify()
    assert (copy.name, copy.release) == ("tsapiens-2026.11+variants", "2026.11+variants")
    assert copy.table("variants")["rsid"].to_list() == ["rs1", ""]
    told = copy.sources["variants"]
    assert (told.name, told.version, told.licence, told.attribution) == ("Somebody", "7 (made)", "CC0", "Somebody")
    assert told.dropped == {"chromosome without a gene in the pack": 1, "no position": 1}
    for name, facts in zoo.manifest["files"].items():
        assert copy.manifest["files"][name] == facts
    assert done.lines() == [
        "2 variants, 1 of them with an rsID, added to tsapiens-2026.11.",
        "Genes as the file states them: 0; by position among the genes of the pack: 2.",
        "Left out: 1 × chromosome without a gene in the pack.",
        "Left out: 1 × no position.",
    ]
    assert not zoo.has_table("variants")


def test_earlier_variants_are_replaced(zoo: Pack, file: Path, tmp_path: Path) -> None:
    first = add_variants(zoo, file, SOURCE, tmp_path / "one").folder
    file.write_text(CONTENT.replace("rs1\t", "rs77\t"))
    second = add_variants(open_pack(first), file, SOURCE, tmp_path / "one").folder
    copy = open_pack(second)
    assert copy.name == "tsapiens-2026.11+variants"
    assert copy.table("variants")["rsid"].to_list() == ["rs77", ""]


@pytest.mark.parametrize("field", ["name", "release", "licence"])
def test_a_source_without_provenance_is_refused(zoo: Pack, file: Path, tmp_path: Path, field: str) -> None:
    facts = {"name": "a", "release": "b", "licence": "c"} | {field: " "}
    with pytest.raises(InvalidOption, match=f"The {field} of the variants is blank"):
        add_variants(zoo, file, VariantSource(**facts), tmp_path / "more")
    assert not (tmp_path / "more").exists()


def test_a_file_without_a_variant_of_the_pack(zoo: Pack, file: Path, tmp_path: Path) -> None:
    file.write_text(CONTENT.replace("\n1\t", "\n8\t"))
    with pytest.raises(BuildFailed, match="holds no variant that can be used: 3 × chromosome without a gene"):
        add_variants(zoo, file, SOURCE, tmp_path / "more")
    file.write_text(CONTENT + "1\t5\n")
    with pytest.raises(FormatError, match="line 7: 2 columns"):
        add_variants(zoo, file, SOURCE, tmp_path / "more")
    assert not (tmp_path / "more").exists()


def test_starter_packs_and_strange_folders_are_left_alone(zoo: Pack, file: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="never changed"):
        add_variants(zoo, file, SOURCE, STARTER / "hsapiens")
    with pytest.raises(BuildFailed, match="is not a knowledge pack"):
        add_variants(zoo, file, SOURCE, tmp_path)


def test_an_earlier_pack_stays_when_the_disk_refuses(zoo: Pack, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(folder: Path, manifest: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(extend, "write_manifest", full)
    with pytest.raises(OutputError, match="No space left"):
        add_variants(zoo, file, SOURCE, zoo.path)
    assert [folder.name for folder in zoo.path.parent.iterdir()] == ["made"]
    assert not open_pack(zoo.path).has_table("variants")
