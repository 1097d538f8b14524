from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.edam import evaluate, read_known_tools
from lifenode.edam.measures import OF_RANKS, OF_SETS, calibration_error, interval, of_ranks, of_set
from lifenode.errors import BadTable, EmptyInput, FormatError, InvalidOption

RECORD = {
    "name": "STAR",
    "description": "Ultrafast universal RNA-seq aligner.",
    "topic": [{"term": "RNA-Seq", "uri": "http://edamontology.org/topic_3170"}, {"uri": "topic_0003"}],
    "function": [
        {
            "operation": [{"uri": "http://edamontology.org/operation_0292"}],
            "input": [{"data": {"uri": "data_2044"}, "format": [{"uri": "format_1930"}]}],
            "output": [{"data": "data_0863", "format": ["format_2572"]}],
        }
    ],
    "publication": [{"title": "STAR", "abstract": "Alignment of reads."}, {"doi": "10.1/x"}],
}


def test_measures_of_sets_by_hand() -> None:
    found = of_set(["a", "x", "b", "y"], {"a", "b", "c"})
    assert found["precision"] == 0.5
    assert found["recall"] == pytest.approx(2 / 3)
    assert found["f1"] == pytest.approx(4 / 7)
    assert found["f2"] == pytest.approx(5 * 0.5 * (2 / 3) / (4 * 0.5 + 2 / 3))
    assert found["Jaccard"] == pytest.approx(2 / 5)
    assert found["AveP"] == pytest.approx((1 + 2 / 3) / 3)
    assert found["RP"] == pytest.approx(2 / 3)
    assert found["DCG"] == pytest.approx((1 + 1 / math.log2(3)) / (1 + 1 + 1 / math.log2(3)))
    assert found["DCGa"] == pytest.approx(1.5 / (1 + 1 / math.log2(3) + 0.5))


def test_measures_of_ranks_by_hand() -> None:
    found = of_ranks(["x", "a", *"qrstuvw", "b", "c"], {"a", "b", "c"})
    assert (found["precision_1"], found["recall_5"], found["recall_10"]) == (0, 1 / 3, 2 / 3)
    assert found["map_10"] == pytest.approx((1 / 2 + 2 / 10) / 3)
    ideal = 1 + 1 / math.log2(3) + 1 / 2
    assert found["ndcg_10"] == pytest.approx((1 / math.log2(3) + 1 / math.log2(11)) / ideal)


@given(
    st.lists(st.sampled_from("abcdefghijklmnop"), unique=True), st.sets(st.sampled_from("abcdefghijklmnop"), min_size=1)
)
def test_measures_stay_within_0_and_1_and_a_perfect_answer_has_1(found: list[str], wanted: set[str]) -> None:
    every = of_set(found, wanted) | of_ranks(found, wanted)
    assert set(every) == {*OF_SETS, *OF_RANKS}
    assert all(0 <= value <= 1 + 1e-12 for value in every.values())
    perfect = of_set(sorted(wanted), wanted)
    assert list(perfect.values()) == pytest.approx([1.0] * len(perfect))
    assert of_ranks(sorted(wanted), wanted)["ndcg_10"] == pytest.approx(1)


def test_calibration_error_by_hand() -> None:
    probability = np.array([0.05, 0.5, 0.5, 0.95])
    assert calibration_error(probability, np.array([True, True, False, True])) == pytest.approx(0.05 / 3)
    assert calibration_error(probability[:1], np.array([True])) == 0
    assert interval([0.5] * 4) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("form", ["list", "registry", "lines", "one"])
def test_records_are_read_in_every_form(tmp_path: Path, form: str) -> None:
    text = {
        "list": json.dumps([RECORD, RECORD], indent=1), "registry": json.dumps({"count": 2, "list": [RECORD, RECORD]}),
        "lines": f"{json.dumps(RECORD)}\n\n{json.dumps(RECORD)}\n", "one": json.dumps(RECORD),
    }[form]  # fmt: skip
    (tmp_path / "tools.json").write_text(text, encoding="utf-8")
    tools = read_known_tools(tmp_path / "tools.json")
    assert len(tools) == (1 if form == "one" else 2)
    assert tools[0].terms == {
        "topic": {"topic_3170"}, "operation": {"operation_0292"}, "data": {"data_2044", "data_0863"},
        "format": {"format_1930", "format_2572"},
    }  # fmt: skip
    assert tools[0].publications == ("STAR Alignment of reads.",)


def test_tables_are_read_with_obsolete_terms_replaced(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "name,topic,annotations\nA,topic_0182,EDAM:operation_0292|nonsense\n", encoding="utf-8"
    )
    (tool,) = read_known_tools(tmp_path / "t.csv")
    assert tool.terms == {"topic": {"topic_0080"}, "operation": {"operation_0292"}}
    assert tool.unknown == ("nonsense",)


@pytest.mark.parametrize(
    ("text", "error"),
    [("a,b\n1,2\n", BadTable), ("[1]", FormatError), ('{"name": "x"}\n{broken', FormatError), ("name\n", EmptyInput),
     ("[" * 100_000, FormatError)],
)  # fmt: skip
def test_what_is_no_corpus_is_refused(tmp_path: Path, text: str, error: type[Exception]) -> None:
    (tmp_path / "tools").write_text(text, encoding="utf-8")
    with pytest.raises(error):
        read_known_tools(tmp_path / "tools")


@pytest.mark.parametrize("method", ["learned", "lexical"])
def test_tools_are_judged(tmp_path: Path, method: str) -> None:
    (tmp_path / "tools.json").write_text(json.dumps(RECORD), encoding="utf-8")
    table = evaluate(read_known_tools(tmp_path / "tools.json"), method=method, branches=["topic", "operation"])
    found = {(row["branch"], row["measure"]): row["value"] for row in table}
    assert found["topic", "recall_10"] == found["operation", "recall_10"] == 1
    assert found["total", "ndcg_10"] == pytest.approx((found["topic", "ndcg_10"] + found["operation", "ndcg_10"]) / 2)
    assert (("topic", "calibration_error") in found) == (method == "learned")


def test_nothing_to_judge_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tools.json").write_text('{"name": "x"}', encoding="utf-8")
    tools = read_known_tools(tmp_path / "tools.json")
    with pytest.raises(EmptyInput):
        evaluate(tools)
    with pytest.raises(InvalidOption, match="no method"):
        evaluate(tools, method="guess")
