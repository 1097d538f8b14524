"""Find terms by the words of their names."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from lifenode.edam.concept import BRANCHES, Concept, id_of
from lifenode.edam.ontology import Ontology, check_branches
from lifenode.edam.tokens import tokens
from lifenode.errors import EmptyInput, InvalidOption
from lifenode.table import Column, Table

COLUMNS = (
    Column("term_id", "text", "id of the term"),
    Column("branch", "text", "topic, operation, data or format"),
    Column("label", "text", "its name"),
    Column("matched", "text", "the name that holds the words"),
    Column("kind", "text", "what that name is: label, exact, narrow, broad or related synonym, or file extension"),
    Column("score", "number", "share of the words that is found, and of the name they make up; less for synonyms"),
    Column("obsolete", "boolean", "not to be used any more"),
)
_WORTH = {"label": 1.0, "exact": 0.95, "file extension": 0.95, "narrow": 0.85, "broad": 0.75, "related": 0.65}
_NAMED = {kind: f"{kind} synonym" for kind in ("exact", "narrow", "broad", "related")}


class _Name(NamedTuple):
    concept: Concept
    kind: str
    text: str
    words: frozenset[str]


def search(
    ontology: Ontology,
    text: str,
    *,
    branches: Sequence[str] | None = None,
    top: int | None = 10,
    obsolete: bool = False,
) -> Table:
    """Return the terms whose names hold the words of a text.

    Parameters
    ----------
    ontology
        Where to look.
    text
        Words, in any order and form (``aligning sequences`` finds *Sequence alignment*), an id, or a file extension.
    branches
        Branches to look in; all by default.
    top
        Most rows; None for all.
    obsolete
        Show obsolete terms too.

    Returns
    -------
    Table
        A row a term, best first (see `COLUMNS`). Terms that hold only some of the words come after those that hold all.

    Raises
    ------
    EmptyInput
        The text holds no word to look for.
    InvalidOption
        There is no such branch, or `top` is below 1.
    UnknownTerm
        The text is an id this release does not have.
    """
    check_branches(branches or ())
    if top is not None and top < 1:
        raise InvalidOption(f"top is {top}; it has to be 1 or more.", value=top, next_step="None shows all.")
    if id_of(text) is not None:
        concept = ontology.term(text)
        return _table([(1.0, _Name(concept, "label", concept.label, frozenset()))], ontology, text)
    wanted = frozenset(tokens(text))
    if not wanted:
        raise EmptyInput(f'"{text}" holds no word to look for.', value=text, next_step="Give words of a name.")
    best: dict[str, tuple[float, _Name]] = {}
    for name in _names(ontology):
        concept = name.concept
        if (concept.obsolete and not obsolete) or concept.branch not in (branches or BRANCHES):
            continue
        score = _score(wanted, text, name)
        if score > best.get(concept.id, (0.0,))[0]:
            best[concept.id] = (score, name)
    ranked = sorted(best.values(), key=lambda found: (-found[0], found[1].concept.obsolete, found[1].concept.id))
    return _table(ranked[:top], ontology, text)


def _score(wanted: frozenset[str], text: str, name: _Name) -> float:
    if name.kind == "file extension":
        return _WORTH[name.kind] if name.text.casefold() == text.strip().lstrip(".").casefold() else 0.0
    shared = len(wanted & name.words)
    if not shared:
        return 0.0
    covered = shared / len(wanted)
    # All words in a long name are better than some of them in a short one.
    whole = (1 + shared / len(name.words)) / 2 if covered == 1 else shared / len(name.words) / 2
    return _WORTH[name.kind] * covered * whole


@lru_cache(maxsize=4)
def _names(ontology: Ontology) -> tuple[_Name, ...]:
    found = []
    for concept in ontology:
        found.append(_Name(concept, "label", concept.label, frozenset(tokens(concept.label))))
        for kind in ("exact", "narrow", "broad", "related"):
            found += [_Name(concept, kind, text, frozenset(tokens(text))) for text in getattr(concept, kind)]
        found += [_Name(concept, "file extension", text, frozenset()) for text in concept.extensions]
    return tuple(found)


def _table(found: Sequence[tuple[float, _Name]], ontology: Ontology, text: str) -> Table:
    concepts = [name.concept for _, name in found]
    data = {
        "term_id": [concept.id for concept in concepts],
        "branch": [concept.branch for concept in concepts],
        "label": [concept.label for concept in concepts],
        "matched": [name.text for _, name in found],
        "kind": [_NAMED.get(name.kind, name.kind) for _, name in found],
        "score": [score for score, _ in found],
        "obsolete": [concept.obsolete for concept in concepts],
    }
    return Table(COLUMNS, data, {"query": text, "edam": ontology.release}, len(found))
