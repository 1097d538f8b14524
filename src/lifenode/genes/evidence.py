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

_KIND_OF = {code: kind for kind, codes in KINDS.items() for code in codes}


def strongest(codes: Iterable[str]) -> str:
    """Return the strongest kind of evidence among codes; ``source`` where none is a code of the Gene Ontology."""
    found = {_KIND_OF[code] for code in codes if code in _KIND_OF}
    return next((kind for kind in KINDS if kind in found), "source")
