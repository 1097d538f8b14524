"""Fit the coefficients of the Cas9 repair backgrounds, and pack those of FORECasT.

    python models/cas9_repair/fit.py ../shared/data/editing

The published coefficients of the repair backgrounds carry no licence, so they are used as a reference only: they
predict profiles of some thousand targets, and our own coefficients are fitted to the logarithms of these probabilities,
by least squares with a small ridge over the 3,417 distinct features. Half of the targets are cut short at random, so
that the ends of a sequence are learnt too, and a part is made of repeats, whose long microhomologies real targets
seldom have. See card.md.
"""

from __future__ import annotations

import csv
import gzip
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from numba import njit

from lifenode.editing import weights
from lifenode.editing.cas9_compiled import candidates, class_features, name_classes, scores
from lifenode.editing.cas9_names import FEATURES, feature_names

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Cut = tuple[npt.NDArray[np.int8], int]

TRAINING, REPETITIVE, UNSEEN = 1_600, 600, 1_000
RIDGE = 1e-3
SEED = 20_261_123
LEVELS = 32_000
COMMAND = "python models/cas9_repair/fit.py ../shared/data/editing"
LEAST_BEFORE, LEAST_BEHIND = 10, 11
LENGTH = 79


def main(folder: Path) -> None:
    """Fit, check on unseen targets, and write the weights."""
    wild_type = read_theta(folder / "cas9" / "forecast_theta.txt")
    genes, reference = read_reference(folder / "cas9" / "forecast_repair_weights.tsv")
    targets = read_targets(folder / "cas9" / "target_sequences.txt.gz")
    draw = np.random.default_rng(SEED)
    chosen = draw.permutation(len(targets))[: TRAINING + UNSEEN]
    shortened = [shorter(targets[i], draw) if at % 2 else targets[i] for at, i in enumerate(chosen)]
    training = [*shortened[:TRAINING], *(repetitive(draw) for _ in range(REPETITIVE))]
    unseen = shortened[TRAINING:]
    fitted = fit(training, reference)
    scale = np.abs(fitted).max(axis=1) / LEVELS
    coded = np.round(fitted / scale[:, None]).astype(np.int16)
    figures = report(genes, compare(unseen, reference, coded * scale[:, None]))
    weights.save(
        "cas9_wild_type",
        {"weights": wild_type.astype(np.float32)},
        {
            "version": "FORECasT theta 10000_0.01, fold 0",
            "source": "felicityallen/SelfTarget f5bd12c5",
            "licence": "MIT-style; the notice is in NOTICE", "command": COMMAND,
            "doi": "10.1038/nbt.4317",
        },
    )  # fmt: skip
    weights.save(
        "cas9_repair",
        {"weights": coded, "scale": scale, "genes": np.array(genes)},
        {
            "version": "1", "licence": "Apache-2.0", "command": COMMAND,
            "source": f"fitted to what FORECasT-repair predicts of {TRAINING + REPETITIVE} targets",
            "figures": figures,
        },
    )  # fmt: skip


def read_theta(path: Path) -> Floats:
    """Return the coefficient of each distinct feature; those of a block that is named twice are summed."""
    place = {name: i for i, name in enumerate(feature_names())}
    found = np.zeros(FEATURES)
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        name, value = line.split("\t")
        found[place[name if name in place else name.removesuffix(".1")]] += float(value)
    return found


def read_reference(path: Path) -> tuple[list[str], Floats]:
    """Return the genes, and a row of coefficients for each."""
    place = {name: i for i, name in enumerate(feature_names())}
    with path.open(encoding="utf-8") as handle:
        header, *rows = csv.reader(handle, delimiter="\t")
    columns = [(at, place.get(name, place.get(name.removesuffix(".1")))) for at, name in enumerate(header)]
    found = np.zeros((len(rows), FEATURES))
    for gene, row in enumerate(rows):
        for at, feature in columns:
            if feature is not None:
                found[gene, feature] += float(row[at])
    return [row[0] for row in rows], found


