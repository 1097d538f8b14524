"""Variants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lifenode
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, RELEASE, Field
from lifenode.web.api.kinds import Lists, Text
from lifenode.web.api.queries import is_long, lists_of, plain_query
from lifenode.web.api.services import Service

_MANY = 2_000
_FIELDS = (
    Field(
        "query", Lists(), "rsIDs, changes (19:44908684:T:C) and places (19:44908600-44908700): a list, or pasted text.",
        required=True, example=["rs429358"],
    ),
    Field("organism", Text(), "Identifier of the organism."),
    RELEASE,
    *PRESENTATION,
)  # fmt: skip


def variants_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return what the pack holds of the variants asked for.

    Parameters
    ----------
    asked
        Fields of the request.
    format_
        A name of `lifenode.web.api.representations.MEDIA_TYPES`.

    Raises
    ------
    LifenodeError
        As `lifenode.variants`.
    """
    return answer_with(lifenode.variants(plain_query(lists_of(asked["query"])), asked.get("organism")), format_, asked)


SERVICE: Service = Service(
    name="variants",
    summary="Look variants up: place, alleles, genes and consequences",
    fields=_FIELDS,
    work=variants_answer,
    is_large=lambda asked: is_long(asked["query"], _MANY),
    examples={"list": {"query": ["rs429358", "19:44908684:T:C", "rs1"]}},
)
"""The service."""
