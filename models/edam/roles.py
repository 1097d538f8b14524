"""Count which terms are inputs and outputs of which operations: ``python models/edam/roles.py FOLDER``.

Prints how often the side is right on the development tools, from counts of the others, and writes counts of all tools.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from corpus import read_corpus

from lifenode.edam import Ontology
from lifenode.edam.roles import ROLES, Roles, counted, save_roles

Function = tuple[list[str], list[str], list[str]]


def functions(rows: list[dict[str, Any]], ontology: Ontology) -> Iterator[Function]:
    """Return operations, inputs and outputs of every function, brought to live terms."""
    for row in rows:
        for one in row.get("function") or []:
            sides = [[*_terms(one.get(side) or [])] for side in ("input", "output")]
            operations = _live(one.get("operation") or [], ontology)
            yield operations, _live(sides[0], ontology), _live(sides[1], ontology)


def _terms(parts: list[dict[str, Any]]) -> Iterator[str]:
    for part in parts:
        if part.get("data"):
            yield part["data"]
        yield from part.get("format") or []


def _live(terms: list[str], ontology: Ontology) -> list[str]:
    found = []
    for term in terms:
        if term in ontology:
            replaced, considered = ontology.replacements(term)
            own = ontology.term(term)
            choice = replaced or (considered if len(considered) == 1 else ())
            found += [one.id for one in choice[:1]] if own.obsolete else [own.id]
    return found


def judged(roles: Roles, made: list[Function]) -> dict[str, float]:
    """Return the share of sides that are right, of the majority side, and of terms that get an operation."""
    right, general, named, total = 0, 0, 0, 0
    for operations, inputs, outputs in made:
        given = dict.fromkeys(operations, 1.0)
        for term in sorted({*inputs, *outputs}):
            sides = {side for side, terms in (("input", inputs), ("output", outputs)) if term in terms}
            role = roles.of(term, given)
            right += role.side in sides
            general += roles.of(term, {}).side in sides
            named += bool(role.operation)
            total += 1
    return {
        "terms": total, "right": round(right / total, 3), "right_without_operations": round(general / total, 3),
        "with_operation": round(named / total, 3),
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Judge, then write."""
    corpus, ontology = read_corpus(Path(arguments[0])), Ontology.load()
    train = [corpus.rows[at] for at in np.flatnonzero(~corpus.development)]
    test = [corpus.rows[at] for at in np.flatnonzero(corpus.development & corpus.by_hand)]
    print(judged(Roles(counted(functions(train, ontology)), ontology), list(functions(test, ontology))))
    counts = counted(functions(corpus.rows, ontology))
    save_roles(counts, ROLES)
    print(f"{len(counts):,} counts, {ROLES.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
