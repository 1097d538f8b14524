"""Rows of a catalogue as a table over a frame."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from lifenode._table_text import plain
from lifenode.eqtl import query_text
from lifenode.eqtl.columns import NOMINAL, Schema
from lifenode.errors import MissingPart
from lifenode.table import Column, Kind, Table

if TYPE_CHECKING:
    import pyarrow

_MEANINGS: dict[str, str] = {
    "release": "Release of the eQTL Catalogue, or what was named when it was ingested.",
    "dataset_id": "Data set.",
    "molecular_trait_id": "Gene, exon, transcript, splice junction or protein whose level was tested.",
    "molecular_trait_object_id": "Group of traits that permutations were made for.",
    "gene_id": "Ensembl gene id.",
    "chromosome": "1..22, X, Y, MT; GRCh38.",
    "position": "1-based position of the first base of ref.",
    "ref": "Reference allele.",
    "alt": "Alternative allele, which the effect is of.",
    "variant": "chr, chromosome, position, ref and alt, joined by _.",
    "rsid": "rsids of the variant, joined by commas; missing if it has none.",
    "type": "SNP, INDEL or OTHER.",
    "beta": "Change of the trait for one more alternative allele, in standard deviations.",
    "se": "Standard error of beta.",
    "pvalue": "Nominal p-value; 0 where it is too small for a number.",
    "nlog10p": "-log10 of the p-value, also where that is 0.",
    "maf": "Minor allele frequency in the data set.",
    "ac": "Count of the alternative allele.",
    "an": "Count of all alleles.",
    "r2": "Imputation quality.",
    "ma_samples": "People with the minor allele.",
    "median_tpm": "Median expression, transcripts per million.",
    "cs_id": "Credible set: trait and number of its signal.",
    "cs_size": "Variants in the credible set, as the file says.",
    "pip": "Posterior probability that the variant is causal.",
    "z": "beta / se.",
    "cs_min_r2": "Least r² between two variants of the set.",
    "region": "Region that was fine-mapped.",
    "variants": "Variants in the credible set.",
    "pip_sum": "Sum of their PIPs.",
    "lead_variant": "Variant with the highest PIP.",
    "first_position": "Position of the first variant.",
    "last_position": "Position of the last variant.",
    "n_traits": "Traits in the group.",
    "n_variants": "Variants tested.",
    "p_perm": "Empirical p-value of the permutations.",
    "p_beta": "The same by the beta approximation.",
    "study_id": "Study.",
    "study_label": "Name of the study.",
    "sample_group": "Cell type or tissue and condition.",
    "tissue_id": "Term of UBERON, CL or EFO.",
    "tissue_label": "Tissue or cell type.",
    "condition_label": "Treatment, or naive.",
    "sample_size": "People.",
    "quant_method": "ge, exon, tx, txrev, leafcutter, microarray, aptamer, majiq or gwas.",
    "pmid": "Publication.",
    "study_type": "bulk or single-cell.",
    "rows": "Associations held.",
    "status": "available, unavailable and why, or not ingested.",
}

ASSOCIATION_COLUMNS = (
    "dataset_id", "molecular_trait_id", "gene_id", "chromosome", "position", "ref", "alt", "variant", "rsid", "type",
    "beta", "se", "pvalue", "nlog10p", "maf", "ac", "an", "r2", "ma_samples", "median_tpm",
    "molecular_trait_object_id",
)  # fmt: skip


def no_associations() -> pl.DataFrame:
    """Return a frame of associations without rows."""
    kinds: Schema = {**NOMINAL, "dataset_id": pl.String, "nlog10p": pl.Float64}
    return pl.DataFrame(schema={name: kinds[name] for name in ASSOCIATION_COLUMNS})


class Rows(Table):
    """Rows that answer a query.

    ``meta`` says what was asked, whether the answer is ``complete`` or was cut at the limit, and which data sets were
    ``unavailable`` and why.
    """

    def __init__(self, frame: pl.DataFrame, meta: dict[str, Any]) -> None:
        columns = [Column(name, _kind(kind), _meaning(name)) for name, kind in frame.schema.items()]
        super().__init__(columns, {name: partial(_values, frame[name]) for name in frame.columns}, meta, frame.height)
        self._frame: pl.DataFrame | None = frame

    def _like(self, data: Any, length: int, columns: Any = None) -> Any:
        twin = super()._like(data, length, columns)
        twin._frame = None  # other rows or columns than those of the frame
        return twin

    def to_polars(self) -> pl.DataFrame:
        """Return the frame the rows are in, at no cost; integers have 32 bits, ``nlog10p`` is Float32."""
        return self._frame if self._frame is not None else super().to_polars()

    def to_arrow(self) -> pyarrow.Table:
        """Return an Arrow table, at no cost."""
        if self._frame is None:
            return super().to_arrow()
        try:
            return self._frame.to_arrow()
        except ModuleNotFoundError as error:
            raise MissingPart.library("pyarrow", "to_arrow()", "pandas") from error

    def to_json(self) -> str:
        """Return ``{"result": [row, ...], "meta": {...}}``; NaN is null."""
        rows = query_text.json_rows(self.to_polars())
        result = f"[\n{rows}\n]" if rows else "[]"
        return f'{{"result": {result},\n"meta": {self.meta_json()}}}\n'

    def meta_json(self) -> str:
        """Return the meta data as JSON."""
        return json.dumps(plain(self.meta), ensure_ascii=False, allow_nan=False)

    def to_jsonl(self) -> str:
        """Return one JSON object a line, without the meta data."""
        return query_text.jsonl(self.to_polars())

    def to_tsv(self, *, escape_formulas: bool = False) -> str:
        """Return tab-separated text; `escape_formulas` as in `lifenode.Table`."""
        if escape_formulas or not self.columns:
            return super().to_tsv(escape_formulas=escape_formulas)
        return query_text.tsv(self.to_polars())

    def to_csv(self, *, escape_formulas: bool = False) -> str:
        """Return comma-separated text; `escape_formulas` as in `lifenode.Table`."""
        if escape_formulas or not self.columns:
            return super().to_csv(escape_formulas=escape_formulas)
        return query_text.csv(self.to_polars())

    def to_bytes(self, format: str, *, escape_formulas: bool = False) -> bytes:
        """Return the table in one of `lifenode.table.FORMATS`, or as an Arrow stream (``arrow``), as bytes."""
        if format == "arrow":
            return query_text.arrow_stream(self.to_polars())
        return super().to_bytes(format, escape_formulas=escape_formulas)

    def __getstate__(self) -> dict[str, Any]:
        return {**super().__getstate__(), "_frame": None}


def _meaning(name: str) -> str:
    if name.startswith("lbf_variable"):
        return f"Log Bayes factor of signal {name.removeprefix('lbf_variable')}; 0 if there is none."
    return _MEANINGS.get(name) or f"{_MEANINGS[name.removeprefix('lead_')][:-1]}, of the lead variant."


def _kind(data_type: pl.DataType) -> Kind:
    if data_type.is_integer():
        return "integer"
    return "number" if data_type.is_float() else "text"


def _values(series: pl.Series) -> Any:
    if series.dtype.is_float():
        return series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    if series.dtype.is_integer() and not series.null_count():
        return series.cast(pl.Int64).to_numpy()
    return series.to_list()