def read_targets(path: Path) -> list[Cut]:
    """Return sequence and cut of each target in the direction of its PAM."""
    found = []
    with gzip.open(path, "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            sequence, pam = row["TargetSequence"], int(row["PAM Index"])
            if row["Strand"] == "FORWARD" and sequence[pam + 1 : pam + 3] == "GG" and set(sequence) <= set("ACGT"):
                found.append((np.array(["ATGC".index(nt) for nt in sequence], np.int8), pam - 3))
    return found


def shorter(target: Cut, draw: np.random.Generator) -> Cut:
    """Return a target without some of the bases at its ends."""
    sequence, cut = target
    start = int(draw.integers(0, max(1, cut - LEAST_BEFORE + 1)))
    end = int(draw.integers(min(len(sequence), cut + LEAST_BEHIND), len(sequence) + 1))
    return sequence[start:end], cut - start


def repetitive(draw: np.random.Generator) -> Cut:
    """Return a made-up target of tandem repeats in which some bases are changed."""
    parts: list[npt.NDArray[np.int8]] = []
    while sum(map(len, parts)) < LENGTH:
        unit = draw.integers(0, 4, int(draw.integers(1, 16)))
        parts.append(np.tile(unit, int(draw.integers(1, 8))).astype(np.int8))
    sequence = np.concatenate(parts)[:LENGTH]
    changed = draw.random(LENGTH) < draw.choice([0.0, 0.05, 0.15])
    sequence[changed] = draw.integers(0, 4, int(changed.sum()))
    return shorter((sequence, LENGTH // 2), draw)


def features_of(target: Cut) -> tuple[Integers, Integers]:
    """Return the features of each class of a target; see `class_features`."""
    sequence, cut = target
    rows = candidates(sequence, cut, max(0, cut - 47), min(len(sequence), cut + 53))
    classes, count = name_classes(rows)
    starts, features = class_features(sequence, cut, rows, classes, count)
    return starts, features


@njit(cache=True)
def add_products(starts: Integers, features: Integers, gram: Floats, mean: Floats) -> None:
    """Add the products of the features of each class to `gram`, and the features to `mean`."""
    for row in range(len(starts) - 1):
        for i in range(starts[row], starts[row + 1]):
            one = features[i]
            mean[one] += 1.0
            for j in range(starts[row], starts[row + 1]):
                gram[one, features[j]] += 1.0


@njit(cache=True)
def add_answers(starts: Integers, features: Integers, answers: Floats, right: Floats) -> None:
    """Add the answers of each class to those of its features."""
    for row in range(len(starts) - 1):
        for i in range(starts[row], starts[row + 1]):
            right[features[i]] += answers[row]


def fit(targets: list[Cut], reference: Floats) -> Floats:
    """Return coefficients whose log-probabilities differ least from those of the reference.

    A constant of each target's own does not change its probabilities; it is taken out by centring.
    """
    gram = np.zeros((FEATURES, FEATURES))
    right = np.zeros((FEATURES, len(reference)))
    for target in targets:
        starts, features = features_of(target)
        answers = scores(starts, features, reference).T
        answers = np.ascontiguousarray(answers - answers.mean(axis=0))
        mean = np.zeros(FEATURES)
        add_products(starts, features, gram, mean)
        add_answers(starts, features, answers, right)
        used = np.flatnonzero(mean)
        gram[np.ix_(used, used)] -= np.outer(mean[used], mean[used]) / (len(starts) - 1)
    gram[np.diag_indices(FEATURES)] += RIDGE
    solved: Floats = np.linalg.solve(gram, right).T
    return solved


def compare(targets: list[Cut], reference: Floats, fitted: Floats) -> tuple[Floats, Floats]:
    """Return total-variation distance and whether the strongest outcome agrees, a row a target, a column a gene."""
    distance = np.zeros((len(targets), len(reference)))
    same = np.zeros((len(targets), len(reference)))
    for at, target in enumerate(targets):
        starts, features = features_of(target)
        p, q = (softmax(scores(starts, features, each)) for each in (reference, fitted))
        distance[at] = np.abs(p - q).sum(axis=1) / 2
        same[at] = p.argmax(axis=1) == q.argmax(axis=1)
    return distance, same


def softmax(score: Floats) -> Floats:
    """Return probabilities, a row a model."""
    power = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(power / power.sum(axis=1, keepdims=True))


def report(genes: list[str], compared: tuple[Floats, Floats]) -> dict[str, float]:
    """Print and return the figures of the card."""
    distance, same = compared
    for gene, far, top in zip(genes, distance.T, same.T, strict=True):
        most = np.quantile(far, 0.99)
        print(f"{gene:10} TV median {np.median(far):.5f}  99th percentile {most:.5f}  top-1 {top.mean():.4f}")
    figures = {
        "unseen targets": float(len(distance)),
        "total variation, median": round(float(np.median(distance)), 6),
        "total variation, 99th percentile": round(float(np.quantile(distance, 0.99)), 6),
        "largest total variation": round(float(distance.max()), 6),
        "same strongest outcome": round(float(same.mean()), 6),
    }
    print(figures)
    return figures


if __name__ == "__main__":
    main(Path(sys.argv[1]))
