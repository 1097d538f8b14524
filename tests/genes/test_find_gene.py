"""The one gene that a text names."""

from __future__ import annotations

import pytest

from lifenode.errors import UnknownName
from lifenode.genes.find_gene import find_gene, named, place_of
from lifenode.packs.pack import open_pack


@pytest.mark.parametrize("text", ["IL6", "il6", "ENSG00000136244", "ENSG00000136244.13", "3569", "P05231", "HGNC:6018"])
def test_any_identifier_finds_the_gene(text: str) -> None:
    pack = open_pack("hsapiens")
    gene = find_gene(pack, text)
    assert isinstance(gene, int)
    assert pack.genes().gene_ids[gene] == "ENSG00000136244"


def test_a_date_may_be_several_genes() -> None:
    pack = open_pack("hsapiens")
    genes = find_gene(pack, "1-Mar")
    assert isinstance(genes, list)
    found = named(pack, genes)
    assert [one.symbol for one in found] == ["MARCHF1", "MTARC1"]
    assert found[0].place == "4:163524298-164384050"


def test_a_place_stands_for_the_genes_there() -> None:
    pack = open_pack("hsapiens")
    genes = find_gene(pack, "17:7661779-7700000")
    assert isinstance(genes, list)
    assert "TP53" in {one.symbol for one in named(pack, genes)}


def test_what_is_not_there_is_refused_with_near_symbols() -> None:
    with pytest.raises(UnknownName, match="TP53x") as caught:
        find_gene(open_pack("hsapiens"), "TP53x")
    assert "TP53" in caught.value.next_step
    assert caught.value.status == 404
    with pytest.raises(UnknownName) as caught:
        find_gene(open_pack("hsapiens"), "x" * 5_000)
    assert len(str(caught.value)) < 400


def test_no_place_without_a_chromosome() -> None:
    assert place_of("", 0, 0) == ""
    assert place_of("7", 5, 9) == "7:5-9"
