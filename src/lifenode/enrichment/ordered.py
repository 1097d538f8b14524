"""Ordered queries: the strongest prefix of each term, and what scanning for it costs.

A ranked list is read from the top; for each term the prefix with the smallest hypergeometric p is reported, with that
prefix's sizes. Choosing the best of many prefixes makes small values common, so that this p is no longer the chance of
seeing such a value under the null. Two corrections know about the scan:

* ``gscs`` compares it with the minimum over all terms **and all prefixes** of random lists (`minimum_p`);
* the other methods start from `scan_probability`: the exact chance that a random order of the domain has, at any prefix
  of the list's length, a p as small as the one found for this term.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.collection import slots
from lifenode.enrichment.domain import Domain
from lifenode.enrichment.hypergeometric import Tails, upper_tail
from lifenode.enrichment.profile import Booleans, Hits, Integers, inside_any

Floats = npt.NDArray[np.float64]

_SAME = 1e-9  # decimal logarithms closer than this are the same attainable probability
_TERMS_AT_ONCE = 512


def profile_ordered(domain: Domain, genes: Integers, eligible: Booleans) -> Hits:
    """Find each term's best prefix; `query_size` and `count` of the hits are those of that prefix.

    Parameters
    ----------
    domain
        What the list is compared with.
    genes
        Distinct genes, the most important first.
    eligible
        Terms to be tested.
    """
    collection = domain.collection
    taken = inside_any(domain, genes)
    lengths = np.diff(collection.gene_indptr)[taken]
    term = collection.gene_terms[slots(collection.gene_indptr, taken)].astype(np.int64)
    place = np.repeat(np.arange(len(taken)), lengths)
    keep = eligible[term]
    term, place = term[keep], place[keep]
    by_term = np.argsort(term, kind="stable")
    term, place = term[by_term], place[by_term]
    first = np.flatnonzero(np.diff(term, prepend=-1))
    count = np.arange(len(term)) - np.repeat(first, np.diff(np.append(first, len(term)))) + 1
    source = np.searchsorted(collection.source_start, term, side="right") - 1
    prefix = np.cumsum(domain.members[:, taken], axis=1, dtype=np.int64)[source, place]
    tails = upper_tail(count, domain.term_sizes[term], prefix, domain.sizes[source])
    best = _first_smallest(tails.log10_p, first)
    chosen = Tails(tails.mantissa[best], tails.exponent[best])
    sizes = domain.term_sizes[term[best]], prefix[best], domain.sizes[source[best]]
    return Hits(term[best], source[best], count[best], *sizes, chosen)


def _first_smallest(values: Floats, first: Integers) -> Integers:
    """Return, of each run of `values` starting at `first`, the position of its first smallest value."""
    if not len(first):
        return np.zeros(0, np.int64)
    smallest = np.minimum.reduceat(values, first)
    run = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(values))))
    candidates = np.flatnonzero(values <= smallest[run] + _SAME)
    _, at = np.unique(run[candidates], return_index=True)
    return candidates[at]


def scan_probability(log10_p: Floats, marked: Integers, list_size: Integers, domain: Integers) -> Floats:
    r"""Return the chance that the best prefix of a random list is as strong as the one found.

    With :math:`b_i` the smallest count whose p at prefix i is at most the one found, the chance that a random list
    reaches :math:`b_i` at any :math:`i \le n` follows from the Markov chain
    :math:`P(x \to x + 1) = (K - x) / (N - i)`, absorbed at the boundary.

    Parameters
    ----------
    log10_p
        Decimal logarithm of the best prefix's p, per term.
    marked, list_size, domain
        K, n (of the whole list inside the domain) and N, per term.
    """
    result = np.empty(len(log10_p))
    order = np.argsort(marked, kind="stable")  # terms of like size have boundaries of like width
    for start in range(0, len(order), _TERMS_AT_ONCE):
        part = order[start : start + _TERMS_AT_ONCE]
        result[part] = _scan(log10_p[part], marked[part], list_size[part], domain[part])
    # A p of 1 is met by every list, with no gene at all.
    return np.where(log10_p > -_SAME, 1.0, np.minimum(result, 1.0))


def _scan(log10_p: Floats, marked: Integers, list_size: Integers, domain: Integers) -> Floats:
    """Follow the chance of not yet having met the boundary, prefix by prefix."""
    reach = _reach(log10_p, marked, list_size, domain)
    absorbed = np.zeros(len(log10_p))
    boundary = np.ones(len(log10_p), dtype=np.int64)
    mass = np.zeros((len(log10_p), len(reach) + 2))
    mass[:, 0] = 1.0
    counts = np.arange(mass.shape[1])
    for prefix in range(1, int(list_size.max(initial=0)) + 1):
        live = np.flatnonzero(prefix <= list_size)
        while len(late := live[reach[boundary[live] - 1, live] < prefix]):
            boundary[late] += 1
        step_up = (marked[live, None] - counts) / (domain[live] - prefix + 1)[:, None]
        moving = mass[live] * np.clip(step_up, 0.0, 1.0)
        mass[live] -= moving
        mass[live, 1:] += moving[:, :-1]
        absorbed[live] += mass[live, boundary[live]]
        mass[live, boundary[live]] = 0.0
    return absorbed


def _reach(log10_p: Floats, marked: Integers, list_size: Integers, domain: Integers) -> Integers:
    """Return, by count b = 1, 2, ... and term, the longest prefix at which b genes are as strong as the p found.

    The last row equals the list size everywhere: that many genes are strong enough, or impossible, at every prefix.
    """
    rows: list[Integers] = []
    longest = np.zeros(len(log10_p), dtype=np.int64)
    while not rows or bool((longest < list_size).any()):
        count = len(rows) + 1
        low = np.maximum(longest, count - 1)
        high = np.maximum(list_size, low)
        low = np.where(count > marked, high, low)  # more genes than the term has are never met
        while len(open_ := np.flatnonzero(low < high)):
            middle = (low[open_] + high[open_] + 1) // 2
            tails = upper_tail(count, marked[open_], middle, domain[open_])
            strong = tails.log10_p <= log10_p[open_] + _SAME
            low[open_] = np.where(strong, middle, low[open_])
            high[open_] = np.where(strong, high[open_], middle - 1)
        longest = low
        rows.append(np.minimum(longest, list_size))
    return np.array(rows)
