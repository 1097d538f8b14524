"""Targets: what is accepted, what is refused and how it is said, and where things lie on both strands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.editing.target import Target, find_targets, read_target, read_targets, reverse_complement
from lifenode.errors import BadTarget, EmptyInput, InvalidOption, LifenodeError, UnreadableInput

README = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"


def test_a_target_has_its_cut_three_before_the_pam() -> None:
    target = read_target(README, 42)
    assert target.cut == 39
    assert target.guide == README[22:42]
    assert target.sequence[target.pam + 1 : target.pam + 3] == "GG"


def test_lower_case_is_accepted_and_told() -> None:
    target = read_target(README.lower(), 42)
    assert target.sequence == README
    assert target.notes == ("lower-case letters were read as capitals",)


@pytest.mark.parametrize(
    ("sequence", "pam", "error", "said"),
    [
        (README[:30] + "N" + README[31:], 42, BadTarget, "'N' at base 31"),
        (README.replace("T", "U"), 42, BadTarget, "U is read in RNA"),
        ("ACGT", 2, BadTarget, "has 4 bases"),
        (README, 12, BadTarget, "too near to an end"),
        (README, 75, BadTarget, "too near to an end"),
        (README, -1, BadTarget, "too near to an end"),
        (README, 40, BadTarget, "where the PAM NGG should begin"),
        (" \n", 42, EmptyInput, "is empty"),
    ],
)
def test_what_cannot_be_used_is_named(sequence: str, pam: int, error: type[LifenodeError], said: str) -> None:
    with pytest.raises(error, match=said):
        read_target(sequence, pam)


def test_sites_are_found_on_both_strands_where_they_were_given() -> None:
    found = find_targets(README, name="readme")
    assert {one.strand for one in found} == {"+", "-"}
    assert any(one.strand == "+" and one.pam == 42 for one in found)
    for one in found:
        start, end = one.given(one.pam, one.pam + 3)
        there = README[start:end] if one.strand == "+" else reverse_complement(README[start:end])
        assert there[1:] == "GG"
    cuts = [one.given(one.cut, one.cut)[0] for one in found]
    assert cuts == sorted(cuts)


def test_other_pams_are_patterns() -> None:
    assert all(one.sequence[one.pam + 1] == "G" for one in find_targets(README, motif="NG"))
    with pytest.raises(InvalidOption, match="no PAM"):
        find_targets(README, motif="N?G")
    with pytest.raises(BadTarget, match="on either strand"):
        find_targets("A" * 60)


def test_a_text_may_be_fasta_a_table_or_a_sequence_a_line() -> None:
    table = f"ID\tTarget\tPAM Index\none\t{README}\t42\n"
    assert [(one.name, one.pam) for one in read_targets(table)] == [("one", 42)]
    fasta = f">one described\n{README[:40]}\n{README[40:]}\n>two\n{README}\n"
    assert {one.name.split(":")[0] for one in read_targets(fasta)} == {"one", "two"}
    assert len(read_targets(README)) == len(read_targets(f"{README}\n{README}")) / 2
    with pytest.raises(UnreadableInput, match="Line 1"):
        read_targets(f"one\t{README}\tfirst")
    with pytest.raises(EmptyInput):
        read_targets("\n \n")


@given(st.text(alphabet="ACGTNacgtn>\t\n 019-", max_size=200))
def test_no_text_breaks_it(text: str) -> None:
    try:
        found = read_targets(text)
    except LifenodeError:
        return
    assert all(isinstance(one, Target) and set(one.sequence) <= set("ACGT") for one in found)


@given(st.text(alphabet="ACGT", min_size=30, max_size=90))
def test_the_other_strand_has_the_same_sites(sequence: str) -> None:
    def sites(text: str) -> set[tuple[str, int, int]]:
        try:
            return {(one.strand, *one.given(one.pam, one.pam + 3)) for one in find_targets(text)}
        except BadTarget:
            return set()

    turned = {"+": "-", "-": "+"}
    length = len(sequence)
    mirrored = {
        (turned[strand], length - end, length - start) for strand, start, end in sites(reverse_complement(sequence))
    }
    assert sites(sequence) == mirrored
