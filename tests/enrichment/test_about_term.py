"""All about one term, held against the tables of the pack and the enrichment itself."""

from __future__ import annotations

import polars as pl
import pytest

import lifenode
from lifenode.enrichment.about_term import about_term, context_of, find_term, near_terms, term_genes
from lifenode.enrichment.term_index import term_index
from lifenode.errors import UnknownTerm
from lifenode.genes.evidence import in_words
from lifenode.packs.find import known_packs
from lifenode.packs.pack import Pack, open_pack


@pytest.fixture(scope="module")
def human() -> Pack:
    return open_pack("hsapiens")


@pytest.mark.parametrize(
    ("text", "term_id"),
    [
        ("GO:0006954", "GO:0006954"),
        ("go:0006954 ", "GO:0006954"),
        ("REAC:R-HSA-168256", "R-HSA-168256"),
        ("R-HSA-168256.7", "R-HSA-168256"),
        ("WP:WP554", "WP554"),
        ("wp554_r2", "WP554"),
        ("HP:0000118", "HP:0000118"),
    ],
)
def test_terms_are_found_however_they_are_written(human: Pack, text: str, term_id: str) -> None:
    assert term_index(human).ids[find_term(human, text)] == term_id


def test_every_term_of_a_pack_is_found_by_its_id() -> None:
    pack = open_pack("scerevisiae")
    ids = pack.table("terms")["term_id"].to_list()
    step = 97
    assert [find_term(pack, one) for one in ids[::step]] == list(range(0, len(ids), step))


def test_what_is_not_there_is_refused_with_near_ids(human: Pack) -> None:
    with pytest.raises(UnknownTerm) as caught:
        find_term(human, "GO:0006945")
    assert "GO:0006954" in caught.value.next_step
    assert near_terms(human, "GO:6954")[0].name == "inflammatory response"
    assert near_terms(human, "<script>") == []


def test_parents_and_children_are_those_of_the_table(human: Pack) -> None:
    terms = human.table("terms")
    row = find_term(human, "GO:0006954")
    about = about_term(human, row)
    parents = [terms["term_id"][parent] for parent in terms["parents"][row].to_list()]
    children = terms.filter(pl.col("parents").list.contains(row))["term_id"].to_list()
    assert sorted(one.term_id for one in about.parents) == sorted(parents)
    assert sorted(one.term_id for one in about.children) == sorted(children)
    assert [one.size for one in about.children] == sorted((one.size for one in about.children), reverse=True)
    assert (about.above, about.source, about.name) == (4, "GO:BP", "inflammatory response")


def test_sizes_are_those_of_an_enrichment(human: Pack) -> None:
    table = lifenode.enrich(["IL6", "TNF", "CXCL8"], all_results=True, sources=["GO:BP", "REAC"])
    rows = {row["term_id"]: row for row in table.to_dicts()}
    for term_id in ("GO:0006954", "R-HSA-168256"):
        about = about_term(human, find_term(human, term_id))
        assert about.size == rows[term_id]["term_size"]
        assert about.domain == rows[term_id]["effective_domain_size"]


def test_genes_with_their_evidence(human: Pack) -> None:
    row = find_term(human, "GO:0006954")
    table = term_genes(human, row)
    about = about_term(human, row)
    assert len(table) == about.size == 545
    assert int(table["direct"].sum()) == about.direct
    symbols = [symbol for symbol in table["symbol"] if symbol]
    assert symbols == sorted(symbols, key=str.casefold)
    stated = human.table("annotations").filter(pl.col("term") == row)
    primary = human.genes().primary
    ids = human.genes().gene_ids
    assert {ids[gene] for gene in stated["gene"].to_list() if primary[gene]} == set(table["gene_id"][table["direct"]])
    il6 = next(one for one in table.to_dicts() if one["symbol"] == "IL6")
    assert il6["direct"]
    assert "IDA" in il6["evidence"]
    assert table.meta["source"]["licence"] == "CC BY 4.0"


def test_evidence_of_narrower_terms_counts(human: Pack) -> None:
    result = lifenode.enrich(["IL6", "TNF", "CXCL8", "IL1B"], evidence=True, all_results=True, sources=["GO:BP"])
    place = list(result["term_id"]).index("GO:0002376")
    expected = dict(zip(*result.genes_of(place), strict=True))
    table = {one["symbol"]: one["evidence"] for one in term_genes(human, find_term(human, "GO:0002376")).to_dicts()}
    for symbol, codes in expected.items():
        assert sorted(table[symbol]) == sorted(codes.split(","))


def test_parts_of_the_genes_make_up_the_whole(human: Pack) -> None:
    row = find_term(human, "GO:0006954")
    whole = term_genes(human, row)["gene_id"].tolist()
    parts = [term_genes(human, row, first, 200)["gene_id"].tolist() for first in (0, 200, 400, 600)]
    assert [len(part) for part in parts] == [200, 200, 145, 0]
    assert [gene for part in parts for gene in part] == whole


def test_a_term_without_genes_is_still_a_term(human: Pack) -> None:
    about = about_term(human, find_term(human, "GO:0000011"))
    assert (about.name, about.size, about.direct) == ("vacuole inheritance", 0, 0)
    assert len(term_genes(human, find_term(human, "GO:0000011"))) == 0


def test_a_source_without_hierarchy_has_no_neighbours(human: Pack) -> None:
    about = about_term(human, find_term(human, "R-HSA-168256"))
    assert (about.parents, about.children, about.above, about.below) == ((), (), 0, 0)
    assert about.size == about.direct > 1_000


def test_the_context_holds_every_way_up(human: Pack) -> None:
    context = context_of(human, find_term(human, "GO:0043123"))
    names = [one.term_id for one in context.above]
    assert names[-1] == "GO:0043123"
    assert "GO:0008150" in names
    assert context.above_left_out == 0
    assert not any(edge.cut for edge in context.edges)
    index = term_index(human)
    stated = {
        (one, index.ids[parent])
        for one in names
        for parent in index.parents(index.row(one) or 0)
        if one != "GO:0008150"
    }
    assert {(names[edge.low], names[edge.high]) for edge in context.edges} == stated


def test_a_large_context_is_cut_and_says_so(human: Pack) -> None:
    row = find_term(human, "GO:0043123")
    context = context_of(human, row, most_above=5)
    names = [one.term_id for one in context.above]
    assert len(names) == 6
    assert "GO:0008150" in names
    assert context.above_left_out == about_term(human, row).above - 5
    assert any(edge.cut for edge in context.edges)
    below = context_of(human, find_term(human, "GO:0008150"), most_children=3)
    assert (len(below.children), below.children_left_out) == (3, 17)
    assert below.edges == ()


def test_every_code_of_the_packs_has_words() -> None:
    for known in known_packs():
        for code in open_pack(known.organism).annotations().evidence_codes:
            assert in_words(code) != code
    assert in_words("MINE") == "MINE"
