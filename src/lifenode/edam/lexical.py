"""Match the texts of a tool to terms of EDAM by the words they share, as EDAMmap does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.edam import lexical_compiled as compiled
from lifenode.edam.lexical_hierarchy import OBSOLETE_PENALTY, Hierarchy
from lifenode.edam.lexical_index import KINDS, NOTHING, Hit, LexicalIndex, build_index
from lifenode.edam.ontology import Ontology, check_branches
from lifenode.edam.tool import PARTS, Tool
from lifenode.table import Column, Table

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GOOD, BAD = 0.63, 0.57
"""Best-one scores above which a match is good, and below which it is bad."""
_PASSABLE, _PASSABLE_RANKS = 0.04, 3
_AVERAGE_SCALING = 10.0

COLUMNS = (
    Column("tool", "text", "name of the tool"),
    Column("branch", "text", "topic, operation, data or format"),
    Column("term_id", "text", "id of a live term"),
    Column("label", "text", "its name"),
    Column("score_class", "text", "good, medium or bad, by the best-one score"),
    Column("best_one_score", "number", "score of the part of the tool that matches best, 0 to 1"),
    Column("without_path_score", "number", "score over all parts, 0 to 1"),
    Column("score", "number", "the same with the share of the terms above; decides the order"),
    Column("query_part", "text", "part of the tool that matches best"),
    Column("concept_part", "text", "name or prose of the term it matches"),
    Column("matched", "text", "the name that was matched; empty for prose"),
    Column("found_as", "text", "the obsolete term whose names were matched, where a live one stands for it"),
)


@dataclass(frozen=True)
class Scores:
    """How well every concept matches a tool, in the order of the ontology.

    Attributes
    ----------
    best_one, without_path, score
        As in `COLUMNS`; obsolete concepts have `without_path` and `score` halved.
    part, kind, row
        Places in `PARTS` and `KINDS` of the best match, and of the name in the index (-1 for prose).
    """

    best_one: Floats
    without_path: Floats
    score: Floats
    part: Integers
    kind: Integers
    row: Integers
    empty: bool = False


class LexicalMatcher:
    """EDAMmap's matcher over an inverted index.

    Parameters
    ----------
    ontology
        The release to match to; the newest by default. One read from OWL matches definitions and comments too.
    query_weights
        Weight of stems in queries, 0 to 1, such as inverse document frequencies; stems that are not in it weigh 1.
        None weighs all alike.

    Notes
    -----
    Scores, defaults and the choice among relatives are those of EDAMmap 1.1.2 (J. Ison et al. doi:10.7490/
    f1000research.1118900.1; E. Jaaniso, Tartu 2016). They rank terms and are no probabilities.

    Examples
    --------
    >>> matcher = LexicalMatcher()
    >>> table = matcher.match(Tool("Sequence alignment"), branches=["operation"], top=1)
    >>> table["term_id"][0], round(float(table["best_one_score"][0]), 2)
    ('operation_0292', 0.81)
    """

    def __init__(self, ontology: Ontology | None = None, *, query_weights: Mapping[str, float] | None = None) -> None:
        self.ontology = Ontology.load() if ontology is None else ontology
        self._hierarchy = Hierarchy(self.ontology)
        self._index: LexicalIndex = build_index(self._hierarchy.concepts)
        self._query_weights = query_weights

    def scores(self, tool: Tool) -> Scores:
        """Return the scores of every concept.

        Raises
        ------
        EmptyInput, InputTooLarge
            As in `Tool.parts`.
        """
        count = len(self._hierarchy.concepts)
        best_one, total, over = np.zeros(count), np.zeros(count), 0.0
        part_of, kind = np.full(count, -1), np.full(count, NOTHING)
        row = np.full(count, -1)
        parts = tool.parts()
        for place, (part, (normaliser, share)) in enumerate(PARTS.items()):
            if part not in parts:
                continue
            value, own_kind, own_row = self._part(parts[part])
            value *= normaliser
            total += share * value**_AVERAGE_SCALING
            over += share
            better = value > best_one
            best_one = np.where(better, value, best_one)
            part_of[better] = place
            kind[better], row[better] = own_kind[better], own_row[better]
        plain = total / over if over else total
        plain = np.where(self._hierarchy.obsolete, OBSOLETE_PENALTY * plain, plain)
        enriched = self._hierarchy.enriched(plain)
        return Scores(best_one, plain, enriched, part_of, kind, row, empty=not parts)

    def name_of(self, row: int) -> str:
        """Return the name that `Scores.row` points at."""
        return self._index.texts[row]

    def match(
        self, tool: Tool, *, branches: Sequence[str] = ("topic", "operation"), top: int = 5, all_classes: bool = False
    ) -> Table:
        """Return the terms that match a tool.

        Parameters
        ----------
        tool
            Its texts.
        branches
            Branches of EDAM to look in.
        top
            Most terms a branch.
        all_classes
            Keep bad matches too; without it they are kept only near the limit and among the first three.

        Returns
        -------
        Table
            A row a term, branches in the order given, best first (see `COLUMNS`). ``meta["reasons"]`` says why a
            branch is empty.

        Raises
        ------
        InvalidOption
            There is no such branch.
        EmptyInput, InputTooLarge
            As in `Tool.parts`.
        """
        return self.match_many([tool], branches=branches, top=top, all_classes=all_classes)

    def match_many(
        self, tools: Iterable[Tool], *, branches: Sequence[str] = ("topic", "operation"), top: int = 5,
        all_classes: bool = False,
    ) -> Table:  # fmt: skip
        """Return the terms that match each of several tools, one tool after another; see `match`."""
        check_branches(branches)
        rows: list[tuple[object, ...]] = []
        reasons: dict[str, dict[str, str]] = {}
        for tool in tools:
            scores = self.scores(tool)
            for branch in branches:
                found = self._chosen(tool, scores, branch, top, all_classes)
                rows += found
                if not found:
                    reasons.setdefault(tool.name, {})[branch] = self._reason(scores, branch)
        data = {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}
        meta = {"method": "lexical", "edam": self.ontology.release, "reasons": reasons, "top": top}
        return Table(COLUMNS, data, meta, len(rows))

    def _chosen(self, tool: Tool, scores: Scores, branch: str, top: int, all_classes: bool) -> list[tuple[object, ...]]:
        passes = np.ones(len(scores.score), np.bool_) if all_classes else scores.best_one >= BAD
        lenient = scores.best_one >= BAD - _PASSABLE
        rows: list[tuple[object, ...]] = []
        for chosen in self._hierarchy.choose(branch, scores.score, passes, lenient, top, _PASSABLE_RANKS):
            at, own = chosen.found, self._hierarchy.concepts[chosen.stands]
            best = float(scores.best_one[at])
            found = self._hierarchy.concepts[at]
            rows.append((
                tool.name, branch, own.id, own.label, "good" if best > GOOD else "bad" if best < BAD else "medium",
                best, float(scores.without_path[at]), float(scores.score[at]), list(PARTS)[scores.part[at]],
                KINDS[scores.kind[at]], self._index.texts[scores.row[at]] if scores.row[at] >= 0 else "",
                found.id if found is not own else "",
            ))  # fmt: skip
        return rows

    def _reason(self, scores: Scores, branch: str) -> str:
        if scores.empty:
            return "the texts hold nothing but stop words and marks"
        members = self._hierarchy.members[branch]
        best = float(np.max(scores.best_one[members], initial=0.0))
        if best == 0.0:
            return f"no name of any {branch} term shares a word with the texts"
        return f"the best match scores {best:.2f}, less than {BAD - _PASSABLE:.2f}; all_classes shows it"

    def _part(self, texts: Sequence[list[list[str]]]) -> tuple[Floats, Integers, Integers]:
        """Return for each concept the best score over the texts of a part, with the kind and place of what matched."""
        best, kind, row = self._text(texts[0])
        for text in texts[1:]:
            value, own_kind, own_row = self._text(text)
            better = value > best
            best = np.where(better, value, best)
            kind, row = np.where(better, own_kind, kind), np.where(better, own_row, row)
        return best, kind, row

    def _text(self, text: Sequence[list[str]]) -> tuple[Floats, Integers, Integers]:
        index, count = self._index, len(self._hierarchy.concepts)
        matched, row, query = np.zeros(count), np.full(count, -1), np.zeros(count)
        prose = np.zeros(len(index.flat))
        for words in text:
            self._sentence(words, matched, row, prose, query)
        kind = np.where(row >= 0, index.kind[row], NOTHING)
        own = kind.copy()
        compiled.add_prose(
            index.concept, index.kind, index.length, index.start, index.flat, index.weight, prose, matched, own
        )
        row[own != kind] = -1
        return (matched + (query / len(text)) ** compiled.SCALING) / 2, own, row

    def _sentence(self, words: Sequence[str], matched: Floats, row: Integers, prose: Floats, query: Floats) -> None:
        index = self._index
        hits = [(at, hit) for at, own in enumerate(index.hits(words)) for hit in own]
        if not hits:
            return
        at, pairs, key, shift, score = _columns(hits)
        starts, place, places, values = compiled.collect(
            at, pairs, key, shift, score, index.stems.starts, index.stems.lists, index.stems.places,
            index.pairs.starts, index.pairs.lists, index.pairs.places, len(index.length),
        )  # fmt: skip
        given = self._query_weights
        weights = np.ones(len(words)) if given is None else np.sqrt([given.get(word, 1.0) for word in words])
        compiled.score_list(
            starts, place, places, values, weights, index.concept, index.kind, index.length, index.start, index.flat,
            index.weight, matched, row, prose, query,
        )  # fmt: skip


def _columns(hits: Sequence[tuple[int, Hit]]) -> tuple[Integers, npt.NDArray[np.bool_], Integers, Integers, Floats]:
    return (
        np.array([at for at, _ in hits], np.int64),
        np.array([hit.pairs for _, hit in hits], np.bool_),
        np.array([hit.key for _, hit in hits], np.int64),
        np.array([hit.shift for _, hit in hits], np.int64),
        np.array([hit.score for _, hit in hits], np.float64),
    )
