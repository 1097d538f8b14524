"""Targets of a reference: the sites of a PAM in a stretch of it, in places of the genome."""

from __future__ import annotations

import re
from collections.abc import Callable

from lifenode.editing.reference import Reference
from lifenode.editing.regions import Region, region_of
from lifenode.editing.target import BEFORE, BEHIND, CUT, Place, Target, motif_pattern, reverse_complement
from lifenode.errors import BadTarget

# A target has this many bases of the chromosome on both sides of its cut; no model looks further.
_AROUND = 60
_NOT_A_BASE = re.compile(r"[^ACGT]")


def targets_of(
    reference: Reference,
    text: str | Region,
    organism: str | None = None,
    motif: str = "NGG",
    *,
    whole_guide: bool = False,
) -> list[Target]:
    """Return the targets of both strands in a stretch of a reference, by place.

    Each has 60 bases of the chromosome on both sides of its cut, fewer at the end of a chromosome or of its known
    bases. Its name is ``chromosome:position`` and the strand, where position is 1-based: the first base right of the
    cut on the forward strand.

    Parameters
    ----------
    reference, text, organism
        As in `region_of`; or a region that it returned.
    motif
        The PAM, in letters of IUPAC.
    whole_guide
        Take the targets of whose 20 bases before the PAM any lies in the stretch, as for base editing, instead of those
        whose cut does.

    Raises
    ------
    BadTarget
        There is no PAM.
    LifenodeError
        As in `region_of`.
    """
    region = text if isinstance(text, Region) else region_of(reference, text, organism)
    found = _targets(reference, region, motif, _guide_inside if whole_guide else _cut_inside)
    if not found:
        raise BadTarget(
            f"{region.name} ({region.end - region.start:,} bases) has no PAM {motif} on either strand.",
            value=region.name,
            next_step=f"A PAM needs {BEFORE} known bases before it and {BEHIND} from its first; give a longer stretch.",
        )
    return found


def _targets(
    reference: Reference, region: Region, motif: str, inside: Callable[[Region, int, int], bool]
) -> list[Target]:
    length = reference.lengths[region.chromosome]
    beyond = 2 * _AROUND + len(motif)
    low, high = max(0, region.start - beyond), min(length, region.end + beyond)
    text = reference.fetch(region.chromosome, low, high).upper()
    pattern = motif_pattern(motif)
    found = []
    for strand, read in (("+", text), ("-", reverse_complement(text))):
        for hit in re.finditer(f"(?={pattern.pattern})", read):
            cut = hit.start() - CUT if strand == "+" else len(text) - hit.start() + CUT
            if inside(region, low + cut, 1 if strand == "+" else -1):
                target = _target(text, cut, strand, Place(region.chromosome, low, length))
                found += [target] if target is not None else []
    found.sort(key=lambda one: (one.given(one.cut, one.cut), one.strand))
    return found


def _cut_inside(region: Region, cut: int, forward: int) -> bool:
    return region.start <= cut < region.end


def _guide_inside(region: Region, cut: int, forward: int) -> bool:
    first, behind = (cut - 17, cut + 3) if forward > 0 else (cut - 3, cut + 17)
    return first < region.end and behind > region.start


def _target(text: str, cut: int, strand: str, place: Place) -> Target | None:
    """Return the target that is cut before the base `cut` of `text`, which begins at `place`; None at an end."""
    start, end = max(0, cut - _AROUND), min(len(text), cut + _AROUND)
    unknown = [hit.start() for hit in _NOT_A_BASE.finditer(text, start, end)]
    if unknown:
        start = max([start, *(at + 1 for at in unknown if at < cut)])
        end = min([end, *(at for at in unknown if at >= cut)])
    own = text[start:end] if strand == "+" else reverse_complement(text[start:end])
    pam = (cut - start if strand == "+" else end - cut) + CUT
    if not BEFORE <= pam <= len(own) - BEHIND:
        return None
    notes = ("unknown bases stand near; those beyond them were not looked at",) if unknown else ()
    position = place.offset + cut + 1
    return Target(
        f"{place.chromosome}:{position}{strand}", own, pam, strand, notes,
        Place(place.chromosome, place.offset + start, place.length),
    )  # fmt: skip
