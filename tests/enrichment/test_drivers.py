"""Driver terms on worlds small enough to see through."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lifenode.enrichment.collection import from_members
from lifenode.enrichment.domain import Domain, build_domain
from lifenode.enrichment.drivers import find_drivers
from lifenode.enrichment.profile import profile

GENES = 400
LISTED = np.arange(40)


def world(members: dict[str, list[int]], parents: dict[str, list[str]]) -> Domain:
    """Return a world of 400 genes that are all annotated, with the parents given."""
    names = [*members, "everything"]
    genes = [np.array(m, dtype=np.int32) for m in members.values()] + [np.arange(GENES, dtype=np.int32)]
    rows = [[names.index(p) for p in parents.get(name, [])] for name in names]
    collection = replace(
        from_members("GO:BP", names, names, genes, GENES),
        parent_indptr=np.cumsum([0, *map(len, rows)]).astype(np.int64),
        parents=np.array([p for row in rows for p in row], dtype=np.int32),
    )
    return build_domain(collection, "annotated", np.ones(GENES, dtype=bool))


def drivers_of(domain: Domain, names: list[str]) -> dict[str, str]:
    """Return the driver that explains each of the named terms."""
    ids = [domain.collection.term_ids[i] for i in range(len(domain.collection.term_ids))]
    hits = profile(domain, LISTED, np.ones(len(ids), dtype=bool))
    rows = np.flatnonzero(np.isin(hits.term, [ids.index(n) for n in names]))
    found = find_drivers(domain, LISTED, 0, hits.term[rows], hits.tails.log10_p[rows], 1e-4)
    return {ids[int(t)]: ids[int(d)] for t, d in zip(found.term, found.explained_by, strict=True)}


def test_a_term_that_lives_on_its_relatives_genes_is_explained_by_it() -> None:
    broad = [*range(20), 100, 101]
    narrow = [*range(12), 100]
    domain = world({"broad": broad, "narrow": narrow}, {"narrow": ["broad"]})
    assert drivers_of(domain, ["broad", "narrow"]) == {"broad": "broad", "narrow": "broad"}


def test_a_relative_with_genes_of_its_own_stays_a_driver() -> None:
    parent = list(range(16))
    child = [*range(4), *range(20, 34)]
    domain = world({"parent": parent, "child": child}, {"child": ["parent"]})
    assert drivers_of(domain, ["parent", "child"]) == {"parent": "parent", "child": "child"}


def test_unrelated_terms_do_not_explain_each_other() -> None:
    domain = world({"one": [*range(20)], "twin": [*range(19)]}, {})
    assert drivers_of(domain, ["one", "twin"]) == {"one": "one", "twin": "twin"}
    related = world({"one": [*range(20)], "twin": [*range(19)]}, {"twin": ["one"]})
    assert drivers_of(related, ["one", "twin"]) == {"one": "one", "twin": "one"}


def test_terms_are_related_through_a_significant_term_only() -> None:
    members = {"a": [*range(15)], "b": [*range(14)], "bridge": [*range(200, 260)]}
    parents = {"a": ["bridge"], "b": ["bridge"]}
    domain = world(members, parents)
    assert drivers_of(domain, ["a", "b"]) == {"a": "a", "b": "b"}


def test_of_two_equal_terms_the_first_is_the_driver() -> None:
    domain = world({"first": [*range(10)], "second": [*range(10)]}, {"second": ["first"]})
    assert drivers_of(domain, ["first", "second"]) == {"first": "first", "second": "first"}


def test_order_of_the_list_changes_nothing() -> None:
    domain = world({"broad": [*range(20), 100], "narrow": [*range(12), 30, 31, 32]}, {"narrow": ["broad"]})
    ids = domain.collection.term_ids
    outcomes = set()
    for seed in range(3):
        genes = np.random.default_rng(seed).permutation(LISTED)
        hits = profile(domain, genes, np.ones(len(ids), dtype=bool))
        rows = np.flatnonzero(hits.term < 2)
        found = find_drivers(domain, genes, 0, hits.term[rows], hits.tails.log10_p[rows], 1e-4)
        outcomes.add(tuple(found.explained_by.tolist()))
    assert len(outcomes) == 1
