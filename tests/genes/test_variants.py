"""Variants of a made pack, where every answer is known, and of the real tables."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pytest

import lifenode
from lifenode.errors import BadTable, EmptyInput, InputTooLarge
from lifenode.genes.variants import COLUMNS
from lifenode.packs.add_variants import VariantSource, add_variants
from lifenode.packs.pack import Pack, open_pack
from tests.genes.made_pack import made


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("variants") / "pack").path


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("variants") / "pack", with_variants=False).path


def rows(pack: Path, *items: str) -> list[dict[str, Any]]:
    return lifenode.variants(list(items), pack).to_dicts()


def reason(pack: Path, text: str) -> str:
    (item,) = lifenode.variants([text], pack).accounting.details.unmapped
    assert item["identifier"] == text
    return str(item["reason"])


# rsIDs


def test_an_rsid_has_place_alleles_genes_and_consequences(zoo: Path) -> None:
    table = lifenode.variants(["RS10"], zoo)
    assert table.to_dicts() == [
        {
            "query": "RS10", "rsid": "rs10", "chromosome": "1", "start": 120, "end": 120, "strand": 1,
            "alleles": "A/G", "gene_ids": ["TSTG00", "TSTG01"], "gene_symbols": ["Cat", "Dog"],
            "consequences": ["intron_variant:7", "missense_variant:1"],
            "gene_consequences": [
                "TSTG01:intron_variant:5", "TSTG00:intron_variant:2", "TSTG00:missense_variant:1",
            ],
            "genes_by": "source", "found_by": "rsid", "status": "mapped",
        }
    ]  # fmt: skip
    assert table["consequence_counts"] == [{"intron_variant": 7, "missense_variant": 1}]
    assert table["gene_consequence_counts"] == [
        {"TSTG01": {"intron_variant": 5}, "TSTG00": {"intron_variant": 2, "missense_variant": 1}}
    ]
    assert list(table.column_names) == [column.name for column in COLUMNS]


def test_an_rsid_at_two_places_has_a_row_for_each(zoo: Path) -> None:
    found = rows(zoo, "rs8")
    assert [(row["start"], row["gene_symbols"]) for row in found] == [(3100, ["fox"]), (3550, ["fox", "Fox"])]


def test_outside_genes_and_without_alleles(zoo: Path) -> None:
    outside, bare, insertion = rows(zoo, "rs2", "rs7", "rs5")
    assert (outside["gene_ids"], outside["consequences"], outside["gene_consequences"]) == (
        [],
        ["intergenic_variant:1"],
        [],
    )
    assert (outside["genes_by"], outside["status"]) == ("source", "mapped")
    assert bare["alleles"] == ""
    assert (insertion["start"], insertion["end"], insertion["genes_by"]) == (119, 120, "position")


# Changes


def test_a_change_finds_the_variant_with_its_alleles(zoo: Path) -> None:
    for text, rsid in (
        ("1:120:A:G", "rs10"), ("chr1-120-a-g", "rs10"), ("1:119:CA:CG", "rs10"), ("1:120:A:C", ""),
        ("1:119:C:CT", "rs5"), ("1:120:-:T", "rs5"), ("1:160:ATAT:A", "rs12"), ("1:161:TAT:-", "rs12"),
    ):  # fmt: skip
        (row,) = rows(zoo, text)
        assert (row["rsid"], row["found_by"], row["status"]) == (rsid, "alleles", "mapped"), text
        assert row["alleles"]


def test_a_change_at_a_variant_whose_alleles_are_not_recorded(zoo: Path) -> None:
    first, second = rows(zoo, "2:6:C:T", "2:6:C:G")
    assert first["rsid"] == second["rsid"] == "rs7"
    assert (first["found_by"], first["alleles"]) == ("position", "")
    assert second["status"] == "mapped"  # which of the two the variant is, nobody says


def test_a_change_the_pack_does_not_hold_has_the_genes_of_its_place(zoo: Path) -> None:
    (row,) = rows(zoo, "1:120:A:T")
    assert (row["rsid"], row["alleles"], row["start"], row["end"]) == ("", "A/T", 120, 120)
    assert (row["gene_symbols"], row["consequences"]) == (["Cat"], [])
    assert (row["genes_by"], row["found_by"], row["status"]) == ("position", "place", "mapped")
    (swapped,) = rows(zoo, "1:120:G:A")
    assert swapped["found_by"] == "place"


# Places


def test_a_place_gives_its_genes_and_its_variants(zoo: Path) -> None:
    place, *found = rows(zoo, "chr1:120-159")
    assert (place["rsid"], place["chromosome"], place["start"], place["end"]) == ("", "1", 120, 159)
    assert (place["gene_symbols"], place["genes_by"], place["found_by"]) == (["Cat", "Dog"], "position", "range")
    assert [(row["rsid"], row["alleles"]) for row in found] == [("rs5", "-/T"), ("", "A/C"), ("rs10", "A/G")]
    assert {row["found_by"] for row in found} == {"range"}
    assert [row["rsid"] for row in rows(zoo, "1:161")] == ["", "rs12"]
    (alone,) = rows(zoo, "X:1500:1600")
    assert alone["gene_symbols"] == ["Septin2"]
    place, variant = rows(zoo, "1:9999")
    assert (place["gene_ids"], variant["rsid"]) == ([], "rs2")


def test_places_without_variants_in_the_pack(silent: Path) -> None:
    place, change, rsid = rows(silent, "1:120-159", "1:120:A:G", "rs10")
    assert place["gene_symbols"] == ["Cat", "Dog"]
    assert (change["gene_symbols"], change["found_by"]) == (["Cat"], "place")
    assert rsid["status"] == "unmapped"
    assert reason(silent, "rs10") == "an rsID, but this release has no variants"
    assert lifenode.variants(["rs10"], silent).meta["variants"] == 0


# What is not there


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rs11", "an rsID that this release does not hold"),
        ("TP53", "neither an rsID (rs699) nor a place"),
        ("GO:0006954", "has no chromosome GO"),
        ("7:5:A:G", "has no chromosome 7"),
        ("1:0:A:G", "positions count from 1"),
        ("1:500-400", "ends before it starts"),
        ("1:10000:A:G", "beyond the last gene and variant of chromosome 1 (9,999)"),
        ("MT:10", "beyond the last gene and variant of chromosome MT (9)"),
        ("1:1-400000000", "longer than 300,000,000 bases"),
        ("1:5000:A:G", "no variant of this release, and no gene at this place"),
        ("1:5000-5001", "a place without a gene or variant in this release"),
        ("rs" + "1" * 300, "longer than 200 characters"),
        ("rs1\x00", "control character"),
    ],
)
def test_why_there_is_nothing(zoo: Path, text: str, words: str) -> None:
    (row,) = rows(zoo, text)
    assert row["status"] == "unmapped"
    assert (row["rsid"], row["chromosome"], row["start"], row["strand"], row["gene_ids"]) == ("", "", None, None, [])
    (item,) = lifenode.variants([text], zoo).accounting.details.unmapped
    assert words in item["reason"]


def test_a_release_without_positions() -> None:
    assert reason(open_pack("drerio").path, "1:5-6") == "a place, but this release has no gene positions"


# The account


def test_every_item_is_accounted_for(zoo: Path) -> None:
    items = ["rs10", "1:120:A:G", "rs10", "rs99", "", " NA ", None, "chr1:120-159", "1:120..159", "rs7"]
    table = lifenode.variants(items, zoo)
    account = table.accounting
    assert (account.mapped, account.unmapped, account.duplicate, account.blank) == (3, 1, 3, 3)
    assert account.input == len(items)
    assert account.to_dict()["duplicate_items"] == [
        {"identifier": "1:120:A:G", "same_as": "rs10"},
        {"identifier": "rs10", "same_as": "rs10"},
        {"identifier": "1:120..159", "same_as": "chr1:120-159"},
    ]
    assert dict(account.namespaces) == {"RSID": 2, "RANGE": 1}
    assert account.summary().startswith("10 identifiers read · 3 mapped (rsID 2, genomic range 1) · 1 unmapped")
    by_item = dict(zip(table["query"].tolist(), table["status"].tolist(), strict=True))
    assert by_item["rs99"] == "unmapped"
    assert by_item["1:120..159"] == "duplicate"


def test_lists_files_and_exports(zoo: Path, tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("rs10 rs7\n1:120:A:G\n\nrs99\n")
    table = lifenode.variants(path, zoo)
    assert table["query"].tolist() == ["rs10", "rs7", "1:120:A:G", "", "rs99"]
    assert "intron_variant:7,missense_variant:1" in table.to_tsv().splitlines()[1]
    read_back = json.loads(table.to_json())
    assert read_back["result"][4]["start"] is None
    assert read_back["meta"]["accounting"]["unmapped"] == 1
    assert table.to_polars()["gene_ids"].to_list()[0] == ["TSTG00", "TSTG01"]
    assert table.filter(table["status"] == "mapped")["consequence_counts"][1] == {"missense_variant": 1}
    assert pickle.loads(pickle.dumps(table)).to_tsv() == table.to_tsv()  # noqa: S301 - our own bytes


def test_input_that_cannot_be_used(zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmptyInput):
        lifenode.variants([], zoo)
    results = tmp_path / "results.tsv"
    results.write_text("gene\tlog2FoldChange\tpadj\nCat\t2\t0.01\nDog\t-2\t0.02\n")
    with pytest.raises(BadTable, match="variants takes a list of variants"):
        lifenode.variants(results, zoo)
    monkeypatch.setenv("LIFENODE_MAX_VARIANT_ROWS", "4")
    assert len(lifenode.variants(["1:120-159"], zoo)) == 4
    with pytest.raises(InputTooLarge, match="would have 5 rows, 4 of them for 1:120-159; the limit is 4"):
        lifenode.variants(["rs10", "1:120-159"], zoo)


# Real tables


@pytest.fixture(scope="module")
def human(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Pack:
    """The human pack with the variants of the GWAS Catalog's sample."""
    source = VariantSource("GWAS Catalog", "2020-04-30", "EMBL-EBI terms of use")
    file = shared_data / "annotation/tables/gwas_catalog_2020-04-30_sample50k.tsv.gz"
    done = add_variants(open_pack("hsapiens"), file, source, tmp_path_factory.mktemp("human") / "pack")
    return open_pack(done.folder)


