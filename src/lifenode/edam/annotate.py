"""Annotate a tool with terms of EDAM, each with a probability and the words that speak for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.edam.learned_model import Model, load_model
from lifenode.edam.learned_ranking import BRANCHES, FEATURES, MATTER, Candidates, Family, Lexical, candidates, with_rare
from lifenode.edam.lexical import LexicalMatcher, Scores
from lifenode.edam.ontology import Ontology, check_branches
from lifenode.edam.roles import load_roles
from lifenode.edam.tool import Tool
from lifenode.errors import InvalidOption
from lifenode.table import Column, Table

COLUMNS = (
    Column("branch", "text", "topic, operation, data or format"),
    Column("term_id", "text", "id of the term"),
    Column("label", "text", "its name"),
    Column("probability", "number", "how likely a curator gives the tool this term, 0 to 1"),
    Column("proposed", "boolean", "the probability is above the limit where F1 is highest"),
    Column("words", "list", "words of the texts that speak most for it, as learned from other tools"),
    Column("matched", "text", "a name of the term all of whose words are in the texts; empty without"),
    Column("role", "text", "of data and formats: input or output, whichever is likelier; empty for others"),
    Column("operation", "text", "of data and formats: id of the likeliest operation it goes with; empty if unknown"),
)


@dataclass(frozen=True)
class _Engine:
    """What all calls share."""

    model: Model
    family: Family
    matcher: LexicalMatcher


def annotate(
    name: str,
    description: str = "",
    *,
    publications: Sequence[str | Mapping[str, str]] | None = None,
    branches: Sequence[str] = (*BRANCHES, *MATTER),
    top: int | None = None,
) -> Table:
    """Return the topics, operations, data and formats a curator would give a tool.

    Parameters
    ----------
    name, description
        As a registry shows them.
    publications
        Texts of its publications, or mappings with ``title`` and ``abstract``.
    branches
        Some of ``topic``, ``operation``, ``data`` and ``format``.
    top
        Terms a branch, best first, whatever their probability. By default those that are proposed, at least one.

    Returns
    -------
    Table
        A row a term, branches in the order given, best first (see `COLUMNS`); ``meta["reasons"]`` says why a branch is
        empty.

    Raises
    ------
    EmptyInput, InputTooLarge
        There is no text, or one is longer than 100,000 characters.
    InvalidOption
        A branch that EDAM does not have, or `top` below 1.

    Notes
    -----
    Regression on words and runs of characters, a second one on its scores, and the names of terms, ranked by boosted
    trees and calibrated on tools that were left out. Fitted to annotations of bio.tools of 2021: it repeats habits of
    that registry, and terms that are rare there are found by their names or not at all. Few of its tools tell their
    data and formats: the probability of these terms is among tools that do. Whether they go in or come out, and with
    which operation, follows from the operations that are likely, from counts of the registry, and from EDAM's
    ``has_input`` and ``has_output``; on tools that were left out the side is right for 84 of 100 terms.

    Examples
    --------
    >>> table = annotate("STAR", "Ultrafast universal RNA-seq aligner.", branches=["operation"], top=2)
    >>> table["label"].tolist()
    ['Sequence alignment', 'Read mapping']
    """
    _check(branches, top)
    texts = [_text(one) for one in publications or ()]
    tool = Tool(name, description, abstracts=texts)
    tool.parts()
    short = f"{name}. {description}"
    given = _Given(short, " ".join([short, *texts]), any(map(bool, texts)), _lexical(name, description))
    found = {branch: _found(given, branch, top) for branch in branches}
    matter = set(branches) & set(MATTER)
    operations = found["operation"] if "operation" in found else _found(given, "operation", None) if matter else []
    likely = {one.id: one.probability for one in operations}
    rows = [one.row(branch, likely) for branch in branches for one in found[branch]]
    thresholds = {branch: given.view(branch).engine.model.threshold[branch] for branch in branches}
    nothing = "no word of the texts is known, and none is in the name of a term"
    meta = {
        "method": "learned", "edam": _shared().ontology.release, "publications": len(texts),
        "reasons": {branch: nothing for branch in branches if not found[branch]}, "thresholds": thresholds,
    }  # fmt: skip
    return Table(
        COLUMNS, {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}, meta, len(rows)
    )


@dataclass(frozen=True)
class _View:
    """What a model makes of a tool: scores by both regressions, columns and values of its words, scores by names."""

    engine: _Engine
    raw: npt.NDArray[np.float32]
    chained: npt.NDArray[np.float32]
    place: npt.NDArray[Any]
    value: npt.NDArray[Any]
    lexical: Lexical | None


@dataclass(frozen=True)
class _Given:
    """The texts of a tool: name and description, all, whether there are others, and the words in names of terms."""

    short: str
    whole: str
    published: bool
    lexical: Scores | None
    views: dict[str, _View] = field(default_factory=dict)

    def view(self, branch: str) -> _View:
        """Return what the model for a branch makes of them."""
        learned = ("plain", "publications") if branch in BRANCHES else ("matter", "matter_publications")
        name = learned[self.published]
        if name not in self.views:
            engine = _engine(name)
            by_names = None if self.lexical is None else engine.family.lexical([self.lexical], [self.short])
            raw, place, value = engine.model.scores(self.short, self.whole)
            chained = engine.model.chained(raw[None, :])
            self.views[name] = _View(engine, raw, chained, place, value, by_names)
        return self.views[name]


@dataclass(frozen=True)
class _Term:
    """A term that was found."""

    id: str
    label: str
    probability: float
    proposed: bool
    words: list[str]
    matched: str

    def row(self, branch: str, operations: Mapping[str, float]) -> tuple[object, ...]:
        """Return its row, given how likely operations are."""
        role = load_roles().of(self.id, operations) if branch in MATTER else None
        side, operation = (role.side, role.operation) if role else ("", "")
        own = (branch, self.id, self.label, self.probability, self.proposed, self.words, self.matched)
        return (*own, side, operation)


def _found(given: _Given, branch: str, top: int | None) -> list[_Term]:
    """Return the terms of a branch, best first."""
    view, lexical = given.view(branch), given.lexical
    engine = view.engine
    found = _candidates(given, view, branch)
    if not len(found.term):
        return []
    scores = engine.model.trees[branch](found.features)
    probability = engine.model.calibrated(branch, scores)
    proposed = probability >= engine.model.threshold[branch]
    count = top if top is not None else max(1, int(proposed.sum()))
    # Most data and formats are rare among the few tools that tell them: there is nothing to keep places for.
    kept = with_rare(engine.family, found, scores, count) if branch in BRANCHES else _best(scores, count)
    order = kept.tolist()
    return [
        _Term(
            engine.family.ids[term], engine.family.concepts[term].label, float(probability[at]), bool(proposed[at]),
            engine.model.evidence(term, view.place, view.value), _matched(engine, term, lexical),
        )
        for at, term in zip(order, found.term[order].tolist(), strict=True)
    ]  # fmt: skip


def _best(scores: npt.NDArray[np.float64], count: int) -> npt.NDArray[np.int64]:
    return np.argsort(-scores, kind="stable")[:count]


def _check(branches: Sequence[str], top: int | None) -> None:
    check_branches(branches)
    if top is not None and top < 1:
        raise InvalidOption(f"top is {top}; it has to be 1 or more.", value=top, next_step="None gives those proposed.")


def _text(publication: str | Mapping[str, str]) -> str:
    if isinstance(publication, str):
        return publication
    return " ".join(publication[part] for part in ("title", "abstract") if publication.get(part))


@lru_cache(maxsize=4)
def _engine(name: str) -> _Engine:
    model = load_model(name)
    branches = BRANCHES if set(BRANCHES) <= set(model.threshold) else MATTER
    return _Engine(model, Family(_shared().ontology, model.frequency, model.tools, branches), _shared())


def _lexical(name: str, description: str) -> Scores | None:
    return _shared().scores(Tool(name, description)) if f"{name}{description}".strip() else None


@lru_cache(maxsize=1)
def _shared() -> LexicalMatcher:
    return LexicalMatcher(Ontology.load())


def _candidates(given: _Given, view: _View, branch: str) -> Candidates:
    nothing = not view.raw.any() and (given.lexical is None or not given.lexical.best_one.any())
    if view.lexical is None or nothing:
        none = np.zeros(0, np.int64)
        return Candidates(none, none, np.zeros((0, len(FEATURES)), np.float32))
    length = np.array([len(given.short)], np.float32)
    return candidates(view.engine.family, branch, view.raw[None, :], view.chained, view.lexical, length)


def _matched(engine: _Engine, term: int, lexical: Scores | None) -> str:
    row = -1 if lexical is None else int(lexical.row[engine.family.whole[term]])
    return engine.matcher.name_of(row) if row >= 0 else ""
