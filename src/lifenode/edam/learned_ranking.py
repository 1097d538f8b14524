"""What is known of each candidate term of a tool, as the numbers the ranker sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from lifenode.edam.learned_bags import Bags
from lifenode.edam.lexical import Scores
from lifenode.edam.ontology import Ontology

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]

BRANCHES = ("topic", "operation")
MATTER = ("data", "format")
"""Branches of what goes in and comes out, learned from the tools that tell."""
FEATURES = (
    "score", "rank", "gap", "chain", "chain_rank", "chain_gap", "best_one", "lexical", "lexical_rank", "obsolete_name",
    "frequency", "parents_score", "children_score", "parents_lexical", "children_lexical", "not_recommended", "depth",
    "bag", "bag_rank", "bag_gap", "text_length", "highest_score", "highest_lexical", "standardised",
)  # fmt: skip
_BY_SCORE, _BY_WORDS, _BY_CHAIN = 40, 10, 10
RARE = 10
"""Terms of at most this many training tools are rare."""
_RESERVING, _RESERVED = 10, 2
# Chosen on the development tools; as the share of stems is 0 to 1, so are the others about.
_NAMED, _SCORED, _SPOKEN_FOR = 0.5, 6.0, 0.3
_RAREST = 5.0  # rarer terms look alike, so that the ranker does not learn to avoid them


@dataclass(frozen=True)
class Lexical:
    """Scores of the terms of a `Family` by their words, a row a tool: best one, final, best of obsolete names, bags."""

    best_one: Floats
    final: Floats
    obsolete: Floats
    bag: Floats


@dataclass(frozen=True)
class Candidates:
    """Pairs of tools and terms with their features."""

    tool: Integers
    term: Integers
    features: Floats


class Lists:
    """Lists of columns, laid out one after another: which are not empty, where these start, and their members."""

    def __init__(self, lists: Sequence[Sequence[int]]) -> None:
        self.count = len(lists)
        self.filled = np.array([at for at, own in enumerate(lists) if own], np.int64)
        lengths = np.array([len(own) for own in lists if own], np.int64)
        self.starts: Integers = np.cumsum(lengths) - lengths
        self.flat = np.array([one for own in lists for one in own], np.int64)


class Family:
    """The live terms of some branches of a release: their order, relatives and frequency.

    Parameters
    ----------
    ontology
        The release.
    frequency
        How many of the training tools have each term, by id.
    tools
        Number of training tools.
    branches
        Of which branches.
    """

    def __init__(
        self, ontology: Ontology, frequency: dict[str, int], tools: int, branches: Sequence[str] = BRANCHES
    ) -> None:
        every = list(ontology)
        self.ontology = ontology
        self.concepts = [one for one in every if not one.obsolete and one.branch in branches]
        self.ids = [one.id for one in self.concepts]
        self.place = {term: at for at, term in enumerate(self.ids)}
        self.frequency = np.array([frequency.get(term, 0) for term in self.ids], np.float32)
        self.tools = tools
        whole = {one.id: at for at, one in enumerate(every)}
        self.whole = np.array([whole[term] for term in self.ids])
        self.parents = [[self.place[one] for one in own.parents if one in self.place] for own in self.concepts]
        children: list[list[int]] = [[] for _ in self.ids]
        for at, above in enumerate(self.parents):
            for place in above:
                children[place].append(at)
        self.near = (Lists(self.parents), Lists(children))
        self.root = np.array([not above for above in self.parents])
        self.members = {
            branch: np.array([at for at, one in enumerate(self.concepts) if one.branch == branch])
            for branch in branches
        }
        former: list[list[int]] = [[] for _ in self.ids]
        for one in every:
            replaced, considered = ontology.replacements(one.id)
            for live in replaced or (considered if len(considered) == 1 else ()):
                if live.id in self.place:
                    former[self.place[live.id]].append(whole[one.id])
        self._former = Lists(former)
        self._bags = Bags(self.concepts, [[every[at] for at in own] for own in former], ontology.bags)

    @cached_property
    def depth(self) -> Floats:
        """Number of terms from the root down to each term."""
        return np.array([len(self.ontology.path(term)[0]) for term in self.ids], np.float32)

    @cached_property
    def not_recommended(self) -> Floats:
        """1 for terms that only keep others in order."""
        return np.array([one.not_recommended for one in self.concepts], np.float32)

    def lexical(self, scores: Sequence[Scores], texts: Sequence[str]) -> Lexical:
        """Return the scores by words of tools for the terms of this family, from `LexicalMatcher` and from texts."""
        best = np.array([one.best_one for one in scores], np.float32)
        final = np.array([one.score[self.whole] for one in scores], np.float32)
        bag = np.array([self._bags.alike(text) for text in texts], np.float32)
        return Lexical(best[:, self.whole], final, _highest(best, self._former), bag)


def candidates(
    family: Family, branch: str, scores: Floats, chain: Floats, lexical: Lexical, lengths: Floats
) -> Candidates:
    """Return the terms of a branch that a tool may have, and their features.

    Parameters
    ----------
    family
        The terms; all matrices have a row a tool and a column a term of it.
    branch
        One of the family's.
    scores, chain
        Of the first and of the second regression.
    lexical
        See `Lexical`.
    lengths
        Characters of each tool's text.

    Returns
    -------
    Candidates
        The best terms of each score, with the features named in `FEATURES`.
    """
    own = family.members[branch]
    s, c = scores[:, own], chain[:, own]
    best, former = lexical.best_one[:, own], lexical.obsolete[:, own]
    final = np.maximum(lexical.final[:, own], 0) ** np.float32(0.1)
    bag = lexical.bag[:, own]
    ranks = [_ranks(values) for values in (s, c, final, bag)]
    wanted = (ranks[0] < _BY_SCORE) | (ranks[1] < _BY_CHAIN) | ((ranks[2] < _BY_WORDS) & (final > 0))
    wanted |= (ranks[3] < _BY_WORDS) & (bag > 0)
    wanted[:, family.root[own]] = False
    tool, column = np.nonzero(wanted)
    frequency = family.frequency[own]
    spread = np.sqrt(frequency * (1 - frequency / family.tools) / family.tools) + 0.02
    of_tool = (lengths, s.max(1), final.max(1))
    of_term = (np.log2(np.maximum(frequency, _RAREST)), family.not_recommended[own], family.depth[own])
    near = [_highest(m, lists)[:, own] for m in (scores, lexical.best_one) for lists in family.near]
    pairs = {
        "score": s, "rank": ranks[0], "gap": s - s.max(1, keepdims=True), "chain": c, "chain_rank": ranks[1],
        "chain_gap": c - c.max(1, keepdims=True), "best_one": best, "lexical": final, "lexical_rank": ranks[2],
        "obsolete_name": former, "parents_score": near[0], "children_score": near[1], "parents_lexical": near[2],
        "children_lexical": near[3], "bag": bag, "bag_rank": ranks[3],
        "bag_gap": bag - bag.max(1, keepdims=True), "standardised": s / spread,
    }  # fmt: skip
    columns = {name: values[tool, column] for name, values in pairs.items()}
    columns |= dict(zip(("text_length", "highest_score", "highest_lexical"), (m[tool] for m in of_tool), strict=True))
    columns |= dict(zip(("frequency", "not_recommended", "depth"), (m[column] for m in of_term), strict=True))
    features = np.stack([columns[name] for name in FEATURES], axis=1).astype(np.float32)
    return Candidates(tool.astype(np.int64), own[column], features)


def with_rare(family: Family, found: Candidates, scores: npt.NDArray[np.float64], count: int) -> Integers:
    """Return the places of the best candidates of one tool, best first.

    From ten terms on, places nine and ten go to rare terms that the texts speak for, if there are any: the ranker knows
    too few tools with them to trust them. What speaks for one is the stems it shares with the texts, a name of it
    in them, and the score of the first regression, which is the lower the rarer a term is.
    """
    order = np.argsort(-scores, kind="stable")
    if count < _RESERVING:
        return order[:count]
    bag, named, score = (found.features[:, FEATURES.index(name)] for name in ("bag", "best_one", "score"))
    frequency = np.maximum(family.frequency[found.term], 1)
    worth = bag + _NAMED * named + _SCORED * np.maximum(score, 0) * np.sqrt(RARE / frequency)
    fits = (family.frequency[found.term] <= RARE) & (worth >= _SPOKEN_FOR)
    best = [at for at in np.argsort(-worth, kind="stable").tolist() if fits[at]][:_RESERVED]
    late = [at for at in best if at not in order[:_RESERVING]]
    chosen = [*order[: _RESERVING - len(late)].tolist(), *late]
    return np.array([*chosen, *[at for at in order.tolist() if at not in chosen]][:count], np.int64)


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value in its row, from 0, the highest first."""
    order = np.argsort(-values, axis=1, kind="stable")
    ranks = np.empty(values.shape, np.float32)
    np.put_along_axis(ranks, order, np.arange(values.shape[1], dtype=np.float32)[None, :], axis=1)
    return ranks


def _highest(values: Floats, lists: Lists) -> Floats:
    """Return for each list the highest value of its columns; 0 for an empty one."""
    result = np.zeros((len(values), lists.count), np.float32)
    result[:, lists.filled] = np.maximum.reduceat(values[:, lists.flat], lists.starts, axis=1)
    return result
