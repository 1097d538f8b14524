"""Which file holds what, and its rows in batches whatever its form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from lifenode.eqtl.columns import MARKS, METADATA, REQUIRED, SCHEMAS, Kind, Schema
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_bytes import Source
from lifenode.eqtl.readers_gwas import is_gwas
from lifenode.eqtl.readers_text import ROW, TextBatches, lines_of, read_header
from lifenode.errors import BadTable, FormatError, LifenodeError, UnreadableInput

_DATASET = re.compile(r"QTD\d{6}")
_ENDINGS = re.compile(r"\.(tsv|txt|csv|parquet|vcf)(\.b?gz)?$", re.IGNORECASE)
_STEM = re.compile(r"(\.(all|cc|nominal|sorted|permuted|credible_sets|lbf_variable|sumstats))*$", re.IGNORECASE)
_PARQUET_ROWS = 250_000


@dataclass(frozen=True)
class RawFile:
    """A file of a folder, and what it is.

    Attributes
    ----------
    path
        The file.
    kind
        What it holds.
    dataset_id
        Data set it belongs to, by its name; empty for metadata.
    error
        Why not even its header can be read, where that is so and it is a data set's file.
    url
        Where it was fetched from, if it was.
    """

    path: Path
    kind: Kind
    dataset_id: str
    error: LifenodeError | None = None
    url: str = ""


def find_files(folder: Path) -> tuple[list[RawFile], list[str]]:
    """Return the files of a folder (or the one file given) that can be ingested, and a note on each other one.

    Raises
    ------
    UnreadableInput
        There is no such folder.
    """
    if not folder.exists():
        raise UnreadableInput(f"There is no folder {folder}.", value=folder, next_step="Check the path.")
    places = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    found, notes = [], []
    for path in places:
        if not _ENDINGS.search(path.name) or path.name.startswith("."):
            if path.suffix not in (".tbi", ".csi", ".md5"):
                notes.append(f"{path.name}: passed over, its ending is none of .tsv .txt .csv .vcf (.gz) .parquet")
            continue
        try:
            kind = kind_of(path)
        except LifenodeError as error:
            if isinstance(error, FormatError) or _DATASET.search(path.name):
                found.append(RawFile(path, "nominal", dataset_of(path), error))
                continue
            notes.append(f"{path.name}: passed over: {error.detail}")
            continue
        if kind is None:
            notes.append(f"{path.name}: passed over, its columns are those of no file of the eQTL Catalogue")
        else:
            found.append(RawFile(path, kind, "" if kind == "metadata" else dataset_of(path)))
    return found, notes


def dataset_of(path: Path) -> str:
    """Return the data set a file belongs to: the QTD number in its name, else the name without its endings."""
    named = _DATASET.search(path.name)
    stem = _STEM.sub("", _ENDINGS.sub("", path.name))
    # A name becomes a folder of the store and part of an address.
    return named[0] if named else re.sub(r"[^\w.+-]", "_", stem).lstrip(".") or "dataset"


def kind_of(path: Path) -> Kind | None:
    """Return what a file holds, by its columns; None if they are those of no known kind."""
    if re.search(r"\.vcf(\.b?gz)?$", path.name, re.IGNORECASE):
        return "gwas"
    names = set(_parquet_columns(path) if path.suffix == ".parquet" else _text_columns(path))
    found = next((kind for kind, marks in MARKS.items() if names.issuperset(marks)), None)
    return "gwas" if found is None and path.suffix != ".parquet" and is_gwas(sorted(names)) else found


def batches_of(source: Source, kind: Kind, findings: Findings) -> Iterator[pl.DataFrame]:
    """Iterate over the rows of a file, with all columns of its kind (null where it lacks one) and `ROW` from 1.

    Raises
    ------
    BadTable
        A column that every file of this kind has is not there.
    FormatError
        The file is cut off or damaged.
    UnreadableInput
        It cannot be read.
    """
    schema, required = SCHEMAS[kind], REQUIRED[kind]
    if source.path.suffix == ".parquet":
        names: tuple[str, ...] = tuple(_parquet_columns(source.path))
        frames = _parquet_batches(source, {name: schema[name] for name in schema if name in names})
    else:
        text = TextBatches(source, schema, findings)
        names, frames = text.layout.names, iter(text)
    lacking = [name for name in required if name not in names]
    if lacking:
        raise BadTable(
            f"{source.path.name} has no column {', '.join(lacking)}.",
            value=lacking[0],
            next_step=f"A file of {kind} needs: {', '.join(required)}.",
        )
    for frame in frames:
        yield frame.with_columns(
            pl.lit(None, dtype=data_type).alias(name) for name, data_type in schema.items() if name not in names
        ).select(*schema, ROW)


def read_metadata(path: Path, findings: Findings) -> pl.DataFrame:
    """Return the rows of a table of data sets (11 columns; 9 in older ones), in its order."""
    source = Source(path)
    frames = [frame.drop(ROW) for frame in batches_of(source, "metadata", findings)]
    return pl.concat(frames) if frames else pl.DataFrame(schema=METADATA)


def _text_columns(path: Path) -> tuple[str, ...]:
    source = Source(path)
    return read_header(source, lines_of(source))[0].names


def _parquet_columns(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (pl.exceptions.PolarsError, OSError) as error:
        raise FormatError(
            f"{path.name} is cut off or not Parquet: its footer cannot be read.",
            value="cut off",
            next_step="Fetch the file again.",
        ) from error


def _parquet_batches(source: Source, schema: Schema) -> Iterator[pl.DataFrame]:
    """Read a Parquet file in slices; it is hashed first, since it is not read from beginning to end."""
    for _ in source.blocks():
        pass
    lazy = pl.scan_parquet(source.path).select(pl.col(name).cast(kind) for name, kind in schema.items())
    begin = 0
    while True:
        try:
            frame = lazy.slice(begin, _PARQUET_ROWS).collect()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise FormatError(f"{source.path.name} is damaged: {str(error)[:100]}.", value=source.path.name) from error
        if not frame.height:
            return
        yield frame.with_columns(pl.int_range(begin + 1, begin + 1 + frame.height, dtype=pl.Int64).alias(ROW))
        begin += frame.height
