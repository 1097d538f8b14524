"""Data sets for tests: the reference ones of the R package, and drawn ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def reference(shared_data: Path) -> dict[str, dict[str, Any]]:
    """Return the simulated data sets D1 to D4 of the R package coloc."""
    text = (shared_data / "eqtl/coloc/coloc_test_data.json").read_text(encoding="utf-8")
    return {name: found for name, found in json.loads(text).items() if name.startswith("D")}


def reference_ld(shared_data: Path, name: str) -> Floats:
    return np.asarray(np.load(shared_data / f"eqtl/coloc/coloc_test_data_{name}_LD.npz")["LD"])


def drawn(seed: int, count: int = 40, causal: int = 7, effect: float = 0.4, samples: int = 500) -> dict[str, Any]:
    """Return a data set of `count` variants with one causal variant, and its LD, from drawn genotypes."""
    genotypes, trait = drawn_samples(seed, count, causal, effect, samples)
    frequency = genotypes.mean(axis=0) / 2
    centred = genotypes - genotypes.mean(axis=0)
    y = trait - trait.mean()
    square = np.square(centred).sum(axis=0)
    beta = centred.T @ y / square
    varbeta = (y @ y - beta**2 * square) / (samples - 2) / square
    return {
        "snp": [f"rs{at}" for at in range(count)], "beta": beta, "varbeta": varbeta, "type": "quant", "N": samples,
        "MAF": np.minimum(frequency, 1 - frequency), "sdY": float(y.std()), "position": np.arange(count) * 100 + 1,
        "LD": np.corrcoef(genotypes.T),
    }  # fmt: skip


def drawn_samples(seed: int, count: int, causal: int, effect: float, samples: int) -> tuple[Floats, Floats]:
    draw = np.random.default_rng(seed)
    hidden = draw.normal(size=(2, samples, count))
    for at in range(1, count):
        hidden[:, :, at] = 0.9 * hidden[:, :, at - 1] + np.sqrt(1 - 0.81) * hidden[:, :, at]
    genotypes = np.asarray((hidden > np.linspace(-0.3, 0.9, count)).sum(axis=0), dtype=np.float64)
    return genotypes, effect * genotypes[:, causal] + draw.normal(size=samples)
