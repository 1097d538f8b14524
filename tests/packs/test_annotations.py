from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.errors import EvidenceUnavailable, PackError
from lifenode.packs.annotations import Annotations
from lifenode.packs.pack import Pack, open_pack
from lifenode.packs.propagation import CircularTerms, ancestors, propagate, row_pointers
from tests.oracles.propagation import lineage, propagated
from tests.packs.small_pack import (
    ANNOTATIONS,
    CC_EMPTY,
    DIAMOND,
    EMPTY,
    GENES,
    LEFT,
    MF1,
    MF2,
    PHENOTYPE,
    RIGHT,
    ROOT,
    TERMS,
    SmallPack,
)

PARENTS = [parents for *_, parents in TERMS]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    return open_pack(SmallPack().write(tmp_path / "tsapiens"))


def rows_on_primary(without: tuple[str, ...] = ()) -> list[tuple[int, int, str]]:
    return [(term, gene, code) for term, gene, code in ANNOTATIONS if GENES[gene][-1] and code not in without]


def content(found: Annotations) -> dict[tuple[int, int], set[str]]:
    """Return the codes of each pair of a row of the terms table and a gene, read from the gene side."""
    pairs = {}
    for gene in range(found.n_genes):
        for at in range(found.gene_indptr[gene], found.gene_indptr[gene + 1]):
            codes = {code for bit, code in enumerate(found.evidence_codes) if found.gene_evidence[at] >> bit & 1}
            pairs[int(found.term_row[found.gene_terms[at]]), gene] = codes
    return pairs


def term_side(found: Annotations) -> set[tuple[int, int]]:
    terms = np.repeat(found.term_row, found.term_sizes)
    return set(zip(terms.tolist(), found.term_genes.tolist(), strict=True))


def sizes(found: Annotations) -> dict[str, int]:
    return dict(zip(found.term_ids, found.term_sizes.tolist(), strict=True))


def check_form(found: Annotations) -> None:
    """What every index promises, whatever the pack."""
    n_terms = len(found.term_ids)
    assert found.source_start[0] == 0
    assert found.source_start[-1] == n_terms == len(found.term_names) == len(found.term_row)
    assert len(found.source_start) == len(found.sources) + 1
    assert (np.diff(found.term_indptr) == found.term_sizes).all()
    assert found.gene_indptr[-1] == found.term_indptr[-1] == len(found.gene_terms) == len(found.gene_evidence)
    for indptr, values in ((found.gene_indptr, found.gene_terms), (found.term_indptr, found.term_genes)):
        inside = np.ones(len(values), bool)
        inside[indptr[:-1][np.diff(indptr) > 0]] = False
        assert (np.diff(values.astype(np.int64))[inside[1:]] > 0).all()
    genes = np.repeat(np.arange(found.n_genes), np.diff(found.gene_indptr))
    order = np.lexsort((genes, found.gene_terms))
    assert (genes[order] == found.term_genes).all()
    for i in range(len(found.sources)):
        first, last = found.term_indptr[found.source_start[i : i + 2]]
        domain = found.source_genes[slice(*found.source_gene_indptr[i : i + 2])]
        assert (domain == np.unique(found.term_genes[first:last])).all()
    assert len(found.parents) == found.parent_indptr[-1]
    assert len(found.parent_indptr) == n_terms + 1


def check_parents_hold_children(found: Annotations) -> None:
    child = np.repeat(np.arange(len(found.term_ids)), np.diff(found.parent_indptr))
    assert (found.parents >= 0).all()
    assert (found.term_sizes[found.parents] >= found.term_sizes[child]).all()


def test_pairs_and_evidence_equal_the_oracle(pack: Pack) -> None:
    found = pack.annotations()
    expected = propagated(rows_on_primary(), PARENTS)
    assert content(found) == expected
    assert term_side(found) == set(expected)
    check_form(found)
    check_parents_hold_children(found)


def test_diamond_counts_once_and_part_of_crosses_branches(pack: Pack) -> None:
    found = pack.annotations()
    assert sizes(found)["GO:0000010"] == 3
    assert (ROOT, 0) in content(found)
    assert (LEFT, 0) in content(found)
    assert (RIGHT, 0) not in content(found)
    assert content(found)[LEFT, 1] == {"experimental", "IEA"}


