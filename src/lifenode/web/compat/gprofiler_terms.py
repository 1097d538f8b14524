"""The part of every term's row that never changes, encoded once for a pack and mapped by every process."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import orjson

from lifenode.enrichment.collection import slots
from lifenode.web.compat.gprofiler_spans import Column

if TYPE_CHECKING:
    from lifenode.enrichment.collection import Collection
    from lifenode.enrichment.world import World
    from lifenode.packs.arrays import Arrays
    from lifenode.packs.pack import Pack

Integers = npt.NDArray[np.int64]

_INDEX = "gprofiler-terms-1"
_PIECES = 3
_ROOTS = {"KEGG": "KEGG:00000", "WP": "WP:000000"}
_GENE_SETS_KEPT = 8
_of_gene_sets: dict[str, TermPieces] = {}


class TermPieces:
    """Three stretches of JSON per term, between which the numbers of a request are written.

    Parameters
    ----------
    arrays
        ``blob``, the bytes of all stretches, and ``offsets``, where each starts.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.blob: npt.NDArray[np.uint8] = arrays["blob"]
        self._offsets = arrays["offsets"]

    def take(self, terms: Integers) -> list[Column]:
        """Return what comes before each term's domain size, before its p, and after its p; in this order."""
        first = terms * _PIECES
        edges = [self._offsets[first + place] for place in range(_PIECES + 1)]
        return [Column(start, end, mapped=True) for start, end in pairwise(edges)]


def root_of(source: str) -> str:
    """Return the identifier of the term above all terms of a source without hierarchy."""
    return _ROOTS.get(source, f"{source}:0000000")


def flat_sources(collection: Collection) -> list[int]:
    """Return the sources none of whose terms has a parent."""
    has_parents = np.diff(collection.parent_indptr) > 0
    edges = enumerate(pairwise(collection.source_start.tolist()))
    return [source for source, (start, end) in edges if not has_parents[start:end].any()]


def pieces_of(world: World) -> TermPieces:
    """Return the encoded terms of a world."""
    return _pack_pieces(world.pack) if world.pack is not None else _gene_set_pieces(world)


@lru_cache(maxsize=24)
def _pack_pieces(pack: Pack) -> TermPieces:
    return TermPieces(pack.arrays(_INDEX, lambda: build_arrays(pack.annotations(), rooted=True)))


def _gene_set_pieces(world: World) -> TermPieces:
    found = _of_gene_sets.get(world.identity)
    if found is None:
        if len(_of_gene_sets) >= _GENE_SETS_KEPT:
            _of_gene_sets.pop(next(iter(_of_gene_sets)))
        found = _of_gene_sets[world.identity] = TermPieces(build_arrays(world.collection, rooted=False))
    return found


def build_arrays(collection: Collection, *, rooted: bool) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of `TermPieces`.

    Parameters
    ----------
    collection
        The terms.
    rooted
        Terms of sources without hierarchy have the source's root as parent.
    """
    every = np.arange(len(collection.term_ids))
    ids, names = (texts.take(every) for texts in (collection.term_ids, collection.term_names))
    above = _parents(collection, ids)
    if rooted:
        starts = collection.source_start.tolist()
        for source in flat_sources(collection):
            root = [root_of(collection.sources[source])]
            above[starts[source] : starts[source + 1]] = [root] * (starts[source + 1] - starts[source])
    pieces = []
    for term_id, name, parents in zip(ids, names, above, strict=True):
        text = orjson.dumps(name)
        pieces += [
            b'{"description":%b,"effective_domain_size":' % text,
            b',"name":%b,"native":%b,"p_value":' % (text, orjson.dumps(term_id)),
            b',"parents":%b,"precision":' % orjson.dumps(parents),
        ]
    offsets = np.zeros(len(pieces) + 1, np.int64)
    np.cumsum([len(piece) for piece in pieces], out=offsets[1:])
    return {"blob": np.frombuffer(b"".join(pieces), np.uint8), "offsets": offsets}


def _parents(collection: Collection, ids: list[str]) -> list[list[str]]:
    indptr = collection.parent_indptr
    flat = collection.parents[slots(indptr, np.arange(len(ids)))].tolist()
    edges = indptr.tolist()
    return [[ids[parent] for parent in flat[start:end]] for start, end in pairwise(edges)]
