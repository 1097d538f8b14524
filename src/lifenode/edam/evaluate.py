"""Judge annotation on tools whose terms are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from lifenode.edam.annotate import annotate
from lifenode.edam.concept import BRANCHES
from lifenode.edam.known_tools import KnownTool
from lifenode.edam.learned_model import load_model
from lifenode.edam.lexical import LexicalMatcher
from lifenode.edam.measures import OF_RANKS, OF_SETS, TOP, calibration_error, interval, of_ranks, of_set
from lifenode.edam.ontology import Ontology, check_branches
from lifenode.edam.tool import Tool
from lifenode.errors import EmptyInput, InvalidOption
from lifenode.table import Column, Table

METHODS = ("learned", "lexical")
RARE = 10
"""Terms of at most this many tools of the training corpus are rare."""
_SHOWN = 30

COLUMNS = (
    Column("branch", "text", "topic, operation, data, format, or total, the mean over branches"),
    Column("measure", "text", "what is measured; see the notes of evaluate"),
    Column("value", "number", "mean over tools"),
    Column("low", "number", "lower end of its 95 % interval over tools; missing for what is no mean over tools"),
    Column("high", "number", "upper end"),
    Column("count", "integer", "tools it is over; for rare_recall_10 rare terms, for calibration_error proposals"),
)


@dataclass(frozen=True)
class _Answer:
    """Terms of a branch: ranked, chosen, and the probabilities of those ranked, if there are any."""

    ranked: list[str]
    chosen: list[str]
    probability: list[float] = field(default_factory=list)


def evaluate(
    tools: Iterable[KnownTool],
    *,
    method: str = "learned",
    branches: Sequence[str] = BRANCHES,
    publications: bool = True,
    progress: Callable[[int], None] | None = None,
) -> Table:
    """Return how well tools are annotated whose terms are known.

    Parameters
    ----------
    tools
        As `read_known_tools` reads them; a branch is judged on the tools that have a term in it.
    method
        ``learned`` for `annotate`, ``lexical`` for `LexicalMatcher`.
    branches
        Branches to judge.
    publications
        Show the texts of publications too.
    progress
        Called with the number of tools done.

    Returns
    -------
    Table
        A row a branch and measure (see `COLUMNS`), then the means over branches.

    Raises
    ------
    EmptyInput
        No tool has a term in these branches.
    InvalidOption
        There is no such method or branch.

    Notes
    -----
    precision, recall, f1, f2, Jaccard, AveP, RP, DCG and DCGa are EDAMmap's, of the terms that are proposed (at most 5
    for ``lexical``); precision_1, recall_5, recall_10, map_10 and ndcg_10 of the ten best whatever their probability;
    rare_recall_10 is the share of all rare terms that are among the ten best; calibration_error the expected gap of
    probability and frequency from .1 on; answered the share of tools with any proposal. Only the very term counts, no
    relative. Figures on tools of the training corpus, bio.tools until March 2021, are too good.
    """
    check_branches(branches)
    if method not in METHODS:
        raise InvalidOption(
            f'There is no method "{method}".', value=method, next_step=f"Methods: {', '.join(METHODS)}."
        )
    judges = {branch: _Judge(branch) for branch in branches}
    for done, tool in enumerate(tools, 1):
        wanted = {branch: tool.terms[branch] for branch in branches if tool.terms.get(branch)}
        if wanted:
            texts = tool.publications if publications else ()
            answers = (_learned if method == "learned" else _lexical)(tool, texts, tuple(wanted))
            for branch, terms in wanted.items():
                judges[branch].add(answers[branch], terms)
        if progress is not None:
            progress(done)
    rows = [row for judge in judges.values() for row in judge.rows(method)]
    if not rows:
        raise EmptyInput("No tool has a term in these branches.", next_step="Give tools that are annotated already.")
    rows += _totals(rows)
    data = {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}
    meta = {"method": method, "edam": Ontology.load().release, "publications": publications}
    return Table(COLUMNS, data, meta, len(rows))


Row = tuple[str, str, float, float | None, float | None, int]


class _Judge:
    """Gathers the measures of one branch."""

    def __init__(self, branch: str) -> None:
        self._branch = branch
        self._values: dict[str, list[float]] = {name: [] for name in (*OF_SETS, *OF_RANKS, "answered")}
        self._rare = [0, 0]
        self._probability: list[float] = []
        self._hit: list[bool] = []

    def add(self, answer: _Answer, wanted: frozenset[str]) -> None:
        """Judge one tool."""
        found = of_set(answer.chosen, wanted) | of_ranks(answer.ranked, wanted)
        found["answered"] = float(bool(answer.chosen))
        for name, value in found.items():
            self._values[name].append(value)
        rare = {term for term in wanted if _frequency().get(term, 0) <= RARE}
        self._rare = [self._rare[0] + len(rare & set(answer.ranked[:TOP])), self._rare[1] + len(rare)]
        self._probability += answer.probability
        self._hit += [term in wanted for term in answer.ranked[: len(answer.probability)]]

    def rows(self, method: str) -> list[Row]:
        """Return the measures; none without tools."""
        tools = len(self._values["recall"])
        if not tools:
            return []
        rows: list[Row] = [(self._branch, name, *interval(own), tools) for name, own in self._values.items()]
        if self._rare[1]:
            rows.append((self._branch, "rare_recall_10", self._rare[0] / self._rare[1], None, None, self._rare[1]))
        if method == "learned":
            error = calibration_error(np.array(self._probability), np.array(self._hit, np.bool_))
            rows.append((self._branch, "calibration_error", error, None, None, len(self._hit)))
        return rows


def _totals(rows: Sequence[Row]) -> list[Row]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[1], []).append(row)
    return [
        ("total", name, sum(row[2] for row in own) / len(own), None, None, sum(row[5] for row in own))
        for name, own in found.items()
    ]


def _learned(tool: KnownTool, texts: Sequence[str], branches: Sequence[str]) -> dict[str, _Answer]:
    table = annotate(tool.name, tool.description, publications=texts, branches=branches, top=_SHOWN)
    answers = {branch: _Answer([], []) for branch in branches}
    for row in table:
        answer = answers[row["branch"]]
        if row["proposed"] or not answer.ranked:
            answer.chosen.append(row["term_id"])
        answer.ranked.append(row["term_id"])
        answer.probability.append(row["probability"])
    return answers


def _lexical(tool: KnownTool, texts: Sequence[str], branches: Sequence[str]) -> dict[str, _Answer]:
    own = Tool(tool.name, tool.description, abstracts=texts)
    found = []
    for top, every in ((TOP, True), (5, False)):
        table = _matcher().match(own, branches=branches, top=top, all_classes=every)
        found.append({branch: table["term_id"][table["branch"] == branch].tolist() for branch in branches})
    return {branch: _Answer(found[0][branch], found[1][branch]) for branch in branches}


@lru_cache(maxsize=1)
def _matcher() -> LexicalMatcher:
    return LexicalMatcher()


@lru_cache(maxsize=1)
def _frequency() -> dict[str, int]:
    return load_model("plain").frequency | load_model("matter").frequency
