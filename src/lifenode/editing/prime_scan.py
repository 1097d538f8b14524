"""`lifenode.editing.prime_scan`: one insert with shorter and longer arms of the pegRNA."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

import lifenode
from lifenode.editing import weights
from lifenode.editing.prime_editing import predicted, repair_of
from lifenode.editing.prime_inserts import read_inserts
from lifenode.editing.prime_site import read_site
from lifenode.errors import BadTarget, InvalidOption
from lifenode.table import Column, Table

PBS_LENGTHS = tuple(range(8, 18))
HA_LENGTHS = (10, 12, 15, 18, 22, 26, 30, 34)
MOST = 400

COLUMNS = (
    Column("pbs_length", "integer", "Bases of the primer-binding site."),
    Column("ha_length", "integer", "Bases of the homology arm."),
    Column("z", "number", "Standardised rate; see lifenode.editing.prime."),
    Column("percent", "number", "Percent of reads with the insert, as in the screens."),
    Column("low", "number", "Lower bound of an 80 % interval of percent."),
    Column("high", "number", "Upper bound of it."),
    Column("pbs_gc", "number", "Percent of G and C in the primer-binding site."),
    Column("extension_length", "integer", "Bases of the 3' extension of the pegRNA."),
    Column("extension", "text", "3' extension of the pegRNA, in letters of DNA."),
)


def prime_scan(
    insert: str,
    target: str,
    *,
    mmr: int | None = None,
    cell_line: str | None = None,
    pbs_lengths: Sequence[int] = PBS_LENGTHS,
    ha_lengths: Sequence[int] = HA_LENGTHS,
) -> Table:
    """Predict one insert for every pair of lengths of primer-binding site and homology arm, the best first.

    Parameters
    ----------
    insert
        Bases to insert.
    target
        Bases of the genome with ``{}`` at the nick.
    mmr, cell_line
        As in `lifenode.editing.prime`.
    pbs_lengths, ha_lengths
        Lengths to try; those that the target is too short for are left out.

    Raises
    ------
    BadTarget
        The insert or the target cannot be used, or is too short for all lengths.
    InvalidOption
        More pairs of lengths than 400.

    Examples
    --------
    >>> target = "GATGGCCCAGACTGAGCACG{}TGATGGCAGAGGAAAGGAAGCCCTGC"
    >>> prime_scan("CTT", target, pbs_lengths=[10, 13], ha_lengths=[10, 15])["extension_length"].tolist()[0] > 20
    True
    """
    if not 0 < len(pbs_lengths) * len(ha_lengths) <= MOST:
        raise InvalidOption(
            f"{len(pbs_lengths)} times {len(ha_lengths)} lengths are asked for.",
            value=len(pbs_lengths) * len(ha_lengths),
            next_step=f"Give 1 to {MOST} pairs.",
        )
    repair, line = repair_of(mmr, cell_line)
    read, notes = read_inserts([insert])
    if len(read) != 1:
        raise BadTarget(
            f"{insert[:20]} stands for {len(read):,} inserts; the scan is for one.",
            value=insert,
            next_step="Write the bases that go in.",
        )
    rows = []
    refused: BadTarget | None = None
    for pbs_length in pbs_lengths:
        for ha_length in ha_lengths:
            try:
                site = read_site(target, pbs_length=pbs_length, ha_length=ha_length)
            except BadTarget as problem:
                refused = problem
                continue
            found = predicted(read, site, repair, line)
            gc = 100 * sum(base in "GC" for base in site.pbs) / len(site.pbs)
            extension = found["extension"][0]
            numbers = [float(found[name][0]) for name in ("z", "percent", "low", "high")]
            rows.append((pbs_length, ha_length, *numbers, gc, len(extension), extension))
    if not rows and refused is not None:
        raise refused
    rows.sort(key=lambda row: -row[2])
    columns = list(zip(*rows, strict=True))
    data = {
        column.name: list(values) if column.kind == "text" else np.array(values)
        for column, values in zip(COLUMNS, columns, strict=True)
    }
    meta = {
        "lifenode": lifenode.__version__, "model": weights.stated("prime"), "mmr": repair, "insert": insert,
        "notes": [
            *notes, f"{len(pbs_lengths) * len(ha_lengths) - len(rows)} pairs of lengths do not fit the target",
            "the screens had primer-binding sites of 13 bases: the rest is what folding and likeness suggest",
        ],
    }  # fmt: skip
    return Table(list(COLUMNS), data, meta, len(rows))
