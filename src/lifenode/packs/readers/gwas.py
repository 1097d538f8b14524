"""Tables of associations in the layout of the GWAS Catalog: the variants, without traits and studies.

The columns ``SNPS``, ``CHR_ID`` and ``CHR_POS`` must be there; ``CONTEXT`` and ``SNP_GENE_IDS`` are read where they
are. The neighbours of a variant between genes (``UPSTREAM_GENE_ID``, ``DOWNSTREAM_GENE_ID``) are not genes it lies in
and are passed over. Positions are 1-based, of GRCh38 in the catalog's own files.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lifenode.packs.readers import text
from lifenode.packs.readers.variant import BAD_ID, NO_POSITION, OUTSIDE, Consequence, Variant, is_term, rsids

_POSITION = re.compile(r"([1-9]\d{0,9})(?:\.0)?")
_LARGEST = 2**31 - 1
_NO_RSID = "no rsID"


class _Places(NamedTuple):
    snps: int
    chromosome: int
    position: int
    context: int | None
    genes: int | None


def begins(line: str) -> bool:
    """Return whether `line` is the header of such a table."""
    return {"SNPS", "CHR_ID", "CHR_POS"} <= set(line.split("\t"))


def read(path: Path | str, refused: Counter[str]) -> Iterator[Variant]:
    """Yield the variant of each association; a variant of several associations comes several times.

    Parameters
    ----------
    path
        The table.
    refused
        Gets the number of rows left out, by reason.

    Raises
    ------
    FormatError
        A missing column, or a row with another number of columns than the header.
    """
    places = None
    for number, line in text.data_lines(path):
        if places is None:
            columns = text.Columns(path, number, line.split("\t"))
            places = _Places(
                columns.need("SNPS"),
                columns.need("CHR_ID"),
                columns.need("CHR_POS"),
                columns.find("CONTEXT"),
                columns.find("SNP_GENE_IDS"),
            )
            continue
        found = _variant(columns.split(number, line), places, number)
        if isinstance(found, str):
            refused[found] += 1
        else:
            yield found


def _variant(cells: list[str], places: _Places, number: int) -> Variant | str:
    """Return the variant of a row, or why it has none."""
    names = re.split(r"\s+x\s+|[;,]", cells[places.snps].strip('"'))
    chromosome = cells[places.chromosome].strip()
    if len(names) > 1:
        # A haplotype or an interaction: the one position is not that of each of them.
        return BAD_ID
    ids = rsids(names)
    if not ids:
        return _NO_RSID
    match = _POSITION.fullmatch(cells[places.position].strip())
    if not match or not chromosome or int(match[1]) > _LARGEST:
        return NO_POSITION
    term = text.place_of(cells, places.context)
    genes = text.many(text.place_of(cells, places.genes).replace(";", ","), ",")
    stated = genes or (() if term in OUTSIDE else None)
    consequences = (Consequence("", term, 1),) if is_term(term) else ()
    position = int(match[1])
    return Variant(ids, chromosome, position, position, "", stated, consequences, number)
