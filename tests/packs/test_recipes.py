"""The rules for annotations and ontologies, one trap a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifenode.packs.readers import obo
from lifenode.packs.recipes import annotations as rules
from lifenode.packs.recipes import ontology
from lifenode.packs.recipes.parts import Dropped
from lifenode.packs.recipes.phenotypes import phenotypes


def rows(**columns: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def graph() -> ontology.Ontology:
    terms = rows(source=["GO:BP"] * 2 + ["GO:CC"], term_id=["GO:1", "GO:2", "GO:3"], name=["root", "child", "other"])
    edges = rows(child=["GO:2", "GO:9"], parent=["GO:1", "GO:1"])
    merged = rows(alternative=["GO:8"], term_id=["GO:2"])
    return ontology.Ontology(ontology.graph(terms, edges), pl.Series(["GO:7"]), merged, ("GO:1",))


# Annotations


@pytest.mark.parametrize("qualifier", ["NOT", "NOT|involved_in", "NOT colocalizes_with", "not", "contributes_to|NOT"])
def test_negated_rows_are_out_and_counted(qualifier: str) -> None:
    dropped = Dropped()
    given = rows(source=["GO:BP"] * 2, key=["1", "2"], term_id=["GO:2"] * 2, evidence=["IDA"] * 2)
    kept = rules.without_negations(given.with_columns(qualifier=pl.Series([qualifier, None])), dropped)
    assert kept["key"].to_list() == ["2"]
    assert dropped.of("GO:BP") == {"NOT qualifier": 1}


@pytest.mark.parametrize("qualifier", ["-", "", "involved_in", "contributes_to", "NOTHING_LIKE_IT"])
def test_other_qualifiers_stay(qualifier: str) -> None:
    given = rows(source=["GO:BP"], key=["1"], term_id=["GO:2"], evidence=["IDA"], qualifier=[qualifier])
    assert rules.without_negations(given, Dropped()).height == 1


def test_rows_without_data_are_out_and_counted() -> None:
    dropped = Dropped()
    given = rows(
        source=["GO:BP", "GO:CC"],
        key=["1", "1"],
        term_id=["GO:2", "GO:3"],
        evidence=["ND", "IDA"],
        qualifier=["-", "-"],
    )
    assert rules.without_negations(given, dropped)["evidence"].to_list() == ["IDA"]
    assert dropped.of("GO:BP") == {"no biological data (ND)": 1}
    assert dropped.of("GO:CC") == {}


def test_only_live_terms_below_the_roots_are_annotated() -> None:
    dropped = Dropped()
    ids = ["GO:1", "GO:2", "GO:3", "GO:7", "GO:8", "GO:404"]
    given = rows(source=["GO:BP"] * 6, key=["a"] * 6, term_id=ids, evidence=["IDA"] * 6)
    kept = rules.on_live_terms(given, graph(), dropped)
    # GO:8 was merged into GO:2; GO:3 is a cellular component whatever the row says.
    assert sorted(kept.select("term_id", "source").rows()) == [
        ("GO:2", "GO:BP"),
        ("GO:2", "GO:BP"),
        ("GO:3", "GO:CC"),
    ]
    assert dropped.of("GO:BP") == {
        "directly on a root (no biological data)": 1,
        "obsolete term": 1,
        "term not in the ontology release": 1,
    }


def test_every_gene_of_a_key_is_annotated_and_lost_keys_are_counted() -> None:
    dropped = Dropped()
    given = rows(source=["GO:BP"] * 3, key=["1", "2", "3"], term_id=["GO:2"] * 3, evidence=["IDA"] * 3)
    links = pl.DataFrame({"identifier": ["1", "1", "2"], "gene": [5, 6, 5]}, schema_overrides={"gene": pl.Int32})
    kept = rules.on_genes(given, links, dropped)
    assert sorted(kept["gene"]) == [5, 6]
    assert dropped.of("GO:BP") == {"gene not among the genes of the primary assembly": 1}


def test_unrecorded_gives_way_where_two_keys_lead_to_one_gene() -> None:
    given = rows(
        source=["GO:BP"] * 3,
        key=["1", "2", "1"],
        term_id=["GO:2", "GO:2", "GO:5"],
        evidence=["unrecorded", "experimental", "unrecorded"],
    )
    links = pl.DataFrame({"identifier": ["1", "2"], "gene": [0, 0]})
    kept = rules.on_genes(given, links, Dropped())
    assert sorted(kept.select("term_id", "evidence").rows()) == [("GO:2", "experimental"), ("GO:5", "unrecorded")]


def test_codes_of_the_older_release_join_the_newer_pairs() -> None:
    pairs = rows(
        source=["GO:BP"] * 5,
        key=["1", "2", "3", "4", "5"],
        term_id=["GO:2"] * 5,
        evidence=["experimental", "unrecorded", "experimental", "unrecorded", "experimental"],
    )
    coded = rows(
        key=["1", "1", "2", "3", "9", "5"],
        term_id=["GO:2"] * 6,
        evidence=["IDA", "IEA", "IEA", "IEA", "IMP", "TAS"],
    )
    joined = rules.with_codes(pairs, coded)
    assert sorted(joined.select("key", "evidence").rows()) == [
        ("1", "IDA"),
        ("1", "IEA"),
        ("2", "IEA"),
        ("3", "IEA"),
        ("3", "experimental"),  # only inferred then, confirmed since
        ("4", "unrecorded"),  # newer than the codes
        ("5", "TAS"),
    ]


# Ontologies


def go_tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    roots = list(ontology.GO_ROOTS)
    terms = rows(
        go_id=[*roots, "GO:0000001", "GO:0000002", "GO:0000003", "GO:0000004", "GO:0000005"],
        name=["f", "p", "c", "old and new", "new", "obsolete since 2022", "obsolete always", "new child"],
        namespace=["MF", "BP", "CC", "BP", "BP", "BP", "BP", "MF"],
        obsolete=["0", "0", "0", "0", "0", "1", "1", "0"],
        in_2021_05=["1", "1", "1", "1", "0", "1", "1", "0"],
    )
    process = "GO:0008150"
    listed = [
        ("GO:0000001", process, "is_a", "1", "1"),
        ("GO:0000002", process, "is_a", "1", "0"),
        ("GO:0000003", process, "is_a", "0", "1"),
        ("GO:0016021", "GO:0000003", "is_a", "0", "1"),  # merged since: in no table of terms
        ("GO:0000001", "GO:0000003", "part_of", "0", "1"),
        ("GO:0000005", "GO:0003674", "is_a", "1", "0"),
        ("GO:0000005", "GO:0000001", "part_of", "0", "1"),
        ("GO:0000001", "GO:0000002", "regulates", "0", "1"),
    ]
    names = ("child", "parent", "relation", "in_2024_01_17", "in_2021_05")
    return terms, pl.DataFrame(listed, schema=dict.fromkeys(names, pl.String), orient="row")


def parents(found: ontology.Ontology) -> dict[str, list[str]]:
    return dict(found.terms.select("term_id", "parents").rows())


def test_graph_of_2024_takes_part_of_from_2021_where_both_ends_live() -> None:
    found = ontology.go_from_tables(*go_tables(), "2024-01", rows(term_id=["GO:0016021"], name=["integral"]))
    assert parents(found) == {
        **{root: [] for root in ontology.GO_ROOTS},
        "GO:0000001": ["GO:0008150"],
        "GO:0000002": ["GO:0008150"],
        "GO:0000005": ["GO:0000001", "GO:0003674"],
    }
    assert sorted(found.obsolete) == ["GO:0000003", "GO:0000004"]


def test_graph_of_2021_has_the_terms_of_2021() -> None:
    found = ontology.go_from_tables(*go_tables(), "2021-05", rows(term_id=["GO:0016021"], name=["integral"]))
    assert parents(found) == {
        **{root: [] for root in ontology.GO_ROOTS},
        "GO:0000001": ["GO:0000003", "GO:0008150"],
        "GO:0000003": ["GO:0008150"],
        "GO:0016021": ["GO:0000003"],
    }
    told = {row["term_id"]: (row["source"], row["name"]) for row in found.terms.iter_rows(named=True)}
    assert told["GO:0000003"] == ("GO:BP", "since 2022")
    assert told["GO:0016021"] == ("GO:BP", "integral")
    assert sorted(found.obsolete) == ["GO:0000002", "GO:0000004", "GO:0000005"]


def test_phenotypes_keep_their_root_and_lose_obsolete_terms() -> None:
    terms = rows(
        hp_id=["HP:1", "HP:2", "HP:3"],
        name=["All", "x", "gone"],
        obsolete=["0", "0", "1"],
        parents_is_a=[None, "HP:1", None],
    )
    dropped = Dropped()
    pairs = rows(key=["7", "7", "7", "8"], term_id=["HP:1", "HP:2", "HP:3", "HP:2"])
    links = pl.DataFrame({"identifier": ["7"], "gene": [0]})
    part = phenotypes(pairs, ontology.hpo_from_table(terms), links, dropped)
    assert dict(part.terms.select("term_id", "parents").rows()) == {"HP:1": [], "HP:2": ["HP:1"]}
    assert sorted(part.annotations["term_id"]) == ["HP:1", "HP:2"]
    assert dropped.of("HP") == {"gene not among the genes of the primary assembly": 1, "obsolete term": 1}


def test_complete_ontology_of_2012(shared_data: Path) -> None:
    path = shared_data / "annotation" / "upstream" / "gene_ontology.1_2_2012-01-04.obo.gz"
    found = ontology.from_obo(obo.read(path), ontology.GO_NAMESPACES, tuple(ontology.GO_ROOTS))
    live = set(found.terms["term_id"])
    assert found.terms["source"].value_counts().sort("source").rows() == [
        ("GO:BP", 21763),
        ("GO:CC", 2943),
        ("GO:MF", 9205),
    ]
    assert not live & set(found.obsolete)
    assert found.obsolete.len() == 1609
    # Every live term leads to its root, and the merged ids to live terms.
    children: dict[str, list[str]] = {}
    for term, above in found.terms.select("term_id", "parents").iter_rows():
        for parent in above:
            assert parent in live
            children.setdefault(parent, []).append(term)
    reached, waiting = set(ontology.GO_ROOTS), list(ontology.GO_ROOTS)
    while waiting:
        below = [child for child in children.get(waiting.pop(), []) if child not in reached]
        reached.update(below)
        waiting += below
    assert reached == live
    assert dict(found.alternatives.rows())["GO:0019952"] == "GO:0000003"
    assert parents(found)["GO:0000090"] == ["GO:0007067", "GO:0051322"]  # part_of mitosis, is_a anaphase
    assert parents(found)["GO:0006282"] == ["GO:0051052", "GO:2001020"]  # and regulates DNA repair: not followed
