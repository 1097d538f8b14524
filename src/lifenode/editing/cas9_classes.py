"""The outcomes that a cut may have: one class for each name, with its features and probability."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from lifenode.editing import cas9_compiled as compiled
from lifenode.editing.cas9_names import NUCLEOTIDES
from lifenode.editing.target import Target

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

# Names are sought this far to either side of the PAM.
_AROUND = 50


@dataclass(frozen=True)
class Classes:
    """The outcomes of a target.

    Attributes
    ----------
    target
        The target.
    rows
        A candidate a row; see the columns of `lifenode.editing.cas9_compiled`.
    class_of
        The class of each candidate.
    first
        The first candidate of each class.
    starts, features
        Features of each class; see `lifenode.editing.cas9_compiled.class_features`.
    """

    target: Target
    rows: Integers
    class_of: Integers
    first: Integers
    starts: Integers
    features: Integers

    @property
    def sizes(self) -> Integers:
        """Net size of each class: bases gained, negative where some are lost."""
        row = self.rows[self.first]
        return np.asarray(np.where(row[:, compiled.INSERTED] > 0, row[:, compiled.INSERTED], -row[:, compiled.SIZE]))

    @property
    def homologies(self) -> Integers:
        """Bases of microhomology of each class: how far its name can be shifted."""
        row = self.rows[self.first]
        lost = np.where(row[:, compiled.INSERTED] > 0, 0, row[:, compiled.SIZE])
        return np.asarray(row[:, compiled.RIGHTMOST] - row[:, compiled.LEFTMOST] - 1 - lost)

    def names(self) -> list[str]:
        """Return the name of each class, such as ``D7_L-7C4R5``."""
        return [
            _name(row, shift)
            for row, shift in zip(self.rows[self.first].tolist(), self.homologies.tolist(), strict=True)
        ]

    def probabilities(self, coefficients: Floats) -> Floats:
        """Return the probability of each class, a row for each row of coefficients."""
        score = compiled.scores(self.starts, self.features, coefficients)
        power = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(power / power.sum(axis=1, keepdims=True))

    def inserted(self, number: int, coefficients: Floats) -> list[tuple[str, float]]:
        """Return what a class of insertions may insert, and the share of each in the class.

        Where several insertions have one name, the model gives the name a probability; it is shared in proportion to
        what each would have by itself.
        """
        members = np.flatnonzero(self.class_of == number)
        if len(members) == 1:
            return [(_bases(self.rows[members[0]]), 1.0)]
        sequence = encoded(self.target.sequence)
        starts, features = compiled.class_features(
            sequence, self.target.cut, self.rows[members], np.arange(len(members)), len(members)
        )
        score = compiled.scores(starts, features, coefficients[None])[0]
        power = np.exp(score - score.max())
        return [(_bases(self.rows[at]), float(part)) for at, part in zip(members, power / power.sum(), strict=True)]


def classes_of(target: Target) -> Classes:
    """Return the outcomes of a target."""
    sequence, cut = encoded(target.sequence), target.cut
    low, high = max(0, target.pam - _AROUND), min(len(sequence), target.pam + _AROUND)
    rows = compiled.candidates(sequence, cut, low, high)
    class_of, count = compiled.name_classes(rows)
    _, first = np.unique(class_of, return_index=True)
    starts, features = compiled.class_features(sequence, cut, rows, class_of, count)
    return Classes(target, rows, class_of, first, starts, features)


def encoded(sequence: str) -> npt.NDArray[np.int8]:
    """Return bases as places in ``ATGC``."""
    table = np.zeros(128, np.int8)
    for place, letter in enumerate(NUCLEOTIDES):
        table[ord(letter)] = place
    return table[np.frombuffer(sequence.encode("ascii"), np.uint8)]


def _name(row: list[int], shift: int) -> str:
    kind = "I" if row[compiled.INSERTED] else "D"
    between = f"C{shift}" if shift > 0 else ""
    return f"{kind}{row[compiled.SIZE]}_L{row[compiled.LEFTMOST]}{between}R{row[compiled.RIGHTMOST]}"


def _bases(row: Integers) -> str:
    return "".join(NUCLEOTIDES[int(place)] for place in row[compiled.FIRST : compiled.SECOND + 1] if place >= 0)
