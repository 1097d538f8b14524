"""All about one gene, held against the tables of the pack and the other services."""

from __future__ import annotations

import polars as pl
import pytest

import lifenode
from lifenode.genes.about_gene import AboutGene, about_gene, assembly_of, gene_table
from lifenode.genes.direct_annotations import direct_annotations
from lifenode.genes.find_gene import find_gene
from lifenode.packs.pack import Pack, open_pack


def about(pack: Pack, name: str) -> AboutGene:
    """Return what a pack says of a gene with one meaning."""
    gene = find_gene(pack, name)
    assert isinstance(gene, int)
    return about_gene(pack, gene)


@pytest.fixture(scope="module")
def human() -> Pack:
    return open_pack("hsapiens")


@pytest.fixture(scope="module")
def il6(human: Pack) -> AboutGene:
    return about(human, "IL6")


def test_place_and_names_are_those_of_the_tables(human: Pack, il6: AboutGene) -> None:
    (row,) = human.table("genes").filter(pl.col("gene_id") == "ENSG00000136244").to_dicts()
    for name in ("gene_id", "symbol", "name", "biotype", "chromosome", "start", "end", "strand"):
        assert getattr(il6, name) == row[name]
    assert il6.place == f"{row['chromosome']}:{row['start']}-{row['end']}"
    assert il6.assembly == "GRCh38"
    rows = human.table("identifiers").with_columns(pl.col("namespace").cast(pl.String))
    number = human.table("genes")["gene_id"].to_list().index("ENSG00000136244")
    stated = rows.filter(pl.col("gene") == number)
    assert sum(map(len, il6.identifiers.values())) == stated.height
    assert il6.identifiers["ENTREZGENE"] == ("3569",)
    assert list(il6.identifiers)[:2] == ["ENSG", "SYMBOL"]


def test_terms_are_those_that_are_stated(human: Pack, il6: AboutGene) -> None:
    number = human.table("genes")["gene_id"].to_list().index(il6.gene_id)
    rows = human.table("annotations").filter(pl.col("gene") == number)
    terms = human.table("terms")
    stated: dict[str, set[str]] = {}
    for term, code in rows.select("term", pl.col("evidence").cast(pl.String)).iter_rows():
        stated.setdefault(terms["term_id"][term], set()).update([code] if code else [])
    assert {one.term_id: set(one.evidence) for one in il6.terms} == stated
    inflammation = next(one for one in il6.terms if one.term_id == "GO:0006954")
    assert inflammation.source == "GO:BP"
    assert inflammation.size == 545
    known = human.annotations()
    assert len(il6.terms) + il6.broader == known.gene_indptr[number + 1] - known.gene_indptr[number]


@pytest.mark.parametrize("to", ["mmusculus", "drerio", "btaurus"])
def test_orthologs_are_those_of_the_service(il6: AboutGene, to: str) -> None:
    expected = lifenode.orthologs(["IL6"], to=to).to_dicts()
    mine = [one for one in il6.orthologs if one.organism == to]
    assert [(one.gene_id, one.symbol, list(one.support)) for one in mine] == [
        (row["ortholog"], row["ortholog_symbol"], row["support"]) for row in expected
    ]
    assert all(one.has_pack == (to != "btaurus") for one in mine)


def test_homologene_is_asked_where_hcop_is_silent() -> None:
    pack = open_pack("athaliana")
    stated = pack.table("orthologs").with_columns(pl.col("source", "target_organism").cast(pl.String))
    silent = stated.filter((pl.col("source") == "HCOP").any().over("gene", "target_organism").not_())
    gene, to = silent.select("gene", "target_organism").row(0)
    mine = [one for one in about_gene(pack, gene).orthologs if one.organism == to]
    expected = lifenode.orthologs([pack.genes().gene_ids[gene]], "athaliana", to).to_dicts()
    assert [one.gene_id for one in mine] == [row["ortholog"] for row in expected]
    assert {one.source for one in mine} == {"HomoloGene"}


def test_variants_are_those_of_the_table(human: Pack) -> None:
    apoe = about(human, "APOE")
    number = human.table("genes")["gene_id"].to_list().index(apoe.gene_id)
    rows = human.table("variants").filter(pl.col("genes").list.contains(number))
    assert apoe.variants is not None
    assert [one.rsid for one in apoe.variants] == rows["rsid"].to_list()
    assert [one.start for one in apoe.variants] == rows["position"].to_list()
    assert "missense_variant" in {term for one in apoe.variants for term in one.consequences}


def test_a_pack_without_variants_says_so() -> None:
    actin = about(open_pack("scerevisiae"), "ACT1")
    assert actin.variants is None
    assert (actin.chromosome, actin.strand, actin.assembly) == ("VI", -1, "")


@pytest.mark.parametrize(
    ("organism", "assembly"),
    [("mmusculus", "GRCm39"), ("rnorvegicus", "mRatBN7.2"), ("dmelanogaster", "BDGP6.32"), ("drerio", "")],
)
def test_the_assembly_is_named_where_the_source_names_it(organism: str, assembly: str) -> None:
    assert assembly_of(open_pack(organism)) == assembly


def test_the_table_has_every_part(human: Pack, il6: AboutGene) -> None:
    table = gene_table(human, il6)
    counts = {kind: list(table["about"]).count(kind) for kind in ("identifier", "term", "ortholog", "variant")}
    assert counts == {
        "identifier": sum(map(len, il6.identifiers.values())),
        "term": len(il6.terms),
        "ortholog": len(il6.orthologs),
        "variant": len(il6.variants or ()),
    }
    assert table.meta["gene"]["start"] == il6.start
    assert table.to_bytes("tsv").count(b"\n") == len(table) + 1


def test_a_gene_off_the_primary_assembly_has_no_terms(human: Pack) -> None:
    copy = int((~human.genes().primary).argmax())
    assert not about_gene(human, copy).primary
    assert about_gene(human, copy).terms == ()
    assert len(direct_annotations(human).of(copy)[0]) == 0
