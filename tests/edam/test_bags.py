from __future__ import annotations

import math

import numpy as np
import pytest

from lifenode.edam import Ontology
from lifenode.edam.concept import Concept
from lifenode.edam.learned_bags import Bags


def test_the_cosine_by_hand() -> None:
    concepts = [
        Concept("topic_0001", "Gene", exact=("Locus",)),
        Concept("topic_0002", "Protein"),
        Concept("topic_0003", "Map"),
    ]
    bags = Bags(concepts, [[], [Concept("topic_0009", "Enzyme")], []], {"topic_0001": ("map",)})
    # Weights of the first: gene 1 + ln 3, locu 1 + ln 2, both log 3; map 1, log 1.5.
    gene, locus, map_ = (1 + math.log(3)) * math.log(3), (1 + math.log(2)) * math.log(3), math.log(1.5)
    length = math.sqrt(gene**2 + locus**2 + map_**2)
    assert bags.alike("genes")[0] == pytest.approx(gene / length, rel=1e-6)
    assert bags.alike("enzyme").tolist() == pytest.approx([0, 1 / math.sqrt(1 + (1 + math.log(3)) ** 2), 0], rel=1e-6)
    assert not bags.alike("unknown words").any()


def test_terms_are_among_the_most_like_their_own_names() -> None:
    edam = Ontology.load()
    concepts = [one for one in edam if one.branch == "operation" and not one.obsolete]
    bags = Bags(concepts, [[] for _ in concepts], edam.bags)
    ranks = []
    for at in range(0, len(concepts), 5):
        scores = bags.alike(concepts[at].label)
        assert 0 <= scores.min() <= scores.max() <= 1 + 1e-6
        ranks.append(int((scores > scores[at] + 1e-6).sum()))
    assert np.mean(np.array(ranks) < 3) > 0.9


def test_bags_hold_no_prose() -> None:
    for stems in Ontology.load().bags.values():
        assert list(stems) == sorted(set(stems))


def test_bags_of_the_shipped_table_are_those_of_the_source(shared_data: object) -> None:
    edam = Ontology.load()
    assert set(edam.bags) == {concept.id for concept in edam}
    assert Ontology.read(f"{shared_data}/edam/EDAM.owl").bags == edam.bags
