from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from lifenode.errors import BadTable, EmptyInput, UnknownNamespace, UnknownOrganism
from lifenode.genes.convert import COLUMNS, convert
from lifenode.genes.identifiers import identifiers
from lifenode.packs.pack import open_pack
from tests.genes.made_pack import MadePack

ASKED = ["TP53", "tp53", "ENSG00000141510.17", "1-Mar", "BRCA3x", "", "7157"]


def test_a_row_for_every_item_in_order() -> None:
    table = convert(ASKED, to="ENTREZGENE")
    assert table.column_names == tuple(column.name for column in COLUMNS)
    assert table["query"].tolist() == ASKED
    assert table["converted"].tolist() == ["7157", "7157", "7157", "", "", "", "7157"]
    assert table["status"].tolist() == [
        "mapped", "duplicate", "duplicate", "ambiguous", "unmapped", "blank", "duplicate",
    ]  # fmt: skip
    assert table["symbol"].tolist()[0] == "TP53"
    assert table["name"].tolist()[0] == "tumor protein p53"
    assert table["namespaces"][0] == ["SYMBOL"]
    assert table["namespaces"][2] == ["ENSG"]
    assert table["namespaces"][6] == ["ENTREZGENE"]
    assert table["namespaces"][4] == []
    assert table.accounting.to_dict() == table.meta["accounting"]


@pytest.mark.parametrize("name", ["entrez", "Entrez", "ENTREZGENE", "ENTREZGENE_ACC", "ncbi"])
def test_names_of_the_target(name: str) -> None:
    table = convert(["TP53"], to=name)
    assert table["converted"].tolist() == ["7157"]
    assert table.meta["to"] == "ENTREZGENE"


@pytest.mark.parametrize(
    ("name", "converted"),
    [("symbol", "TP53"), ("ensembl", "ENSG00000141510"), ("uniprot", "P04637"), ("hgnc", "HGNC:11998")],
)
def test_other_targets(name: str, converted: str) -> None:
    assert convert(["7157"], to=name)["converted"].tolist() == [converted]


def test_every_target_and_every_gene_has_a_row(tmp_path: Path) -> None:
    pack = MadePack().write(tmp_path / "pack")
    table = convert(["chr1:1-1000", "Dog", "Owl1"], pack, "alias")
    assert [tuple(row.values()) for row in table.to_dicts()] == [
        ("chr1:1-1000", "TSTG00", "feline", "Cat", "gene Cat", ["RANGE"], "mapped"),
        ("chr1:1-1000", "TSTG00", "wolf", "Cat", "gene Cat", ["RANGE"], "mapped"),
        ("chr1:1-1000", "TSTG01", "99", "Dog", "gene Dog", ["RANGE"], "mapped"),
        ("chr1:1-1000", "TSTG01", "CAT", "Dog", "gene Dog", ["RANGE"], "mapped"),
        ("chr1:1-1000", "TSTG01", "none", "Dog", "gene Dog", ["RANGE"], "mapped"),
        ("Dog", "TSTG01", "99", "Dog", "gene Dog", ["SYMBOL"], "duplicate"),
        ("Dog", "TSTG01", "CAT", "Dog", "gene Dog", ["SYMBOL"], "duplicate"),
        ("Dog", "TSTG01", "none", "Dog", "gene Dog", ["SYMBOL"], "duplicate"),
        ("Owl1", "TSTG03", "bird", "Owl1", "gene Owl1", ["SYMBOL"], "mapped"),
    ]


def test_a_gene_without_a_target_keeps_its_row(tmp_path: Path) -> None:
    pack = MadePack().write(tmp_path / "pack")
    (row,) = convert(["fox"], pack, "entrez").to_dicts()
    assert (row["gene_id"], row["converted"], row["status"]) == ("TSTG06", "", "mapped")


def test_there_and_back() -> None:
    symbols = ["TP53", "MDM2", "IL6", "CXCL8", "GAPDH"]
    for name in ("ENSG", "ENTREZGENE", "UNIPROT", "HGNC"):
        there = convert(symbols, to=name)["converted"].tolist()
        assert convert(there, to="SYMBOL")["converted"].tolist() == symbols


def test_numbers_and_choices() -> None:
    assert convert([11998], to="symbol", numeric_namespace="HGNC")["converted"].tolist() == ["TP53"]
    table = convert(["1-Mar"], to="symbol", choices={"1-Mar": "ENSG00000186205"})
    assert table.to_dicts()[0]["converted"] == "MTARC1"
    assert table.meta["choices"] == {"1-Mar": "ENSG00000186205"}


def test_other_forms_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "genes.txt"
    path.write_text("TP53\nMDM2\n", encoding="utf-8")
    assert convert(path)["converted"].tolist() == ["7157", "4193"]
    assert convert({"a": ["TP53"], "b": ["MDM2"]})["converted"].tolist() == ["7157", "4193"]
    results = tmp_path / "results.tsv"
    results.write_text("gene\tlog2FoldChange\tpadj\nTP53\t3\t0.001\nMDM2\t-3\t0.001\n", encoding="utf-8")
    with pytest.raises(BadTable, match="column"):
        convert(results)


def test_names_that_do_not_exist() -> None:
    with pytest.raises(UnknownNamespace, match=r'no namespace "entrz". Did you mean ENTREZGENE\?'):
        convert(["TP53"], to="entrz")
    with pytest.raises(UnknownNamespace, match="It has ALIAS, ENSG"):
        convert(["TP53"], to="MGI")
    with pytest.raises(UnknownOrganism, match="hsapiens"):
        convert(["TP53"], "human")
    with pytest.raises(EmptyInput):
        convert([])


def test_it_keeps_its_accounting_and_provenance() -> None:
    table = convert(ASKED)
    assert table.meta["organism"] == "hsapiens"
    assert table.meta["sources"]["identifiers"]["licence"]
    assert table.head(2).accounting == table.accounting
    back = pickle.loads(pickle.dumps(table))  # noqa: S301
    assert back.to_tsv() == table.to_tsv()
    assert back.accounting == table.accounting
    assert json.loads(table.to_json())["meta"]["accounting"]["mapped"] == 1


def test_strange_text_survives_every_form() -> None:
    table = convert(["TP53", "\ud800", "a\x00b", "x" * 5000, "α\tβ"])
    for form in ("tsv", "csv", "json", "jsonl", "parquet"):
        assert table.to_bytes(form)
    assert len(table["query"][3]) == 201


def test_namespaces_are_all_those_that_name_the_gene() -> None:
    index = identifiers(open_pack("hsapiens")).index
    for text in ("TP53", "tp53", "P53", "uniprot:P04637", "7157", "ENSG00000141510.17", "IL8"):
        row = convert([text], to="ensembl").to_dicts()[0]
        bare = text.removeprefix("uniprot:").removesuffix(".17")
        (hits,) = index.find([bare])
        genes = open_pack("hsapiens").genes().gene_ids
        assert set(row["namespaces"]) == {hit.namespace for hit in hits if genes[hit.gene] == row["gene_id"]}


def test_a_number_found_with_its_prefix_is_of_that_namespace_alone() -> None:
    # 7157 is the Entrez id of one gene and, with HGNC in front, the HGNC id of another.
    (row,) = convert(["7157"], to="symbol", numeric_namespace="HGNC").to_dicts()
    assert (row["symbol"], row["namespaces"]) == ("MMP11", ["HGNC"])