def test_known_variants(human: Pack) -> None:
    table = lifenode.variants(["rs429358", "rs7412", "rs699", "1:230710048:A:G", "rs1801133"], human.path)
    assert table["gene_symbols"] == [["APOE"], ["APOE"], ["AGT"], ["AGT"], ["MTHFR"]]
    assert table["start"].tolist() == [44_908_684, 44_908_822, 230_710_048, 230_710_048, 11_796_321]
    assert table["gene_consequences"][0] == ["ENSG00000130203:missense_variant:1"]
    assert table["found_by"].tolist() == ["rsid", "rsid", "rsid", "position", "rsid"]
    assert table.meta["sources"]["variants"]["licence"] == "EMBL-EBI terms of use"
    assert table.meta["variants"] == 38_888


def test_every_variant_of_the_pack_is_found_by_rsid_and_by_place(human: Pack) -> None:
    held = human.table("variants")
    by_id = lifenode.variants(held["rsid"][::7], human.path)
    assert by_id["rsid"].tolist() == held["rsid"][::7].to_list()
    assert by_id["start"].tolist() == held["position"][::7].to_list()
    assert set(by_id["status"]) == {"mapped"}
    places = [f"{c}:{p}" for c, p in held.select("chromosome", "position")[::97].rows()]
    by_place = lifenode.variants(places, human.path)
    assert set(held["rsid"][::97]) <= set(by_place["rsid"])


def test_variants_stand_for_their_genes_in_other_queries(human: Pack) -> None:
    table = lifenode.convert(["rs429358", "TOMM40", "rs99"], human.path, "SYMBOL")
    assert table["converted"].tolist() == ["APOE", "TOMM40", ""]
    assert table["status"].tolist() == ["mapped", "mapped", "unmapped"]
