"""Enrichment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import lifenode
from lifenode.enrichment.correction import METHODS
from lifenode.enrichment.domain import SCOPES
from lifenode.enrichment.result import EnrichmentResult
from lifenode.errors import InvalidOption
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, RELEASE, Field
from lifenode.web.api.kinds import Choice, Count, Flag, Items, Lists, Names, Number, Pairs, Sets, Text
from lifenode.web.api.queries import background_of, is_long, lists_of, plain_query
from lifenode.web.api.services import Service
from lifenode.web.gene_set_text import parsed

_QUERY = Field(
    "query", Lists(), "Identifiers of any kind: a list, pasted text, or lists by name.", required=True,
    example=["IL6", "TNF", "CXCL8"],
)  # fmt: skip
_FIELDS = (
    _QUERY,
    Field("organism", Text(), "Identifier of the organism; null: none, for own gene sets.", nullable=True),
    Field("sources", Names(), "Sources to test, such as GO:BP or GO; all by default.", nullable=True),
    Field("background", Items(), "Genes the list was chosen from.", nullable=True),
    Field("domain", Choice(*SCOPES), "What the list is compared with."),
    Field("correction", Choice(*METHODS), "How p is adjusted for the number of terms."),
    Field("threshold", Number(), "Largest adjusted p that is significant."),
    Field("ordered", Flag(), "The list is ranked, the most important gene first."),
    Field("all_results", Flag(), "Every tested term with a gene of the list, not only the significant ones."),
    Field("no_iea", Flag(), "Leave out annotations that no person has reviewed."),
    Field("evidence", Flag(), "Add the columns intersection and evidence."),
    Field("underrepresented", Flag(), "Test for too few genes instead of too many."),
    Field("highlight", Flag(), "Add the columns highlighted and explained_by: the driver terms of GO."),
    Field("min_term_size", Count(1), "Test only terms with at least this many genes.", nullable=True),
    Field("max_term_size", Count(1), "Test only terms with at most this many genes.", nullable=True),
    Field("gene_sets", Sets(), "Own gene sets: the token of uploaded ones, or genes by set.", nullable=True),
    Field("numeric_namespace", Text(), "Namespace of identifiers that are all digits."),
    Field("choices", Pairs(), "Gene to take for an ambiguous identifier.", nullable=True, body_only=True),
    Field(
        "intersections", Choice("names", "sparse"),
        "Sparse, in JSON with evidence: intersection holds places in meta.genes, counted from 0, instead of names.",
    ),
    RELEASE,
    *PRESENTATION,
)  # fmt: skip
_OWN = ("intersections", "release", "gene_sets_text", *(field.name for field in PRESENTATION))


def enrich_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the enrichment asked for.

    Parameters
    ----------
    asked
        Fields of the request; ``gene_sets_text`` is name and text of uploaded gene sets.
    format_
        A name of `lifenode.web.api.representations.MEDIA_TYPES`.

    Raises
    ------
    LifenodeError
        As `lifenode.enrich`.
    """
    sparse = asked.get("intersections") == "sparse"
    if sparse and not (format_ == "json" and asked.get("evidence")):
        raise InvalidOption(
            "Sparse intersections are a form of the evidence in JSON.",
            value="sparse",
            next_step="Ask for JSON with evidence true, or for names.",
        )
    result = enriched(asked)
    answer = answer_with(result, format_, asked)
    return answer._replace(content=_sparse(answer.content)) if sparse else answer


def enriched(asked: Mapping[str, Any]) -> EnrichmentResult:
    """Return the enrichment asked for, as a table; see `enrich_answer`."""
    options = {name: value for name, value in asked.items() if name not in _OWN}
    if "gene_sets_text" in asked:
        options["gene_sets"] = parsed(*asked["gene_sets_text"])
        options.setdefault("organism", None)
    queries = lists_of(options.pop("query"), ordered=asked.get("ordered", False))
    background = background_of(options.pop("background", None))
    options["background"] = queries.background if background is None else background
    result = lifenode.enrich(plain_query(queries), **options)
    if queries.notes:
        result.meta["notes"].extend(queries.notes)
    return result


def _sparse(content: bytes) -> bytes:
    """Return an answer with places in ``meta.genes`` instead of names of genes."""
    answer = json.loads(content)
    places: dict[str, int] = {}
    for row in answer["result"]:
        row["intersection"] = [places.setdefault(name, len(places)) for name in row["intersection"]]
    answer["meta"]["genes"] = list(places)
    return (json.dumps(answer, ensure_ascii=False) + "\n").encode()


def _is_large(asked: Mapping[str, Any]) -> bool:
    heavy = ("background", "gene_sets", "gene_sets_text")
    everything = asked.get("all_results") and asked.get("evidence")
    return bool(any(asked.get(name) for name in heavy) or everything or is_long(asked["query"]))


SERVICE: Service = Service(
    name="enrich",
    summary="Find the terms a gene list is enriched in",
    fields=_FIELDS,
    work=enrich_answer,
    is_large=_is_large,
    examples={
        "list": {"query": ["IL6", "TNF", "CXCL8"]},
        "sources": {"query": "IL6 TNF CXCL8 IL1B", "sources": ["GO:BP", "REAC"], "evidence": True},
        "lists": {"query": {"one": ["IL6", "TNF"], "other": ["TP53", "MDM2"]}, "correction": "fdr", "limit": 5},
    },
)
"""The service."""
