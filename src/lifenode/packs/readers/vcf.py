"""VCF 4.x: the sites. Genotypes are passed over; INFO stays text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame
from lifenode.packs.readers.variant import BAD_ALLELE, NO_POSITION


class Site(NamedTuple):
    """One row."""

    chromosome: str
    position: int
    """1-based, of the first base of the reference allele; 0 and one past the end stand for telomeres."""
    ids: tuple[str, ...]
    reference: str
    alternatives: tuple[str, ...]
    """Empty where the site does not vary."""
    quality: str
    filter: str
    info: str
    line: int

    @property
    def alleles(self) -> str:
        """All alleles, the reference first: ``A/G``."""
        return "/".join((self.reference, *self.alternatives))


_HEADER = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO"]
# The format names A, C, G, T and N; files of real variants have the other IUPAC codes as well.
_BASES = re.compile(r"[ACGTNRYSWKMBDHV]+", re.IGNORECASE)


class _Unusable(Exception):
    """A row of the right shape with an impossible place or allele: the problem, the value and the kind of problem."""


def read(path: Path | str, refused: Counter[str] | None = None) -> Iterator[Site]:
    """Yield the sites.

    Parameters
    ----------
    path
        The file.
    refused
        Where given, rows with an impossible position or allele are left out, and counted in it by reason.

    Raises
    ------
    FormatError
        A file that does not begin with ``##fileformat=VCFv4``, lacks the ``#CHROM`` line, or has a row with fewer
        columns than it, an impossible position or allele.
    """
    columns = 0
    number = 0
    for number, line in text.lines(path):
        if number == 1:
            _check_version(path, line)
        elif columns:
            if not line:
                continue
            try:
                yield _site(path, number, line, columns)
            except _Unusable as error:
                problem, value, kind = error.args
                if refused is None:
                    raise FormatError.at(path, number, problem, value=value) from error
                refused[kind] += 1
        elif line.startswith("#CHROM"):
            columns = _check_header(path, number, line)
        elif not line.startswith("##"):
            raise FormatError.at(path, number, "a row before the #CHROM line", value=line[:80])
    if not columns:
        raise FormatError.at(path, max(number, 1), "the file ends without a #CHROM line", value=path)


def sites_frame(path: Path | str) -> pl.DataFrame:
    """Return chromosome, position (Int32), ids (list), alleles (``A/G``), info."""
    return frame(
        read(path),
        {
            "chromosome": lambda site: site.chromosome,
            "position": lambda site: site.position,
            "ids": lambda site: site.ids,
            "alleles": lambda site: site.alleles,
            "info": lambda site: site.info,
        },
        position=pl.Int32,
        ids=pl.List(pl.String),
    )


def _check_version(path: Path | str, line: str) -> None:
    if not line.startswith("##fileformat=VCFv4"):
        raise FormatError.at(path, 1, f"{line[:40]!r} is not ##fileformat=VCFv4.x", value=line[:80])


def _check_header(path: Path | str, number: int, line: str) -> int:
    names = line.split("\t")
    if names[:8] != _HEADER:
        problem = f"the header is {' '.join(names[:8])[:80]!r}, not {' '.join(_HEADER)}, joined by tabs"
        raise FormatError.at(path, number, problem, value=line[:80])
    return len(names)


def _site(path: Path | str, number: int, line: str, columns: int) -> Site:
    if line.count("\t") + 1 != columns:
        problem = f"{line.count(chr(9)) + 1} columns where the header has {columns}"
        raise FormatError.at(path, number, problem, value=line[:80])
    chromosome, position, ids, reference, alternatives, quality, passed, info = line.split("\t", 8)[:8]
    try:
        place = text.integer(path, number, position, "POS")
    except FormatError as error:
        raise _Unusable(f"POS is {position[:40]!r}, not a whole number of 32 bits", position, NO_POSITION) from error
    if not chromosome or place < 0:
        raise _Unusable(f"the place {chromosome}:{position} is impossible", position, NO_POSITION)
    if not _BASES.fullmatch(reference):
        raise _Unusable(f"the reference allele {reference[:40]!r} is not bases", reference, BAD_ALLELE)
    found = () if alternatives == "." else tuple(alternatives.split(","))
    for allele in found:
        if not _is_alternative(allele):
            raise _Unusable(f"{allele[:40]!r} is not an allele", allele, BAD_ALLELE)
    names = () if ids == "." else text.many(ids, ";")
    return Site(chromosome, place, names, reference, found, quality, passed, "" if info == "." else info, number)


def _is_alternative(allele: str) -> bool:
    """Bases, ``*`` for a deletion further up, a symbol such as ``<DEL>``, or a breakend such as ``G]17:198982]``."""
    if _BASES.fullmatch(allele) or allele == "*":
        return True
    if " " in allele:
        return False
    symbol = allele.startswith("<") and allele.endswith(">") and len(allele) > 2
    breakend = allele.count("[") == 2 or allele.count("]") == 2
    single_breakend = len(allele) > 1 and (allele.startswith(".") or allele.endswith("."))
    return symbol or breakend or single_breakend
