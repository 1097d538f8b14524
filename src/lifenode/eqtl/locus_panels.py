"""One data set at a locus: the trait that is shown, its variants, their PIPs."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.coloc_abf import finemap
from lifenode.eqtl.coloc_overlap import credible_set
from lifenode.eqtl.coloc_study import study_of
from lifenode.eqtl.locus_data import POINT_COLUMNS, Panel, no_points
from lifenode.eqtl.query import Region

_GWAS = "gwas"
_NULL_MOST = 0.05
_FROM_P = -pl.col("pvalue").log10()
APPROXIMATE = "PIPs by approximate Bayes factors, one causal variant at most"
FINE_MAPPED = "PIPs and credible sets of its fine mapping"
SETS_ONLY = "only variants of credible sets are held"


def panel_of(
    catalogue: Catalogue, dataset: str, question: dict[str, Any], place: Region | None, lost: dict[str, str]
) -> Panel:
    """Return the trait of a data set that is asked for, or that with the smallest p-value.

    Parameters
    ----------
    catalogue, dataset
        Where from.
    question
        ``gene`` and ``molecular_trait``, each a name or None.
    place
        Region, or None for all there is.
    lost
        Takes why the data set could not answer.
    """
    facts = catalogue.datasets(dataset).to_polars().to_dicts()
    name = dataset_name(facts[0] if facts else {}, dataset)
    region = str(place) if place else None
    found = catalogue.associations(region=region, dataset=dataset, **question)
    lost.update(found.meta["unavailable"])
    rows = found.to_polars()
    sets = catalogue.credible_sets(region=region, dataset=dataset, **question).to_polars()
    if rows.is_empty():
        return _of_sets(dataset, name, sets)
    strongest = rows.group_by("molecular_trait_id").agg(pl.col("nlog10p").max(), pl.col("gene_id").first())
    strongest = strongest.sort(["nlog10p", "molecular_trait_id"], descending=[True, False])
    trait, gene_id = str(strongest["molecular_trait_id"][0]), str(strongest["gene_id"][0] or "")
    own = rows.filter(pl.col("molecular_trait_id") == trait)
    gwas = is_gwas(catalogue, dataset)
    if place is not None and not gwas:
        # PIPs are those of the whole cis window, however little of it is shown.
        own = catalogue.associations(molecular_trait=trait, dataset=dataset).to_polars()
    own = own.sort("position", "variant")
    points, source = with_pips(own, sets.filter(pl.col("molecular_trait_id") == trait))
    others = tuple((str(one), float(p)) for one, p in strongest[1:].select("molecular_trait_id", "nlog10p").iter_rows())
    return Panel(dataset, name, trait, gene_id, points, source, others, gwas)


def is_gwas(catalogue: Catalogue, dataset: str) -> bool:
    """Say whether a data set is a GWAS, which has no genes."""
    return _GWAS in catalogue.datasets(dataset).to_polars()["quant_method"].to_list()


def dataset_name(facts: dict[str, Any], dataset: str) -> str:
    """Return what people call a data set: study, tissue, condition, method."""
    condition = facts.get("condition_label")
    words = [
        facts.get("study_label"), facts.get("tissue_label"), condition if condition != "naive" else None,
        facts.get("quant_method"),
    ]  # fmt: skip
    return " ".join(str(word) for word in words if word) or dataset


def _of_sets(dataset: str, name: str, sets: pl.DataFrame) -> Panel:
    """Return a data set of which only credible sets are held."""
    if sets.is_empty():
        return Panel(dataset, name, "", "", no_points(), "")
    best = sets.sort("pvalue", nulls_last=True)
    trait, gene_id = best["molecular_trait_id"][0], best["gene_id"][0] or ""
    own = sets.filter(pl.col("molecular_trait_id") == trait).sort("position", "variant")
    # A p-value that underflowed, or was not given, is that of z.
    from_z = pl.Series([_nlog10_of_z(z) for z in own["z"]], dtype=pl.Float64)
    points = own.with_columns(
        nlog10p=pl.when(pl.col("pvalue") > 0).then(_FROM_P).otherwise(from_z), credible_set="cs_id"
    )
    others = tuple((str(other), float("nan")) for other in sets["molecular_trait_id"].unique().sort() if other != trait)
    return Panel(
        dataset, name, trait, gene_id, selected_points(points.unique("variant", maintain_order=True)), SETS_ONLY, others
    )


def _nlog10_of_z(z: float | None) -> float:
    """Return -log10 of the two-sided p-value of a z score, by its asymptotic series where p underflows."""
    from math import erfc, log, log10, pi, sqrt

    if z is None or z != z:
        return 0.0
    p = erfc(abs(z) / sqrt(2))
    return -log10(p) if p > 1e-300 else (z * z / 2 + log(abs(z)) + log(pi / 2) / 2) / log(10)


def with_pips(rows: pl.DataFrame, sets: pl.DataFrame) -> tuple[pl.DataFrame, str]:
    """Return points with PIPs of fine mapping where there is one, else by approximate Bayes factors; and which."""
    if sets.height:
        known = sets.group_by("variant").agg(pl.col("pip").max(), pl.col("cs_id").sort_by("pip").last())
        joined = rows.join(known, on="variant", how="left", maintain_order="left")
        return selected_points(joined.with_columns(credible_set=pl.col("cs_id").fill_null(""))), FINE_MAPPED
    found = approximate_pips(rows)
    if found is None:
        return selected_points(rows), ""
    pips, chosen = found
    marked = np.where(chosen, "95 % set", "")
    return selected_points(rows.with_columns(pip=pl.Series(pips), credible_set=pl.Series(marked))), APPROXIMATE


def approximate_pips(rows: pl.DataFrame) -> tuple[Any, Any] | None:
    """Return PIPs under one causal variant at most, and which variants are the 95 % set; None without effects.

    There is a set only where no causal variant at all has a probability below 0.05.
    """
    usable = rows["beta"].is_finite() & rows["se"].is_finite() & (rows["se"] > 0)
    if not usable.fill_null(False).all() or rows["variant"].n_unique() < rows.height:
        return None
    found = finemap(study_of(rows))["pp"]
    pips = np.asarray(found[:-1])
    chosen = np.zeros(rows.height, dtype=bool)
    if found[-1] < _NULL_MOST:
        chosen[credible_set(pips, coverage=0.95, normalise=True)] = True
    return pips, chosen


def selected_points(points: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of points; what is not there is missing."""
    template = no_points()
    made = [
        (pl.col(name) if name in points.columns else pl.lit(None)).cast(template.schema[name]).alias(name)
        for name in POINT_COLUMNS
    ]
    return points.select(made).with_columns(pl.col("credible_set", "rsid").fill_null(""))
