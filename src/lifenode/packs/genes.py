"""The genes of a pack, memory-mapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import PackError
from lifenode.packs.arrays import Strings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_INDEX = "genes-1"
_TEXTS = {
    "gene_ids": "gene_id",
    "symbols": "symbol",
    "names": "name",
    "biotypes": "biotype",
    "chromosomes": "chromosome",
}


@dataclass(frozen=True, eq=False)
class Genes:
    """The genes of a pack; position = the index other tables use.

    Attributes
    ----------
    gene_ids, symbols, names, biotypes, chromosomes
        Text of each gene; ``""`` where unknown.
    start, end
        Position on the chromosome, base pairs, 1-based, inclusive; 0 where unknown.
    strand
        1, -1, or 0 where unknown.
    primary
        Whether the gene lies on the primary assembly, and so belongs to backgrounds.
    go_annotations
        Distinct Gene Ontology terms the gene is annotated with directly.
    """

    gene_ids: Strings
    symbols: Strings
    names: Strings
    biotypes: Strings
    chromosomes: Strings
    start: npt.NDArray[np.int32]
    end: npt.NDArray[np.int32]
    strand: npt.NDArray[np.int8]
    primary: npt.NDArray[np.bool_]
    go_annotations: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.start)


def load_genes(pack: Pack) -> Genes:
    """Return the genes of `pack`, from its index."""
    arrays = pack.arrays(_INDEX, lambda: _index(pack))
    return Genes(
        **{attribute: Strings.of(arrays, attribute) for attribute in _TEXTS},
        start=arrays["start"],
        end=arrays["end"],
        strand=arrays["strand"],
        primary=arrays["primary"],
        go_annotations=arrays["go_annotations"],
    )


def _index(pack: Pack) -> dict[str, npt.NDArray[Any]]:
    import polars as pl

    genes = pack.table("genes")
    arrays: dict[str, npt.NDArray[Any]] = {}
    for attribute, column in _TEXTS.items():
        arrays |= Strings.from_list(genes[column].cast(pl.String).to_list(), attribute)
    for column, kind in (("start", np.int32), ("end", np.int32), ("strand", np.int8)):
        arrays[column] = genes[column].to_numpy().astype(kind)
    arrays["primary"] = genes["primary_assembly"].to_numpy().astype(bool)
    arrays["go_annotations"] = _go_annotations(pack, genes.height)
    return arrays


def _go_annotations(pack: Pack, n_genes: int) -> npt.NDArray[np.int32]:
    import polars as pl

    go = pack.table("terms")["source"].cast(pl.String).str.starts_with("GO:").to_numpy()
    pairs = pack.table("annotations").select("term", "gene").unique()
    term, gene = pairs["term"].to_numpy(), pairs["gene"].to_numpy()
    require_range(pack, "term", term, len(go))
    require_range(pack, "gene", gene, n_genes)
    return np.bincount(gene[go[term]], minlength=n_genes).astype(np.int32)


def require_range(pack: Pack, name: str, rows: npt.NDArray[np.integer], limit: int) -> None:
    """Raise `PackError` if one of `rows` is no row of a table of `limit` rows."""
    if len(rows) and (rows.min() < 0 or rows.max() >= limit):
        raise broken(pack, f"a {name} index is out of range")


def broken(pack: Pack, problem: str) -> PackError:
    """Return the error for tables that do not fit together."""
    return PackError(
        f"The pack {pack.name} cannot be used: {problem}.",
        value=pack.path,
        next_step="Build or pull the pack again.",
    )
