"""The table an enrichment returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.enrichment.collection import slots
from lifenode.enrichment.domain import Domain, Integers
from lifenode.enrichment.families import log10_adjusted
from lifenode.enrichment.labels import objects
from lifenode.enrichment.profile import Hits
from lifenode.table import Column, Table

if TYPE_CHECKING:
    from lifenode.enrichment.manhattan import Plot
    from lifenode.enrichment.world import World
    from lifenode.genes.identifiers import Resolution

COLUMNS = (
    Column("query", "text", "name of the list"),
    Column("source", "text", "annotation source of the term"),
    Column("term_id", "text", "identifier of the term"),
    Column("name", "text", "name of the term"),
    Column("p_value", "number", "p adjusted by the method of the result, compared with its threshold"),
    Column("p_nominal", "number", "hypergeometric p; of the best prefix in an ordered query"),
    Column("log10_p", "number", "decimal logarithm of p_nominal, finite where that underflows"),
    Column("significant", "boolean", "whether p_value is at most the threshold"),
    Column("term_size", "integer", "K, genes of the term in the domain"),
    Column("query_size", "integer", "n, genes of the list in the domain; of the best prefix in an ordered query"),
    Column("intersection_size", "integer", "x, genes of the list in the term"),
    Column("effective_domain_size", "integer", "N, genes of the domain"),
    Column("precision", "number", "x / n"),
    Column("recall", "number", "x / K"),
    Column("parents", "list", "direct parents of the term"),
)
EVIDENCE_COLUMNS = (
    Column("intersection", "list", "genes of the list in the term, as they were typed"),
    Column("evidence", "list", "evidence codes of each gene of intersection, joined by commas within a gene"),
)
HIGHLIGHT_COLUMNS = (
    Column("highlighted", "boolean", "whether the term is a driver term"),
    Column("explained_by", "text", "the driver term that explains this one; itself for a driver"),
)


@dataclass(frozen=True)
class QueryPart:
    """The outcome of one list.

    Attributes
    ----------
    name, resolution, genes
        The list, what it was resolved to, and its genes that were tested.
    hits
        Terms to be shown, strongest first.
    adjusted, significant
        Adjusted p and verdict, aligned with `hits`.
    explained_by
        Term index of the driver of each hit, -1 where there is none; None when not asked for.
    facts
        What is said of this list under ``meta``.
    """

    name: str
    resolution: Resolution
    genes: Integers
    hits: Hits
    adjusted: npt.NDArray[np.float64]
    significant: npt.NDArray[np.bool_]
    explained_by: Integers | None
    facts: Mapping[str, Any]

    def gene_labels(self, world: World) -> list[str]:
        """Return each tested gene as it was typed, or its identifier where one entry stood for several genes."""
        typed = [self.resolution.identifiers_of(int(gene)) for gene in self.genes]
        ids = world.gene_ids.take(self.genes)
        return [names[0] if names else gene_id for names, gene_id in zip(typed, ids, strict=True)]


class EnrichmentResult(Table):
    """Enriched terms, a row each; see the columns' meanings in `Table.columns`.

    Rows come list by list in the order of the query, within a list by adjusted p. ``result["source_order"]`` gives the
    1-based position of each term in its source, ``result["log10_p_value"]`` the decimal logarithm of `p_value`.
    """

    def __init__(
        self,
        world: World,
        parts: Sequence[QueryPart],
        meta: Callable[[], Mapping[str, Any]],
        *,
        evidence: bool,
        highlight: bool,
        domain: Domain | None = None,
    ) -> None:
        self._world = world
        self._parts = tuple(parts)
        self._domain = domain
        columns = COLUMNS + EVIDENCE_COLUMNS * evidence + HIGHLIGHT_COLUMNS * highlight
        super().__init__(columns, self._lazy(), meta, sum(len(part.adjusted) for part in parts))

    @property
    def world(self) -> World:
        """The terms and genes the lists were tested in."""
        return self._world

    @property
    def parts(self) -> tuple[QueryPart, ...]:
        """The outcome of each list, as arrays."""
        return self._parts

    @property
    def domain(self) -> Domain | None:
        """What the lists were compared with."""
        return self._domain

    @property
    def accounting(self) -> Any:
        """What became of every identifier: an `Accounting`, or one by list name when there are several lists."""
        by_name = {part.name: part.resolution.accounting for part in self._parts}
        return next(iter(by_name.values())) if len(by_name) == 1 else by_name

    def plot(self, path: str | Path | None = None) -> Plot:
        """Draw the Manhattan picture; `path` ends in .png, .svg, .pdf or .html."""
        from lifenode.enrichment.manhattan import plot

        return plot(self, path)

    def intersections(self) -> list[list[str]]:
        """Return, for each row, the genes of the list in the term, as they were typed."""
        return list(self["intersection"])

    def genes_of(self, row: int) -> tuple[list[str], list[str]]:
        """Return the genes of the list in a row's term, as they were typed, and the evidence codes of each."""
        name, term = self["query"][row], int(self["term"][row])
        part = next(part for part in self._parts if part.name == name)
        at = int(np.flatnonzero(part.hits.term == term)[0])
        places, codes = self._genes_of_term(part, term, int(part.hits.source[at]), at)
        labels = part.gene_labels(self._world)
        return [labels[place] for place in places], codes

    def members(self, row: int) -> list[str]:
        """Return all genes of a row's term, by symbol where there is one."""
        collection = self._world.collection
        genes = collection.term_genes[slots(collection.term_indptr, np.array([self["term"][row]]))]
        labels = self._world.gene_labels.take(genes)
        ids = self._world.gene_ids.take(genes)
        return [label or gene_id for label, gene_id in zip(labels, ids, strict=True)]

    def to_gem(self) -> str:
        """Return the Generic Enrichment Map table, with the genes of each term."""
        from lifenode.enrichment.export import gem_text

        return gem_text(self, self.intersections())

    def to_gmt(self) -> str:
        """Return the terms of the result with all their genes, to go with `to_gem` into Enrichment Map."""
        from lifenode.enrichment.export import gmt_text

        seen: dict[str, int] = {}
        for row, term_id in enumerate(self["term_id"]):
            seen.setdefault(term_id, row)
        return gmt_text((term_id, self["name"][row], self.members(row)) for term_id, row in seen.items())

    def _joined(self, of: Callable[[QueryPart], npt.NDArray[Any]]) -> npt.NDArray[Any]:
        arrays = [of(part) for part in self._parts]
        return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)

    def _lazy(self) -> dict[str, Callable[[], Any]]:
        """Return how each column is made when it is first looked at."""
        collection, labels = self._world.collection, self._world.labels
        joined = self._joined
        lazy: dict[str, Callable[[], Any]] = {
            "term": lambda: joined(lambda part: part.hits.term),
            "query": lambda: _repeat([part.name for part in self._parts], [len(part.adjusted) for part in self._parts]),
            "source": lambda: np.array(collection.sources, dtype=object)[joined(lambda part: part.hits.source)],
            "term_id": lambda: labels.ids.take(self["term"]),
            "name": lambda: labels.names.take(self["term"]),
            "p_value": lambda: joined(lambda part: part.adjusted),
            "p_nominal": lambda: joined(lambda part: part.hits.tails.p),
            "log10_p": lambda: joined(lambda part: part.hits.tails.log10_p),
            "log10_p_value": lambda: joined(lambda part: log10_adjusted(part.hits, part.adjusted)),
            "significant": lambda: joined(lambda part: part.significant),
            "term_size": lambda: joined(lambda part: part.hits.term_size),
            "query_size": lambda: joined(lambda part: part.hits.query_size),
            "intersection_size": lambda: joined(lambda part: part.hits.count),
            "effective_domain_size": lambda: joined(lambda part: part.hits.domain_size),
            "precision": lambda: self["intersection_size"] / np.maximum(self["query_size"], 1),
            "recall": lambda: self["intersection_size"] / np.maximum(self["term_size"], 1),
            "parents": lambda: labels.parents(self["term"]),
            "source_order": lambda: self["term"] - collection.source_start[joined(lambda part: part.hits.source)] + 1,
        }
        names = {column.name for column in EVIDENCE_COLUMNS + HIGHLIGHT_COLUMNS}
        return lazy | {name: (lambda name=name: self._optional(name)) for name in sorted(names)}

    def _optional(self, name: str) -> Any:
        if name in ("intersection", "evidence"):
            intersection, evidence = self._intersection_and_evidence()
            return intersection if name == "intersection" else evidence
        driver = self._joined(
            lambda part: np.full(len(part.adjusted), -1) if part.explained_by is None else part.explained_by
        )
        if name == "highlighted":
            return driver == self["term"]
        column = objects([""] * len(driver))
        column[driver >= 0] = self._world.labels.ids.take(driver[driver >= 0])
        return column

    def _intersection_and_evidence(self) -> tuple[list[list[str]], list[list[str]]]:
        intersections: list[list[str]] = []
        evidence: list[list[str]] = []
        for part in self._parts:
            labels = part.gene_labels(self._world)
            for row, (term, source) in enumerate(zip(part.hits.term.tolist(), part.hits.source.tolist(), strict=True)):
                places, codes = self._genes_of_term(part, term, source, row)
                intersections.append([labels[place] for place in places])
                evidence.append(codes)
        return intersections, evidence

    def _genes_of_term(self, part: QueryPart, term: int, source: int, row: int) -> tuple[list[int], list[str]]:
        """Return the places, in the list, of the genes of a term that were counted, and their evidence."""
        collection = self._world.collection
        members = collection.term_genes[collection.term_indptr[term] : collection.term_indptr[term + 1]]
        places = np.flatnonzero(np.isin(part.genes, members))[: int(part.hits.count[row])].tolist()
        codes = []
        for place in places:
            gene = int(part.genes[place])
            start, end = collection.gene_indptr[gene : gene + 2]
            slot = int(start + np.searchsorted(collection.gene_terms[start:end], term))
            mask = int(collection.gene_evidence[slot])
            known = [code for bit, code in enumerate(collection.evidence_codes) if mask >> bit & 1]
            codes.append(",".join(known) or collection.sources[source])
        return places, codes


def _repeat(names: list[str], counts: list[int]) -> npt.NDArray[np.object_]:
    return np.repeat(objects(names), counts)
