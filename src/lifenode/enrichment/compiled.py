"""The kernels as compiled loops; imported only when `lifenode.enrichment.engine` asks for them.

Every function does the operations of its numpy twin in the same order, without reassociation, so both give the same
bits. Compiled code is kept beside the module, or in the user's cache where that folder is read-only.
"""

from __future__ import annotations

import numba
import numpy as np
import numpy.typing as npt
from numba import njit, prange, set_num_threads

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

NEGLIGIBLE = 2.0**-60
TABLES_REMEMBERED = 4096  # a power of two
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)


def use_threads(count: int) -> None:
    """Let the parallel loops use `count` threads, or all cores for 0."""
    most = int(numba.config.NUMBA_NUM_THREADS)  # type: ignore[attr-defined]
    set_num_threads(min(count, most) if count > 0 else most)


@njit(cache=True, inline="always", error_model="numpy")
def _first(
    start: int, marked: int, drawn: int, domain: int, mantissas: Floats, exponents: Integers
) -> tuple[float, int]:
    """Return P(X = start) as mantissa and exponent."""
    rest = domain - marked - drawn
    mantissa = (mantissas[marked] * mantissas[domain - marked] * mantissas[drawn] * mantissas[domain - drawn]) / (
        mantissas[domain]
        * mantissas[start]
        * mantissas[marked - start]
        * mantissas[drawn - start]
        * mantissas[rest + start]
    )
    exponent = (
        exponents[marked]
        + exponents[domain - marked]
        + exponents[drawn]
        + exponents[domain - drawn]
        - exponents[domain]
        - exponents[start]
        - exponents[marked - start]
        - exponents[drawn - start]
        - exponents[rest + start]
    )
    return mantissa, exponent


@njit(cache=True, error_model="numpy")
def upper_tail(
    k: int, marked: int, drawn: int, domain: int, mantissas: Floats, exponents: Integers
) -> tuple[float, int]:
    """Return P(X >= k) as mantissa and exponent."""
    if k <= max(0, drawn + marked - domain):
        return 1.0, 0
    complement = k * (domain + 2) <= (drawn + 1) * (marked + 1)
    start = k - 1 if complement else k
    mantissa, exponent = _first(start, marked, drawn, domain, mantissas, exponents)
    i, big, n, gap = float(start), float(marked), float(drawn), float(domain - marked - drawn)
    total = 1.0
    summand = 1.0
    while True:
        if complement:
            summand *= (i * (gap + i)) / ((big - i + 1.0) * (n - i + 1.0))
            i -= 1.0
        else:
            summand *= ((big - i) * (n - i)) / ((i + 1.0) * (gap + i + 1.0))
            i += 1.0
        total += summand
        if not summand > total * NEGLIGIBLE:
            break
    mantissa *= total
    if complement:
        return 1.0 - np.ldexp(mantissa, max(exponent, -2000)), 0
    return mantissa, exponent


@njit(cache=True, nogil=True, error_model="numpy")
def upper_tails(
    k: Integers, marked: Integers, drawn: Integers, domain: Integers, mantissas: Floats, exponents: Integers
) -> tuple[Floats, Integers]:
    """Return P(X >= k) of each element; twin of `hypergeometric._upper_tails`.

    Half the terms of a list have the sizes and the count of an earlier one, whose tail is taken over.
    """
    mantissa = np.empty(len(k), np.float64)
    exponent = np.empty(len(k), np.int64)
    latest = np.zeros(TABLES_REMEMBERED, np.int64)
    for i in range(len(k)):
        place = (977 * k[i] + 5 * marked[i] + domain[i]) & (TABLES_REMEMBERED - 1)
        j = latest[place]
        if j < i and k[j] == k[i] and marked[j] == marked[i] and drawn[j] == drawn[i] and domain[j] == domain[i]:
            mantissa[i], exponent[i] = mantissa[j], exponent[j]
        else:
            mantissa[i], exponent[i] = upper_tail(k[i], marked[i], drawn[i], domain[i], mantissas, exponents)
            latest[place] = i
    return mantissa, exponent


@njit(cache=True, nogil=True, error_model="numpy")
def count_terms(
    gene_indptr: Integers, gene_terms: npt.NDArray[np.int32], genes: Integers, eligible: npt.NDArray[np.bool_]
) -> tuple[Integers, Integers]:
    """Return the eligible terms of the genes, ascending, and how many of the genes each has."""
    counts = np.zeros(len(eligible), np.int32)
    for gene in genes:
        for slot in range(gene_indptr[gene], gene_indptr[gene + 1]):
            counts[gene_terms[slot]] += 1
    terms, count = np.empty(len(eligible) + 1, np.int64), np.empty(len(eligible) + 1, np.int64)
    found = 0
    # Without a branch: every term is written down, and written over unless it is one of those looked for.
    for term in range(len(eligible)):
        terms[found], count[found] = term, counts[term]
        found += (counts[term] > 0) & eligible[term]
    return terms[:found], count[:found]


