"""Every trait of a region against one more trait, in one table that tells which of them share its causal variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

import lifenode
from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.coloc_compare import COLUMNS as PAIRS
from lifenode.eqtl.coloc_dataset import dataset_of
from lifenode.eqtl.coloc_pairs import coloc_many
from lifenode.eqtl.coloc_posteriors import Priors
from lifenode.eqtl.coloc_signals import Signals, signals_of
from lifenode.eqtl.coloc_study import study_of
from lifenode.eqtl.locus_genes import gene_symbols
from lifenode.eqtl.locus_panels import dataset_name
from lifenode.eqtl.query import Region, is_gene_id
from lifenode.errors import BadTable, LifenodeError, UnknownName
from lifenode.table import Column, Table

MOST_TRAITS = 20_000
"""Most traits that one question compares."""

COLUMNS = (
    Column("dataset_id", "text", "Data set of the first trait."),
    Column("dataset", "text", "What people call it."),
    Column("gene", "text", "Gene of the first trait."),
    Column("gene_id", "text", "Its Ensembl id."),
    Column("molecular_trait_id", "text", "The first trait."),
    Column("signal_1", "integer", "Number of its fine-mapped signal; missing for one causal variant at most."),
    Column("signal_2", "integer", "The same of the second trait."),
    Column("nsnps", "integer", "Variants that both have."),
    *(column for column in PAIRS if column.name.startswith("pp_h")),
    Column("hit_1", "text", "Shared variant with the greatest Bayes factor in the first trait."),
    Column("hit_2", "text", "Shared variant with the greatest Bayes factor in the second trait."),
    Column("overlap_1", "number", "Share of the posterior of the first trait on variants that the second has."),
    Column("overlap_2", "number", "Share of the posterior of the second trait on variants that the first has."),
)


@dataclass(frozen=True)
class Trait:
    """A trait at a locus.

    Attributes
    ----------
    dataset_id, dataset, gene_id, trait
        What it is.
    rows
        Its associations, by position; empty where only Bayes factors are held.
    signals
        Its Bayes factors: of one causal variant at most, or those of fine mapping.
    fine_mapped
        Whether they are of fine mapping.
    notes
        What was assumed.
    symbol
        Symbol of the gene, if known.
    """

    dataset_id: str
    dataset: str
    gene_id: str
    trait: str
    rows: pl.DataFrame
    signals: Signals
    fine_mapped: bool
    notes: tuple[str, ...] = ()
    symbol: str = ""

    @property
    def key(self) -> str:
        """What it is called in addresses."""
        return f"{self.dataset_id}|{self.trait}"


def trait_of(rows: pl.DataFrame, dataset_id: str, dataset: str, **options: Any) -> Trait:
    """Return a trait with at most one causal variant; `options` as in `study_of`."""
    usable = (pl.col("se") > 0) & pl.col("beta").is_finite() & pl.col("se").is_finite()
    rows = rows.filter(usable).unique("variant", keep="first", maintain_order=True)
    name = str(rows["molecular_trait_id"][0])
    study = study_of(rows, **options)
    made = dataset_of(study, dataset)
    notes = (
        made.notes
        if made.kind == "cc" or "sdY" not in study
        else (*made.notes, f"{dataset}: sdY taken as {made.sdy:g}")
    )
    signals = Signals(made.snp, made.lbf, name=f"{dataset_id}|{name}")
    return Trait(dataset_id, dataset, str(rows["gene_id"][0] or ""), name, rows, signals, False, notes)


def traits_in(
    catalogue: Catalogue,
    region: Region | None,
    *,
    gene: str | None = None,
    trait: str | None = None,
    dataset: Sequence[str] = (),
) -> list[Trait]:
    """Return the traits of a catalogue in a region, data set by data set.

    Where a data set holds log Bayes factors of fine mapping for a trait, these are its signals; else each has one,
    under at most one causal variant.

    Raises
    ------
    UnknownName
        There is none.
    BadTable
        There are more than 20,000.
    """
    place = str(region) if region else None
    held = catalogue.datasets(list(dataset)).to_polars()
    found: list[Trait] = []
    for facts in held.iter_rows(named=True):
        name, called = facts["dataset_id"], dataset_name(facts, facts["dataset_id"])
        rows = catalogue.associations(gene, molecular_trait=trait, region=place, dataset=name).to_polars()
        parts = rows.sort("position", "variant").partition_by("molecular_trait_id", maintain_order=True)
        mapped = _fine_mapped(catalogue, name, called, parts, region, trait or gene)
        found += mapped.values()
        found += [trait_of(part, name, called) for part in parts if part["molecular_trait_id"][0] not in mapped]
        if len(found) > MOST_TRAITS:
            raise BadTable(
                f"The region has more than {MOST_TRAITS:,} traits.", value=len(found),
                next_step="Name a gene, fewer data sets or a smaller region.",
            )  # fmt: skip
    if not found:
        of, within = f" of {gene or trait}" if gene or trait else "", f" in {place}" if place else ""
        where = f"{of}{within}" or " in the data sets chosen"
        raise UnknownName(
            f"The catalogue has no association{where}.", value=where,
            next_step="Name another gene, region or data set.",
        )  # fmt: skip
    symbols = gene_symbols(one.gene_id for one in found if one.gene_id)
    return [replace(one, symbol=symbols.get(one.gene_id, "")) for one in found]


def _fine_mapped(
    catalogue: Catalogue, dataset: str, called: str, parts: list[pl.DataFrame], region: Region | None, trait: str | None
) -> dict[str, Trait]:
    """Return the traits of which log Bayes factors are held."""
    try:
        manifest = catalogue.manifest(dataset)
    except LifenodeError:
        return {}
    rows_of = {str(part["molecular_trait_id"][0]): part for part in parts}
    wanted = list(rows_of) or ([trait] if trait else [])
    if not manifest.parts("lbf") or not wanted:
        return {}
    table = catalogue.lbf(wanted, dataset=dataset, region=str(region) if region else None).to_polars()
    found = {}
    for part in table.unique(["molecular_trait_id", "variant"], maintain_order=True).partition_by("molecular_trait_id"):
        name = str(part["molecular_trait_id"][0])
        lbf = [column for column in part.columns if column.startswith("lbf_variable")]
        usable = part.drop_nulls(lbf)
        if usable.is_empty():
            continue
        signals = signals_of(usable.select("variant", *lbf), f"{dataset}|{name}")
        used = signals.chosen(signals.used())
        if len(used.lbf):
            rows = rows_of.get(name, pl.DataFrame())
            gene = str(rows["gene_id"][0] or "") if rows.height else name if is_gene_id(name) else ""
            found[name] = Trait(dataset, called, gene, name, rows, used, True)
    return found


def coloc_region(second: Trait, traits: Sequence[Trait], priors: Priors) -> Table:
    """Colocalise one trait with every other, in matrix products.

    Parameters
    ----------
    second
        The trait that all others are compared with, such as a GWAS.
    traits
        The first traits.
    priors
        p1 of the first traits, p2 of `second`, p12 of both.

    Returns
    -------
    Table
        A row a pair of signals, the highest ``pp_h4`` first; see `COLUMNS`. H1 is that only the first trait has a
        causal variant, H2 that only `second` has.

    Raises
    ------
    BadTable
        No trait shares a variant with `second`.

    Notes
    -----
    As `lifenode.eqtl.coloc_many`, without leaving out pairs of little overlap: ``overlap_1`` and ``overlap_2`` tell it.
    """
    by_key = {one.key: one for one in traits if one.key != second.key}
    if not by_key:
        raise BadTable(
            "There is nothing to compare: both traits are the same.", value=second.trait,
            next_step="Choose another trait or data set.",
        )  # fmt: skip
    pairs = coloc_many(
        second.signals, [one.signals for one in by_key.values()], p1=priors.p2, p2=priors.p1, p12=priors.p12,
        trim_by_posterior=False,
    )  # fmt: skip
    own = [by_key[name] for name in pairs["name_2"]]
    # The second trait goes first there, so that all others are the columns of one matrix.
    data: dict[str, Any] = {
        "dataset_id": [one.dataset_id for one in own], "dataset": [one.dataset for one in own],
        "gene": [one.symbol for one in own], "gene_id": [one.gene_id for one in own],
        "molecular_trait_id": [one.trait for one in own],
        "signal_1": [int(at) if one.fine_mapped else None for one, at in zip(own, pairs["idx_2"], strict=True)],
        "signal_2": [int(at) if second.fine_mapped else None for at in pairs["idx_1"]],
        "nsnps": pairs["nsnps"], "pp_h0": pairs["pp_h0"], "pp_h1": pairs["pp_h2"], "pp_h2": pairs["pp_h1"],
        "pp_h3": pairs["pp_h3"], "pp_h4": pairs["pp_h4"], "hit_1": pairs["hit_2"], "hit_2": pairs["hit_1"],
        "overlap_1": pairs["overlap_2"], "overlap_2": pairs["overlap_1"],
    }  # fmt: skip
    apart = pairs.meta["dropped"]["traits without a shared variant"]
    notes = [f"left out: {apart:,} traits without a shared variant"] if apart else []
    meta = {
        "lifenode": lifenode.__version__, "method": "coloc.abf, and coloc.bf_bf where fine-mapped",
        "reference": "doi:10.1371/journal.pgen.1004383", "p1": priors.p1, "p2": priors.p2, "p12": priors.p12,
        "compared": len(by_key), "notes": notes,
    }  # fmt: skip
    table = Table(COLUMNS, data, meta, len(pairs))
    order = np.lexsort((np.array([one.key for one in own], dtype=object).astype(str), -pairs["pp_h4"]))
    return table.take(order.tolist())
