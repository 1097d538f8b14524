"""Summary statistics of a data set into the two orders of the store: by position, and by trait."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from lifenode.eqtl.columns import CHROMOSOMES, NOMINAL, TRAIT_COLUMNS
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.ingest_by_trait import ROW_TYPE, TraitSorter
from lifenode.eqtl.ingest_collapse import Collapsed, collapse
from lifenode.eqtl.ingest_parts import PartWriter
from lifenode.eqtl.layout import folder_of

_SPILL_WIDTH = 8_000_000


class NotSorted(Exception):
    """Rows that are not in order of chromosome and position, with the number of the first."""

    def __init__(self, row: int) -> None:
        super().__init__(row)
        self.row = row


class AssociationWriter:
    """Takes checked rows by chromosome and position and writes the tables of associations.

    Parameters
    ----------
    writer
        Writes the files.
    release, dataset_id
        Of the data set.
    findings
        Where repeated rows are noted.
    """

    def __init__(self, writer: PartWriter, release: str, dataset_id: str, findings: Findings) -> None:
        self._writer = writer
        self._key = (release, dataset_id)
        self._findings = findings
        self._traits: dict[tuple[object, ...], int] = {}
        self._names: list[str] = []
        self._places: list[dict[str, object]] = []
        self._variants = 0
        self._chromosome = ""
        self._done: set[str] = set()
        self._held: pl.DataFrame | None = None
        self._file = ""
        self._sorter = TraitSorter(writer.folder, self._names.__getitem__)

    def add(self, rows: pl.DataFrame, file: str) -> None:
        """Take rows; those of the last position are held back until the next one is seen.

        Raises
        ------
        NotSorted
            A chromosome comes a second time, or a position after a larger one.
        """
        self._file = file
        for stretch in _stretches(rows):
            chromosome = stretch["chromosome"][0]
            if chromosome != self._chromosome:
                self._end_chromosome()
                if chromosome in self._done:
                    raise NotSorted(stretch["row"][0])
                self._chromosome = chromosome
            if self._held is not None:
                stretch = pl.concat([self._held, stretch])
            positions = stretch["position"]
            if not positions.is_sorted():
                raise NotSorted(stretch["row"][int(np.argmax(np.diff(positions.to_numpy()) < 0)) + 1])
            whole = int(positions.search_sorted(positions[-1], side="left"))
            self._held = stretch[whole:]
            if whole:
                self._write(collapse(stretch[:whole], file, self._findings))

    def finish(self) -> None:
        """Write what is left, and the table of traits."""
        self._end_chromosome()
        if self._places:
            table = pl.DataFrame(self._places).sort("gene_id", "molecular_trait_id", "chromosome", nulls_last=True)
            self._writer.write(table, "traits", folder_of("traits", *self._key))

    def _end_chromosome(self) -> None:
        if self._held is not None and self._held.height:
            self._write(collapse(self._held, self._file, self._findings))
        self._held = None
        if self._chromosome:
            self._done.add(self._chromosome)
            self._write_by_trait()
        self._chromosome = ""

    def _write(self, rows: Collapsed) -> None:
        chromosome, positions = self._chromosome, rows.variants["position"]
        span = {"chromosome": chromosome, "first": positions[0], "last": positions[-1]}
        full = rows.rows.select(*NOMINAL, "nlog10p")
        self._writer.write(full, "assoc_pos", folder_of("assoc_pos", *self._key, chromosome), **span)
        end = self._variants + rows.variants.height
        variants = rows.variants.with_columns(
            pl.int_range(self._variants, end, dtype=pl.UInt32).alias("variant_index")
        ).select("variant_index", pl.exclude("variant_index"))
        self._writer.write(
            variants, "variants", folder_of("variants", *self._key, chromosome), chromosome=chromosome,
            first=self._variants, last=end - 1,
        )  # fmt: skip
        slim = np.empty(full.height, ROW_TYPE)
        slim["trait"] = self._numbers(rows.traits)[rows.trait]
        slim["variant"] = rows.variant + self._variants
        for name in ("pvalue", "beta", "se", "nlog10p"):
            slim[name] = full[name].to_numpy()
        self._sorter.add(slim)
        self._variants = end

    def _numbers(self, traits: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
        """Return the number of each trait in this data set; new ones get the next."""
        numbers = np.empty(traits.height, np.uint32)
        for at, trait in enumerate(traits.rows()):
            known = self._traits.setdefault(trait, len(self._names))
            if known == len(self._names):
                self._names.append(str(trait[0]))
            numbers[at] = known
        return numbers

    def _write_by_trait(self) -> None:
        facts = list(self._traits)
        place = folder_of("assoc_trait", *self._key, self._chromosome)
        for part, (frame, traits) in enumerate(self._sorter.parts()):
            ids = frame["molecular_trait_id"]
            self._writer.write(
                frame, "assoc_trait", place, chromosome=self._chromosome, first=ids[0], last=ids[-1]
            )  # fmt: skip
            for trait, start, rows in traits:
                self._places.append({
                    **dict(zip(TRAIT_COLUMNS, facts[trait], strict=True)), "chromosome": self._chromosome,
                    "part": part, "first_row": start, "rows": rows, "first_variant": frame["variant_index"][start],
                    "last_variant": frame["variant_index"][start + rows - 1],
                    "nlog10p": frame["nlog10p"][start : start + rows].max(),
                })  # fmt: skip


def sorted_by_place(frames: Iterator[pl.DataFrame], folder: Path) -> Iterator[pl.DataFrame]:
    """Sort rows that are in no order, by way of files that each hold eight million bases."""
    spill = folder / "spill"
    shutil.rmtree(spill, ignore_errors=True)
    for number, frame in enumerate(frames):
        keyed = frame.with_columns(pl.col("position").floordiv(_SPILL_WIDTH).alias("_bin"))
        for (chromosome, bin_), rows in keyed.partition_by("chromosome", "_bin", as_dict=True).items():
            place = spill / str(chromosome) / f"{bin_:04d}"
            place.mkdir(parents=True, exist_ok=True)
            rows.drop("_bin").write_ipc(place / f"{number:06d}.arrow")
    for chromosome in CHROMOSOMES:
        for place in sorted((spill / chromosome).glob("*")):
            rows = pl.concat([pl.read_ipc(path) for path in sorted(place.glob("*.arrow"))])
            shutil.rmtree(place)
            yield rows.sort("position", maintain_order=True)
    shutil.rmtree(spill, ignore_errors=True)


def _stretches(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """Cut rows where the chromosome changes."""
    chromosome = rows["chromosome"]
    borders = np.flatnonzero(
        rows.select(pl.col("chromosome").ne(pl.col("chromosome").shift(1, fill_value=""))).to_series()
    )
    ends = [*borders[1:].tolist(), len(chromosome)]
    return [rows[start:end] for start, end in zip(borders.tolist(), ends, strict=True)]
