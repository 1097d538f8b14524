"""Names of the 3,417 distinct features of FORECasT, and where each lies.

Every feature is 0 or 1. There are 273 base features in eleven groups and twelve blocks of products of two groups. The
published coefficients name one block twice (the second time with ``.1``); its coefficients are summed.

Source: Allen et al., doi:10.1038/nbt.4317; names as in its table of coefficients.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product

NUCLEOTIDES = "ATGC"

INSERTION_SIZE, DELETION_SIZE, DELETION_PLACE, INSERTION_PLACE, REPEAT, INSERTED = range(6)
CUT_SITE, CUT_MATCH, LOCAL, MATCH, HOMOLOGY = range(6, 11)

SIZES = (3, 6, 18, 5, 4, 20, 36, 40, 48, 72, 21)
"""Number of features in each group, in the order of the groups."""

BLOCKS = (
    (DELETION_SIZE, DELETION_PLACE), (INSERTED, REPEAT), (HOMOLOGY, DELETION_SIZE), (HOMOLOGY, DELETION_PLACE),
    (LOCAL, DELETION_SIZE), (CUT_SITE, INSERTION_SIZE), (MATCH, DELETION_SIZE), (LOCAL, DELETION_PLACE),
    (CUT_SITE, DELETION_SIZE), (CUT_MATCH, DELETION_SIZE), (CUT_SITE, REPEAT), (CUT_MATCH, REPEAT),
)  # fmt: skip
"""Groups of each block of products."""

BLOCK_START = tuple(sum(SIZES[a] * SIZES[b] for a, b in BLOCKS[:i]) for i in range(len(BLOCKS)))
"""First feature of each block."""

GROUP_START = tuple(sum(SIZES[a] * SIZES[b] for a, b in BLOCKS) + sum(SIZES[:group]) for group in range(len(SIZES)))
"""First feature of each group."""

FEATURES = GROUP_START[-1] + SIZES[-1]
"""Number of features."""


def _inserted() -> list[str]:
    return [name for nt in NUCLEOTIDES for name in (f"I1_{nt}", *(f"I2_{nt}{second}" for second in NUCLEOTIDES))]


def _homology() -> list[str]:
    names = []
    for low, high in ((1, 1), (2, 2), (3, 3), (4, 6), (7, 10), (11, 15)):
        kinds = ("MH",) if high < 3 else ("MH", "MM1_MH")
        names += [f"{side}_{kind}{low}-{high}" for kind in kinds for side in "LR"]
    return [*names, "No MH"]


@lru_cache(maxsize=1)
def feature_names() -> tuple[str, ...]:
    """Return the name of every feature, in order."""
    groups = _groups()
    pairs = [f"PW_{one}_vs_{other}" for a, b in BLOCKS for one, other in product(groups[a], groups[b])]
    return (*pairs, *(name for group in groups for name in group))


def _groups() -> tuple[list[str], ...]:
    cut = [f"CS{offset}_NT={nt}" for offset in range(-5, 4) for nt in NUCLEOTIDES]
    pairs = [(one, other) for one in range(-3, 2) for other in range(-3, one)]
    return (
        ["Any Insertion", "I1", "I2"],
        ["Any Deletion", "D1", "D2-3", "D4-7", "D8-12", "D>12"],
        ["DL-1--1", "DL-2--2", "DL-3--3", "DL-4--6", "DL-7--10", "DL-11--15", "DL-16--30", "DL<-30", "DL>=0",
         "DR0-0", "DR1-1", "DR2-2", "DR3-5", "DR6-9", "DR10-14", "DR15-29", "DR<0", "DR=>30"],
        ["IL-1--1", "IL-2--2", "IL-3--3", "IL<-3", "IL>=0"],
        ["I1Rpt", "I1NonRpt", "I2Rpt", "I2NonRpt"],
        _inserted(),
        cut,
        [f"M_CS{one}_{other}_NT={nt}" for one, other in pairs for nt in NUCLEOTIDES],
        [f"{side}{offset}_NT={nt}" for offset in range(-3, 3) for nt in NUCLEOTIDES for side in "LR"],
        [f"{kind}_L{left}_R{right}" for left in range(-3, 3) for right in range(-3, 3) for kind in "MX"],
        _homology(),
    )  # fmt: skip
