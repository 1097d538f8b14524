"""Pathways: flat gene sets, joined to genes by whatever names their members carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from lifenode.packs.readers import gmt
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped, Part

# How WikiPathways authors name the databases of their nodes, and the namespaces to look such a node up in, in order.
_DATABASES = {
    "Ensembl": ("ENSG", "ORF", "AGI"),
    "Entrez Gene": ("ENTREZGENE",),
    "Uniprot-TrEMBL": ("UNIPROT",),
    "HGNC": ("SYMBOL", "HGNC"),
    "HGNC Accession number": ("HGNC",),
    "MGI": ("MGI",),
    "RGD": ("RGD",),
    "SGD": ("SGD",),
    "FlyBase": ("FLYBASE",),
    "WormBase": ("WORMBASE",),
    "ZFIN": ("ZFIN",),
    "TAIR": ("AGI",),
    "Gramene Arabidopsis": ("AGI",),
    "RefSeq": ("REFSEQ",),
}


def sets_frame(path: Path) -> pl.DataFrame:
    """Return the sets of a GMT file, one row a member: term_id, name, member."""
    rows = [(found.term_id, found.name, member) for found in gmt.read(path) for member in found.members]
    return pl.DataFrame(rows, schema=dict.fromkeys(("term_id", "name", "member"), pl.String), orient="row")


def gene_sets(source: str, sets: pl.DataFrame, links: Sequence[pl.DataFrame], dropped: Dropped) -> Part:
    """Return a source made of flat sets.

    Parameters
    ----------
    source
        Such as ``REAC``.
    sets
        One row a member: term_id, name, member.
    links
        Tables identifier, gene in order of trust: a member is looked up in the next only when the one before does not
        know it.
    dropped
        Counts members that no table knows, and sets left without any gene.
    """
    rows, lost = _look_up(sets, links)
    dropped.add(source, "member not among the genes", lost)
    return _part(source, sets, rows, dropped)


def gene_sets_in_forms(
    source: str, forms: Mapping[str, tuple[pl.DataFrame, Sequence[pl.DataFrame]]], dropped: Dropped
) -> Part:
    """Return the same sets told in several identifier systems: what any of the `forms` (sets, links) finds.

    A form whose links are empty says nothing and is not counted.
    """
    told = {form: pair for form, pair in forms.items() if any(link.height for link in pair[1])}
    found = []
    for form, (sets, links) in told.items():
        rows, lost = _look_up(sets, links)
        dropped.add(source, f"member not among the genes ({form} form)", lost)
        found.append(rows)
    every = pl.concat([sets for sets, _ in forms.values()])
    return _part(source, every, pl.concat(found).unique(), dropped)


def _look_up(sets: pl.DataFrame, links: Sequence[pl.DataFrame]) -> tuple[pl.DataFrame, int]:
    """Return term_id and gene of the members that `links` know, and the number of the others."""
    found, rest = [], sets.select("term_id", "member").unique(maintain_order=True)
    for link in links:
        known = link.rename({"identifier": "member"})
        found.append(rest.join(known, on="member").select("term_id", "gene"))
        rest = rest.join(known, on="member", how="anti")
    return pl.concat(found).unique(), rest.height


def _part(source: str, sets: pl.DataFrame, rows: pl.DataFrame, dropped: Dropped) -> Part:
    named = sets.unique("term_id", keep="first", maintain_order=True)
    terms = named.join(rows, on="term_id", how="semi").select(
        pl.lit(source).alias("source"), "term_id", "name", parents=pl.lit([], dtype=pl.List(pl.String))
    )
    dropped.add(source, "set without any known gene", named.height - terms.height)
    flat = rows.select(pl.lit(source).alias("source"), "term_id", "gene", pl.lit("").alias("evidence"))
    return Part(terms, flat)


def unambiguous(links: pl.DataFrame) -> pl.DataFrame:
    """Return the `links` whose identifier means one gene only; an old name several genes had proves nothing."""
    return links.filter(pl.len().over("identifier") == 1)


def wikipathways(nodes: pl.DataFrame, names: Identifiers, dropped: Dropped) -> Part:
    """Return WikiPathways from the nodes of its drawings.

    Parameters
    ----------
    nodes
        Columns wpid, name, database, identifier; one species.
    names
        Identifiers of the same species.
    dropped
        Counts nodes whose database or identifier leads to no gene.
    """
    rows = nodes.select("database", source=pl.lit("WP"), term_id="wpid", name="name", member=_node_id()).unique(
        maintain_order=True
    )
    usable = pl.col("database").is_in(list(_DATABASES)) & pl.col("member").is_not_null()
    kept = dropped.keep(rows, usable, "node of a database without gene identifiers")
    found = []
    for database, kinds in _DATABASES.items():
        genes, lost = _look_up(kept.filter(database=database), [names.links(kind) for kind in kinds])
        dropped.add("WP", "member not among the genes", lost)
        found.append(genes)
    return _part("WP", rows, pl.concat(found).unique(), dropped)


def _node_id() -> pl.Expr:
    """Return a node's identifier as the identifier tables spell it.

    Authors leave out prefixes (``RGD`` 1303075), append TAIR's gene suffix (AT1G29910-TAIR-G) or write AGI codes in
    small letters.
    """
    prefix = pl.col("database").replace_strict({"RGD": "RGD:", "MGI": "MGI:"}, default="")
    bare = pl.col("identifier").str.strip_chars().str.replace("^(RGD|MGI):", "").str.replace("-TAIR-G$", "")
    code = pl.when(bare.str.contains(r"(?i)^AT[1-5CM]G\d{5}$")).then(bare.str.to_uppercase()).otherwise(bare)
    return pl.concat_str(prefix, code)
