from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pytest

import lifenode
from lifenode.errors import BadTable, EmptyInput, InvalidOption, LifenodeError, UnknownOrganism, UnknownSource
from lifenode.genes.orthologs import COLUMNS, orthologs
from lifenode.packs import catalog
from lifenode.packs.pack import Pack, open_pack
from lifenode.packs.recipes.orthologs import ORGANISMS
from tests.genes.ortholog_packs import Target, made
from tests.packs.starter_packs import table as starter_table


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path / "packs"))
    return made(tmp_path / "packs")


def pairs(items: list[str], pack: Pack, to: str = "ttarget", **options: Any) -> list[tuple[Any, ...]]:
    names = ("query", "ortholog", "source", "support_count", "relation")
    rows = orthologs(items, pack.path, to, **options).to_dicts()
    return [tuple(row[name] for name in names) for row in rows]


def test_a_row_for_every_item_and_ortholog_in_order(pack: Pack) -> None:
    table = orthologs(["Cat", "Dog", "nothing", "", "TSTG00", "Fox", "Owl1"], pack.path, "ttarget")
    assert table.column_names == tuple(column.name for column in COLUMNS)
    assert [tuple(row.values()) for row in table.to_dicts()] == [
        ("Cat", "TSTG00", "Cat", "TGTG00", "cat", "gene cat", "HCOP", ["Ensembl", "NCBI", "OMA"], 3, "one-to-one",
         "mapped"),
        ("Dog", "TSTG01", "Dog", "TGTG02", "owl", "gene owl", "HCOP",
         ["Ensembl", "NCBI", "OMA", "Panther", "Treefam"], 5, "many-to-many", "mapped"),
        ("Dog", "TSTG01", "Dog", "TGTG01", "dog", "gene dog", "HCOP", ["Ensembl", "OMA"], 2, "one-to-many", "mapped"),
        ("nothing", "", "", "", "", "", "", [], 0, "", "unmapped"),
        ("", "", "", "", "", "", "", [], 0, "", "blank"),
        ("TSTG00", "TSTG00", "Cat", "TGTG00", "cat", "gene cat", "HCOP", ["Ensembl", "NCBI", "OMA"], 3, "one-to-one",
         "duplicate"),
        ("Fox", "TSTG07", "Fox", "", "", "", "", [], 0, "", "mapped"),
        ("Owl1", "TSTG03", "Owl1", "TGTG02", "owl", "gene owl", "HomoloGene", ["HomoloGene:2"], 1, "many-to-one",
         "mapped"),
    ]  # fmt: skip
    assert table.accounting.to_dict() == table.meta["accounting"]
    assert {name: table.meta[name] for name in ("genes", "with_ortholog", "without_ortholog")} == {
        "genes": 4, "with_ortholog": 3, "without_ortholog": 1,
    }  # fmt: skip


def test_homologene_speaks_where_hcop_is_silent_unless_it_is_asked(pack: Pack) -> None:
    cat, owl = ("Cat", "TGTG00"), ("Owl1", "TGTG02")
    assert pairs(["Cat", "Owl1"], pack) == [
        (*cat, "HCOP", 3, "one-to-one"), (*owl, "HomoloGene", 1, "many-to-one"),
    ]  # fmt: skip
    assert pairs(["Cat", "Owl1"], pack, sources="hcop") == [
        (*cat, "HCOP", 3, "one-to-one"), ("Owl1", "", "", 0, ""),
    ]  # fmt: skip
    assert pairs(["Cat", "Owl1"], pack, sources=["HomoloGene"]) == [
        (*cat, "HomoloGene", 1, "one-to-one"), (*owl, "HomoloGene", 1, "one-to-one"),
    ]  # fmt: skip
    both = pairs(["Cat", "Owl1"], pack, sources="HCOP, homologene")
    assert both == [
        (*cat, "HCOP", 3, "one-to-one"), (*cat, "HomoloGene", 1, "one-to-one"),
        (*owl, "HomoloGene", 1, "many-to-one"),
    ]  # fmt: skip


def test_the_relation_is_that_of_the_pairs_asked_for(pack: Pack) -> None:
    assert pairs(["Dog", "Owl1"], pack, min_support=3) == [
        ("Dog", "TGTG02", "HCOP", 5, "one-to-one"), ("Owl1", "", "", 0, ""),
    ]  # fmt: skip
    assert pairs(["Cat"], pack, min_support=4) == [("Cat", "", "", 0, "")]


def test_copies_on_alternate_contigs_have_orthologs_and_do_not_make_one_gene_two(pack: Pack) -> None:
    assert pairs(["TSTG02", "TSTG00"], pack) == [
        ("TSTG02", "TGTG00", "HCOP", 2, "one-to-one"), ("TSTG00", "TGTG00", "HCOP", 3, "one-to-one"),
    ]  # fmt: skip


