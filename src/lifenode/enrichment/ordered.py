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
_TERMS_AT_ONCE = 4_000


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
    order = np.argsort(log10_p, kind="stable")  # terms of like strength have boundaries of like width
    for start in range(0, len(order), _TERMS_AT_ONCE):
        part = order[start : start + _TERMS_AT_ONCE]
        result[part] = _scan(log10_p[part], marked[part], list_size[part], domain[part])
    return np.minimum(result, 1.0)


def _scan(log10_p: Floats, marked: Integers, list_size: Integers, domain: Integers) -> Floats:
    absorbed = np.zeros(len(log10_p))
    boundary = np.ones(len(log10_p), dtype=np.int64)
    mass = np.zeros((len(log10_p), 8))
    mass[:, 0] = 1.0
    rows = np.arange(len(log10_p))
    for prefix in range(1, int(list_size.max(initial=0)) + 1):
        live = prefix <= list_size
        boundary = _raise_boundary(boundary, log10_p, marked, prefix, domain, live)
        if int(boundary.max()) + 2 > mass.shape[1]:
            mass = np.pad(mass, ((0, 0), (0, mass.shape[1])))
        step_up = (marked[:, None] - np.arange(mass.shape[1])) / (domain - prefix + 1)[:, None]
        moving = mass * np.clip(step_up, 0.0, 1.0)
        moving[~live] = 0.0
        mass = mass - moving
        mass[:, 1:] += moving[:, :-1]
        absorbed += np.where(live, mass[rows, boundary], 0.0)
        mass[rows[live], boundary[live]] = 0.0
    return absorbed


def _raise_boundary(
    boundary: Integers, log10_p: Floats, marked: Integers, prefix: int, domain: Integers, live: Booleans
) -> Integers:
    """Move each boundary up to the smallest count that is strong enough at this prefix."""
    boundary = boundary.copy()
    open_ = np.flatnonzero(live & (boundary <= np.minimum(marked, prefix)))
    while len(open_):
        reached = upper_tail(boundary[open_], marked[open_], prefix, domain[open_]).log10_p <= log10_p[open_] + _SAME
        open_ = open_[~reached]
        boundary[open_] += 1
        open_ = open_[boundary[open_] <= np.minimum(marked[open_], prefix)]
    return boundary
