"""Several lists in one table: a row per term, with a value for each list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from lifenode.enrichment.profile import query_sizes
from lifenode.web.compat.gprofiler_terms import flat_sources, root_of

if TYPE_CHECKING:
    from lifenode.enrichment.domain import Integers
    from lifenode.web.compat.gprofiler_profile import Answer


def encode_combined(answer: Answer) -> bytes:
    """Return a JSON array with a row per term that is significant in a list.

    If all results were asked for, every term with a gene of a list. A list without one in the term has a p of 1.
    """
    result = answer.result
    if result is None:
        return b"[]"
    names = list(answer.ask.lists)
    shape = (len(result.world.collection.term_sizes), len(names))
    p, count, size = np.ones(shape), np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    shown = np.zeros(shape[0], bool)
    collection = result.world.collection
    sources = np.repeat(np.arange(len(collection.sources)), np.diff(collection.source_start))
    for part in result.parts:
        column = names.index(part.name)
        hits = part.hits
        size[:, column] = query_sizes(answer.domain, part.genes)[sources]
        p[hits.term, column] = part.adjusted
        count[hits.term, column] = hits.count
        size[hits.term, column] = hits.query_size
        shown[hits.term if answer.ask.all_results else hits.term[part.significant]] = True
    terms = np.flatnonzero(shown)
    terms = terms[np.argsort(p[terms].min(axis=1), kind="stable")]
    facts = _facts(answer, terms, sources[terms])
    numbers = zip(p[terms].tolist(), size[terms].tolist(), count[terms].tolist(), strict=True)
    rows = [
        fact | {"p_values": one[0], "query_sizes": one[1], "intersection_sizes": one[2]}
        for fact, one in zip(facts, numbers, strict=True)
    ]
    return orjson.dumps(rows)


def _facts(answer: Answer, terms: Integers, source: Integers) -> list[dict[str, Any]]:
    """Return what does not differ between the lists."""
    world = answer.world
    collection, domain = world.collection, answer.domain
    columns = zip(
        [collection.sources[number] for number in source.tolist()],
        world.labels.ids.take(terms).tolist(),
        world.labels.names.take(terms).tolist(),
        domain.term_sizes[terms].tolist(),
        domain.sizes[source].tolist(),
        world.labels.parents(terms),
        (terms - collection.source_start[source] + 1).tolist(),
        strict=True,
    )
    flat = {collection.sources[number] for number in flat_sources(collection)} if world.pack is not None else set()
    return [
        {
            "source": name,
            "native": native,
            "name": title,
            "description": title,
            "term_size": term_size,
            "effective_domain_size": domain_size,
            "parents": parents or ([root_of(name)] if name in flat else []),
            "source_order": order,
        }
        for name, native, title, term_size, domain_size, parents, order in columns
    ]
