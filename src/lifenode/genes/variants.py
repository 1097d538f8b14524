"""Look variants up: rsIDs, places and changes, with their genes and consequences."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from lifenode.errors import BadTable, InputTooLarge
from lifenode.genes.accounting import BLANK, CATEGORIES, DUPLICATE, MAPPED, UNMAPPED, Accounting, Details
from lifenode.genes.lists import read_queries
from lifenode.genes.texts import shown, texts_of
from lifenode.genes.variant_finder import Found, variant_finder
from lifenode.genes.variant_rows import COLUMNS, variant_columns
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import settings
from lifenode.table import Table

__all__ = ["COLUMNS", "Variants", "variants"]


class Variants(Table):
    """A row per item and variant, in the order given; nothing is dropped.

    ``table["consequence_counts"]`` holds the consequences of each row as a dict of term -> count, and
    ``table["gene_consequence_counts"]`` a dict of gene id -> term -> count.

    Attributes
    ----------
    accounting
        What became of every item.
    """

    accounting: Accounting


def variants(query: object, organism: str | Path | None = None) -> Variants:
    """Return what the pack holds of some variants: place, alleles, genes and consequences.

    Parameters
    ----------
    query
        A list, set, Series or array, a path, or ``"-"`` for standard input. Items are rsIDs (``rs699``), changes
        (``1:230710048:A:G``, also with ``-``, ``_``, ``/`` or ``>`` between the parts) and places
        (``19:44,900,000-44,910,000``, ``19:44908684``), whose variants and genes are all given. Positions are 1-based,
        both ends included, of the assembly of the pack.
    organism
        Organism id or pack folder; the organism of `lifenode.settings` by default.

    Returns
    -------
    Variants
        Columns ``query, rsid, chromosome, start, end, strand, alleles, gene_ids, gene_symbols, consequences,
        gene_consequences, genes_by, found_by, status``.

    Raises
    ------
    UnknownOrganism
        There is no such pack.
    InputError
        The query cannot be used, or its places hold more variants than a table may have rows.

    Examples
    --------
    >>> import lifenode
    >>> table = lifenode.variants(["rs429358", "19:44908684:T:C", "rs1"])
    >>> table["gene_symbols"]
    [['APOE'], ['APOE'], []]
    >>> table["status"].tolist()
    ['mapped', 'duplicate', 'unmapped']
    """
    pack = open_pack(organism)
    queries = read_queries(query)
    if queries.kind in ("table", "anndata"):
        raise BadTable(
            "The input is a table of results, and variants takes a list of variants.",
            value=", ".join(queries.lists),
            next_step="Pass the column that holds the variants.",
        )
    texts = texts_of([item for listed in queries.lists.values() for item in listed])
    finder = variant_finder(pack)
    found = finder.find(texts)
    _check_size(texts, found)
    codes, accounting = _account(texts, found)
    longest = settings().max_identifier_length
    rows = [(shown(t, longest), one, CATEGORIES[code]) for t, one, code in zip(texts, found, codes, strict=True)]
    table = Variants(
        COLUMNS,
        variant_columns(rows, finder.index, pack.genes()),
        lambda: _meta(pack, 0 if finder.index is None else len(finder.index), accounting, queries.notes),
        sum(one.height for one in found),
    )
    table.accounting = accounting
    return table


def _check_size(texts: list[str], found: list[Found]) -> None:
    """Raise `InputTooLarge` before a table is made that nobody wants to read."""
    most, rows = settings().max_variant_rows, sum(one.height for one in found)
    if rows > most:
        widest = max(range(len(found)), key=lambda position: found[position].height)
        raise InputTooLarge(
            f"The answer would have {rows:,} rows, {found[widest].height:,} of them for {shown(texts[widest], 60)}; "
            f"the limit is {most:,}.",
            value=rows,
            next_step="Ask for shorter places, or raise LIFENODE_MAX_VARIANT_ROWS.",
        )


def _account(texts: list[str], found: list[Found]) -> tuple[bytearray, Accounting]:
    """Sort the items into categories; a repeated variant or place is a duplicate."""
    codes = bytearray(len(found))
    first: dict[object, int] = {}
    duplicates: list[tuple[int, int]] = []
    for position, one in enumerate(found):
        if one.is_blank:
            codes[position] = BLANK
        elif one.reason:
            codes[position] = UNMAPPED
        elif (earlier := first.setdefault(one.same, position)) != position:
            codes[position] = DUPLICATE
            duplicates.append((position, earlier))
    counts = [codes.count(code) for code in range(len(CATEGORIES))]
    told = (counts[0], counts[1], counts[2], counts[3], counts[4])
    return codes, Accounting(told, lambda: _details(texts, found, codes, duplicates))


def _details(texts: list[str], found: list[Found], codes: bytearray, duplicates: list[tuple[int, int]]) -> Details:
    namespaces = Counter(one.namespace for one, code in zip(found, codes, strict=True) if code == MAPPED)
    longest = settings().max_identifier_length
    told = [shown(text.strip(), longest) for text in texts]
    return Details(
        namespaces=dict(sorted(namespaces.items(), key=lambda item: (-item[1], item[0]))),
        unmapped=[
            {"identifier": told[position], "reason": one.reason, "suggestions": []}
            for position, one in enumerate(found)
            if codes[position] == UNMAPPED
        ],
        ambiguous=[],
        duplicate=[{"identifier": told[here], "same_as": told[earlier]} for here, earlier in duplicates],
    )


def _meta(pack: Pack, held: int, accounting: Accounting, notes: list[str]) -> dict[str, Any]:
    return {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
        "variants": held,
        "accounting": accounting.to_dict(),
        "sources": {
            name: {field: getattr(pack.sources[name], field) for field in ("name", "version", "licence", "attribution")}
            for name in ("genes", "variants")
            if name in pack.sources
        },
        "notes": list(notes),
    }
