"""`lifenode.enrich`: from lists of identifiers to enriched terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.domain import Booleans, Integers
from lifenode.enrichment.drivers import find_drivers
from lifenode.enrichment.families import adjust, nominal_limit
from lifenode.enrichment.hypergeometric import Tails
from lifenode.enrichment.options import Options, source_names
from lifenode.enrichment.ordered import profile_ordered
from lifenode.enrichment.profile import Hits, profile, query_sizes
from lifenode.enrichment.result import EnrichmentResult, QueryPart
from lifenode.enrichment.thresholds import ThresholdBook
from lifenode.enrichment.world import World, gene_set_world, pack_world
from lifenode.errors import BadBackground, EmptyInput, InvalidOption, NothingMapped

if TYPE_CHECKING:
    from lifenode.enrichment.gene_sets import GeneSets
    from lifenode.genes.identifiers import Resolution
    from lifenode.genes.lists import TableOptions
    from lifenode.packs.pack import Pack


def enrich(
    query: object,
    organism: str | Path | Pack | None = "hsapiens",
    *,
    sources: str | Iterable[str] | None = None,
    background: object = None,
    domain: str = "annotated",
    correction: str = "gscs",
    threshold: float = 0.05,
    ordered: bool = False,
    all_results: bool = False,
    no_iea: bool = False,
    evidence: bool = False,
    underrepresented: bool = False,
    highlight: bool = False,
    min_term_size: int | None = None,
    max_term_size: int | None = None,
    gene_sets: GeneSets | str | Path | Mapping[str, Sequence[str]] | None = None,
    numeric_namespace: str = "ENTREZGENE",
    choices: Mapping[str, str] | None = None,
    table: TableOptions | None = None,
) -> EnrichmentResult:
    """Find the terms that a gene list holds more (or fewer) genes of than chance would give.

    Parameters
    ----------
    query
        A list, set or Series of identifiers; a path or ``"-"``; a dict of lists (a multi-query); a table of
        differential expression, or an AnnData with ranked genes, which give the lists ``up``, ``down`` and ``both``
        with the tested genes as background. Any mix of namespaces; term ids and genomic ranges stand for their genes.
    organism
        Identifier of the organism, the folder of a pack, or a pack that is open; None for a world made of `gene_sets`
        alone.
    sources
        Sources to test, such as ``["GO:BP", "REAC"]`` or ``"GO"``; all by default.
    background
        Genes the list was chosen from, in any form of `query`; makes the domain ``custom`` unless it is given.
    domain
        ``annotated``, ``known``, ``custom`` or ``custom_annotated``; see `lifenode.enrichment.domain`.
    correction
        ``gscs``, ``fdr``, ``bonferroni``, ``fdr_hits`` or ``gscs_compat``; see `lifenode.enrichment.correction`.
    threshold
        Largest adjusted p that is significant, in (0, 1].
    ordered
        The list is ranked, the most important gene first: report each term's strongest prefix.
    all_results
        Report every tested term with a gene of the list, not only the significant ones.
    no_iea
        Leave out annotations that no person has reviewed, before they are propagated.
    evidence
        Add the columns `intersection` and `evidence`.
    underrepresented
        Test for too few genes instead of too many.
    highlight
        Add the columns `highlighted` and `explained_by`: the driver terms of GO.
    min_term_size, max_term_size
        Test only terms with this many genes in the domain; applied before the correction.
    gene_sets
        Own gene sets to test instead of the organism's sources.
    numeric_namespace
        Namespace of identifiers that are all digits.
    choices
        Gene identifier to take for an ambiguous identifier.
    table
        How to read a table of differential expression.

    Returns
    -------
    EnrichmentResult
        A row per term, with provenance in `meta` and what became of every identifier in `accounting`.

    Raises
    ------
    InputError
        A list that cannot be read, is empty, too long, or of which no identifier is known.
    UnknownName
        An organism or source that is not there.

    Examples
    --------
    >>> result = enrich(["IL6", "TNF", "CXCL8", "IL1B", "CCL2"], sources=["REAC"])
    >>> result["name"][0]
    'Interleukin-10 signaling'
    """
    from lifenode.genes.lists import TableOptions, read_queries

    options = Options(
        source_names(sources), domain, correction, threshold, ordered, all_results, no_iea, evidence, underrepresented,
        highlight, min_term_size, max_term_size, numeric_namespace, dict(choices or {}),
    )  # fmt: skip
    world = _world(organism, gene_sets, options)
    queries = read_queries(query, options=replace(table or TableOptions(), ordered=ordered))
    given = queries.background if background is None else _one_list(background)
    run = _Run(world, options, given)
    return run.result(queries.lists, queries.notes)


def _world(organism: str | Path | Pack | None, gene_sets: Any, options: Options) -> World:
    from lifenode.packs.pack import open_pack

    if gene_sets is None:
        if organism is None:
            raise InvalidOption(
                "Neither an organism nor gene sets were given.", next_step="Name an organism, or pass gene_sets."
            )
        return pack_world(open_pack(organism), options.no_iea)
    if options.sources or options.no_iea:
        raise InvalidOption(
            "Own gene sets replace the organism's sources, so sources and no_iea do not apply to them.",
            value=list(options.sources),
            next_step="Leave them out, or run once with gene_sets and once without.",
        )
    from lifenode.enrichment.gene_sets import GeneSets

    return gene_set_world(GeneSets.of(gene_sets), None if organism is None else open_pack(organism))


def _one_list(background: object) -> list[object]:
    from lifenode.genes.lists import read_background

    return read_background(background)


class _Run:
    """One call: the same domain for all lists."""

    def __init__(self, world: World, options: Options, background: list[object] | None) -> None:
        self.world = world
        self.background: Resolution | None = None
        genes: Integers | None = None
        if background is not None:
            self.background = world.resolve(background, options.numeric_namespace, options.choices)
            genes = np.unique(self.background.genes).astype(np.int64)
            genes = genes[world.known[genes]]
            if options.domain in ("annotated", "known"):
                options = replace(options, domain="custom")
        elif options.domain.startswith("custom"):
            raise InvalidOption(
                f"The domain {options.domain} needs a background, and none was given.",
                value=options.domain,
                next_step="Pass the genes the list was chosen from as background.",
            )
        self.options = options
        self.chosen = world.chosen_sources(options.sources)
        self.book: ThresholdBook = world.book(options.domain, genes, options.min_term_size, options.max_term_size)
        self.eligible = self._eligible()
        self.background_genes = genes

    def _eligible(self) -> Booleans:
        """Return the testable terms of the chosen sources."""
        collection = self.world.collection
        if len(self.chosen) == len(collection.sources):
            return self.book.eligible
        wanted = np.zeros(len(collection.sources), dtype=bool)
        wanted[self.chosen] = True
        eligible: Booleans = self.book.eligible & np.repeat(wanted, np.diff(collection.source_start))
        return eligible

    def result(self, lists: Mapping[str, Sequence[object]], notes: Sequence[str]) -> EnrichmentResult:
        """Test every list."""
        resolved = {name: self._resolve(name, items) for name, items in lists.items()}
        self._prepare_thresholds([self._tested(resolution.genes) for resolution in resolved.values()])
        parts = [self._part(name, resolution) for name, resolution in resolved.items()]
        return EnrichmentResult(
            self.world,
            parts,
            lambda: self._meta(parts, notes),
            evidence=self.options.evidence,
            highlight=self.options.highlight,
            domain=self.book.domain,
        )

    def _resolve(self, name: str, items: Sequence[object]) -> Resolution:
        resolution = self.world.resolve(items, self.options.numeric_namespace, self.options.choices)
        if len(resolution.genes):
            return resolution
        if resolution.accounting.blank == resolution.accounting.input:
            raise EmptyInput(
                f'The list "{name}" holds no identifier.', value=name, next_step="Give at least one, one a line."
            )
        if self.world.pack is None:
            raise NothingMapped(
                f'No identifier of "{name}" is a member of the gene sets.',
                value=name,
                next_step="Write them as in the file, or name an organism to map them.",
            )
        from lifenode.genes.suggestions import nothing_mapped

        raise nothing_mapped(items, self.world.pack, resolution.accounting)

    def _prepare_thresholds(self, lists: list[Integers]) -> None:
        """Draw what is missing for all lists in one run per source."""
        if len(lists) < 2 or not self.options.correction.startswith("gscs"):
            return
        sizes = np.array([query_sizes(self.book.domain, genes) for genes in lists])
        ordered = self.options.ordered and self.options.correction == "gscs"
        for source in self.chosen.tolist():
            self.book.prepare(
                source, sizes[:, source].tolist(), ordered=ordered, over=not self.options.underrepresented
            )

    def _tested(self, resolved: npt.NDArray[np.integer]) -> Integers:
        """Return the genes of a list that take part: on the primary assembly, and inside a custom background."""
        genes = np.asarray(resolved, dtype=np.int64)
        genes = genes[self.world.known[genes]]
        if self.background_genes is None:
            return genes
        return genes[np.isin(genes, self.background_genes)]

    def _part(self, name: str, resolution: Resolution) -> QueryPart:
        options, domain = self.options, self.book.domain
        genes = self._tested(resolution.genes)
        self._check_background(name, resolution, genes)
        if options.ordered:
            hits = profile_ordered(domain, genes, self.eligible)
        else:
            hits = profile(domain, genes, self.eligible, under=options.underrepresented)
        sizes = query_sizes(domain, genes)
        adjusted = adjust(hits, sizes, self.book, self.chosen, options)
        shown = np.arange(len(adjusted.p)) if options.all_results else np.flatnonzero(adjusted.significant)
        tails = Tails(hits.tails.mantissa[shown], hits.tails.exponent[shown])
        # Hits come in the order of terms and the sort is stable, so terms settle what is left.
        shown = shown[np.lexsort((tails.log10_p, adjusted.p[shown]))]
        part = _take(hits, shown)
        significant = adjusted.significant[shown]
        drivers = self._drivers(genes, part, significant, adjusted.families) if options.highlight else None
        facts = {"sources": adjusted.families, "outside_background": self._outside(resolution, genes)}
        return QueryPart(name, resolution, genes, part, adjusted.p[shown], significant, drivers, facts)

    def _check_background(self, name: str, resolution: Resolution, genes: Integers) -> None:
        if self.background_genes is None:
            return
        size, listed = len(self.background_genes), len(resolution.genes)
        if size < listed or not len(genes):
            problem = f"is smaller than the list ({listed} genes)" if size < listed else "holds no gene of the list"
            raise BadBackground(
                f'The background ({size} genes mapped) of "{name}" {problem}.',
                value=size,
                next_step="Give every gene that could have been in the list, the list's own included.",
            )

    def _outside(self, resolution: Resolution, genes: Integers) -> list[str]:
        if self.background_genes is None:
            return []
        missing = np.setdiff1d(np.asarray(resolution.genes, dtype=np.int64), genes)
        return self.world.gene_ids.take(missing)

    def _drivers(
        self, genes: Integers, hits: Hits, significant: Booleans, families: Mapping[str, dict[str, Any]]
    ) -> Integers:
        """Return the driver of each hit of the GO sources, -1 elsewhere."""
        explained = np.full(len(hits.term), -1, dtype=np.int64)
        for source, name in enumerate(self.world.collection.sources):
            rows = np.flatnonzero((hits.source == source) & significant)
            if name.startswith("GO:") and len(rows):
                limit = nominal_limit(families[name], len(rows), self.options)
                strength = hits.tails.log10_p[rows]
                found = find_drivers(self.book.domain, genes, source, hits.term[rows], strength, limit)
                explained[rows] = found.explained_by
        return explained

    def _meta(self, parts: Sequence[QueryPart], notes: Sequence[str]) -> dict[str, Any]:
        from lifenode.enrichment.provenance import describe

        return describe(self.world, self.book, self.chosen, self.options, parts, self.background, notes)


def _take(hits: Hits, rows: Integers) -> Hits:
    return Hits(
        hits.term[rows], hits.source[rows], hits.count[rows], hits.term_size[rows], hits.query_size[rows],
        hits.domain_size[rows], Tails(hits.tails.mantissa[rows], hits.tails.exponent[rows]),
    )  # fmt: skip
