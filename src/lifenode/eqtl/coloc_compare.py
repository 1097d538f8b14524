"""Every signal of one trait against every signal of others: variants aligned, pairs trimmed, one table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

import lifenode
from lifenode.eqtl.coloc_bayes import Floats, has_missing, softmax
from lifenode.eqtl.coloc_kernel import pair_sums
from lifenode.eqtl.coloc_posteriors import HYPOTHESES, Priors, Sums, bounded, posteriors
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
# Signals are compared in blocks of 2 MB, which stay near the processor.
_CELLS = 250_000


Places = npt.NDArray[np.intp]


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


def compared(first: Signals, others: Sequence[Signals], priors: Priors, options: Options) -> Table:
    """Return the table of all pairs (see `lifenode.eqtl.bf_bf`).

    Raises
    ------
    BadTable
        No variant of the first is in any of the others.
    """
    mine = first if options.quirks else first.chosen(first.used())
    used = [one if options.quirks else one.chosen(one.used()) for one in others]
    apart: list[Signals] = []
    parts = [_pairs(mine, block, priors, options) for block in _blocks(mine, used, apart)]
    if len(apart) == len(others):
        raise BadTable(
            "No variant is in both sets of signals.",
            value=mine.snp[0],
            next_step=f"The first names variants as {mine.snp[0]}, the second as {others[0].snp[0]}: use one form.",
        )
    dropped = {
        "unused effects": sum(len(one.lbf) for one in (first, *others)) - sum(len(one.lbf) for one in (mine, *used)),
        "traits without a shared variant": len(apart),
        "pairs below overlap_min": sum(part.pop("dropped") for part in parts),
    }
    notes = [f"left out: {what} ({count:,})" for what, count in dropped.items() if count]
    notes += ["a trait has no signal to compare"] if not all(len(one.lbf) for one in (mine, *used)) else []
    meta = {
        "lifenode": lifenode.__version__, "reference": "doi:10.1371/journal.pgen.1009440",
        "p1": priors.p1, "p2": priors.p2, "p12": priors.p12, **vars(options), "dropped": dropped, "notes": notes,
    }  # fmt: skip
    data = {c.name: np.concatenate([part[c.name] for part in parts]) for c in COLUMNS}
    return Table(COLUMNS, data, meta, len(data["nsnps"]))


@dataclass(frozen=True)
class _Aligned:
    """Some signals of one trait, and their Bayes factors over the variants of the first trait, NaN where it has none.

    `places` says where the variants of the trait are among those of the first, -1 where they are not.
    """

    signals: Signals
    places: Places
    lbf: Floats

    @classmethod
    def of(cls, signals: Signals, places: Places, variants: int) -> _Aligned:
        if len(places) == variants and bool(np.all(places == np.arange(variants))):
            return cls(signals, places, signals.lbf)
        lbf = np.full((len(signals.lbf), variants), np.nan)
        lbf[:, places[places >= 0]] = signals.lbf[:, places >= 0]
        return cls(signals, places, lbf)

    @property
    def count(self) -> int:
        return len(self.signals.lbf)


def _blocks(mine: Signals, others: Sequence[Signals], apart: list[Signals]) -> Iterator[list[_Aligned]]:
    """Yield signals a few at a time, so that memory stays bounded; put traits without a shared variant into `apart`."""
    at = {name: place for place, name in enumerate(mine.snp.tolist())}
    step = max(1, _CELLS // len(mine.snp))
    block: list[_Aligned] = []
    for other in others:
        places = np.fromiter((at.get(name, -1) for name in other.snp.tolist()), np.intp, len(other.snp))
        if not np.any(places >= 0):
            apart.append(other)
            continue
        for start in range(0, max(len(other.lbf), 1), step):
            some = other.chosen(slice(start, start + step))
            block.append(_Aligned.of(some, places, len(mine.snp)))
            if sum(one.count for one in block) >= step:
                yield block
                block = []
    if block:
        yield block


def _pairs(mine: Signals, block: list[_Aligned], priors: Priors, options: Options) -> dict[str, Any]:
    """Return the columns of all pairs of the first trait with those of a block, and how many were dropped."""
    lbf = block[0].lbf if len(block) == 1 else np.concatenate([one.lbf for one in block])
    found = pair_sums(mine.lbf, lbf)
    p1, p2 = bounded(priors.p1, mine.tested()), bounded(priors.p2, _joined([one.signals.tested() for one in block]))
    pp = posteriors(found.sums, p1[:, None], p2, bounded(priors.p12, found.shared))
    if options.quirks:
        overlap = _joined([_quirky_overlap(mine, one, priors) for one in block])
    else:
        overlap = np.exp(_ln_overlap(mine, block, found.sums))
    keep = (found.shared > 0) & (np.all(overlap >= options.overlap_min, axis=0) | (not options.trim_by_posterior))
    names = np.array([one.signals.name for one in block], dtype=object).repeat([one.count for one in block])
    j, i = np.nonzero(keep.T)
    return {
        "name_2": names[j], "idx_1": mine.index[i], "idx_2": _joined([one.signals.index for one in block])[j],
        "nsnps": found.shared[i, j], "hit_1": mine.snp[found.lead1[i, j]], "hit_2": mine.snp[found.lead2[i, j]],
        **{f"pp_h{h}": pp[i, j, h] for h in range(len(HYPOTHESES))},
        "overlap_1": overlap[0, i, j], "overlap_2": overlap[1, i, j], "dropped": int(np.sum(~keep)),
    }  # fmt: skip


def _ln_overlap(mine: Signals, block: list[_Aligned], sums: Sums) -> Floats:
    """Return ln of the shares of the posteriors on shared variants, shape (2, n, m)."""
    found = np.zeros((2, *sums.both.shape))
    found[0] = sums.first - mine.totals()[:, None]
    complete = not has_missing(mine.lbf)
    start = 0
    for one in block:
        columns = slice(start, start + one.count)
        # All variants of such a signal are shared; its sum need not be taken twice.
        if not (complete and one.lbf is one.signals.lbf):
            found[1, :, columns] = sums.second[:, columns] - one.signals.totals()
        start += one.count
    return found


def _joined(arrays: list[Any]) -> Any:
    return np.concatenate(arrays, axis=-1)


def _quirky_overlap(mine: Signals, other: _Aligned, priors: Priors) -> Floats:
    """Return the shares of the posteriors on shared variants as the R package has them, shape (2, n, m)."""
    has = other.places >= 0
    first = _share_with_last_as_null(mine.lbf, other.places[has], priors.p1)
    second = _share_with_last_as_null(other.signals.lbf, has, priors.p2)
    return np.stack(np.broadcast_arrays(first[:, None], second))


def _share_with_last_as_null(lbf: Floats, shared: Any, prior: float) -> Floats:
    """Return the posterior on `shared` variants if the last variant is taken for the null hypothesis."""
    count = max(lbf.shape[1] - 1, 1)
    each = min(prior, 1 / count)
    # A null that has no prior at all keeps a trace of it, as it does there.
    weights = np.append(np.full(lbf.shape[1] - 1, each), max(1 - count * each, 1e-16))
    return np.asarray(softmax(lbf - lbf[:, -1:] + np.log(weights))[:, shared].sum(axis=1))
