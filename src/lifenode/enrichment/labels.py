"""Identifiers, names and parents of terms as columns of a result.

The first few rows are decoded from the mapped texts one by one, so that a single query in a fresh process pays for
nothing else. Once about as many rows have been asked for as there are terms, all texts are decoded together, and a
column becomes one indexing operation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.collection import slots

if TYPE_CHECKING:
    from lifenode.enrichment.collection import Collection, Integers, Texts

Objects = npt.NDArray[np.object_]


class TextColumn:
    """Texts by index, decoded one by one at first and all together later."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._asked = 0
        self._all: Objects | None = None

    def take(self, indices: Integers) -> Objects:
        """Return the texts at `indices` as an array of objects."""
        if self._all is None:
            self._asked += len(indices)
            if self._asked < len(self._texts):
                return objects(self._texts.take(indices))
            self._all = objects(self._texts.take(np.arange(len(self._texts))))
        return self._all[indices]


class TermLabels:
    """The texts of a collection's terms."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self.ids = TextColumn(collection.term_ids)
        self.names = TextColumn(collection.term_names)
        self._parents_asked = 0
        self._all_parents: list[list[str]] | None = None

    def parents(self, terms: Integers) -> list[list[str]]:
        """Return the identifiers of the direct parents of each term; the lists are shared and not to be changed."""
        count = len(self._collection.term_ids)
        if self._all_parents is None:
            self._parents_asked += len(terms)
            if self._parents_asked < count:
                return self._decode_parents(terms)
            self._all_parents = self._decode_parents(np.arange(count))
        known = self._all_parents
        return [known[term] for term in terms.tolist()]

    def _decode_parents(self, terms: Integers) -> list[list[str]]:
        indptr = self._collection.parent_indptr
        ids = self.ids.take(self._collection.parents[slots(indptr, terms)].astype(np.int64)).tolist()
        ends = np.cumsum(indptr[terms + 1] - indptr[terms]).tolist()
        return [ids[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def objects(texts: list[str]) -> Objects:
    """Return texts as an array of objects."""
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    return column
