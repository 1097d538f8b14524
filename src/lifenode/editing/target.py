"""Targets: a sequence with the place of its PAM, given as such or found on both strands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lifenode.errors import BadTarget, EmptyInput, InvalidOption, UnreadableInput

IUPAC = {
    "A": "A", "C": "C", "G": "G", "T": "T", "R": "AG", "Y": "CT", "S": "CG", "W": "AT", "K": "GT", "M": "AC",
    "B": "CGT", "D": "AGT", "H": "ACT", "V": "ACG", "N": "ACGT",
}  # fmt: skip
"""Bases that each letter of a motif stands for."""

_COMPLEMENT = str.maketrans("ACGT", "TGCA")
_SHORTEST = 20
BEFORE, BEHIND = 13, 7
"""Bases that a PAM needs before it, and from its first base on."""
CUT = 3
"""The cut lies this many bases before the PAM."""
_LETTERS = re.compile(r"[^ACGT]")


@dataclass(frozen=True)
class Place:
    """Where a target lies in a reference.

    Attributes
    ----------
    chromosome
        Name of the chromosome in the reference.
    offset
        0-based place of the first base of the target on the chromosome, forward strand.
    length
        Bases of the chromosome.
    """

    chromosome: str
    offset: int
    length: int


@dataclass(frozen=True)
class Target:
    """One target, in the direction in which its PAM is read.

    Attributes
    ----------
    name
        What it is called.
    sequence
        Bases in capitals, 5' to 3' on the strand of the PAM.
    pam
        0-based place of the first base of the PAM in `sequence`.
    strand
        ``+`` where `sequence` is as it was given, ``-`` where it is its reverse complement.
    notes
        What was changed while it was read.
    place
        Where it lies in a reference; None where it was given by itself.
    """

    name: str
    sequence: str
    pam: int
    strand: str = "+"
    notes: tuple[str, ...] = field(default=())
    place: Place | None = None

    @property
    def cut(self) -> int:
        """0-based place of the first base right of the cut, in `sequence`."""
        return self.pam - CUT

    @property
    def guide(self) -> str:
        """The 20 bases before the PAM, or as many as there are."""
        return self.sequence[max(0, self.pam - 20) : self.pam]

    def given(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch of `sequence` as one of what was given, or of the chromosome; 0-based, end not included."""
        offset, length = self._offset, len(self.sequence)
        return (
            (offset + start, offset + end) if self.strand == "+" else (offset + length - end, offset + length - start)
        )

    def own(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of `sequence` that `given` made into this one."""
        start, end, length = start - self._offset, end - self._offset, len(self.sequence)
        return (start, end) if self.strand == "+" else (length - end, length - start)

    @property
    def _offset(self) -> int:
        return self.place.offset if self.place is not None else 0


def bases(text: str, name: str = "") -> tuple[str, tuple[str, ...]]:
    """Return a sequence in capitals without white space, and notes on what was changed.

    Raises
    ------
    BadTarget
        A letter other than A, C, G, T, with its place.
    EmptyInput
        Nothing is left.
    """
    plain = "".join(text.split())
    upper = plain.upper()
    if not upper:
        raise EmptyInput("The target is empty.", next_step="Give its bases, such as 20 before the PAM and 30 around.")
    bad = _LETTERS.search(upper)
    if bad is not None:
        what = "U is read in RNA; write T" if bad[0] == "U" else "only A, C, G and T can be predicted"
        raise BadTarget(
            f"{name or 'The target'} has {plain[bad.start()]!r} at base {bad.start() + 1}; {what}.",
            value=plain[bad.start()],
            next_step="Give the bases of the genome there.",
        )
    return upper, () if upper == plain else ("lower-case letters were read as capitals",)


def reverse_complement(sequence: str) -> str:
    """Return the other strand, 5' to 3'."""
    return sequence.translate(_COMPLEMENT)[::-1]


def read_target(sequence: str, pam: int, *, motif: str = "NGG", name: str = "target") -> Target:
    """Return the target whose PAM begins at the 0-based place `pam`.

    Raises
    ------
    BadTarget
        The sequence is too short, the PAM too near to an end, or not the `motif`.
    """
    text, notes = bases(sequence, name)
    if len(text) < _SHORTEST:
        raise BadTarget(
            f"{name} has {len(text)} bases; at least {_SHORTEST} are needed.",
            value=text,
            next_step="Add bases of the genome on both sides of the cut.",
        )
    if not BEFORE <= pam <= len(text) - BEHIND:
        raise BadTarget(
            f"The PAM of {name} begins at base {pam} (counted from 0), too near to an end of its {len(text)} bases.",
            value=pam,
            next_step=f"It needs {BEFORE} bases before and {BEHIND} from its first; add bases of the genome.",
        )
    found = text[pam : pam + len(motif)]
    if not motif_pattern(motif).fullmatch(found):
        raise BadTarget(
            f"{name} has {found} where the PAM {motif} should begin, at base {pam} (counted from 0).",
            value=found,
            next_step="Give the place of the first base of the PAM, or leave it out to have all sites found.",
        )
    return Target(name, text, pam, notes=notes)


def find_targets(sequence: str, *, motif: str = "NGG", name: str = "target") -> list[Target]:
    """Return every site of a PAM on both strands that has enough bases around it, by its place.

    Raises
    ------
    BadTarget
        There is none.
    """
    text, notes = bases(sequence, name)
    found = []
    for strand, read in (("+", text), ("-", reverse_complement(text))):
        hits = (hit.start() for hit in re.finditer(f"(?={motif_pattern(motif).pattern})", read))
        found += [Target("", read, pam, strand, notes) for pam in hits if BEFORE <= pam <= len(text) - BEHIND]
    if not found:
        raise BadTarget(
            f"{name} has no PAM {motif} with enough bases around it, on either strand.",
            value=text[:40],
            next_step=f"A PAM needs {BEFORE} bases before it and {BEHIND} from its first; give a longer stretch.",
        )
    found.sort(key=lambda site: (site.given(site.cut, site.cut)[0], site.strand))
    several = len(found) > 1
    return [
        Target(
            f"{name}:{site.given(site.cut, site.cut)[0]}{site.strand}" if several else name,
            site.sequence, site.pam, site.strand, site.notes,
        )
        for site in found
    ]  # fmt: skip


def read_targets(text: str, *, motif: str = "NGG") -> list[Target]:
    """Return the targets of a text: FASTA, a table with the columns ID, Target, PAM Index, or a sequence a line.

    Raises
    ------
    BadTarget, EmptyInput
        A target cannot be used.
    UnreadableInput
        A line of a table is broken.
    """
    records = list(records_of(text))
    if not records:
        raise EmptyInput("No target was given.", next_step="Give a sequence, FASTA, or a table: ID, Target, PAM Index.")
    targets: list[Target] = []
    for name, sequence, pam in records:
        if pam is None:
            targets += find_targets(sequence, motif=motif, name=name)
        else:
            targets.append(read_target(sequence, pam, motif=motif, name=name))
    return targets


def records_of(text: str) -> Iterator[tuple[str, str, int | None]]:
    """Return name, sequence and place of the PAM (None where it is to be found) of each record of a text.

    Raises
    ------
    UnreadableInput
        A line of a table is broken.
    """
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    if lines and lines[0].startswith(">"):
        yield from _fasta(lines)
        return
    tabular = any("\t" in line for line in lines)
    single = len(lines) == 1
    for number, line in enumerate(lines, start=1):
        cells = line.split("\t") if tabular else [line]
        if number == 1 and len(cells) > 1 and cells[-1].strip().lower().replace("_", " ") in ("pam index", "pam"):
            continue
        if len(cells) == 1:
            yield "target" if single else f"target {number}", line, None
        elif len(cells) == 2:
            yield cells[0], cells[1], None
        elif cells[2].strip().isdigit():
            yield cells[0], cells[1], int(cells[2])
        else:
            raise UnreadableInput(
                f"Line {number} has {cells[2][:20]!r} as place of the PAM.",
                value=cells[2],
                next_step="The columns are ID, Target and PAM Index, which counts from 0.",
            )


def _fasta(lines: list[str]) -> Iterator[tuple[str, str, int | None]]:
    name, parts = "", list[str]()
    for line in lines:
        if line.startswith(">"):
            if parts:
                yield name, "".join(parts), None
            name, parts = line[1:].split()[0] if line[1:].split() else "target", []
        else:
            parts.append(line)
    if parts:
        yield name, "".join(parts), None


def motif_pattern(motif: str) -> re.Pattern[str]:
    """Return the pattern of a PAM in letters of IUPAC.

    Raises
    ------
    InvalidOption
        It is empty or has other letters.
    """
    letters = motif.strip().upper()
    unknown = next((letter for letter in letters if letter not in IUPAC), None)
    if unknown is not None or not letters:
        raise InvalidOption(
            f"{motif!r} is no PAM: {unknown or 'it is empty'}.",
            value=motif,
            next_step="Write it with letters of IUPAC, such as NGG or NRN.",
        )
    return re.compile("".join(f"[{IUPAC[letter]}]" for letter in letters))
