from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import UnknownOrganism
from lifenode.packs.pack import installed, open_pack
from tests.packs.small_pack import SmallPack


@pytest.mark.parametrize("name", ["tsapiens", "hsapiens"])
def test_packs_folder_wins_and_newest_release_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    packs = tmp_path / "packs"
    for release in ("2026.9", "2026.11", "2025.12"):
        SmallPack(organism=name, release=release).write(packs / f"{name}-{release}")
    SmallPack(organism=name, release="2030.1").write(packs / f".{name}.building-1")
    (packs / "notes.txt").write_text("not a pack", encoding="utf-8")
    (packs / "empty").mkdir()
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(packs))
    pack = open_pack(name)
    assert (pack.release, pack.path) == ("2026.11", packs / f"{name}-2026.11")
    assert [path.name for path in installed()[:3]] == [
        f"{name}-{release}" for release in ("2026.11", "2026.9", "2025.12")
    ]


def test_broken_pack_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    SmallPack().write(tmp_path / "good")
    SmallPack(organism="tbroken").write(tmp_path / "broken")
    (tmp_path / "broken" / "manifest.json").write_text("{", encoding="utf-8")
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path))
    assert installed()[0] == tmp_path / "good"
    assert "broken" in caplog.text


def test_default_organism_follows_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_pack().organism == "hsapiens"
    SmallPack().write(tmp_path / "packs" / "x")
    monkeypatch.setenv("LIFENODE_PACKS_DIR", str(tmp_path / "packs"))
    monkeypatch.setenv("LIFENODE_ORGANISM", "tsapiens")
    assert open_pack().organism == "tsapiens"


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("human", "hsapiens (Homo sapiens)"),
        ("Homo sapiens", "hsapiens (Homo sapiens)"),
        ("homo_sapiens", "hsapiens (Homo sapiens)"),
        ("9606", "hsapiens (Homo sapiens)"),
        ("hsapeins", "hsapiens (Homo sapiens)"),
        ("HSAPIENS", "hsapiens (Homo sapiens)"),
        ("mouse", "mmusculus (Mus musculus)"),
        ("zebra fish", "drerio (Danio rerio)"),
    ],
)
def test_unknown_organism_offers_the_nearest(asked: str, offered: str) -> None:
    with pytest.raises(UnknownOrganism) as caught:
        open_pack(asked)
    message = str(caught.value)
    assert message.startswith(f'unknown organism "{asked}". Did you mean {offered}')
    assert message.endswith("? `lifenode packs list` shows all.")


@pytest.mark.parametrize("asked", ["xyzzy", "", "..", "\0", "𝔥" * 5000])
def test_unknown_organism_without_a_guess(asked: str) -> None:
    with pytest.raises(UnknownOrganism) as caught:
        open_pack(asked)
    assert caught.value.next_step == "`lifenode packs list` shows all."
    assert caught.value.value == asked


def test_transcript_of_the_commonest_mistake() -> None:
    with pytest.raises(UnknownOrganism) as caught:
        open_pack("human")
    assert str(caught.value) == (
        'unknown organism "human". Did you mean hsapiens (Homo sapiens)? `lifenode packs list` shows all.'
    )
