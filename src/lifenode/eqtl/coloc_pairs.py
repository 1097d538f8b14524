"""`bf_bf`, `coloc_susie` and `coloc_many`: colocalisation of signals, each with its own Bayes factors."""

from __future__ import annotations

from typing import Any

import numpy as np

from lifenode.eqtl.coloc_compare import Options, compared
from lifenode.eqtl.coloc_posteriors import Priors
from lifenode.eqtl.coloc_signals import Signals, named_signals, signals_of
from lifenode.table import Table


def bf_bf(
    a: Any,
    b: Any,
    *,
    p1: float = 1e-4,
    p2: float = 1e-4,
    p12: float = 5e-6,
    overlap_min: float = 0.5,
    trim_by_posterior: bool = True,
    quirks: bool = False,
) -> Table:
    """Colocalise every signal of one trait with every signal of another, from log Bayes factors.

    Parameters
    ----------
    a, b
        Signals: `Signals`, a result of `susie_rss`, a mapping with ``snp`` and ``lbf`` (one row a signal), or a table
        with ``variant`` and ``lbf_variable1``, ``lbf_variable2``, ... as in files of the eQTL Catalogue.
    p1, p2, p12
        Prior probability that a variant is causal for the first signal alone, the second alone, and both.
    overlap_min
        A pair is left out if less than this share of the posterior of either signal lies on shared variants.
    trim_by_posterior
        False keeps all pairs.
    quirks
        Decide as the R package does: take the last variant for the null hypothesis, with prior 1 - n p, even though
        it is none, and keep unused effects, whose Bayes factors are all 0.

    Returns
    -------
    Table
        A row for each pair kept, signals of `b` outermost: ``name_2, idx_1, idx_2, nsnps, hit_1, hit_2, pp_h0, ...,
        pp_h4, overlap_1, overlap_2``. ``meta["dropped"]`` counts what was left out.

    Raises
    ------
    BadTable
        The signals cannot be read, or share no variant.
    InvalidOption
        An option is outside its range.

    Notes
    -----
    Each pair is decided as in `lifenode.eqtl.coloc`, over the variants that both signals have.

    References
    ----------
    Wallace 2021, doi:10.1371/journal.pgen.1009440.

    Examples
    --------
    >>> a = {"snp": ["rs1", "rs2", "rs3"], "lbf": [[12, 1, 0], [0, 0, 9]]}
    >>> b = {"snp": ["rs1", "rs2", "rs3"], "lbf": [[15, 0, 0]]}
    >>> bf_bf(a, b)["pp_h4"].round(3).tolist()
    [1.0, 0.027]
    """
    options = Options("coloc.bf_bf", overlap_min, trim_by_posterior, quirks)
    return compared(signals_of(a), [signals_of(b)], Priors(p1, p2, p12), options)


def coloc_many(
    locus: Any,
    signals: Any,
    *,
    p1: float = 1e-4,
    p2: float = 1e-4,
    p12: float = 5e-6,
    overlap_min: float = 0.5,
    trim_by_posterior: bool = True,
) -> Table:
    """Colocalise the signals of one locus, say of a GWAS, with the signals of many traits.

    Parameters
    ----------
    locus
        Signals in any form that `bf_bf` takes.
    signals
        A mapping from name to signals, a list of `Signals`, or one set of signals; the traits may have different
        variants, and a signal may lack some (NaN).
    p1, p2, p12, overlap_min, trim_by_posterior
        As in `bf_bf`.

    Returns
    -------
    Table
        As of `bf_bf`; ``name_2`` says which trait. Traits that share no variant with the locus are counted in
        ``meta["dropped"]``.

    Raises
    ------
    BadTable
        The signals cannot be read, or no trait shares a variant with the locus.
    EmptyInput
        `signals` holds none.
    InvalidOption
        An option is outside its range.

    Notes
    -----
    All pairs of a block are one matrix product, exp(A - max A) exp(B - max B)^T, in float64; pairs whose peaks are
    too far apart for it (more than about 640 nats) are summed on the log scale, so that none underflows.
    """
    options = Options("coloc.bf_bf", overlap_min, trim_by_posterior)
    return compared(signals_of(locus), named_signals(signals), Priors(p1, p2, p12), options)


def coloc_susie(
    a: Any,
    b: Any,
    *,
    p1: float = 1e-4,
    p2: float = 1e-4,
    p12: float = 5e-6,
    overlap_min: float = 0.5,
    quirks: bool = False,
) -> Table:
    """Colocalise two traits that may each have several causal variants, signal by signal.

    Parameters
    ----------
    a, b
        Results of `lifenode.eqtl.susie_rss`, or data sets (as in `lifenode.eqtl.coloc`) with ``LD`` and ``N``, which
        are fine-mapped first.
    p1, p2, p12, overlap_min, quirks
        As in `bf_bf`.

    Returns
    -------
    Table
        As of `bf_bf`, for the effects that yielded a credible set; empty, with a note, where a trait has none.

    Raises
    ------
    BadTable, InvalidOption
        As in `bf_bf` and `susie_rss`.

    References
    ----------
    Wallace 2021, doi:10.1371/journal.pgen.1009440.
    """
    first, second = (_with_sets(given, label) for given, label in ((a, "first"), (b, "second")))
    return compared(first, [second], Priors(p1, p2, p12), Options("coloc.susie", overlap_min, quirks=quirks))


def _with_sets(given: Any, label: str) -> Signals:
    from lifenode.eqtl.susie_summary import fine_mapped

    result = given if hasattr(given, "credible_sets") else fine_mapped(given, f"The {label} data set")
    rows = np.array([found.effect - 1 for found in result.credible_sets], dtype=np.intp)
    return Signals(result.snp, result.lbf_variable).chosen(rows)
