from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.edam import Ontology, annotate
from lifenode.edam.learned_compiled import grown, weighed
from lifenode.edam.learned_features import grams, make_block, words
from lifenode.edam.learned_model import WEIGHTS, load_model
from lifenode.errors import EmptyInput, InputTooLarge, InvalidOption

STAR = "Ultrafast universal RNA-seq aligner: spliced alignment of reads to a reference genome."


def test_words_and_runs_of_characters() -> None:
    assert words("RNA-Seq reads") == ["rna", "seq", "reads", "rna seq", "seq reads"]
    assert grams("Ab c") == [" ab", "ab ", " ab ", " ab ", " c ", " c ", " c "]


def test_a_row_has_the_share_of_its_block_as_its_square() -> None:
    block = make_block("words", ["gene set", "gene list", "other"], 2, 10, 0.45)
    assert list(block.place) == ["gene"]
    columns, values = block.row("gene gene", "")
    assert columns.tolist() == [0]
    assert float(np.sum(values**2)) == pytest.approx(0.45)
    assert len(block.row("unknown", "")[0]) == 0


def test_trees_and_weights_by_hand() -> None:
    total = grown(
        np.array([[0.5], [2.0]], np.float32), np.array([0, 0], np.int32), np.array([0, -1, -1], np.int16),
        np.array([1.0, 0, 0]), np.array([1, 0, 0], np.int32), np.array([2, 0, 0], np.int32), np.array([0, -3.0, 4.0]),
    )  # fmt: skip
    assert total.tolist() == [-6.0, 8.0]
    found = weighed(
        np.array([1], np.int32), np.array([2.0], np.float32), np.array([0, 1, 3]), np.array([0, 0, 1], np.uint16),
        np.array([9, -3, 2], np.int8), 0.5, 2,
    )  # fmt: skip
    assert found.tolist() == [-9.0, 4.0]


def test_a_well_known_tool_gets_what_it_does_with_the_words_that_say_so() -> None:
    table = annotate("STAR", STAR, branches=["operation"])
    assert {"Sequence alignment", "Read mapping"} & set(table["label"])
    assert table["proposed"].all()
    assert any("align" in word for word in table["words"][0])


def test_probabilities_fall_and_stay_within_bounds() -> None:
    table = annotate("STAR", STAR, top=8)
    for branch in ("topic", "operation", "data", "format"):
        found = table["probability"][table["branch"] == branch]
        assert len(found) == 8
        assert (np.diff(found) <= 0).all()
        assert 0 <= found[-1] <= found[0] <= 1


def test_data_and_formats_go_in_or_come_out_with_an_operation() -> None:
    table = annotate("STAR", f"{STAR} Reads FASTQ files.", branches=["data", "format"])
    found = {row["label"]: row for row in table}
    assert (found["FASTQ"]["branch"], found["FASTQ"]["role"], found["FASTQ"]["matched"]) == ("format", "input", "FASTQ")
    assert Ontology.load().term(found["FASTQ"]["operation"]).branch == "operation"
    assert set(table["role"]) <= {"input", "output"}
    assert set(annotate("STAR", STAR, branches=["topic"])["role"]) == {""}


def test_branches_do_not_depend_on_one_another() -> None:
    whole = annotate("STAR", STAR)
    assert list(dict.fromkeys(whole["branch"])) == ["topic", "operation", "data", "format"]
    parts = [row for branch in dict.fromkeys(whole["branch"]) for row in annotate("STAR", STAR, branches=[branch])]
    assert list(whole) == parts


def test_terms_are_live_and_of_their_branch() -> None:
    edam = Ontology.load()
    for row in annotate("STAR", STAR, top=30):
        concept = edam.term(row["term_id"])
        assert (concept.branch, concept.label, concept.obsolete) == (row["branch"], row["label"], False)
        assert concept.parents


@settings(max_examples=20)
@given(st.text(max_size=60), st.text(max_size=300))
def test_any_text_gets_terms_or_a_reason(name: str, description: str) -> None:
    if not f"{name}{description}".strip():
        return
    table = annotate(name, description)
    for branch in ("topic", "operation"):
        assert (branch in set(table["branch"])) != (branch in table.meta["reasons"])


def test_unknown_text_is_empty_with_its_reason() -> None:
    table = annotate("", "蛋白质结构预测")
    assert len(table) == 0
    assert "no word of the texts is known" in table.meta["reasons"]["topic"]


def test_bad_input_is_refused() -> None:
    with pytest.raises(EmptyInput):
        annotate(" ", "")
    with pytest.raises(InputTooLarge):
        annotate("x", "word " * 30_000)
    with pytest.raises(InvalidOption, match='no branch "tool"'):
        annotate("x", branches=["tool"])
    with pytest.raises(InvalidOption, match="top is 0"):
        annotate("x", top=0)


def test_the_models_hold_no_text_of_the_corpus() -> None:
    manifest = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))
    assert {f"{name}.npz" for name in manifest} == {path.name for path in WEIGHTS.glob("*.npz")}
    for name in manifest:
        for block in load_model(name).blocks:
            assert max(word.count(" ") for word in block.place) <= (2 if block.kind == "grams" else 1)
    assert sum(path.stat().st_size for path in WEIGHTS.glob("*.npz")) < 25e6


def test_figures_of_the_card_are_met_on_development_tools(shared_data: Path) -> None:
    folder = shared_data / "edam"
    chosen = set((folder / "dev_ids.txt").read_text(encoding="utf-8").split())
    gold = json.loads(gzip.decompress((folder / "gold_canonical_train.json.gz").read_bytes()))
    with gzip.open(folder / "biotools_train.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if row["id"] in chosen and row.get("confidence_flag") != "tool"]
    recalls = []
    for row in rows[::12]:
        wanted = set(gold[row["id"]].get("topic", ()))
        found = set(annotate(row["name"], row["description"], branches=["topic"], top=10)["term_id"])
        if wanted:
            recalls.append(len(wanted & found) / len(wanted))
    assert float(np.mean(recalls)) > 0.68
