"""Genes by the beginning of a name and by words, held against a search through the whole table."""

from __future__ import annotations

import polars as pl
import pytest

from lifenode.genes.gene_search import FoundGene, gene_search
from lifenode.genes.organism_names import has_pack, scientific_name
from lifenode.packs.pack import open_pack


def found(text: str, organism: str = "hsapiens", most: int = 50) -> list[FoundGene]:
    """Return what a search finds."""
    return gene_search(open_pack(organism)).find(text, most)[0]


@pytest.mark.parametrize("text", ["il6", "BRCA", "ZNF1"])
def test_every_gene_with_such_a_beginning_is_counted(text: str) -> None:
    pack = open_pack("hsapiens")
    rows = pack.table("identifiers").with_columns(pl.col("namespace").cast(pl.String))
    rows = rows.filter(pl.col("namespace").is_in(["SYMBOL", "ALIAS", "PREVIOUS_SYMBOL"]))
    rows = rows.filter(pl.col("identifier").str.to_lowercase().str.starts_with(text.lower()))
    primary = pack.genes().primary
    by_name = {gene for gene in rows["gene"].unique().to_list() if primary[gene]}
    words = [
        number
        for number, name in enumerate(pack.genes().names)
        if text.lower() in name.lower() and primary[number] and number not in by_name
    ]
    assert gene_search(pack).find(text, 5)[1] == len(by_name) + len(words)


def test_the_symbol_comes_first_then_what_begins_so() -> None:
    genes = found("IL6")
    assert [one.symbol for one in genes[:3]] == ["IL6", "IL6R", "IL6ST"]
    assert genes[0].found_as == ""


def test_an_alias_is_told() -> None:
    assert (found("p53")[0].symbol, found("p53")[0].found_as) == ("TP53", "P53")
    assert found("YFL039", "scerevisiae")[0].symbol == "ACT1"


def test_words_of_the_full_name_find_a_gene() -> None:
    genes = found("interleukin 6")
    assert (genes[0].symbol, genes[0].found_as) == ("IL6", "name")
    assert "IL6R" in {one.symbol for one in genes}


def test_nothing_and_next_to_nothing() -> None:
    assert gene_search(open_pack("hsapiens")).find("", 5) == ([], 0)
    assert gene_search(open_pack("hsapiens")).find("zzzzzzzz", 5) == ([], 0)
    assert len(found("a", most=50)) == 50


def test_copies_on_alternate_contigs_are_left_out() -> None:
    assert [one.symbol for one in found("ABO")].count("ABO") == 1


def test_organisms_have_names() -> None:
    assert scientific_name("mmusculus") == "Mus musculus"
    assert scientific_name("btaurus") == "Bos taurus"
    assert scientific_name("nobody") == "nobody"
    assert has_pack("mmusculus")
    assert not has_pack("btaurus")
