"""A folder of files into a catalogue: data set by data set, each whole or not at all, and only what has changed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lifenode.eqtl.columns import METADATA
from lifenode.eqtl.findings import MEANINGS, Finding, Findings, findings_table
from lifenode.eqtl.ingest_dataset import Ingestion, facts_of, size_of
from lifenode.eqtl.ingest_layers import update_layers
from lifenode.eqtl.ingest_parts import PartWriter
from lifenode.eqtl.ingest_report import REPORT_COLUMNS, IngestReport, Progress
from lifenode.eqtl.layout import Manifest
from lifenode.eqtl.query import Several, several
from lifenode.eqtl.readers import RawFile, find_files, read_metadata
from lifenode.eqtl.readers_bytes import CUT_OFF, sha256_of
from lifenode.eqtl.readers_gwas import Harmoniser
from lifenode.eqtl.remote_fetch import Fetching, fetch, is_address
from lifenode.eqtl.store import Store, new_generation
from lifenode.eqtl.store_variants import KnownVariants
from lifenode.eqtl.validate_sets import checked_metadata
from lifenode.errors import EmptyInput, FormatError, InvalidOption, LifenodeError
from lifenode.settings import settings

_RELEASE = re.compile(r"dataset_metadata_([A-Za-z0-9][\w-]*)\.tsv")
_NO_RELEASE = "local"


@dataclass
class _Run:
    """One call of `ingest`."""

    store: Store
    release: str
    strict: bool
    allow: frozenset[str]
    tell: Callable[[Progress], None]
    began: float = field(default_factory=time.monotonic)
    progress: Progress = field(default_factory=Progress)
    outcomes: list[tuple[str, str, int, int, list[str], str]] = field(default_factory=list)
    found: list[tuple[str, Finding]] = field(default_factory=list)

    def report(self, rows: int, packed: int) -> None:
        self.progress.rows += rows
        self.progress.bytes_read += packed
        self.progress.seconds = time.monotonic() - self.began
        self.tell(self.progress)


def ingest(
    folder: str | Path, catalogue: str | Path, *, release: str | None = None, dataset: Several = None,
    strict: bool = False, allow: Iterable[str] = (), progress: Callable[[Progress], None] | None = None,
    files: str | Path | None = None, fetching: Callable[[Fetching], None] | None = None,
) -> IngestReport:  # fmt: skip
    """Bring summary statistics, credible sets and log Bayes factors into a catalogue.

    Parameters
    ----------
    folder
        Folder (or one file) with files of the eQTL Catalogue in any arrangement, or of GWAS. A file belongs to the
        data set that its name says; what it holds is told by its columns. Or an address of the web: a folder in the
        layout of the eQTL Catalogue's FTP site, that of a study or data set, or a file.
    catalogue
        Folder of the catalogue; made if it is not there.
    release
        Release the data sets belong to, such as ``r7``. By default that in the name of the table of data sets
        (``dataset_metadata_r7.tsv``), else ``local``.
    dataset
        Take these data sets only; by default all.
    strict
        Refuse a data set in which anything was found wrong.
    allow
        Findings that `strict` lets pass, such as ``duplicate_rsid``.
    progress
        Called again and again while rows are read.
    files
        Where files from an address are kept; by default ``eqtl_files`` of the settings.
    fetching
        Called again and again while files are fetched.

    Returns
    -------
    IngestReport
        ``dataset_id, status, rows, findings, files, detail``, a row a data set. A data set whose files have the
        checksums of last time is ``unchanged``; one that is ``refused`` leaves what the catalogue held of it.

    Raises
    ------
    UnreadableInput
        There is no such folder.
    EmptyInput
        Nothing in it can be ingested.
    Busy
        Another process ingests into the catalogue.
    OutputError
        The catalogue cannot be written, or the disk has no room for what is fetched.
    FetchRefused, FetchFailed, DownloadFailed
        An address that may not be fetched, or does not answer; see `lifenode.eqtl.remote_fetch.fetch`.

    Notes
    -----
    Positions are 1-based on GRCh38; effects are of the ALT allele. Less than 1 GB of memory is used.
    """
    allowed = frozenset(allow)
    if unknown := sorted(allowed - set(MEANINGS)):
        raise InvalidOption(
            f"There is no finding {unknown[0]!r}.", value=unknown[0], next_step=f"Findings: {', '.join(MEANINGS)}."
        )
    chosen = several(dataset)
    if is_address(folder):
        found, notes = fetch(str(folder), Path(files or settings().eqtl_files), datasets=chosen, told=fetching)
    else:
        found, notes = find_files(Path(folder))
    found = [raw for raw in found if not chosen or raw.kind == "metadata" or raw.dataset_id in chosen]
    release = release or _release_of([raw for raw in found if raw.kind == "metadata"])
    if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", release):
        raise InvalidOption(f"{release!r} cannot name a release.", value=release, next_step="Use letters and digits.")
    if not found:
        raise EmptyInput(f"There is nothing to ingest in {folder}.", value=folder, next_step="; ".join(notes[:3]))
    run = _Run(Store(catalogue, create=True), release, strict, allowed, progress or (lambda _: None))
    _ingest_all(run, found)
    return _report(run, notes)


def _ingest_all(run: _Run, files: list[RawFile]) -> None:
    """Bring in the tables of data sets, then the data sets one by one, then what holds all of them."""
    by_dataset: dict[str, list[RawFile]] = {}
    for raw in files:
        if raw.kind != "metadata":
            by_dataset.setdefault(raw.dataset_id, []).append(raw)
    run.progress.datasets = len(by_dataset)
    run.progress.bytes_total = sum(size_of(raw.path) for raws in by_dataset.values() for raw in raws)
    with run.store.writing():
        metadata = _metadata(run, [raw for raw in files if raw.kind == "metadata"])
        for number, (dataset_id, raws) in enumerate(_in_order(by_dataset), 1):
            run.progress.dataset_id, run.progress.number = dataset_id, number
            _one(run, dataset_id, raws, metadata)
        run.progress.dataset_id = "bins of variants"
        run.report(0, 0)
        update_layers(run.store, run.release)


def _in_order(by_dataset: dict[str, list[RawFile]]) -> list[tuple[str, list[RawFile]]]:
    """Return data sets by name, GWAS last: their alleles are compared with those of the others."""
    return sorted(by_dataset.items(), key=lambda item: (item[1][0].kind == "gwas", item[0]))


def _release_of(tables: list[RawFile]) -> str:
    named = [found[1] for raw in tables if (found := _RELEASE.search(raw.path.name))]
    return min(named) if named else _NO_RELEASE


def _metadata(run: _Run, tables: list[RawFile]) -> pl.DataFrame | None:
    """Return the rows of the release's table of data sets, and of others where it has none; keep them in the store."""
    frames = []
    findings = Findings()
    of_release = f"_{run.release}."
    for raw in sorted(tables, key=lambda raw: (of_release not in raw.path.name, raw.path.name)):
        named = _RELEASE.search(raw.path.name)
        if named is None or named[1] == run.release:
            frames.append(checked_metadata(read_metadata(raw.path, findings), raw.path.name, findings))
    refused = run.strict and _hindering(findings, run.allow)
    run.found += [("", finding) for finding in findings]
    if refused:
        run.outcomes.append(("", "refused", 0, len(findings), [raw.path.name for raw in tables], refused))
    before = run.store.metadata(run.release)
    if not frames or refused:
        return before
    kept = [] if before is None else [before]
    rows = pl.concat([*frames, *kept]).unique("dataset_id", keep="first", maintain_order=True).select(list(METADATA))
    if before is None or not rows.equals(before):
        run.store.keep_metadata(run.release, rows)
    return rows


