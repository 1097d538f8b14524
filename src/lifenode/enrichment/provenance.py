"""What a result says of itself: release, method, families, background, version, and how to cite it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import lifenode
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.enrichment.domain import Integers
    from lifenode.enrichment.options import Options
    from lifenode.enrichment.result import QueryPart
    from lifenode.enrichment.thresholds import ThresholdBook
    from lifenode.enrichment.world import World
    from lifenode.genes.identifiers import Resolution

FAMILIES = {
    "gscs": "all testable terms of a source; 5 % chance of any false term per source and list, by random lists",
    "gscs_compat": "all testable terms of a source, threshold rounded up as published ones are",
    "fdr": "all testable terms of a source (Benjamini-Hochberg)",
    "fdr_hits": "terms of a source with at least one gene of the list (Benjamini-Hochberg, as g:Profiler)",
    "bonferroni": "all testable terms of a source",
}


def describe(
    world: World, book: ThresholdBook, chosen: Integers, options: Options, parts: Sequence[QueryPart],
    background: Resolution | None, notes: Sequence[str],
) -> dict[str, Any]:  # fmt: skip
    """Return the meta data of a result."""
    return {
        "lifenode": lifenode.__version__,
        **{key: value for key, value in world.provenance.items() if key != "sources"},
        "parameters": options.to_dict(),
        "test": _test_name(options),
        "correction": _correction(options),
        "sources": _sources(world, book, chosen),
        "background": _background(book, background),
        "queries": {
            part.name: dict(part.facts) | {"accounting": part.resolution.accounting.to_dict()} for part in parts
        },
        "notes": list(notes),
        "citation": f"lifenode {lifenode.__version__}; data: {_data(world)}",
    }


def _test_name(options: Options) -> str:
    if options.ordered:
        return "hypergeometric upper tail of the best prefix"
    return "hypergeometric lower tail" if options.underrepresented else "hypergeometric upper tail"


def _correction(options: Options) -> dict[str, Any]:
    described: dict[str, Any] = {
        "method": options.correction,
        "threshold": options.threshold,
        "family": FAMILIES[options.correction],
    }
    if options.correction.startswith("gscs"):
        described |= {"draws": settings().null_draws, "seed": settings().seed}
        if options.ordered:
            described["prefixes"] = "not corrected for" if options.correction == "gscs_compat" else "part of the null"
    elif options.ordered:
        described["prefixes"] = "exact probability of the scan before the correction"
    return described


def _sources(world: World, book: ThresholdBook, chosen: Integers) -> dict[str, Any]:
    collection, domain = world.collection, book.domain
    described = {}
    for source in chosen.tolist():
        start, end = collection.source_start[source : source + 2]
        name = collection.sources[source]
        described[name] = dict(world.provenance["sources"][name]) | {
            "number_of_terms": int(end - start),
            "testable_terms": int(np.count_nonzero(book.eligible[start:end])),
            "domain_size": int(domain.sizes[source]),
        }
    return described


def _background(book: ThresholdBook, background: Resolution | None) -> dict[str, Any]:
    described: dict[str, Any] = {"domain": book.domain.scope}
    if background is not None:
        counts = background.accounting
        described |= {
            "given": counts.input,
            "mapped": counts.mapped,
            "unmapped": counts.unmapped,
            "ambiguous": counts.ambiguous,
            "duplicate": counts.duplicate,
            "blank": counts.blank,
            "genes": len(background.genes),
        }
    return described


def _data(world: World) -> str:
    pack = world.provenance.get("pack")
    sources = world.provenance["sources"]
    parts = [f"{name} {facts.get('version') or ''}".strip() for name, facts in sources.items()]
    return "; ".join(([f"pack {pack['name']}"] if pack else []) + parts)
