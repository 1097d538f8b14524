"""All files of one data set into a folder aside, and the manifest that publishes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.eqtl.columns import CREDIBLE_SET_EXTRAS, CREDIBLE_SETS, LBF, PERMUTED, SIGNALS
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.ingest_aside import Aside, whole_traits
from lifenode.eqtl.ingest_associations import AssociationWriter, NotSorted, sorted_by_place
from lifenode.eqtl.ingest_parts import PartWriter
from lifenode.eqtl.layout import Manifest, SourceFile, folder_of
from lifenode.eqtl.readers import RawFile, batches_of
from lifenode.eqtl.readers_ahead import ahead
from lifenode.eqtl.readers_bytes import Source
from lifenode.eqtl.readers_gwas import Harmoniser, gwas_batches
from lifenode.eqtl.readers_text import ROW
from lifenode.eqtl.validate_associations import AssociationChecks
from lifenode.eqtl.validate_sets import checked_credible_sets, checked_lbf, checked_permuted

_LBF_ROWS = 400_000

Report = Callable[[int, int], None]
"""Takes the rows and the packed bytes read since it was last called."""


@dataclass
class Ingestion:
    """One data set on its way into the store.

    Attributes
    ----------
    manifest
        What becomes its manifest.
    files
        Its sources.
    writer
        Writes its files aside.
    report
        Called with progress.
    harmoniser
        Brings the alleles of a GWAS to those of the catalogue.
    """

    manifest: Manifest
    files: list[RawFile]
    writer: PartWriter
    report: Report
    harmoniser: Harmoniser

    def __post_init__(self) -> None:
        self.findings = Findings()
        self._key = (self.manifest.release, self.manifest.dataset_id)

    def run(self) -> Findings:
        """Read, check and write every file; return what was found.

        Raises
        ------
        FormatError
            A file is cut off or damaged.
        InputError
            A file cannot be read, or lacks a column.
        """
        self._associations([raw for raw in self.files if raw.kind in ("nominal", "gwas")])
        for kind, take in (("permuted", self._permuted), ("credible_sets", self._credible_sets), ("lbf", self._lbf)):
            own = [raw for raw in self.files if raw.kind == kind]
            if own:
                take(own)
        return self.findings

    def _associations(self, files: list[RawFile]) -> None:
        if not files:
            return
        try:
            self._write_associations(self._checked_associations(files))
        except NotSorted as fault:
            # Begin again: what has been found and written so far comes a second time.
            name = fault.file or files[0].path.name
            self.findings = Findings()
            self.findings.add("not_sorted", name, 1, [fault.row])
            self.manifest.sources.clear()
            self.writer.forget()
            frames = (frame for _, frame in self._checked_associations(files))
            ordered = sorted_by_place(frames, self.writer.folder)
            self._write_associations((name, frame) for frame in ordered)

    def _write_associations(self, frames: Iterator[tuple[str, pl.DataFrame]]) -> None:
        writer = AssociationWriter(self.writer, *self._key, self.findings)
        for name, frame in ahead(frames):
            writer.add(frame, name)
        writer.finish()

    def _checked_associations(self, files: list[RawFile]) -> Iterator[tuple[str, pl.DataFrame]]:
        for raw in files:
            checks = AssociationChecks(raw.path.name, self.findings)
            for frame in self._read(raw):
                checked = checks.checked(frame)
                if raw.kind == "gwas":
                    checked = self.harmoniser.harmonised(checked, raw.path.name, self.findings)
                if checked.height:
                    yield raw.path.name, checked

    def _read(self, raw: RawFile) -> Iterator[pl.DataFrame]:
        """Iterate over the rows of a file, and note what it was once it has been read."""
        source = Source(raw.path)
        rows = taken = 0
        if raw.kind == "gwas":
            frames = gwas_batches(source, self.findings, self.manifest.dataset_id, self.manifest.columns)
        else:
            frames = batches_of(source, raw.kind, self.findings)
        for frame in frames:
            self.report(frame.height, source.packed_bytes - taken)
            rows, taken = rows + frame.height, source.packed_bytes
            yield frame
        self.report(0, source.packed_bytes - taken)
        self.manifest.sources.append(SourceFile(raw.path.name, raw.kind, source.size, source.sha256, rows, raw.url))

    def _whole(self, files: list[RawFile], check: Callable[..., pl.DataFrame], names: list[str]) -> pl.DataFrame:
        frames = []
        for raw in files:
            read = list(self._read(raw))
            if read:
                frames.append(check(pl.concat(read), raw.path.name, self.findings).select(names))
        return pl.concat(frames) if frames else pl.DataFrame()

    def _permuted(self, files: list[RawFile]) -> None:
        frame = self._whole(files, checked_permuted, list(PERMUTED))
        if frame.height:
            frame = frame.sort("molecular_trait_object_id", "molecular_trait_id", maintain_order=True)
            self.writer.write(frame, "permuted", folder_of("permuted", *self._key))

    def _credible_sets(self, files: list[RawFile]) -> None:
        names = [*CREDIBLE_SETS, *CREDIBLE_SET_EXTRAS]
        with Aside(self.writer.folder / "by_chromosome") as by_chromosome:
            for raw in files:
                for frame in whole_traits(self._read(raw), self.writer.folder / "by_trait"):
                    checked = checked_credible_sets(frame, raw.path.name, self.findings).select(names)
                    for (chromosome,), rows in checked.partition_by("chromosome", as_dict=True).items():
                        by_chromosome.add(str(chromosome), rows)
                    by_chromosome.settle()
            for key in by_chromosome.held():
                chromosome = str(key)
                rows = by_chromosome.take(key).sort(
                    ["gene_id", "molecular_trait_id", "cs_id", "pip"], descending=[False, False, False, True],
                    nulls_last=True, maintain_order=True,
                )  # fmt: skip
                place = folder_of("credible_sets", *self._key, chromosome)
                self.writer.write(rows, "credible_sets", place, chromosome=chromosome)

    def _lbf(self, files: list[RawFile]) -> None:
        held: dict[str, list[pl.DataFrame]] = {}
        for raw in files:
            for frame in self._read(raw):
                checked = checked_lbf(frame, raw.path.name, self.findings).drop(ROW)
                for (chromosome,), rows in checked.partition_by("chromosome", as_dict=True).items():
                    own = held.setdefault(str(chromosome), [])
                    own.append(rows)
                    if sum(part.height for part in own) >= _LBF_ROWS:
                        self._write_lbf(str(chromosome), held.pop(str(chromosome)))
        for chromosome, frames in held.items():
            self._write_lbf(chromosome, frames)

    def _write_lbf(self, chromosome: str, frames: list[pl.DataFrame]) -> None:
        numbers = [f"lbf_variable{number}" for number in range(1, SIGNALS + 1)]
        frame = pl.concat(frames).select(*LBF).with_columns(pl.col(numbers).fill_null(0.0).cast(pl.Float32))
        frame = frame.sort("molecular_trait_id", "region", "position", maintain_order=True)
        ids = frame["molecular_trait_id"]
        place = folder_of("lbf", *self._key, chromosome)
        self.writer.write(frame, "lbf", place, chromosome=chromosome, first=ids[0], last=ids[-1])


def facts_of(dataset_id: str, metadata: pl.DataFrame | None, kind: str, findings: Findings) -> dict[str, Any]:
    """Return the row of metadata of a data set, or what can be said without one."""
    own = None if metadata is None else metadata.filter(pl.col("dataset_id") == dataset_id)
    if own is not None and own.height:
        return own.row(0, named=True)
    findings.add("no_metadata", dataset_id, 1, example=dataset_id)
    return {
        "study_id": dataset_id, "dataset_id": dataset_id, "study_label": dataset_id, "sample_group": None,
        "tissue_id": None, "tissue_label": None, "condition_label": None, "sample_size": None,
        "quant_method": kind, "pmid": None, "study_type": None,
    }  # fmt: skip


def size_of(path: Path) -> int:
    """Return the bytes of a file, 0 if it is gone."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
