"""Terms by the words of their name, held against a look at every name."""

from __future__ import annotations

import pytest

from lifenode.enrichment.term_search import term_search
from lifenode.packs.pack import open_pack


@pytest.mark.parametrize(
    "text", ["inflammatory response", "response inflammatory", "NF-kappaB", "mitochondri", "repair dna"]
)
def test_every_term_that_holds_the_words_is_counted(text: str) -> None:
    pack = open_pack("hsapiens")
    names = pack.annotations().term_names.to_list()
    expected = sum(all(word in name.casefold() for word in text.casefold().split()) for name in names)
    found, every = term_search(pack).find(text, 10)
    assert every == expected > 0
    assert len(found) == min(10, expected)


def test_the_best_come_first() -> None:
    found, _ = term_search(open_pack("hsapiens")).find("Inflammatory response", 50)
    assert found[0].term_id == "GO:0006954"
    assert found[0].size == 545
    begins = [one.name.casefold().startswith("inflammatory response") for one in found]
    assert begins == sorted(begins, reverse=True)


def test_among_equals_the_broader_term_comes_first() -> None:
    found, _ = term_search(open_pack("hsapiens")).find("cell cycle", 2)
    assert [one.name.casefold() for one in found] == ["cell cycle", "cell cycle"]
    assert found[0].size > found[1].size


def test_nothing() -> None:
    assert term_search(open_pack("hsapiens")).find("zzzz", 5) == ([], 0)
    assert term_search(open_pack("hsapiens")).find(" , ", 5) == ([], 0)
