"""A memory-mapped index over every identifier of a pack.

Identifiers are found by a 64-bit hash of their folded text; the text itself is stored too and compared, so two texts
with one hash can never be taken for each other. All arrays are little and flat: a fresh process maps them and touches
only the pages it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from lifenode.genes.texts import fold, hashes
from lifenode.packs.arrays import Arrays, Strings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

ARRAYS = "identifiers-2"
"""Name and layout version of the arrays in the cache."""

# Classes of namespaces, the first wins; other databases are in the middle, and what an operator added (array probes)
# comes before aliases only.
GENE_ID, SYMBOL, OTHER, PREVIOUS, ADDED, ALIAS = range(6)
_CLASSES = {"SYMBOL": SYMBOL, "PREVIOUS_SYMBOL": PREVIOUS, "AFFY_HG_U95": ADDED, "ALIAS": ALIAS}

# Columns of the entry matrix: where the identifier's text starts and how long it is in bytes, gene, namespace, class.
_START, _LENGTH, _GENE, _NAMESPACE, _CLASS = range(5)


class Hit(NamedTuple):
    """One gene that carries the identifier looked up."""

    exact: bool
    rank: int
    namespace: str
    gene: int


# Many thousand identifiers share a few dozen combinations.
_combinations: dict[tuple[str, ...], tuple[str, ...]] = {}


def namespaces_of(gene: int, hits: Sequence[Hit]) -> tuple[str, ...]:
    """Return the namespaces of the hits on a gene, each once, the best class first."""
    named = sorted([(hit.rank, hit.namespace) for hit in hits if hit.gene == gene])
    found = tuple(dict.fromkeys([namespace for _, namespace in named]))
    return _combinations.setdefault(found, found)


def build_arrays(pack: Pack) -> Arrays:
    """Return the arrays of the index; see `HashIndex`."""
    import polars as pl

    from lifenode.packs.contract import NAMESPACES

    ranks = {**dict.fromkeys(NAMESPACES, OTHER), **_CLASSES}
    table = pack.table("identifiers").with_columns(pl.col("namespace").cast(pl.String))
    texts = table["identifier"].unique().sort()
    spelled = texts.to_list()
    encoded = [text.encode() for text in spelled]
    lengths = np.array([len(text) for text in encoded], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    keys = hashes(map(fold, spelled))
    names = table["namespace"].unique().sort().to_list()
    rows = table.join(pl.DataFrame({"identifier": texts, "row": np.arange(len(spelled))}), on="identifier", how="left")
    row = rows["row"].to_numpy()
    gene = rows["gene"].to_numpy()
    number = rows["namespace"].replace_strict({name: i for i, name in enumerate(names)}, return_dtype=pl.Int32)
    namespace = number.to_numpy() if len(names) else np.zeros(0, np.int32)
    classes = np.array([ranks.get(name, ADDED) for name in names], dtype=np.int32)[namespace]
    own_id = pack.table("genes")["gene_id"].gather(rows["gene"]) == rows["identifier"]
    classes[own_id.to_numpy()] = GENE_ID
    entries = np.stack([starts[row], lengths[row], gene, namespace, classes], axis=1).astype(np.int32)
    by_hash = np.lexsort((gene, namespace, classes, row, keys[row]))
    by_gene = np.lexsort((row, gene, namespace))
    unique_keys, first = np.unique(keys[row][by_hash], return_index=True)
    return {
        "keys": unique_keys,
        "first": np.append(first, len(by_hash)).astype(np.int32),
        "entries": entries[by_hash],
        "by_gene": entries[by_gene],
        "by_gene_first": np.searchsorted(namespace[by_gene], np.arange(len(names) + 1)).astype(np.int64),
        "texts": np.frombuffer(b"".join(encoded), dtype=np.uint8),
        **Strings.from_list(names, "namespaces"),
    }


class HashIndex:
    """Finds genes by identifier, and identifiers by gene.

    Parameters
    ----------
    arrays
        What `build_arrays` returned: ``keys`` (sorted hashes of folded texts), ``first`` (where each key's rows of
        ``entries`` begin), ``entries`` and ``by_gene`` (start and length of the text, gene, namespace, class; sorted
        by key, and by namespace and gene), ``texts`` (UTF-8) and the names of the ``namespaces``.
    """

    def __init__(self, arrays: Arrays) -> None:
        self._keys = arrays["keys"]
        self._first = arrays["first"]
        self._entries = arrays["entries"]
        self._by_gene = arrays["by_gene"]
        self._by_gene_first = arrays["by_gene_first"]
        self._texts = arrays["texts"].data
        self._genes_named: dict[int, npt.NDArray[np.int32]] = {}
        self.namespaces: tuple[str, ...] = tuple(Strings.of(arrays, "namespaces"))

    def find(self, texts: Sequence[str]) -> list[list[Hit]]:
        """Return the genes that carry each of the cleaned texts, in any case; by spelling, class, namespace, gene."""
        found: list[list[Hit]] = [[] for _ in texts]
        folded = [text.casefold() for text in texts]
        wanted = hashes(folded)
        if not len(self._keys) or not len(wanted):
            return found
        place = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        known = np.flatnonzero(self._keys[place] == wanted)
        first, last = self._first[place[known]], self._first[place[known] + 1]
        counts = last - first
        ends = np.cumsum(counts)
        rows = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
        entries = self._entries[rows].tolist()
        for item, begin, end in zip(known.tolist(), (ends - counts).tolist(), ends.tolist(), strict=True):
            found[item] = self._verified(texts[item], folded[item], entries[begin:end])
        return found

    def _verified(self, text: str, folded: str, entries: list[list[int]]) -> list[Hit]:
        """Return the entries whose text really is the one looked for."""
        hits: list[Hit] = []
        previous, exact, same = -1, False, False
        for start, length, gene, namespace, rank in entries:
            if start != previous:
                spelled = str(self._texts[start : start + length], "utf-8")
                previous = start
                exact = spelled == text
                same = exact or fold(spelled) == folded
            if same:
                hits.append(Hit(exact, rank, self.namespaces[namespace], gene))
        return hits

    def names_of(self, genes: npt.NDArray[np.int32], namespace: str) -> list[list[str]]:
        """Return every identifier that each of the `genes` has in a `namespace` of the pack, sorted."""
        number = self.namespaces.index(namespace)
        rows = self._by_gene[self._by_gene_first[number] : self._by_gene_first[number + 1]]
        if number not in self._genes_named:
            # A search through a column of the matrix would copy it each time.
            self._genes_named[number] = np.ascontiguousarray(rows[:, _GENE])
        first = np.searchsorted(self._genes_named[number], genes, side="left")
        last = np.searchsorted(self._genes_named[number], genes, side="right")
        counts = last - first
        ends = np.cumsum(counts)
        wanted = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - (ends - counts), counts)
        spans = rows[wanted, : _LENGTH + 1].tolist()
        texts = [str(self._texts[start : start + length], "utf-8") for start, length in spans]
        return [texts[begin:end] for begin, end in zip((ends - counts).tolist(), ends.tolist(), strict=True)]
