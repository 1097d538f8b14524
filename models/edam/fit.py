"""Fit the annotation of tools with terms of EDAM: ``python models/edam/fit.py FOLDER MODEL [fit|refit]``.

Ridge regression over all labels in its dual form, leave-one-group-out scores in closed form, a second regression over
those (the chain), and boosted trees that rank candidates; calibrated on the development tools. Then the regressions are
fitted again to all tools.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np
import scipy.linalg
import scipy.sparse
from corpus import Corpus, groups, read_corpus
from measure import ece, f1_threshold, isotonic, measures
from sklearn.isotonic import IsotonicRegression

from lifenode.edam import LexicalMatcher, Ontology, Tool
from lifenode.edam.learned_features import Block, make_block
from lifenode.edam.learned_model import WEIGHTS, Model, Trees, load_model, save_model
from lifenode.edam.learned_ranking import BRANCHES, FEATURES, MATTER, Candidates, Family, Lexical, candidates

Floats = Any

_PLAIN, _PUBLISHED = {"words": 0.45, "grams": 0.55}, {"words": 0.2, "grams": 0.3, "publications": 0.5}
SHARES = {"plain": _PLAIN, "publications": _PUBLISHED, "matter": _PLAIN, "matter_publications": _PUBLISHED}
BRANCHES_OF = {"plain": BRANCHES, "publications": BRANCHES, "matter": MATTER, "matter_publications": MATTER}
PENALTY = {"plain": 0.6, "publications": 0.5, "matter": 0.6, "matter_publications": 0.5}
SIZES = {"words": (2, 60_000), "grams": (4, 64_000), "publications": (4, 90_000)}
CHAIN_PENALTY = 20.0
KEPT_WEIGHTS = {"plain": 3_000_000, "publications": 3_000_000, "matter": 600_000, "matter_publications": 600_000}
FLAGGED_WEIGHT = 0.5
ROUNDS = {"plain": 300, "publications": 300, "matter": 120, "matter_publications": 120}
RANKER = {
    "objective": "binary", "num_leaves": 31, "learning_rate": 0.05, "min_data_in_leaf": 100, "feature_fraction": 0.7,
    "bagging_fraction": 0.7, "bagging_freq": 1, "lambda_l2": 5.0, "num_threads": 1, "verbose": -1, "seed": 1,
    "deterministic": True,
}  # fmt: skip

_BEGAN = time.time()


def say(text: str) -> None:
    """Tell how far it is."""
    print(f"{time.time() - _BEGAN:6.0f} s  {text}", flush=True)


def matrix(corpus: Corpus, places: Floats, blocks: list[Block]) -> Floats:
    """Return the features of tools, blocks side by side."""
    parts = []
    for block in blocks:
        rows = [block.row(corpus.short[at], corpus.whole[at]) for at in places]
        starts = np.cumsum([0, *[len(columns) for columns, _ in rows]])
        columns, values = (np.concatenate(one) for one in zip(*rows, strict=True))
        parts.append(scipy.sparse.csr_matrix((values, columns, starts), (len(rows), len(block.place))))
    return scipy.sparse.hstack(parts).tocsr()


def regress(features: Floats, labels: Floats, penalty: float, together: list[Floats]) -> tuple[Floats, Floats]:
    """Return weights by feature and label, and the scores of each group by the regression without it."""
    count = features.shape[0]
    kernel = np.empty((count, count), np.float32, order="F")
    for first in range(0, count, 1000):
        kernel[:, first : first + 1000] = (features @ features[first : first + 1000].T).toarray()
    say("kernel")
    kernel[np.arange(count), np.arange(count)] += penalty
    factor, _ = scipy.linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)
    dual = scipy.linalg.cho_solve((factor, True), labels, check_finite=False)
    weights = np.asarray(features.T @ dual)
    inverse, _ = scipy.linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    say("inverse")
    left_out = np.empty_like(labels)
    for own in together:
        block = np.tril(inverse[np.ix_(own, own)])
        block = block + np.tril(block, -1).T
        left_out[own] = labels[own] - np.linalg.solve(block.astype(float), dual[own].astype(float))
    return weights, left_out


def ridge(features: Floats, labels: Floats) -> Floats:
    """Return the weights of the chain."""
    return np.linalg.solve(
        features.T @ features + CHAIN_PENALTY * np.eye(features.shape[1], dtype=np.float32), features.T @ labels
    )


def cross_chained(left_out: Floats, labels: Floats, together: list[Floats]) -> Floats:
    """Return the chain's scores of each half of the groups by the regression over the other half."""
    half = np.zeros(len(labels), bool)
    for at, own in enumerate(together):
        half[own] = at % 2 == 1
    result = np.empty_like(labels)
    for side in (False, True):
        result[half == side] = left_out[half == side] @ ridge(left_out[half != side], labels[half != side])
    return result


