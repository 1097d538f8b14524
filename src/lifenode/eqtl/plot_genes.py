"""The gene track of a regional plot: bodies to scale, names above them, in rows where nothing overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from lifenode.eqtl.plot_scene import Area, Box, Scene, Text, shortened, text_width

_ROW = 27.0
_BODY = 7.0
_GAP = 8.0
_STRANDS = {1: "forward strand", -1: "reverse strand"}


class GeneModel(NamedTuple):
    """A gene and where it lies: 1-based, both ends inside, GRCh38 for the eQTL Catalogue."""

    gene_id: str
    symbol: str
    start: int
    end: int
    strand: int = 0
    biotype: str = ""

    @property
    def name(self) -> str:
        """Its symbol, or its id."""
        return self.symbol or self.gene_id


class Placed(NamedTuple):
    """A gene in its row."""

    gene: GeneModel
    row: int
    left: float
    right: float
    name: str
    name_at: float


class Track(NamedTuple):
    """Genes in rows, and how many found no room."""

    placed: tuple[Placed, ...]
    rows: int
    left_out: int

    @property
    def height(self) -> float:
        """In pixels."""
        return self.rows * _ROW


def track_of(genes: Sequence[GeneModel], area: Area, asked: str, most_rows: int) -> Track:
    """Return genes placed in rows; the gene asked for first, then those that code for proteins, then the others.

    Parameters
    ----------
    genes
        Those that reach into the area.
    area
        Where positions lie across.
    asked
        Id of the gene that the plot is about.
    most_rows
        Rows that there is room for.
    """
    rows: list[list[tuple[float, float]]] = []
    placed: list[Placed] = []
    for gene in sorted(genes, key=lambda one: (one.gene_id != asked, one.biotype != "protein_coding", one.start)):
        left, right = (min(max(float(at), area.left), area.right) for at in area.across([gene.start, gene.end]))
        right = max(right, left + 2)
        arrow = {1: f"{gene.name} \u2192", -1: f"\u2190 {gene.name}"}.get(gene.strand, gene.name)
        name = shortened(arrow, "gene-name-asked", area.width)
        half = text_width(name, "gene-name-asked") / 2
        middle = min(max((left + right) / 2, area.left + half), area.right - half)
        needed = min(left, middle - half), max(right, middle + half)
        row = next((at for at, taken in enumerate(rows) if _is_free(taken, needed)), len(rows))
        if row == most_rows:
            continue
        if row == len(rows):
            rows.append([])
        rows[row].append(needed)
        placed.append(Placed(gene, row, left, right, name, middle))
    return Track(tuple(placed), len(rows), len(genes) - len(placed))


def _is_free(taken: Sequence[tuple[float, float]], needed: tuple[float, float]) -> bool:
    return all(needed[0] > right + _GAP or needed[1] < left - _GAP for left, right in taken)


def draw_track(scene: Scene, track: Track, top: float, asked: str) -> None:
    """Draw genes from `top` downwards."""
    for gene, row, left, right, name, middle in track.placed:
        kind = "gene-asked" if gene.gene_id == asked else "gene"
        own = "gene-name-asked" if gene.gene_id == asked else "gene-name"
        base = top + row * _ROW + 12
        scene.add(
            Text(middle, base, name, own, "middle"), Box(left, base + 4, right - left, _BODY, kind, gene_words(gene))
        )


def gene_words(gene: GeneModel) -> str:
    """Return what a gene is, in words."""
    parts = [gene.name, gene.gene_id if gene.symbol else "", gene.biotype.replace("_", " ")]
    parts += [f"{gene.start:,}-{gene.end:,}", _STRANDS.get(gene.strand, "")]
    return ", ".join(part for part in parts if part)
