"""Profiles as g:Profiler answers them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lifenode.enrichment.enrich import enrich
from lifenode.enrichment.world import World, gene_set_world, pack_world
from lifenode.errors import EmptyInput, NothingMapped, UnknownSource
from lifenode.genes.accounting import AMBIGUOUS, Outcome
from lifenode.genes.identifiers import DEFAULT_NUMERIC, identifiers
from lifenode.web.compat.gprofiler_request import pack_of

if TYPE_CHECKING:
    from lifenode.enrichment.domain import Domain
    from lifenode.enrichment.gene_sets import GeneSets
    from lifenode.enrichment.result import EnrichmentResult
    from lifenode.genes.resolution import Resolution
    from lifenode.web.compat.gprofiler_request import Ask

SOURCES = (
    "GO:MF", "GO:CC", "GO:BP", "KEGG", "REAC", "WP", "TF", "MIRNA", "HPA", "CORUM", "HP",
)  # fmt: skip
"""Sources that clients may name, whether or not a pack holds them."""


@dataclass
class Answer:
    """What is said in reply to a request.

    Attributes
    ----------
    result
        The enrichment; None if no list has a gene, or no source asked for is there.
    resolved
        What every list was resolved to, by name.
    dropped
        Identifiers left out because they name several genes, which only strict answers do.
    sources
        Sources of the answer in the order asked for, those the pack lacks included.
    missing
        Those the pack lacks.
    ignored
        Options that do not apply together with others.
    """

    ask: Ask
    world: World
    result: EnrichmentResult | None
    resolved: dict[str, Resolution]
    sources: list[str]
    missing: list[str]
    dropped: dict[str, Outcome] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    @property
    def domain(self) -> Domain:
        """What the lists were compared with."""
        if self.result is not None and self.result.domain is not None:
            return self.result.domain
        scope = "known" if self.ask.domain_scope == "known" else "annotated"
        return self.world.book(scope, None, None, None).domain


def answer(ask: Ask, gene_sets: GeneSets | None = None) -> Answer:
    """Do what was asked.

    Parameters
    ----------
    ask
        The request.
    gene_sets
        Uploaded gene sets, if the request names them.

    Raises
    ------
    UnknownOrganism, UnknownSource, InputError
        What was asked cannot be done.
    """
    world = _world(ask, gene_sets)
    sources, missing = _sources(ask, world)
    lists, dropped = _strictly(ask, world, ask.lists) if ask.strict else (dict(ask.lists), {})
    ignored = _ignored(ask)
    present = [name for name in sources if name not in missing]
    result = _enriched(ask, world, lists, present, gene_sets) if present else None
    if result is None:
        resolved = {name: _resolve(ask, world, items) for name, items in lists.items()}
        alive = {name: lists[name] for name, found in resolved.items() if len(found.genes)}
        if alive and present and len(alive) < len(lists):
            result = _enriched(ask, world, alive, present, gene_sets)
    else:
        resolved = {part.name: part.resolution for part in result.parts}
    return Answer(ask, world, result, resolved, sources, missing, dropped, ignored)


def _world(ask: Ask, gene_sets: GeneSets | None) -> World:
    if gene_sets is not None:
        return gene_set_world(gene_sets, None)
    return pack_world(pack_of(ask.organism), ask.no_iea)


def _sources(ask: Ask, world: World) -> tuple[list[str], list[str]]:
    """Return the sources of the answer, and which of them the pack lacks."""
    known = world.collection.sources
    if not ask.sources or ask.uploaded:
        return list(known), []
    found: dict[str, None] = {}
    missing: dict[str, None] = {}
    for name in ask.sources:
        folded = name.upper()
        branches = [source for source in known if f"{source.upper()}:".startswith(f"{folded}:")]
        elsewhere = [source for source in SOURCES if f"{source}:".startswith(f"{folded}:")]
        if not branches and not elsewhere:
            raise UnknownSource(
                f'There is no source "{name[:80]}".', value=name, next_step=f"There are {', '.join(known)}."
            )
        found |= dict.fromkeys(branches or elsewhere)
        missing |= dict.fromkeys([] if branches else elsewhere)
    return list(found), list(missing)


def _strictly(
    ask: Ask, world: World, lists: Mapping[str, list[str]]
) -> tuple[dict[str, list[str]], dict[str, Outcome]]:
    """Return the lists without identifiers that name several genes, and those."""
    if world.pack is None:
        return dict(lists), {}
    index = identifiers(world.pack)
    kept: dict[str, list[str]] = {}
    dropped: dict[str, Outcome] = {}
    for name, items in lists.items():
        found = index.outcomes(items, ask.numeric_ns or DEFAULT_NUMERIC)
        doubtful = {
            text: outcome
            for text, outcome in zip(items, found, strict=True)
            if outcome.kind == AMBIGUOUS and text not in ask.choices
        }
        kept[name] = [text for text in items if text not in doubtful]
        dropped |= doubtful
    return kept, dropped


def _ignored(ask: Ask) -> list[str]:
    """Return the options that are left out, as their combination has no meaning."""
    ignored = ["highlight"] if ask.highlight and not _highlights(ask) else []
    if ask.combined and not ask.no_evidences:
        ignored.append("no_evidences")
    if ask.uploaded and ask.sources:
        ignored.append("sources")
    return ignored


def _highlights(ask: Ask) -> bool:
    return ask.highlight and not (ask.ordered or ask.under or ask.uploaded or ask.combined)


def _resolve(ask: Ask, world: World, items: Sequence[object]) -> Resolution:
    return world.resolve(items, ask.numeric_ns or DEFAULT_NUMERIC, ask.choices)


def _enriched(
    ask: Ask, world: World, lists: Mapping[str, list[str]], sources: list[str], gene_sets: GeneSets | None
) -> EnrichmentResult | None:
    """Return the enrichment; None if one of the lists has no gene, for the caller to find out which."""
    background: Any = ask.background
    if background is not None and ask.strict:
        background = _strictly(ask, world, {"background": background})[0]["background"]
    try:
        return enrich(
            lists,
            world.pack,
            gene_sets=gene_sets,
            sources=None if gene_sets is not None else sources,
            background=background,
            domain=ask.domain_scope,
            correction=ask.correction,
            threshold=ask.threshold,
            ordered=ask.ordered,
            all_results=ask.all_results or ask.combined,
            no_iea=ask.no_iea and gene_sets is None,
            underrepresented=ask.under,
            highlight=_highlights(ask),
            numeric_namespace=ask.numeric_ns or DEFAULT_NUMERIC,
            choices=ask.choices,
        )
    except (NothingMapped, EmptyInput):
        if all(not item.strip() for items in ask.lists.values() for item in items):
            raise
        return None
