"""`locus`: what a catalogue knows of a place, ready to be drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.locus_data import Locus, Panel
from lifenode.eqtl.locus_genes import chromosome_of, gene_models, gene_named, window_of
from lifenode.eqtl.locus_maps import ld_with, recombination_rates
from lifenode.eqtl.locus_panels import is_gwas, panel_of
from lifenode.eqtl.plot_genes import GeneModel
from lifenode.eqtl.query import Region, RegionLike, Several, region_of, several
from lifenode.errors import EmptyInput, InvalidOption, UnknownName

MOST_BASES = 5_000_000
"""Longest stretch that is drawn."""

FLANK = 250_000
"""Base pairs shown beside a gene and its strongest variant."""

_FIRST = 4


def locus(
    catalogue: Catalogue,
    gene: str | None = None,
    *,
    region: RegionLike | None = None,
    dataset: Several = None,
    molecular_trait: str | None = None,
    flank: int = FLANK,
    recombination: str | Path | None = None,
    ld: str | Path | None = None,
) -> Locus:
    """Return the associations of a gene or a region, data set by data set, with PIPs and genes.

    Parameters
    ----------
    catalogue
        Where from.
    gene
        Symbol, alias or Ensembl id. Without one, each data set shows the trait with the smallest p-value in the region.
    region
        Such as ``5:75300000-75400000``: 1-based, both ends inside, GRCh38, at most 5 Mb. By default the gene and its
        strongest variants with `flank` on both sides, as far as there are associations.
    dataset
        Ids; by default the first four data sets that have the gene.
    molecular_trait
        Show this trait instead of the strongest of the gene.
    flank
        Base pairs, see `region`.
    recombination, ld
        Files: see `lifenode.eqtl.locus_maps`.

    Raises
    ------
    EmptyInput
        Neither a gene nor a region is given.
    InvalidOption
        The region is too long or cannot be read, or a gene is ambiguous.
    UnknownName
        There is no such gene or data set, or nothing is known of them there.
    """
    place = region_of(region)
    asked = gene_named(gene) if gene else None
    if asked is None and place is None and molecular_trait is None:
        raise EmptyInput("Neither a gene nor a region is given.", next_step="Name one, such as HMGCR.")
    _check(place)
    names = list(several(dataset)) or _datasets_with(catalogue, asked, place, molecular_trait)
    question: dict[str, Any] = {"gene": asked.gene_id if asked else None, "molecular_trait": molecular_trait}
    lost: dict[str, str] = {}
    gwas = {name for name in names if is_gwas(catalogue, name)}
    made = {name: panel_of(catalogue, name, question, place, lost) for name in names if name not in gwas}
    place = place or _window(list(made.values()), asked, flank)
    for name in gwas if place is not None else ():
        made[name] = panel_of(catalogue, name, {"gene": None, "molecular_trait": None}, place, lost)
    if place is None or not any(len(panel.points) for panel in made.values()):
        raise _nothing(asked, place, names, lost)
    panels = [_within(made[name], place) for name in names]
    panels, linked = (panels, False) if ld is None else _with_ld(panels, ld)
    notes = _sources(panels)
    rates = recombination_rates(recombination, place) if recombination is not None else ()
    return Locus(place, asked, tuple(panels), gene_models(place), rates, linked, tuple(notes), lost)


def _sources(panels: Sequence[Panel]) -> list[str]:
    """Return where PIPs come from, once where all have the same source."""
    known = {panel.name: panel.pip_source for panel in panels if panel.pip_source}
    if len(set(known.values())) == 1 and len(known) == len(panels):
        return [next(iter(known.values()))]
    return [f"{name}: {source}" for name, source in known.items()]


def _check(place: Region | None) -> None:
    if place is not None and place.end - place.start >= MOST_BASES:
        raise InvalidOption(
            f"region covers {place.end - place.start + 1:,} bases.", value=str(place),
            next_step=f"At most {MOST_BASES:,} are drawn.",
        )  # fmt: skip


def _datasets_with(
    catalogue: Catalogue, gene: GeneModel | None, place: Region | None, trait: str | None
) -> list[str]:  # fmt: skip
    """Return the data sets with the strongest signals, or else the first that have associations."""
    question: dict[str, Any] = {
        "gene": gene.gene_id if gene else None, "molecular_trait": trait, "region": str(place) if place else None
    }  # fmt: skip
    signals = catalogue.signals(**question).to_polars()
    if signals.height:
        names = signals.sort("lead_pvalue" if "lead_pvalue" in signals.columns else "pip_sum")["dataset_id"]
        return names.unique(maintain_order=True).to_list()[:_FIRST]
    found: list[str] = []
    for frame in catalogue.stream(**question):
        found += [name for name in frame["dataset_id"].unique(maintain_order=True) if name not in found]
        if len(found) >= _FIRST:
            break
    return found[:_FIRST]


def _nothing(gene: GeneModel | None, place: Region | None, names: Sequence[str], lost: dict[str, str]) -> UnknownName:
    what = " in ".join(part for part in (gene.name if gene else "", str(place) if place else "") if part)
    where = f" of {', '.join(names[:4])}" if names else ""
    if lost:
        return UnknownName(f"{next(iter(lost))} is unavailable: {next(iter(lost.values()))}.", value=next(iter(lost)))
    return UnknownName(
        f"The catalogue{where} has no association of {what}.", value=what,
        next_step="Name another gene, region or data set, or ingest one that has it.",
    )  # fmt: skip


def _window(panels: Sequence[Panel], gene: GeneModel | None, flank: int) -> Region | None:
    """Return the stretch around the gene and the leads, no wider than where associations are; None if it is unknown."""
    chromosome = ""
    inner: list[int] = []
    spans: list[int] = []
    for panel in panels:
        if panel.lead is not None:
            chromosome = chromosome or str(panel.points["variant"][0]).split("_")[0].removeprefix("chr")
            inner.append(int(panel.points["position"][panel.lead]))
            spans += [int(panel.points["position"][0]), int(panel.points["position"][-1])]
    if not spans:
        return window_of(gene, flank) if gene else None
    low, high = min(spans), max(spans)
    if gene is not None and gene.end and chromosome_of(gene) == chromosome:
        inner += [gene.start, gene.end]
        low, high = min(low, gene.start), max(high, gene.end)
    start, end = max(min(inner) - flank, low), min(max(inner) + flank, high)
    room = max((end - start) // 50, 500)
    middle, most = (start + end) // 2, MOST_BASES // 2 - 1
    return Region(chromosome, max(start - room, middle - most, 1), min(end + room, middle + most))


def _within(panel: Panel, place: Region) -> Panel:
    here = panel.points.filter(pl.col("position").is_between(place.start, place.end))
    return _changed(panel, here)


def _with_ld(panels: list[Panel], ld: str | Path) -> tuple[list[Panel], bool]:
    """Return panels with r² to the lead of each, and whether any is known."""
    found = []
    known = False
    for panel in panels:
        points = panel.points
        if panel.lead is not None:
            rsids = str(points["rsid"][panel.lead] or "")
            r2 = ld_with(ld, (str(points["variant"][panel.lead]), *filter(None, rsids.split(","))))
            values = [
                r2.get(variant, next((r2[name] for name in (rsid or "").split(",") if name in r2), None))
                for variant, rsid in points.select("variant", "rsid").iter_rows()
            ]
            known = known or sum(value is not None for value in values) > 1
            points = points.with_columns(r2_lead=pl.Series(values, dtype=pl.Float64))
        found.append(_changed(panel, points))
    return found, known


def _changed(panel: Panel, points: pl.DataFrame) -> Panel:
    return replace(panel, points=points)
