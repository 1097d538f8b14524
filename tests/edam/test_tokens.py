from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.edam.stemmer import stem
from lifenode.edam.tokens import STOP_WORDS, sentences, tokens

VECTORS = {
    "g:Profiler": ["gprofil"],
    "RNA-Seq read pre-\n processing": ["rnaseq", "read", "preprocess"],
    "Smith-Waterman's algorithm (v2.0), for DNA/protein": ["smithwaterman", "algorithm", "v20", "dna", "protein"],
    "Gene-set enrichment analysis": ["geneset", "enrich", "analysi"],
    "TCR–pMHC binding": ["tcr", "pmhc", "bind"],
    "e.g. 10x Genomics data": ["eg", "10x", "genom", "data"],
    "16S rRNA sequences' alignment": ["16", "rrna", "sequenc", "align"],
    "visualisation and visualization": ["visual", "visual"],
}


@pytest.mark.parametrize("text", VECTORS)
def test_tokens_are_those_of_the_original(text: str) -> None:
    assert tokens(text) == VECTORS[text]


# Examples of the steps in Porter's paper.
STEMS = {
    "caresses": "caress", "ponies": "poni", "cats": "cat", "feed": "feed", "agreed": "agre", "plastered": "plaster",
    "motoring": "motor", "sing": "sing", "conflated": "conflat", "hopping": "hop", "falling": "fall", "filing": "file",
    "happy": "happi", "sky": "sky", "relational": "relat", "digitizer": "digit", "vietnamization": "vietnam",
    "triplicate": "triplic", "electrical": "electr", "goodness": "good", "revival": "reviv", "adoption": "adopt",
    "probate": "probat", "cease": "ceas", "controll": "control", "roll": "roll", "is": "is",
}  # fmt: skip


def test_stems_are_those_of_the_paper() -> None:
    assert {word: stem(word) for word in STEMS} == STEMS


def test_what_is_no_word_stays_as_it_is() -> None:
    assert [stem("y" * 5_000), stem("")] == ["y" * 5_000, ""]
    assert len(stem("y" * 100)) == 100


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("normalise", "normalize"), ("normalised", "normalized"), ("normalising", "normalizing"),
        ("organisation", "organization"), ("optimiser", "optimizer"), ("generalise", "generalize"),
    ],
)  # fmt: skip
def test_british_and_american_spellings_meet(british: str, american: str) -> None:
    assert stem(british) == stem(american)


def test_sentences_end_at_marks_and_blank_lines_and_not_at_abbreviations() -> None:
    text = "Aligns reads, e.g. short ones. It is fast? Yes it is.\n\nOther block\nof two lines.\n\n||| Kept. As it is."
    assert sentences(text) == [
        "Aligns reads, e.g. short ones", "It is fast", "Yes it is", "Other block of two lines", "||| Kept. As it is.",
    ]  # fmt: skip


def test_sentences_that_stick_together_are_parted() -> None:
    assert sentences("It aligns reads.Then it counts them.") == ["It aligns reads", "Then it counts them"]


@given(st.text(max_size=200))
def test_tokens_are_words_in_lower_case_without_marks(text: str) -> None:
    for word in tokens(text):
        assert word
        assert not any(unicodedata.category(one)[0] in "SZ" for one in word)
        assert word not in STOP_WORDS or stem(word) in STOP_WORDS
        assert " " not in word


@given(st.text(alphabet="ab .?\nAB-", max_size=120))
def test_sentences_keep_every_word(text: str) -> None:
    apart = [word for sentence in sentences(text) for word in tokens(sentence)]
    assert sorted("".join(apart)) == sorted("".join(tokens(" ".join(sentences(text)))))
