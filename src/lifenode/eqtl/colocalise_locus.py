"""The locus that a catalogue is compared with: given by its user, or taken from a data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.coloc_dataset import dataset_of
from lifenode.eqtl.coloc_fields import Fields
from lifenode.eqtl.coloc_signals import Signals
from lifenode.eqtl.query import Region, RegionLike, Several, Site, region_of, site_of
from lifenode.errors import BadTable


@dataclass(frozen=True)
class Locus:
    """A locus as one signal.

    Attributes
    ----------
    signals
        Its Bayes factors; variants are called as `key_of` does.
    region
        From its first variant to its last.
    names
        What a variant is called in answers, by key.
    name
        Data set and trait that it was taken from, or two empty texts.
    notes
        What was assumed.
    """

    signals: Signals
    region: Region
    names: dict[str, str]
    name: tuple[str, str]
    notes: tuple[str, ...]


def key_of(site: Site) -> str:
    """Return a name of a variant that does not depend on which allele is first."""
    _, _, *alleles = site.variant.split("_")
    return "_".join([site.chromosome, str(site.position), *sorted(alleles)])


def keys_of(rows: pl.DataFrame) -> pl.Series:
    """Return `key_of` of rows with a column ``variant`` as the catalogue writes them."""
    parts = pl.col("variant").str.strip_prefix("chr").str.splitn("_", 4)
    one, other = parts.struct.field("field_2"), parts.struct.field("field_3")
    place = [parts.struct.field("field_0"), parts.struct.field("field_1")]
    swapped = one > other
    first, second = pl.when(swapped).then(other).otherwise(one), pl.when(swapped).then(one).otherwise(other)
    return rows.select(pl.concat_str([*place, first, second], separator="_")).to_series()


def people_of(rows: pl.DataFrame) -> int | None:
    """Return half the number of alleles of associations, None where it is not known."""
    alleles = rows["an"].max()
    return int(alleles) // 2 if isinstance(alleles, int) else None


def locus_of(given: Mapping[str, Any], region: RegionLike | None) -> Locus:
    """Read a locus; see `lifenode.eqtl.colocalise`.

    Raises
    ------
    BadTable
        It cannot be read, lies on several chromosomes, or has no variant in the region.
    InvalidOption
        A variant is not written as one.
    """
    label = "The locus"
    if "variant" in given:
        given = {**given, "snp": given["variant"]}  # snp may be an rsid or a place without alleles
    sites = [site_of(name) for name in Fields(given, label).snp.tolist()]
    within = region_of(region)
    if within is not None:
        inside = [
            row for row, site in enumerate(sites)
            if site.chromosome == within.chromosome and within.start <= site.position <= within.end
        ]  # fmt: skip
        if not inside:
            raise BadTable(
                f"{label} has no variant in {within}.", value=str(within), next_step="Name another region, or none."
            )
        given, sites = _taken(given, inside, len(sites)), [sites[row] for row in inside]
    chromosomes = sorted({site.chromosome for site in sites})
    if len(chromosomes) > 1:
        raise BadTable(
            f"{label} lies on the chromosomes {', '.join(chromosomes)}.", value=chromosomes[1],
            next_step="Give one stretch of one chromosome, or name a region.",
        )  # fmt: skip
    keys = [key_of(site) for site in sites]
    found = dataset_of({**given, "snp": keys}, label)
    places = [site.position for site in sites]
    names = dict(zip(keys, (site.variant for site in sites), strict=True))
    source = (str(given.get("dataset_id", "")), str(given.get("molecular_trait_id", "")))
    area = Region(chromosomes[0], min(places), max(places))
    return Locus(Signals(found.snp, found.lbf), area, names, source, found.notes)


def _taken(given: Mapping[str, Any], rows: list[int], length: int) -> dict[str, Any]:
    """Return some rows of a data set; single values stay."""
    taken = {}
    for name, values in given.items():
        many = not isinstance(values, (str, bytes)) and hasattr(values, "__len__") and len(values) == length
        taken[name] = [values[row] for row in rows] if many else values
    return taken


def stored_locus(
    catalogue: Catalogue, dataset: str, *, region: RegionLike | None = None, gene: Several = None,
    molecular_trait: Several = None, **facts: Any,
) -> dict[str, Any]:  # fmt: skip
    """Return a locus of a data set of the catalogue, as `lifenode.eqtl.colocalise` takes it.

    Parameters
    ----------
    catalogue, dataset
        The catalogue, and the id of the data set.
    region, gene, molecular_trait
        Which rows; they have to be of one trait.
    **facts
        ``type`` (by default ``quant``), ``N`` (by default the people of the data set, or half the alleles), ``sdY`` and
        ``s``.

    Raises
    ------
    BadTable
        There are no such rows, or they are of several traits.
    InvalidOption, UnknownName
        As `Catalogue.associations`.
    """
    found = catalogue.associations(gene, molecular_trait=molecular_trait, region=region, dataset=dataset)
    rows = found.to_polars()
    traits = rows["molecular_trait_id"].unique(maintain_order=True).to_list()
    if len(traits) != 1:
        said = f"{len(traits)} traits there ({', '.join(traits[:3])}, ...)" if traits else "no associations there"
        reason = "; ".join(found.meta["unavailable"].values())
        raise BadTable(
            f"{dataset} has {said}{f': {reason}' if reason else ''}.", value=dataset,
            next_step="Name one molecular trait, and a region where it was tested.",
        )  # fmt: skip
    (people,) = catalogue.datasets(dataset).to_polars()["sample_size"]
    locus: dict[str, Any] = {
        "snp": rows["variant"].to_list(), "beta": rows["beta"].to_numpy(), "se": rows["se"].to_numpy(),
        "position": rows["position"].to_numpy(), "type": "quant", "dataset_id": dataset,
        "molecular_trait_id": traits[0],
    }  # fmt: skip
    people = people or people_of(rows)
    if people:
        locus["N"] = people
    maf = rows["maf"].cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if np.all((maf > 0) & (maf < 1)):
        locus["MAF"] = maf
    locus |= {name: value for name, value in facts.items() if value is not None}
    if locus["type"] == "quant" and "sdY" not in locus and not {"MAF", "N"} <= set(locus):
        locus["sdY"] = 1.0
    return locus
