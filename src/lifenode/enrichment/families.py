"""Adjust one query's p-values, source by source, and say which family each was part of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.enrichment import correction
from lifenode.enrichment.minimum_p import FAMILY_WISE
from lifenode.enrichment.options import Options
from lifenode.enrichment.ordered import scan_probability
from lifenode.enrichment.profile import Booleans, Hits, Integers
from lifenode.enrichment.thresholds import ThresholdBook

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Adjusted:
    """Adjusted p of each hit, whether it is significant, and the family of each source."""

    p: Floats
    significant: Booleans
    families: dict[str, dict[str, Any]]


def adjust(hits: Hits, list_sizes: Integers, book: ThresholdBook, chosen: Integers, options: Options) -> Adjusted:
    """Correct one query's nominal p-values.

    Parameters
    ----------
    hits
        The tested terms, in source order.
    list_sizes
        n of the whole list in each source.
    book
        Thresholds of the family; its eligible terms are the testable ones.
    chosen
        Sources that were tested.
    options
        Method and threshold.
    """
    collection = book.domain.collection
    nominal = hits.tails.p
    p = _scanned(hits, list_sizes, nominal, options)
    adjusted = np.full(len(p), np.inf)
    families = {}
    edges = np.searchsorted(hits.source, np.arange(len(collection.sources) + 1))
    for source in chosen.tolist():
        name = collection.sources[source]
        family = book.family_sizes[source]
        part = slice(int(edges[source]), int(edges[source + 1]))
        if not family:
            continue
        if options.correction.startswith("gscs"):
            sizes = hits.query_size[part] if _compat_prefixes(options) else None
            values, families[name] = _by_threshold(
                nominal[part], source, int(list_sizes[source]), sizes, book, options, family
            )
        else:
            values, families[name] = _by_count(p[part], family, options)
        adjusted[part] = values
    return Adjusted(adjusted, adjusted <= options.threshold, families)


def nominal_limit(family: dict[str, Any], significant: int, options: Options) -> float:
    """Return the nominal p above which a term of this family is not significant.

    Parameters
    ----------
    family
        What `adjust` says of the source.
    significant
        Number of its significant terms, which sets the limit of the step-up methods.
    options
        Method and threshold.
    """
    if options.correction.startswith("gscs"):
        return float(family["threshold"]) * options.threshold / FAMILY_WISE
    return options.threshold * (1 if options.correction == "bonferroni" else significant) / int(family["m"])


def log10_adjusted(hits: Hits, adjusted: Floats) -> Floats:
    """Return the decimal logarithm of the adjusted p, finite also where it underflows."""
    nominal = hits.tails.p
    factor = np.where((nominal > 0.0) & (adjusted > 0.0), adjusted / np.where(nominal > 0.0, nominal, 1.0), 1.0)
    return np.where(adjusted > 0.0, np.log10(np.maximum(adjusted, 5e-324)), hits.tails.log10_p + np.log10(factor))


def _compat_prefixes(options: Options) -> bool:
    return options.ordered and options.correction == "gscs_compat"


def _scanned(hits: Hits, list_sizes: Integers, nominal: Floats, options: Options) -> Floats:
    """Return p corrected for the choice of the best prefix, where the method does not do that itself."""
    if not options.ordered or options.correction.startswith("gscs"):
        return nominal
    p = np.ones(len(nominal))
    # The scan only makes p larger, so a term already above the threshold cannot become significant.
    needed = np.flatnonzero((nominal <= options.threshold) | options.all_results)
    lists = list_sizes[hits.source[needed]]
    p[needed] = scan_probability(hits.tails.log10_p[needed], hits.term_size[needed], lists, hits.domain_size[needed])
    return np.maximum(p, nominal)


def _by_count(p: Floats, family: int, options: Options) -> tuple[Floats, dict[str, Any]]:
    if options.correction == "bonferroni":
        return correction.bonferroni(p, family), {"family": "testable terms", "m": family}
    if options.correction == "fdr":
        return correction.benjamini_hochberg(p, family), {"family": "testable terms", "m": family}
    adjusted = correction.benjamini_hochberg(p, len(p))
    return adjusted, {"family": "terms with a gene of the list", "m": len(p)}


def _by_threshold(
    p: Floats, source: int, list_size: int, sizes: Integers | None, book: ThresholdBook, options: Options, family: int
) -> tuple[Floats, dict[str, Any]]:
    description: dict[str, Any] = {"family": "testable terms", "m": family, "list_size": list_size}
    if not list_size:
        return np.ones(len(p)), description | {"threshold": None}
    over = not options.underrepresented
    if sizes is not None:
        book.prepare(source, sizes.tolist())
        cuts = {n: _cut(book, source, int(n), False, over, options) for n in np.unique(sizes).tolist()}
        adjusted = np.empty(len(p))
        for n, cut in cuts.items():
            adjusted[sizes == n] = correction.scale_to_threshold(p[sizes == n], cut)
        return adjusted, description | {"threshold": None, "thresholds_by_prefix": cuts}
    found = book.get(source, list_size, ordered=options.ordered, over=over)
    cut = _cut(book, source, list_size, options.ordered, over, options)
    description |= {"threshold": cut, "probability": found.probability, "draws": found.draws}
    return correction.scale_to_threshold(p, cut), description


def _cut(book: ThresholdBook, source: int, size: int, ordered: bool, over: bool, options: Options) -> float:
    found = book.get(source, size, ordered=ordered, over=over)
    return correction.published_threshold(found.quantile) if options.correction == "gscs_compat" else found.value
