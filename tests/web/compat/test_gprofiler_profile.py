"""The wire form of a profile: fields, order, roots, thresholds, strict answers, errors, repetition."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import pytest
from starlette.testclient import TestClient

import lifenode
from lifenode.genes.identifiers import identifiers
from lifenode.packs.find import STARTER
from lifenode.packs.pack import open_pack
from lifenode.settings import settings

PROFILE = "/gprofiler/api/gost/profile/"
GENES = ["IL6", "TNF", "CXCL8", "IL1B", "CCL2", "ICAM1", "NFKB1"]
WIRE = [
    "description", "effective_domain_size", "goshv", "intersection_size", "name", "native", "p_value", "parents",
    "precision", "query", "query_size", "recall", "significant", "source", "term_size", "source_order", "group_id",
]  # fmt: skip
# The request of the R client, as recorded.
FROM_R: dict[str, Any] = {
    "organism": "hsapiens", "query": GENES, "sources": None, "user_threshold": 0.05, "all_results": False,
    "ordered": False, "no_evidences": True, "combined": False, "measure_underrepresentation": False, "no_iea": False,
    "domain_scope": "annotated", "numeric_ns": "", "significance_threshold_method": "g_SCS", "background": None,
    "output": "json",
}  # fmt: skip


def ask(node: TestClient, path: str = PROFILE, **body: Any) -> dict[str, Any]:
    answer = node.post(path, json={"query": GENES, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_rows_have_their_fields_in_wire_order(node: TestClient) -> None:
    rows = ask(node)["result"]
    assert list(rows[0]) == WIRE
    dense = ask(node, no_evidences=False, highlight=True)["result"]
    assert list(dense[0]) == [*WIRE[:4], "intersections", *WIRE[4:], "highlighted"]
    assert len(dense[0]["intersections"]) == len(GENES)
    assert any(row["highlighted"] for row in dense if row["source"] == "GO:BP")
    assert not any(row["highlighted"] for row in dense if row["source"] == "REAC")


def test_every_number_of_a_row_is_that_of_the_library(node: TestClient) -> None:
    rows = ask(node, all_results=True)["result"]
    result = lifenode.enrich(GENES, all_results=True)
    same = ("p_value", "precision", "recall", "query_size", "term_size", "intersection_size", "effective_domain_size",
            "significant", "source", "source_order", "name")  # fmt: skip
    real = [row for row in rows if not row["native"].endswith("000000")]
    for field in same:
        assert [row[field] for row in real] == list(result[field]), field
    assert [row["native"] for row in real] == list(result["term_id"])
    starts = open_pack("hsapiens").annotations()
    offsets = dict(zip(starts.sources, starts.source_start.tolist(), strict=False))
    assert all(row["goshv"] == offsets[row["source"]] + row["source_order"] for row in rows)
    first = list(dict.fromkeys(row["source"] for row in rows))
    assert all(row["group_id"] == first.index(row["source"]) + 1 for row in rows)


def test_all_results_end_with_the_roots_of_flat_sources(node: TestClient) -> None:
    rows = ask(node, all_results=True, no_evidences=False, sources=["REAC", "WP"])["result"]
    roots = {row["native"]: row for row in rows if row["p_value"] == 1.0 and row["native"].endswith("00000")}
    assert set(roots) == {"REAC:0000000", "WP:000000"}
    root = roots["REAC:0000000"]
    assert root["term_size"] == root["effective_domain_size"]
    assert root["intersection_size"] == root["query_size"] == sum(map(bool, root["intersections"]))
    assert {tuple(row["parents"]) for row in rows if row["source"] == "WP"} == {("WP:000000",), ()}


def test_meta_says_what_was_asked_and_found(node: TestClient) -> None:
    found = ask(node, query=["IL6", "il6", "nothing-of-that-name", "TNF"], sources=["REAC", "KEGG"])
    meta = found["meta"]
    assert list(meta) == [
        "query_metadata", "result_metadata", "genes_metadata", "lifenode", "timestamp", "version",
    ]  # fmt: skip
    assert meta["query_metadata"]["sources"] == ["REAC", "KEGG"]
    assert meta["query_metadata"]["numeric_ns"] == "ENTREZGENE_ACC"
    assert meta["result_metadata"]["KEGG"] == {"domain_size": 0, "number_of_terms": 0, "threshold": None}
    assert meta["lifenode"]["sources_missing"] == ["KEGG"]
    genes = meta["genes_metadata"]
    assert (genes["failed"], genes["duplicates"]) == (["nothing-of-that-name"], ["il6"])
    held = {gene for genes_of in genes["query"]["query_1"]["mapping"].values() for gene in genes_of}
    assert held == set(genes["query"]["query_1"]["ensgs"])
    result = lifenode.enrich(["IL6", "TNF"], sources=["REAC"])
    family = result.meta["queries"]["query_1"]["sources"]["REAC"]
    assert meta["result_metadata"]["REAC"]["threshold"] == family["threshold"]
    assert meta["lifenode"]["families"]["query_1"]["REAC"] == family
    assert meta["lifenode"]["pack"]["sha256"] == open_pack("hsapiens").fingerprint
    assert meta["version"].startswith("e109_")
    assert datetime.fromisoformat(meta["timestamp"]).tzinfo is not None


def test_a_source_the_pack_lacks_gives_nothing(node: TestClient) -> None:
    found = ask(node, sources=["KEGG", "TF"])
    assert found["result"] == []
    assert found["meta"]["lifenode"]["sources_missing"] == ["KEGG", "TF"]
    assert len(found["meta"]["genes_metadata"]["query"]["query_1"]["ensgs"]) == len(GENES)


def test_requests_of_the_r_client(node: TestClient) -> None:
    found = ask(node, **FROM_R)
    needed = {
        "query", "significant", "p_value", "term_size", "query_size", "intersection_size", "precision", "recall",
        "native", "source", "name", "effective_domain_size", "source_order", "parents",
    }  # fmt: skip
    assert all(needed <= set(row) for row in found["result"])
    for source in found["meta"]["query_metadata"]["sources"]:
        assert found["meta"]["result_metadata"][source]["number_of_terms"] > 0
    # A vector of one element arrives as a text.
    assert ask(node, **FROM_R | {"query": "IL6"})["meta"]["query_metadata"]["queries"] == {"query_1": ["IL6"]}
    lists = {"a": GENES, "b": "TP53"}
    assert ask(node, **FROM_R | {"query": lists})["meta"]["query_metadata"]["queries"]["b"] == ["TP53"]
    assert "highlighted" in ask(node, **FROM_R | {"highlight": True})["result"][0]


def test_lists_in_one_text(node: TestClient) -> None:
    found = ask(node, query="> up\nIL6 TNF\nCXCL8\n>down\nTP53\tMDM2\n")
    assert found["meta"]["query_metadata"]["queries"] == {"up": ["IL6", "TNF", "CXCL8"], "down": ["TP53", "MDM2"]}
    assert ask(node, query="IL6 TNF\nCXCL8")["meta"]["query_metadata"]["queries"] == {
        "query_1": ["IL6", "TNF", "CXCL8"]
    }


def ambiguous_symbols(count: int) -> list[str]:
    """Return identifiers of human genes that name several genes."""
    index = identifiers(open_pack("hsapiens"))
    symbols = [symbol for symbol in open_pack("hsapiens").genes().symbols.to_list() if symbol]
    seen = [symbol for symbol, times in Counter(symbols).items() if times > 1]
    doubtful = [text for text, found in zip(seen, index.outcomes(seen), strict=True) if found.reason]
    assert len(doubtful) >= count
    return doubtful[:count]


def test_ambiguous_identifiers_are_settled_and_dropped_when_strict(node: TestClient) -> None:
    (doubtful,) = ambiguous_symbols(1)
    settled = ask(node, query=[*GENES, doubtful])["meta"]
    candidates = settled["genes_metadata"]["ambiguous"][doubtful]
    assert len(candidates) > 1
    assert set(candidates[0]) == {"gene_id", "description", "number_of_go_annotations"}
    chosen = settled["lifenode"]["ambiguous"][doubtful]["chosen"]
    assert settled["genes_metadata"]["query"]["query_1"]["mapping"][doubtful] == [chosen]
    for address in (f"{PROFILE}?compat=strict", "/gprofiler/strict/api/gost/profile"):
        strict = ask(node, address, query=[*GENES, doubtful])["meta"]
        assert strict["genes_metadata"]["ambiguous"][doubtful] == candidates
        assert doubtful not in strict["genes_metadata"]["query"]["query_1"]["mapping"]
        assert strict["lifenode"]["ambiguous"][doubtful]["chosen"] is None
    other = next(one["gene_id"] for one in candidates if one["gene_id"] != chosen)
    resolved = ask(node, f"{PROFILE}?compat=strict", query=[*GENES, doubtful], aresolve={doubtful: other})["meta"]
    assert resolved["genes_metadata"]["query"]["query_1"]["mapping"][doubtful] == [other]


@pytest.mark.parametrize(
    ("method", "correction", "strict"),
    [("g_SCS", "gscs", "gscs_compat"), ("false_discovery_rate", "fdr", "fdr_hits"), ("bonferroni",) * 3],
)
def test_corrections(node: TestClient, method: str, correction: str, strict: str) -> None:
    for address, name in ((PROFILE, correction), (f"{PROFILE}?compat=strict", strict)):
        found = ask(node, address, significance_threshold_method=method)
        result = lifenode.enrich(GENES, correction=name)
        assert [row["p_value"] for row in found["result"]] == result["p_value"].tolist()
        assert found["meta"]["lifenode"]["correction"]["method"] == name


@pytest.mark.parametrize("organism", [path.name for path in sorted(STARTER.iterdir())])
def test_every_organism(node: TestClient, organism: str) -> None:
    pack = open_pack(organism)
    collection = pack.annotations()
    genes = collection.term_genes[: collection.term_indptr[1]][:40]
    query = pack.genes().gene_ids.take(genes)
    found = ask(node, organism=organism, query=query)
    result = lifenode.enrich(query, organism)
    assert [row["native"] for row in found["result"]] == list(result["term_id"])
    assert found["meta"]["query_metadata"]["sources"] == list(collection.sources)


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({"query": GENES, "organism": 7}, 400, "organism"),
        ({"query": GENES, "all_results": "true"}, 400, "all_results"),
        ({"query": GENES, "user_threshold": "0.05"}, 400, "user_threshold"),
        ({"query": [["IL6"]]}, 400, "query"),
        ({"query": {"a": {"b": "c"}}}, 400, "query"),
        ({"query": GENES, "background": {"a": 1}}, 400, "background"),
        ({"query": GENES, "aresolve": [1]}, 400, "aresolve"),
        ({"query": GENES, "significance_threshold_method": "luck"}, 400, "luck"),
        ({"query": GENES, "domain_scope": "custom_known"}, 400, "custom_known"),
        ({}, 400, "query"),
        ({"query": ["  "]}, 422, "no identifier"),
        ({"query": GENES, "domain_scope": "custom"}, 422, "background"),
        ({"query": {str(number): ["IL6"] for number in range(101)}}, 413, "101 lists"),
        ({"query": "> a\nIL6\n> a\nTNF"}, 422, "Two lists"),
        ({"query": GENES, "numeric_ns": "NOSUCH"}, 404, "NOSUCH"),
    ],
)
def test_what_cannot_be_done_is_named(node: TestClient, body: dict[str, Any], status: int, word: str) -> None:
    answer = node.post(PROFILE, json=body)
    assert answer.status_code == status
    assert word in answer.json()["message"]
    assert answer.json()["code"]


def test_what_is_no_request_is_refused_alike(node: TestClient) -> None:
    for content in (b"", b"{", b"[]", b'"IL6"', b"\xff\xfe", b'{"query": NaN}'):
        answer = node.post(PROFILE, content=content)
        assert (answer.status_code, "message" in answer.json()) == (400, True)
    assert node.post(f"{PROFILE}?compat=loose", json={"query": GENES}).json()["code"] == "bad_request"


@pytest.mark.parametrize("organism", [str(STARTER / "hsapiens"), "./hsapiens", "../hsapiens", "", "hsapiens/", "\x00"])
def test_no_text_is_taken_for_a_path(node: TestClient, organism: str) -> None:
    for service in ("gost/profile", "convert/convert", "util/data_versions", "gost/random_query"):
        answer = node.post(f"/gprofiler/api/{service}/", json={"query": GENES, "organism": organism})
        assert answer.status_code == 404, service
        assert answer.json()["code"] == "unknown_organism"


def test_fields_that_do_not_exist_are_left(node: TestClient) -> None:
    assert ask(node, nonsense=[1])["result"] == ask(node)["result"]


def test_options_without_meaning_together_are_told(node: TestClient) -> None:
    found = ask(node, ordered=True, highlight=True)
    assert found["meta"]["lifenode"]["options_ignored"] == ["highlight"]
    assert {row["highlighted"] for row in found["result"]} == {False}


def test_a_repetition_differs_in_time_alone(node: TestClient) -> None:
    body = {"query": [*GENES, "IRF1"]}
    first, second = (node.post(PROFILE, json=body).json() for _ in range(2))
    assert first["meta"].pop("timestamp") <= second["meta"].pop("timestamp")
    assert first == second
    strict = node.post(f"{PROFILE}?compat=strict", json=body).json()
    assert strict["meta"]["lifenode"]["compat"] == "strict"


def test_settings_hold_for_lists(node: TestClient) -> None:
    longest = settings().max_list_length
    answer = node.post(PROFILE, json={"query": ["IL6"] * (longest + 1)})
    assert answer.status_code == 413
    assert "message" in answer.json()