def pruned(weights: Floats, features: Floats, most_kept: int) -> tuple[Floats, Floats, Floats, float]:
    """Return the weights that matter most, packed into 8 bits."""
    weights = weights.astype(np.float32)
    usual = np.sqrt(np.asarray(features.multiply(features).mean(0)).ravel()).astype(np.float32)
    worth = np.abs(weights) * usual[:, None]
    limit = np.partition(worth.ravel(), -most_kept)[-most_kept]
    feature, label = np.nonzero(worth >= limit)
    kept = weights[feature, label]
    most = float(np.abs(kept).max())
    packed = np.round(np.sign(kept) * np.sqrt(np.abs(kept) / most) * 127).astype(np.int8)
    starts = np.searchsorted(feature, np.arange(len(weights) + 1)).astype(np.int64)
    return starts, label.astype(np.uint16), packed, most / 127**2


def trees_of(booster: lightgbm.Booster) -> Trees:
    """Return boosted trees as arrays."""
    columns: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}

    def add(node: dict[str, Any]) -> int:
        at = len(columns["feature"])
        for column in columns.values():
            column.append(0)
        if "leaf_value" in node:
            columns["feature"][at], columns["value"][at] = -1, node["leaf_value"]
        else:
            columns["feature"][at], columns["threshold"][at] = node["split_feature"], node["threshold"]
            columns["left"][at] = add(node["left_child"])
            columns["right"][at] = add(node["right_child"])
        return at

    roots = [add(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]
    kinds = {"feature": np.int16, "threshold": np.float64, "left": np.int32, "right": np.int32, "value": np.float64}
    return Trees(np.array(roots, np.int32), **{name: np.array(columns[name], kinds[name]) for name in columns})


def lexical_of(corpus: Corpus, places: Floats, family: Family) -> Lexical:
    """Return the lexical scores of tools; the texts of publications are left to the regression."""
    matcher = LexicalMatcher(family.ontology)
    parts = []
    for first in range(0, len(places), 500):
        own = [corpus.rows[at] for at in places[first : first + 500]]
        scores = [matcher.scores(Tool(row["name"], row["description"])) for row in own]
        parts.append(family.lexical(scores, [corpus.short[at] for at in places[first : first + 500]]))
    say(f"lexical scores of {len(places):,} tools")
    return Lexical(
        *[np.concatenate([getattr(part, name) for part in parts]) for name in ("best_one", "final", "obsolete", "bag")]
    )


def labels_of(corpus: Corpus, places: Floats, family: Family) -> Floats:
    """Return which terms of the family each tool has."""
    table = np.zeros((len(places), len(family.ids)), np.float32)
    for row, at in enumerate(places):
        own = [
            family.place[term]
            for branch in family.members
            for term in corpus.terms[at].get(branch, ())
            if term in family.place
        ]
        table[row, own] = 1
    return table


def regressed(corpus: Corpus, places: Floats, name: str) -> tuple[Model, Family, Floats, Floats]:
    """Return a model without ranker, its terms, and the scores of the tools by both regressions without them."""
    branches = BRANCHES_OF[name]
    counts = Counter(term for at in places for branch in branches for term in corpus.terms[at].get(branch, ()))
    family = Family(Ontology.load(), dict(counts), len(places), branches)
    texts = {"words": corpus.short, "grams": corpus.short, "publications": corpus.whole}
    blocks = [
        make_block(kind, [texts[kind][at] for at in places], *SIZES[kind], share)
        for kind, share in SHARES[name].items()
    ]
    features, wanted = matrix(corpus, places, blocks), labels_of(corpus, places, family)
    say(f"{features.shape[0]:,} tools, {features.shape[1]:,} features")
    together = groups([corpus.rows[at] for at in places])
    weights, left_out = regress(features, wanted, PENALTY[name], together)
    starts, label, packed, unit = pruned(weights, features, KEPT_WEIGHTS[name])
    chained, chain = cross_chained(left_out, wanted, together), ridge(left_out, wanted)
    say("chain")
    short_chain = chain.astype(np.float16).astype(np.float32)
    numbers = (starts, label, packed, unit, short_chain, family.ids, dict(counts), len(places))
    return Model(blocks, *numbers, {}, {}, {}), family, left_out, chained


def told(corpus: Corpus, places: Floats, branch: str) -> Floats:
    """Return which tools have any term of a branch; those without may lack them or may not tell."""
    return np.array([bool(corpus.terms[at].get(branch)) or branch in BRANCHES for at in places])


def fit(corpus: Corpus, name: str) -> tuple[Model, dict[str, Any]]:
    """Return a model fitted to the training tools and calibrated on the others, and its figures on these."""
    chosen = np.flatnonzero(
        [any(told(corpus, [at], branch)[0] for branch in BRANCHES_OF[name]) for at in range(len(corpus.rows))]
    )
    train, test = chosen[~corpus.development[chosen]], chosen[corpus.development[chosen]]
    bare, family, left_out, chained = regressed(corpus, train, name)
    lengths = np.array([len(text) for text in corpus.short], np.float32)
    given, tested = lexical_of(corpus, train, family), lexical_of(corpus, test, family)
    scored = np.array([bare.scores(corpus.short[at], corpus.whole[at])[0] for at in test])
    wanted, truth = labels_of(corpus, train, family), labels_of(corpus, test, family)
    figures: dict[str, Any] = {"development_tools": int(corpus.by_hand[test].sum())}
    for branch in BRANCHES_OF[name]:
        pairs = candidates(family, branch, left_out, chained, given, lengths[train])
        own = np.where(corpus.by_hand[train][pairs.tool], 1.0, FLAGGED_WEIGHT)
        own *= told(corpus, train, branch)[pairs.tool]
        data = lightgbm.Dataset(pairs.features, wanted[pairs.tool, pairs.term], weight=own, feature_name=list(FEATURES))
        bare.trees[branch] = trees_of(lightgbm.train(RANKER, data, ROUNDS[name]))
        shown = candidates(family, branch, scored, scored @ bare.chain, tested, lengths[test])
        judged = corpus.by_hand[test] & told(corpus, test, branch)
        figures[branch] = calibrate(bare, branch, shown, truth, judged, family)
        say(f"{branch} {figures[branch]}")
    return bare, figures


def refit(corpus: Corpus, name: str) -> None:
    """Fit the regressions of a model that is written again to all tools, and keep its ranker and calibration."""
    old = load_model(name)
    chosen = np.flatnonzero(
        [any(told(corpus, [at], branch)[0] for branch in BRANCHES_OF[name]) for at in range(len(corpus.rows))]
    )
    bare, _, _, _ = regressed(corpus, chosen, name)
    figures = json.loads((WEIGHTS / "manifest.json").read_text(encoding="utf-8"))[name]["figures"]
    publish(replace(bare, trees=old.trees, calibration=old.calibration, threshold=old.threshold), name, figures)


def main(arguments: list[str]) -> int:
    """Fit and refit a model, or do only one of them, ``fit`` or ``refit``."""
    name, corpus = arguments[1] if len(arguments) > 1 else "plain", read_corpus(Path(arguments[0]))
    if arguments[2:] != ["refit"]:
        model, figures = fit(corpus, name)
        publish(model, name, figures)
    if arguments[2:] != ["fit"]:
        refit(corpus, name)
    return 0


def calibrate(
    model: Model, branch: str, shown: Candidates, truth: Floats, by_hand: Floats, family: Family
) -> dict[str, Any]:
    """Calibrate a branch on the development tools annotated by hand, and return its figures on them."""
    raw = model.trees[branch](shown.features)
    hit = truth[shown.tool, shown.term]
    own = by_hand[shown.tool]
    # Each half of the tools is judged by the calibration of the other half.
    side = shown.tool % 2 == 0
    crossed = np.zeros(len(raw))
    for half in (side, ~side):
        points = isotonic(IsotonicRegression(out_of_bounds="clip"), raw[own & ~half], hit[own & ~half])
        crossed[half] = np.interp(raw[half], *points)
    model.calibration[branch] = isotonic(IsotonicRegression(out_of_bounds="clip"), raw[own], hit[own])
    missed = float(truth[by_hand][:, family.members[branch]].sum())
    model.threshold[branch], best = f1_threshold(np.interp(raw[own], *model.calibration[branch]), hit[own], missed)
    found = measures(raw, shown, truth, by_hand, family, branch)
    return {**found, "calibration_error": round(ece(crossed[own], hit[own]), 4), "micro_f1": round(best, 4)}


def publish(model: Model, name: str, figures: dict[str, Any]) -> None:
    """Write the model and its entry in the manifest."""
    digest = save_model(model, WEIGHTS / f"{name}.npz")
    place = WEIGHTS / "manifest.json"
    manifest = json.loads(place.read_text(encoding="utf-8")) if place.exists() else {}
    manifest[name] = {
        "sha256": digest, "figures": figures, "tools": model.tools, "edam": Ontology.load().release,
        "command": f"python models/edam/fit.py ../shared/data/edam {name}",
        "data": "bio.tools content of 2021-03-10, CC BY 4.0; no description or abstract is contained",
    }  # fmt: skip
    place.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    say(f"{(WEIGHTS / f'{name}.npz').stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
