"""docs/same-numbers.md tells the truth: every block runs against a node, and all of them give the same numbers."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.test_docs import run_console, run_python
from tests.web.server import running_server

pytestmark = pytest.mark.network

PAGE = Path(__file__).parents[2] / "docs" / "same-numbers.md"
SHOWN_BASE = "http://127.0.0.1:8000"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^(GO:\d{7})\s+(\S+)\s+(\d+)\s+(\d+)\s+(\d+)$", re.MULTILINE)
_ADDRESS = re.compile(r"<(http://127\.0\.0\.1:8000/enrich\?[^>]+)>")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with running_server() as address:
        yield address


def blocks() -> list[tuple[str, str]]:
    """Return language and content of each block of the page."""
    return [(found[1], found[2]) for found in _BLOCK.finditer(PAGE.read_text(encoding="utf-8"))]


def test_every_block_does_what_the_page_shows(base: str, tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    for place, (language, content) in enumerate(blocks()):
        told = content.replace(SHOWN_BASE, base)
        if language == "python":
            run_python(told, names, PAGE.stem, place)
        else:
            assert language == "console"
            run_console(told, tmp_path, f"block {place}")


def test_all_blocks_show_the_same_numbers() -> None:
    shown = [_ROW.findall(content) for _, content in blocks()]
    assert len(shown) == 6
    assert len(shown[0]) == 3
    assert all(rows == shown[0] for rows in shown)


def test_the_page_itself_shows_them(base: str) -> None:
    address = _ADDRESS.search(PAGE.read_text(encoding="utf-8"))
    assert address is not None
    with urllib.request.urlopen(address[1].replace(SHOWN_BASE, base), timeout=30) as answer:  # noqa: S310 - loopback
        text = unescape(answer.read().decode())
    for term, p_value, *_ in _ROW.findall(blocks()[0][1]):
        row = text[text.index(f">{term}<") :].partition("</tr>")[0]
        assert p_value in row, term
