from __future__ import annotations

import json
import pickle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.genes.accounting import CATEGORIES, Accounting, Details
from lifenode.genes.identifiers import Identifiers, identifiers
from lifenode.packs.pack import open_pack

KNOWN = [
    "TP53", "tp53", "ENSG00000141510.17", "7157", "P04637", "MARC1", "1-Mar", "2-Sep", "BRCA3x", "", "NaN", "p40",
    "OCT4", "GO:0006954", "X:1000:1000000", "HP:0002733", "rs699", "2.31E+13", "7157.0", "CD59",
]  # fmt: skip


@pytest.fixture(scope="module")
def human() -> Identifiers:
    return identifiers(open_pack("hsapiens"))


def _check_partition(index: Identifiers, items: list[Any]) -> None:
    resolution = index.resolve(items)
    told = resolution.accounting.to_dict()
    assert told["input"] == len(items)
    assert sum(told[category] for category in CATEGORIES) == len(items)
    for category in ("unmapped", "ambiguous", "duplicate"):
        assert len(told[f"{category}_items"]) == told[category]
    assert sum(told["namespaces"].values()) == told["mapped"]
    assert all(item["reason"] for item in told["unmapped_items"])
    assert all(item["why"] for item in told["ambiguous_items"])
    assert len(set(resolution.genes.tolist())) == len(resolution.genes)
    json.dumps(told, ensure_ascii=False).encode("utf-8")
    resolution.accounting.summary().encode("utf-8")
    assert all(line.isprintable() for line in resolution.accounting.lines(5))


# Every code point, lone surrogates and NUL included.
ANY_TEXT = st.text(st.characters(), max_size=30)


@given(st.lists(ANY_TEXT | st.sampled_from(KNOWN), max_size=30))
@settings(max_examples=300, deadline=None)
def test_categories_partition_any_list_of_texts(human: Identifiers, items: list[str]) -> None:
    _check_partition(human, items)


@given(
    st.lists(
        st.none() | st.integers() | st.floats() | st.binary(max_size=12) | ANY_TEXT | st.sampled_from(KNOWN),
        max_size=20,
    )
)
@settings(max_examples=200, deadline=None)
def test_categories_partition_any_list_of_scalars(human: Identifiers, items: list[object]) -> None:
    _check_partition(human, items)


@given(st.lists(st.sampled_from(KNOWN), max_size=25), st.randoms())
@settings(max_examples=100, deadline=None)
def test_order_and_repetition_change_no_gene(human: Identifiers, items: list[str], random: Any) -> None:
    mixed = list(items)
    random.shuffle(mixed)
    genes = human.resolve(items).genes
    assert set(human.resolve(mixed).genes.tolist()) == set(genes.tolist())
    twice = human.resolve([*items, *items])
    assert twice.genes.tolist() == genes.tolist()
    before, after = human.resolve(items).accounting, twice.accounting
    assert after.mapped == before.mapped
    assert after.blank == 2 * before.blank
    assert after.unmapped == 2 * before.unmapped


def test_the_list_of_the_documentation(human: Identifiers) -> None:
    resolution = human.resolve(["TP53", "tp53", "ENSG00000141510.17", "1-Mar", "BRCA3x", ""])
    accounting = resolution.accounting
    assert accounting.summary() == (
        "6 identifiers read · 1 mapped (symbol 1) · 1 unmapped · 1 ambiguous · 2 duplicate · 1 blank"
    )
    assert accounting.lines() == [
        "  1-Mar   looks like a date made by a spreadsheet: MARCHF1 or MTARC1? "
        "Restore the column as text and try again.",
        "  BRCA3x  not a human identifier in this release; nearest: BRCA1, BRCA2",
    ]
    told = accounting.to_dict()
    assert list(told) == [
        "input", "mapped", "unmapped", "ambiguous", "duplicate", "blank", "namespaces",
        "unmapped_items", "ambiguous_items", "duplicate_items",
    ]  # fmt: skip
    assert told["duplicate_items"] == [
        {"identifier": "tp53", "same_as": "TP53"},
        {"identifier": "ENSG00000141510.17", "same_as": "TP53"},
    ]
    (dated,) = told["ambiguous_items"]
    assert dated["chosen"] is None
    assert [candidate["symbol"] for candidate in dated["candidates"]] == ["MARCHF1", "MTARC1"]
    assert set(dated["candidates"][0]) == {"gene_id", "symbol", "primary_assembly", "annotations"}


def test_lines_are_limited() -> None:
    items = [{"identifier": f"x{i}", "reason": "unknown", "suggestions": []} for i in range(5)]
    accounting = Accounting((0, 5, 0, 0, 0), Details({}, items, [], []))
    assert accounting.lines(2) == ["  x0  unknown", "  x1  unknown", "  and 3 more"]
    assert accounting.lines(0) == ["  5 to explain"]
    assert accounting.lines(5) == [f"  x{i}  unknown" for i in range(5)]


def test_one_identifier_is_not_called_several(human: Identifiers) -> None:
    assert human.resolve(["TP53"]).accounting.summary().startswith("1 identifier read · 1 mapped (symbol 1)")
    assert human.resolve([]).accounting.summary() == (
        "0 identifiers read · 0 mapped · 0 unmapped · 0 ambiguous · 0 duplicate"
    )


def test_it_travels_between_processes(human: Identifiers) -> None:
    resolution = human.resolve(["TP53", "1-Mar", "nothing", "P04637"])
    sent = pickle.dumps(resolution)
    assert len(sent) < 5_000
    back = pickle.loads(sent)  # noqa: S301
    assert back.accounting == resolution.accounting
    assert np.array_equal(back.genes, resolution.genes)
    assert back.identifiers_of(int(back.genes[0])) == ["TP53", "P04637"]


def test_long_texts_are_cut_in_the_report(human: Identifiers) -> None:
    (item,) = human.resolve(["x" * 100_000]).accounting.to_dict()["unmapped_items"]
    assert len(item["identifier"]) == 201
    assert "longer than 200 characters" in item["reason"]
