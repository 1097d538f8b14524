"""`coloc_locus`: which traits of a catalogue share the causal variant of one more trait, at one locus."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.coloc_pair import Pair, compared_pair
from lifenode.eqtl.coloc_posteriors import Priors
from lifenode.eqtl.coloc_region import Trait, coloc_region, trait_of, traits_in
from lifenode.eqtl.gwas_region import GwasRegion, known_variants, no_known, read_gwas
from lifenode.eqtl.locus_genes import gene_models, gene_named, window_of
from lifenode.eqtl.locus_panels import is_gwas
from lifenode.eqtl.plot_compare import locuscompare_plot
from lifenode.eqtl.plot_genes import GeneModel
from lifenode.eqtl.plot_mirrored import mirrored_plot
from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_sensitivity import sensitivity_plot
from lifenode.eqtl.query import Region, RegionLike, Several, region_of, several
from lifenode.errors import EmptyInput, InvalidOption, UnknownName
from lifenode.table import Table

MOST_BASES = 5_000_000
"""Longest region of which all traits are compared."""

FLANK = 500_000
"""Base pairs beside a gene in which a GWAS of the catalogue is compared with it."""

_LOW_OVERLAP = 0.5
_FEW_SHARED = 0.1


@dataclass(frozen=True)
class LocusColoc:
    """The traits of a catalogue against one more, at one locus.

    Attributes
    ----------
    table
        A row a pair of signals, the highest ``pp_h4`` first; see `lifenode.eqtl.coloc_region.COLUMNS`.
    second
        The trait that all others are compared with.
    traits
        The others, by key.
    region
        Where both are known.
    priors
        p1, p2, p12.
    gwas
        What was read, where the second trait came as a table.
    """

    table: Table
    second: Trait
    traits: dict[str, Trait]
    region: Region
    priors: Priors
    gwas: GwasRegion | None = None
    _pairs: dict[str, Pair] = field(default_factory=dict, repr=False)

    def keys(self) -> list[str]:
        """Return what the rows of the table are called."""
        columns = (self.table[name] for name in ("dataset_id", "molecular_trait_id", "signal_1", "signal_2"))
        return [row_key(*row) for row in zip(*columns, strict=True)]

    def pair(self, key: str = "") -> Pair:
        """Return the comparison of one row; by default of the first.

        Raises
        ------
        UnknownName
            There is no such row.
        """
        keys = self.keys()
        key = key or keys[0]
        if key not in keys:
            raise UnknownName(
                f"There is no pair {key[:60]!r} in the table.", value=key, next_step="Choose a row of it."
            )
        if key not in self._pairs:
            row = keys.index(key)
            first = self.traits[f"{self.table['dataset_id'][row]}|{self.table['molecular_trait_id'][row]}"]
            own, other = (
                list(one.signals.index).index(at) if at is not None and at == at else 0
                for one, at in ((first, self.table["signal_1"][row]), (self.second, self.table["signal_2"][row]))
            )
            self._pairs[key] = compared_pair(first, self.second, self.priors, own, other)
        return self._pairs[key]

    def mirrored_plot(self, key: str = "") -> Plot:
        """Return both traits of a row over their positions; see `lifenode.eqtl.mirrored_plot`."""
        first, second = self.pair(key).panels
        return mirrored_plot(first, second, self.region, gene_models(self.region))

    def locuscompare_plot(self, key: str = "") -> Plot:
        """Return both traits of a row against each other; see `lifenode.eqtl.locuscompare_plot`."""
        return locuscompare_plot(*self.pair(key).panels)

    def sensitivity_plot(self, key: str = "") -> Plot:
        """Return the posteriors of a row over the prior p12; see `lifenode.eqtl.sensitivity_plot`."""
        return sensitivity_plot(self.pair(key).result)

    def warnings(self, key: str = "") -> list[str]:
        """Return why the answer of a row should be read with care."""
        row = self.keys().index(key) if key else 0
        names = (self.pair(key).first.dataset, self.second.dataset)
        found = []
        for name, other, share in zip(names, names[::-1], ("overlap_1", "overlap_2"), strict=True):
            value = float(self.table[share][row])
            if value < _LOW_OVERLAP:
                found.append(
                    f"Only {100 * value:.2g} % of the posterior of {name} lies on variants that {other} has: "
                    f"the causal variant of {name} may be missing from the comparison."
                )
        shared, given = int(self.table["nsnps"][row]), self.second.rows.height
        if self.gwas is not None and shared < _FEW_SHARED * given:
            found.append(
                f"Only {shared:,} of {given:,} variants of {names[1]} are known: are its positions those of GRCh38?"
            )
        return found


def row_key(dataset: str, trait: str, signal_1: Any, signal_2: Any) -> str:
    """Return what a row is called in addresses."""
    numbers = [str(int(at)) if at is not None and at == at else "" for at in (signal_1, signal_2)]
    return "|".join([dataset, trait, *numbers])


def coloc_locus(
    catalogue: Catalogue,
    gene: str | None = None,
    *,
    gwas: str | None = None,
    with_dataset: str | None = None,
    with_gene: str | None = None,
    with_trait: str | None = None,
    region: RegionLike | None = None,
    dataset: Several = None,
    molecular_trait: str | None = None,
    kind: str = "quant",
    n: float | None = None,
    sd: float | None = None,
    name: str = "GWAS",
    p1: float = 1e-4,
    p2: float = 1e-4,
    p12: float = 1e-5,
) -> LocusColoc:
    """Colocalise a GWAS, or a trait of the catalogue, with all traits of the catalogue at one locus.

    Parameters
    ----------
    catalogue
        Where the first traits come from.
    gene, molecular_trait
        Compare only this gene, or this trait; by default all of the region.
    gwas
        Text of a table of the locus, see `lifenode.eqtl.gwas_region.read_gwas`.
    with_dataset, with_gene, with_trait
        Instead of `gwas`: a data set, and the gene (by default `gene`) or trait of it.
    region
        GRCh38, 1-based, both ends inside; by default where the GWAS has variants.
    dataset
        Data sets of the first traits; by default all.
    kind, n, sd, name
        Of `gwas`: ``quant`` or ``cc``, sample size where the table has none, standard deviation of the trait (by
        default estimated, or 1), and what it is called.
    p1, p2, p12
        Prior that a variant is causal for the first trait alone, the second alone, both.

    Raises
    ------
    EmptyInput
        There is no second trait, or nothing says where.
    BadTable, InvalidOption, UnknownName
        The table, an option or a name cannot be understood, or nothing is shared.

    Examples
    --------
    >>> from lifenode.eqtl import Catalogue, coloc_locus
    >>> from lifenode.eqtl.gwas_region import example_gwas
    >>> found = coloc_locus(Catalogue(), gwas=example_gwas(), name="LDL cholesterol")
    >>> found.table["gene"].tolist(), found.table["pp_h4"].round(3).tolist()
    (['HMGCR', 'POC5', 'CERT1'], [0.999, 0.044, 0.0])
    """
    priors = Priors(p1, p2, p12)
    place = region_of(region)
    if place is not None and place.end - place.start >= MOST_BASES:
        raise InvalidOption(
            f"region covers {place.end - place.start + 1:,} bases.", value=str(place),
            next_step=f"At most {MOST_BASES:,} are compared.",
        )  # fmt: skip
    asked = gene_named(gene) if gene else None
    first: dict[str, Any] = {
        "gene": asked.gene_id if asked else None,
        "trait": molecular_trait,
        "dataset": several(dataset),
    }
    if gwas is not None and gwas.strip():
        return _with_table(catalogue, gwas, place, first, priors, name, {"kind": kind, "sdy": sd}, n)
    if not with_dataset:
        raise EmptyInput("There is no second trait.", next_step="Give a GWAS table, or choose a data set.")
    other = gene_named(with_gene) if with_gene else asked if with_trait is None else None
    second = _second(catalogue, with_dataset, other, with_trait, place)
    place = place or _span(second)
    traits = traits_in(catalogue, place, **first)
    return _compared(second, traits, place, priors, None)


def _with_table(
    catalogue: Catalogue, text: str, place: Region | None, first: dict[str, Any], priors: Priors, name: str,
    study: dict[str, Any], n: float | None,
) -> LocusColoc:  # fmt: skip
    """Compare with a table, whose alleles are brought to those of the catalogue once the place is known."""
    seen = read_gwas(text, no_known, study=name, n=n)
    here = place or Region(seen.chromosome, seen.start, seen.end)
    if here.end - here.start >= MOST_BASES:
        raise InvalidOption(
            f"The GWAS table spans {here.end - here.start + 1:,} bases.", value=str(here),
            next_step=f"Name a region in it of at most {MOST_BASES:,}.",
        )  # fmt: skip
    traits = traits_in(catalogue, here, **first)
    found = read_gwas(text, known_variants([one.rows for one in traits if one.rows.height]), study=name, n=n)
    inside = found.rows.filter(pl.col("position").is_between(here.start, here.end))
    if inside.is_empty():
        raise EmptyInput(f"The GWAS table has no variant in {here}.", next_step="Check region: positions of GRCh38.")
    second = replace(trait_of(inside, "", name, **study), gene_id="")
    return _compared(second, traits, here, priors, found)


def _second(
    catalogue: Catalogue, dataset: str, gene: GeneModel | None, trait: str | None, place: Region | None
) -> Trait:  # fmt: skip
    """Return the trait of a data set; a GWAS has no genes, but the place of one says where to look."""
    if is_gwas(catalogue, dataset):
        place = place or (window_of(gene, FLANK) if gene else None)
        gene = trait = None
    if place is None and gene is None and trait is None:
        raise EmptyInput("Nothing says where to compare.", next_step="Name a gene or a region.")
    found = traits_in(catalogue, place, gene=gene.gene_id if gene else None, trait=trait, dataset=[dataset])
    return max(found, key=lambda one: float(one.rows["nlog10p"].max() or 0) if one.rows.height else 0.0)  # type: ignore[arg-type]


def _span(trait: Trait) -> Region:
    """Return the stretch of a trait's variants."""
    places = [str(name).split("_") for name in trait.signals.snp]
    positions = [int(parts[1]) for parts in places]
    return Region(places[0][0].removeprefix("chr"), min(positions), max(positions))


def _compared(
    second: Trait, traits: list[Trait], place: Region, priors: Priors, gwas: GwasRegion | None
) -> LocusColoc:  # fmt: skip
    table = coloc_region(second, traits, priors)
    by_key = {one.key: one for one in traits}
    shown = [_span(by_key[f"{table['dataset_id'][0]}|{table['molecular_trait_id'][0]}"]), _span(second)]
    start = max(place.start, min(span.start for span in shown))
    end = min(place.end, max(span.end for span in shown))
    room = max(min(max((end - start) // 60, 200), (MOST_BASES - end + start) // 2 - 1), 0)
    shown_region = Region(place.chromosome, max(start - room, 1), end + room)
    return LocusColoc(table, second, by_key, shown_region, priors, gwas)
