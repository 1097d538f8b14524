"""The table of variants: from what a source states to rows of a pack."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import polars as pl

from lifenode.packs.contract import SCHEMAS, VARIANT_KEY
from lifenode.packs.positions import PlacedGenes, build_arrays
from lifenode.packs.readers.variant import OUTSIDE, Variant

# Namespaces in which annotators name genes; symbols are left out, since they change.
_NAMES_OF_GENES = ("ENSG", "ENTREZGENE", "HGNC", "MGI", "RGD", "SGD", "FLYBASE", "WORMBASE", "ZFIN", "ORF", "AGI")
_VERSION = re.compile(r"\.\d+$")
# Rows held as Python objects before they become a frame, which takes a tenth of the memory.
_CHUNK = 50_000

UNKNOWN_CHROMOSOME = "chromosome without a gene in the pack"
UNKNOWN_GENE = "gene that is not in the pack"
ELSEWHERE = "gene on another chromosome, such as a copy on an alternate contig"
REPEATED = "variant named before"

_WHOLE = -1  # instead of a gene: stated for the variant as a whole


def variants_frame(
    variants: Iterable[Variant],
    genes: pl.DataFrame,
    identifiers: pl.DataFrame,
    dropped: Counter[str],
    progress: Callable[[int], None] = lambda rows: None,
) -> pl.DataFrame:
    """Return the table ``variants`` of the contract.

    A variant gets the genes its source names; where the source names none that the pack has, those that overlap it.

    Parameters
    ----------
    variants
        What a reader yields; they are taken one by one, and what is kept of each is a row.
    genes, identifiers
        These tables of the pack.
    dropped
        Gets the number of rows left out, and of genes not found, by reason.
    progress
        Called with the number of variants read so far, now and then.
    """
    rows = _Rows(genes, identifiers, dropped)
    frames = []
    for number, variant in enumerate(variants, 1):
        rows.add(variant)
        if number % _CHUNK == 0:
            frames.append(rows.taken())
            progress(number)
    table = pl.concat([*frames, rows.taken()])
    kept = table.unique(list(VARIANT_KEY), keep="first", maintain_order=True).sort(VARIANT_KEY)
    if kept.height < table.height:
        dropped[REPEATED] += table.height - kept.height
    return kept


class _Rows:
    """Rows of the table that are being gathered."""

    def __init__(self, genes: pl.DataFrame, identifiers: pl.DataFrame, dropped: Counter[str]) -> None:
        self._placed = PlacedGenes(build_arrays(genes))
        self._numbers = _gene_numbers(genes, identifiers)
        self._chromosomes = genes["chromosome"].cast(pl.String).to_list()
        self._dropped = dropped
        self._rows: list[tuple[Any, ...]] = []

    def add(self, variant: Variant) -> None:
        """Gather a variant: a row for each of its rsIDs, one if it has none."""
        chromosomes = self._placed.chromosomes
        number = chromosomes.number(variant.chromosome)
        if number is None and chromosomes.names:
            self._dropped[UNKNOWN_CHROMOSOME] += 1
            return
        name = variant.chromosome.removeprefix("chr") if number is None else chromosomes.names[number]
        genes, unknown = self._named(variant.genes or (), name)
        stated = self._stated(variant, name, genes[0] if len(genes) == 1 and not unknown else _WHOLE)
        by_source = bool(genes) or variant.genes == ()
        if not by_source and number is not None:
            genes = sorted(self._placed.overlapping(number, variant.position, variant.end).tolist())
        origin = "source" if by_source else "position"
        self._rows += [
            (rsid, name, variant.position, variant.end, variant.alleles, genes, stated, origin)
            for rsid in variant.ids or ("",)
        ]

    def taken(self) -> pl.DataFrame:
        """Return the rows gathered since the last call."""
        frame = pl.DataFrame(self._rows, schema=dict(SCHEMAS["variants"]), orient="row")
        self._rows = []
        return frame

    def _named(self, names: Sequence[str], chromosome: str) -> tuple[list[int], int]:
        """Return the genes of the pack that a source names, and how many it names that the pack does not have."""
        found = [self._number(name) for name in names]
        unknown = found.count(None)
        known = {number for number in found if number is not None}
        here = sorted(number for number in known if self._chromosomes[number] in ("", chromosome))
        for reason, count in ((UNKNOWN_GENE, unknown), (ELSEWHERE, len(known) - len(here))):
            if count:
                self._dropped[reason] += count
        return here, unknown

    def _stated(self, variant: Variant, chromosome: str, sole: int) -> list[dict[str, Any]]:
        """Return the consequences by gene.

        What a source states for the variant as a whole is said of its gene if it lies in one only (`sole`); what is
        stated for a gene that the pack does not have there is said of the variant.
        """
        counts: Counter[tuple[int, str]] = Counter()
        for one in variant.consequences:
            number = self._number(one.gene) if one.gene else None
            if number is None or self._chromosomes[number] not in ("", chromosome):
                number = sole if not one.gene and one.term not in OUTSIDE else _WHOLE
            counts[number, one.term] += one.times
        return [{"gene": gene, "term": term, "times": times} for (gene, term), times in sorted(counts.items())]

    def _number(self, name: str) -> int | None:
        number = self._numbers.get(name)
        return self._numbers.get(_VERSION.sub("", name)) if number is None else number


def _gene_numbers(genes: pl.DataFrame, identifiers: pl.DataFrame) -> dict[str, int]:
    """Return the row of each gene by its ids; an id of several genes is left out unless one of them is primary."""
    primary = genes.select("primary_assembly").with_row_index("gene").cast({"gene": pl.Int32})
    named = (
        identifiers.with_columns(pl.col("namespace").cast(pl.String))
        .filter(pl.col("namespace").is_in(_NAMES_OF_GENES))
        .join(primary, on="gene")
        .group_by("identifier")
        .agg("gene", on_primary=pl.col("gene").filter("primary_assembly"))
        .with_columns(gene=pl.when(pl.col("on_primary").list.len() > 0).then("on_primary").otherwise("gene"))
        .with_columns(pl.col("gene").list.unique())
        .filter(pl.col("gene").list.len() == 1)
    )
    numbers = dict(named.select("identifier", pl.col("gene").list.first()).rows())
    return numbers | {gene_id: number for number, gene_id in enumerate(genes["gene_id"])}