def test_terms_without_genes_are_left_out_and_sources_stay_together(pack: Pack) -> None:
    found = pack.annotations()
    assert not {EMPTY, CC_EMPTY} & set(found.term_row.tolist())
    assert found.sources == ("GO:MF", "GO:BP", "REAC", "HP")
    assert found.source_start.tolist() == [0, 2, 6, 7, 9]
    assert found.term_names[4] == "réponse"
    kept = found.term_row.tolist()
    direct = [found.term_row[found.parents[slice(*found.parent_indptr[i : i + 2])]].tolist() for i in range(len(kept))]
    assert direct == [PARENTS[row] for row in kept]


def test_genes_off_the_primary_assembly_take_no_part(pack: Pack) -> None:
    found = pack.annotations()
    assert 3 not in found.term_genes
    assert 3 not in found.source_genes
    assert found.gene_indptr[3] == found.gene_indptr[4]
    assert found.n_genes == len(GENES)


def test_no_iea_removes_before_propagation_and_keeps_the_numbering(pack: Pack) -> None:
    found, whole = pack.annotations(no_iea=True), pack.annotations()
    assert content(found) == propagated(rows_on_primary(without=("IEA", "unrecorded")), PARENTS)
    assert found.term_ids.to_list() == whole.term_ids.to_list()
    assert found.evidence_codes == whole.evidence_codes
    assert found.iea == {"removed_iea": 2, "removed_unrecorded": 2, "kept": 3}
    assert whole.iea == {}
    assert (DIAMOND, 1) not in content(found)
    assert (MF1, 1) not in content(found)
    assert content(found)[MF2, 0] == {"IDA"}
    check_form(found)


def test_sources_without_evidence_survive_no_iea(pack: Pack) -> None:
    assert sizes(pack.annotations(no_iea=True))["R-TST-1"] == 2
    assert (PHENOTYPE, 2) in content(pack.annotations(no_iea=True))


def test_no_iea_on_flagged_evidence_says_what_is_known(tmp_path: Path) -> None:
    rows = [(MF2, 0, "experimental"), (DIAMOND, 1, "unrecorded"), (ROOT, 2, "unrecorded"), (8, 1, "")]
    pack = open_pack(SmallPack(go_evidence="experimental_flag", annotations=rows).write(tmp_path / "flagged"))
    assert pack.annotations().term_sizes.sum() > 0
    with pytest.raises(EvidenceUnavailable, match=r"GO:MF.*1 of its 3 pairs.*Made up\. Leave no_iea out") as caught:
        pack.annotations(no_iea=True)
    assert caught.value.value == "no_iea"


def test_circle_is_named(tmp_path: Path) -> None:
    terms = list(TERMS)
    terms[LEFT] = (*TERMS[LEFT][:3], [ROOT, DIAMOND])
    with pytest.raises(PackError, match=r"parents of GO:000001[13] lead back") as caught:
        open_pack(SmallPack(terms=terms).write(tmp_path / "circle")).annotations()
    assert not isinstance(caught.value, ValueError)


@pytest.mark.parametrize("row", [(99, 0, "IDA"), (0, 99, "IDA"), (-1, 0, "IDA"), (0, -1, "IDA")])
def test_rows_out_of_range_are_refused(tmp_path: Path, row: tuple[int, int, str]) -> None:
    with pytest.raises(PackError, match=r"(term|gene) index is out of range"):
        open_pack(SmallPack(annotations=[*ANNOTATIONS, row]).write(tmp_path / "p")).annotations()


def test_terms_must_be_sorted_by_source(tmp_path: Path) -> None:
    terms = [*TERMS, ("GO:MF", "GO:0000099", "late", [])]
    with pytest.raises(PackError, match="not sorted by source"):
        open_pack(
            SmallPack(terms=terms, annotations=[*ANNOTATIONS, (11, 0, "IDA")]).write(tmp_path / "p")
        ).annotations()


def test_more_codes_than_bits_are_refused(tmp_path: Path) -> None:
    rows = [(MF1, 0, f"C{i:02}") for i in range(33)]
    with pytest.raises(PackError, match="33 evidence codes"):
        open_pack(SmallPack(annotations=rows).write(tmp_path / "p")).annotations()
    found = open_pack(SmallPack(annotations=rows[:32]).write(tmp_path / "q")).annotations()
    assert found.gene_evidence.tolist() == [0xFFFFFFFF]


