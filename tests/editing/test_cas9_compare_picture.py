"""The picture of the repair backgrounds: it shows what the table says, the same bytes each time."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lifenode.editing.cas9_backgrounds import backgrounds
from lifenode.editing.cas9_compare import compare_backgrounds, shares_of
from lifenode.editing.cas9_compare_picture import comparison_picture, draw_comparison
from lifenode.editing.cas9_profile import cas9
from lifenode.errors import InvalidOption

KNOWN = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"


def texts(svg: bytes) -> list[str]:
    """Return the words of a picture, which matplotlib leaves as comments where letters are drawn as paths."""
    return re.findall(r"<!-- (.+?) -->", svg.decode())


def test_it_says_what_the_table_says() -> None:
    table = compare_backgrounds(KNOWN, 42)
    words = texts(comparison_picture(table, "svg"))
    rows = {row["background"]: row for row in table}
    first = next(row for row in table if row["background"] not in ("control", "wild-type"))
    assert f"Losing {first['background']} changes the outcomes of this target most" in words[0]
    for name in backgrounds():
        assert {"control": "control cells", "wild-type": "wild type*"}.get(name, name) in words
    # The genes stand in the order of their change.
    genes = [word for word in words if word in rows and word not in ("control", "wild-type")]
    changes = [rows[name]["change"] for name in genes]
    assert changes == sorted(changes, reverse=True)
    assert {row["top"] for row in table} <= set(words)


def test_shares_are_those_of_each_background() -> None:
    table = compare_backgrounds(KNOWN, 42)
    names, shares = shares_of(table.targets[0])
    assert shares.sum(axis=1) == pytest.approx(1)
    for row in cas9(KNOWN, 42, "Polq").head(5):
        if not row["inserted"]:
            place = backgrounds().index("Polq"), names.index(row["outcome"])
            assert shares[place] == pytest.approx(row["probability"])


def test_the_same_gives_the_same_bytes(tmp_path: Path) -> None:
    table = compare_backgrounds({"a<b>&": KNOWN})
    assert comparison_picture(table, "png") == draw_comparison(table, tmp_path / "x.png").read_bytes()
    with pytest.raises(InvalidOption, match=r"End it in \.png"):
        draw_comparison(table, tmp_path / "x.doc")
