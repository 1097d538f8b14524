from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.edam import LexicalMatcher, Ontology, Tool
from lifenode.edam.lexical_index import UNUSED_SYNONYMS
from lifenode.edam.tokens import tokens
from lifenode.errors import EmptyInput, InputTooLarge, InvalidOption
from tests.oracles import edam_lexical as oracle

TOOLS = {
    "g:Profiler": Tool("g:Profiler", "A web server for functional enrichment analysis and conversions of gene lists."),
    "Sequence alignment": Tool("Sequence alignment"),
}
BRANCHES = ("topic", "operation", "data", "format")


@pytest.fixture(scope="module")
def matcher() -> LexicalMatcher:
    return LexicalMatcher()


@pytest.fixture(scope="module")
def with_prose(shared_data: Path) -> LexicalMatcher:
    return LexicalMatcher(Ontology.read(shared_data / "edam" / "EDAM_1.25.owl"))


def vectors(shared_data: Path) -> Iterator[list[str]]:
    for line in (shared_data / "edam" / "edammap_vectors_EDAM_1.25.tsv").read_text(encoding="utf-8").splitlines():
        kind, *cells = line.split("\t")
        if kind == "MAP":
            yield cells


@pytest.mark.parametrize("name", TOOLS)
def test_ranks_and_scores_are_those_of_the_original(shared_data: Path, with_prose: LexicalMatcher, name: str) -> None:
    expected = [cells for cells in vectors(shared_data) if cells[0] == name]
    rows = list(with_prose.match(TOOLS[name], branches=BRANCHES, top=5, all_classes=True))
    assert len(rows) == len(expected) == 20
    for row, (_, branch, uri, label, *scores, parts) in zip(rows, expected, strict=True):
        assert (row["branch"], row["term_id"], row["label"]) == (branch, uri.rpartition("/")[2], label)
        assert f"{row['query_part']}/{row['concept_part']}" == parts
        wanted = [float(text.partition("=")[2]) for text in scores]
        found = [row["best_one_score"], row["without_path_score"], row["score"]]
        assert found == pytest.approx(wanted, rel=0, abs=1e-9)


@pytest.mark.parametrize("prose", [False, True])
def test_every_score_is_that_of_the_plain_loops(shared_data: Path, with_prose: LexicalMatcher, prose: bool) -> None:
    ontology = with_prose.ontology if prose else Ontology.load("1.25")
    matcher = with_prose if prose else LexicalMatcher(ontology)
    lists = [oracle.lists_of(concept, UNUSED_SYNONYMS) for concept in ontology]
    weights = oracle.weights(lists)
    for tool in corpus(shared_data, 3):
        scores = matcher.scores(tool)
        parts = {"name": [tokens(tool.name)], "description": oracle.split(tool.description)}
        for place in range(0, len(lists), 7):
            own = oracle.score_of(lists[place], parts, weights)
            penalty = 0.5 if list(ontology)[place].obsolete else 1.0
            assert scores.best_one[place] == pytest.approx(own.best_one, rel=1e-12, abs=1e-12)
            assert scores.without_path[place] == pytest.approx(penalty * own.score, rel=1e-11, abs=1e-15)


