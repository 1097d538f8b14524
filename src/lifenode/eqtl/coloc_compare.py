"""Every signal of one trait against every signal of others: variants aligned, pairs trimmed, one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

import lifenode
from lifenode.eqtl.coloc_bayes import Floats, softmax
from lifenode.eqtl.coloc_kernel import pair_sums
from lifenode.eqtl.coloc_posteriors import HYPOTHESES, Priors, bounded, posteriors
from lifenode.eqtl.coloc_signals import Signals
from lifenode.errors import BadTable, InvalidOption
from lifenode.table import Column, Table

COLUMNS = (
    Column("name_2", "text", "The second trait."),
    Column("idx_1", "integer", "Number of the signal of the first trait, from 1."),
    Column("idx_2", "integer", "Number of the signal of the second trait, from 1."),
    Column("nsnps", "integer", "Variants that both signals have."),
    Column("hit_1", "text", "Shared variant with the greatest Bayes factor in the first."),
    Column("hit_2", "text", "Shared variant with the greatest Bayes factor in the second."),
    *(Column(f"pp_h{h}", "number", f"Posterior: {what}.") for h, what in enumerate(HYPOTHESES)),
    Column("overlap_1", "number", "Share of the posterior of the first signal on variants that the second has."),
    Column("overlap_2", "number", "Share of the posterior of the second signal on variants that the first has."),
)
# Signals are compared in blocks of 32 MB, of which a few copies are made.
_CELLS = 4_000_000


@dataclass(frozen=True)
class Options:
    """How pairs are decided (see `lifenode.eqtl.bf_bf`)."""

    method: str
    overlap_min: float = 0.5
    trim_by_posterior: bool = True
    quirks: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.overlap_min <= 1:
            raise InvalidOption(
                f"overlap_min cannot be {self.overlap_min}.",
                value=self.overlap_min,
                next_step="It is a share between 0 and 1.",
            )


@dataclass(frozen=True)
class _Aligned:
    """Signals of one trait over the variants of the first trait; NaN where it has no such variant."""

    signals: Signals
    lbf: Floats
    overlap: Floats | None

    @property
    def count(self) -> int:
        return len(self.signals.lbf)


def compared(first: Signals, others: Sequence[Signals], priors: Priors, options: Options) -> Table:
    """Return the table of all pairs (see `lifenode.eqtl.bf_bf`).

    Raises
    ------
    BadTable
        There are signals on both sides, and no variant in common.
    """
    mine = first if options.quirks else first.chosen(first.used())
    used = [one if options.quirks else one.chosen(one.used()) for one in others]
    parts, traits = [], 0
    for block in _blocks(mine, used, priors, options):
        parts.append(_pairs(mine, block, priors, options))
        traits += len(block)
    if others and not traits:
        raise BadTable(
            "No variant is in both sets of signals.",
            value=mine.snp[0],
            next_step=f"The first names variants as {mine.snp[0]}, the second as {others[0].snp[0]}: use one form.",
        )
    unused = sum(len(one.lbf) for one in (first, *others)) - sum(len(one.lbf) for one in (mine, *used))
    dropped = {
        "unused effects": unused,
        "traits without a shared variant": len(used) - traits,
        "pairs below overlap_min": sum(part.pop("dropped") for part in parts),
    }
    notes = [f"{count:,} {what} left out" for what, count in dropped.items() if count]
    notes += ["a trait has no signal to compare"] if not all(len(one.lbf) for one in (mine, *used)) else []
    meta = {
        "lifenode": lifenode.__version__, "reference": "doi:10.1371/journal.pgen.1009440",
        "p1": priors.p1, "p2": priors.p2, "p12": priors.p12, **vars(options), "dropped": dropped, "notes": notes,
    }  # fmt: skip
    data = {c.name: np.concatenate([part[c.name] for part in parts]) if parts else [] for c in COLUMNS}
    return Table(COLUMNS, data, meta, len(data["nsnps"]))


def _blocks(mine: Signals, others: Sequence[Signals], priors: Priors, options: Options) -> Iterator[list[_Aligned]]:
    """Yield the traits that share variants with the first, a few at a time so that memory stays bounded."""
    at = {name: place for place, name in enumerate(mine.snp.tolist())}
    block: list[_Aligned] = []
    cells = 0
    for other in others:
        one = _aligned(mine, at, other, priors, options)
        if one is None:
            continue
        block.append(one)
        cells += one.lbf.size
        if cells >= _CELLS:
            yield block
            block, cells = [], 0
    if block:
        yield block


def _aligned(mine: Signals, at: dict[str, int], other: Signals, priors: Priors, options: Options) -> _Aligned | None:
    if other.snp is mine.snp or np.array_equal(other.snp, mine.snp):
        lbf, rows, columns = other.lbf, np.arange(len(mine.snp)), np.arange(len(mine.snp))
    else:
        places = np.array([at.get(name, -1) for name in other.snp.tolist()])
        columns = np.flatnonzero(places >= 0)
        rows = places[columns]
        lbf = np.full((len(other.lbf), len(mine.snp)), np.nan)
        lbf[:, rows] = other.lbf[:, columns]
    if not len(rows):
        return None
    overlap = None
    if options.quirks:
        theirs = _share_with_last_as_null(other.lbf, columns, priors.p2)
        overlap = np.stack(np.broadcast_arrays(_share_with_last_as_null(mine.lbf, rows, priors.p1)[:, None], theirs))
    return _Aligned(other, lbf, overlap)


def _share_with_last_as_null(lbf: Floats, shared: Any, prior: float) -> Floats:
    """Return the posterior on `shared` variants if the last variant is taken for the null hypothesis."""
    count = lbf.shape[1] - 1
    each = min(prior, 1 / count)
    # A null that has no prior at all keeps a trace of it, as it does there.
    weights = np.append(np.full(count, each), max(1 - count * each, 1e-16))
    return np.asarray(softmax(lbf - lbf[:, -1:] + np.log(weights))[:, shared].sum(axis=1))


def _pairs(mine: Signals, block: list[_Aligned], priors: Priors, options: Options) -> dict[str, Any]:
    """Return the columns of all pairs of the first trait with those of a block, and how many were dropped."""
    lbf = block[0].lbf if len(block) == 1 else np.concatenate([one.lbf for one in block])
    found = pair_sums(mine.lbf, lbf)
    theirs = [one.signals for one in block]
    total = np.concatenate([one.totals() for one in theirs])
    tested = np.concatenate([np.sum(~np.isnan(one.lbf), axis=1) for one in theirs])
    p1 = bounded(priors.p1, np.sum(~np.isnan(mine.lbf), axis=1))[:, None]
    pp = posteriors(found.sums, p1, bounded(priors.p2, tested), bounded(priors.p12, found.shared))
    if options.quirks:
        overlap = np.concatenate([one.overlap for one in block if one.overlap is not None], axis=2)
    else:
        overlap = np.exp(np.stack([found.sums.first - mine.totals()[:, None], found.sums.second - total]))
    keep = np.all(overlap >= options.overlap_min, axis=0) | (not options.trim_by_posterior)
    keep &= found.shared > 0
    names = np.repeat(np.array([one.name for one in theirs], dtype=object), [one.count for one in block])
    index2 = np.concatenate([one.index for one in theirs])
    j, i = np.nonzero(keep.T)
    return {
        "name_2": names[j], "idx_1": mine.index[i], "idx_2": index2[j], "nsnps": found.shared[i, j],
        "hit_1": mine.snp[found.lead1[i, j]], "hit_2": mine.snp[found.lead2[i, j]],
        **{f"pp_h{h}": pp[i, j, h] for h in range(len(HYPOTHESES))},
        "overlap_1": overlap[0, i, j], "overlap_2": overlap[1, i, j], "dropped": int(np.sum(~keep)),
    }  # fmt: skip