@njit(cache=True, inline="always")
def _mix(z: np.uint64) -> np.uint64:
    """Scramble 64 bits (SplitMix64; Steele, Lea and Flood 2014, doi:10.1145/2660193.2660195)."""
    z = (z ^ (z >> np.uint64(30))) * MIX_1
    z = (z ^ (z >> np.uint64(27))) * MIX_2
    return z ^ (z >> np.uint64(31))


@njit(cache=True, inline="always")
def _draw_gene(
    permutation: npt.NDArray[np.uint32], chosen: npt.NDArray[np.uint32], position: int, key: np.uint64
) -> int:
    """Take the next gene of a random list: one step of a Fisher-Yates shuffle."""
    size = len(permutation)
    bits = _mix(key + np.uint64(position + 1) * GOLDEN) >> np.uint64(32)
    other = position + np.int64((bits * np.uint64(size - position)) >> np.uint64(32))
    gene = permutation[other]
    permutation[other] = permutation[position]
    permutation[position] = gene
    chosen[position] = other
    return int(gene)


@njit(cache=True, inline="always")
def _put_back(permutation: npt.NDArray[np.uint32], chosen: npt.NDArray[np.uint32], drawn: int) -> None:
    """Undo the shuffle, so that every list starts from the same order."""
    for position in range(drawn - 1, -1, -1):
        other = chosen[position]
        gene = permutation[other]
        permutation[other] = permutation[position]
        permutation[position] = gene


@njit(cache=True, parallel=True, nogil=True)
def null_minima(
    gene_indptr: Integers, gene_terms: npt.NDArray[np.int32], term_sizes: Integers, list_sizes: Integers,
    critical: npt.NDArray[np.uint16], over: bool, keys: npt.NDArray[np.uint64], chunk: int,
    mantissas: Floats, exponents: Integers,
) -> Floats:  # fmt: skip
    """Return the smallest p of each random list at each list size; twin of `minimum_p._null_minima`."""
    genes, terms, draws = len(gene_indptr) - 1, len(term_sizes), len(keys)
    minima = np.full((draws, len(list_sizes)), np.inf)
    for block in prange((draws + chunk - 1) // chunk):
        permutation = np.arange(genes).astype(np.uint32)
        chosen = np.empty(list_sizes[-1], np.uint32)
        counts = np.zeros(terms, np.uint16)
        for draw in range(block * chunk, min(draws, (block + 1) * chunk)):
            counts[:] = 0
            position = 0
            for step in range(len(list_sizes)):
                while position < list_sizes[step]:
                    gene = _draw_gene(permutation, chosen, position, keys[draw])
                    for slot in range(gene_indptr[gene], gene_indptr[gene + 1]):
                        counts[gene_terms[slot]] += np.uint16(1)
                    position += 1
                bounds = critical[step]
                extreme = 0
                if over:
                    for term in range(terms):
                        extreme += counts[term] >= bounds[term]
                else:
                    for term in range(terms):
                        extreme += counts[term] < bounds[term]
                if extreme == 0:
                    continue
                for term in range(terms):
                    if (counts[term] >= bounds[term]) if over else (counts[term] < bounds[term]):
                        count, size = int(counts[term]), term_sizes[term]
                        k = count if over else position - count
                        marked = size if over else genes - size
                        mantissa, exponent = upper_tail(k, marked, position, genes, mantissas, exponents)
                        p = np.ldexp(mantissa, max(exponent, -2000))
                        if p < minima[draw, step]:
                            minima[draw, step] = p
            _put_back(permutation, chosen, position)
    return minima


@njit(cache=True, parallel=True, nogil=True)
def ordered_null_minima(
    gene_indptr: Integers, gene_terms: npt.NDArray[np.int32], term_sizes: Integers, term_class: npt.NDArray[np.int32],
    list_sizes: Integers, critical: npt.NDArray[np.uint16], keys: npt.NDArray[np.uint64], chunk: int,
    mantissas: Floats, exponents: Integers,
) -> Floats:  # fmt: skip
    """Return the smallest p over all prefixes of each random list; twin of `minimum_p._ordered_null_minima`."""
    genes, terms, draws = len(gene_indptr) - 1, len(term_sizes), len(keys)
    minima = np.full((draws, len(list_sizes)), np.inf)
    for block in prange((draws + chunk - 1) // chunk):
        permutation = np.arange(genes).astype(np.uint32)
        chosen = np.empty(list_sizes[-1], np.uint32)
        counts = np.zeros(terms, np.uint16)
        for draw in range(block * chunk, min(draws, (block + 1) * chunk)):
            counts[:] = 0
            position = 0
            best = np.inf
            for step in range(len(list_sizes)):
                while position < list_sizes[step]:
                    gene = _draw_gene(permutation, chosen, position, keys[draw])
                    bounds = critical[position]
                    position += 1
                    for slot in range(gene_indptr[gene], gene_indptr[gene + 1]):
                        term = gene_terms[slot]
                        counts[term] += np.uint16(1)
                        if counts[term] >= bounds[term_class[term]]:
                            mantissa, exponent = upper_tail(
                                int(counts[term]), term_sizes[term], position, genes, mantissas, exponents
                            )
                            best = min(best, np.ldexp(mantissa, max(exponent, -2000)))
                minima[draw, step] = best
            _put_back(permutation, chosen, position)
    return minima
