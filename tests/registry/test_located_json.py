from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.registry.located_json import DEEPEST, MalformedJson, Node, Number, read_json

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc@:", max_size=4), inner, max_size=4),
    max_leaves=20,
)


def plain(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {name: plain(one) for name, one in node.value.items()}
    if isinstance(node.value, list):
        return [plain(one) for one in node.value]
    return int(node.value.text) if isinstance(node.value, Number) else node.value


@given(VALUES, st.sampled_from([None, 0, 2]))
def test_reads_what_json_reads(value: Any, indent: int | None) -> None:
    assert plain(read_json(json.dumps(value, indent=indent))) == value


def test_every_value_knows_its_line() -> None:
    node = read_json('{\n "a": 1,\n "b": [\n  "x",\n  "y\\n"],\n "c":\n {"d": null}}', first_line=10)
    assert isinstance(node.value, dict)
    assert node.value["a"].line == 11
    items = node.value["b"].value
    assert isinstance(items, list)
    assert [one.line for one in items] == [13, 14]
    assert node.value["c"].line == 15


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ('{"a": 1,\n}', 2, "a name in quotes"),
        ('{"a"\n 1}', 2, "a colon"),
        ("[1\n2]", 2, "a comma"),
        ('{"a": "x', 1, "does not end"),
        ("", 1, "too early"),
        ("{} x", 1, "after the end"),
        ("[nope]", 1, "a value was expected"),
        ("[" * 20_000, 1, f"more than {DEEPEST} levels"),
    ],
)
def test_what_is_not_json_is_named_with_its_line(text: str, line: int, problem: str) -> None:
    with pytest.raises(MalformedJson, match=problem) as caught:
        read_json(text)
    assert caught.value.line == line


def test_half_a_pair_can_be_written_again() -> None:
    value = read_json('"a\\ud83d"').value
    assert isinstance(value, str)
    value.encode()
