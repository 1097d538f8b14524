"""The whole call, on the starter packs."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import lifenode
from lifenode.enrichment import engine
from lifenode.enrichment.minimum_p import FAMILY_WISE
from lifenode.errors import (
    BadBackground,
    EmptyInput,
    EvidenceUnavailable,
    InvalidOption,
    NothingMapped,
    UnknownOrganism,
    UnknownSource,
)
from tests.oracles import exact

EXAMPLE = Path(__file__).parents[2] / "examples" / "inflammatory_response.txt"
GENES = EXAMPLE.read_text().split()
DNA_REPAIR = ["BRCA1", "BRCA2", "RAD51", "XRCC1", "MLH1", "MSH2", "MSH6", "ERCC1", "ATM", "PALB2"]


def rows(result: lifenode.EnrichmentResult) -> dict[str, dict[str, object]]:
    return {row["term_id"]: row for row in result.to_dicts()}


def test_known_answers_of_the_example_list() -> None:
    found = rows(lifenode.enrich(EXAMPLE))
    inflammation = found["GO:0006954"]
    assert inflammation["intersection_size"] == 70
    assert 540 <= int(str(inflammation["term_size"])) <= 551
    assert float(str(inflammation["p_nominal"])) == pytest.approx(4.37e-54, rel=10)
    assert found["R-HSA-6783783"]["intersection_size"] == 22
    assert found["WP5473"]["intersection_size"] == 44
    assert found["HP:0002733"]["intersection_size"] == 16


@pytest.mark.parametrize(("term", "smallest", "largest"), [
    ("GO:0006281", 450, 600), ("GO:0006954", 535, 560), ("GO:0005634", 7_400, 7_700),
])  # fmt: skip
def test_known_term_sizes(term: str, smallest: int, largest: int) -> None:
    result = lifenode.enrich([term], sources=["GO"], all_results=True)
    assert smallest <= int(str(rows(result)[term]["term_size"])) <= largest


def test_nominal_p_is_the_exact_tail_of_the_row() -> None:
    result = lifenode.enrich(DNA_REPAIR, all_results=True)
    sizes = zip(
        result["intersection_size"].tolist(), result["term_size"].tolist(), result["query_size"].tolist(),
        result["effective_domain_size"].tolist(), result["p_nominal"].tolist(), strict=True,
    )  # fmt: skip
    for k, marked, drawn, domain, p in random.Random(1).sample(list(sizes), 60):
        assert p == pytest.approx(float(exact.upper_tail(k, marked, drawn, domain)), rel=1e-12)


def test_rows_are_consistent_with_themselves() -> None:
    result = lifenode.enrich(GENES, all_results=True)
    assert (result["precision"] == result["intersection_size"] / result["query_size"]).all()
    assert (result["recall"] == result["intersection_size"] / result["term_size"]).all()
    assert (result["significant"] == (result["p_value"] <= 0.05)).all()
    assert (np.diff(result["p_value"]) >= 0).all()
    assert (result["p_value"] >= result["p_nominal"]).all()
    assert (result["term_size"] <= result["effective_domain_size"]).all()
    assert (result["source_order"] >= 1).all()
    roots = rows(result)
    for root in ("GO:0008150", "GO:0003674", "GO:0005575"):
        assert roots[root]["p_nominal"] == 1.0
        assert roots[root]["term_size"] == roots[root]["effective_domain_size"]


@pytest.mark.parametrize("correction", ["gscs", "gscs_compat", "fdr", "fdr_hits", "bonferroni"])
def test_every_method_states_its_family(correction: str) -> None:
    result = lifenode.enrich(GENES, sources="GO:BP", correction=correction)
    family = result.meta["queries"]["query_1"]["sources"]["GO:BP"]
    every = lifenode.enrich(GENES, sources="GO:BP", all_results=True)
    testable = result.meta["sources"]["GO:BP"]["testable_terms"]
    assert result.meta["correction"]["method"] == correction
    assert family["m"] == (len(every) if correction == "fdr_hits" else testable)
    assert 0 < len(result) < len(every)
    if correction == "bonferroni":
        assert result["p_value"] == pytest.approx(np.minimum(1, result["p_nominal"] * testable), rel=1e-12)
    if correction.startswith("gscs"):
        assert result["p_value"] == pytest.approx(result["p_nominal"] * FAMILY_WISE / family["threshold"], rel=1e-12)
    if correction.startswith("fdr"):
        rank = np.arange(1, len(result) + 1)
        scaled = np.minimum.accumulate((result["p_nominal"] * family["m"] / rank)[::-1])[::-1]
        assert (result["p_value"] <= scaled * (1 + 1e-12)).all()


def test_stricter_methods_report_fewer_terms() -> None:
    counts = {c: len(lifenode.enrich(GENES, correction=c)) for c in ("bonferroni", "gscs", "fdr", "fdr_hits")}
    assert counts["bonferroni"] < counts["gscs"] < counts["fdr"] < counts["fdr_hits"]


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(DNA_REPAIR), st.lists(st.sampled_from(DNA_REPAIR), max_size=4))
def test_order_and_repetition_change_nothing(order: list[str], again: list[str]) -> None:
    plain = lifenode.enrich(DNA_REPAIR)
    other = lifenode.enrich(order + again)
    assert other.to_tsv() == plain.to_tsv()
    assert other.accounting.duplicate == len(again)


def test_term_size_limits_act_before_the_correction() -> None:
    narrow = lifenode.enrich(GENES, sources="GO:BP", correction="fdr", min_term_size=10, max_term_size=500)
    wide = lifenode.enrich(GENES, sources="GO:BP", correction="fdr")
    assert narrow["term_size"].min() >= 10
    assert narrow["term_size"].max() <= 500
    assert narrow.meta["sources"]["GO:BP"]["testable_terms"] < wide.meta["sources"]["GO:BP"]["testable_terms"]
    shared = set(narrow["term_id"]) & set(wide["term_id"])
    p_narrow, p_wide = rows(narrow), rows(wide)
    assert any(p_narrow[t]["p_value"] != p_wide[t]["p_value"] for t in shared)
    assert all(p_narrow[t]["p_nominal"] == p_wide[t]["p_nominal"] for t in shared)


class TestBackground:
    pool = GENES + DNA_REPAIR + ["ACTB", "GAPDH", "TTN", "MYH7", "ALB", "INS", "HBB", "KRT5", "not_a_gene"]

    def test_it_shrinks_terms_and_domain_and_is_echoed(self) -> None:
        result = lifenode.enrich(DNA_REPAIR, background=self.pool, sources="GO:BP")
        assert result.meta["background"]["domain"] == "custom"
        assert result.meta["background"]["unmapped"] == 1
        assert set(result["effective_domain_size"]) == {result.meta["background"]["genes"]}
        assert result["term_size"].max() <= len(self.pool)
        assert "GO:0006281" in result["term_id"]

    def test_custom_annotated_counts_annotated_genes_only(self) -> None:
        both = [
            lifenode.enrich(DNA_REPAIR, background=self.pool, domain=d, sources="REAC", all_results=True)
            for d in ("custom", "custom_annotated")
        ]
        assert both[1]["effective_domain_size"][0] < both[0]["effective_domain_size"][0]

    def test_changing_it_changes_n(self) -> None:
        small = lifenode.enrich(DNA_REPAIR, background=self.pool[:-5], sources="GO:BP", all_results=True)
        large = lifenode.enrich(DNA_REPAIR, background=self.pool, sources="GO:BP", all_results=True)
        assert small["effective_domain_size"][0] < large["effective_domain_size"][0]

    def test_genes_outside_are_reported_and_left_out(self) -> None:
        result = lifenode.enrich([*DNA_REPAIR, "TP53"], background=self.pool, sources="GO:BP", all_results=True)
        assert result.meta["queries"]["query_1"]["outside_background"] == ["ENSG00000141510"]
        assert result["query_size"].max() == len(DNA_REPAIR)

    def test_smaller_than_the_list(self) -> None:
        with pytest.raises(BadBackground, match="smaller than the list"):
            lifenode.enrich(GENES, background=DNA_REPAIR)

    def test_known_is_every_gene_of_the_primary_assembly(self) -> None:
        result = lifenode.enrich(DNA_REPAIR, domain="known", sources="GO:BP", all_results=True)
        assert result["effective_domain_size"][0] == 62_656

    def test_custom_without_a_background(self) -> None:
        with pytest.raises(InvalidOption, match="needs a background"):
            lifenode.enrich(DNA_REPAIR, domain="custom")


class TestOrdered:
    ranked = DNA_REPAIR + GENES[:60]

    def test_the_best_prefix_of_each_term(self) -> None:
        result = lifenode.enrich(self.ranked, ordered=True, sources="GO:BP", all_results=True)
        row = rows(result)["GO:0006281"]
        prefixes = [
            rows(lifenode.enrich(self.ranked[:n], sources="GO:BP", all_results=True))["GO:0006281"]
            for n in range(1, 25)
        ]
        best = min(prefixes, key=lambda prefix: float(str(prefix["p_nominal"])))
        for column in ("p_nominal", "query_size", "intersection_size"):
            assert row[column] == best[column]

    def test_scanning_costs_something_unless_compatibility_is_asked_for(self) -> None:
        honest = lifenode.enrich(self.ranked, ordered=True)
        compat = lifenode.enrich(self.ranked, ordered=True, correction="gscs_compat")
        assert 0 < len(honest) < len(compat)
        for method in ("fdr", "bonferroni", "fdr_hits"):
            result = lifenode.enrich(self.ranked, ordered=True, correction=method, sources="GO:CC", all_results=True)
            assert (result["p_value"] >= result["p_nominal"]).all()

    def test_order_matters(self) -> None:
        other = lifenode.enrich(self.ranked[::-1], ordered=True)
        assert other.to_tsv() != lifenode.enrich(self.ranked, ordered=True).to_tsv()


def test_under_representation_includes_terms_without_a_gene() -> None:
    ribosome_free = GENES * 1
    result = lifenode.enrich(ribosome_free, underrepresented=True, sources="GO:CC", correction="fdr")
    assert len(result) > 0
    shares = result["term_size"] / result["effective_domain_size"]
    assert (result["precision"] < shares).all()
    for row in result.to_dicts()[:5]:
        sizes = [int(row[c]) for c in ("intersection_size", "term_size", "query_size", "effective_domain_size")]
        assert row["p_nominal"] == pytest.approx(float(exact.lower_tail(*sizes)), rel=1e-12)


def test_several_lists_at_once_give_what_each_gives_alone() -> None:
    both = lifenode.enrich({"repair": DNA_REPAIR, "inflammation": GENES})
    assert list(dict.fromkeys(both["query"])) == ["repair", "inflammation"]
    alone = lifenode.enrich({"inflammation": GENES})
    assert both.filter(both["query"] == "inflammation").to_tsv() == alone.to_tsv()
    assert set(both.accounting) == {"repair", "inflammation"}


def test_evidence_of_each_intersection() -> None:
    result = lifenode.enrich(DNA_REPAIR, sources=["GO:BP", "REAC"], evidence=True)
    for row in result.to_dicts()[:50]:
        assert len(row["intersection"]) == len(row["evidence"]) == row["intersection_size"]
        assert set(row["intersection"]) <= set(DNA_REPAIR)
        if row["source"] == "REAC":
            assert set(row["evidence"]) == {"REAC"}
    codes = {code for row in result["evidence"] for entry in row for code in entry.split(",")}
    assert {"IDA", "IMP"} <= codes


class TestWithoutElectronicAnnotations:
    def test_the_domain_shrinks(self) -> None:
        whole = lifenode.enrich(DNA_REPAIR, sources="GO:BP", all_results=True)
        curated = lifenode.enrich(DNA_REPAIR, sources="GO:BP", all_results=True, no_iea=True, evidence=True)
        assert curated["effective_domain_size"][0] < whole["effective_domain_size"][0]
        assert curated.meta["no_iea"]["removed_iea"] > 40_000
        assert not any(entry == "IEA" for row in curated["evidence"] for entry in row)

    def test_where_no_codes_are_recorded_it_says_what_is_known(self) -> None:
        with pytest.raises(EvidenceUnavailable, match="experimental"):
            lifenode.enrich(["w", "dpp"], organism="dmelanogaster", no_iea=True)


class TestDrivers:
    def test_every_significant_go_term_is_explained_by_a_driver(self) -> None:
        result = lifenode.enrich(GENES, highlight=True)
        drivers = set(result["term_id"][result["highlighted"]])
        go = np.array([source.startswith("GO:") for source in result["source"]])
        assert 3 < len(drivers) < go.sum() / 5
        assert set(result["explained_by"][go]) == drivers
        assert set(result["explained_by"][~go]) == {""}
        assert "GO:0006954" in drivers

    def test_a_driver_explains_itself(self) -> None:
        result = lifenode.enrich(GENES, highlight=True)
        assert (result["explained_by"][result["highlighted"]] == result["term_id"][result["highlighted"]]).all()


class TestOwnGeneSets:
    sets: ClassVar[dict[str, list[str]]] = {
        "repair": DNA_REPAIR,
        "inflammation": GENES[:100],
        "mixed": DNA_REPAIR[:4] + GENES[:30],
    }

    def test_in_a_world_of_their_own(self) -> None:
        result = lifenode.enrich(DNA_REPAIR[:6], organism=None, gene_sets=self.sets)
        assert result["term_id"][0] == "repair"
        assert result["effective_domain_size"][0] == len(set(DNA_REPAIR) | set(GENES[:100]))

    def test_over_an_organism_identifiers_may_differ(self) -> None:
        result = lifenode.enrich(["ENSG00000012048", "ENSG00000139618", "5888"], gene_sets=self.sets, domain="known")
        assert result["term_id"][0] == "repair"
        assert result["intersection_size"][0] == 3

    def test_sources_do_not_mix_with_them(self) -> None:
        with pytest.raises(InvalidOption, match="Own gene sets replace"):
            lifenode.enrich(DNA_REPAIR, sources="GO", gene_sets=self.sets)


@pytest.mark.parametrize("organism", [
    "mmusculus", "rnorvegicus", "scerevisiae", "dmelanogaster", "celegans", "drerio", "ggallus", "athaliana",
])  # fmt: skip
def test_every_organism_finds_a_term_from_its_own_genes(organism: str) -> None:
    result = lifenode.enrich(["GO:0006260"], organism=organism, sources="GO:BP")
    assert rows(result)["GO:0006260"]["recall"] == 1.0


def test_provenance_is_complete() -> None:
    meta = json.loads(lifenode.enrich(GENES).to_json())["meta"]
    assert meta["pack"]["name"].startswith("hsapiens-")
    assert len(meta["pack"]["sha256"]) == 64
    assert {"draws", "seed", "family", "threshold", "method"} <= set(meta["correction"])
    for facts in meta["sources"].values():
        assert facts["version"]
        assert facts["licence"]
        assert facts["attribution"]
    assert meta["queries"]["query_1"]["accounting"]["mapped"] == 200
    assert meta["parameters"]["domain"] == "annotated"


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"query": []}, EmptyInput, "identifier"),
        ({"query": ["", " "]}, EmptyInput, "identifier"),
        ({"query": ["qqqq-1", "qqqq-2"]}, NothingMapped, "identifier"),
        ({"organism": "human"}, UnknownOrganism, "hsapiens"),
        ({"sources": ["REACTOME"]}, UnknownSource, "REAC"),
        ({"threshold": 0.0}, InvalidOption, "above 0"),
        ({"threshold": float("nan")}, InvalidOption, "nan"),
        ({"correction": "g_SCS"}, InvalidOption, "gscs"),
        ({"domain": "genome"}, InvalidOption, "annotated"),
        ({"min_term_size": 50, "max_term_size": 5}, InvalidOption, "above max_term_size"),
        ({"min_term_size": 0}, InvalidOption, "whole number"),
        ({"ordered": True, "underrepresented": True}, InvalidOption, "cannot be combined"),
        ({"highlight": True, "underrepresented": True}, InvalidOption, "cannot be combined"),
        ({"highlight": True, "ordered": True}, InvalidOption, "cannot be combined"),
        ({"organism": None}, InvalidOption, "gene_sets"),
    ],
)
def test_bad_input_is_refused_with_the_value_and_the_next_step(
    options: dict[str, object], error: type[Exception], words: str
) -> None:
    arguments: dict[str, object] = {"query": DNA_REPAIR} | options
    with pytest.raises(error, match=words):
        lifenode.enrich(**arguments)  # type: ignore[arg-type]


def test_numpy_and_compiled_kernels_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = set()
    for choice in ("numpy", "numba"):
        monkeypatch.setenv("LIFENODE_KERNELS", choice)
        engine.reset()
        outcomes.add(lifenode.enrich(GENES, all_results=True).to_json())
    monkeypatch.undo()
    engine.reset()
    assert len(outcomes) == 1


def test_same_bytes_for_every_hash_seed_and_thread_count() -> None:
    program = (
        "import sys, hashlib, lifenode; genes = open(sys.argv[1]).read().split();"
        "r = lifenode.enrich({'set': set(genes), 'ranked': genes}, evidence=True, highlight=True);"
        "print(hashlib.sha256(r.to_json().encode()).hexdigest())"
    )
    digests = set()
    for seed in range(10):
        environment = os.environ | {
            "PYTHONHASHSEED": str(seed),
            "NUMBA_NUM_THREADS": str(1 + seed % 2),
            "LIFENODE_KERNELS": "numba" if seed in (0, 1) else "numpy",
        }
        outcome = subprocess.run(
            [sys.executable, "-c", program, str(EXAMPLE)], env=environment, capture_output=True, text=True, check=True
        )
        digests.add(outcome.stdout)
    assert len(digests) == 1
