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
_PART_ROWS = 400_000


class NotSorted(Exception):
    """Rows that are not in order of chromosome and position, with the number of the first."""

    def __init__(self, row: int, file: str = "") -> None:
        super().__init__(row, file)
        self.row = row
        self.file = file


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
        self._pending: list[tuple[pl.DataFrame, pl.DataFrame]] = []
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
                    raise NotSorted(stretch["row"][0], file)
                self._chromosome = chromosome
            if self._held is not None:
                stretch = pl.concat([self._held, stretch])
            positions = stretch["position"]
            if not positions.is_sorted():
                raise NotSorted(stretch["row"][int(np.argmax(np.diff(positions.to_numpy()) < 0)) + 1], file)
            whole = int(positions.search_sorted(positions[-1], side="left"))
            self._held = stretch[whole:]
            if whole:
                self._take(collapse(stretch[:whole], file, self._findings))

    def finish(self) -> None:
        """Write what is left, and the table of traits."""
        self._end_chromosome()
        if self._places:
            table = pl.DataFrame(self._places).sort("gene_id", "molecular_trait_id", "chromosome", nulls_last=True)
            self._writer.write(table, "traits", folder_of("traits", *self._key))

    def _end_chromosome(self) -> None:
        if self._held is not None and self._held.height:
            self._take(collapse(self._held, self._file, self._findings))
        self._held = None
        if self._chromosome:
            self._done.add(self._chromosome)
            self._write_by_position()
            self._write_by_trait()
        self._chromosome = ""

    def _take(self, rows: Collapsed) -> None:
        """Keep rows for the next file, and their statistics for the order by trait."""
        end = self._variants + rows.variants.height
        numbered = rows.variants.with_columns(pl.int_range(self._variants, end, dtype=pl.UInt32).alias("variant_index"))
        self._pending.append((
            rows.rows.select(*NOMINAL, "nlog10p"), numbered.select("variant_index", pl.exclude("variant_index")),
        ))  # fmt: skip
        slim = np.empty(rows.rows.height, ROW_TYPE)
        slim["trait"] = self._numbers(rows.traits)[rows.trait]
        slim["variant"] = rows.variant + self._variants
        for name in ("pvalue", "beta", "se", "nlog10p"):
            slim[name] = rows.rows[name].to_numpy()
        self._sorter.add(slim)
        self._variants = end
        if sum(full.height for full, _ in self._pending) >= _PART_ROWS:
            self._write_by_position()

    def _write_by_position(self) -> None:
        if not self._pending:
            return
        full, variants = (pl.concat([pair[at] for pair in self._pending]) for at in (0, 1))
        self._pending = []
        for table, frame, by in (("assoc_pos", full, "position"), ("variants", variants, "variant_index")):
            place = folder_of(table, *self._key, self._chromosome)
            first, last = frame[by][0], frame[by][-1]
            self._writer.write(frame, table, place, chromosome=self._chromosome, first=first, last=last)

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
