from __future__ import annotations

import inspect
import json
import pickle

import pytest

from lifenode import errors
from lifenode.errors import FormatError, LifenodeError, MissingPart, UnknownOrganism, nearest

ALL = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, LifenodeError)]


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_one_json_shape_for_every_error(kind: type[LifenodeError]) -> None:
    shape = kind("The value 7 is wrong.", value=7, next_step="Use 8.").to_dict()
    assert list(shape) == ["type", "title", "status", "detail", "code", "value", "next_step"]
    assert json.loads(json.dumps(shape)) == shape
    assert 400 <= shape["status"] < 600
    assert kind.__doc__


def test_codes_are_distinct_and_the_tree_is_drawn() -> None:
    assert len({kind.code for kind in ALL}) == len(ALL)
    assert all(kind.__name__ in (errors.__doc__ or "") for kind in ALL)


def test_errors_survive_a_process_boundary() -> None:
    error = UnknownOrganism("No human.", value="human", next_step="Say hsapiens.")
    copy = pickle.loads(pickle.dumps(error))  # noqa: S301
    assert (type(copy), str(copy), copy.value) == (UnknownOrganism, "No human. Say hsapiens.", "human")


def test_errors_are_also_of_the_standard_kind() -> None:
    assert isinstance(FormatError.at("a.gmt", 3, "a set without a name"), ValueError)
    assert isinstance(UnknownOrganism("x"), LookupError)
    assert isinstance(MissingPart.library("anndata", "Reading .h5ad", "scverse"), ImportError)
    assert "a.gmt, line 3: a set without a name." in str(FormatError.at("a.gmt", 3, "a set without a name"))


def test_nearest_names_ignore_case() -> None:
    assert nearest("reac", ["REAC", "WP"]) == ["REAC"]
    assert nearest("zzz", ["REAC", "WP"]) == []
