"""Requests made from the OpenAPI document, valid and not: every answer is one it declares, and none is a fault."""

from __future__ import annotations

import os
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings

from lifenode.web.app import make_app

EXAMPLES = int(os.environ.get("LIFENODE_TEST_EXAMPLES", "10"))

config = schemathesis.Config.from_dict(
    {
        # A list may be valid without that one of its words is a gene.
        "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "304", "404", "422"]}},
    }
)
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", make_app(), config=config)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_answers_are_as_declared(case: Any) -> None:
    case.call_and_validate()