def corpus(shared_data: Path, count: int) -> list[Tool]:
    with gzip.open(shared_data / "edam" / "biotools_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(next(lines)) for _ in range(count)]
    return [Tool(row["name"], row["description"]) for row in rows]


def test_a_missing_blank_is_forgiven(matcher: LexicalMatcher) -> None:
    joined = matcher.match(Tool("geneset enrichment analysis"), branches=["operation"], top=1)
    parted = matcher.match(Tool("gene set enrichment analysis"), branches=["operation"], top=1)
    assert set(joined["term_id"]) == set(parted["term_id"]) == {"operation_2436"}
    assert joined["best_one_score"][0] > parted["best_one_score"][0]


_WORDS = (
    "gene set geneset sequence alignment align protein structure prediction data of the analysis genome rna seq "
    "rnaseq dna expression format bam viewer xyzzy 3d"
)
TEXTS = st.lists(st.sampled_from(_WORDS.split()), max_size=25).map(" ".join)


@settings(max_examples=40)
@given(TEXTS, TEXTS, TEXTS)
def test_scores_stay_within_bounds(name: str, description: str, abstract: str) -> None:
    tool = Tool(f"tool {name}", description.replace("the", "the."), abstracts=[abstract], keywords=["gene set"])
    scores = SHARED.scores(tool)
    for values in (scores.best_one, scores.without_path, scores.score):
        assert values.min() >= 0
        assert values.max() <= 1
    assert (scores.without_path <= scores.best_one**10 + 1e-12).all()
    assert ((scores.best_one > 0) == (scores.part >= 0)).all()


@settings(max_examples=15)
@given(st.permutations(["BAM viewer", "Sequence alignment", "Gene set enrichment", "xyzzy", "Protein folding"]))
def test_the_order_of_tools_is_irrelevant(names: list[str]) -> None:
    many = SHARED.match_many([Tool(name) for name in names], all_classes=True)
    for name in names:
        alone = SHARED.match(Tool(name), all_classes=True).to_dicts()
        assert [row for row in many.to_dicts() if row["tool"] == name] == alone


SHARED = LexicalMatcher()


def test_results_of_a_branch_are_no_relatives_and_none_is_obsolete(matcher: LexicalMatcher) -> None:
    edam = matcher.ontology
    found = matcher.match(Tool("Protein structure prediction and sequence analysis"), top=8, all_classes=True)
    assert len(found) > 8
    terms = found["term_id"].tolist()
    assert not any(edam.term(term).obsolete for term in terms)
    for term in terms:
        assert not {one.id for one in edam.ancestors(term)} & set(terms) - direct(found)
    for branch in ("topic", "operation"):
        scores = found["score"][found["branch"] == branch]
        assert (np.diff(scores) <= 0).all()


def direct(found: object) -> set[str]:
    """Terms that stand for an obsolete one may lie above another that does."""
    return {row["term_id"] for row in found if row["found_as"]}  # type: ignore[attr-defined]


def test_bad_matches_are_left_out_unless_asked_for(matcher: LexicalMatcher) -> None:
    tool = Tool("Zeta", "Helps with the handling of things in the structure of a laboratory.")
    kept = matcher.match(tool, branches=BRANCHES)
    every = matcher.match(tool, branches=BRANCHES, all_classes=True)
    assert len(kept) < len(every)
    assert set(kept["score_class"]) <= {"good", "medium", "bad"}
    assert (kept["best_one_score"] >= 0.53).all()


@pytest.mark.parametrize(
    ("tool", "reason"),
    [
        (Tool("Xyzzy", "Quux frobnicates plugh."), "no name of any topic term shares a word"),
        (Tool("The", "Of and to the."), "nothing but stop words"),
        (Tool("Qwert", "für die Anzeige von Dingen"), "no name of any topic term shares a word"),
        (Tool("Zeta", "a laboratory with information"), "the best match scores 0."),
    ],
)
def test_an_empty_answer_says_why(matcher: LexicalMatcher, tool: Tool, reason: str) -> None:
    found = matcher.match(tool, branches=["topic"])
    assert len(found) == 0
    assert found.column_names[0] == "tool"
    assert reason in found.meta["reasons"][tool.name]["topic"]


def test_bad_input_is_refused(matcher: LexicalMatcher) -> None:
    with pytest.raises(EmptyInput, match="no text"):
        matcher.match(Tool("", "  "))
    with pytest.raises(InputTooLarge, match="100,000"):
        matcher.match(Tool("long", "word " * 30_000))
    with pytest.raises(InvalidOption, match='no branch "topics"'):
        matcher.match(Tool("x"), branches=["topics"])


def test_repetition_costs_no_more_than_its_length(matcher: LexicalMatcher) -> None:
    found = matcher.match(Tool("repeated", "sequence alignment " * 5_000), branches=["operation"], top=1)
    assert found["term_id"][0] == "operation_0292"


def test_weights_of_the_query_lower_common_words(matcher: LexicalMatcher) -> None:
    tool = Tool("sequence viewer")
    weighted = LexicalMatcher(matcher.ontology, query_weights={"sequenc": 0.1})
    place = [concept.id for concept in matcher.ontology].index("data_2044")
    assert weighted.scores(tool).best_one[place] < matcher.scores(tool).best_one[place]
