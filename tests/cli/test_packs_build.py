"""Building a pack with the command line, its raw files fetched from a server on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

import lifenode
from lifenode.cli.main import main
from lifenode.packs import catalog
from tests.packs import upstream_files


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    published = upstream_files.write(tmp_path / "published")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(published)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def local_catalog(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the catalogue's addresses at the local server."""
    found = [(raw, raw.find(tmp_path / "published")) for raw in catalog.upstream("hsapiens")]
    local = [replace(raw, url=f"{address}/{path.name}") for raw, path in found if path is not None]
    monkeypatch.setattr(catalog, "upstream", lambda organism: local)


@pytest.mark.usefixtures("local_catalog")
def test_download_build_thresholds_and_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIFENODE_NULL_DRAWS", "200")
    raw, target = tmp_path / "raw", tmp_path / "built"
    assert main(["packs", "build", "hsapiens", "--from", str(raw), "--out", str(target), "--download"]) == 0
    told = capsys.readouterr().err
    assert "licence: " in told
    assert "go-basic.obo" in told
    assert "random lists" in told
    pack = lifenode.open_pack(target)
    pack.verify()
    assert pack.has_table("thresholds")
    result = lifenode.enrich(["TP53", "GO:0005634"], organism=target, all_results=True)
    assert result.meta["pack"]["sha256"] == pack.fingerprint


@pytest.mark.usefixtures("local_catalog")
def test_a_missing_upstream_file_leaves_no_pack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "published" / "go-basic.obo").unlink()
    target = tmp_path / "built"
    assert (
        main(["packs", "build", "hsapiens", "--from", str(tmp_path / "raw"), "--out", str(target), "--download"]) == 2
    )
    assert "go-basic.obo" in capsys.readouterr().err
    assert not target.exists()
