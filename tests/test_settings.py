from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import InvalidOption
from lifenode.settings import Settings, settings


def test_every_field_can_be_set_by_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_NULL_DRAWS", "500")
    monkeypatch.setenv("LIFENODE_CACHE_DIR", "/somewhere/else")
    monkeypatch.setenv("LIFENODE_DOWNLOAD_TIMEOUT", "2.5")
    found = settings()
    assert (found.null_draws, found.cache_dir, found.download_timeout) == (500, Path("/somewhere/else"), 2.5)


def test_the_environment_is_read_at_every_call(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_SEED", "1")
    before = settings().seed
    monkeypatch.setenv("LIFENODE_SEED", "2")
    assert (before, settings().seed) == (1, 2)


def test_an_empty_variable_means_the_default() -> None:
    assert settings({"LIFENODE_SEED": ""}).seed == Settings().seed


def test_a_variable_that_is_no_number_is_named() -> None:
    with pytest.raises(InvalidOption, match=r"LIFENODE_SEED is 'many', which is not a number\. Set LIFENODE_SEED"):
        settings({"LIFENODE_SEED": "many"})
