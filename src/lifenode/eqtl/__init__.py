"""Expression quantitative trait loci: who regulates a gene, and whether that is what a trait shares.

The functions are loaded when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lifenode.eqtl.catalogue import Catalogue
    from lifenode.eqtl.coloc_abf import coloc, finemap
    from lifenode.eqtl.coloc_at_locus import coloc_locus
    from lifenode.eqtl.coloc_bayes import lbf_from_estimates, lbf_from_p_values
    from lifenode.eqtl.coloc_overlap import clpp, credible_set
    from lifenode.eqtl.coloc_pairs import bf_bf, coloc_many, coloc_susie
    from lifenode.eqtl.coloc_result import ColocResult
    from lifenode.eqtl.coloc_signals import Signals
    from lifenode.eqtl.colocalise import colocalise
    from lifenode.eqtl.colocalise_locus import stored_locus
    from lifenode.eqtl.ingest_folder import ingest
    from lifenode.eqtl.locus_found import locus
    from lifenode.eqtl.plot_compare import locuscompare_plot
    from lifenode.eqtl.plot_locus import locus_plot
    from lifenode.eqtl.plot_mirrored import mirrored_plot
    from lifenode.eqtl.plot_sensitivity import sensitivity_plot
    from lifenode.eqtl.susie_result import SusieResult
    from lifenode.eqtl.susie_summary import ld_inconsistency, susie_rss

_HOMES = {
    "Catalogue": "lifenode.eqtl.catalogue",
    "ColocResult": "lifenode.eqtl.coloc_result",
    "Signals": "lifenode.eqtl.coloc_signals",
    "SusieResult": "lifenode.eqtl.susie_result",
    "bf_bf": "lifenode.eqtl.coloc_pairs",
    "clpp": "lifenode.eqtl.coloc_overlap",
    "coloc": "lifenode.eqtl.coloc_abf",
    "coloc_locus": "lifenode.eqtl.coloc_at_locus",
    "coloc_many": "lifenode.eqtl.coloc_pairs",
    "coloc_susie": "lifenode.eqtl.coloc_pairs",
    "colocalise": "lifenode.eqtl.colocalise",
    "credible_set": "lifenode.eqtl.coloc_overlap",
    "finemap": "lifenode.eqtl.coloc_abf",
    "ingest": "lifenode.eqtl.ingest_folder",
    "lbf_from_estimates": "lifenode.eqtl.coloc_bayes",
    "lbf_from_p_values": "lifenode.eqtl.coloc_bayes",
    "ld_inconsistency": "lifenode.eqtl.susie_summary",
    "locus": "lifenode.eqtl.locus_found",
    "locus_plot": "lifenode.eqtl.plot_locus",
    "locuscompare_plot": "lifenode.eqtl.plot_compare",
    "mirrored_plot": "lifenode.eqtl.plot_mirrored",
    "sensitivity_plot": "lifenode.eqtl.plot_sensitivity",
    "stored_locus": "lifenode.eqtl.colocalise_locus",
    "susie_rss": "lifenode.eqtl.susie_summary",
}

__all__ = [
    "Catalogue",
    "ColocResult",
    "Signals",
    "SusieResult",
    "bf_bf",
    "clpp",
    "coloc",
    "coloc_locus",
    "coloc_many",
    "coloc_susie",
    "colocalise",
    "credible_set",
    "finemap",
    "ingest",
    "lbf_from_estimates",
    "lbf_from_p_values",
    "ld_inconsistency",
    "locus",
    "locus_plot",
    "locuscompare_plot",
    "mirrored_plot",
    "sensitivity_plot",
    "stored_locus",
    "susie_rss",
]


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        value = getattr(import_module(_HOMES[name]), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'lifenode.eqtl' has no attribute '{name}'")
