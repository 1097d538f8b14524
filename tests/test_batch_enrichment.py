"""A batch of real enrichments, over the starter pack of yeast."""

from __future__ import annotations

from typing import Any

import pytest

import lifenode
from lifenode.batch import run
from lifenode.errors import BatchFailed, UnknownOrganism


def yeast_lists() -> dict[str, list[object]]:
    genes: dict[str, list[object]] = {
        "ribosome": ["RPL3", "RPL5", "RPS2", "RPS3", "RPL10", "RPL25", "RPS6A"],
        "repair": ["RAD51", "RAD52", "RAD54", "MRE11", "XRS2", "RAD50", "nonsense", "rad51"],
        "none": ["ADE2"],
        "polymerase": ["RPB1", "RPB2", "RPO21", "RPB3", "RPB4", "RPB7", ""],
    }
    return {f"{name} {i}": [*items, f"unknown {i}"] for i in range(5) for name, items in genes.items()}


@pytest.mark.parametrize(
    "options",
    [
        {"correction": "fdr"},
        {"correction": "bonferroni", "evidence": True, "ordered": True, "all_results": True},
        {"all_results": True, "gene_sets": {"one": ["RAD51", "RAD52", "MRE11"], "two": ["RPL3", "RPL5", "ADE2"]}},
    ],
)
def test_batch_says_what_one_call_says(options: dict[str, Any]) -> None:
    lists = yeast_lists()
    whole = lifenode.enrich(lists, "scerevisiae", **options)
    for chunk_size in (3, 20):
        table = run(lists, organism="scerevisiae", chunk_size=chunk_size, **options)
        assert len(table) > 0
        assert table.to_json() == whole.to_json()
        assert table["source_order"].tolist() == whole["source_order"].tolist()
        assert table.to_polars().equals(whole.to_polars())


def test_processes_say_the_same_and_name_a_list_of_strangers() -> None:
    lists = yeast_lists()
    alone = run(lists, organism="scerevisiae", correction="fdr", background=sorted(_all_items(lists)))
    lists["strangers"] = ["TP53", "whatever"]
    with pytest.raises(BatchFailed, match=r"1 of 21 lists.*'strangers'") as caught:
        run(
            lists,
            organism="scerevisiae",
            correction="fdr",
            background=sorted(_all_items(lists)),
            workers=2,
            chunk_size=4,
        )
    assert len(vars(caught.value)["partial"]) == len(alone)
    with pytest.raises(UnknownOrganism):
        run(lists, organism="unicorn", workers=2)


def _all_items(lists: dict[str, list[object]]) -> set[str]:
    return {str(item) for items in lists.values() for item in items}
