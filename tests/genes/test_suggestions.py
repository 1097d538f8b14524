from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.genes.identifiers import Identifiers, identifiers
from lifenode.genes.patterns import look_of, looks_like
from lifenode.genes.suggestions import NearSymbols, _edits, build_arrays, nothing_mapped
from lifenode.packs.pack import open_pack


@pytest.fixture(scope="module")
def human() -> Identifiers:
    return identifiers(open_pack("hsapiens"))


@pytest.fixture(scope="module")
def near(human: Identifiers) -> NearSymbols:
    return NearSymbols(build_arrays(human.pack))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BRCA3x", ["BRCA1", "BRCA2"]),
        ("TP5", "TP53"),
        ("GAPDHH", "GAPDH"),
        ("CLXC8", "CXCL8"),
        ("HLA A", ["HLA-A"]),
        ("TNFRSFIA", "TNFRSF1A"),
        ("IFNγ", ["IFNG"]),
        ("x", []),
        ("123", []),
        ("é" * 5, []),
        ("A" * 50, []),
        ("QQQQQQQQ", []),
    ],
)
def test_near_symbols(near: NearSymbols, text: str, expected: list[str] | str) -> None:
    found = near.near(text)
    assert len(found) <= 3
    if isinstance(expected, str):
        assert expected in found
    else:
        assert found == expected


def _distance(one: str, other: str) -> int:
    """Edit distance with exchange of neighbours, from its definition."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i, a in enumerate(one, 1):
        for j, b in enumerate(other, 1):
            steps = [table[i - 1, j] + 1, table[i, j - 1] + 1, table[i - 1, j - 1] + (a != b)]
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                steps.append(table[i - 2, j - 2] + 1)
            table[i, j] = min(steps)
    return table[len(one), len(other)]


WORDS = st.text("ab12", min_size=1, max_size=7)


@given(WORDS, st.lists(WORDS, min_size=1, max_size=8), st.sampled_from([1, 2]))
def test_edit_distances_equal_the_definition(word: str, others: list[str], most: int) -> None:
    letters = np.array(others, dtype="S20").view(np.uint8).reshape(len(others), 20).T
    expected = [min(_distance(word, other), most + 1) for other in others]
    assert np.minimum(_edits(word, letters, most), most + 1).tolist() == expected


def test_a_thousand_unknown_identifiers_are_reported_quickly(human: Identifiers) -> None:
    unknown = [f"L{i:03d}XYZ{i % 7}QWERTYUI" for i in range(1000)]
    resolution = human.resolve(unknown)
    begin = time.perf_counter()
    told = resolution.accounting.to_dict()
    assert time.perf_counter() - begin < 1
    assert len(told["unmapped_items"]) == 1000
    assert all(item["reason"] for item in told["unmapped_items"])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ENSG00000141510", "human Ensembl gene ids"),
        ("ENSMUSG00000059552.3", "mouse Ensembl gene ids"),
        ("ENSDARG00000035559", "zebrafish Ensembl gene ids"),
        ("ENSBTAG00000001069", "Ensembl gene ids of another organism"),
        ("ENSMUST00000000001", "Ensembl transcript ids"),
        ("FBgn0003996", "FlyBase gene ids"),
        ("WBGene00000912", "WormBase gene ids"),
        ("YAL001C", "yeast ORF names"),
        ("AT1G01010", "Arabidopsis AGI locus codes"),
        ("P04637", "UniProt accessions"),
        ("A0A024RBG1", "UniProt accessions"),
        ("NM_000546.6", "RefSeq accessions"),
        ("7157", "Entrez gene ids"),
        ("rs699", "dbSNP rsIDs"),
        ("1007_s_at", "Affymetrix probes"),
        ("hsa-miR-21-5p", "miRNA names"),
        ("ILMN_1343291", "Illumina probes"),
    ],
)
def test_looks(text: str, words: str) -> None:
    look = look_of(text)
    assert look is not None
    assert look.words == words


@pytest.mark.parametrize("text", ["TP53", "BRCA3x", "", "é", "x" * 1000, "1-Mar"])
def test_symbols_look_like_nothing_special(text: str) -> None:
    assert look_of(text) is None


def test_the_look_of_a_list() -> None:
    mostly = looks_like(["ENSMUSG00000059552", "  ", "ENSMUSG00000020167", "gene"])
    assert mostly is not None
    assert mostly.organism == "mmusculus"
    assert looks_like(["Trp53", "Myc", "Gapdh"]) == ("mouse gene symbols", "mmusculus", True)
    assert looks_like(["TP53", "MYC"]) is None
    assert looks_like([]) is None


@pytest.mark.parametrize(
    ("items", "advice"),
    [
        (["ENSMUSG00000059552"] * 3, "mouse Ensembl gene ids: try organism mmusculus."),
        (["99999998", "99999999"], "looked up as Entrez gene ids."),
        (["Zzfoo", "Zzbar"], "mouse gene symbols: try organism mmusculus."),
        (["rs123456", "rs2345"], "an rsID that this release does not hold"),
        (["1-Mar", "2-Sep"], "look like dates made by a spreadsheet"),
        (["1-Jan"], "looks like a date made by a spreadsheet. Restore the column as text and try again."),
        (["ENST00000269305"], "this release holds genes only"),
        (["ENSG00000999999"], "holds none of them"),
        (["???", "!!!"], "Check the organism (now hsapiens) and the column."),
        ([None, "???"], "??? is not a human identifier in release"),
        (["a\x00b"], "control character"),
    ],
)
def test_nothing_mapped(human: Identifiers, items: list[object], advice: str) -> None:
    resolution = human.resolve(items)
    assert not len(resolution.genes)
    error = nothing_mapped(items, human.pack, resolution.accounting)
    assert error.code == "nothing_mapped"
    assert advice in str(error)
    assert str(error).isprintable()
    assert ".." not in str(error).removesuffix("...")
