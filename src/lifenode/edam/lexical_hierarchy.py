"""What a concept gains from those above it, and which concepts are chosen when relatives compete."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.edam.concept import BRANCHES
from lifenode.edam.ontology import Ontology

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Booleans = npt.NDArray[np.bool_]

PARENT_WEIGHT = 0.5
PATH_WEIGHT = 0.7
OBSOLETE_PENALTY = 0.5
_DEEPEST_REPLACEMENT = 10

# Concepts that keep others in order and say nothing of a tool; from EDAMmap's resources.
_UNUSED = (
    "topic_0003 operation_0004 data_0006 format_1915 topic_3391 operation_2424 operation_2430 operation_2928 "
    "operation_2945 operation_3429 operation_3438 operation_3465 operation_2423 operation_3434 operation_0226 "
    "operation_0227 operation_2990 topic_2230 topic_0783 topic_0184"
)
UNUSED_CONCEPTS = frozenset(_UNUSED.split())


@dataclass(frozen=True)
class Chosen:
    """A concept that was chosen: the place it was found at, and the place of the live concept that stands for it."""

    found: int
    stands: int


class Hierarchy:
    """The ways up from every concept of an ontology, and its relatives.

    Parameters
    ----------
    ontology
        Concepts are counted in its order.
    """

    def __init__(self, ontology: Ontology) -> None:
        self.concepts = list(ontology)
        self.place = {concept.id: at for at, concept in enumerate(self.concepts)}
        self.obsolete = np.array([concept.obsolete for concept in self.concepts])
        parents = [[self.place[one] for one in concept.parents if one in self.place] for concept in self.concepts]
        self.root = np.array([not above for above in parents]) & ~self.obsolete
        unused = np.array([concept.id in UNUSED_CONCEPTS for concept in self.concepts])
        self.usable = ~self.root & ~unused
        self.members = {
            branch: np.flatnonzero(np.array([concept.branch == branch for concept in self.concepts]))
            for branch in BRANCHES
        }
        self._ways(parents)
        self._above = [frozenset(self._all_above(at, parents)) for at in range(len(parents))]
        below: list[set[int]] = [set() for _ in parents]
        for at, above in enumerate(self._above):
            for one in above:
                below[one].add(at)
        self._relatives = [above | under for above, under in zip(self._above, below, strict=True)]
        self._instead = [
            [self.place[one] for one in (*concept.replaced_by, *concept.consider) if one in self.place]
            for concept in self.concepts
        ]

    def _ways(self, parents: Sequence[Sequence[int]]) -> None:
        """Lay out all ways to the root: concepts on them with weights, where each way and each concept begins."""
        above: list[int] = []
        weights: list[float] = []
        way_starts: list[int] = []
        concept_starts: list[int] = []
        owners: list[int] = []
        for at, own in enumerate(parents):
            if own:
                owners.append(at)
                concept_starts.append(len(way_starts))
            for way in _ways_up(at, parents) if own else ():
                way_starts.append(len(above))
                share = PARENT_WEIGHT ** np.arange(1, len(way) + 1)
                above += way
                weights += (share / share.sum()).tolist()
        self._way_above = np.array(above, np.int64)
        self._way_weight = np.array(weights)
        self._way_starts = np.array(way_starts, np.int64)
        self._concept_starts = np.array(concept_starts, np.int64)
        self._owners = np.array(owners, np.int64)

    @staticmethod
    def _all_above(at: int, parents: Sequence[Sequence[int]]) -> Iterable[int]:
        found: set[int] = set()
        waiting = list(parents[at])
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += parents[one]
        return found

    def enriched(self, scores: Floats) -> Floats:
        """Return scores with the share of the best way to the root; roots count nothing.

        A concept without parents keeps its score. With others, ``(s + 0.7 p) / 1.7`` where p is the mean of the
        ancestors' scores, each level up weighing half.
        """
        scores = np.where(self.root, 0.0, scores)
        result = scores.copy()
        if len(self._owners):
            along = np.add.reduceat(self._way_weight * scores[self._way_above], self._way_starts)
            best = np.maximum.reduceat(along, self._concept_starts)
            result[self._owners] = (scores[self._owners] + PATH_WEIGHT * best) / (1 + PATH_WEIGHT)
        return result

    def choose(
        self, branch: str, scores: Floats, passes: Booleans, passes_early: Booleans, most: int, early: int
    ) -> list[Chosen]:
        """Return the best concepts of a branch of which none is above another.

        Parameters
        ----------
        branch
            One of `BRANCHES`.
        scores
            Score of every concept of the ontology.
        passes, passes_early
            Which concepts may be chosen at any rank, and which among the first `early` ones.
        most
            Most concepts to return.
        early
            See `passes_early`.
        """
        own = self.members[branch]
        own = own[self.usable[own] & (scores[own] > 0)]
        chosen: list[Chosen] = []
        removed: set[int] = set()
        for found in own[np.argsort(-scores[own], kind="stable")].tolist():
            if len(chosen) >= most:
                break
            if found in removed or not (passes[found] or (passes_early[found] and len(chosen) < early)):
                continue
            stands = self._live(found, scores, removed, _DEEPEST_REPLACEMENT) if self.obsolete[found] else found
            if stands is None or not self.usable[stands]:
                continue
            chosen.append(Chosen(found, stands))
            removed |= {found, stands} | self._relatives[stands]
        return chosen

    def _live(self, at: int, scores: Floats, removed: set[int], depth: int) -> int | None:
        """Return the live concept with the best score that takes the place of an obsolete one and is not `removed`."""
        if not self.obsolete[at]:
            return None if at in removed else at
        if depth == 0:
            return None
        found = (self._live(other, scores, removed, depth - 1) for other in self._instead[at])
        options = [one for one in found if one is not None]
        return max(options, key=lambda one: (scores[one], -one), default=None)


def _ways_up(at: int, parents: Sequence[Sequence[int]]) -> list[list[int]]:
    """Return every way from right above a concept to a root, nearest first."""
    if not parents[at]:
        return [[]]
    return [[parent, *way] for parent in parents[at] for way in _ways_up(parent, parents)]
