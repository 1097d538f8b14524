"""Whether data and formats go into a tool or come out of it, and with which of its operations."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from lifenode.edam.ontology import Ontology

SIDES = ("input", "output")
ROLES = Path(__file__).parent / "weights" / "roles.tsv.gz"
_STATED = 3
"""How many tools a relation of the ontology counts for."""
_GENERAL = 2.0
"""How many tools the habit of a term over all operations counts for."""
_ANY = "-"


class Role(NamedTuple):
    """``input`` or ``output``, its share among both, and the id of the operation it goes with; empty if unknown."""

    side: str
    share: float
    operation: str


class Roles:
    """How often terms are inputs and outputs.

    Parameters
    ----------
    counts
        Functions of tools by operation (``-`` for any), term, and side.
    ontology
        Whose ``has_input``, ``has_output`` and ``is_format_of`` count too.
    """

    def __init__(self, counts: Mapping[tuple[str, str, str], int], ontology: Ontology) -> None:
        self._counts: Counter[tuple[str, str, str]] = Counter()
        for (operation, term, side), count in counts.items():
            self._counts[operation, term, side] += count
        self._data: dict[str, list[str]] = {}
        for concept in ontology:
            for how, what in concept.relations:
                if how in ("has_input", "has_output"):
                    self._counts[concept.id, what, how.removeprefix("has_")] += _STATED
                    self._counts[_ANY, what, how.removeprefix("has_")] += _STATED
                elif how == "is_format_of":
                    self._data.setdefault(concept.id, []).append(what)

    def of(self, term: str, operations: Mapping[str, float]) -> Role:
        """Return the role of a term in a tool.

        Parameters
        ----------
        term
            Id of a term of data or format.
        operations
            Probability of each operation the tool may have, by id.
        """
        names = [term, *(self._data.get(term, ()) if not self._seen(term) else ())]
        total = {side: sum(self._counts[_ANY, name, side] for name in names) for side in SIDES}
        both = sum(total.values())
        sums = {side: _GENERAL * (total[side] + 0.5) / (both + 1) for side in SIDES}
        best = dict.fromkeys(SIDES, (0.0, ""))
        for operation, probability in operations.items():
            for side in SIDES:
                weight = probability * sum(self._counts[operation, name, side] for name in names)
                sums[side] += weight
                best[side] = max(best[side], (weight, operation))
        side = max(SIDES, key=lambda one: sums[one])
        return Role(side, sums[side] / sum(sums.values()), best[side][1])

    def _seen(self, term: str) -> bool:
        return any(self._counts[_ANY, term, side] for side in SIDES)


def counted(
    functions: Iterable[tuple[Iterable[str], Iterable[str], Iterable[str]]],
) -> Counter[tuple[str, str, str]]:
    """Return counts for `Roles` of functions, each its operations, inputs and outputs as ids."""
    found: Counter[tuple[str, str, str]] = Counter()
    for operations, *sides in functions:
        own = sorted(set(operations))
        for side, terms in zip(SIDES, sides, strict=True):
            for term in sorted(set(terms)):
                found[_ANY, term, side] += 1
                found.update((operation, term, side) for operation in own)
    return found


def save_roles(counts: Mapping[tuple[str, str, str], int], path: Path) -> None:
    """Write counts."""
    lines = ["\t".join((*key, f"{count}")) for key, count in sorted(counts.items())]
    path.write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))


@lru_cache(maxsize=1)
def load_roles() -> Roles:
    """Return the counts that are shipped, with the newest release of EDAM."""
    lines = gzip.decompress(ROLES.read_bytes()).decode().splitlines()
    rows = [line.split("\t") for line in lines]
    return Roles({(operation, term, side): int(count) for operation, term, side, count in rows}, Ontology.load())
