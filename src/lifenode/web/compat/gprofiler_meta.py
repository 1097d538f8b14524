"""What goes with the rows: the query as understood, thresholds, genes, and where the numbers come from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import compress
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import lifenode
from lifenode.enrichment.provenance import FAMILIES
from lifenode.genes.accounting import AMBIGUOUS, DUPLICATE, SEVERAL, UNMAPPED
from lifenode.web.compat.gprofiler_request import WIRE_METHODS

if TYPE_CHECKING:
    from lifenode.enrichment.world import World
    from lifenode.genes.accounting import Outcome
    from lifenode.genes.resolution import Resolution
    from lifenode.packs.pack import Pack
    from lifenode.web.compat.gprofiler_profile import Answer

_ENSEMBL = re.compile(r"Ensembl (\d+)")
_Item = TypeVar("_Item")


def version_of(pack: Pack) -> str:
    """Return the release as clients parse it: ``e``, the Ensembl release of the genes (0 without one), and a hash."""
    found = _ENSEMBL.search(pack.sources["genes"].version if "genes" in pack.sources else "")
    return f"e{found[1] if found else 0}_lifenode{lifenode.__version__}_{pack.fingerprint[:8]}"


def meta_of(answer: Answer) -> dict[str, Any]:
    """Return the ``meta`` of an answer, without time and version."""
    return {
        "query_metadata": _query_metadata(answer),
        "result_metadata": _result_metadata(answer),
        "genes_metadata": _genes_metadata(answer),
        "lifenode": _lifenode(answer),
    }


def world_version(world: World) -> str:
    """Return the version of the release behind `world`; of own gene sets, their checksum."""
    return version_of(world.pack) if world.pack else f"e0_lifenode{lifenode.__version__}_{world.identity[:8]}"


def _query_metadata(answer: Answer) -> dict[str, Any]:
    ask = answer.ask
    custom = ask.background is not None and ask.domain_scope in ("annotated", "known")
    described: dict[str, Any] = {
        "queries": dict(ask.lists), "organism": ask.organism, "all_results": ask.all_results, "ordered": ask.ordered,
        "no_iea": ask.no_iea, "sources": answer.sources, "combined": ask.combined, "aresolve": dict(ask.choices),
        "numeric_ns": numeric_namespace(answer), "domain_scope": "custom" if custom else ask.domain_scope,
        "measure_underrepresentation": ask.under,
        "significance_threshold_method": WIRE_METHODS[ask.method], "user_threshold": ask.threshold,
        "no_evidences": ask.no_evidences, "highlight": ask.highlight,
    }  # fmt: skip
    return described if ask.background is None else described | {"background": ask.background}


def numeric_namespace(answer: Answer) -> str:
    """Return the namespace in which numbers were looked up, by the name clients know."""
    if answer.world.pack is None:
        return "ENSG"
    return answer.ask.numeric_ns or "ENTREZGENE_ACC"


def _result_metadata(answer: Answer) -> dict[str, Any]:
    collection = answer.world.collection
    domain = answer.domain
    described: dict[str, Any] = {}
    families = _families(answer)
    first: dict[str, Any] = next(iter(families.values()), {})
    for name in answer.sources:
        at = collection.sources.index(name) if name in collection.sources else -1
        start, end = collection.source_start[at : at + 2] if at >= 0 else (0, 0)
        described[name] = {
            "domain_size": int(domain.sizes[at]) if at >= 0 else 0,
            "number_of_terms": int(end - start),
            "threshold": first.get(name, {}).get("threshold"),
        }
    return described


def _families(answer: Answer) -> dict[str, Any]:
    return {} if answer.result is None else {part.name: part.facts["sources"] for part in answer.result.parts}


def _genes_metadata(answer: Answer) -> dict[str, Any]:
    failed: dict[str, None] = {}
    duplicates: dict[str, None] = {}
    doubtful: dict[str, Outcome] = dict(answer.dropped)
    for found in answer.resolved.values():
        codes = found.categories
        failed |= dict.fromkeys(_of(found.texts, codes, UNMAPPED))
        duplicates |= dict.fromkeys(_of(found.texts, codes, DUPLICATE))
        doubtful |= zip(_of(found.texts, codes, AMBIGUOUS), _of(found.outcomes, codes, AMBIGUOUS), strict=True)
    return {
        "failed": list(failed),
        "ambiguous": {text: _candidates(answer, outcome) for text, outcome in doubtful.items()},
        "duplicates": list(duplicates),
        "query": {name: _mapping(answer.world, found) for name, found in answer.resolved.items()},
    }


def _of(items: Sequence[_Item], categories: bytearray, category: int) -> Iterator[_Item]:
    """Return the items of one category."""
    return compress(items, map(category.__eq__, categories)) if category in categories else iter(())


def _mapping(world: World, found: Resolution) -> dict[str, Any]:
    ids = world.gene_ids.take(found.genes)
    by_gene = {gene: [gene_id] for gene, gene_id in zip(found.genes.tolist(), ids, strict=True)}
    mapping: dict[str, list[str]] = {}
    for text, outcome in zip(found.texts, found.outcomes, strict=True):
        if outcome.kind == SEVERAL:
            mapping[text] = [by_gene[gene][0] for gene in outcome.genes]
        elif outcome.gene >= 0:
            mapping[text] = by_gene[outcome.gene]
    return {"mapping": mapping, "ensgs": ids}


def _candidates(answer: Answer, outcome: Outcome) -> list[dict[str, Any]]:
    pack = answer.world.pack
    if pack is None:
        return []
    genes = pack.genes()
    rows = np.array(outcome.genes, np.int64)
    columns = (genes.gene_ids.take(rows), genes.names.take(rows), genes.go_annotations[rows].tolist())
    names = ("gene_id", "description", "number_of_go_annotations")
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _lifenode(answer: Answer) -> dict[str, Any]:
    """Return what differs from the original service in this very answer, by name."""
    ask, provenance = answer.ask, answer.world.provenance
    outside = {} if answer.result is None else {p.name: p.facts["outside_background"] for p in answer.result.parts}
    return {
        "version": lifenode.__version__,
        "pack": provenance.get("pack"),
        "compat": "strict" if ask.strict else "default",
        "correction": {"method": ask.correction, "family": FAMILIES[ask.correction]},
        "families": _families(answer),
        "ambiguous": _decisions(answer),
        "sources_missing": answer.missing,
        "options_ignored": answer.ignored,
        "outside_background": {name: genes for name, genes in outside.items() if genes},
    }


def _decisions(answer: Answer) -> dict[str, dict[str, Any]]:
    """Return what was done with each identifier that names several genes, and why."""
    decided: dict[str, dict[str, Any]] = {
        text: {"chosen": None, "why": outcome.reason or "names several genes; strict answers leave it out"}
        for text, outcome in answer.dropped.items()
    }
    gene_ids = answer.world.gene_ids
    for found in answer.resolved.values():
        codes = found.categories
        for text, outcome in zip(
            _of(found.texts, codes, AMBIGUOUS), _of(found.outcomes, codes, AMBIGUOUS), strict=True
        ):
            chosen = gene_ids[outcome.gene] if outcome.gene >= 0 else None
            decided[text] = {"chosen": chosen, "why": outcome.reason}
    return decided