def test_genes_are_those_of_the_other_pack_where_it_has_them(pack: Pack) -> None:
    """By Ensembl id, by Entrez id (the copy on the primary assembly), by symbol; else as the source states them."""
    found = {row["query"]: row for row in orthologs(["Owl1", "Owl2", "Septin2"], pack.path, "ttarget").to_dicts()}
    assert (found["Owl1"]["ortholog"], found["Owl1"]["ortholog_symbol"]) == ("TGTG02", "owl")
    assert (found["Owl2"]["ortholog"], found["Owl2"]["ortholog_name"]) == ("TGTG04", "gene sept")
    assert (found["Septin2"]["ortholog"], found["Septin2"]["ortholog_symbol"]) == ("ELSEWHERE", "lost")
    assert found["Septin2"]["ortholog_name"] == ""


def test_without_a_pack_of_the_other_organism(pack: Pack) -> None:
    assert pairs(["Cat", "fox"], pack, "talone", sources="HCOP,HomoloGene") == [
        ("Cat", "ALONE0", "HCOP", 2, "one-to-one"),
        ("Cat", "ALONE0", "HomoloGene", 1, "one-to-one"),  # known by Entrez id there; HCOP has both ids
        ("fox", "201", "HomoloGene", 1, "one-to-one"),
    ]


def test_another_pack_of_the_target_is_taken_up(pack: Pack) -> None:
    assert pairs(["Owl2"], pack)[0][1] == "TGTG04"
    genes = [*Target().genes[:4], ("NEW04", "sept", "3", 1, 9, 1, True)]
    Target(release="2027.01", genes=genes).write(pack.path.parent / "newer")
    assert pairs(["Owl2"], pack)[0][1] == "NEW04"


def test_choices_and_numbers(pack: Pack) -> None:
    table = orthologs(["bird"], pack.path, "ttarget", choices={"bird": "TSTG04"})
    assert (table["gene_id"].tolist(), table["ortholog"].tolist()) == (["TSTG04"], ["TGTG04"])
    assert table.meta["choices"] == {"bird": "TSTG04"}
    assert pairs(["17"], pack, numeric_namespace="HGNC")[0][1] == "TGTG02"


def test_mistakes_are_named_with_the_next_step(pack: Pack) -> None:
    with pytest.raises(UnknownOrganism, match=r'no orthologs in "ttargte"\. Did you mean ttarget\? .* talone, ttarget'):
        orthologs(["Cat"], pack.path, "ttargte")
    with pytest.raises(UnknownOrganism, match=r"Did you mean mmusculus\?"):
        orthologs(["TP53"], to="mouse")
    with pytest.raises(InvalidOption, match="the organism of the query"):
        orthologs(["Cat"], pack.path, "tsapiens")
    with pytest.raises(UnknownSource, match=r"Did you mean HomoloGene\? There are HCOP and HomoloGene"):
        orthologs(["Cat"], pack.path, "ttarget", sources="homolgene")
    for wrong in (0, -1, True, 1.5, "2"):
        with pytest.raises(InvalidOption, match="not a number of databases"):
            orthologs(["Cat"], pack.path, "ttarget", min_support=wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownOrganism, match="unknown organism"):
        orthologs(["Cat"], "nobody", "ttarget")
    with pytest.raises(EmptyInput):
        orthologs([], pack.path, "ttarget")


def test_a_pack_without_orthologs_says_so(tmp_path: Path) -> None:
    lonely = Target().write(tmp_path / "lonely")
    with pytest.raises(UnknownOrganism, match=r"knows no orthologs in .* no organism"):
        orthologs(["cat"], lonely, "hsapiens")


def test_other_forms_of_a_list(tmp_path: Path) -> None:
    path = tmp_path / "genes.txt"
    path.write_text("TP53\nIL6\n", encoding="utf-8")
    assert orthologs(path, min_support=5)["ortholog_symbol"].tolist() == ["Trp53", "Il6"]
    assert orthologs({"a": ["TP53"], "b": ["IL6"]}, min_support=5)["ortholog_symbol"].tolist() == ["Trp53", "Il6"]
    results = tmp_path / "results.tsv"
    results.write_text("gene\tlog2FoldChange\tpadj\nTP53\t3\t0.001\nIL6\t-3\t0.001\n", encoding="utf-8")
    with pytest.raises(BadTable, match="column"):
        orthologs(results)


def test_it_keeps_its_accounting_and_provenance(pack: Pack) -> None:
    table = lifenode.orthologs(["Cat", "nothing"], pack.path, "ttarget")
    assert table.meta["sources"]["orthologs"]["name"] == "HCOP + HomoloGene"
    assert table.meta["orthology"] == ["HCOP", "HomoloGene"]
    assert "HomoloGene for genes of which HCOP states no pair" in table.meta["rule"]
    assert lifenode.orthologs(["Cat"], pack.path, "ttarget", sources="HCOP").meta["orthology"] == ["HCOP"]
    back = pickle.loads(pickle.dumps(table))  # noqa: S301
    assert back.to_tsv() == table.to_tsv()
    assert back.accounting == table.accounting
    assert json.loads(table.to_json())["meta"]["accounting"]["mapped"] == 1
    assert table.to_tsv().splitlines()[1].split("\t")[7] == "Ensembl,NCBI,OMA"


