"""What an identifier looks like, judged by its spelling alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple


class Look(NamedTuple):
    """A kind of identifier.

    Attributes
    ----------
    words
        What such identifiers are, in the plural.
    organism
        The organism whose genes are called so, or nothing.
    genes
        Whether it names genes (or proteins of one gene), and not transcripts, probes or other things.
    """

    words: str
    organism: str = ""
    genes: bool = True


# The accession format is UniProt's own (https://www.uniprot.org/help/accession_numbers).
_UNIPROT = r"(?:[OPQ]\d[A-Z\d]{3}\d|[A-NR-Z]\d(?:[A-Z][A-Z\d]{2}\d){1,2})(?:-\d+)?"
_VERSION = r"(?:\.\d+)?"

_LOOKS: tuple[tuple[str, Look], ...] = (
    (r"ENSG\d{11}" + _VERSION, Look("human Ensembl gene ids", "hsapiens")),
    (r"ENSMUSG\d{11}" + _VERSION, Look("mouse Ensembl gene ids", "mmusculus")),
    (r"ENSRNOG\d{11}" + _VERSION, Look("rat Ensembl gene ids", "rnorvegicus")),
    (r"ENSDARG\d{11}" + _VERSION, Look("zebrafish Ensembl gene ids", "drerio")),
    (r"ENSGALG\d{11}" + _VERSION, Look("chicken Ensembl gene ids", "ggallus")),
    (r"ENS[A-Z]{0,4}G\d{11}" + _VERSION, Look("Ensembl gene ids of another organism")),
    (r"ENS[A-Z]{0,4}T\d{11}" + _VERSION, Look("Ensembl transcript ids", genes=False)),
    (r"ENS[A-Z]{0,4}P\d{11}" + _VERSION, Look("Ensembl protein ids", genes=False)),
    (r"ENS[A-Z]{0,4}E\d{11}" + _VERSION, Look("Ensembl exon ids", genes=False)),
    (r"FBGN\d{7}", Look("FlyBase gene ids", "dmelanogaster")),
    (r"FB(?:TR|PP)\d{7}", Look("FlyBase transcript or protein ids", "dmelanogaster", genes=False)),
    (r"WBGENE\d{8}", Look("WormBase gene ids", "celegans")),
    (r"ZDB-GENE-\d{6}-\d+", Look("ZFIN gene ids", "drerio")),
    (r"MGI:\d+", Look("MGI gene ids", "mmusculus")),
    (r"RGD:\d+", Look("RGD gene ids", "rnorvegicus")),
    (r"HGNC:\d+", Look("HGNC gene ids", "hsapiens")),
    (r"S00\d{7}", Look("SGD gene ids", "scerevisiae")),
    (r"Y[A-P][LR]\d{3}[WC](?:-[A-Z])?", Look("yeast ORF names", "scerevisiae")),
    (r"AT[1-5CM]G\d{5}(?:\.\d+)?", Look("Arabidopsis AGI locus codes", "athaliana")),
    (r"[NX][MRP]_\d{6,9}" + _VERSION, Look("RefSeq accessions")),
    (r"RS\d+", Look("dbSNP rsIDs", genes=False)),
    (r"\d+", Look("Entrez gene ids")),
    (r"\d+(?:_[A-Z]){0,2}_AT", Look("Affymetrix probes", genes=False)),
    (r"ILMN_\d+", Look("Illumina probes", genes=False)),
    (r"CG\d{8}", Look("methylation probes", genes=False)),
    (r"(?:HSA-|MMU-)?(?:MIR|LET)-\w+(?:-\w+)*", Look("miRNA names")),
    (_UNIPROT, Look("UniProt accessions")),
)
_MOUSE_SYMBOL = re.compile(r"[A-Z][a-z]+\d*[a-z]?\d{0,2}")
# Enough of a list to judge it by.
_SAMPLE = 1000


@cache
def _any_look() -> re.Pattern[str]:
    """Return one pattern whose n-th group is the n-th kind; compiled when first needed."""
    return re.compile("|".join(f"({pattern})" for pattern, _ in _LOOKS), re.IGNORECASE)


def look_of(text: str) -> Look | None:
    """Return what kind of identifier `text` looks like, or None where it could be a symbol or anything else."""
    if not text.isascii() or len(text) > 40:
        return None
    found = _any_look().fullmatch(text)
    return _LOOKS[found.lastindex - 1][1] if found and found.lastindex else None


def why_unknown(text: str, organism: str) -> str:
    """Return why an identifier that names nothing does not, by its spelling; `organism` as one says it."""
    said = f"not a {organism} identifier in this release"
    look = look_of(text)
    if look is None:
        return said
    return f"spelled like {look.words}; {said if look.genes else 'this release holds genes only'}"


def looks_like(items: Iterable[str]) -> Look | None:
    """Return what most of the items look like, or None.

    A kind counts when at least half of the first thousand items are of it. Symbols written like ``Trp53`` look like
    mouse symbols.

    Examples
    --------
    >>> looks_like(["ENSMUSG00000059552", "ENSMUSG00000020167"]).words
    'mouse Ensembl gene ids'
    """
    counts: Counter[Look] = Counter()
    total = 0
    for text, _ in zip((text for text in map(str.strip, items) if text), range(_SAMPLE), strict=False):
        total += 1
        look = look_of(text)
        if look is None and _MOUSE_SYMBOL.fullmatch(text):
            look = Look("mouse gene symbols", "mmusculus")
        if look is not None:
            counts[look] += 1
    if not counts:
        return None
    look, count = counts.most_common(1)[0]
    return look if 2 * count >= total else None
