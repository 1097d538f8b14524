"""Checks of chromosomes, alleles and variant ids."""

from __future__ import annotations

import polars as pl

from lifenode.eqtl.columns import CHROMOSOMES, LONG_STRING
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_text import ROW

_RECODED = {"23": "X", "24": "Y", "25": "MT", "26": "MT", "M": "MT", "XY": "X"}
_ALLELE = r"^[ACGTNacgtn]+$"
_SYMBOL = r"^<[^<>\s]+>$|^\*$"
_VARIANT = r"^chr([0-9XYMT]+)_([0-9]+)_([^_]+)_([^_]+)$"


def checked_chromosomes(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Code chromosomes 1..22, X, Y, MT, and leave out rows on none of them."""
    given = frame["chromosome"].unique().to_list()
    if set(given) <= set(CHROMOSOMES):
        return frame
    codes = {name: _code(name) for name in given}
    recoded = [name for name, code in codes.items() if code is not None and code != name]
    unknown = [name for name, code in codes.items() if code is None]
    column = frame["chromosome"]
    findings.add_mask("chromosome_coding", file, column.is_in(recoded), frame[ROW], column)
    lost = column.is_in([name for name in unknown if name is not None]) | column.is_null()
    findings.add_mask("unknown_chromosome", file, lost, frame[ROW], column)
    known = {name: code for name, code in codes.items() if name is not None and code is not None}
    return frame.filter(~lost).with_columns(pl.col("chromosome").replace(known))


def _code(name: str | None) -> str | None:
    if name is None:
        return None
    bare = name.strip()
    bare = bare[3:] if bare[:3].lower() == "chr" else bare
    bare = bare.upper().lstrip("0")
    code = _RECODED.get(bare, bare)
    return code if code in CHROMOSOMES else None


def checked_variants(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Make sure that variant id, position and alleles say the same, and that alleles can be used.

    The first row of each run of equal variants is looked at; files have some twenty rows a variant.
    """
    names = ("chromosome", "position", "ref", "alt", "variant")
    changed = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in names)
    start = frame.select(changed=changed | (pl.int_range(pl.len()) == 0)).to_series()
    heads = frame.filter(start).select(*names)
    fitting = heads.select(
        (pl.col("variant") == _made_id()) & pl.col("ref").str.contains(_ALLELE) & pl.col("alt").str.contains(_ALLELE)
    ).to_series()
    if fitting.fill_null(False).all():
        return frame
    mended = _mended(heads)
    run = start.cast(pl.UInt32).cum_sum() - 1
    spread = mended.select("ref", "alt", "variant", "fault")[run]
    return _without_faulty(frame, spread, file, findings)


def _made_id() -> pl.Expr:
    return pl.format("chr{}_{}_{}_{}", "chromosome", "position", "ref", "alt")


def _mended(heads: pl.DataFrame) -> pl.DataFrame:
    """Rebuild what LONG_STRING hides, make ids that are missing, and say what is wrong with each variant."""
    parts = [pl.col("variant").str.extract(_VARIANT, group) for group in (3, 4)]
    is_long = [pl.col(name) == LONG_STRING for name in ("ref", "alt")]
    long_before = pl.any_horizontal(pl.col(name) == LONG_STRING for name in ("ref", "alt", "variant"))
    heads = heads.with_columns(long=long_before.fill_null(False)).with_columns(
        ref=pl.when(is_long[0]).then(parts[0]).otherwise("ref"),
        alt=pl.when(is_long[1]).then(parts[1]).otherwise("alt"),
    )
    missing = pl.col("variant").is_null() | (pl.col("variant") == LONG_STRING)
    heads = heads.with_columns(variant=pl.when(missing).then(_made_id()).otherwise("variant"))
    known = [pl.col(name).str.contains(_ALLELE).fill_null(False) for name in ("ref", "alt")]
    symbol = [pl.col(name).str.contains(_SYMBOL).fill_null(False) for name in ("ref", "alt")]
    fault = (
        pl.when(pl.col("long") & (pl.col("ref").is_null() | pl.col("alt").is_null())).then(pl.lit("lost_alleles"))
        .when(~((known[0] | symbol[0]) & (known[1] | symbol[1]))).then(pl.lit("bad_allele"))
        .when(pl.col("variant").ne_missing(_made_id())).then(pl.lit("variant_disagrees"))
        .when(symbol[0] | symbol[1]).then(pl.lit("symbolic_allele"))
        .when("long").then(pl.lit("long_string"))
    )  # fmt: skip
    return heads.with_columns(fault=fault)


def _without_faulty(frame: pl.DataFrame, spread: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    shown = frame["variant"].fill_null("")
    for code in ("lost_alleles", "bad_allele", "variant_disagrees", "symbolic_allele", "long_string"):
        findings.add_mask(code, file, spread["fault"] == code, frame[ROW], shown)
    lost = spread["fault"].is_in(["lost_alleles", "bad_allele", "variant_disagrees"]).fill_null(False)
    return frame.with_columns(spread["ref"], spread["alt"], spread["variant"]).filter(~lost)