def _hindering(findings: Findings, allow: frozenset[str]) -> str:
    """Return the names of the findings that are not allowed, or nothing."""
    return ", ".join(dict.fromkeys(finding.code for finding in findings if finding.code not in allow))


def _one(run: _Run, dataset_id: str, files: list[RawFile], metadata: pl.DataFrame | None) -> None:
    names = [raw.path.name for raw in files]
    packed = sum(size_of(raw.path) for raw in files)
    before = run.progress.bytes_read
    findings = Findings()
    try:
        kind = "gwas" if all(raw.kind == "gwas" for raw in files) else ""
        facts = facts_of(dataset_id, metadata, kind or "ge", findings)
        old = run.store.manifest(run.release, dataset_id)
        if old is not None and _unchanged(run.store, old, files, facts):
            # Under strict, what was let in before is judged again.
            allowed = not run.strict or all(each["code"] in run.allow for each in old.findings)
            if allowed:
                run.outcomes.append((dataset_id, "unchanged", old.rows, len(old.findings), names, ""))
                return
        manifest, findings = _ingested(run, dataset_id, files, facts, findings)
        run.outcomes.append((dataset_id, "ingested", manifest.rows, len(findings), names, ""))
    except _Refused as refusal:
        findings = refusal.findings
        run.outcomes.append((dataset_id, "refused", 0, len(findings), names, refusal.detail))
    finally:
        run.found += [(dataset_id, finding) for finding in findings]
        run.progress.bytes_read = before
        run.report(0, packed)


