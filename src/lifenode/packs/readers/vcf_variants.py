"""The variants of a VCF, with what VEP wrote of them into the entry ``CSQ`` of INFO, where it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from lifenode.errors import FormatError
from lifenode.packs.readers import text, vcf, vep
from lifenode.packs.readers.variant import NO_POSITION, Consequence, Variant, genes_inside, rsids

_CSQ = re.compile(r'##INFO=<ID=CSQ,.*Format: ([^">]+)')
_END = re.compile(r"(?:^|;)END=([1-9]\d{0,9})(?:;|$)")
_ENTRY = re.compile(r"(?:^|;)CSQ=([^;]*)")
_LARGEST = 2**31 - 1


def read(path: Path | str, refused: Counter[str]) -> Iterator[Variant]:
    """Yield the variants.

    Parameters
    ----------
    path
        VCF 4.x. Genotypes, quality and filter are passed over.
    refused
        Gets the number of rows left out, by reason.

    Raises
    ------
    FormatError
        As `lifenode.packs.readers.vcf.read`, save for single rows; or a CSQ that does not name its fields Gene,
        Feature and Consequence.
    """
    places = _csq_places(path)
    for site in vcf.read(path, refused):
        end = _end(site)
        if site.position < 1 or end > _LARGEST:
            refused[NO_POSITION] += 1
            continue
        consequences = _consequences(site.info, places) if places else ()
        genes = genes_inside(consequences) if consequences else None
        yield Variant(
            rsids(site.ids), site.chromosome, site.position, end, site.alleles, genes, consequences, site.line
        )


def _end(site: vcf.Site) -> int:
    """Return the last base of the reference allele, or of a symbolic alternative where END tells it."""
    last = site.position + len(site.reference) - 1
    told = _END.search(site.info) if any("<" in one for one in site.alternatives) else None
    return max(last, int(told[1])) if told else last


def _csq_places(path: Path | str) -> tuple[int, int, int] | None:
    """Return where Gene, Feature and Consequence stand in an entry of CSQ; None where the header has no CSQ."""
    for number, line in text.lines(path):
        if not line.startswith("##"):
            break
        if found := _CSQ.match(line):
            names = found[1].strip().split("|")
            wanted = ("Gene", "Feature", "Consequence")
            if not set(wanted) <= set(names):
                problem = f"CSQ has the fields {'|'.join(names)[:200]}, without {', '.join(wanted)}"
                raise FormatError.at(path, number, problem, value=line[:80])
            return names.index("Gene"), names.index("Feature"), names.index("Consequence")
    return None


def _consequences(info: str, places: Sequence[int]) -> tuple[Consequence, ...]:
    found = _ENTRY.search(info)
    entries = [cells for entry in found[1].split(",") if len(cells := entry.split("|")) > max(places)] if found else []
    gene, feature, terms = places
    return vep.counted(vep.Effect(cells[gene], cells[feature], vep.terms_of(cells[terms])) for cells in entries)
