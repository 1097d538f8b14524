"""The worlds a list can be tested in: an organism's pack, own gene sets over an organism, or own gene sets alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from lifenode.enrichment.collection import Collection, Texts, from_members
from lifenode.enrichment.domain import Booleans, Integers, build_domain
from lifenode.enrichment.labels import TermLabels
from lifenode.enrichment.thresholds import Grid, ThresholdBook, pack_grid
from lifenode.errors import NothingMapped, UnknownSource, nearest

if TYPE_CHECKING:
    from lifenode.enrichment.gene_sets import GeneSets
    from lifenode.genes.identifiers import Resolution
    from lifenode.packs.pack import Pack

_BOOKS_KEPT = 64
_WORLDS_KEPT = 16
_gene_set_worlds: dict[tuple[str, str, str], World] = {}


@dataclass
class World:
    """Terms, genes and the names of both.

    Attributes
    ----------
    collection
        The terms.
    known
        Genes that make up the domain ``known``.
    gene_labels
        Name of each gene in exports.
    identity
        Hash of everything the thresholds depend on, short of the domain.
    provenance
        What results say of their origin: organism, pack, sources.
    """

    collection: Collection
    known: Booleans
    gene_ids: Texts
    gene_labels: Texts
    identity: str
    provenance: Mapping[str, Any]
    grid: Grid | None = None
    pack: Pack | None = None
    lookup: Mapping[str, int] | None = None
    _books: dict[tuple[Any, ...], ThresholdBook] = field(default_factory=dict)

    @cached_property
    def labels(self) -> TermLabels:
        """Texts of the terms."""
        return TermLabels(self.collection)

    def resolve(self, items: Sequence[object], numeric_namespace: str, choices: Mapping[str, str]) -> Resolution:
        """Find the genes of a list."""
        if self.pack is None:
            from lifenode.genes.plain import resolve_plain

            return resolve_plain(items, self.lookup or {})
        from lifenode.genes.identifiers import identifiers

        return identifiers(self.pack).resolve(items, numeric_namespace=numeric_namespace, choices=choices)

    def book(self, scope: str, background: Integers | None, smallest: int | None, largest: int | None) -> ThresholdBook:
        """Return domain, testable terms and thresholds for a scope and term-size limits."""
        key = (scope, None if background is None else background.tobytes(), smallest, largest)
        book = self._books.get(key)
        if book is None:
            domain = build_domain(self.collection, scope, self.known, background)
            eligible = domain.term_sizes >= (smallest or 1)
            if largest is not None:
                eligible &= domain.term_sizes <= largest
            own = scope in ("annotated", "known") and background is None and smallest is None and largest is None
            book = ThresholdBook(domain, eligible, self.identity, self.grid if own else None)
            if len(self._books) >= _BOOKS_KEPT:
                self._books.pop(next(iter(self._books)))
            self._books[key] = book
        return book

    def chosen_sources(self, names: Sequence[str]) -> Integers:
        """Return the indexes of the sources asked for; a prefix such as ``GO`` stands for all its branches."""
        known = self.collection.sources
        if not names:
            return np.arange(len(known))
        chosen: list[int] = []
        for name in names:
            folded = name.upper()
            found = [i for i, source in enumerate(known) if f"{source.upper()}:".startswith(f"{folded}:")]
            if not found:
                close = nearest(name, known, 2)
                hint = f"Did you mean {' or '.join(close)}? " if close else ""
                raise UnknownSource(
                    f'There is no source "{name}" in this pack.',
                    value=name,
                    next_step=f"{hint}It has {', '.join(known)}.",
                )
            chosen += [i for i in found if i not in chosen]
        return np.array(sorted(chosen))


@lru_cache(maxsize=24)
def pack_world(pack: Pack, no_iea: bool) -> World:
    """Return the world of an organism's pack."""
    annotations = pack.annotations(no_iea=no_iea)
    genes = pack.genes()
    provenance = {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "release": pack.release,
        "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
        "no_iea": dict(annotations.iea) if no_iea else None,
        "sources": {name: _source_facts(pack, name) for name in annotations.sources},
    }
    return World(
        collection=annotations,
        known=np.asarray(genes.primary, dtype=bool),
        gene_ids=genes.gene_ids,
        gene_labels=genes.symbols,
        identity=f"{pack.fingerprint}{'-no-iea' if no_iea else ''}",
        provenance=provenance,
        grid=pack_grid(pack, annotations.sources, no_iea=no_iea),
        pack=pack,
    )


def _source_facts(pack: Pack, name: str) -> dict[str, Any]:
    source = pack.sources[name]
    return {
        "name": source.name,
        "version": source.version,
        "date": source.date,
        "licence": source.licence,
        "attribution": source.attribution,
    }


def gene_set_world(gene_sets: GeneSets, pack: Pack | None) -> World:
    """Return the world of own gene sets, their members found through a pack or taken as they are.

    Raises
    ------
    NothingMapped
        No member of any set is a gene of the organism.
    """
    key = (gene_sets.sha256, gene_sets.name, pack.fingerprint if pack else "")
    if key not in _gene_set_worlds:
        if len(_gene_set_worlds) >= _WORLDS_KEPT:
            _gene_set_worlds.pop(next(iter(_gene_set_worlds)))
        _gene_set_worlds[key] = _make_gene_set_world(gene_sets, pack)
    return _gene_set_worlds[key]


def _make_gene_set_world(gene_sets: GeneSets, pack: Pack | None) -> World:
    distinct = list(dict.fromkeys(member for members in gene_sets.members for member in members))
    genes_of, labels, ids = _member_genes(distinct, pack)
    members = [
        np.unique(np.concatenate([genes_of[m] for m in group] or [np.zeros(0, np.int32)])).astype(np.int32)
        for group in gene_sets.members
    ]
    if not any(len(genes) for genes in members):
        raise NothingMapped(
            f"None of the {len(distinct)} members of {gene_sets.name} is known in {pack.name if pack else 'it'}.",
            value=gene_sets.name,
            next_step="Check the organism, or leave it out to compare identifiers as they are written.",
        )
    known = np.ones(len(ids), bool) if pack is None else np.asarray(pack.genes().primary, dtype=bool)
    collection = from_members(gene_sets.name, gene_sets.ids, gene_sets.names, members, len(ids))
    lost = sum(1 for m in distinct if not len(genes_of[m]))
    facts = {"name": gene_sets.name, "sha256": gene_sets.sha256, "sets": len(gene_sets), "members_unmapped": lost}
    return World(
        collection=collection,
        known=known,
        gene_ids=ids,
        gene_labels=labels,
        identity=f"{gene_sets.sha256}-{pack.fingerprint if pack else 'plain'}",
        provenance={
            "organism": pack.organism if pack else None,
            "release": pack.release if pack else None,
            "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint} if pack else None,
            "sources": {gene_sets.name: facts},
        },
        pack=pack,
        lookup=None if pack else {name: i for i, name in enumerate(distinct)},
    )


def _member_genes(distinct: list[str], pack: Pack | None) -> tuple[dict[str, Any], Texts, Texts]:
    """Return the genes of each member, and labels and identifiers of all genes."""
    if pack is None:
        from lifenode.enrichment.collection import PlainTexts

        names = PlainTexts(distinct)
        return {name: np.array([i], dtype=np.int32) for i, name in enumerate(distinct)}, names, names
    from lifenode.genes.identifiers import identifiers

    found = identifiers(pack).genes_of(distinct)
    genes = pack.genes()
    return dict(zip(distinct, found, strict=True)), genes.symbols, genes.gene_ids
