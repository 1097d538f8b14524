"""Fields that questions about eQTL share."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from lifenode.eqtl.catalogue_selection import FILTERS
from lifenode.errors import InputTooLarge
from lifenode.web.api.fields import Field
from lifenode.web.api.kinds import Choice, Count, Flag, Kind, Number, Text
from lifenode.web.api.representations import MEDIA_TYPES

TYPES = {**MEDIA_TYPES, "arrow": "application/vnd.apache.arrow.stream"}
"""Media type of each form of an answer about eQTL, the default first."""
_MOST = 1_000


class Words(Kind):
    """One text or several; in an address the field is repeated."""

    wanted = "a text, or a list of some"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        many = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        return {"anyOf": [{"type": "string"}, many]}

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> list[str]:
        """Return the texts; none is blank."""
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise self.refusal(name, value)
        words = [word.strip() for text in texts for word in self.split(text)]
        # Without a name the filter would let everything pass.
        if not words or not all(words):
            raise self.refusal(name, value)
        if len(words) > _MOST:
            raise InputTooLarge(
                f"{name} names {len(words):,}; at most {_MOST:,} are taken at once.", value=len(words),
                next_step="Ask in several questions.",
            )  # fmt: skip
        return words

    def split(self, text: str) -> list[str]:
        """Return the words of a text."""
        return [text]

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return the texts of an address."""
        return self.read(name, list(texts))


class Listed(Words):
    """One name or several: a list, or a text that separates them by commas or blanks."""

    wanted = "a name, or several: a list, or one text with commas"

    def split(self, text: str) -> list[str]:
        """Return the names of a text."""
        return re.split(r"[\s,;]+", text.strip(" \t\r\n,;"))


class Between(Kind):
    """A number from 0 to some greatest."""

    def __init__(self, most: float) -> None:
        self.most = most
        self.wanted = f"a number from 0 to {most:g}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "number", "minimum": 0, "maximum": self.most}

    def read(self, name: str, value: Any) -> float:
        """Return a number between both, which are inside."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= self.most:
            raise self.refusal(name, value)
        return float(value)

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return a number, as written in an address."""
        try:
            numbers = [float(text) for text in texts]
        except ValueError as error:
            raise self.refusal(name, texts[0]) from error
        return super().parse(name, [n if math.isfinite(n) else t for n, t in zip(numbers, texts, strict=True)])  # type: ignore[misc]


GENE = Field(
    "gene", Listed(), "Genes: Ensembl ids, symbols or other names of human genes.", example="HMGCR"
)  # fmt: skip
TRAIT = Field(
    "molecular_trait", Words(), "Genes, exons, transcripts, splice junctions or proteins, as the data set has them."
)
VARIANT = Field("variant", Listed(), "Variants such as chr5_75355259_A_G, or rsids.")
RSID = Field("rsid", Listed(), "rsids.")
REGION = Field("region", Text(), "A stretch such as 5:75300000-75400000 on GRCh38; counted from 1, both ends inside.")
DATASET = Field("dataset", Listed(), "Data sets, such as QTD000085.")
P_VALUE = Field("p_value", Number(), "Largest p-value.")
NLOG10P = Field("nlog10p", Between(1e6), "Smallest -log10 of the p-value.")
_OF_DATASET = {
    "study_id": "Studies, such as QTS000011.", "study_label": "Studies by name, such as GTEx.",
    "sample_group": "Groups of samples, such as muscle_naive.", "tissue_id": "Terms of UBERON, CL or EFO.",
    "tissue_label": "Tissues or cell types, such as blood.", "condition_label": "Conditions, such as naive.",
    "quant_method": "ge, exon, tx, txrev, leafcutter, microarray, aptamer, majiq or gwas.", "pmid": "Publications.",
    "study_type": "bulk or single-cell.",
}  # fmt: skip
OF_DATASET = (DATASET, *(Field(name, Words(), f"{_OF_DATASET[name]} Case does not count.") for name in FILTERS))
RELEASE = Field(
    "release", Text(), "Answer from this release of the catalogue only; by default from the newest of each data set."
)
FORMAT = Field("format", Choice(*TYPES), "Form of the answer; by default what Accept says, or JSON.")
ESCAPE = Field(
    "escape_formulas", Flag(), "In TSV and CSV: put ' before texts that a spreadsheet would run as a formula."
)
PAGES = (
    Field("limit", Count(1), "Most rows of a page; 1,000 by default."),
    Field("cursor", Text(), "Where to go on: meta.next, or the address in the header Link, of the page before."),
)
ALL = Field("all", Flag(), "The whole answer, as a stream; a limit and a cursor are then not given.")
