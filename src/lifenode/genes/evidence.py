"""What evidence codes say, and which says most."""

from __future__ import annotations

from collections.abc import Iterable

KINDS = {
    "experiment": ("EXP", "IDA", "IPI", "IMP", "IGI", "IEP", "HTP", "HDA", "HMP", "HGI", "HEP"),
    "author": ("TAS", "NAS"),
    "curator": ("IC", "ND"),
    "computation": ("ISS", "ISO", "ISA", "ISM", "IGC", "IBA", "IBD", "IKR", "IRD", "RCA"),
    "electronic": ("IEA",),
}
"""Evidence codes of the Gene Ontology (https://geneontology.org/docs/guide-go-evidence-codes/), the strongest first."""

MEANINGS = {
    "experiment": "an experiment on the gene itself",
    "author": "a statement of a publication",
    "curator": "inferred by a curator",
    "computation": "inferred from sequence or descent, reviewed by a person",
    "electronic": "assigned by a program, reviewed by nobody",
    "source": "stated by the source, without a code",
}
"""What each kind of evidence is."""

NAMES = {
    "EXP": "inferred from experiment",
    "IDA": "inferred from direct assay",
    "IPI": "inferred from physical interaction",
    "IMP": "inferred from mutant phenotype",
    "IGI": "inferred from genetic interaction",
    "IEP": "inferred from expression pattern",
    "HTP": "inferred from high-throughput experiment",
    "HDA": "inferred from high-throughput direct assay",
    "HMP": "inferred from high-throughput mutant phenotype",
    "HGI": "inferred from high-throughput genetic interaction",
    "HEP": "inferred from high-throughput expression pattern",
    "TAS": "traceable author statement",
    "NAS": "non-traceable author statement",
    "IC": "inferred by curator",
    "ND": "no biological data available",
    "ISS": "inferred from sequence or structural similarity",
    "ISO": "inferred from sequence orthology",
    "ISA": "inferred from sequence alignment",
    "ISM": "inferred from sequence model",
    "IGC": "inferred from genomic context",
    "IBA": "inferred from biological aspect of ancestor",
    "IBD": "inferred from biological aspect of descendant",
    "IKR": "inferred from key residues",
    "IRD": "inferred from rapid divergence",
    "RCA": "inferred from reviewed computational analysis",
    "IEA": "inferred from electronic annotation",
    "experimental": "experimental; this release does not say by which method",
    "unrecorded": "this release does not say on which evidence",
}
"""Codes of the Gene Ontology in words, and what packs write where a release has no codes."""

_KIND_OF = {code: kind for kind, codes in KINDS.items() for code in codes}


def strongest(codes: Iterable[str]) -> str:
    """Return the strongest kind of evidence among codes; ``source`` where none is a code of the Gene Ontology."""
    found = {_KIND_OF[code] for code in codes if code in _KIND_OF}
    return next((kind for kind in KINDS if kind in found), "source")


def in_words(code: str) -> str:
    """Return what an evidence code says; a code of a pack of one's own stands for itself."""
    return NAMES.get(code, code)
