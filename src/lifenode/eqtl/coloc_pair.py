"""One pair of signals at a locus: its posteriors, and both traits as panels that show the shared variant."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

import lifenode
from lifenode.eqtl.coloc_abf import COLUMNS
from lifenode.eqtl.coloc_bayes import softmax
from lifenode.eqtl.coloc_dataset import shared_rows
from lifenode.eqtl.coloc_posteriors import Priors, posteriors, sums_of
from lifenode.eqtl.coloc_region import Trait
from lifenode.eqtl.coloc_result import ColocResult
from lifenode.eqtl.locus_data import BF_WORD, P_WORD, Panel
from lifenode.eqtl.locus_panels import selected_points
from lifenode.errors import BadTable
from lifenode.table import Column, Table

_SHOWN = ("lbf_1", "lbf_2", "lbf_sum", "snp_pp_h4")
SHARED = "probability to be the shared variant"


@dataclass(frozen=True)
class Pair:
    """Two signals compared.

    Attributes
    ----------
    first, second
        The traits.
    result
        The posteriors.
    rows
        Rows of their signals.
    """

    first: Trait
    second: Trait
    result: ColocResult
    rows: tuple[int, int] = (0, 0)

    @property
    def panels(self) -> tuple[Panel, Panel]:
        """Both traits: ``pip`` is the probability to be the shared causal variant, given H4; its best is marked."""
        shared = pl.DataFrame({"variant": self.result.table["snp"], "shared": self.result.table["snp_pp_h4"]})
        names = _rsids(self.first.rows, self.second.rows)
        best = str(self.result.table["snp"][int(np.argmax(self.result.table["snp_pp_h4"]))])
        likely = set(self.result.credible_set()["snp"])
        first, second = (_panel(one, shared, best, likely, names) for one in (self._drawable(0), self._drawable(1)))
        return first, second

    def _drawable(self, number: int) -> Trait:
        """Return a trait with rows; of one without p-values they have the logarithms of its Bayes factors."""
        trait = (self.first, self.second)[number]
        if trait.rows.height:
            return trait
        snp = [str(name) for name in trait.signals.snp]
        log10 = np.nan_to_num(trait.signals.lbf[self.rows[number]]) / np.log(10)
        rows = pl.DataFrame({
            "variant": snp, "position": [int(name.split("_")[1]) for name in snp], "nlog10p": np.maximum(log10, 0),
        })  # fmt: skip
        return replace(trait, rows=rows.with_columns(rsid=pl.lit(None, pl.String)))


def compared_pair(first: Trait, second: Trait, priors: Priors, signal_1: int = 0, signal_2: int = 0) -> Pair:
    """Return the comparison of two signals, given by their rows, as `lifenode.eqtl.coloc` makes it from data sets.

    Raises
    ------
    BadTable
        They share no variant.
    """
    lbf1, lbf2 = first.signals.lbf[signal_1], second.signals.lbf[signal_2]
    rows1, rows2 = shared_rows(first.signals.snp, second.signals.snp)
    both = [(a, b) for a, b in zip(rows1, rows2, strict=True) if lbf1[a] == lbf1[a] and lbf2[b] == lbf2[b]]
    if not both:
        raise BadTable(
            "No variant is in both traits.", value=first.signals.snp[0],
            next_step=f"The first has {first.signals.snp[0]}, the second {second.signals.snp[0]}: give GRCh38.",
        )  # fmt: skip
    own1, own2 = np.array([a for a, _ in both]), np.array([b for _, b in both])
    counts = int(np.sum(~np.isnan(lbf1))), int(np.sum(~np.isnan(lbf2)))
    used, adjusted = priors.adjusted(*counts, len(both))
    sums = sums_of(lbf1[own1], lbf2[own2])
    total = lbf1[own1] + lbf2[own2]
    meta = {
        "lifenode": lifenode.__version__, "reference": "doi:10.1371/journal.pgen.1004383",
        "p1": used.p1, "p2": used.p2, "p12": used.p12, "notes": [*first.notes, *second.notes, *adjusted],
    }  # fmt: skip
    snp = first.signals.snp[own1]
    columns = [Column("snp", "text", "The variant."), *(one for one in COLUMNS if one.name in _SHOWN)]
    data = {"snp": snp, "lbf_1": lbf1[own1], "lbf_2": lbf2[own2], "lbf_sum": total, "snp_pp_h4": softmax(total)}
    table = Table(columns, data, meta, len(both))
    result = ColocResult(posteriors(sums, *used), len(both), used, table, sums, meta)
    return Pair(first, second, result, (signal_1, signal_2))


def _panel(trait: Trait, shared: pl.DataFrame, best: str, likely: set[str], names: dict[str, str]) -> Panel:
    has_p = "beta" in trait.rows.columns
    rows = trait.rows.join(shared, on="variant", how="left", maintain_order="left").sort("position", "variant")
    marked = pl.when(pl.col("variant").is_in(list(likely))).then(pl.lit("95 % set")).otherwise(pl.lit(""))
    rsid = pl.coalesce("rsid", pl.col("variant").replace_strict(names, default=None, return_dtype=pl.String))
    points = selected_points(rows.with_columns(pip=pl.col("shared"), credible_set=marked, rsid=rsid))
    at = [row for row, name in enumerate(points["variant"]) if name == best]
    return Panel(
        trait.dataset_id, trait.dataset, trait.trait, trait.gene_id, points, "", (), has_p and not trait.gene_id,
        at[0] if at else None, SHARED, trait.symbol,
        P_WORD if has_p else BF_WORD,
    )  # fmt: skip


def _rsids(*every: pl.DataFrame) -> dict[str, str]:
    """Return the rsids of variants that one of the traits has them of."""
    found: dict[str, str] = {}
    for rows in every:
        if rows.height:
            found |= dict(rows.select("variant", "rsid").drop_nulls().iter_rows())
    return found
