"""What is read from files that hold all data sets together: variants across data sets, credible sets, rsids."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from lifenode.eqtl.catalogue_state import State
from lifenode.eqtl.layout import Part
from lifenode.eqtl.query import Query, Site, rsid_number
from lifenode.eqtl.store import Store


def sites_of_rsids(store: Store, state: State, rsids: Sequence[str]) -> list[Site]:
    """Return the variants that rsids stand for; an rsid that no data set has stands for none.

    Those without associations are sought in credible sets.
    """
    numbers = [rsid_number(name) for name in rsids]
    frames = []
    for release in state.releases:
        for layer, _ in state.covering(release):
            files = [
                store.path / part.path
                for part in layer.tables.get("rsids", ())
                if any(part.first <= number <= part.last for number in numbers) and not store.missing([part])
            ]
            if files:
                lazy = pl.scan_parquet(files).filter(pl.col("rsid").is_between(min(numbers), max(numbers)))
                frames.append(lazy.filter(pl.col("rsid").is_in(numbers)).collect())
    frames += [_rsids_one_by_one(store, state, name, rsids) for name in uncovered(state)]
    if not any(frame.height for frame in frames):
        frames = [_rsids_of_sets(store, state, rsids)]
    found = {
        Site(chromosome, position, variant)
        for frame in frames
        for chromosome, position, variant in frame.select("chromosome", "position", "variant").iter_rows()
    }
    return sorted(found, key=lambda site: (site.chromosome, site.position, site.variant))


def _rsids_one_by_one(store: Store, state: State, dataset_id: str, rsids: Sequence[str]) -> pl.DataFrame:
    parts = state.manifests[dataset_id].parts("variants")
    files = [store.path / part.path for part in parts if not store.missing([part])]
    if not files:
        return pl.DataFrame(schema={"chromosome": pl.String, "position": pl.Int32, "variant": pl.String})
    listed = pl.col("rsid").str.split(",").list
    wanted = pl.any_horizontal(listed.contains(name.lower()) for name in rsids)
    return pl.scan_parquet(files).filter(wanted).select("chromosome", "position", "variant").collect()


def _rsids_of_sets(store: Store, state: State, rsids: Sequence[str]) -> pl.DataFrame:
    parts = [
        part
        for release in state.releases
        for layer, _ in state.covering(release)
        for part in layer.tables.get("credible_sets_by_position", ())
    ]
    parts += [part for name in uncovered(state) for part in state.manifests[name].parts("credible_sets")]
    files = [store.path / part.path for part in parts if not store.missing([part])]
    columns = ("chromosome", "position", "variant")
    if not files:
        return pl.DataFrame(schema={"chromosome": pl.String, "position": pl.Int32, "variant": pl.String})
    listed = pl.col("rsid").str.split(",").list
    wanted = pl.any_horizontal(listed.contains(name.lower()) for name in rsids)
    every = [pl.scan_parquet(file).select(*columns, "rsid").filter(wanted).select(columns).collect() for file in files]
    return pl.concat(every, how="vertical_relaxed").unique(maintain_order=True)


def uncovered(state: State) -> list[str]:
    """Return the data sets that no layer has in their present generation."""
    covered = {name for release in state.releases for _, names in state.covering(release) for name in names}
    return [name for name in state.manifests if name not in covered]


def variants_across(
    store: Store, state: State, query: Query, datasets: Sequence[str]
) -> Iterator[tuple[set[str], pl.DataFrame]]:
    """Iterate over the rows of variants in many data sets, from bins; with the data sets each frame answers for."""
    sites = query.sites or ()
    for release in state.releases:
        for layer, names in state.covering(release):
            wanted = sorted(set(names) & set(datasets))
            found = [part for site in sites for part in state.bins_at(layer, site.chromosome, site.position)]
            parts = list({part.path: part for part in found}.values())
            if not wanted or store.missing(parts):
                continue
            if parts:
                lazy = pl.scan_parquet([store.path / part.path for part in parts]).filter(
                    pl.col("position").is_in(sorted({site.position for site in sites}))
                )
                rows = lazy.filter(query.condition(with_traits=True)).collect()
                yield set(wanted), rows.filter(pl.col("dataset_id").is_in(wanted))
            else:
                yield set(wanted), pl.DataFrame()


def credible_sets_across(
    store: Store, state: State, table: str, wanted: pl.Expr, query: Query, datasets: Sequence[str], most: int
) -> Iterator[tuple[set[str], pl.DataFrame]]:
    """Iterate over the rows of a table of credible sets, layer by layer.

    Parameters
    ----------
    store, state
        The catalogue.
    table
        ``credible_sets_by_gene``, ``credible_sets_by_position`` or ``signals``.
    wanted
        What rows have to fulfil.
    query
        Tells which files can hold rows.
    datasets
        Data sets wanted.
    most
        Rows taken from a layer.
    """
    for release in state.releases:
        for layer, names in state.covering(release):
            own = sorted(set(names) & set(datasets))
            parts = [part for part in layer.tables.get(table, ()) if _can_hold(part, table, query)]
            if not own or store.missing(parts):
                continue
            rows = pl.DataFrame()
            if parts:
                lazy = pl.scan_parquet([store.path / part.path for part in parts])
                rows = lazy.filter(wanted & pl.col("dataset_id").is_in(own)).head(most).collect()
            yield set(own), rows


def _can_hold(part: Part, table: str, query: Query) -> bool:
    spans = query.spans()
    if spans is not None and not any(span.chromosome == part.chromosome for span in spans):
        return False
    if table.endswith("position") and spans is not None:
        return any(
            span.chromosome == part.chromosome and part.first <= span.end and part.last >= span.start for span in spans
        )
    if not table.endswith("position") and query.genes and part.first is not None:
        return any(part.first <= gene <= part.last for gene in query.genes)
    return True
