"""The examples in the docstrings show what happens."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

import lifenode.eqtl


@pytest.mark.parametrize(
    "name", ["coloc_abf", "coloc_at_locus", "coloc_bayes", "coloc_overlap", "coloc_pairs", "susie_summary"]
)
def test_examples(name: str) -> None:
    outcome = doctest.testmod(import_module(f"lifenode.eqtl.{name}"))
    assert outcome.attempted
    assert not outcome.failed


def test_names_are_sorted_and_there() -> None:
    assert lifenode.eqtl.__all__ == sorted(lifenode.eqtl.__all__)
    for name in lifenode.eqtl.__all__:
        assert getattr(lifenode.eqtl, name).__doc__
    with pytest.raises(AttributeError, match="no attribute 'clop'"):
        _ = lifenode.eqtl.clop
