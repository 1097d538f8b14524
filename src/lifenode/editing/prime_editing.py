"""`lifenode.editing.prime`: how well inserts go in at a nick by prime editing."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import lifenode
from lifenode.editing import weights
from lifenode.editing.prime_features import features
from lifenode.editing.prime_inserts import Insert, read_inserts
from lifenode.editing.prime_model import Floats, Model, model
from lifenode.editing.prime_site import HA, PBS, Site, read_site
from lifenode.errors import InvalidOption, nearest
from lifenode.table import Column, Table

COLUMNS = (
    Column("given", "text", "What was asked for: bases, letters that stand for several, or a protein."),
    Column("insert", "text", "The bases that go in, 5' to 3' on the strand that was given."),
    Column("z", "number", "Standardised rate: 0 for the average insert of a screen, 1 a standard deviation above."),
    Column("percent", "number", "Percent of reads with the insert, as in the screens."),
    Column("low", "number", "Lower bound of an 80 % interval of percent."),
    Column("high", "number", "Upper bound of it."),
    Column("distance", "number", "Standard deviations outside the range of the training data; 0 is within it."),
    Column("extension", "text", "3' extension of the pegRNA: template and primer-binding site, in letters of DNA."),
)
_SCREENED_HA, _SCREENED_PBS = (15, 34), 13


def prime(
    inserts: str | Sequence[str],
    *,
    target: str | None = None,
    pbs: str | None = None,
    ha: str | None = None,
    spacer: str | None = None,
    mmr: int | None = None,
    cell_line: str | None = None,
    kind: str = "dna",
    pbs_length: int = PBS,
    ha_length: int = HA,
    strand: str | None = None,
    mean: float | None = None,
    std: float | None = None,
) -> Table:
    """Predict how well inserts go in at the nick of a prime editor (PE2).

    Parameters
    ----------
    inserts
        Inserts as text (one a line, or FASTA) or a list. Letters of IUPAC stand for all their bases.
    target
        Bases of the genome with ``{}`` at the nick, three bases before an NGG, on either strand.
    pbs, ha, spacer
        Instead of it: the bases left of the nick, those right of it, and the 20 before the PAM, all 5' to 3' on the
        strand of the spacer.
    mmr
        0 for cells without mismatch repair, 1 for cells with it; 0 by default.
    cell_line
        Cell line whose state of mismatch repair is known, such as ``HEK293T``, instead of `mmr`.
    kind
        ``dna``, or ``protein`` for amino acids: every way of writing them is predicted, the best first.
    pbs_length, ha_length
        How much of `target` left and right of the nick the pegRNA has.
    strand
        Strand of `target` that has the PAM, ``+`` or ``-``; by default the first that has one at the mark.
    mean, std
        Mean and standard deviation of the rate in an experiment of one's own; adds ``scaled`` = z std + mean.

    Returns
    -------
    Table
        Columns ``given, insert, z, percent, low, high, distance, extension``.

    Raises
    ------
    BadTarget
        An insert or the site cannot be used.
    InvalidOption
        Options that do not go together, or an unknown cell line.
    MissingPart
        ViennaRNA is not installed.

    Notes
    -----
    See models/prime_editing/card.md for data, method and what the figures are worth.

    Examples
    --------
    >>> parts = {"spacer": "GGCCCAGACTGAGCACGTGA", "pbs": "CAGACTGAGCACG", "ha": "TGATGGCAGAGGAAA"}
    >>> table = prime(["CTT", "GTCCCAGCCAAA"], **parts)
    >>> bool(table["percent"][0] > table["percent"][1])
    True
    """
    if (mean is None) != (std is None):
        raise InvalidOption("mean and std go together, and one is missing.", next_step="Give both, or neither.")
    site = read_site(target, pbs=pbs, ha=ha, spacer=spacer, pbs_length=pbs_length, ha_length=ha_length, strand=strand)
    repair, line = repair_of(mmr, cell_line)
    read, notes = read_inserts(inserts, kind)
    found = predicted(read, site, repair, line)
    order = np.argsort(-found["z"], kind="stable") if kind == "protein" else np.arange(len(read))
    data: dict[str, Any] = {name: _taken(values, order) for name, values in found.items()}
    columns = list(COLUMNS)
    if mean is not None and std is not None:
        data["scaled"] = data["z"] * std + mean
        columns.append(Column("scaled", "number", "z std + mean."))
    shares = model().screens_of(site, repair, line)
    meta = {
        "lifenode": lifenode.__version__, "model": weights.stated("prime"), "mmr": repair, "cell_line": line,
        "site": {"spacer": site.spacer, "pbs": site.pbs, "ha": site.ha, "strand": site.strand},
        "answered_by": _answered_by(model(), shares), "interval": "80 %",
        "notes": [*site.notes, *notes, *warnings(found, site, shares, repair)],
    }  # fmt: skip
    return Table(columns, data, meta, len(read))


def predicted(inserts: Sequence[Insert], site: Site, mmr: int, cell_line: str | None) -> dict[str, Any]:
    """Return the columns `COLUMNS` for inserts at a site."""
    known = model()
    sequences = [site.reads(each.sequence) for each in inserts]
    rows = features(sequences, site, np.asarray(known.arrays["baseline"], np.float64))
    shares = known.screens_of(site, mmr, cell_line)
    if shares is None:
        z = known.new(rows, mmr)
        percents = known.new_percents(z, mmr)
    else:
        z = known.known(rows, shares)
        percents = known.known_percents(z, shares)
    return {
        "given": [each.given for each in inserts], "insert": [each.sequence for each in inserts], "z": z,
        "percent": percents[:, 0], "low": percents[:, 1], "high": percents[:, 2], "distance": known.distance(rows),
        "extension": [site.extension(sequence) for sequence in sequences],
    }  # fmt: skip


def warnings(found: Mapping[str, Any], site: Site, shares: Floats | None, mmr: int) -> list[str]:
    """Return what a reader should know before trusting the figures."""
    notes = []
    far = int((found["distance"] > 0).sum())
    if far:
        worst = max(float(value) for value in found["distance"])
        notes.append(
            f"{far:,} of {len(found['distance']):,} inserts lie outside the range of the training data in length, "
            f"composition or folding, by up to {worst:.1f} standard deviations"
        )
    if len(site.pbs) != _SCREENED_PBS:
        notes.append(f"the PBS has {len(site.pbs)} bases; in the screens it had {_SCREENED_PBS}")
    low, high = _SCREENED_HA
    if not low <= len(site.ha) <= high:
        notes.append(f"the HA has {len(site.ha)} bases; the models were tried with {low} to {high}")
    if shares is None:
        notes.append(
            "the site was not screened: inserts can be compared with one another, the percent is that of other sites "
            f"in cells {'with' if mmr else 'without'} mismatch repair"
        )
    return notes


def repair_of(mmr: int | None, cell_line: str | None) -> tuple[int, str | None]:
    """Return the state of mismatch repair, and the known name of the cell line.

    Raises
    ------
    InvalidOption
        The cell line is not known, or does not agree with `mmr`.
    """
    if cell_line is None:
        if mmr not in (None, 0, 1):
            raise InvalidOption(f"mmr is {mmr}.", value=mmr, next_step="Give 0 (deficient) or 1 (proficient).")
        return mmr or 0, None
    lines = cell_lines()
    name = next((known for known in lines if known.casefold() == cell_line.strip().casefold()), None)
    if name is None:
        close = nearest(cell_line, lines, 3)
        raise InvalidOption(
            f'There is no cell line "{cell_line}".',
            value=cell_line,
            next_step=f"Did you mean {' or '.join(close)}?" if close else "Give mmr, 0 (deficient) or 1 (proficient).",
        )
    if mmr is not None and mmr != lines[name]:
        raise InvalidOption(
            f"{name} has mmr {lines[name]}, and mmr {mmr} is asked for.", value=mmr, next_step="Give one of the two."
        )
    return lines[name], name


@lru_cache(maxsize=1)
def cell_lines() -> dict[str, int]:
    """Return the cell lines that are known, with their state of mismatch repair: 1 works, 0 does not."""
    text = (Path(__file__).parent / "cell_lines.csv").read_text(encoding="utf-8")
    return {row["cell_line"]: int(row["mmr"]) for row in csv.DictReader(text.splitlines())}


def _answered_by(known: Model, shares: Floats | None) -> str:
    if shares is None:
        return "the head for new sites"
    return "the screens " + ", ".join(np.array(known.screens)[shares > 0].tolist())


def _taken(values: Any, order: Any) -> Any:
    return [values[at] for at in order] if isinstance(values, list) else values[order]
