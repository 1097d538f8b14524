"""All that a pack says of one gene."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from lifenode.genes.direct_annotations import codes_of, direct_annotations
from lifenode.genes.find_gene import place_of
from lifenode.genes.identifiers import identifiers
from lifenode.genes.organism_names import has_pack, scientific_name
from lifenode.genes.ortholog_index import ortholog_index, targets_of
from lifenode.genes.variant_finder import variant_finder
from lifenode.packs.contract import NAMESPACES
from lifenode.table import Column, Table

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_ASSEMBLY = re.compile(r"\(([A-Za-z][\w.]*\d[\w.]*)\)")

COLUMNS = (
    Column("about", "text", "identifier, term, ortholog or variant"),
    Column("source", "text", "namespace, annotation source, other organism, or chromosome"),
    Column("id", "text", "what the gene is called, the term, the other gene, or the variant"),
    Column("name", "text", "name of the term or symbol of the other gene; alleles of the variant"),
    Column("detail", "list", "evidence codes, databases that state the pair, or consequences"),
    Column("start", "integer", "first base of a variant, 1-based"),
    Column("end", "integer", "last base of a variant, 1-based and inclusive"),
)


class GeneTerm(NamedTuple):
    """A term that is stated of a gene; `evidence` holds codes, `size` the genes of the term."""

    source: str
    term_id: str
    name: str
    evidence: tuple[str, ...]
    size: int


class GeneOrtholog(NamedTuple):
    """A gene of another organism; `has_pack` tells whether that organism is at hand."""

    organism: str
    scientific_name: str
    gene_id: str
    symbol: str
    name: str
    source: str
    support: tuple[str, ...]
    has_pack: bool


class GeneVariant(NamedTuple):
    """A variant in a gene; positions are 1-based and inclusive, alleles those of the forward strand."""

    rsid: str
    chromosome: str
    start: int
    end: int
    alleles: str
    consequences: tuple[str, ...]


@dataclass(frozen=True)
class AboutGene:
    """What a pack says of one gene.

    Attributes
    ----------
    gene_id, symbol, name, biotype
        What it is; empty where the pack does not say.
    chromosome, start, end, strand
        Where it lies: 1-based and inclusive; no chromosome where that is not known.
    assembly
        Name of the genome assembly, empty where the pack does not say.
    primary
        Whether it lies on the primary assembly.
    identifiers
        Its names by namespace.
    terms
        Terms that are stated of it; `broader` more hold it through these.
    orthologs
        Genes of other organisms, the best supported first within each.
    variants
        Variants in it; None where the pack has no variants at all.
    """

    gene_id: str
    symbol: str
    name: str
    biotype: str
    chromosome: str
    start: int
    end: int
    strand: int
    assembly: str
    primary: bool
    identifiers: dict[str, tuple[str, ...]]
    terms: tuple[GeneTerm, ...]
    broader: int
    orthologs: tuple[GeneOrtholog, ...]
    variants: tuple[GeneVariant, ...] | None

    @property
    def place(self) -> str:
        """The position as ``chromosome:start-end``, empty where it is not known."""
        return place_of(self.chromosome, self.start, self.end)


def about_gene(pack: Pack, gene: int) -> AboutGene:
    """Return what `pack` says of its gene with this number."""
    view = pack.genes()
    stated = direct_annotations(pack).of(gene)
    known = pack.annotations()
    every = int(known.gene_indptr[gene + 1] - known.gene_indptr[gene])
    return AboutGene(
        gene_id=view.gene_ids[gene],
        symbol=view.symbols[gene],
        name=view.names[gene],
        biotype=view.biotypes[gene],
        chromosome=view.chromosomes[gene],
        start=int(view.start[gene]),
        end=int(view.end[gene]),
        strand=int(view.strand[gene]),
        assembly=assembly_of(pack),
        primary=bool(view.primary[gene]),
        identifiers=_identifiers(pack, gene),
        terms=_terms(pack, *stated),
        broader=every - len(stated[0]),
        orthologs=tuple(one for to in targets_of(pack) for one in _orthologs(pack, gene, to)),
        variants=_variants(pack, gene),
    )


def assembly_of(pack: Pack) -> str:
    """Return the genome assembly that positions of a pack refer to, empty where it does not say."""
    found = _ASSEMBLY.search(pack.sources["genes"].version)
    return found[1] if found else ""


def _identifiers(pack: Pack, gene: int) -> dict[str, tuple[str, ...]]:
    index = identifiers(pack).index
    ranks = {name: rank for rank, name in enumerate(NAMESPACES)}
    found = {
        name: tuple(index.names_of(np.array([gene], np.int32), name)[0])
        for name in sorted(index.namespaces, key=lambda name: ranks.get(name, len(ranks)))
    }
    return {name: texts for name, texts in found.items() if texts}


def _terms(pack: Pack, terms: Any, masks: Any) -> tuple[GeneTerm, ...]:
    known = pack.annotations()
    source = np.searchsorted(known.source_start, terms, side="right") - 1
    return tuple(
        GeneTerm(known.sources[place], term_id, name, codes_of(mask, known.evidence_codes), size)
        for place, term_id, name, mask, size in zip(
            source.tolist(), known.term_ids.take(terms), known.term_names.take(terms), masks.tolist(),
            known.term_sizes[terms].tolist(), strict=True,
        )
    )  # fmt: skip


def _orthologs(pack: Pack, gene: int, to: str) -> list[GeneOrtholog]:
    index = ortholog_index(pack, to)
    rows = index.rows_of(gene)
    if not len(rows):
        return []
    targets = index.targets(rows)
    scientific = scientific_name(to)
    return [
        GeneOrtholog(to, scientific, gene_id, symbol, name, source, tuple(support.split("|")), has_pack(to))
        for gene_id, symbol, name, source, support in zip(
            index.ids.take(targets), index.symbols.take(targets), index.names.take(targets), index.sources_of(rows),
            index.support.take(rows), strict=True,
        )
    ]  # fmt: skip


def _variants(pack: Pack, gene: int) -> tuple[GeneVariant, ...] | None:
    index = variant_finder(pack).index
    if index is None:
        return None
    rows = index.rows_in(gene)
    places = zip(
        index.number[rows].tolist(), index.chromosomes_of(rows), index.start[rows].tolist(), index.end[rows].tolist(),
        index.alleles.take(rows), index.consequences_of(rows), strict=True,
    )  # fmt: skip
    return tuple(
        GeneVariant(f"rs{number}" if number else "", chromosome, start, end, alleles, _of_gene(stated, gene))
        for number, chromosome, start, end, alleles, stated in places
    )


def _of_gene(stated: list[tuple[int, str, int]], gene: int) -> tuple[str, ...]:
    """Return the consequences for a gene, the most frequent first; those of the variant as a whole if it has none."""
    own = [one for one in stated if one[0] == gene] or [one for one in stated if one[0] < 0]
    return tuple(dict.fromkeys(term for _, term, _ in sorted(own, key=lambda one: (-one[2], one[1]))))


def gene_table(pack: Pack, about: AboutGene) -> Table:
    """Return the same as a table of four parts, with the gene itself among the meta data."""
    rows: list[tuple[Any, ...]] = [
        ("identifier", space, text, "", [], None, None) for space, texts in about.identifiers.items() for text in texts
    ]
    rows += [("term", one.source, one.term_id, one.name, list(one.evidence), None, None) for one in about.terms]
    rows += [
        (
            "ortholog",
            one.organism,
            one.gene_id,
            one.symbol,
            [f"{one.source}:{name}" for name in one.support],
            None,
            None,
        )
        for one in about.orthologs
    ]
    rows += [
        ("variant", one.chromosome, one.rsid, one.alleles, list(one.consequences), one.start, one.end)
        for one in about.variants or ()
    ]
    facts = ("gene_id", "symbol", "name", "biotype", "chromosome", "start", "end", "strand", "assembly", "primary")
    meta = {
        "organism": pack.organism,
        "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
        "gene": {name: getattr(about, name) for name in facts},
    }
    data = {column.name: [row[place] for row in rows] for place, column in enumerate(COLUMNS)}
    return Table(COLUMNS, data, meta, len(rows))
