"""A GWAS table completed: places out of variant ids, p-values out of effects, effects out of p-values."""

from __future__ import annotations

import io
import re
from math import erfc, sqrt

import numpy as np
import polars as pl

from lifenode.eqtl.coloc_bayes import variance_from_maf, z_from_p
from lifenode.eqtl.columns import MISSING
from lifenode.eqtl.readers_gwas import guessed_columns
from lifenode.errors import BadTable

_VARIANT = r"(?i)^(?:chr)?([0-9]{1,2}|x|y|mt?)[_:-]([0-9]+)[_:-]([^_:\s-]+)[_:-]([^_:\s-]+)$"
_PLACE = ("chromosome", "position", "ref", "alt")
# Names of R's coloc and of tables made for it, that are not those of a GWAS.
_VARIANCE = ("varbeta", "variance", "v")
_ADDED = ("effect_allele_frequency", "standard_error", "p_value")
_MAF = ("maf", "minorallelefrequency")


def completed(text: str, n: float | None) -> tuple[str, list[str]]:
    """Return a table with all columns that a GWAS needs, tab-separated, and what was computed for it.

    Parameters
    ----------
    text
        The table; a VCF is returned as it is.
    n
        Sample size, where the table has none.

    Raises
    ------
    BadTable
        It is no table, or lacks what cannot be computed.
    """
    if text.startswith("##fileformat=VCF"):
        return text, []
    frame = _frame(text)
    frame, notes = _with_places(frame)
    frame, more = _with_effects(frame, n)
    return frame.write_csv(separator="\t"), [*notes, *more]


def _frame(text: str) -> pl.DataFrame:
    header = text.lstrip("\n").split("\n", 1)[0]
    separator = "\t" if "\t" in header else "," if "," in header else ";" if ";" in header else " "
    body = text.lstrip("\n")
    given = [name.strip().strip('"') for name in header.split(separator)]
    if separator != " " and len(set(given)) < len(given):
        twice = next(name for name in given if given.count(name) > 1)
        raise BadTable(f"The GWAS table has two columns {twice!r}.", value=twice, next_step="Rename one.")
    if separator == " ":
        body = re.sub(r"[ ]+", " ", re.sub(r"(?m)^ +| +$", "", body))
    try:
        frame = pl.read_csv(
            io.BytesIO(body.encode()), separator=separator, infer_schema=False, null_values=list(MISSING),
            truncate_ragged_lines=True, quote_char=None,
        )  # fmt: skip
    except pl.exceptions.PolarsError as error:
        raise BadTable(
            f"The GWAS table cannot be read: {str(error).splitlines()[0][:120]}.", value=header[:60],
            next_step="Give a header and a line a variant, with tabs or commas.",
        ) from error  # fmt: skip
    names = [name.strip().strip('"').lstrip("#") for name in frame.columns]
    if len(names) < 3 or frame.is_empty():
        raise BadTable(
            f"The GWAS table has only {_counted(len(names), 'column')} and {_counted(frame.height, 'row')}.",
            value=header[:60],
            next_step="Give a header and a line a variant, with tabs or commas between the columns.",
        )  # fmt: skip
    frame.columns = names
    return frame.with_columns(pl.all().str.strip_chars(' "'))


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _with_places(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """Return the table with chromosome, position and alleles, out of a column of variants if need be."""
    found = guessed_columns(frame.columns)
    if all(value in found for value in _PLACE):
        return frame, []
    for name in frame.columns:
        parts = frame.select(
            [frame[name].str.extract(_VARIANT, at).alias(f"_{value}") for at, value in enumerate(_PLACE, start=1)]
        )
        if parts["_chromosome"].null_count() * 10 < frame.height:
            others = [own for value, own in found.items() if value in _PLACE]
            parts.columns = list(_PLACE)
            note = f"chromosome, position and alleles are those of the column {name}; the last allele is the effect's"
            return pl.concat([frame.drop(others), parts], how="horizontal"), [note]
    lacking = [value for value in _PLACE if value not in found]
    raise BadTable(
        f"The GWAS table has no column for {', '.join(lacking)}.", value=lacking[0],
        next_step=f"Columns seen: {', '.join(frame.columns)[:200]}.",
    )  # fmt: skip


def _with_effects(frame: pl.DataFrame, n: float | None) -> tuple[pl.DataFrame, list[str]]:
    """Return the table with effects, standard errors and p-values."""
    found = guessed_columns(frame.columns)
    notes: list[str] = []
    if "se" not in found and (name := _named(frame, _VARIANCE)) is not None:
        frame = frame.with_columns(standard_error=_numbers(frame, name).sqrt().cast(pl.String))
        notes.append(f"SE is the root of the column {name}")
    if "frequency" not in found and (name := _named(frame, _MAF)) is not None:
        frame = frame.with_columns(effect_allele_frequency=pl.col(name))
    found = guessed_columns(frame.columns)
    has_effect, has_p = ("beta" in found or "odds_ratio" in found), ("pvalue" in found or "nlog10p" in found)
    if has_effect and "se" in found and not has_p:
        beta = _numbers(frame, found["beta"]) if "beta" in found else _numbers(frame, found["odds_ratio"]).log()
        z = (beta / _numbers(frame, found["se"])).abs()
        p = [None if each is None or each != each else erfc(each / sqrt(2)) for each in z]
        frame = frame.with_columns(p_value=pl.Series(p, dtype=pl.Float64).cast(pl.String))
        notes.append("p is computed from the effect and its standard error, by the normal distribution")
    elif has_p and not (has_effect and "se" in found):
        frame = _from_p(frame, found, n)
        notes.append("effects are approximated from p-values, allele frequencies and sample size, all as if positive")
    return frame, notes


def _from_p(frame: pl.DataFrame, found: dict[str, str], n: float | None) -> pl.DataFrame:
    if "frequency" not in found or ("n" not in found and n is None):
        lacking = "beta and SE, or allele frequency" if "frequency" not in found else "sample size"
        raise BadTable(
            f"The GWAS table has no column for {lacking}.", value=lacking,
            next_step=f"Columns seen: {', '.join(name for name in frame.columns if name not in _ADDED)[:200]}.",
        )  # fmt: skip
    p = _numbers(frame, found["pvalue"]) if "pvalue" in found else 10.0 ** -_numbers(frame, found["nlog10p"])
    share = _numbers(frame, found["frequency"])
    people = _numbers(frame, found["n"]) if "n" in found else pl.Series([n] * frame.height, dtype=pl.Float64)
    usable = ((p > 0) & (p <= 1) & (share > 0) & (share < 1) & (people > 0)).fill_null(False)
    kept = frame.filter(usable)
    variance = variance_from_maf(share.filter(usable).to_numpy(), people.filter(usable).to_numpy())
    z = z_from_p(p.filter(usable).to_numpy())
    taken = [found[value] for value in ("beta", "odds_ratio", "se") if value in found]
    return kept.drop(taken).with_columns(
        beta=pl.Series(z * np.sqrt(variance)).cast(pl.String),
        standard_error=pl.Series(np.sqrt(variance)).cast(pl.String),
    )


def _named(frame: pl.DataFrame, names: tuple[str, ...]) -> str | None:
    plain = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in frame.columns}
    return next((plain[name] for name in names if name in plain), None)


def _numbers(frame: pl.DataFrame, name: str) -> pl.Series:
    return frame[name].cast(pl.Float64, strict=False)
