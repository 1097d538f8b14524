"""Colocalisation of a locus with what the catalogue holds there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lifenode.eqtl import colocalise, stored_locus
from lifenode.eqtl.colocalise import METHODS
from lifenode.errors import InputTooLarge, InvalidOption, nearest
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.eqtl_fields import GENE, OF_DATASET, REGION, TRAIT
from lifenode.web.api.eqtl_meta import provenance
from lifenode.web.api.fields import PRESENTATION, Field
from lifenode.web.api.kinds import Choice, Kind, Number
from lifenode.web.api.services import Service
from lifenode.web.eqtl_catalogue import opened

_COLUMNS = ("variant", "snp", "position", "beta", "se", "varbeta", "pvalues", "pvalue", "MAF", "maf")
_FACTS = ("type", "N", "n", "sdY", "s")
_STORED = ("dataset", "gene", "molecular_trait")
_MOST_VARIANTS = 50_000
_NAMES = (*_COLUMNS, *_FACTS, *_STORED)


class Study(Kind):
    """A locus: columns with a value for each variant, or a data set of the catalogue."""

    wanted = (
        'an object such as {"variant": [...], "beta": [...], "se": [...], "type": "cc"} or {"dataset": "QTD000085"}'
    )

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        one = {"type": ["number", "string", "null"]}
        column = {"anyOf": [{"type": "array", "items": one}, one]}
        return {"type": "object", "properties": dict.fromkeys(_NAMES, column), "additionalProperties": False}

    def read(self, name: str, value: Any) -> dict[str, Any]:
        """Return a dict of columns and single values."""
        if not isinstance(value, dict):
            raise self.refusal(name, value)
        for key, given in value.items():
            if key not in _NAMES:
                close = nearest(key, _NAMES, 1)
                raise InvalidOption(
                    f"{name} has no {key[:40]!r}.", value=key,
                    next_step=f"Did you mean {close[0]}?" if close else f"There are {', '.join(_NAMES)}.",
                )  # fmt: skip
            if not _is_values(given):
                raise self.refusal(f"{name}.{key}", given)
            if isinstance(given, list) and len(given) > _MOST_VARIANTS:
                raise InputTooLarge(
                    f"{name} has {len(given):,} variants; a locus has at most {_MOST_VARIANTS:,}.", value=len(given),
                    next_step="Send one locus at a time.",
                )  # fmt: skip
        return value


def _is_values(given: Any) -> bool:
    one = (str, int, float, type(None))
    items = given if isinstance(given, list) else [given]
    return all(isinstance(item, one) and not isinstance(item, bool) for item in items)


_FIELDS = (
    Field(
        "study", Study(),
        "The locus: variant (chr5_75355259_A_G or 5:75355259:A:G, GRCh38) with beta and se, or pvalue, MAF and N; type "
        "is quant or cc. Or a data set of the catalogue: dataset, with gene or molecular_trait.",
        required=True,
    ),
    REGION, Field("gene", GENE.kind, GENE.summary), TRAIT, *OF_DATASET,
    Field("method", Choice(*METHODS), "abf: one causal variant each. signals: each fine-mapped signal by itself."),
    Field("p1", Number(), "Prior that a variant is causal for the locus alone; 1e-4 by default."),
    Field("p2", Number(), "Prior that it is for the other trait alone; 1e-4 by default."),
    Field("p12", Number(), "Prior that it is for both; 1e-5 by default, 5e-6 for signals."),
    *PRESENTATION,
)  # fmt: skip


def coloc_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the table asked for; `format_` is a name of `lifenode.web.api.representations.MEDIA_TYPES`.

    Raises
    ------
    LifenodeError
        As `lifenode.eqtl.colocalise`.
    """
    shown = {field.name for field in PRESENTATION}
    question = {name: value for name, value in asked.items() if name not in shown}
    study = {name: value for name, value in question.pop("study").items() if value is not None}
    catalogue = opened()
    if "dataset" in study:
        given = [name for name in _COLUMNS if name in study]
        if given:
            raise InvalidOption(
                f"The study is a data set of the catalogue, and has {given[0]} as well.", value=given[0],
                next_step="Give columns, or a data set.",
            )  # fmt: skip
        study = stored_locus(catalogue, **{name: str(study.pop(name)) for name in _STORED if name in study}, **(
            {"region": question.get("region")} | study
        ))  # fmt: skip
    table = colocalise(catalogue, study, **question)
    table.meta.update(provenance(question, None, asked.get("limit")))  # type: ignore[attr-defined]
    return answer_with(table, format_, asked)


SERVICE: Service = Service(
    name="eqtl/coloc",
    summary="Colocalise a locus with the traits of any data sets",
    fields=_FIELDS,
    work=coloc_answer,
    is_large=lambda asked: True,
    examples={
        "stored": {"study": {"dataset": "QTD000085", "gene": "HMGCR"}, "gene": ["COL4A3BP"]},
        "own": {
            "study": {
                "variant": ["chr5_75355259_A_G", "chr5_75356084_G_A", "chr5_75343353_A_G"],
                "beta": [0.083, 0.081, 0.080], "se": [0.0039, 0.0039, 0.0039], "type": "cc",
            },
            "gene": "HMGCR",
        },
    },
    methods=("POST",),
)  # fmt: skip
"""The service."""
