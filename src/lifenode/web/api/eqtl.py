"""Questions to the eQTL catalogue: data sets, associations, credible sets, signals and what belongs to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import APIRouter

from lifenode.eqtl import Catalogue
from lifenode.eqtl.catalogue_pages import association_page, table_page
from lifenode.eqtl.query_rows import Rows
from lifenode.web.api.eqtl_fields import (
    GENE,
    NLOG10P,
    OF_DATASET,
    P_VALUE,
    REGION,
    RSID,
    TRAIT,
    VARIANT,
    Between,
    Words,
)
from lifenode.web.api.eqtl_service import EqtlService, Paging
from lifenode.web.api.eqtl_stream import whole_associations
from lifenode.web.api.fields import Field
from lifenode.web.api.kinds import Count, Flag

_WHERE = (GENE, TRAIT, VARIANT, RSID, REGION)
_EXAMPLE = {"gene": ["HMGCR"], "limit": 5}


def _associations(catalogue: Catalogue, question: Mapping[str, Any], paging: Paging) -> Rows:
    asked = {**question}
    total = asked.pop("total", True)
    return association_page(catalogue, asked, paging.size, paging.cursor, paging.seconds, total=total)


def _by(verb: str, *, timed: bool = True) -> Callable[[Catalogue, Mapping[str, Any], Paging], Rows]:
    """Return the function that answers with a page of what a method of the catalogue returns."""

    def ask(catalogue: Catalogue, question: Mapping[str, Any], paging: Paging) -> Rows:
        options = {"seconds": paging.seconds} if timed else {}
        return table_page(catalogue, verb, question, paging.size, paging.cursor, **options)

    return ask


SERVICES = (
    EqtlService(
        "eqtl/datasets", "List data sets of the eQTL catalogue",
        (*OF_DATASET, Field("held", Flag(), "Leave out those of which nothing is held; true by default.")),
        _by("datasets", timed=False), {"tissue": {"tissue_label": "muscle"}, "known": {"held": False, "limit": 5}},
    ),
    EqtlService(
        "eqtl/associations", "Associations of genes, variants and regions in any data sets",
        (*_WHERE, P_VALUE, NLOG10P, *OF_DATASET, Field("total", Flag(), "Count all rows; true by default.")),
        _associations,
        {
            "gene": _EXAMPLE, "variant": {"variant": ["rs3846662"]},
            "any": {"gene": "HMGCR", "region": "5:75300000-75400000", "nlog10p": 6, "quant_method": ["ge"]},
        },
        whole_associations,
    ),
    EqtlService(
        "eqtl/phewas", "A variant in all data sets, the strongest association first",
        (
            Field("variant", VARIANT.kind, VARIANT.summary, required=True, example="rs3846662"),
            Field("gene", GENE.kind, GENE.summary), TRAIT, P_VALUE, NLOG10P, *OF_DATASET,
        ),
        _by("phewas"), {"rsid": {"variant": "rs3846662"}},
    ),
    EqtlService(
        "eqtl/top-variants", "The strongest variants of a gene, for each trait and data set",
        (
            Field("gene", GENE.kind, GENE.summary, required=True, example="HMGCR"), TRAIT, REGION, P_VALUE, NLOG10P,
            *OF_DATASET, Field("n", Count(1), "Most variants of each trait and data set; 1 by default."),
        ),
        _by("top_variants"), {"gene": {"gene": "HMGCR", "n": 3}},
    ),
    EqtlService(
        "eqtl/credible-sets", "Variants of credible sets",
        (
            *_WHERE, Field("cs_id", Words(), "Credible sets."),
            Field("min_pip", Between(1), "Smallest posterior inclusion probability."), *OF_DATASET,
        ),
        _by("credible_sets"), {"gene": {"gene": "ISG15", "min_pip": 0.1}},
    ),
    EqtlService(
        "eqtl/signals", "Credible sets, a row each, with the variant of highest probability",
        (GENE, TRAIT, REGION, *OF_DATASET), _by("signals"), {"gene": {"gene": "ISG15"}},
    ),
    EqtlService(
        "eqtl/permuted", "Results of permutations: genes with their strongest variants",
        (GENE, TRAIT, *OF_DATASET), _by("permuted"), {"gene": {"gene": "HMGCR"}},
    ),
    EqtlService(
        "eqtl/lbf", "Log Bayes factors of signals, for colocalisation",
        (GENE, TRAIT, REGION, *OF_DATASET), _by("lbf"), {"gene": {"gene": "ISG15"}},
    ),
)  # fmt: skip
"""The services."""


def install(router: APIRouter) -> None:
    """Add the routes."""
    for service in SERVICES:
        service.install(router)
