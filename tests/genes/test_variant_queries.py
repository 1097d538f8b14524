"""Spellings of variants and places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.genes.variant_queries import Change, Place, changes, parse_place, parse_rsid


@pytest.mark.parametrize(
    ("text", "number"),
    [("rs699", 699), ("RS699", 699), ("Rs1", 1), ("rs0", None), ("rs", None), ("rs12a", None), ("699", None),
     ("rs1234567890123456789", None), ("rs1 ", None), ("rs١", None)],
)  # fmt: skip
def test_rsids(text: str, number: int | None) -> None:
    assert parse_rsid(text) == number


@pytest.mark.parametrize(
    "text",
    ["1:230710048:A:G", "chr1:230710048:A:G", "1-230710048-A-G", "1_230710048_A_G", "chr1:230,710,048:a:g",
     "1:230710048:A>G", "1:230710048A>G", "chr1:g.230710048A>G", "1:230710048_A/G", "1:230710048:A/G",
     "1:230710048|A|G".replace("|", ":", 1)],
)  # fmt: skip
def test_spellings_of_a_change(text: str) -> None:
    found = parse_place(text)
    assert found is not None
    assert found._replace(chromosome=found.chromosome.removeprefix("chr")) == ("1", 230710048, 230710048, "A", "G")
    assert found.alleles == "A/G"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("X:100:ATG:A", Place("X", 100, 102, "ATG", "A")),
        ("X:100:-:AT", Place("X", 99, 100, "-", "AT")),
        ("X:100:AT:-", Place("X", 100, 101, "AT", "-")),
        ("HSCHR6_MHC_COX_CTG1:5:A:C", Place("HSCHR6_MHC_COX_CTG1", 5, 5, "A", "C")),
        ("HSCHR6_MHC_5_A_C", Place("HSCHR6_MHC", 5, 5, "A", "C")),
        ("GL000009.2:1-5", Place("GL000009.2", 1, 5)),
        ("19:44,900,000-44,910,000", Place("19", 44_900_000, 44_910_000)),
        ("19:1:5", Place("19", 1, 5)),
        ("chr19:44908684", Place("chr19", 44_908_684, 44_908_684)),
    ],
)
def test_places(text: str, place: Place) -> None:
    assert parse_place(text) == place


@pytest.mark.parametrize(
    "text", ["", "TP53", "rs699", "1:A:G", "1:5:A:Q", "1:,:A:G", "1:,", ":5:A:G", "1:5:A:", "NM_1:c.5A>G"]
)
def test_what_is_no_place(text: str) -> None:
    assert parse_place(text) is None


def test_one_change_in_different_spellings() -> None:
    assert changes(100, "A/AT") == changes(100, "-/T") == {Change(101, "", "T")}
    assert changes(100, "CAT/C") == changes(101, "AT/-") == {Change(101, "AT", "")}
    assert changes(100, "ACT/AGT") == changes(101, "c/g") == {Change(101, "C", "G")}
    assert changes(100, "A/G/T") == {Change(100, "A", "G"), Change(100, "A", "T")}
    assert changes(100, "A/<DEL>/*") == set()
    assert changes(100, "A/G") != changes(100, "G/A")


@given(
    before=st.text("ACGT", max_size=4),
    old=st.text("ACGT", max_size=3),
    new=st.text("ACGT", max_size=3),
)
def test_bases_put_before_a_change_do_not_matter(before: str, old: str, new: str) -> None:
    plain = f"{old or '-'}/{new or '-'}"
    start = 100 - (not old)
    if before:
        assert changes(100 - len(before), f"{before}{old}/{before}{new}") == changes(start, plain)


@given(st.text("ACGTX0123456789:-_>/.,gchrs ", max_size=24))
def test_any_text_is_a_place_or_not(text: str) -> None:
    found = parse_place(text)
    assert found is None or (found.chromosome and found.start <= found.end + 10**15)
