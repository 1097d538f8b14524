"""Direct annotations: from a gene's outside identifier and a term to rows of the pack."""

from __future__ import annotations

import polars as pl

from lifenode.packs.recipes.ontology import Ontology
from lifenode.packs.recipes.parts import Dropped

EXPERIMENTAL = "experimental"
"""The release flags the pair as resting on experiments, without the code."""
UNRECORDED = "unrecorded"
"""The release says nothing of the evidence, save that it is not experimental."""

_COLUMNS = ("source", "key", "term_id", "evidence")


def without_negations(rows: pl.DataFrame, dropped: Dropped) -> pl.DataFrame:
    """Return `rows` (source, key, term_id, evidence, qualifier) less NOT qualifiers and ND evidence.

    A NOT row says that the gene does not do it; ND says that nobody knows. Qualifiers are joined by spaces or ``|``.
    """
    negated = pl.col("qualifier").fill_null("").str.contains(r"(?i)(^|[|\s])NOT($|[|\s])")
    rows = dropped.keep(rows, ~negated, "NOT qualifier")
    return dropped.keep(rows, pl.col("evidence") != "ND", "no biological data (ND)").select(_COLUMNS)


def on_live_terms(rows: pl.DataFrame, ontology: Ontology, dropped: Dropped) -> pl.DataFrame:
    """Return `rows` with merged term ids replaced, less those on obsolete, unknown or root terms.

    The source of a row becomes that of its term, which decides when the two differ.
    """
    merged = ontology.alternatives.rename({"term_id": "current", "alternative": "term_id"})
    rows = rows.join(merged, on="term_id", how="left").with_columns(term_id=pl.coalesce("current", "term_id"))
    live = ontology.terms.select("term_id", actual="source")
    rows = rows.drop("current").join(live, on="term_id", how="left")
    rows = dropped.keep(rows, ~pl.col("term_id").is_in(ontology.obsolete.implode()), "obsolete term")
    rows = dropped.keep(rows, pl.col("actual").is_not_null(), "term not in the ontology release")
    rows = rows.with_columns(source="actual").drop("actual")
    return dropped.keep(rows, ~pl.col("term_id").is_in(ontology.roots), "directly on a root (no biological data)")


def on_genes(rows: pl.DataFrame, links: pl.DataFrame, dropped: Dropped) -> pl.DataFrame:
    """Return `rows` (source, key, term_id, evidence) for every gene that `links` (identifier, gene) give their key.

    Where several keys lead to one gene, `UNRECORDED` gives way to whatever else is known of the pair.
    """
    found = rows.join(links.rename({"identifier": "key"}), on="key", how="left")
    found = dropped.keep(found, pl.col("gene").is_not_null(), "gene not among the genes of the primary assembly")
    found = found.select("source", "term_id", "gene", "evidence").unique()
    alone = pl.len().over("term_id", "gene") == 1
    return found.filter(alone | (pl.col("evidence") != UNRECORDED))


def flagged(rows: pl.DataFrame) -> pl.DataFrame:
    """Return `rows` with a boolean column experimental turned into evidence."""
    evidence = pl.when("experimental").then(pl.lit(EXPERIMENTAL)).otherwise(pl.lit(UNRECORDED))
    return rows.with_columns(evidence=evidence).select(_COLUMNS)


def with_codes(pairs: pl.DataFrame, coded: pl.DataFrame) -> pl.DataFrame:
    """Return the `pairs` of a release without codes, with the codes an older release has for the same pair.

    Parameters
    ----------
    pairs
        Columns source, key, term_id and evidence (`EXPERIMENTAL` or `UNRECORDED`).
    coded
        Rows key, term_id, evidence of a release with codes, negations already out.

    Notes
    -----
    A pair known to both keeps all its codes. When its only code is IEA and the newer release calls it experimental, the
    row `EXPERIMENTAL` is added: the pair has since been confirmed. A pair of the newer release alone keeps its flag.
    """
    codes = coded.select("key", "term_id", code="evidence").unique()
    both = pairs.join(codes, on=["key", "term_id"], how="inner")
    confirmed = both.filter(
        (pl.col("code") == "IEA").all().over("key", "term_id"), pl.col("evidence") == EXPERIMENTAL
    ).drop("code")
    newer = pairs.join(codes, on=["key", "term_id"], how="anti")
    return pl.concat([both.with_columns(evidence="code").drop("code"), confirmed, newer])
