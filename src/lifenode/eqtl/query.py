"""What is asked of a catalogue: genes, traits, variants, rsids and regions as people write them."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import polars as pl

from lifenode.eqtl.columns import CHROMOSOMES
from lifenode.errors import InvalidOption, TookTooLong

Several = str | Iterable[str] | None
RegionLike = str | tuple[str, int, int]

_VARIANT = re.compile(r"(?:chr)?([0-9]{1,2}|X|Y|MT|M)[_:-]([0-9]{1,9})[_:-]([^_:\s]+)[_:-]([^_:\s]+)", re.IGNORECASE)
_RSID = re.compile(r"rs[0-9]{1,18}", re.IGNORECASE)
_REGION = re.compile(r"(?:chr)?([0-9]{1,2}|X|Y|MT|M):([0-9,]{1,13})-([0-9,]{1,13})", re.IGNORECASE)
_GENE = re.compile(r"(ENS[A-Z]*G[0-9]{11})(?:\.[0-9]+)?")
_CODES = {"M": "MT", "23": "X", "24": "Y"}


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a chromosome; positions are 1-based and both ends are inside."""

    chromosome: str
    start: int
    end: int

    def __str__(self) -> str:
        return f"{self.chromosome}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Site:
    """A variant and its place."""

    chromosome: str
    position: int
    variant: str


@dataclass(frozen=True)
class Query:
    """Filters that a row has to pass, all of them; each that names several is passed by any of these.

    Attributes
    ----------
    genes, traits
        Ensembl gene ids without version; molecular traits.
    sites
        Variants; None where no variant was asked for, empty where none of those asked for is known.
    region
        Where.
    nlog10p
        Smallest -log10 p.
    """

    genes: tuple[str, ...] = ()
    traits: tuple[str, ...] = ()
    sites: tuple[Site, ...] | None = None
    region: Region | None = None
    nlog10p: float | None = None

    @property
    def by_trait(self) -> bool:
        """Whether a gene or a trait is named."""
        return bool(self.genes or self.traits)

    @property
    def by_place(self) -> bool:
        """Whether a variant or a region is named."""
        return self.sites is not None or self.region is not None

    def condition(self, *, with_traits: bool) -> pl.Expr:
        """Return what a row has to fulfil."""
        every = [pl.lit(True)]
        if self.sites is not None:
            every.append(pl.col("variant").is_in([site.variant for site in self.sites]))
        if self.region is not None:
            every.append(pl.col("position").is_between(self.region.start, self.region.end))
            every.append(pl.col("chromosome") == self.region.chromosome)
        if self.nlog10p is not None:
            # Stored as float32, and compared exactly in the end: nothing must fall out by its rounding.
            every.append(pl.col("nlog10p") >= self.nlog10p * (1 - 1e-6))
        if with_traits and self.genes:
            every.append(pl.col("gene_id").is_in(list(self.genes)))
        if with_traits and self.traits:
            every.append(pl.col("molecular_trait_id").is_in(list(self.traits)))
        return pl.all_horizontal(every)

    def spans(self) -> list[Region] | None:
        """Return the stretches that rows can be in, or None for anywhere."""
        if self.sites is not None:
            spans = [Region(site.chromosome, site.position, site.position) for site in self.sites]
            within = self.region
            return spans if within is None else [span for span in spans if _overlap(span, within)]
        return None if self.region is None else [self.region]


@dataclass(slots=True)
class Deadline:
    """When work has to be done.

    Parameters
    ----------
    seconds
        From now; None for no end.
    """

    seconds: float | None
    began: float = field(default_factory=time.monotonic)

    def check(self) -> None:
        """Stop if it has passed.

        Raises
        ------
        TookTooLong
            It has.
        """
        if self.seconds is not None and time.monotonic() - self.began > self.seconds:
            raise TookTooLong(
                f"The query took more than {self.seconds:g} s.", value=self.seconds,
                next_step="Name fewer data sets, a smaller region, or a gene.",
            )  # fmt: skip


def several(given: Several) -> tuple[str, ...]:
    """Return one or several names as a tuple, each once, in order."""
    if given is None:
        return ()
    names = [given] if isinstance(given, str) else list(given)
    return tuple(dict.fromkeys(str(name).strip() for name in names if str(name).strip()))


def gene_ids(given: Several) -> tuple[str, ...]:
    """Return Ensembl gene ids without their versions; other names are left as they are."""
    return tuple(found[1] if (found := _GENE.fullmatch(name)) else name for name in several(given))


def is_gene_id(name: str) -> bool:
    """Say whether a name is an Ensembl gene id."""
    return _GENE.fullmatch(name) is not None


def is_rsid(name: str) -> bool:
    """Say whether a name is an rsid."""
    return _RSID.fullmatch(name) is not None


def site_of(text: str) -> Site:
    """Return the variant that a text names: ``chr1_123_A_G``, ``1:123:A:G``, ``X-123-A-AT``.

    Raises
    ------
    InvalidOption
        It names none.
    """
    found = _VARIANT.fullmatch(text.strip())
    code = _chromosome(found[1]) if found else None
    if found is None or code is None:
        raise InvalidOption(
            f"{text[:60]!r} is not a variant.", value=text, next_step="Write it as chr1_123456_A_G, or give an rsid."
        )
    ref, alt = (allele if allele.startswith("<") else allele.upper() for allele in (found[3], found[4]))
    return Site(code, int(found[2]), f"chr{code}_{int(found[2])}_{ref}_{alt}")


def rsid_number(text: str) -> int:
    """Return the number of an rsid.

    Raises
    ------
    InvalidOption
        It is none.
    """
    if not is_rsid(text):
        raise InvalidOption(f"{text[:60]!r} is not an rsid.", value=text, next_step="Write it as rs429358.")
    return int(text[2:])


def region_of(given: RegionLike | None) -> Region | None:
    """Return the region that a text or a tuple names: ``19:80000-90000``, 1-based, both ends inside.

    Raises
    ------
    InvalidOption
        It names none, or its end is before its start.
    """
    if given is None:
        return None
    if isinstance(given, str):
        found = _REGION.fullmatch(given.strip())
        parts: Sequence[str | int] | None = found.groups() if found else None
    else:
        parts = given
    try:
        if parts is None or (code := _chromosome(str(parts[0]).removeprefix("chr"))) is None:
            raise ValueError
        start, end = (int(str(place).replace(",", "")) for place in parts[1:3])
    except ValueError as error:
        raise InvalidOption(
            f"{str(given)[:60]!r} is not a region.", value=given, next_step="Write it as 19:80000-90000."
        ) from error
    if start > end:
        raise InvalidOption(f"The region {given} ends before it starts.", value=given, next_step="Exchange its ends.")
    return Region(code, start, end)


def nlog10_of(p_value: float) -> float:
    """Return -log10 of a p-value that was typed.

    Raises
    ------
    InvalidOption
        It is not above 0 and at most 1.
    """
    if not 0 < p_value <= 1:
        raise InvalidOption(f"{p_value} is not a p-value.", value=p_value, next_step="Give one above 0, up to 1.")
    return -math.log10(p_value)


def _chromosome(text: str) -> str | None:
    code = _CODES.get(text.upper().lstrip("0"), text.upper().lstrip("0"))
    return code if code in CHROMOSOMES else None


def _overlap(one: Region, other: Region) -> bool:
    return one.chromosome == other.chromosome and one.start <= other.end and one.end >= other.start
