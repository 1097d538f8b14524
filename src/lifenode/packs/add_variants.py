"""Add variants of a file to the pack of an organism."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lifenode.errors import BuildFailed, InvalidOption
from lifenode.packs.readers import variants as reader

if TYPE_CHECKING:
    import polars as pl

    from lifenode.packs.pack import Pack


@dataclass(frozen=True)
class VariantSource:
    """Where variants come from, as the manifest will state it.

    Attributes
    ----------
    name, release, licence
        As their publisher states them; none may be blank.
    attribution, url, date
        As far as known.
    """

    name: str
    release: str
    licence: str
    attribution: str = ""
    url: str = ""
    date: str = ""

    def to_dict(self, dropped: Mapping[str, int]) -> dict[str, object]:
        """Return the manifest entry, with the counts of `dropped` rows."""
        for field in ("name", "release", "licence"):
            if not getattr(self, field).strip():
                raise InvalidOption(
                    f"The {field} of the variants is blank.",
                    value="",
                    next_step="State what their publisher says; results repeat it.",
                )
        return {
            "name": self.name,
            "version": self.release,
            "date": self.date,
            "licence": self.licence,
            "attribution": self.attribution or self.name,
            "url": self.url,
            "evidence": "none",
            "dropped": dict(sorted(dropped.items())),
        }


@dataclass(frozen=True)
class AddedVariants:
    """What became of a file of variants.

    Attributes
    ----------
    folder
        The new pack.
    pack
        Name of the pack it was made from.
    variants, named
        Rows of the table, and those of them that have an rsID.
    by_source, by_position
        Variants whose genes the file states, and whose genes were found by position.
    dropped
        Rows left out and genes not found, by reason.
    """

    folder: Path
    pack: str
    variants: int
    named: int
    by_source: int
    by_position: int
    dropped: Mapping[str, int]

    def lines(self) -> list[str]:
        """Return the account in words, a line each."""
        kept = f"{self.variants:,} variant{'' if self.variants == 1 else 's'}"
        return [
            f"{kept}, {self.named:,} of them with an rsID, added to {self.pack}.",
            f"Genes as the file states them: {self.by_source:,}; by position among the genes of the pack: "
            f"{self.by_position:,}.",
            *(f"Left out: {count:,} × {reason}." for reason, count in sorted(self.dropped.items())),
        ]


def add_variants(
    pack: Pack,
    file: Path,
    source: VariantSource,
    target: Path,
    *,
    chromosome: str = "",
    progress: Callable[[int], None] = lambda rows: None,
) -> AddedVariants:
    """Write a copy of a pack that has the variants of a file; variants it had are replaced.

    Parameters
    ----------
    pack
        The pack to copy.
    file
        What `lifenode.packs.readers.variants.read` takes: VCF, output of VEP, a table of the GWAS Catalog, or a slice
        of Ensembl's variation cache. Its positions must be those of the pack's assembly, which no file is asked.
    source
        Where the variants come from.
    target
        Folder of the new pack.
    chromosome
        Chromosome of a cache slice.
    progress
        Called with the number of variants read so far, now and then.

    Raises
    ------
    InvalidOption
        The source has no name, release or licence.
    FormatError
        The file is broken or of an unknown format, with the line.
    BuildFailed
        No variant of the file can be used; or `target` lies among the starter packs or holds something that is no pack.
    OutputError
        The disk refuses.
    """
    from lifenode.packs.extend import copy_with_variants
    from lifenode.packs.recipes.variants import variants_frame

    source.to_dict({})
    dropped: Counter[str] = Counter()
    read = reader.read(file, dropped, chromosome)
    table = variants_frame(read, pack.table("genes"), pack.table("identifiers"), dropped, progress)
    if table.is_empty():
        reasons = "; ".join(f"{count:,} × {reason}" for reason, count in sorted(dropped.items()))
        raise BuildFailed(
            f"{file} holds no variant that can be used{f': {reasons}' if reasons else ''}.",
            value=file,
            next_step="Check the organism and the assembly.",
        )
    copy_with_variants(pack, table, target, source.to_dict(dropped))
    return _account(table, target, pack, dropped)


def _account(table: pl.DataFrame, folder: Path, pack: Pack, dropped: Mapping[str, int]) -> AddedVariants:
    by_source = int((table["genes_by"] == "source").sum())
    return AddedVariants(
        folder=folder,
        pack=pack.name,
        variants=table.height,
        named=int((table["rsid"] != "").sum()),
        by_source=by_source,
        by_position=table.height - by_source,
        dropped=dict(dropped),
    )
