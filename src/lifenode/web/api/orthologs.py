"""Orthologs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lifenode
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, RELEASE, Field
from lifenode.web.api.kinds import Count, Lists, Names, Pairs, Text
from lifenode.web.api.queries import is_long, lists_of, plain_query
from lifenode.web.api.services import Service

_MANY = 5_000
_FIELDS = (
    Field(
        "query", Lists(), "Identifiers of any kind: a list, pasted text, or lists by name, one after the other.",
        required=True, example=["TP53", "7157"],
    ),
    Field("organism", Text(), "Identifier of the organism."),
    Field("to", Text(), "Identifier of the other organism, such as mmusculus."),
    Field("sources", Names(), "Sources of orthology, such as HCOP or HomoloGene.", nullable=True),
    Field("min_support", Count(1), "Fewest databases that must agree."),
    Field("numeric_namespace", Text(), "Namespace of identifiers that are all digits."),
    Field("choices", Pairs(), "Gene to take for an ambiguous identifier.", nullable=True, body_only=True),
    RELEASE,
    *PRESENTATION,
)  # fmt: skip


def orthologs_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the orthologs asked for; `format_` is a name of `lifenode.web.api.representations.MEDIA_TYPES`.

    Raises
    ------
    LifenodeError
        As `lifenode.orthologs`.
    """
    names = ("organism", "to", "sources", "min_support", "numeric_namespace", "choices")
    options = {name: asked[name] for name in names if name in asked}
    return answer_with(lifenode.orthologs(plain_query(lists_of(asked["query"])), **options), format_, asked)


SERVICE: Service = Service(
    name="orthologs",
    summary="Find the genes of another organism that descend from the same gene",
    fields=_FIELDS,
    work=orthologs_answer,
    is_large=lambda asked: is_long(asked["query"], _MANY),
    examples={"list": {"query": ["TP53", "IL6"], "to": "mmusculus"}},
)
"""The service."""
