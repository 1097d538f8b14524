from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

from lifenode.genes import hash_index
from lifenode.genes.hash_index import (
    ALIAS,
    GENE_ID,
    OTHER,
    PREVIOUS,
    SYMBOL,
    HashIndex,
    Hit,
    build_arrays,
    namespaces_of,
)
from lifenode.genes.texts import fold
from lifenode.packs.pack import Pack, open_pack
from tests.genes.made_pack import CAT, CAT_COPY, DOG, made


@pytest.fixture(scope="module")
def yeast() -> Pack:
    return open_pack("scerevisiae")


@pytest.fixture(scope="module")
def yeast_index(yeast: Pack) -> HashIndex:
    return HashIndex(build_arrays(yeast))


def _brute_force(pack: Pack) -> dict[str, set[tuple[str, str, int]]]:
    known: dict[str, set[tuple[str, str, int]]] = defaultdict(set)
    table = pack.table("identifiers").with_columns(pl.col("namespace").cast(pl.String))
    for namespace, identifier, gene in table.rows():
        known[identifier.casefold()].add((identifier, namespace, gene))
    return known


def test_every_identifier_is_found_in_any_case_and_nothing_else(yeast: Pack, yeast_index: HashIndex) -> None:
    known = _brute_force(yeast)
    spelled = sorted({identifier for entries in known.values() for identifier, _, _ in entries})
    for change in (str, str.lower, str.upper):
        typed = [change(text) for text in spelled]
        for text, hits in zip(typed, yeast_index.find(typed), strict=True):
            expected = {(spelling == text, namespace, gene) for spelling, namespace, gene in known[text.casefold()]}
            assert {(hit.exact, hit.namespace, hit.gene) for hit in hits} == expected


def test_what_is_not_there_is_not_found(yeast_index: HashIndex) -> None:
    strange = ["", "TP53x", "YAL001", "\ud800", "é" * 100, "YAL001C YAL002W"]
    assert yeast_index.find(strange) == [[]] * len(strange)
    assert yeast_index.find([]) == []


def test_identifiers_of_genes(yeast: Pack, yeast_index: HashIndex) -> None:
    known: dict[tuple[str, int], set[str]] = defaultdict(set)
    for namespace, identifier, gene in yeast.table("identifiers").rows():
        known[namespace, gene].add(identifier)
    everyone = np.arange(len(yeast.genes()), dtype=np.int32)
    for namespace in yeast_index.namespaces:
        found = yeast_index.names_of(everyone[::-1], namespace)[::-1]
        assert [set(names) for names in found] == [known[namespace, gene] for gene in everyone.tolist()]
        assert all(names == sorted(names) for names in found)


def test_a_collision_of_hashes_answers_nothing_wrong(yeast: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    def few(folded: Iterable[str]) -> npt.NDArray[np.uint64]:
        return np.array([len(text) % 7 for text in folded], dtype=np.uint64)

    monkeypatch.setattr(hash_index, "hashes", few)
    index = HashIndex(build_arrays(yeast))
    true = {"YAL001C", "tfc3", "ADE2"}
    found = index.find([*sorted(true), "YAL001X", "ADE222"])
    assert [bool(hits) for hits in found] == [True, True, True, False, False]
    known = _brute_force(yeast)
    for text, hits in zip(sorted(true), found, strict=False):
        assert {(hit.namespace, hit.gene) for hit in hits} == {(n, g) for _, n, g in known[fold(text)]}


def test_classes_and_order(tmp_path_factory: pytest.TempPathFactory) -> None:
    index = HashIndex(build_arrays(made(tmp_path_factory.mktemp("index") / "pack")))
    cats = index.find(["Cat"])[0]
    assert [(hit.exact, hit.rank, hit.gene) for hit in cats] == [
        (False, ALIAS, DOG),
        (True, SYMBOL, CAT),
        (True, SYMBOL, CAT_COPY),
    ]
    assert index.find(["tstg00"])[0][0].rank == GENE_ID
    assert index.find(["17"])[0][0].rank == OTHER
    assert index.find(["Sept2"])[0][0].rank == PREVIOUS


def test_two_builds_are_equal(yeast: Pack) -> None:
    one, two = build_arrays(yeast), build_arrays(yeast)
    assert one.keys() == two.keys()
    assert all(np.array_equal(one[name], two[name]) for name in one)


def test_namespaces_of_a_gene_come_once_and_the_best_class_first() -> None:
    hits = [
        Hit(True, ALIAS, "ALIAS", 3),
        Hit(False, SYMBOL, "SYMBOL", 3),
        Hit(True, OTHER, "REFSEQ", 4),
        Hit(True, OTHER, "UNIPROT", 3),
        Hit(True, OTHER, "REFSEQ", 3),
        Hit(False, ALIAS, "ALIAS", 3),
    ]
    assert namespaces_of(3, hits) == ("SYMBOL", "REFSEQ", "UNIPROT", "ALIAS")
    assert namespaces_of(4, hits) == ("REFSEQ",)
    assert namespaces_of(5, hits) == ()


def test_names_of_no_genes(yeast_index: HashIndex) -> None:
    assert yeast_index.names_of(np.zeros(0, np.int32), yeast_index.namespaces[0]) == []
