"""Files that a node may have besides its catalogue: a recombination map, and a table of LD."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from lifenode.eqtl.query import Region
from lifenode.errors import BadTable, UnreadableInput

_MAP_NAMES = {
    "chromosome": ("chromosome", "chrom", "chr"),
    "position": ("position", "positionbp", "pos", "bp"),
    "rate": ("rate", "ratecmmb", "combinedratecmmb", "recombrate", "recombinationrate"),
}
_LD_NAMES = {
    "first": ("variant1", "varianta", "snpa", "snp1", "ida", "id1", "lead"),
    "second": ("variant2", "variantb", "snpb", "snp2", "idb", "id2", "variant"),
    "r2": ("r2", "rsquared", "ldr2", "unphasedr2", "phasedr2"),
}
Stamp = tuple[int, int]
_PARQUET = ".parquet"


def recombination_rates(path: str | Path, region: Region) -> tuple[tuple[float, float], ...]:
    """Return positions and rates within a region.

    Parameters
    ----------
    path
        A table with chromosome, position (1-based, GRCh38) and rate (cM/Mb, from there to the next position), such as
        the genetic maps of HapMap or deCODE; text, packed or not, or Parquet.
    region
        The stretch.

    Returns
    -------
    tuple
        Pairs of position and rate, by position; the last position before the region is among them.

    Raises
    ------
    UnreadableInput
        The file is missing or no table.
    BadTable
        It lacks a column.
    """
    return _rates(Path(path), _stamp(path), region)


@lru_cache(maxsize=64)
def _rates(path: Path, stamp: Stamp, region: Region) -> tuple[tuple[float, float], ...]:
    """Return the rates of a region; `stamp` changes with the file."""
    table = _opened(path, _MAP_NAMES, "A recombination map")
    here = pl.col("chromosome").cast(pl.String).str.strip_prefix("chr") == region.chromosome
    rows = _collected(table.filter(here & (pl.col("position") <= region.end)).sort("position"), path)
    before = max(int((rows["position"] < region.start).sum()) - 1, 0)
    return tuple((float(at), float(rate)) for at, rate in rows[before:].select("position", "rate").iter_rows())


def ld_with(path: str | Path, names: tuple[str, ...]) -> dict[str, float]:
    """Return r² of other variants with one.

    Parameters
    ----------
    path
        A table of pairs, each in one order: two columns of variants, as ``chr5_75355259_A_G`` or rsid, and r², such as
        PLINK's ``.ld`` (``SNP_A SNP_B R2``) or ``.vcor`` (``ID_A ID_B UNPHASED_R2``); text, packed or not, or Parquet.
    names
        What the one is called: its id, its rsids.

    Raises
    ------
    UnreadableInput
        The file is missing or no table.
    BadTable
        It lacks a column.
    """
    return dict(_r2(Path(path), _stamp(path), names))


@lru_cache(maxsize=64)
def _r2(path: Path, stamp: Stamp, names: tuple[str, ...]) -> dict[str, float]:
    """Return r² with a variant; `stamp` changes with the file."""
    table = _opened(path, _LD_NAMES, "A table of LD")
    wanted = list(names)
    rows = _collected(table.filter(pl.col("first").is_in(wanted) | pl.col("second").is_in(wanted)), path)
    found = dict.fromkeys(names, 1.0)
    for first, second, r2 in rows.select("first", "second", "r2").iter_rows():
        if r2 is not None:
            found.setdefault(second if first in wanted else first, float(r2))
    return found


def _stamp(path: str | Path) -> Stamp:
    """Return what changes with a file."""
    try:
        found = Path(path).stat()
    except OSError as error:
        raise _unreadable(Path(path), error) from error
    return found.st_size, found.st_mtime_ns


def _opened(path: Path, known: dict[str, tuple[str, ...]], what: str) -> pl.LazyFrame:
    try:
        if path.suffix == _PARQUET:
            table = pl.scan_parquet(path)
        else:
            separator, names = _header(path)
            kinds = dict.fromkeys(names, pl.String)
            table = pl.scan_csv(
                path, separator=separator, has_header=False, skip_rows=1, new_columns=names, schema_overrides=kinds,
                null_values=["NA", "nan", ""], infer_schema=False,
            )  # fmt: skip
        names = table.collect_schema().names()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(path, error) from error
    plain = {"".join(filter(str.isalnum, name.lower())): name for name in reversed(names)}
    chosen = {}
    for value, candidates in known.items():
        name = next((plain[each] for each in candidates if each in plain), None)
        if name is None:
            raise BadTable(
                f"{what} needs a column {value}, which {path.name} has not.", value=value,
                next_step=f"Columns seen: {', '.join(names)[:160]}.",
            )  # fmt: skip
        chosen[value] = pl.col(name)
    numbers = {"position": pl.Int64, "rate": pl.Float64, "r2": pl.Float64}
    cast = [
        column.cast(numbers[value], strict=False).alias(value) if value in numbers else column.alias(value)
        for value, column in chosen.items()
    ]
    return table.select(cast)


def _header(path: Path) -> tuple[str, list[str]]:
    import gzip

    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rt", encoding="utf-8") if packed else path.open(encoding="utf-8") as text:
        line = text.readline().rstrip("\r\n").lstrip("#")
    separator = "\t" if "\t" in line else "," if "," in line else " "
    return separator, [name.strip().strip('"') or f"column{at}" for at, name in enumerate(line.split(separator))]


def _collected(table: pl.LazyFrame, path: str | Path) -> pl.DataFrame:
    try:
        return table.collect()
    except (OSError, pl.exceptions.PolarsError) as error:
        raise _unreadable(Path(path), error) from error


def _unreadable(path: Path, error: Exception) -> UnreadableInput:
    reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
    return UnreadableInput(f"{path.name} cannot be read: {reason}.", value=path, next_step="Check the settings.")
