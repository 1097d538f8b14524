"""What the prime-editing models see of an insertion: its letters, its likeness to what is around it, and folding.

Sequences are DNA, 5' to 3' on the strand of the spacer: the primer-binding site (PBS) is left of the nick, the homology
arm (HA) right of it, and the insert goes between them. The extension of the pegRNA is their reverse complement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from lifenode.editing.folding import energies, pairings
from lifenode.editing.prime_site import Site
from lifenode.editing.target import reverse_complement

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int8]

LETTERS = "ACGT"
SCAFFOLD = "GTTTTAGAGCTAGAAATAGCAAGTTAAAATAAGGCTAGTCCGTTATCAACTTGAAAAAGTGGCACCGAGTCGGTGC"
"""Scaffold of the pegRNAs of the screens, between spacer and extension."""
LOOP = "(((((((.((((....))))...)))))))"
"""First stem loop of the scaffold when nothing disturbs it."""

# An insert of few bases says little of its composition: as if this many bases more were spread evenly.
_EVENLY = 4.0
_ENDS = 4

FOLDED = (
    "energy_insert", "energy_rtt", "energy_extension", "energy_rtt_change", "energy_extension_change", "energy_rtt_z",
    "energy_rtt_residual", "paired_bases", "loop_intact",
)  # fmt: skip
READ = (
    "length", *(f"percent_{base}" for base in LETTERS), *(f"run_{base}" for base in LETTERS), "complement_of_first",
    "run_into_pbs", "run_into_ha", "like_ha_start", "like_pbs_end",
    "like_ha", "like_pbs", "like_spacer", "like_scaffold", "like_own_complement", "like_ha_complement",
    "like_pbs_complement",
    *(f"first{place + 1}_{base}" for place in range(_ENDS) for base in LETTERS),
    *(f"last{place + 1}_{base}" for place in range(_ENDS) for base in LETTERS),
    *(f"pair_{one}{other}" for one in LETTERS for other in LETTERS),
)  # fmt: skip
NAMES = (*READ, *FOLDED)
"""Names of the columns of `features`."""
MOST_LIKE = 12


def features(inserts: Sequence[str], site: Site, baseline: Floats) -> Floats:
    """Return a row for each insert with the columns `NAMES`.

    Parameters
    ----------
    inserts
        Inserts, A, C, G and T.
    site
        Where they go.
    baseline
        Coefficients of the folding baseline; see `expected_change`.

    Raises
    ------
    MissingPart
        ViennaRNA is not installed.
    """
    return np.concatenate([_read(inserts, site), _folded(inserts, site, baseline)], axis=1)


def _read(inserts: Sequence[str], site: Site) -> Floats:
    around = [
        site.ha, site.pbs, site.spacer, SCAFFOLD, "", reverse_complement(site.ha), reverse_complement(site.pbs),
    ]  # fmt: skip
    coded = [codes(text) for text in around]
    found = np.zeros((len(inserts), len(READ)))
    for row, insert in enumerate(inserts):
        mine = codes(insert)
        coded[4] = (3 - mine[::-1]).astype(np.int8)
        found[row, : len(LETTERS) * 2 + 6] = _counts(mine, coded[0], coded[1], _EVENLY)
        at = len(LETTERS) * 2 + 6
        for other in coded:
            found[row, at] = _longest_common(mine, other)
            at += 1
        _ends(np.concatenate([coded[1], mine, coded[0]]), len(coded[1]), len(mine), found[row, at : at + 8 * _ENDS])
        _pairs(mine, _EVENLY, found[row, at + 8 * _ENDS :])
    return found


def codes(text: str) -> Codes:
    """Return bases as places in ``ACGT``."""
    return _CODES[np.frombuffer(text.encode("ascii"), np.uint8)]


_CODES = np.full(128, -1, np.int8)
for _place, _letter in enumerate(LETTERS):
    _CODES[ord(_letter)] = _place


@njit(cache=True)
def _counts(mine: Codes, ha: Codes, pbs: Codes, evenly: float) -> Floats:
    """Return length, composition, longest runs, and how insert and surroundings go on in one another."""
    found = np.zeros(14)
    size = len(mine)
    found[0] = size
    run = 0
    for place in range(size):
        found[1 + mine[place]] += 1
        run = run + 1 if place and mine[place] == mine[place - 1] else 1
        found[5 + mine[place]] = max(found[5 + mine[place]], run)
    for base in range(4):
        found[1 + base] = (found[1 + base] + evenly / 4) / (size + evenly)
    found[9] = 1.0 if mine[0] + ha[0] == 3 else 0.0
    while found[10] < len(pbs) and pbs[len(pbs) - 1 - int(found[10])] == mine[0]:
        found[10] += 1
    while found[11] < len(ha) and ha[int(found[11])] == mine[size - 1]:
        found[11] += 1
    while found[12] < min(size, len(ha)) and ha[int(found[12])] == mine[int(found[12])]:
        found[12] += 1
    while found[13] < min(size, len(pbs)) and pbs[len(pbs) - 1 - int(found[13])] == mine[size - 1 - int(found[13])]:
        found[13] += 1
    return found


@njit(cache=True)
def _longest_common(one: Codes, other: Codes) -> int:
    """Return the length of the longest stretch that both have."""
    longest = 0
    lengths = np.zeros(len(other) + 1, np.int64)
    for place in range(len(one)):
        diagonal = 0
        for at in range(len(other)):
            above = lengths[at + 1]
            lengths[at + 1] = diagonal + 1 if one[place] == other[at] else 0
            longest = max(longest, lengths[at + 1])
            diagonal = above
    return longest


@njit(cache=True)
def _ends(edited: Codes, start: int, size: int, found: Floats) -> None:
    """Mark the first and the last bases; a short insert goes on in what is around it."""
    ends = len(found) // 8
    for place in range(ends):
        found[4 * place + edited[start + place]] = 1.0
        found[4 * (ends + place) + edited[start + size - 1 - place]] = 1.0


@njit(cache=True)
def _pairs(mine: Codes, evenly: float, found: Floats) -> None:
    """Give the shares of the pairs of neighbouring bases."""
    found[:] = evenly / 16
    for place in range(len(mine) - 1):
        found[4 * mine[place] + mine[place + 1]] += 1
    found /= len(mine) - 1 + evenly


def _folded(inserts: Sequence[str], site: Site, baseline: Floats) -> Floats:
    sequences = [*inserts, *(insert + site.ha for insert in inserts)]
    sequences += [reverse_complement(site.pbs + insert + site.ha) for insert in inserts]
    alone = energies([site.ha, reverse_complement(site.pbs + site.ha)])
    insert, rtt, extension = np.split(energies(sequences), 3)
    length = np.array([len(each) for each in inserts], np.float64)
    expected, spread = expected_change(length, site.ha, float(alone[0]), baseline)
    residual = rtt - alone[0] - expected
    return np.column_stack([
        insert, rtt, extension, rtt - alone[0], extension - alone[1], residual / spread, residual,
        paired_bases(inserts, site), loop_intact(inserts),
    ])  # fmt: skip


def expected_change(length: Floats, ha: str, energy: float, baseline: Floats) -> tuple[Floats, Floats]:
    """Return by how much random inserts change the folding energy of a homology arm: mean and standard deviation.

    Parameters
    ----------
    length
        Lengths of inserts, bases.
    ha, energy
        The homology arm, and its own minimum free energy, kcal/mol.
    baseline
        Coefficients of the terms of `baseline_terms`: a row for the mean, a row for the logarithm of the deviation.
    """
    terms = baseline_terms(length, ha, energy)
    return terms @ baseline[0], np.exp(terms @ baseline[1])


def baseline_terms(length: Floats, ha: str, energy: float) -> Floats:
    """Return what the folding baseline is linear in, a row for each length."""
    gc = (ha.count("G") + ha.count("C")) / len(ha)
    size = float(len(ha))
    root, log = np.sqrt(length), np.log1p(length)
    one = np.ones_like(length)
    shape = (one, log, root, length, length**2 / 100)
    arm = (1.0, energy, size / 10, gc, energy / size, energy * gc)
    return np.column_stack([part * number for part in shape for number in arm])


def paired_bases(inserts: Sequence[str], site: Site) -> Floats:
    """Return how many of the three bases of the PAM side of the spacer pair with the extension, 0 to 3."""
    ends = [reverse_complement(site.pbs + insert[:3]) for insert in inserts]
    found = pairings([f"{site.spacer}GTN&NNN{end}" for end in ends])
    return np.array([structure[17:20].count("(") for structure in found], np.float64)


def loop_intact(inserts: Sequence[str]) -> Any:
    """Return whether the first stem loop of the scaffold, alone with the copy of the insert, stays closed."""
    found = pairings([f"{SCAFFOLD[: len(LOOP)]}NNN&{reverse_complement(insert)}" for insert in inserts])
    return np.array([structure.startswith(LOOP) for structure in found], np.float64)
