"""Term graphs: which terms live, what they are called, and their is_a and part_of parents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from lifenode.errors import BuildFailed
from lifenode.packs.readers import obo

GO_ROOTS = {"GO:0003674": "GO:MF", "GO:0008150": "GO:BP", "GO:0005575": "GO:CC"}
"""The three roots; a gene annotated directly to one has no known function, process or place (evidence ND)."""

GO_NAMESPACES = {"molecular_function": "GO:MF", "biological_process": "GO:BP", "cellular_component": "GO:CC"}
"""Sources by the namespaces of GO's own files."""

PARENT_RELATIONS = ("is_a", "part_of")
"""Relations along which annotations propagate. The regulates relations do not: a regulator is no part of it."""


@dataclass(frozen=True)
class Ontology:
    """A term graph.

    Parameters
    ----------
    terms
        Live terms: source, term_id, name, parents (list of term ids).
    obsolete
        Ids of the terms the release calls obsolete.
    alternatives
        Columns alternative and term_id: ids that were merged into a live term.
    roots
        Ids of the terms that annotate nothing when used directly.
    """

    terms: pl.DataFrame
    obsolete: pl.Series
    alternatives: pl.DataFrame
    roots: tuple[str, ...] = ()


def no_alternatives() -> pl.DataFrame:
    """Return an empty table of merged ids."""
    return pl.DataFrame(schema={"alternative": pl.String, "term_id": pl.String})


def graph(terms: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Return `terms` (source, term_id, name) with the list of parents that `edges` (child, parent) give.

    An edge counts only when both its ends are among `terms`.
    """
    ids = terms["term_id"]
    parents = (
        edges.filter(pl.col("child").is_in(ids.implode()), pl.col("parent").is_in(ids.implode()))
        .group_by(term_id="child")
        .agg(parents=pl.col("parent").unique().sort())
    )
    return terms.join(parents, on="term_id", how="left", maintain_order="left").with_columns(
        pl.col("parents").fill_null(pl.lit([], dtype=pl.List(pl.String)))
    )


def go_from_tables(
    terms: pl.DataFrame, edges: pl.DataFrame, release: Literal["2024-01", "2021-05"], older_names: pl.DataFrame
) -> Ontology:
    """Return the Gene Ontology of one release from the tables of terms and edges.

    Parameters
    ----------
    terms
        Columns go_id, name, namespace (BP, MF, CC), obsolete (as of 2024-01-17), in_2021_05.
    edges
        Columns child, parent, relation, in_2024_01_17, in_2021_05.
    release
        ``2021-05``: every edge of that release, the graph that goes with annotations of 2018 to 2020. ``2024-01``: is_a
        of 2024-01-17 with the part_of edges of 2021-05 whose ends both live, for newer annotations; the 2024 table has
        no part_of of its own.
    """
    edges = edges.filter(pl.col("relation").is_in(PARENT_RELATIONS))
    named = terms.select("obsolete", source=pl.concat_str(pl.lit("GO:"), "namespace"), term_id="go_id", name="name")
    if release == "2024-01":
        live = named.filter(obsolete="0").drop("obsolete")
        edges = edges.filter((pl.col("in_2024_01_17") == "1") | (pl.col("relation") == "part_of"))
    else:
        edges = edges.filter(in_2021_05="1")
        live = _live_in_2021(named.drop("obsolete"), edges.filter(relation="is_a"), older_names)
    gone = terms.filter(~pl.col("go_id").is_in(live["term_id"].implode()))["go_id"]
    return Ontology(graph(live, edges), gone, no_alternatives(), tuple(GO_ROOTS))


def _live_in_2021(named: pl.DataFrame, is_a: pl.DataFrame, older_names: pl.DataFrame) -> pl.DataFrame:
    """Return the terms of 2021-05: those with an is_a parent, and the roots.

    The table of terms is of 2024, so it calls obsolete what became so later, and lacks what was merged since, such as
    GO:0016021. The latter get their branch from their parents and their name from `older_names`, or none but the id.
    """
    live = pl.concat([is_a.select(term_id="child"), pl.DataFrame({"term_id": list(GO_ROOTS)})]).unique().sort("term_id")
    live = (
        live.join(named, on="term_id", how="left", maintain_order="left")
        .join(older_names.rename({"name": "older"}), on="term_id", how="left", maintain_order="left")
        .select(
            "source", "term_id", name=pl.coalesce(pl.col("name").str.replace("^(?:obsolete )+", ""), "older", "term_id")
        )
    )
    upward = is_a.select(term_id="child", above="parent").unique("term_id", keep="first", maintain_order=True)
    while live["source"].null_count():
        above = upward.join(live.select(above="term_id", inherited="source"), on="above").drop("above")
        known = live["source"].null_count()
        live = live.join(above, on="term_id", how="left", maintain_order="left").select(
            pl.coalesce("source", "inherited").alias("source"), "term_id", "name"
        )
        if live["source"].null_count() == known:
            raise BuildFailed("The edges of the 2021-05 graph do not lead to its roots.", value="go_edges")
    return live


def hpo_from_table(terms: pl.DataFrame) -> Ontology:
    """Return the Human Phenotype Ontology from a table hp_id, name, obsolete, parents_is_a (joined by ``|``)."""
    live = terms.filter(obsolete="0")
    edges = live.select(child="hp_id", parent=pl.col("parents_is_a").str.split("|")).explode("parent").drop_nulls()
    named = live.select(pl.lit("HP").alias("source"), term_id="hp_id", name="name")
    return Ontology(graph(named, edges), terms.filter(obsolete="1")["hp_id"], no_alternatives())


def from_obo(ontology: obo.Ontology, sources: Mapping[str, str], roots: tuple[str, ...] = ()) -> Ontology:
    """Return the graph of an OBO file.

    Parameters
    ----------
    ontology
        A file as `lifenode.packs.readers.obo.read` returns it.
    sources
        Source of the terms by namespace, or by the prefix of their ids (``HP``); terms of neither are left out.
    roots
        Ids of the terms that annotate nothing when used directly.
    """
    terms, edges, merged = ontology.frames()
    prefix = pl.col("term_id").str.split(":").list.first()
    named = terms.with_columns(
        source=pl.coalesce(
            pl.col("namespace").replace_strict(sources, default=None, return_dtype=pl.String),
            prefix.replace_strict(sources, default=None, return_dtype=pl.String),
        )
    ).filter(pl.col("source").is_not_null())
    live = named.filter(~pl.col("obsolete")).select("source", "term_id", "name")
    kept = edges.filter(pl.col("relation").is_in(PARENT_RELATIONS)).select("child", "parent")
    alternatives = merged.filter(pl.col("term_id").is_in(live["term_id"].implode())).unique("alternative")
    return Ontology(graph(live, kept), named.filter("obsolete")["term_id"], alternatives, roots)
