"""Variants from whichever table holds them: VCF, VEP, the GWAS Catalog or Ensembl's variation cache.

The format is told by how a file begins. Rows that cannot be used are left out and counted by reason; a file that is
broken as a whole raises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lifenode.errors import FormatError
from lifenode.packs.readers import ensembl_cache, gwas, text, vcf_variants, vep
from lifenode.packs.readers.variant import Variant

_LINES_TO_JUDGE_BY = 200


def read(path: Path | str, refused: Counter[str], chromosome: str = "") -> Iterator[Variant]:
    """Yield the variants of a file.

    Parameters
    ----------
    path
        VCF (with VEP's ``CSQ`` or without), VEP's tab-separated output, a table of the GWAS Catalog, or a slice of
        Ensembl's variation cache; packed or not.
    refused
        Gets the number of rows left out, by reason.
    chromosome
        Where the variants of a cache slice lie, which the slice itself does not say; no other format takes it.

    Raises
    ------
    FormatError
        The file is of none of these formats, or broken, with the line.
    """
    if chromosome:
        return ensembl_cache.read(path, chromosome, refused)
    for number, line in islice(text.lines(path), _LINES_TO_JUDGE_BY):
        if line.startswith("##fileformat=VCF"):
            return vcf_variants.read(path, refused)
        if vep.begins(line):
            return vep.read(path, refused)
        if line and not line.startswith("##"):
            if gwas.begins(line):
                return gwas.read(path, refused)
            raise _unknown(path, number, line)
    raise _unknown(path, 1, "")


def _unknown(path: Path | str, number: int, line: str) -> FormatError:
    problem = (
        "neither a VCF, nor output of VEP (#Uploaded_variation Location Allele ...), nor a table of the GWAS Catalog "
        "(SNPS CHR_ID CHR_POS ...)"
    )
    return FormatError.at(path, number, problem, value=line[:80])