def test_strange_text_survives_every_form() -> None:
    table = orthologs(["TP53", "\ud800", "a\x00b", "x" * 5000, "α\tβ"])
    for form in ("tsv", "csv", "json", "jsonl", "parquet"):
        assert table.to_bytes(form)


# The shipped packs


def test_a_known_pair_in_every_direction() -> None:
    genes = {
        "hsapiens": "ENSG00000141510", "mmusculus": "ENSMUSG00000059552", "drerio": "ENSDARG00000035559",
        "rnorvegicus": "ENSRNOG00000010756",
    }  # fmt: skip
    for organism, gene in genes.items():
        for to, other in genes.items():
            if to != organism:
                found = orthologs([gene], organism, to).to_dicts()
                assert other in [row["ortholog"] for row in found], (organism, to)
                expected = "HCOP" if "hsapiens" in (organism, to) else "HomoloGene"
                assert {row["source"] for row in found} == {expected}, (organism, to)


@pytest.mark.parametrize(
    ("organism", "item", "to", "symbol", "source"),
    [
        ("hsapiens", "CDK1", "scerevisiae", "CDC28", "HCOP"),
        ("scerevisiae", "CDC28", "hsapiens", "CDK1", "HCOP"),
        ("hsapiens", "PAX6", "dmelanogaster", "ey", "HCOP"),
        ("celegans", "daf-2", "hsapiens", "INSR", "HCOP"),
        ("mmusculus", "Pcna", "athaliana", "PCNA1", "HomoloGene"),
        ("hsapiens", "BRCA1", "clfamiliaris", "BRCA1", "HCOP"),
        ("hsapiens", "PCNA", "spombe", "pcn1", "HomoloGene"),
    ],
)
def test_textbook_pairs(organism: str, item: str, to: str, symbol: str, source: str) -> None:
    rows = orthologs([item], organism, to).to_dicts()
    assert symbol in [row["ortholog_symbol"] for row in rows]
    assert {row["source"] for row in rows} == {source}


def test_the_table_says_what_a_slow_count_says() -> None:
    """Relations of all human pairs with worm, by plain Python from the table of the pack."""
    table, genes = starter_table("hsapiens", "orthologs"), starter_table("hsapiens", "genes")
    rows = table.filter(target_organism="celegans", source="HCOP").iter_rows(named=True)
    stated: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        # Worm ids of HCOP are those of the pack.
        stated[genes["gene_id"][row["gene"]]][row["target_gene"]] |= set(row["support"].split("|"))
    primary = dict(genes.select("gene_id", "primary_assembly").iter_rows())
    mine = Counter(other for gene, others in stated.items() for other in others if primary[gene])
    answer = orthologs(list(stated), to="celegans", sources="HCOP")
    told: dict[tuple[str, str], tuple[set[str], str]] = {
        (row["gene_id"], row["ortholog"]): (set(row["support"]), row["relation"]) for row in answer.to_dicts()
    }
    expected = {}
    for gene, others in stated.items():
        for other, support in others.items():
            here, there = "many" if mine[other] > 1 else "one", "many" if len(others) > 1 else "one"
            expected[gene, other] = (support, f"{here}-to-{there}")
    assert len(told) > 18_000
    assert told == expected


def test_a_second_process_maps_the_index_and_reads_no_table() -> None:
    orthologs(["TP53"])
    program = (
        "import sys, lifenode\n"
        "table = lifenode.orthologs(['TP53'])\n"
        "print(table['ortholog'].tolist()[0], 'polars' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["ENSMUSG00000059552", "False"]


@pytest.mark.parametrize("organism", ["hsapiens", "mmusculus", "athaliana"])
def test_every_pack_names_its_sources(organism: str) -> None:
    source = open_pack(organism).sources["orthologs"]
    assert "HomoloGene" in source.version
    assert source.licence
    assert source.attribution


def test_the_page_lists_every_organism() -> None:
    page = (Path(__file__).parents[2] / "docs" / "orthologs.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \| (yes|–) \|", page, re.MULTILINE)
    assert {int(taxon): organism for taxon, organism, _ in rows} == ORGANISMS
    assert {organism for _, organism, pack in rows if pack == "yes"} == {entry.id for entry in catalog.organisms()}


def test_every_error_is_one_of_ours() -> None:
    for options in ({"sources": "x"}, {"to": ""}, {"min_support": None}, {"to": "hsapiens"}):
        with pytest.raises(LifenodeError):
            orthologs(["TP53"], **options)
