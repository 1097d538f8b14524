"""Base editing in a reference: the numbers of the guides themselves, in places of the genome."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.editing import base
from lifenode.editing.reference_guides import base_of_targets
from lifenode.editing.reference_targets import targets_of
from lifenode.editing.target import reverse_complement
from lifenode.errors import BadTarget
from tests.editing.test_reference_targets import drawn, written


def test_guides_of_both_strands_are_those_of_their_bases(tmp_path: Path) -> None:
    bases = drawn(400, 9)
    reference = written(tmp_path, {"chr2": bases})
    table = base_of_targets(targets_of(reference, "chr2:100-200", whole_guide=True), "CBE")
    assert set(table["strand"]) == {"+", "-"}
    for row in table:
        there = bases[row["start"] : row["end"]]
        assert row["guide"] == (there if row["strand"] == "+" else reverse_complement(there))
        before, behind = (4, 6) if row["strand"] == "+" else (6, 4)
        around = bases[row["start"] - before : row["end"] + behind]
        around = around if row["strand"] == "+" else reverse_complement(around)
        assert row["context"] == around
        assert base([around], "CBE")["total"][0] == pytest.approx(row["total"], rel=1e-5)
        assert row["start"] < 200
        assert row["end"] > 99
    assert not table.meta["notes"]


def test_guides_at_an_end_are_told(tmp_path: Path) -> None:
    inside = "ACGTACTGATTCGATCGATCA"
    reference = written(tmp_path, {"c": inside[:15] + "AGG" + inside + "TGG" + "ACTT"})
    table = base_of_targets(targets_of(reference, "c", whole_guide=True))
    assert len(table) == 1
    assert table["context"][0].endswith("TGGACT")
    assert table.meta["notes"] == ["guides left out at an end of the known bases: 1"]
    short = written(tmp_path, {"c": inside[:15] + "AGGACTTA"}, name="short.fa")
    with pytest.raises(BadTarget, match="20 known bases before its PAM"):
        base_of_targets(targets_of(short, "c:1-20", whole_guide=True))
