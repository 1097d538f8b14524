"""A variant as the tables of different projects state it, brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

OUTSIDE = frozenset(
    {
        *("upstream_gene_variant", "downstream_gene_variant", "intergenic_variant", "intergenic_region"),
        *("regulatory_region_variant", "regulatory_region_ablation", "regulatory_region_amplification"),
        *("TF_binding_site_variant", "TFBS_ablation", "TFBS_amplification"),
    }
)
"""Consequences (Sequence Ontology terms) of a variant that lies outside the gene they are stated for."""

NO_POSITION = "no position"
BAD_ALLELE = "alleles that are not bases"
BAD_ID = "several variants in one row"

_RSID = re.compile(r"rs0*([1-9]\d{0,17})", re.IGNORECASE)
# Bases, or "-" for none; beside them what VCF allows as an alternative: a deletion further up, a symbol, a breakend.
_REFERENCE = re.compile(r"[ACGTNRYSWKMBDHV]+|-", re.IGNORECASE)
_ALTERNATIVE = re.compile(
    rf"{_REFERENCE.pattern}|\*|<[^<>\s/]+>|[^\s/]*[\[\]][^\s/]+[\[\]][^\s/]*|\.\w+|\w+\.", re.IGNORECASE
)
_TERM = re.compile(r"\w+")


class Consequence(NamedTuple):
    """How often a source states a consequence, for one gene or for the variant as a whole."""

    gene: str
    """Gene identifier; empty where the consequence is not stated for a gene."""
    term: str
    """Term of the Sequence Ontology, such as ``missense_variant``."""
    times: int
    """Number of transcripts, or 1 where the source states one consequence a variant."""


class Variant(NamedTuple):
    """One variant at one place."""

    ids: tuple[str, ...]
    """Its rsIDs (``rs699``); empty where it has none."""
    chromosome: str
    position: int
    """1-based, of the first base of the reference allele; of an insertion given without bases around it, of the base
    before it."""
    end: int
    """1-based, of the last base of the reference allele; of such an insertion, of the base after it."""
    alleles: str
    """On the forward strand, the reference first: ``A/G``; empty where the source does not tell them."""
    genes: tuple[str, ...] | None
    """Genes it lies in according to the source; None where the source says nothing of genes."""
    consequences: tuple[Consequence, ...]
    line: int


def rsids(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of the `names` that are rsIDs, spelled ``rs699``."""
    found = (_RSID.fullmatch(name.strip()) for name in names)
    return tuple(dict.fromkeys(f"rs{match[1]}" for match in found if match))


def are_alleles(alleles: str) -> bool:
    """Return whether `alleles` are a reference of bases and alternatives, joined by ``/``.

    Examples
    --------
    >>> are_alleles("A/G"), are_alleles("COSMIC_MUTATION")
    (True, False)
    """
    reference, *alternatives = alleles.split("/")
    return bool(_REFERENCE.fullmatch(reference)) and all(map(_ALTERNATIVE.fullmatch, alternatives))


def fit(alleles: str, position: int, end: int) -> bool:
    """Return whether the reference allele is as long as the stretch it stands for."""
    reference = alleles.partition("/")[0]
    return end == position + (1 if reference == "-" else len(reference) - 1)


def genes_inside(consequences: Iterable[Consequence]) -> tuple[str, ...]:
    """Return the genes a variant lies in, judged by what it does to them."""
    return tuple(dict.fromkeys(one.gene for one in consequences if one.gene and one.term not in OUTSIDE))


def is_term(text: str) -> bool:
    """Return whether `text` is spelled like a term of the Sequence Ontology."""
    return bool(_TERM.fullmatch(text))
