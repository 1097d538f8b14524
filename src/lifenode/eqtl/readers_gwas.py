"""GWAS summary statistics as a study: the columns of any table guessed and shown, GWAS-VCF, alleles harmonised."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np
import polars as pl

from lifenode.eqtl.columns import MISSING, NOMINAL
from lifenode.eqtl.findings import Findings
from lifenode.eqtl.readers_bytes import Source
from lifenode.eqtl.readers_text import ROW, TextBatches, lines_of
from lifenode.errors import BadTable, FormatError

# What columns are called, in the order of preference; compared without case and signs.
_NAMES: dict[str, tuple[str, ...]] = {
    "chromosome": ("hm_chrom", "chromosome", "chrom", "chr", "hm_chr"),
    "position": ("hm_pos", "base_pair_location", "position", "pos", "bp", "genpos"),
    "alt": ("hm_effect_allele", "effect_allele", "ea", "alt", "a1", "allele1", "tested_allele", "allele_b"),
    "ref": ("hm_other_allele", "other_allele", "oa", "nea", "non_effect_allele", "ref", "a2", "allele0", "allele2"),
    "beta": ("hm_beta", "beta", "effect", "effect_size", "b", "es", "log_odds"),
    "odds_ratio": ("hm_odds_ratio", "odds_ratio", "or"),
    "se": ("standard_error", "se", "stderr", "std_err", "sebeta"),
    "pvalue": ("p_value", "pvalue", "p", "pval", "p_bolt_lmm", "p_val"),
    "nlog10p": ("neg_log_10_p_value", "neg_log10_p_value", "mlogp", "log10p", "nlog10p", "lp"),
    "frequency": ("hm_effect_allele_frequency", "effect_allele_frequency", "eaf", "freq", "af", "a1freq", "frq"),
    "n": ("n", "sample_size", "n_total", "neff", "n_samples"),
    "rsid": ("hm_rsid", "rsid", "rs_id", "snp", "markername", "variant_id", "id", "snpid"),
}
_NUMBERS = ("beta", "odds_ratio", "se", "pvalue", "nlog10p", "frequency", "n")
_COMPLEMENT = str.maketrans("ACGTacgtNn", "TGCAtgcaNn")
_AMBIGUOUS = (0.4, 0.6)
_VCF_FIXED = 9


def guessed_columns(names: tuple[str, ...] | list[str]) -> dict[str, str]:
    """Return which column of a GWAS table holds which value.

    Parameters
    ----------
    names
        The names in the header.

    Returns
    -------
    dict
        Value (chromosome, position, ref, alt, beta or odds_ratio, se, pvalue or nlog10p, frequency, n, rsid) to name.
        ``alt`` is the allele that the effect is of.
    """
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(_plain(name), name)
    found: dict[str, str] = {}
    for value, candidates in _NAMES.items():
        given = next((by_plain[_plain(each)] for each in candidates if _plain(each) in by_plain), None)
        if given is not None and given not in found.values():
            found[value] = given
    return found


def is_gwas(names: tuple[str, ...] | list[str]) -> bool:
    """Say whether a header can be that of GWAS summary statistics."""
    return not _lacking(guessed_columns(names))


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _lacking(found: dict[str, str]) -> list[str]:
    lacking = [value for value in ("chromosome", "position", "ref", "alt", "se") if value not in found]
    if "beta" not in found and "odds_ratio" not in found:
        lacking.append("beta")
    if "pvalue" not in found and "nlog10p" not in found:
        lacking.append("pvalue")
    return lacking


def gwas_batches(source: Source, findings: Findings, study: str, columns: dict[str, str]) -> Iterator[pl.DataFrame]:
    """Iterate over the rows of a GWAS with the columns of a nominal file, the study as the only molecular trait.

    Parameters
    ----------
    source
        A GWAS-VCF, or a table whose columns can be guessed.
    findings
        Where faults are noted.
    study
        Name of the study.
    columns
        Takes the mapping: value to column of the file.

    Raises
    ------
    BadTable
        Columns cannot be guessed.
    FormatError
        A VCF has no effects (ES, SE and LP).
    """
    if re.search(r"\.vcf(\.b?gz)?$", source.path.name, re.IGNORECASE):
        yield from _vcf_batches(source, study, columns)
        return
    texts = TextBatches(source, {}, findings)
    found = guessed_columns(texts.layout.names)
    if lacking := _lacking(found):
        raise BadTable(
            f"{source.path.name} has no column for {', '.join(lacking)}.", value=lacking[0],
            next_step=f"Columns seen: {', '.join(texts.layout.names)[:200]}.",
        )  # fmt: skip
    columns.update(found)
    kinds: dict[str, type[pl.DataType]] = dict.fromkeys(found, pl.String)
    kinds |= dict.fromkeys((value for value in found if value in _NUMBERS), pl.Float64)
    kinds["position"] = pl.Int32
    texts.want({name: kinds[value] for value, name in found.items()})
    for frame in texts:
        yield _as_nominal(frame.rename({name: value for value, name in found.items()}), study)


def _vcf_batches(source: Source, study: str, columns: dict[str, str]) -> Iterator[pl.DataFrame]:
    begin = 0
    for piece in lines_of(source):
        rows = b"".join(line for line in piece.splitlines(keepends=True) if line[:1] != b"#")
        if not rows:
            continue
        fields = rows[: rows.index(b"\n")].count(b"\t") + 1
        if fields <= _VCF_FIXED:
            raise FormatError(f"{source.path.name} has no column of a study.", value=fields)
        kinds: dict[str, type[pl.DataType]] = dict.fromkeys((f"c{at}" for at in range(fields)), pl.String)
        kinds["c1"] = pl.Int32
        try:
            frame = pl.read_csv(rows, has_header=False, separator="\t", schema=kinds, quote_char=None)
        except pl.exceptions.PolarsError as error:
            raise FormatError(f"{source.path.name} is no VCF: {str(error)[:80]}.", value=source.path.name) from error
        numbers = pl.int_range(begin + 1, begin + 1 + frame.height, dtype=pl.Int64, eager=True).alias(ROW)
        begin += frame.height
        yield _as_nominal(_vcf_values(frame.with_columns(numbers), source.path.name, columns), study)


def _vcf_values(frame: pl.DataFrame, name: str, columns: dict[str, str]) -> pl.DataFrame:
    """Take the values of the first study out of FORMAT and its column."""
    parts = []
    for (layout,), rows in frame.group_by("c8", maintain_order=True):
        keys = str(layout).split(":")
        if not {"ES", "SE", "LP"} <= set(keys):
            raise FormatError(f"{name} has the format {layout}, without ES, SE and LP.", value=layout)
        values = pl.col("c9").str.split(":")
        taken = {"beta": "ES", "se": "SE", "nlog10p": "LP", "frequency": "AF", "n": "SS"}
        columns.update({value: key for value, key in taken.items() if key in keys})
        numbers = [
            values.list.get(keys.index(key), null_on_oob=True).cast(pl.Float64, strict=False).alias(value)
            if key in keys
            else pl.lit(None, pl.Float64).alias(value)
            for value, key in taken.items()
        ]
        rsid = pl.when(pl.col("c2").str.contains("^rs[0-9]+$")).then("c2").alias("rsid")
        parts.append(rows.select(ROW, "c0", "c1", "c3", "c4", rsid, *numbers))
    columns.update(chromosome="CHROM", position="POS", ref="REF", alt="ALT", rsid="ID")
    return pl.concat(parts).sort(ROW).rename({"c0": "chromosome", "c1": "position", "c3": "ref", "c4": "alt"})


def _as_nominal(frame: pl.DataFrame, study: str) -> pl.DataFrame:
    """Return the columns of a nominal file; what a GWAS does not tell is missing."""
    have = set(frame.columns)
    beta = pl.col("beta") if "beta" in have else pl.col("odds_ratio").log()
    p = pl.col("pvalue") if "pvalue" in have else 10.0 ** -pl.col("nlog10p")
    share = pl.col("frequency") if "frequency" in have else pl.lit(None, pl.Float64)
    people = pl.col("n") if "n" in have else pl.lit(None, pl.Float64)
    alleles = (2 * people).round().cast(pl.Int32, strict=False)
    made = {
        "molecular_trait_id": pl.lit(study), "molecular_trait_object_id": pl.lit(study),
        "chromosome": pl.col("chromosome"), "position": pl.col("position"),
        "ref": pl.col("ref").str.to_uppercase(), "alt": pl.col("alt").str.to_uppercase(),
        "variant": pl.lit(None, pl.String), "beta": beta, "se": pl.col("se"), "pvalue": p,
        "maf": pl.min_horizontal(share, 1 - share), "an": alleles,
        "ac": (share * alleles).round().cast(pl.Int32, strict=False),
        "rsid": pl.when(pl.col("rsid").is_in(list(MISSING)).not_()).then("rsid") if "rsid" in have else pl.lit(None),
    }  # fmt: skip
    every = {name: made.get(name, pl.lit(None)).cast(kind) for name, kind in NOMINAL.items()}
    return frame.select(*(value.alias(name) for name, value in every.items()), ROW, share.alias("_frequency"))


Known = Callable[[str, int, int], pl.DataFrame]
"""Returns position, ref and alt of the variants known between two positions of a chromosome."""


class Harmoniser:
    """Brings the alleles of a GWAS to those of the catalogue.

    Parameters
    ----------
    known
        Returns the variants that are known.

    Notes
    -----
    A variant is matched by position and alleles: as given, with ref and alt exchanged (beta changes its sign, the
    count becomes an - ac), on the other strand, or both. Of A/T and C/G the strand cannot be told by the alleles; with
    a frequency of 0.4 to 0.6, or where they are known the other way round, the row is flagged. What matches nothing
    stays as it is.
    """

    def __init__(self, known: Known) -> None:
        self._known = known

    def harmonised(self, rows: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
        """Return checked rows with alleles as the catalogue has them; what was done is noted."""
        parts = []
        for (chromosome,), own in rows.group_by("chromosome", maintain_order=True):
            span = own["position"].min(), own["position"].max()
            parts.append(self._one_chromosome(own, self._known(str(chromosome), *map(_whole, span)), file, findings))
        return pl.concat(parts) if parts else rows.drop("_frequency", strict=False)

    def _one_chromosome(self, rows: pl.DataFrame, known: pl.DataFrame, file: str, findings: Findings) -> pl.DataFrame:
        ref, alt = rows["ref"].to_list(), rows["alt"].to_list()
        sites: dict[int, set[tuple[str, str]]] = {}
        for position, a, b in known.select("position", "ref", "alt").iter_rows():
            sites.setdefault(position, set()).add((a, b))
        outcome = [_matched(a, b, sites.get(at)) for at, a, b in zip(rows["position"], ref, alt, strict=True)]
        swap = np.array([each[2] for each in outcome], dtype=bool)
        flip = np.array([each[3] for each in outcome], dtype=bool)
        unmatched = np.array([each[4] for each in outcome], dtype=bool)
        palindromic = np.array([b == a.translate(_COMPLEMENT)[::-1] for a, b in zip(ref, alt, strict=True)], dtype=bool)
        share = rows["_frequency"]
        between = share.is_between(*_AMBIGUOUS).fill_null(True).to_numpy()
        for code, mask in (
            ("swapped_alleles", swap),
            ("strand_flipped", flip),
            ("unmatched_variant", unmatched),
            ("palindromic", palindromic & (between | swap)),
        ):
            findings.add_mask(code, file, pl.Series(mask), rows[ROW], rows["variant"])
        turned = pl.Series("swap", swap)
        return (
            rows.with_columns(
                pl.Series("ref", [each[0] for each in outcome], pl.String),
                pl.Series("alt", [each[1] for each in outcome], pl.String),
                beta=pl.when(turned).then(-pl.col("beta")).otherwise("beta"),
                ac=pl.when(turned).then(pl.col("an") - pl.col("ac")).otherwise("ac"),
            )
            .with_columns(variant=pl.format("chr{}_{}_{}_{}", "chromosome", "position", "ref", "alt"))
            .drop("_frequency")
        )


def _matched(ref: str, alt: str, known: set[tuple[str, str]] | None) -> tuple[str, str, bool, bool, bool]:
    """Return ref and alt as known, whether they were swapped and flipped, and whether nothing matches."""
    if known:
        other = (ref.translate(_COMPLEMENT)[::-1], alt.translate(_COMPLEMENT)[::-1])
        for (a, b), flipped in (((ref, alt), False), (other, True)):
            if (a, b) in known:
                return a, b, False, flipped, False
            if (b, a) in known:
                return b, a, True, flipped, False
    return ref, alt, False, False, True


def _whole(value: object) -> int:
    return int(str(value))
