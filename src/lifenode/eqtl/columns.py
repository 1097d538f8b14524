"""The contract: what the files of the eQTL Catalogue hold, column by column."""

from __future__ import annotations

from typing import Literal, TypeAlias

import polars as pl

Kind = Literal["nominal", "permuted", "credible_sets", "lbf", "metadata", "gwas"]
Schema: TypeAlias = dict[str, type[pl.DataType]]

# Columns of one variant: they are the same for every molecular trait of a data set.
VARIANT_COLUMNS: Schema = {
    "chromosome": pl.String, "position": pl.Int32, "ref": pl.String, "alt": pl.String, "variant": pl.String,
    "type": pl.String, "ma_samples": pl.Int32, "maf": pl.Float64, "ac": pl.Int32, "an": pl.Int32, "r2": pl.Float64,
}  # fmt: skip
# Columns of one molecular trait.
TRAIT_COLUMNS: Schema = {
    "molecular_trait_id": pl.String, "molecular_trait_object_id": pl.String, "gene_id": pl.String,
    "median_tpm": pl.Float64,
}  # fmt: skip
STATISTICS: Schema = {"pvalue": pl.Float64, "beta": pl.Float64, "se": pl.Float64}

NOMINAL: Schema = {
    "molecular_trait_id": pl.String, "chromosome": pl.String, "position": pl.Int32, "ref": pl.String,
    "alt": pl.String, "variant": pl.String, "ma_samples": pl.Int32, "maf": pl.Float64, "pvalue": pl.Float64,
    "beta": pl.Float64, "se": pl.Float64, "type": pl.String, "ac": pl.Int32, "an": pl.Int32, "r2": pl.Float64,
    "molecular_trait_object_id": pl.String, "gene_id": pl.String, "median_tpm": pl.Float64, "rsid": pl.String,
}  # fmt: skip
PERMUTED: Schema = {
    "molecular_trait_object_id": pl.String, "molecular_trait_id": pl.String, "n_traits": pl.Int32,
    "n_variants": pl.Int32, "variant": pl.String, "chromosome": pl.String, "position": pl.Int32,
    "pvalue": pl.Float64, "beta": pl.Float64, "p_perm": pl.Float64, "p_beta": pl.Float64,
}  # fmt: skip
CREDIBLE_SETS: Schema = {
    "molecular_trait_id": pl.String, "gene_id": pl.String, "cs_id": pl.String, "variant": pl.String,
    "rsid": pl.String, "cs_size": pl.Int32, "pip": pl.Float64, "pvalue": pl.Float64, "beta": pl.Float64,
    "se": pl.Float64, "z": pl.Float64, "cs_min_r2": pl.Float64, "region": pl.String,
}  # fmt: skip
# What the Parquet form of credible sets has besides; null where a file is in the text form.
CREDIBLE_SET_EXTRAS: Schema = {
    "chromosome": pl.String, "position": pl.Int32, "ref": pl.String, "alt": pl.String, "ma_samples": pl.Int32,
    "maf": pl.Float64, "type": pl.String, "ac": pl.Int32, "r2": pl.Float64,
    "molecular_trait_object_id": pl.String, "median_tpm": pl.Float64,
}  # fmt: skip
SIGNALS = 10
LBF: Schema = {
    "molecular_trait_id": pl.String, "region": pl.String, "variant": pl.String, "chromosome": pl.String,
    "position": pl.Int32, **{f"lbf_variable{number}": pl.Float64 for number in range(1, SIGNALS + 1)},
}  # fmt: skip
METADATA: Schema = {
    "study_id": pl.String, "dataset_id": pl.String, "study_label": pl.String, "sample_group": pl.String,
    "tissue_id": pl.String, "tissue_label": pl.String, "condition_label": pl.String, "sample_size": pl.Int32,
    "quant_method": pl.String, "pmid": pl.String, "study_type": pl.String,
}  # fmt: skip

SCHEMAS: dict[Kind, Schema] = {
    "nominal": NOMINAL, "permuted": PERMUTED, "credible_sets": CREDIBLE_SETS | CREDIBLE_SET_EXTRAS, "lbf": LBF,
    "metadata": METADATA,
}  # fmt: skip
# Without these a file is not of its kind.
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "nominal": ("molecular_trait_id", "chromosome", "position", "ref", "alt", "pvalue", "beta", "se"),
    "permuted": ("molecular_trait_id", "variant", "p_beta"),
    "credible_sets": ("molecular_trait_id", "cs_id", "variant", "pip"),
    "lbf": ("molecular_trait_id", "region", "variant", "lbf_variable1"),
    "metadata": ("dataset_id", "study_id", "quant_method"),
}
# How a header is told from another: the first kind whose marks are all there.
MARKS: dict[Kind, tuple[str, ...]] = {
    "lbf": ("lbf_variable1",), "credible_sets": ("cs_id", "pip"), "permuted": ("p_beta", "variant"),
    "metadata": ("dataset_id", "study_id", "sample_size"),
    "nominal": ("molecular_trait_id", "variant", "pvalue", "beta", "se"),
}  # fmt: skip

MISSING = ("NA", "", "nan", "NaN", "NULL")
CHROMOSOMES = (*map(str, range(1, 23)), "X", "Y", "MT")
LONG_STRING = "LONG_STRING"
QUANT_METHODS = ("ge", "exon", "microarray", "tx", "txrev", "leafcutter", "aptamer", "majiq", "gwas")
