"""From variants of a source to the table of a pack."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from lifenode.packs.contract import check_variants
from lifenode.packs.pack import Pack, open_pack
from lifenode.packs.readers import gwas, tables, variants
from lifenode.packs.readers.variant import Consequence, Variant
from lifenode.packs.recipes.variants import variants_frame
from tests.genes.made_pack import CAT, DOG, LOWER, OWL_ONE, OWL_TWO, UPPER, made


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Pack:
    return made(tmp_path_factory.mktemp("recipe") / "pack")


def variant(chromosome: str, position: int, **given: Any) -> Variant:
    facts: dict[str, Any] = {"ids": ("rs1",), "end": position, "alleles": "A/G", "genes": None, "consequences": ()}
    return Variant(**{**facts, "chromosome": chromosome, "position": position, "line": 1, **given})


def frame(pack: Pack, *given: Variant) -> tuple[pl.DataFrame, dict[str, int]]:
    dropped: Counter[str] = Counter()
    table = variants_frame(given, pack.table("genes"), pack.table("identifiers"), dropped)
    check_variants(table, pack.table("genes").height)
    return table, dict(dropped)


def test_genes_by_position_where_the_source_is_silent(zoo: Pack) -> None:
    table, dropped = frame(
        zoo,
        variant("chr1", 99),
        variant("1", 100),
        variant("1", 199, end=201),
        variant("chrM", 9),
        variant("X", 3550),
        variant("2", 51),
    )
    assert dict(zip(table["position"], table["genes"].to_list(), strict=True)) == {
        99: [], 100: [CAT], 199: [CAT, DOG], 9: [OWL_TWO], 3550: [LOWER, UPPER], 51: [],
    }  # fmt: skip
    assert set(table["genes_by"]) == {"position"}
    assert table["chromosome"].to_list() == ["1", "1", "1", "2", "MT", "X"]
    assert dropped == {}


def test_genes_of_the_source_by_any_id_of_the_pack(zoo: Pack) -> None:
    table, dropped = frame(
        zoo,
        variant("1", 1, genes=("TSTG00", "18", "nothing")),
        variant("1", 2, genes=("TSTG01.7", "HGNC:17")),
        variant("1", 3, genes=()),
        variant("1", 100, genes=("nothing",)),
        variant("1", 101, genes=("Owl1",)),
    )
    assert table["genes"].to_list() == [[CAT, DOG], [DOG], [], [CAT], [CAT]]
    assert table["genes_by"].to_list() == ["source", "source", "source", "position", "position"]
    assert dropped == {"gene that is not in the pack": 3}


def test_consequences_keep_their_gene_or_are_those_of_the_variant(zoo: Pack) -> None:
    stated = (
        Consequence("TSTG00", "intron_variant", 2),
        Consequence("TSTG01", "upstream_gene_variant", 1),
        Consequence("", "regulatory_region_variant", 1),
        Consequence("nothing", "intron_variant", 4),
        Consequence("other", "intron_variant", 1),
    )
    table, _ = frame(zoo, variant("1", 150, genes=("TSTG00",), consequences=stated))
    assert table["genes"].to_list() == [[CAT]]
    assert table["consequences"].to_list() == [
        [
            {"gene": -1, "term": "intron_variant", "times": 5},
            {"gene": -1, "term": "regulatory_region_variant", "times": 1},
            {"gene": CAT, "term": "intron_variant", "times": 2},
            {"gene": DOG, "term": "upstream_gene_variant", "times": 1},
        ]
    ]


def test_a_consequence_of_the_variant_is_that_of_its_only_gene(zoo: Pack) -> None:
    inside, outside = Consequence("", "intron_variant", 1), Consequence("", "upstream_gene_variant", 1)
    table, dropped = frame(
        zoo,
        variant("1", 1, genes=("TSTG00",), consequences=(inside,)),
        variant("1", 2, genes=("TSTG00", "TSTG02"), consequences=(inside,)),  # TSTG02 is its copy on another contig
        variant("1", 3, genes=("TSTG00", "TSTG01"), consequences=(inside,)),
        variant("1", 4, genes=("TSTG00", "retired"), consequences=(inside,)),
        variant("1", 5, genes=("TSTG00",), consequences=(outside,)),
        variant("1", 120, genes=("TSTG02",), consequences=(Consequence("TSTG02", "intron_variant", 3),)),
    )
    assert table["genes"].to_list() == [[CAT], [CAT], [CAT, DOG], [CAT], [CAT], [CAT]]
    assert table["genes_by"].to_list() == [*["source"] * 5, "position"]
    genes = [row[0]["gene"] for row in table["consequences"].to_list()]
    assert genes == [CAT, CAT, -1, -1, -1, -1]
    assert dropped == {
        "gene that is not in the pack": 1,
        "gene on another chromosome, such as a copy on an alternate contig": 2,
    }


def test_rows_are_sorted_and_none_comes_twice(zoo: Pack) -> None:
    table, dropped = frame(
        zoo,
        variant("X", 5, ids=("rs9", "rs8")),
        variant("2", 6, genes=("TSTG03",)),
        variant("2", 6),
        variant("2", 6, alleles="A/T"),
        variant("7", 6),
        variant("2", 6, ids=()),
    )
    assert table.select("chromosome", "rsid", "alleles").rows() == [
        ("2", "", "A/G"), ("2", "rs1", "A/G"), ("2", "rs1", "A/T"), ("X", "rs8", "A/G"), ("X", "rs9", "A/G"),
    ]  # fmt: skip
    assert table.row(1, named=True)["genes"] == [OWL_ONE]
    assert dropped == {"chromosome without a gene in the pack": 1, "variant named before": 1}


def test_a_pack_without_positions_takes_chromosomes_as_they_are() -> None:
    table, dropped = frame(
        open_pack("drerio"),
        variant("chr7", 5),
        variant("zv9", 6, genes=("ENSDARG00000035559",), ids=()),
    )
    assert table["chromosome"].to_list() == ["7", "zv9"]
    assert table["genes"].list.len().to_list() == [0, 1]
    assert dropped == {}


def test_progress_is_told_and_chunks_make_one_table(zoo: Pack) -> None:
    many = (variant("1", 1 + number % 70_000) for number in range(120_000))
    told: list[int] = []
    dropped: Counter[str] = Counter()
    table = variants_frame(many, zoo.table("genes"), zoo.table("identifiers"), dropped, told.append)
    assert told == [50_000, 100_000]
    assert (table.height, dict(dropped)) == (70_000, {"variant named before": 50_000})


# The real tables


@pytest.fixture(scope="module")
def catalogue(shared_data: Path) -> pl.DataFrame:
    path = shared_data / "annotation/tables/gwas_catalog_2020-04-30_sample50k.tsv.gz"
    pack, dropped = open_pack("hsapiens"), Counter[str]()
    return variants_frame(gwas.read(path, dropped), pack.table("genes"), pack.table("identifiers"), dropped)


def test_the_catalogue_has_its_distinct_variants(catalogue: pl.DataFrame) -> None:
    assert catalogue.height == catalogue["rsid"].n_unique() == 38_888
    assert dict(catalogue["genes_by"].value_counts().rows()) == {"source": 38_763, "position": 125}
    assert set(catalogue["alleles"]) == {""}
    terms = catalogue["consequences"].list.first().struct.field("term")
    assert terms.null_count() == 0
    assert {"intron_variant", "missense_variant", "TF_binding_site_variant"} <= set(terms)


def test_missense_variants_lie_in_a_gene_the_catalogue_names(shared_data: Path, catalogue: pl.DataFrame) -> None:
    """Every one of the 2,396 rows whose genes are known lies, by position, inside one of them."""
    pack = open_pack("hsapiens")
    raw = tables.read(shared_data / "annotation/tables/gwas_catalog_2020-04-30_sample50k.tsv.gz", "gwas")
    missense = raw.filter(CONTEXT="missense_variant")["SNPS"]
    by_source = catalogue.filter(genes_by="source")
    silent = [Variant((row["rsid"],), row["chromosome"], row["position"], row["end"], "", None, (), 0)
              for row in by_source.iter_rows(named=True)]  # fmt: skip
    by_position = variants_frame(silent, pack.table("genes"), pack.table("identifiers"), Counter())
    both = by_source.join(by_position, on="rsid", validate="1:1").select("rsid", "genes", "genes_right")
    shared = {
        row["rsid"]: bool(set(row["genes"]) & set(row["genes_right"]))
        for row in both.iter_rows(named=True)
        if row["genes"]
    }
    checkable = [shared[rsid] for rsid in missense if rsid in shared]
    assert (len(checkable), sum(checkable)) == (2_396, 2_396)


def test_positions_equal_a_plain_scan(shared_data: Path) -> None:
    pack, dropped = open_pack("hsapiens"), Counter[str]()
    path = shared_data / "annotation/examples/ensembl84_chr21_25-26Mb_var.gz"
    read = variants.read(path, dropped, "21")
    table = variants_frame(read, pack.table("genes"), pack.table("identifiers"), dropped)
    assert (table.height, int((table["rsid"] != "").sum())) == (115_435, 115_426)
    assert dict(dropped) == {"alleles that are not bases": 643, "failed the checks of the source": 115}
    genes = pack.table("genes").with_row_index("gene").filter(pl.col("chromosome") == "21")
    start, end, numbers = (genes[name].to_numpy() for name in ("start", "end", "gene"))
    for row in table.gather_every(211).iter_rows(named=True):
        expected = numbers[(start <= row["end"]) & (end >= row["position"])]
        assert row["genes"] == np.sort(expected).tolist()
