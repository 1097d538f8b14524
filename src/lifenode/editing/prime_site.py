"""Where an insertion goes: the spacer, and what is left and right of the nick."""

from __future__ import annotations

from dataclasses import dataclass, field

from lifenode.editing.target import bases, reverse_complement
from lifenode.errors import BadTarget, InvalidOption

MARK = "{}"
SPACER, PBS, HA = 20, 13, 15
_NICK = 3
_LEAST_ARM = 4
# A spacer often begins with a G that the genome does not have.
_TOLERATED = 2


@dataclass(frozen=True)
class Site:
    """One site; all sequences 5' to 3' on the strand of the spacer.

    Attributes
    ----------
    spacer
        20 bases before the PAM.
    pbs
        Bases left of the nick that the primer-binding site of the pegRNA is complementary to.
    ha
        Bases right of the nick, the homology arm, which the pegRNA's template copies after the insert.
    strand
        ``-`` where the spacer is on the other strand than the target that was given; inserts are then reversed.
    notes
        What was changed while it was read.
    """

    spacer: str
    pbs: str
    ha: str
    strand: str = "+"
    notes: tuple[str, ...] = field(default=())

    def reads(self, insert: str) -> str:
        """Return an insert of the strand that was given as it reads on the strand of the spacer."""
        return insert if self.strand == "+" else reverse_complement(insert)

    def extension(self, insert: str) -> str:
        """Return the 3' extension of the pegRNA (template, then primer-binding site), in letters of DNA."""
        return reverse_complement(self.pbs + insert + self.ha)


def read_site(
    target: str | None = None,
    *,
    pbs: str | None = None,
    ha: str | None = None,
    spacer: str | None = None,
    pbs_length: int = PBS,
    ha_length: int = HA,
    strand: str | None = None,
) -> Site:
    """Return the site of a target with ``{}`` at the nick, or of its three parts.

    Parameters
    ----------
    target
        Bases of the genome with ``{}`` where the insert goes, which must be at the nick, 3 bases before a PAM NGG, on
        either strand.
    pbs, ha, spacer
        The parts, 5' to 3' on the strand of the spacer, instead of a target.
    pbs_length, ha_length
        How much of the target left and right of the nick becomes PBS and HA.
    strand
        Strand of the target that has the PAM, ``+`` or ``-``; by default the first that has one at the mark.

    Raises
    ------
    BadTarget
        The mark is not at a nick, or the parts do not fit each other.
    InvalidOption
        Neither a target nor all parts are given, or both.
    """
    parts = {"pbs": pbs, "ha": ha, "spacer": spacer}
    given = [name for name, value in parts.items() if value]
    if target is not None and given:
        raise InvalidOption(
            f"A target and {' and '.join(given)} are given.", next_step=f"Give the target with {MARK}, or the parts."
        )
    if target is not None:
        return _from_target(target, pbs_length, ha_length, strand)
    missing = [name for name in parts if name not in given]
    if missing or not (pbs and ha and spacer):
        raise InvalidOption(
            f"The site of the insertion is not known without {', '.join(missing)}.",
            next_step=f"Give a target with {MARK} at the nick, or pbs, ha and spacer.",
        )
    return _from_parts(pbs, ha, spacer)


def _from_target(target: str, pbs_length: int, ha_length: int, strand: str | None) -> Site:
    if strand not in (None, "+", "-"):
        raise InvalidOption(f"strand is {strand!r}.", value=strand, next_step="Give + or -.")
    for name, length in (("pbs_length", pbs_length), ("ha_length", ha_length)):
        if not _LEAST_ARM <= length <= 60:
            raise InvalidOption(
                f"{name} is {length}.", value=length, next_step=f"Lengths from {_LEAST_ARM} to 60 bases can be used."
            )
    halves = target.split(MARK)
    if len(halves) != 2:
        raise BadTarget(
            f"The target has {len(halves) - 1} marks {MARK}; it needs one, at the nick.",
            value=target[:40],
            next_step=f"Write {MARK} where the insert goes, three bases before the PAM.",
        )
    left, notes = bases(halves[0], "the part before the mark")
    right, more = bases(halves[1], "the part behind the mark")
    both = tuple(dict.fromkeys((*notes, *more)))
    sides = (("+", left, right), ("-", reverse_complement(right), reverse_complement(left)))
    for which, before, behind in sides:
        if strand in (None, which) and behind[_NICK + 1 : _NICK + 3] == "GG":
            _long_enough(before, behind, pbs_length, ha_length)
            spacer = before[-(SPACER - _NICK) :] + behind[:_NICK]
            return Site(spacer, before[-pbs_length:], behind[:ha_length], which, both)
    here, there = right[_NICK : _NICK + 3] or "nothing", reverse_complement(left)[_NICK : _NICK + 3] or "nothing"
    raise BadTarget(
        f"The mark {MARK} is not at a nick: where a PAM NGG should follow after 3 bases stands {here}, "
        f"and {there} on the other strand.",
        value=right[:6],
        next_step="Only insertions at the nick of SpCas9 can be predicted; move the mark to three bases before an NGG.",
    )


def _long_enough(before: str, behind: str, pbs_length: int, ha_length: int) -> None:
    for where, found, needed in (
        ("before", before, max(SPACER - _NICK, pbs_length)), ("behind", behind, max(_NICK + 3, ha_length)),
    ):  # fmt: skip
        if len(found) < needed:
            raise BadTarget(
                f"The target has {len(found)} bases {where} the nick, on the strand of the spacer; it needs {needed}.",
                value=len(found),
                next_step="Add bases of the genome, or ask for shorter arms.",
            )


def _from_parts(pbs: str, ha: str, spacer: str) -> Site:
    guide, notes = bases(spacer, "The spacer")
    left, more = bases(pbs, "The PBS")
    # Published tables mark with a hyphen where a tag goes that is not put in right at the nick.
    right, last = bases(ha.replace("-", ""), "The HA")
    both = [*notes, *more, *last]
    if "-" in ha:
        both.append("the hyphen in the HA was left out: the insert is predicted as if it went in at the nick")
    if len(guide) != SPACER:
        raise BadTarget(
            f"The spacer has {len(guide)} bases; it needs {SPACER}.",
            value=guide,
            next_step="Give the bases before the PAM, without it.",
        )
    for name, arm in (("PBS", left), ("HA", right)):
        if not _LEAST_ARM <= len(arm) <= 100:
            raise BadTarget(
                f"The {name} has {len(arm)} bases; {_LEAST_ARM} to 100 can be used.",
                value=arm[:40],
                next_step="Give it as it reads on the strand of the spacer, 5' to 3'.",
            )
    before, behind = guide[: SPACER - _NICK], guide[SPACER - _NICK :]
    differ = sum(one != other for one, other in zip(before[::-1], left[::-1], strict=False))
    if differ > _TOLERATED:
        raise BadTarget(
            f"The PBS {left} is not what is left of the nick in the spacer, {before[-len(left) :]}.",
            value=left,
            next_step="Give the bases of the target strand; those of the pegRNA are their reverse complement.",
        )
    if differ:
        both.append(f"the PBS differs from the spacer at {differ} of its bases")
    if right[: len(behind)] != behind:
        both.append(f"the HA begins with {right[:3]}, the spacer goes on with {behind} after the nick")
    return Site(guide, left, right, notes=tuple(dict.fromkeys(both)))
