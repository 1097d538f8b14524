"""Inserts: DNA, DNA with letters that stand for several bases, or a protein written in all its codons."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from lifenode.editing.target import IUPAC
from lifenode.errors import BadTarget, EmptyInput, InvalidOption

LONGEST = 200
"""Longest insert that is folded, bases."""
MOST_CHOICES = 4_096
"""How many ways of writing one protein are ranked; of more, as many are drawn."""
MOST_EXPANDED = 100_000
_SEED = 1

KINDS = ("dna", "protein")

_ORDER = "TCAG"
_AMINO_ACIDS = "FFLLSSSSYY**CC*WLLLLPPPPHHQQRRRRIIIMTTTTNNKKSSRRVVVVAAAADDEEGGGG"
_TRANSLATED = tuple(zip(map("".join, product(_ORDER, repeat=3)), _AMINO_ACIDS, strict=True))
_CODONS = {amino: tuple(sorted(codon for codon, one in _TRANSLATED if one == amino)) for amino in _AMINO_ACIDS}
_CODONS["_"] = _CODONS["*"]


@dataclass(frozen=True)
class Insert:
    """One insert to predict.

    Attributes
    ----------
    given
        What it was made of.
    sequence
        Its bases.
    """

    given: str
    sequence: str


def read_inserts(inserts: str | Sequence[str], kind: str = "dna") -> tuple[list[Insert], tuple[str, ...]]:
    """Return inserts with every choice of bases or codons written out, and notes on what was changed or left out.

    Parameters
    ----------
    inserts
        Text with an insert a line (or FASTA), or a list.
    kind
        ``dna`` (letters of IUPAC stand for all their bases), or ``protein`` (``*`` or ``_`` is a stop).

    Raises
    ------
    BadTarget
        A letter that means nothing, with the number of its insert and its place; an insert that is too long or stands
        for too many.
    EmptyInput
        There is none.
    InvalidOption
        There is no such kind.
    """
    if kind not in KINDS:
        raise InvalidOption(f'There is no kind of insert "{kind}".', value=kind, next_step="There are dna and protein.")
    given = _items(inserts)
    if not given:
        raise EmptyInput("No insert was given.", next_step="Give its bases, an insert a line, such as CATCATCACCAT.")
    found, notes = list[Insert](), dict[str, None]()
    for number, text in enumerate(given, start=1):
        upper = text.upper()
        if upper != text:
            notes["lower-case letters were read as capitals"] = None
        choices = _choices(upper, kind, number)
        ways = prod(len(each) for each in choices)
        if kind == "protein" and ways > MOST_CHOICES:
            notes[f"{MOST_CHOICES:,} of the {ways:,} ways to write {upper[:20]} were drawn and ranked"] = None
        if kind == "dna" and ways + len(found) > MOST_EXPANDED:
            raise BadTarget(
                f"Insert {number} stands for {ways:,} sequences, which makes more than {MOST_EXPANDED:,}.",
                value=text[:40],
                next_step="Write fewer letters that stand for several bases.",
            )
        found += [Insert(text, sequence) for sequence in _written_out(choices, ways, kind)]
    return found, tuple(notes)


def _written_out(choices: Sequence[Sequence[str]], ways: int, kind: str) -> Iterator[str]:
    if kind == "dna" or ways <= MOST_CHOICES:
        yield from ("".join(one) for one in product(*choices))
        return
    draw = random.Random(_SEED)
    drawn = dict[str, None]()
    while len(drawn) < MOST_CHOICES:
        drawn["".join(draw.choice(each) for each in choices)] = None
    yield from drawn


def _choices(text: str, kind: str, number: int) -> list[Sequence[str]]:
    known: Mapping[str, Sequence[str]] = _CODONS if kind == "protein" else IUPAC
    bad = next((place for place, letter in enumerate(text) if letter not in known), None)
    if bad is not None:
        protein = kind == "dna" and all(letter in _CODONS for letter in text)
        what = "amino acid" if kind == "protein" else "base"
        raise BadTarget(
            f"Insert {number} has {text[bad]!r} at letter {bad + 1}, which is no {what}.",
            value=text[bad],
            next_step="Say that it is a protein." if protein else "Write it with the letters of the kind.",
        )
    length = len(text) * (3 if kind == "protein" else 1)
    if length > LONGEST:
        raise BadTarget(
            f"Insert {number} has {length} bases; up to {LONGEST} can be predicted, and the models know up to 66.",
            value=text[:40],
            next_step="Prime editing writes short inserts; use another method for long ones.",
        )
    return [known[letter] for letter in text]


def _items(inserts: str | Sequence[str]) -> list[str]:
    if not isinstance(inserts, str):
        return ["".join(str(item).split()) for item in inserts if str(item).strip()]
    lines = [line.strip() for line in inserts.splitlines() if line.strip()]
    if lines and lines[0].startswith(">"):
        records = "\n".join(lines).split(">")[1:]
        return [joined for record in records if (joined := "".join(record.split("\n")[1:]))]
    return [word for line in lines for word in line.replace(",", " ").replace(";", " ").split()]
