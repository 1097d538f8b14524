"""How long colocalisation and fine-mapping take, and how exact they are, against limits and the plain way.

Give a number of signals to measure fewer: ``python benchmarks/bench_eqtl_coloc.py 1000``.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
from measuring import Report, Times, call_times

from lifenode.eqtl import Signals, coloc, coloc_many, susie_rss
from lifenode.eqtl.coloc_posteriors import Priors, posteriors, sums_of
from lifenode.table import Table

SIGNALS = 10_000
VARIANTS = 5_000
LIMIT = 10.0


def main(count: int = SIGNALS) -> int:
    """Print times with their limits, and differences from pair-by-pair computation."""
    report = Report()
    draw = np.random.default_rng(1)
    snp = [f"chr1_{at}_A_G" for at in range(VARIANTS)]
    limit = LIMIT * count / SIGNALS
    lbf = draw.normal(-1, 1, (count, VARIANTS))
    peaks = np.arange(count), draw.integers(0, VARIANTS, count)
    lbf[peaks] += draw.uniform(5, 300, count)
    locus = draw.normal(-1, 1, (1, VARIANTS))
    locus[0, VARIANTS // 2] = 300.0
    gwas, signals = Signals(snp, locus), Signals(snp, lbf)
    print(f"{count:,} pairs of signals over {VARIANTS:,} variants, peaks of up to 300 nats")
    times = call_times(lambda: coloc_many(gwas, signals), 3, warm=0)
    report.at_most("a signal against all, one set of variants", times.wall, limit, "s", 1)
    ten, tenth = Signals(snp, np.repeat(locus, 10, axis=0)), signals.chosen(slice(0, count // 10))
    times_ten = call_times(lambda: coloc_many(ten, tenth), 3, warm=0)
    report.at_most("10 signals against a tenth of them", times_ten.wall, limit, "s", 1)
    times_cut = with_own_variants(gwas, signals)
    report.at_most("a signal against all, each ten with their own variants", times_cut.wall, limit, "s", 1)
    few = min(count, 500)
    began = time.perf_counter()
    expected = np.array([posteriors(sums_of(locus[0], lbf[at]), *Priors(1e-4, 1e-4, 5e-6)) for at in range(few)])
    slow = (time.perf_counter() - began) * count / few
    ratios = " and ".join(f"{slow / np.median(found.wall):.1f}" for found in (times, times_ten))
    print(f"  pair by pair with numpy it would take {slow:.1f} s: {ratios} times as long")
    found = coloc_many(gwas, signals.chosen(slice(0, few)))
    report.at_most("greatest difference from pair by pair", _difference(found, expected), 1e-9, "", 1)
    lbf[peaks] += draw.uniform(500, 1500, count)
    locus[0, VARIANTS // 2] = 1500.0
    distant: list[Table] = []
    times_far = call_times(lambda: distant.append(coloc_many(gwas, signals)), 1, warm=0)
    report.at_most("a signal against all, peaks 500 to 1,800 nats high", times_far.wall, limit, "s", 1)
    print(f"  of these, pairs that are not finite: {int(np.sum(~np.isfinite(distant[0]['pp_h4'])))}")
    single(report, draw)
    fine_mapping(report, draw)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    return report.close()


def with_own_variants(gwas: Signals, signals: Signals) -> Times:
    """Time the same where every ten signals are of a trait that lacks up to six variants."""
    traits = {}
    for number, at in enumerate(range(0, len(signals.lbf), 10)):
        left = number % 7
        traits[f"gene {number}"] = Signals(signals.snp[left:], signals.lbf[at : at + 10, left:])
    return call_times(lambda: coloc_many(gwas, traits), 1, warm=0)


def _difference(found: Table, expected: np.ndarray) -> np.ndarray:
    return np.array([np.abs(np.column_stack([found[f"pp_h{h}"] for h in range(5)]) - expected).max()])


def single(report: Report, draw: np.random.Generator) -> None:
    """Time one pair of data sets of the size of a cis window."""
    snp = [f"chr1_{at}_A_G" for at in range(VARIANTS)]
    data = [
        {
            "snp": snp,
            "beta": draw.normal(0, 0.1, VARIANTS),
            "varbeta": np.full(VARIANTS, 0.01),
            "type": "quant",
            "sdY": 1,
        }
        for _ in range(2)
    ]
    report.at_most("coloc of two data sets of 5,000 variants", call_times(lambda: coloc(*data), 20).wall, 0.1)


def fine_mapping(report: Report, draw: np.random.Generator) -> None:
    """Time fine-mapping with ten effects, at growing numbers of variants."""
    for variants in (500, 1_000, 2_000):
        genotypes = draw.normal(size=(1_000, variants))
        for at in range(1, variants):
            genotypes[:, at] = 0.95 * genotypes[:, at - 1] + np.sqrt(1 - 0.95**2) * genotypes[:, at]
        trait = genotypes[:, [variants // 3, variants // 2]].sum(axis=1) * 0.3 + draw.normal(size=1_000)
        r = np.array([np.corrcoef(column, trait)[0, 1] for column in genotypes.T])
        ld, z = np.corrcoef(genotypes.T), r * np.sqrt(998 / (1 - r**2))
        times = call_times(lambda z=z, ld=ld: susie_rss(z, ld, 1_000), 3)
        report.at_most(
            f"susie_rss of {variants:,} variants, L = 10", times.wall, 10.0 if variants == 2_000 else None, "s", 1
        )


if __name__ == "__main__":
    raise SystemExit(main(*[int(word) for word in sys.argv[1:2]]))
