"""One locus against everything that a catalogue holds there, to find the genes and tissues that share its cause."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import numpy as np
import polars as pl

import lifenode
from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.coloc_compare import COLUMNS
from lifenode.eqtl.coloc_dataset import dataset_of
from lifenode.eqtl.coloc_pairs import coloc_many
from lifenode.eqtl.coloc_signals import Signals
from lifenode.eqtl.colocalise_locus import Locus, keys_of, locus_of, people_of
from lifenode.eqtl.columns import SIGNALS
from lifenode.eqtl.query import Deadline, RegionLike, Several
from lifenode.errors import BadTable, EmptyInput, InvalidOption
from lifenode.table import Column, Table

Method = Literal["abf", "signals"]
METHODS = ("abf", "signals")
_AT_ONCE = 64
_KEY = ["dataset_id", "molecular_trait_id"]
_NAMED = (
    Column("dataset_id", "text", "Data set."),
    Column("molecular_trait_id", "text", "Gene, exon, transcript, splice junction or protein."),
    Column("gene_id", "text", "Ensembl gene id."),
)


def colocalise(
    catalogue: Catalogue, locus: Mapping[str, Any], *, region: RegionLike | None = None, gene: Several = None,
    molecular_trait: Several = None, dataset: Several = None, method: Method = "abf", p1: float = 1e-4,
    p2: float = 1e-4, p12: float | None = None, seconds: float | None = None, **filters: Several,
) -> Table:  # fmt: skip
    """Colocalise a locus with every trait of a catalogue that was tested there.

    Parameters
    ----------
    catalogue
        The catalogue.
    locus
        A data set as in `lifenode.eqtl.coloc`, for one stretch of one chromosome; variants as
        ``chr5_75355259_A_G`` or ``5:75355259:A:G`` on GRCh38, either allele first. `lifenode.eqtl.stored_locus`
        makes one from a data set of the catalogue.
    region
        Only this part of it.
    gene, molecular_trait, dataset, **filters
        What to compare with, as in `Catalogue.associations`; by default every trait tested there.
    method
        ``abf``: one causal variant for each trait, from summary statistics. ``signals``: each fine-mapped signal of a
        trait by itself, from its log Bayes factors.
    p1, p2, p12
        Prior probability that a variant is causal for the locus alone, for the trait alone, and for both; p12 is by
        default 1e-5 for ``abf`` and 5e-6 for ``signals``, as in `lifenode.eqtl.coloc` and `coloc_many`.
    seconds
        Stop with an error after this time.

    Returns
    -------
    Table
        A row for each trait (or signal): ``dataset_id, molecular_trait_id, gene_id``, then those of
        `lifenode.eqtl.bf_bf` but its names; the greatest ``pp_h4`` first. ``meta["left_out"]`` says which traits could
        not be compared and why, ``meta["unavailable"]`` which data sets could not answer.

    Raises
    ------
    BadTable
        The locus cannot be read, or nothing was tested there that shares a variant with it.
    InvalidOption, UnknownName, TookTooLong
        As `Catalogue.associations`; or a prior is outside its range.

    Notes
    -----
    A trait whose frequencies and number of people are known has its sdY estimated from them; otherwise it is taken for
    1, for traits of the eQTL Catalogue are normalised. Which allele is first does not matter to the Bayes factors.

    References
    ----------
    Giambartolomei 2014, doi:10.1371/journal.pgen.1004383; Wallace 2021, doi:10.1371/journal.pgen.1009440.
    """
    if method not in METHODS:
        raise InvalidOption(f"There is no method {method!r}.", value=method, next_step=f"Use {' or '.join(METHODS)}.")
    own = locus_of(locus, region)
    asked: dict[str, Any] = {
        "gene": gene, "molecular_trait": molecular_trait, "dataset": dataset, "region": str(own.region), **filters,
    }  # fmt: skip
    notes: dict[str, Any] = {"left_out": {}, "unavailable": {}}
    deadline = Deadline(seconds)
    traits = (_tested if method == "abf" else _fine_mapped)(catalogue, asked, notes, deadline)
    p12 = (1e-5 if method == "abf" else 5e-6) if p12 is None else p12
    priors = {"p1": p1, "p2": p2, "p12": p12}
    tables = [
        _compared(own, some, notes, deadline, {**priors, "trim_by_posterior": method == "signals"})
        for some in _batches((one for one in traits if one[0] != own.name), _AT_ONCE)
    ]
    frame = pl.concat([table for table in tables if table is not None]) if any(t is not None for t in tables) else None
    if frame is None:
        raise BadTable(
            f"Nothing that the catalogue holds in {own.region} shares a variant with the locus.", value=str(own.region),
            next_step="Check that positions are of GRCh38, and what is held: lifenode eqtl datasets.",
        )  # fmt: skip
    frame = frame.sort(["pp_h4", *_KEY, "idx_2"], descending=[True, False, False, False])
    meta = {
        "lifenode": lifenode.__version__, "method": f"coloc.{'abf' if method == 'abf' else 'bf_bf'}", **priors,
        "locus": {"region": str(own.region), "variants": len(own.signals.snp)}, "releases": catalogue.releases,
        "references": ["doi:10.1371/journal.pgen.1004383", "doi:10.1371/journal.pgen.1009440"],
        "notes": list(own.notes), **notes,
    }  # fmt: skip
    columns = (*_NAMED, *(column for column in COLUMNS if column.name != "name_2"))
    return Table(columns, {column.name: frame[column.name].to_list() for column in columns}, meta, frame.height)


Named = tuple[tuple[str, str], str | None, Signals]


def _tested(
    catalogue: Catalogue, asked: Mapping[str, Any], notes: dict[str, Any], deadline: Deadline
) -> Iterator[Named]:
    """Iterate over the traits tested in a region: data set and trait, gene, and one signal from their effects."""
    people = {
        row["dataset_id"]: row["sample_size"]
        for row in catalogue.state().table.select("dataset_id", "sample_size").iter_rows(named=True)
    }
    held: list[pl.DataFrame] = []
    frames = catalogue.stream(unavailable=notes["unavailable"], seconds=deadline.seconds, **asked)
    for frame in _closed(frames):
        # The rows of a trait can come in several frames, those of a data set follow each other.
        ended = [] if frame is not None and held and frame["dataset_id"][0] == held[-1]["dataset_id"][-1] else held
        if ended:
            for key, rows in pl.concat(ended).group_by(_KEY, maintain_order=True):
                deadline.check()
                name = (str(key[0]), str(key[1]))
                try:
                    yield name, rows["gene_id"][0], _from_effects(rows, people.get(name[0]))
                except BadTable as error:
                    notes["left_out"]["/".join(name)] = error.detail
            held = []
        if frame is not None:
            held.append(frame)


def _closed(frames: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame | None]:
    yield from frames
    yield None


def _from_effects(rows: pl.DataFrame, people: int | None) -> Signals:
    rows = rows.with_columns(key=keys_of(rows)).unique("key", keep="first", maintain_order=True)
    given: dict[str, Any] = {name: rows[name].to_numpy() for name in ("beta", "se")}
    maf = rows["maf"]
    people = people or people_of(rows)
    if people and not maf.null_count() and (maf > 0).all() and (maf < 1).all():
        given |= {"MAF": maf.to_numpy(), "N": people}
    else:
        given["sdY"] = 1.0
    found = dataset_of({"snp": rows["key"], "type": "quant", **given}, "The data set")
    return Signals(found.snp, found.lbf)


def _fine_mapped(
    catalogue: Catalogue, asked: Mapping[str, Any], notes: dict[str, Any], deadline: Deadline
) -> Iterator[Named]:
    """Iterate over the fine-mapped traits of a region, with the log Bayes factors of their signals."""
    found = catalogue.lbf(**asked, seconds=deadline.seconds)
    notes["unavailable"] |= found.meta["unavailable"]
    if not found.meta["complete"]:
        raise InvalidOption(
            "The region has more log Bayes factors than are taken at once.", value=str(asked["region"]),
            next_step="Name genes or data sets, or raise LIFENODE_MAX_ASSOCIATION_ROWS.",
        )  # fmt: skip
    signals = catalogue.signals(**asked, seconds=deadline.seconds).to_polars()
    genes = {(row[0], row[1]): row[2] for row in signals.select(*_KEY, "gene_id").iter_rows()}
    effects = [f"lbf_variable{number}" for number in range(1, SIGNALS + 1)]
    for key, rows in found.to_polars().group_by([*_KEY, "region"], maintain_order=True):
        deadline.check()
        name = (str(key[0]), str(key[1]))
        own = rows.with_columns(key=keys_of(rows)).unique("key", keep="first", maintain_order=True)
        matrix = own.select(pl.col(effects).cast(pl.Float64)).to_numpy().T
        yield name, genes.get(name), Signals(own["key"].to_list(), np.ascontiguousarray(matrix))


def _batches(traits: Iterator[Named], size: int) -> Iterator[list[Named]]:
    some: list[Named] = []
    for one in traits:
        some.append(one)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _compared(
    locus: Locus, traits: list[Named], notes: dict[str, Any], deadline: Deadline, options: Mapping[str, Any]
) -> pl.DataFrame | None:
    """Return the rows of some traits; None if none shares a variant with the locus."""
    deadline.check()
    by_number = {str(number): one for number, one in enumerate(traits)}
    try:
        found = coloc_many(locus.signals, {number: one[2] for number, one in by_number.items()}, **options)
    except BadTable:
        notes["left_out"] |= {"/".join(name): "It shares no variant with the locus." for name, _, _ in traits}
        return None
    except EmptyInput:
        return None
    of = [by_number[number] for number in found.values("name_2")]
    columns: dict[str, Any] = {
        "dataset_id": [name[0] for name, _, _ in of], "molecular_trait_id": [name[1] for name, _, _ in of],
        "gene_id": pl.Series([gene for _, gene, _ in of], dtype=pl.String),
    }  # fmt: skip
    columns |= {column.name: found.values(column.name) for column in COLUMNS if column.name != "name_2"}
    for name in ("hit_1", "hit_2"):
        columns[name] = [locus.names.get(key, key) for key in columns[name]]
    return pl.DataFrame(columns)