class _Refused(Exception):
    def __init__(self, detail: str, findings: Findings) -> None:
        super().__init__(detail)
        self.detail = detail
        self.findings = findings


def _ingested(
    run: _Run, dataset_id: str, files: list[RawFile], facts: dict[str, Any], noted: Findings
) -> tuple[Manifest, Findings]:
    """Write a data set aside, and publish it if nothing speaks against it."""
    manifest = Manifest(run.release, dataset_id, facts, new_generation())
    incoming = run.store.incoming(manifest.generation)
    findings = Findings()
    harmoniser = Harmoniser(KnownVariants(run.store, dataset_id).between)
    with PartWriter(incoming, manifest.generation) as writer:
        ingestion = Ingestion(manifest, files, writer, run.report, harmoniser)
        try:
            for broken in [raw.error for raw in files if raw.error is not None]:
                raise broken
            findings = ingestion.run()
        except LifenodeError as error:
            findings = ingestion.findings
            if isinstance(error, OSError):
                raise  # the disk is full: that is not the data set's fault
            code = "cut_off_file" if isinstance(error, FormatError) and error.value == CUT_OFF else "unreadable_file"
            findings.add(code, error.detail.split(" ")[0], 1, example=error.detail)
            findings.merge(noted)
            raise _Refused(str(error), findings) from error
    findings.merge(noted)
    if run.strict and (codes := _hindering(findings, run.allow)):
        raise _Refused(f"found under --strict: {codes}", findings)
    if not any(part.rows for parts in writer.tables.values() for part in parts):
        raise _Refused("no row of it can be used", findings)
    manifest.tables = writer.tables
    manifest.findings = findings.to_dicts()
    run.store.publish(manifest, incoming)
    return manifest, findings


def _unchanged(store: Store, old: Manifest, files: list[RawFile], facts: dict[str, Any]) -> bool:
    """Say whether a data set in the catalogue is whole and was made from these very files."""
    if any(raw.error is not None for raw in files):
        return False
    before = {source.name: asdict(source) for source in old.sources}
    if set(before) != {raw.path.name for raw in files} or len(before) != len(files) or old.metadata != facts:
        return False
    if store.missing([part for parts in old.tables.values() for part in parts]):
        return False
    if any(before[raw.path.name]["bytes"] != size_of(raw.path) for raw in files):
        return False
    return all(before[raw.path.name]["sha256"] == sha256_of(raw.path) for raw in files)


def _report(run: _Run, notes: list[str]) -> IngestReport:
    data = {column.name: [row[at] for row in run.outcomes] for at, column in enumerate(REPORT_COLUMNS)}
    meta = {
        "release": run.release, "rows_read": run.progress.rows, "seconds": run.progress.seconds,
        "rows_per_second": run.progress.rows_per_second,
    }  # fmt: skip
    report = IngestReport(REPORT_COLUMNS, data, meta, len(run.outcomes))
    report.findings = findings_table(run.found)
    report.notes = notes
    return report
