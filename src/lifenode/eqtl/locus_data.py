"""A locus as plots take it: associations of data sets with their PIPs, genes, and what else is known of the place."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from lifenode.eqtl.plot_genes import GeneModel
from lifenode.eqtl.query import Region

P_WORD, BF_WORD = "-log10 p", "log10 Bayes factor"
POINT_COLUMNS = (
    "position", "variant", "rsid", "nlog10p", "pvalue", "beta", "se", "maf", "pip", "credible_set", "r2_lead",
)  # fmt: skip


@dataclass(frozen=True)
class Panel:
    """One trait of one data set at a locus.

    Attributes
    ----------
    dataset_id, name
        The data set, and what people call it.
    trait, gene_id
        Molecular trait, and its gene.
    points
        A row a variant, by position, with `POINT_COLUMNS`; ``credible_set`` is empty outside of one, ``pip`` and
        ``r2_lead`` are missing where they are not known.
    pip_source
        Where the PIPs come from.
    others
        Further traits at the place with their -log10 p, the strongest first.
    is_gwas
        Whether it is a GWAS, so that 5e-8 means something.
    marked
        Row of the variant to mark; by default the one with the smallest p-value.
    pip_word
        What ``pip`` is called.
    symbol
        Symbol of the gene, if known.
    y_word
        What ``nlog10p`` is: of a trait of which no p-values are held, the logarithm of its Bayes factors.
    """

    dataset_id: str
    name: str
    trait: str
    gene_id: str
    points: pl.DataFrame
    pip_source: str
    others: tuple[tuple[str, float], ...] = ()
    is_gwas: bool = False
    marked: int | None = None
    pip_word: str = "PIP"
    symbol: str = ""
    y_word: str = P_WORD

    @property
    def lead(self) -> int | None:
        """Row of the variant that is marked; None without variants."""
        if self.marked is not None:
            return self.marked
        values = self.points["nlog10p"]
        return int(np.argmax(values.to_numpy())) if len(values) else None

    def named_leads(self, most: int = 4) -> list[int]:
        """Return the lead, then the likeliest variant of each further credible set."""
        if self.lead is None:
            return []
        rows = [self.lead]
        own = self.points["credible_set"][self.lead]
        numbered = self.points.with_row_index("row").filter(pl.col("credible_set") != "")
        best = numbered.sort("pip", descending=True).group_by("credible_set", maintain_order=True).first()
        rows += [row for name, row in best.select("credible_set", "row").iter_rows() if name != own]
        return rows[:most]


@dataclass(frozen=True)
class Locus:
    """What is known of a place.

    Attributes
    ----------
    region
        The stretch shown.
    gene
        The gene asked for, if one was.
    panels
        One a data set.
    genes
        Those that reach into the region.
    recombination
        Positions and rates in cM/Mb, where there is a map.
    has_ld
        Whether ``r2_lead`` is known for some variant.
    notes
        What was assumed or cut.
    unavailable
        Data sets that could not answer, and why.
    """

    region: Region
    gene: GeneModel | None
    panels: tuple[Panel, ...]
    genes: tuple[GeneModel, ...]
    recombination: tuple[tuple[float, float], ...] = ()
    has_ld: bool = False
    notes: tuple[str, ...] = ()
    unavailable: dict[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """What it is about, in a few words."""
        place = f"chr{self.region.chromosome}:{self.region.start:,}-{self.region.end:,}"
        return f"{self.gene.name}, {place}" if self.gene else place


def no_points() -> pl.DataFrame:
    """Return points without a row."""
    texts = {"variant", "rsid", "credible_set"}
    kinds = {name: pl.String if name in texts else pl.Float64 for name in POINT_COLUMNS}
    return pl.DataFrame(schema=kinds | {"position": pl.Int64})


def point_label(row: dict[str, object], panel: Panel) -> str:
    """Return what a variant of a panel is, for its dot."""
    name = f"{row['rsid']} ({row['variant']})" if row["rsid"] else str(row["variant"])
    value = float(str(row["nlog10p"]))
    parts = [name, f"p {p_words(value)}" if panel.y_word == P_WORD else f"{panel.y_word} {value:.2f}"]
    if _known(row["beta"]):
        parts.append(f"beta {row['beta']:.3g}, SE {row['se']:.2g}" if _known(row["se"]) else f"beta {row['beta']:.3g}")
    if _known(row["maf"]):
        parts.append(f"MAF {row['maf']:.3g}")
    if _known(row["pip"]):
        parts.append(f"{panel.pip_word} {row['pip']:.3g}")
    if row["credible_set"]:
        parts.append(
            f"in the {row['credible_set']}" if " set" in str(row["credible_set"]) else f"set {row['credible_set']}"
        )
    if _known(row["r2_lead"]):
        parts.append(f"r\u00b2 to the lead {row['r2_lead']:.2f}")
    return "; ".join([*parts, panel.name])


def _known(value: object) -> bool:
    return value is not None and value == value


def p_words(nlog10p: float) -> str:
    """Return a p-value as ``1.2e-34``, from its logarithm."""
    if nlog10p < 1.022:
        return f"{10**-nlog10p:.2f}"
    power = int(np.floor(-nlog10p))
    digits = f"{10 ** (-nlog10p - power):.1f}"
    return f"1.0e{power + 1}" if digits == "10.0" else f"{digits}e{power}"