def test_pack_without_annotations(tmp_path: Path) -> None:
    found = open_pack(SmallPack(annotations=[]).write(tmp_path / "p")).annotations()
    assert (found.sources, len(found.term_ids), found.source_start.tolist()) == ((), 0, [0])
    assert found.gene_indptr.tolist() == [0] * (len(GENES) + 1)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[list[int]], list[tuple[int, int, int]], int]:
    """Any directed acyclic graph, its terms in shuffled order, and annotations of a few genes."""
    n_terms, n_genes = draw(st.integers(1, 12)), draw(st.integers(1, 5))
    place = draw(st.permutations(range(n_terms)))
    parents: list[list[int]] = [[] for _ in range(n_terms)]
    for i in range(1, n_terms):
        above = draw(st.lists(st.integers(0, i - 1), unique=True, max_size=4))
        parents[place[i]] = [place[j] for j in above]
    row = st.tuples(st.integers(0, n_terms - 1), st.integers(0, n_genes - 1), st.integers(0, 31))
    return parents, draw(st.lists(row, max_size=20)), n_genes


def closure_of(parents: list[list[int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    flat = np.array([parent for above in parents for parent in above], np.int32)
    return ancestors(row_pointers(np.array([len(above) for above in parents], np.int64)), flat)


@given(worlds())
def test_any_world_equals_the_oracle(world: tuple[list[list[int]], list[tuple[int, int, int]], int]) -> None:
    parents, rows, n_genes = world
    start, length, closed = closure_of(parents)
    for term in range(len(parents)):
        assert closed[start[term] : start[term] + length[term]].tolist() == sorted(lineage(term, parents))
    columns = np.array(rows, np.int64).reshape(-1, 3).T
    masks = (np.uint32(1) << columns[2].astype(np.uint32)).astype(np.uint32)
    terms, genes, union = propagate(columns[0], columns[1], masks, n_genes, (start, length, closed))
    expected = propagated(((term, gene, str(bit)) for term, gene, bit in rows), parents)
    assert list(zip(terms.tolist(), genes.tolist(), strict=True)) == sorted(expected)
    found = [{str(bit) for bit in range(32) if mask >> bit & 1} for mask in union.tolist()]
    assert found == [codes for _, codes in sorted(expected.items())]


def test_a_term_named_as_circular_is_on_the_circle() -> None:
    # 0 <- 1 <- 2 <- 3 <- 1: term 4 hangs below the circle and must not be blamed.
    with pytest.raises(CircularTerms) as caught:
        closure_of([[], [0, 3], [1], [2], [3]])
    assert caught.value.term in {1, 2, 3}


@cache
def human() -> Annotations:
    return open_pack("hsapiens").annotations()


def pack_terms() -> Mapping[str, int]:
    return {term: i for i, term in enumerate(human().term_ids)}


@pytest.mark.parametrize(
    ("term", "fewest", "most"), [("GO:0006281", 480, 520), ("GO:0006954", 530, 570), ("GO:0005634", 7_400, 7_700)]
)
def test_known_answers_for_human(term: str, fewest: int, most: int) -> None:
    assert fewest <= human().term_sizes[pack_terms()[term]] <= most


def test_human_pack_as_a_whole() -> None:
    found = human()
    assert found.sources == ("GO:MF", "GO:BP", "GO:CC", "REAC", "WP", "HP")
    assert 35_000 <= len(found.term_ids) <= 36_500
    assert 2_600_000 <= len(found.term_genes) <= 2_720_000
    domains = dict(zip(found.sources, np.diff(found.source_gene_indptr).tolist(), strict=True))
    expected = {"GO:MF": 17_600, "GO:BP": 17_000, "GO:CC": 18_150, "REAC": 11_200, "WP": 9_409, "HP": 4_880}
    assert domains == pytest.approx(expected, rel=0.015)
    check_form(found)
    check_parents_hold_children(found)
    primary = open_pack("hsapiens").genes().primary
    assert primary[found.source_genes].all()


def test_human_without_electronic_annotations_is_a_part_of_the_whole() -> None:
    found, whole = open_pack("hsapiens").annotations(no_iea=True), human()
    check_form(found)
    assert (found.term_sizes <= whole.term_sizes).all()
    assert found.iea["removed_iea"] > 40_000
    iea = 1 << found.evidence_codes.index("IEA")
    assert not (found.gene_evidence & iea).any()
    untouched = found.source_start[found.sources.index("REAC")]
    assert (found.term_sizes[untouched:] == whole.term_sizes[untouched:]).all()


@pytest.mark.parametrize(
    "organism",
    ["mmusculus", "rnorvegicus", "scerevisiae", "dmelanogaster", "celegans", "drerio", "ggallus", "athaliana"],
)
def test_every_starter_pack_indexes(organism: str) -> None:
    found = open_pack(organism).annotations()
    check_form(found)
    check_parents_hold_children(found)
    assert set(found.sources) >= {"GO:MF", "GO:BP", "GO:CC"}
