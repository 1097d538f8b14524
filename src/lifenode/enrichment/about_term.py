"""All that a pack says of one term: its place among the others, and its genes with their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.term_index import TermIndex, term_index
from lifenode.errors import UnknownTerm
from lifenode.genes.direct_annotations import codes_of, direct_annotations
from lifenode.genes.texts import shown
from lifenode.packs.manifest import SourceInfo
from lifenode.table import Column, Table

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_LONGEST_SHOWN = 80
_MOST_NEAR = 5

COLUMNS = (
    Column("gene_id", "text", "identifier of the gene"),
    Column("symbol", "text", "current symbol"),
    Column("name", "text", "full name of the gene"),
    Column("evidence", "list", "evidence codes that support it, for the term or a narrower one; none if not recorded"),
    Column("direct", "boolean", "whether the source states this very term of the gene, and not only a narrower one"),
)


class TermName(NamedTuple):
    """A term and how many genes it has, those of narrower terms included."""

    term_id: str
    name: str
    size: int


@dataclass(frozen=True)
class AboutTerm:
    """What a pack says of one term.

    Attributes
    ----------
    term_id, name, source
        What it is.
    facts
        Where its source comes from, with licence and attribution.
    size, direct
        Genes of the term, and those of which the source states this very term.
    domain
        Genes that have any term of the source.
    parents, children
        Terms directly above and below, those with most genes first.
    above, below
        How many terms are above and below in all.
    """

    term_id: str
    name: str
    source: str
    facts: SourceInfo
    size: int
    direct: int
    domain: int
    parents: tuple[TermName, ...]
    children: tuple[TermName, ...]
    above: int
    below: int


class Context(NamedTuple):
    """The neighbourhood of a term, to be drawn.

    Attributes
    ----------
    above
        Terms above, the nearest first, and then the term itself.
    edges
        Pairs of places in `above`: the narrower and the broader term; `cut` where terms between them are left out.
    children
        Terms directly below, those with most genes first; those without genes only where there are no others.
    above_left_out, children_left_out
        How many are not among them.
    """

    above: tuple[TermName, ...]
    edges: tuple[Edge, ...]
    children: tuple[TermName, ...]
    above_left_out: int
    children_left_out: int


class Edge(NamedTuple):
    """A line from the narrower to the broader term."""

    low: int
    high: int
    cut: bool


def find_term(pack: Pack, text: str) -> int:
    """Return the row of a term among all terms of `pack`.

    Raises
    ------
    UnknownTerm
        There is none; near ids are offered.
    """
    index = term_index(pack)
    row = index.row(text)
    if row is not None:
        return row
    near = near_terms(pack, text)
    hint = f"Did you mean {' or '.join(one.term_id for one in near[:3])}?" if near else "Search for a word of its name."
    said = shown(text.strip(), _LONGEST_SHOWN)
    raise UnknownTerm(f'There is no term "{said}" in {pack.name}.', value=said, next_step=hint)


def near_terms(pack: Pack, text: str) -> list[TermName]:
    """Return terms whose id is nearly `text`, those with genes first."""
    index = term_index(pack)
    rows = sorted(index.near(text), key=lambda row: index.size(row) == 0)
    return _names(index, rows[:_MOST_NEAR])


@lru_cache(maxsize=512)
def about_term(pack: Pack, row: int) -> AboutTerm:
    """Return what `pack` says of the term in this row."""
    index = term_index(pack)
    source, number = index.source_of(row), int(index.number[row])
    known = pack.annotations()
    place = known.sources.index(source) if source in known.sources else -1
    domain = int(np.diff(known.source_gene_indptr)[place]) if place >= 0 else 0
    return AboutTerm(
        term_id=index.ids[row],
        name=index.names[row],
        source=source,
        facts=pack.sources[source],
        size=index.size(row),
        direct=len(direct_annotations(pack).having(number)) if number >= 0 else 0,
        domain=domain,
        parents=tuple(_by_size(index, index.parents(row))),
        children=tuple(_by_size(index, index.children(row))),
        above=len(index.reached(row, up=True)),
        below=len(index.reached(row, up=False)),
    )


def context_of(pack: Pack, row: int, *, most_above: int = 18, most_children: int = 8) -> Context:
    """Return the neighbourhood of the term in this row.

    Parameters
    ----------
    most_above
        How many terms above to take: the nearest, and always the root.
    most_children
        How many terms below to take.
    """
    index = term_index(pack)
    every = index.reached(row, up=True)
    kept = every if len(every) <= most_above else [*every[: most_above - 1], _root_of(index, every)]
    rows = list(dict.fromkeys([*kept, row]))
    place = {one: at for at, one in enumerate(rows)}
    children = _by_size(index, index.children(row))
    with_genes = [one for one in children if one.size] or children
    return Context(
        above=tuple(_names(index, rows)),
        edges=tuple(_edges(index, place)),
        children=tuple(with_genes[:most_children]),
        above_left_out=len(every) + 1 - len(rows),
        children_left_out=len(children) - len(with_genes[:most_children]),
    )


def _root_of(index: TermIndex, rows: list[int]) -> int:
    return next(row for row in reversed(rows) if not index.parents(row))


def _edges(index: TermIndex, place: dict[int, int]) -> list[Edge]:
    edges = []
    for row, at in place.items():
        every = index.parents(row)
        stated = [place[parent] for parent in every if parent in place]
        edges += [Edge(at, high, cut=False) for high in stated]
        if every and not stated:
            tops = [one for one in place if not index.parents(one)]
            edges += [Edge(at, place[top], cut=True) for top in tops]
    return edges


def _by_size(index: TermIndex, rows: list[int]) -> list[TermName]:
    return sorted(_names(index, rows), key=lambda one: (-one.size, one.name))


def _names(index: TermIndex, rows: list[int]) -> list[TermName]:
    return [TermName(index.ids[row], index.names[row], index.size(row)) for row in rows]


def term_genes(pack: Pack, row: int, first: int = 0, most: int | None = None) -> Table:
    """Return the genes of the term in this row, by symbol; those of narrower terms included.

    Parameters
    ----------
    first, most
        Which part of them: how many to leave out, and how many to take at most.
    """
    index, known, view = term_index(pack), pack.annotations(), pack.genes()
    number = int(index.number[row])
    slots = slice(*known.term_indptr[number : number + 2].tolist()) if number >= 0 else slice(0)
    genes = known.term_genes[slots].astype(np.int64)
    symbols = view.symbols.take(genes)
    # Genes without a symbol come last.
    order = sorted(range(len(genes)), key=lambda at: (not symbols[at], symbols[at].casefold(), at))
    chosen = genes[np.array(order, np.int64)[first : None if most is None else first + most]]
    stated = direct_annotations(pack).having(number) if number >= 0 else np.zeros(0, np.int64)
    data = {
        "gene_id": partial(view.gene_ids.take, chosen),
        "symbol": partial(view.symbols.take, chosen),
        "name": partial(view.names.take, chosen),
        "evidence": partial(_evidence, pack, number, chosen),
        "direct": lambda: np.isin(chosen, stated),
    }
    return Table(COLUMNS, data, partial(_meta, pack, row, len(genes)), len(chosen))


def _evidence(pack: Pack, number: int, genes: npt.NDArray[np.int64]) -> list[list[str]]:
    known = pack.annotations()
    codes: dict[int, list[str]] = {}
    found = []
    for first, last in zip(known.gene_indptr[genes].tolist(), known.gene_indptr[genes + 1].tolist(), strict=True):
        at = first + int(np.searchsorted(known.gene_terms[first:last], number))
        mask = int(known.gene_evidence[at])
        if mask not in codes:
            codes[mask] = list(codes_of(mask, known.evidence_codes))
        found.append(codes[mask])
    return found


def _meta(pack: Pack, row: int, size: int) -> dict[str, object]:
    about = about_term(pack, row)
    return {
        "organism": pack.organism,
        "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
        "term": {"term_id": about.term_id, "name": about.name, "source": about.source, "size": size},
        "source": {
            "name": about.facts.name,
            "version": about.facts.version,
            "licence": about.facts.licence,
            "attribution": about.facts.attribution,
            "url": about.facts.url,
        },
        "parents": [one.term_id for one in about.parents],
        "children": [one.term_id for one in about.children],
        "direct": about.direct,
    }
