"""Annotate a tool with topics and operations of EDAM, each with a probability and the words that speak for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lifenode.edam.learned_model import Model, load_model
from lifenode.edam.learned_ranking import BRANCHES, FEATURES, Candidates, Family, candidates, with_rare
from lifenode.edam.lexical import LexicalMatcher, Scores
from lifenode.edam.ontology import Ontology, check_branches
from lifenode.edam.tool import Tool
from lifenode.errors import InvalidOption
from lifenode.table import Column, Table

COLUMNS = (
    Column("branch", "text", "topic or operation"),
    Column("term_id", "text", "id of the term"),
    Column("label", "text", "its name"),
    Column("probability", "number", "how likely a curator gives the tool this term, 0 to 1"),
    Column("proposed", "boolean", "the probability is above the limit where F1 is highest"),
    Column("words", "list", "words of the texts that speak most for it, as learned from other tools"),
    Column("matched", "text", "a name of the term all of whose words are in the texts; empty without"),
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
    branches: Sequence[str] = BRANCHES,
    top: int | None = None,
) -> Table:
    """Return the topics and operations a curator would give a tool.

    Parameters
    ----------
    name, description
        As a registry shows them.
    publications
        Texts of its publications, or mappings with ``title`` and ``abstract``.
    branches
        ``topic``, ``operation``, or both.
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
        Other branches than topic and operation, or `top` below 1.

    Notes
    -----
    Regression on words and runs of characters, a second one on its scores, and the names of terms, ranked by boosted
    trees and calibrated on tools that were left out. Fitted to annotations of bio.tools of 2021: it repeats habits of
    that registry, and terms that are rare there are found by their names or not at all.

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
    engine = _engine("publications" if any(texts) else "plain")
    short = f"{name}. {description}"
    raw, place, value = engine.model.scores(short, " ".join([short, *texts]))
    lexical = engine.matcher.scores(Tool(name, description)) if f"{name}{description}".strip() else None
    rows: list[tuple[object, ...]] = []
    reasons: dict[str, str] = {}
    for branch in branches:
        found = _candidates(engine, branch, raw, lexical, short)
        if not len(found.term):
            reasons[branch] = "no word of the texts is known, and none is in the name of a term"
            continue
        scores = engine.model.trees[branch](found.features)
        probability = engine.model.calibrated(branch, scores)
        proposed = probability >= engine.model.threshold[branch]
        count = top if top is not None else max(1, int(proposed.sum()))
        named = np.zeros(0, np.bool_) if lexical is None else lexical.row[engine.family.whole[found.term]] >= 0
        for at in with_rare(engine.family, found, scores, named, count).tolist():
            term = int(found.term[at])
            rows.append((
                branch, engine.family.ids[term], engine.family.concepts[term].label, float(probability[at]),
                bool(proposed[at]), engine.model.evidence(term, place, value), _matched(engine, term, lexical),
            ))  # fmt: skip
    data = {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}
    meta = {
        "method": "learned", "edam": engine.family.ontology.release, "publications": len(texts), "reasons": reasons,
        "thresholds": {branch: engine.model.threshold[branch] for branch in branches},
    }  # fmt: skip
    return Table(COLUMNS, data, meta, len(rows))


def _check(branches: Sequence[str], top: int | None) -> None:
    check_branches(branches)
    for branch in branches:
        if branch not in BRANCHES:
            raise InvalidOption(
                f"Terms of the branch {branch} are not learned.",
                value=branch,
                next_step="LexicalMatcher matches data and formats by their names.",
            )
    if top is not None and top < 1:
        raise InvalidOption(f"top is {top}; it has to be 1 or more.", value=top, next_step="None gives those proposed.")


def _text(publication: str | Mapping[str, str]) -> str:
    if isinstance(publication, str):
        return publication
    return " ".join(publication[part] for part in ("title", "abstract") if publication.get(part))


@lru_cache(maxsize=2)
def _engine(name: str) -> _Engine:
    model = load_model(name)
    family = Family(_shared().ontology, model.frequency, model.tools)
    return _Engine(model, family, _shared())


@lru_cache(maxsize=1)
def _shared() -> LexicalMatcher:
    return LexicalMatcher(Ontology.load())


def _candidates(
    engine: _Engine, branch: str, raw: npt.NDArray[np.float32], lexical: Scores | None, short: str
) -> Candidates:
    nothing = not raw.any() and (lexical is None or not lexical.best_one.any())
    if lexical is None or nothing:
        none = np.zeros(0, np.int64)
        return Candidates(none, none, np.zeros((0, len(FEATURES)), np.float32))
    scores = raw[None, :]
    given = engine.family.lexical([lexical], [short])
    return candidates(
        engine.family, branch, scores, scores @ engine.model.chain, given, np.array([len(short)], np.float32)
    )


def _matched(engine: _Engine, term: int, lexical: Scores | None) -> str:
    row = -1 if lexical is None else int(lexical.row[engine.family.whole[term]])
    return engine.matcher.name_of(row) if row >= 0 else ""
