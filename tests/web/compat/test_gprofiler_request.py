from __future__ import annotations

import time
from pathlib import Path

import pytest

from lifenode.packs.pack import open_pack
from lifenode.web.compat.gprofiler_request import Ask, pack_of
from tests.packs import small_pack


def test_a_pack_of_other_settings_is_found_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    starter = pack_of("scerevisiae")
    assert pack_of("scerevisiae") is starter
    made = small_pack.SmallPack().write(tmp_path / "packs" / "small")
    organism = open_pack(made).organism
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path / "packs"))
    assert pack_of(organism).path == made.absolute()


def test_an_exchanged_pack_is_found_after_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = small_pack.SmallPack().write(tmp_path / "packs" / "small")
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path / "packs"))
    organism = open_pack(made).organism
    before = pack_of(organism)
    manifest = made / "manifest.json"
    manifest.write_text(manifest.read_text() + "\n")
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 1.5)
    assert pack_of(organism).fingerprint != before.fingerprint


@pytest.mark.parametrize(
    ("options", "large"),
    [
        ({}, False),
        ({"under": True}, False),
        ({"domain_scope": "known"}, False),
        ({"domain_scope": "known", "under": True, "method": "fdr"}, False),
        ({"domain_scope": "custom"}, True),
        ({"under": True, "lists": {"a": ["IL6", "GO:0006954"]}}, True),
        ({"under": True, "lists": {"a": ["R-HSA-168256"]}}, True),
        ({"lists": {"a": ["GO:0006954"]}}, False),
        ({"under": True, "organism": "gp__aaaa_bbbb_ccc"}, True),
    ],
)
def test_what_needs_random_lists_is_large(options: dict[str, object], large: bool) -> None:
    fields: dict[str, object] = {"organism": "hsapiens", "lists": {"a": ["IL6", "TNF"]}, **options}
    assert Ask(**fields).large is large  # type: ignore[arg-type]
