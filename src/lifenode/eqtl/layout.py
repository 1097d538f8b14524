"""Where everything lies in a catalogue, and what the manifest of a data set says.

::

    lifenode-eqtl.json                                           what this folder is
    manifest/release=r7/QTD000001.json                           a data set: its metadata, sources, findings and files
    metadata/release=r7/datasets.parquet                         the table of data sets, whether held or not
    assoc_pos/release=r7/dataset=QTD000001/chrom=1/*.parquet     all columns, by position, alt, trait
    assoc_trait/release=r7/dataset=QTD000001/chrom=1/*.parquet   slim, by trait and position
    variants/release=r7/dataset=QTD000001/chrom=1/*.parquet      what a row of assoc_trait leaves out; by variant_index
    traits/release=r7/dataset=QTD000001/*.parquet                a row a trait: its gene, and its rows in assoc_trait
    permuted, credible_sets, lbf                                 the same way, by trait
    variant_bins/release=r7/chrom=1/bin=109/*.parquet            all data sets together, by position, alt, data set
    credible_sets_by_gene, credible_sets_by_position, signals    all data sets together
    places/release=r7/*.parquet                                  traits of all data sets together, by gene
    rsids/release=r7/chrom=1/*.parquet                           rsid (a number) to chromosome, position and variant

A data set is there when its manifest is: files are moved into place first and named by generation, so that a reader
who goes by manifests sees the old data set or the new one, whole.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MARKER = "lifenode-eqtl.json"
MANIFESTS = "manifest"
METADATA_TABLE = "metadata"
INCOMING = ".incoming"
LAYERS = "_layers"

DATASET_TABLES = ("assoc_pos", "assoc_trait", "variants", "traits", "permuted", "credible_sets", "lbf")
SHARED_TABLES = ("variant_bins", "credible_sets_by_gene", "credible_sets_by_position", "signals", "places", "rsids")

# DuckDB and polars lose time on the footer below 64k rows and on what they need not unpack above 128k.
ROW_GROUP = 65_536
BIN_WIDTH = 1_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One Parquet file.

    Attributes
    ----------
    path
        Relative to the catalogue.
    rows, bytes, sha256
        Of the file.
    chromosome
        The one it is of, or empty.
    first, last
        Smallest and largest value of what it is sorted by, where pruning needs them: a position, a trait, a
        variant_index.
    """

    path: str
    rows: int
    bytes: int
    sha256: str
    chromosome: str = ""
    first: Any = None
    last: Any = None

    def meets(self, chromosome: str, start: Any, end: Any) -> bool:
        """Say whether rows of a stretch can be in the file."""
        return bool(self.chromosome == chromosome and self.first <= end and self.last >= start)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file a data set was made from; ``url`` is where it was fetched from, if it was."""

    name: str
    kind: str
    bytes: int
    sha256: str
    rows: int = 0
    url: str = ""


@dataclass(slots=True)
class Manifest:
    """What is known of a data set of a release.

    Attributes
    ----------
    metadata
        Its row of the table of data sets.
    generation
        Changes whenever the data set is ingested anew.
    tables
        The files of each table.
    findings
        What was wrong in the sources; see `lifenode.eqtl.findings`.
    columns
        For a GWAS, the column each value was taken from.
    """

    release: str
    dataset_id: str
    metadata: dict[str, Any]
    generation: str
    sources: list[SourceFile] = field(default_factory=list)
    tables: dict[str, list[Part]] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def name(self) -> str:
        """Where the manifest lies."""
        return f"{MANIFESTS}/release={self.release}/{self.dataset_id}.json"

    @property
    def rows(self) -> int:
        """Associations held."""
        return sum(part.rows for part in self.tables.get("assoc_pos", ()))

    def parts(self, table: str, chromosome: str | None = None) -> list[Part]:
        """Return the files of a table, of one chromosome or of all."""
        every = self.tables.get(table, [])
        return [part for part in every if chromosome is None or part.chromosome == chromosome]

    def to_json(self) -> str:
        """Return the manifest as text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str) -> Manifest:
        """Read what `to_json` wrote."""
        given = json.loads(text)
        given["sources"] = [SourceFile(**source) for source in given["sources"]]
        given["tables"] = {name: [Part(**part) for part in parts] for name, parts in given["tables"].items()}
        return cls(**given)


@dataclass(slots=True)
class Layer:
    """Files that hold several data sets together.

    Attributes
    ----------
    generations
        The data sets covered, each with its generation; rows of a data set that has another by now are not read.
    tables
        The files of each table.
    """

    release: str
    name: str
    generations: dict[str, str]
    tables: dict[str, list[Part]]
    format: int = FORMAT

    def to_json(self) -> str:
        """Return the layer as text."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Layer:
        """Read what `to_json` wrote."""
        given = json.loads(text)
        given["tables"] = {name: [Part(**part) for part in parts] for name, parts in given["tables"].items()}
        return cls(**given)


def folder_of(table: str, release: str, dataset_id: str = "", chromosome: str = "", bin_: int | None = None) -> Path:
    """Return the folder of a table's files, relative to the catalogue, with hive-style names."""
    path = Path(table) / f"release={release}"
    if dataset_id:
        path /= f"dataset={dataset_id}"
    if chromosome:
        path /= f"chrom={chromosome}"
    return path if bin_ is None else path / f"bin={bin_}"
