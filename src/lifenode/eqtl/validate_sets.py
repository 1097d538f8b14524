"""Checks of credible sets, log Bayes factors, permutation results and dataset metadata."""

from __future__ import annotations

import re

import polars as pl

from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_text import ROW
from lifenode.eqtl.validate_variants import checked_chromosomes

# Sums of rounded PIPs exceed 1 by no more.
_ABOVE_ONE = 1.0001
_COVERAGE = 0.95
_VARIANT = r"^chr([0-9XYMT]+)_([0-9]+)_([^_]+)_([^_]+)$"


def checked_credible_sets(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Check the rows of a file of credible sets, and fill in the place and alleles that the text form leaves to the id.

    Notes
    -----
    Rows of one credible set and variant that differ in the rsid alone are joined before PIPs are summed. A sum above 1
    says that the PIPs are over all effects of the trait, not of this one.
    """
    frame = _with_places(frame, file, findings)
    wrong = ~frame["pip"].is_between(0.0, 1.0 + 1e-9).fill_null(False)
    findings.add_mask("bad_pip", file, wrong, frame[ROW], frame["pip"])
    given = _sets(frame.filter(~wrong))
    frame = _joined_rsids(frame.filter(~wrong), ["molecular_trait_id", "cs_id", "variant"], file, findings)
    sets = _sets(frame)
    for code, mask in (
        ("pip_sum_above_one", sets["pip"] > _ABOVE_ONE),
        ("pip_sum_doubled", (given["pip"] > _ABOVE_ONE) & (sets["pip"] <= _ABOVE_ONE)),
        ("pip_below_coverage", sets["pip"] < _COVERAGE - 1e-4),
        ("credible_set_size", (sets["cs_size"] != sets["n"]).fill_null(False)),
    ):
        findings.add_mask(code, file, mask, sets[ROW], sets["cs_id"])
    return frame


def _sets(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row a credible set, in the order of their first rows."""
    return frame.group_by("molecular_trait_id", "cs_id", maintain_order=True).agg(
        pl.col(ROW).first(), pl.len().alias("n"), pl.col("cs_size").first(), pl.col("pip").sum()
    )


def checked_lbf(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Check the rows of a file of log Bayes factors."""
    frame = _with_places(frame, file, findings)
    lacking = frame["molecular_trait_id"].is_null()
    findings.add_mask("bad_trait", file, lacking, frame[ROW])
    return _without_repeats(frame.filter(~lacking), ["molecular_trait_id", "region", "variant"], file, findings)


def checked_permuted(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Check the rows of a file of permutation results."""
    frame = _with_places(frame, file, findings)
    wrong = ~frame["p_beta"].is_between(0.0, 1.0).fill_null(True)
    findings.add_mask("bad_p_value", file, wrong, frame[ROW], frame["p_beta"])
    return frame.filter(~wrong)


def checked_metadata(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Check a table of data sets: groups whose names would collide once '+' is replaced are named."""
    groups = frame.select("study_label", "sample_group").unique(maintain_order=True)
    plain = groups.with_columns(plain=pl.col("sample_group").fill_null("").str.replace_all(r"[^\w]+", "_"))
    rows = pl.int_range(1, groups.height + 1, dtype=pl.Int64, eager=True)
    has_plus = plain["sample_group"].fill_null("").str.contains("+", literal=True)
    findings.add_mask("plus_in_group_name", file, has_plus, rows, plain["sample_group"])
    return frame


def collisions(frame: pl.DataFrame) -> dict[str, list[str]]:
    """Return the group names of a study that become one when other characters than letters and digits are replaced."""
    by_plain: dict[str, list[str]] = {}
    for study, group in frame.select("study_label", "sample_group").unique(maintain_order=True).rows():
        by_plain.setdefault(f"{study}.{re.sub(r'[^A-Za-z0-9]+', '_', group or '')}", []).append(group)
    return {plain: groups for plain, groups in by_plain.items() if len(groups) > 1}


def _with_places(frame: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
    """Take chromosome, position and alleles from the variant id where there is no column of them."""
    parts = [pl.col("variant").str.extract(_VARIANT, group) for group in range(1, 5)]
    wanted = {
        "chromosome": parts[0],
        "position": parts[1].cast(pl.Int32, strict=False),
        "ref": parts[2],
        "alt": parts[3],
    }
    frame = frame.with_columns(
        pl.coalesce(name, made).alias(name) for name, made in wanted.items() if name in frame.columns
    )
    frame = checked_chromosomes(frame, file, findings)
    lost = frame["position"].is_null()
    findings.add_mask("bad_position", file, lost, frame[ROW], frame["variant"])
    return frame.filter(~lost)


def _joined_rsids(frame: pl.DataFrame, key: list[str], file: str, findings: Findings) -> pl.DataFrame:
    again = ~frame.select(pl.struct(key).is_first_distinct()).to_series()
    if not again.any():
        return frame
    others = [name for name in frame.columns if name not in ("rsid", ROW)]
    same = frame.select(~pl.struct(others).is_first_distinct()).to_series()
    twice = frame.select(~pl.struct([*others, "rsid"]).is_first_distinct()).to_series()
    findings.add_mask("duplicate_row", file, twice, frame[ROW], frame["variant"])
    findings.add_mask("duplicate_rsid", file, same & ~twice, frame[ROW], frame["rsid"])
    findings.add_mask("conflicting_duplicate", file, again & ~same, frame[ROW], frame["variant"])
    names = frame.group_by(key, maintain_order=True).agg(pl.col("rsid").drop_nulls().unique(maintain_order=True))
    joined = names.select(pl.when(pl.col("rsid").list.len() > 0).then(pl.col("rsid").list.join(",")).alias("rsid"))
    return frame.filter(~again).with_columns(joined["rsid"])


def _without_repeats(frame: pl.DataFrame, key: list[str], file: str, findings: Findings) -> pl.DataFrame:
    again = ~frame.select(pl.struct(key).is_first_distinct()).to_series()
    if not again.any():
        return frame
    values = [name for name in frame.columns if name != ROW]
    same = ~frame.select(pl.struct(values).is_first_distinct()).to_series()
    findings.add_mask("duplicate_row", file, same, frame[ROW], frame["variant"])
    findings.add_mask("conflicting_duplicate", file, again & ~same, frame[ROW], frame["variant"])
    return frame.filter(~again)
