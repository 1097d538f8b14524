"""The Python client as published, unchanged but for its base address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from gprofiler import GProfiler  # type: ignore[import-untyped]

import lifenode
from lifenode.genes.listing import genes as listed_genes

pytestmark = pytest.mark.network

GENES = ["IL6", "TNF", "CXCL8", "IL1B", "CCL2", "ICAM1", "NFKB1"]
OTHERS = ["TP53", "MDM2", "CDKN1A", "BAX", "BBC3"]


@pytest.fixture(scope="module")
def client(address: str) -> Any:
    return GProfiler(user_agent="tests", base_url=address)


@pytest.fixture(scope="module")
def frames(address: str) -> Any:
    return GProfiler(user_agent="tests", base_url=address, return_dataframe=True)


def test_profile_gives_the_numbers_of_the_library(client: Any) -> None:
    rows = client.profile(GENES, organism="hsapiens", sources=["GO:BP", "REAC"])
    result = lifenode.enrich(GENES, sources=["GO:BP", "REAC"])
    wanted = zip(result["term_id"], result["p_value"], result["intersection_size"], result["parents"], strict=True)
    flat = {"REAC": ["REAC:0000000"]}
    assert [(row["native"], row["p_value"], row["intersection_size"]) for row in rows] == [
        (term, float(p), int(size)) for term, p, size, _ in wanted
    ]
    for row, parents in zip(rows, result["parents"], strict=True):
        assert row["parents"] == (parents or flat[row["source"]])
    assert rows[0]["description"] == rows[0]["name"]


@pytest.mark.parametrize(
    "options",
    [
        {"all_results": True, "user_threshold": 0.01},
        {"ordered": True},
        {"measure_underrepresentation": True},
        {"no_iea": True},
        {"domain_scope": "known"},
        {"significance_threshold_method": "fdr"},
        {"significance_threshold_method": "bonferroni"},
        {"numeric_namespace": "ENTREZGENE_ACC"},
        {"sources": ["GO"]},
    ],
)
def test_profile_takes_every_option(client: Any, options: dict[str, Any]) -> None:
    rows = client.profile(GENES, **options)
    same = {
        "measure_underrepresentation": "underrepresented", "significance_threshold_method": "correction",
        "user_threshold": "threshold", "domain_scope": "domain", "numeric_namespace": "",
    }  # fmt: skip
    named = {same.get(name, name): value for name, value in options.items() if same.get(name, name)}
    result = lifenode.enrich(GENES, **named)
    told = [row for row in rows if not row["native"].endswith(":0000000") and row["native"] != "WP:000000"]
    assert {row["native"]: row["p_value"] for row in told} == dict(
        zip(result["term_id"], result["p_value"].tolist(), strict=True)
    )
    assert len(told) == len(result)


def test_evidences_belong_to_the_genes_named(client: Any) -> None:
    query = [*GENES, "GO:0006954", "nothing-of-that-name", "IL6"]
    rows = client.profile(query, no_evidences=False, sources=["GO:BP"])
    result = lifenode.enrich(query, sources=["GO:BP"], evidence=True)
    for row, codes in zip(rows, result["evidence"], strict=True):
        assert len(row["intersections"]) == len(row["evidences"]) == row["intersection_size"]
        assert [",".join(one) for one in row["evidences"]] == codes
    assert "nothing-of-that-name" in client.meta["genes_metadata"]["failed"]
    assert "IL6" in client.meta["genes_metadata"]["query"]["query_1"]["mapping"]


def test_evidences_of_an_ordered_list_stop_at_the_best_prefix(client: Any) -> None:
    rows = client.profile(GENES, no_evidences=False, ordered=True, sources=["REAC"])
    assert rows
    for row in rows:
        assert len(row["intersections"]) == row["intersection_size"] <= row["query_size"]
        assert set(row["intersections"]) <= set(GENES[: row["query_size"] + 1])
        assert row["evidences"] == [["REAC"]] * row["intersection_size"]


def test_several_lists_are_sorted_together(client: Any, frames: Any) -> None:
    rows = client.profile({"first": GENES, "second": OTHERS})
    assert [row["p_value"] for row in rows] == sorted(row["p_value"] for row in rows)
    both = lifenode.enrich({"first": GENES, "second": OTHERS})
    assert {(row["query"], row["native"], row["p_value"]) for row in rows} == set(
        zip(both["query"], both["term_id"], both["p_value"].tolist(), strict=True)
    )
    # As scanpy.queries.enrich asks: a dict of lists by group, a frame back.
    frame = frames.profile({"0": GENES, "1": OTHERS}, organism="hsapiens")
    assert isinstance(frame, pd.DataFrame)
    assert set(frame["query"]) == {"0", "1"}
    assert list(frame["p_value"]) == [row["p_value"] for row in rows]


def test_combined_has_a_value_for_every_list(client: Any, frames: Any) -> None:
    lists = {"first": GENES, "second": OTHERS, "none": ["nothing-of-that-name"]}
    rows = client.profile(lists, combined=True)
    singles = {name: lifenode.enrich(lists[name], all_results=True) for name in ("first", "second")}
    p = {name: dict(zip(one["term_id"], one["p_value"].tolist(), strict=True)) for name, one in singles.items()}
    for row in rows:
        assert row["p_values"] == [p["first"].get(row["native"], 1.0), p["second"].get(row["native"], 1.0), 1.0]
        assert min(row["p_values"]) <= 0.05
        assert row["intersection_sizes"][2] == row["query_sizes"][2] == 0
    assert rows
    assert len(frames.profile(lists, combined=True)) == len(rows)


def test_a_background_makes_the_domain(client: Any) -> None:
    background = [*listed_genes("hsapiens")["symbol"][:6000], *GENES]
    background = [symbol for symbol in background if symbol]
    rows = client.profile(GENES, background=background, sources=["GO:BP"], all_results=True)
    result = lifenode.enrich(GENES, background=background, sources=["GO:BP"], all_results=True)
    assert [row["p_value"] for row in rows] == result["p_value"].tolist()
    assert {row["effective_domain_size"] for row in rows} == set(result["effective_domain_size"].tolist())
    assert client.meta["query_metadata"]["domain_scope"] == "custom"


def test_frames_keep_their_columns_without_rows(frames: Any) -> None:
    frame = frames.profile(["nothing-of-that-name"], no_evidences=False)
    assert len(frame) == 0
    assert {"native", "p_value", "intersections", "evidences"} <= set(frame.columns)


def test_convert(frames: Any) -> None:
    frame = frames.convert(["TP53", "7157", "nothing-of-that-name"], target_namespace="ENSG")
    assert list(frame["converted"]) == ["ENSG00000141510", "ENSG00000141510", "None"]
    assert list(frame["n_incoming"]) == [1, 2, 3]
    assert list(frame["namespaces"])[:2] == ["SYMBOL", "ENTREZGENE"]


def test_orthologs(frames: Any) -> None:
    frame = frames.orth(["TP53", "nothing-of-that-name"], organism="hsapiens", target="mmusculus")
    assert list(frame["ortholog_ensg"]) == ["ENSMUSG00000059552", "N/A"]
    assert list(frame["name"]) == ["Trp53", "N/A"]
    assert list(frame["n_result"]) == [1, 1]


def test_variants(frames: Any) -> None:
    # A place is known by the genes that overlap it, whatever variants the pack holds.
    frame = frames.snpense(["19:44907000", "rs1"])
    assert list(frame["rs_id"]) == ["19:44907000", "rs1"]
    known, unknown = frame.iloc[0], frame.iloc[-1]
    assert (known["chromosome"], known["strand"], known["start"], known["end"]) == ("19", "+", 44907000, 44907000)
    assert (known["ensgs"], known["gene_names"]) == (["ENSG00000130203"], ["APOE"])
    assert (unknown["start"], unknown["end"], unknown["chromosome"], unknown["ensgs"]) == (-1, -1, "", [])


def test_variants_by_rsid(frames: Any) -> None:
    frame = frames.snpense(["rs429358"])
    table = lifenode.variants(["rs429358"])
    (row,) = frame.to_dict("records")
    assert row["gene_names"] == ["APOE"]
    assert row["variants"] == table["consequence_counts"][0]
    assert sum(row["variants"].values()) >= 1


def test_own_gene_sets(client: Any, address: str, shared_data: Path) -> None:
    import requests

    text = (shared_data / "enrichment" / "biocarta.gmt").read_text(encoding="utf-8")
    answer = requests.post(f"{address}/api/gost/custom/", json={"gmt": text, "name": "biocarta.gmt"}, timeout=60)
    token = answer.json()["organism"]
    rows = client.profile(["MAPK3", "HRAS", "RAF1", "MAP2K1"], organism=token, no_evidences=False)
    assert {row["source"] for row in rows} == {"biocarta"}
    assert rows[0]["evidences"] == [["biocarta"]] * rows[0]["intersection_size"]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"query": GENES, "organism": "hsapien"}, "hsapiens"),
        ({"query": GENES, "sources": ["NOSUCH"]}, 'no source "NOSUCH"'),
        ({"query": GENES, "domain_scope": "custom_known"}, "custom_known"),
        ({"query": GENES, "user_threshold": 7}, "threshold"),
        ({"query": GENES, "ordered": "yes"}, '"ordered"'),
        ({"query": []}, "no identifier"),
        ({"query": GENES, "organism": "gp__none_such_tok"}, "gp__none_such_tok"),
    ],
)
def test_errors_are_the_messages_of_assertions(client: Any, call: dict[str, Any], words: str) -> None:
    with pytest.raises(AssertionError, match=words):
        client.profile(**call)


def test_strict_answers_are_an_address_away(address: str) -> None:
    rows = GProfiler(base_url=f"{address}/strict").profile(GENES, significance_threshold_method="fdr")
    result = lifenode.enrich(GENES, correction="fdr_hits")
    assert [row["p_value"] for row in rows] == result["p_value"].tolist()
