"""Names by their words, held against a search through each name."""

from __future__ import annotations

import random

import pytest

from lifenode.genes.word_index import WordIndex, build_words, words_of
from lifenode.packs.pack import open_pack

NAMES = [
    "",
    "heart",
    "Heart rate",
    "rate of heartbeat",
    "T cell",
    "regulatory T cells",
    "Sjögren",
    "a-b c",
    "heart heart",
]


def rows(words: list[str], names: list[str] = NAMES) -> list[int]:
    """Return the rows that an index of `names` finds."""
    index = WordIndex(build_words(names, "n"), "n")
    found: list[int] = index.find(words).rows.tolist()
    return found


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["heart"], [1, 2, 3, 8]),
        (["heart", "rate"], [2, 3]),
        (["rate", "heart"], [2, 3]),
        (["t", "cell"], [4, 5]),
        (["sjögren"], [6]),
        (["b"], [7]),
        (["nothing"], []),
        (["heart", "nothing"], []),
        ([], []),
    ],
)
def test_all_words_are_held(words: list[str], expected: list[int]) -> None:
    assert rows(words) == expected


def test_whole_words_are_better_than_parts() -> None:
    match = WordIndex(build_words(NAMES, "n"), "n").find(["heart"])
    assert dict(zip(match.rows.tolist(), match.quality.tolist(), strict=True)) == {1: 0, 2: 0, 3: 2, 8: 0}
    match = WordIndex(build_words(NAMES, "n"), "n").find(["rate"])
    assert dict(zip(match.rows.tolist(), match.quality.tolist(), strict=True)) == {2: 1, 3: 0}
    match = WordIndex(build_words(NAMES, "n"), "n").find(["eart"])
    assert set(match.quality.tolist()) == {3}


def test_the_names_of_a_pack_are_found_as_one_by_one() -> None:
    names = open_pack("scerevisiae").annotations().term_names.to_list()
    index = WordIndex(build_words(names, "n"), "n")
    folded = [name.casefold() for name in names]
    choice = random.Random(5)
    for _ in range(40):
        words = [word for word in words_of(choice.choice(names)) if len(word) > 1][:3]
        expected = [row for row, name in enumerate(folded) if all(word in name for word in words)]
        assert index.find(words).rows.tolist() == expected


def test_words_of_a_text() -> None:
    assert words_of("  Response to (IL-6), response") == ["response", "to", "il-6"]
    assert len(words_of(" ".join(map(str, range(100))))) == 8
