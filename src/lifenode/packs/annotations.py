"""The annotations of a pack, propagated: which genes a term has and which terms a gene has, memory-mapped.

A gene annotated with a term belongs to every ancestor of the term over is_a and part_of, the rule under which Gene
Ontology annotations may be passed upwards (regulates may not). The index is built once from the direct annotations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import EvidenceUnavailable
from lifenode.packs.arrays import Arrays, Strings
from lifenode.packs.genes import broken, require_range
from lifenode.packs.propagation import (
    CircularTerms,
    Indexes,
    Integers,
    Masks,
    ancestors,
    propagate,
    row_pointers,
    sorted_positions,
)

if TYPE_CHECKING:
    import polars as pl

    from lifenode.packs.pack import Pack

_INDEX = "annotations-1"
_INDEX_NO_IEA = "annotations-no-iea-1"
_MAX_CODES = 32
_IEA = "IEA"
# Pairs of a release with codes whose code is not known; they may rest on electronic inference.
_UNRECORDED = "unrecorded"
_COUNTS = ("removed_iea", "removed_unrecorded", "kept")


@dataclass(frozen=True, eq=False)
class Annotations:
    """Terms with at least one gene on the primary assembly, and their genes, both ways.

    The form without electronic annotations numbers the terms alike, so that some of them have no gene.

    Attributes
    ----------
    sources
        Annotation sources, in order.
    source_start
        First term of each source, and the number of terms at the end.
    n_genes
        Genes of the pack, annotated or not.
    term_ids, term_names
        Identifier and name of each term.
    term_row
        Row of each term in the table ``terms``.
    parent_indptr, parents
        Direct parents of each term, as compressed sparse rows.
    gene_indptr, gene_terms, gene_evidence
        Terms of each gene, ascending, and their evidence: bit i = ``evidence_codes[i]`` supports the gene's annotation
        with the term or one of its descendants.
    evidence_codes
        Meaning of each evidence bit.
    term_indptr, term_genes, term_sizes
        Genes of each term, ascending, and how many.
    source_gene_indptr, source_genes
        Genes annotated in each source, ascending: its domain.
    iea
        In the form without electronic annotations, the direct annotations of sources with codes by what became of
        them: ``removed_iea``, ``removed_unrecorded``, ``kept``; empty otherwise.
    """

    sources: tuple[str, ...]
    source_start: Integers
    n_genes: int
    term_ids: Strings
    term_names: Strings
    term_row: Indexes
    parent_indptr: Integers
    parents: Indexes
    gene_indptr: Integers
    gene_terms: Indexes
    gene_evidence: Masks
    evidence_codes: tuple[str, ...]
    term_indptr: Integers
    term_genes: Indexes
    term_sizes: Indexes
    source_gene_indptr: Integers
    source_genes: Indexes
    iea: Mapping[str, int]


_SHARED = ("source_start", "term_row", "parent_indptr", "parents")
_MEMBERS = (
    "gene_indptr", "gene_terms", "gene_evidence", "term_indptr", "term_genes", "term_sizes", "source_gene_indptr",
    "source_genes",
)  # fmt: skip


def load_annotations(pack: Pack, *, no_iea: bool = False) -> Annotations:
    """Return the annotations of `pack`, from their index.

    Parameters
    ----------
    pack
        The pack.
    no_iea
        Leave out annotations inferred electronically (code IEA), before they are propagated. Where a source with codes
        has pairs without one, those go too, since they may be electronic.

    Raises
    ------
    EvidenceUnavailable
        `no_iea`, and a source tells only whether a pair is experimental.
    PackError
        The parents of a term lead back to it, or the tables do not fit together.
    """
    if no_iea:
        _require_codes(pack)
    shared = pack.arrays(_INDEX, lambda: _index(pack))
    members, counts = shared, {}
    if no_iea:
        members = pack.arrays(_INDEX_NO_IEA, lambda: _index_no_iea(pack, shared))
        counts = dict(zip(_COUNTS, members["iea"].tolist(), strict=True))
    return Annotations(
        sources=tuple(Strings.of(shared, "sources")),
        n_genes=len(members["gene_indptr"]) - 1,
        term_ids=Strings.of(shared, "term_ids"),
        term_names=Strings.of(shared, "term_names"),
        evidence_codes=tuple(Strings.of(shared, "evidence_codes")),
        iea=counts,
        **{name: shared[name] for name in _SHARED},
        **{name: members[name] for name in _MEMBERS},
    )


@dataclass(frozen=True)
class _Direct:
    """The tables of a pack as arrays, annotations of genes off the primary assembly left out."""

    terms: pl.DataFrame
    n_genes: int
    term: Integers
    gene: Integers
    masks: Masks
    codes: list[str]
    parent_indptr: Integers
    parents: Indexes


def _read(pack: Pack) -> _Direct:
    import polars as pl

    terms = pack.table("terms").with_columns(pl.col("source").cast(pl.String))
    table = pack.table("annotations").with_columns(pl.col("evidence").cast(pl.String))
    primary = pack.genes().primary
    filled = terms["parents"].drop_nulls()
    parents = filled.filter(filled.list.len() > 0).explode().to_numpy().astype(np.int32)
    term, gene = (table[column].to_numpy().astype(np.int64) for column in ("term", "gene"))
    require_range(pack, "parent", parents, terms.height)
    values = table["evidence"].unique().sort().to_list()
    codes = [code for code in values if code]
    if len(codes) > _MAX_CODES:
        raise broken(pack, f"it has {len(codes)} evidence codes, more than {_MAX_CODES}")
    bits = np.array([1 << codes.index(code) if code else 0 for code in values], np.uint32)
    kind = table["evidence"].cast(pl.Enum(values)).to_physical().to_numpy()
    keep = primary[gene]
    return _Direct(
        terms=terms,
        n_genes=len(primary),
        term=term[keep],
        gene=gene[keep],
        masks=bits[kind[keep]],
        codes=codes,
        parent_indptr=row_pointers(terms["parents"].list.len().to_numpy()),
        parents=parents,
    )


def _spread(pack: Pack, direct: _Direct, keep: npt.NDArray[np.bool_]) -> tuple[Integers, Integers, Masks]:
    try:
        closure = ancestors(direct.parent_indptr, direct.parents)
    except CircularTerms as error:
        term = direct.terms["term_id"][error.term]
        raise broken(pack, f"the parents of {term} lead back to it") from error
    return propagate(direct.term[keep], direct.gene[keep], direct.masks[keep], direct.n_genes, closure)


def _index(pack: Pack) -> dict[str, npt.NDArray[Any]]:
    direct = _read(pack)
    pairs = _spread(pack, direct, np.ones(len(direct.term), bool))
    kept = np.flatnonzero(np.bincount(pairs[0], minlength=direct.terms.height))
    number = np.full(direct.terms.height, -1, np.int64)
    number[kept] = np.arange(len(kept))
    source = direct.terms["source"].gather(kept)
    sources = source.unique(maintain_order=True).to_list()
    changes = int((source != source.shift(1)).sum()) + 1 if len(source) else 0
    if changes != len(sources):
        raise broken(pack, "its terms are not sorted by source")
    source_start = row_pointers(np.array([int((source == name).sum()) for name in sources], np.int64))
    child = np.repeat(np.arange(direct.terms.height), np.diff(direct.parent_indptr))
    used = number[child] >= 0
    return {
        **Strings.from_list(sources, "sources"),
        **Strings.from_list(direct.codes, "evidence_codes"),
        **Strings.from_list(direct.terms["term_id"].gather(kept).to_list(), "term_ids"),
        **Strings.from_list(direct.terms["name"].gather(kept).to_list(), "term_names"),
        "source_start": source_start,
        "term_row": kept.astype(np.int32),
        "parent_indptr": row_pointers(np.bincount(number[child[used]], minlength=len(kept))),
        "parents": number[direct.parents[used]].astype(np.int32),
        **_members(pairs, number, len(kept), direct.n_genes, source_start),
    }


def _index_no_iea(pack: Pack, shared: Arrays) -> dict[str, npt.NDArray[Any]]:
    direct = _read(pack)
    coded_sources = [name for name, source in pack.sources.items() if source.evidence == "codes"]
    coded = direct.terms["source"].is_in(coded_sources).to_numpy()[direct.term]
    iea, unrecorded = (coded & _has_code(direct, code) for code in (_IEA, _UNRECORDED))
    pairs = _spread(pack, direct, ~(iea | unrecorded))
    number = np.full(direct.terms.height, -1, np.int64)
    number[shared["term_row"]] = np.arange(len(shared["term_row"]))
    counts = [iea.sum(), unrecorded.sum(), (coded & ~iea & ~unrecorded).sum()]
    members = _members(pairs, number, len(shared["term_row"]), direct.n_genes, shared["source_start"])
    return {**members, "iea": np.array(counts, np.int64)}


def _has_code(direct: _Direct, code: str) -> npt.NDArray[np.bool_]:
    if code not in direct.codes:
        return np.zeros(len(direct.masks), bool)
    found: npt.NDArray[np.bool_] = direct.masks == np.uint32(1 << direct.codes.index(code))
    return found


def _members(
    pairs: tuple[Integers, Integers, Masks], number: Integers, n_terms: int, n_genes: int, source_start: Integers
) -> dict[str, npt.NDArray[Any]]:
    """Return who is in what, both ways, from propagated pairs sorted by term and gene."""
    term, gene, masks = number[pairs[0]], pairs[1].astype(np.int32), pairs[2]
    sizes = np.bincount(term, minlength=n_terms)
    term_indptr = row_pointers(sizes)
    by_gene = sorted_positions(gene)
    edges = term_indptr[source_start].tolist()
    domains = [np.flatnonzero(np.bincount(gene[first:last])) for first, last in pairwise(edges)]
    return {
        "gene_indptr": row_pointers(np.bincount(gene, minlength=n_genes)),
        "gene_terms": term[by_gene].astype(np.int32),
        "gene_evidence": masks[by_gene],
        "term_indptr": term_indptr,
        "term_genes": gene,
        "term_sizes": sizes.astype(np.int32),
        "source_gene_indptr": row_pointers(np.array([len(domain) for domain in domains], np.int64)),
        "source_genes": np.concatenate([*domains, np.zeros(0, np.int32)]).astype(np.int32),
    }


def _require_codes(pack: Pack) -> None:
    flagged = [name for name, source in pack.sources.items() if source.evidence == "experimental_flag"]
    if not flagged:
        return
    import polars as pl

    terms = pack.table("terms").with_row_index("term").filter(pl.col("source").cast(pl.String).is_in(flagged))
    rows = pack.table("annotations").with_columns(pl.col("term").cast(pl.UInt32))
    pairs = rows.join(terms.select("term"), on="term", how="semi")
    proven = pairs.filter(pl.col("evidence") == "experimental")
    total, experimental = (part.select("term", "gene").unique().height for part in (pairs, proven))
    raise EvidenceUnavailable(
        f"{pack.name} cannot leave out electronic annotations: the release of {', '.join(flagged)} "
        f"({pack.sources[flagged[0]].version}) records no evidence codes, only that {experimental:,} of its {total:,} "
        "pairs of a gene and a term are experimental.",
        value="no_iea",
        next_step=f"{pack.manifest.get('evidence_note', '')} Leave no_iea out.".strip(),
    )
