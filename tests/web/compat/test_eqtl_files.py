"""Original files over HTTP: pieces, validators, lists of folders, and nothing from outside; read by tabix itself."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.eqtl.made import bgzf, row, text
from tests.web.conftest import Opened
from tests.web.server import running_server

FOLDER = "sumstats/QTS000001/QTD000001"
FILE = f"/eqtl/ftp/{FOLDER}/QTD000001.all.tsv.gz"
CONTENT = bgzf(text([row(place, chromosome=name) for name in ("1", "2", "X") for place in range(1000, 9000)]))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    root = tmp_path / "files"
    folder = root / FOLDER
    folder.mkdir(parents=True)
    (folder / "QTD000001.all.tsv.gz").write_bytes(CONTENT)
    return root


@pytest.fixture
def node(opened: Opened, files: Path) -> Iterator[TestClient]:
    with opened(eqtl_files=files) as client:
        yield client


def test_a_file_comes_whole_with_its_validators(node: TestClient) -> None:
    answer = node.get(FILE)
    assert answer.status_code == 200
    assert answer.content == CONTENT
    assert answer.headers["content-length"] == str(len(CONTENT))
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in answer.headers
    assert answer.headers["access-control-allow-origin"] == "*"
    head = node.head(FILE)
    assert head.status_code == 200
    assert head.content == b""
    names = ("content-length", "etag", "last-modified", "content-type")
    assert [head.headers[name] for name in names] == [answer.headers[name] for name in names]


def test_pieces(node: TestClient) -> None:
    size = len(CONTENT)
    for asked, first, last in (("0-99", 0, 99), (f"{size - 5}-", size - 5, size - 1), ("-28", size - 28, size - 1)):
        answer = node.get(FILE, headers={"Range": f"bytes={asked}"})
        assert answer.status_code == 206
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{size}"
        assert answer.headers["content-length"] == str(last - first + 1)
        assert answer.content == CONTENT[first : last + 1]
    several = node.get(FILE, headers={"Range": f"bytes=0-9, 100-119, {size}-"})
    assert several.status_code == 206
    boundary = several.headers["content-type"].removeprefix("multipart/byteranges; boundary=")
    pieces = several.content.split(f"--{boundary}".encode())[1:-1]
    assert [piece.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") for piece in pieces] == [
        CONTENT[:10],
        CONTENT[100:120],
    ]
    beyond = node.get(FILE, headers={"Range": f"bytes={size}-"})
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{size}"
    for strange in ("lines=1-2", "bytes=9-1", "bytes"):
        assert node.get(FILE, headers={"Range": strange}).content == CONTENT
    assert node.head(FILE, headers={"Range": "bytes=0-1"}).status_code == 200


def test_conditional_requests(node: TestClient, files: Path) -> None:
    had = node.get(FILE).headers
    for headers in (
        {"If-None-Match": had["etag"]}, {"If-None-Match": f'"x", W/{had["etag"]}'}, {"If-None-Match": "*"},
        {"If-Modified-Since": had["last-modified"]},
    ):  # fmt: skip
        same = node.get(FILE, headers=headers)
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", had["etag"])
    for validator in (had["etag"], had["last-modified"]):
        assert node.get(FILE, headers={"Range": "bytes=0-0", "If-Range": validator}).status_code == 206
    place = files / FOLDER / "QTD000001.all.tsv.gz"
    os.utime(place, ns=(1, place.stat().st_mtime_ns + 10**10))
    assert node.get(FILE, headers={"If-None-Match": had["etag"]}).status_code == 200
    assert node.get(FILE, headers={"If-Modified-Since": had["last-modified"]}).status_code == 200
    assert node.get(FILE, headers={"If-Modified-Since": "never"}).status_code == 200
    for validator in (had["etag"], had["last-modified"]):
        changed = node.get(FILE, headers={"Range": "bytes=0-0", "If-Range": validator})
        assert (changed.status_code, changed.content) == (200, CONTENT)


def test_folders_are_listed(node: TestClient, files: Path) -> None:
    (files / "a <b>&.tsv").write_text("x")
    (files / "half.gz.part").write_text("x")
    (files / ".hidden").write_text("x")
    answer = node.get("/eqtl/ftp/")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert re.findall(r'href="([^"]+)"', answer.text) == ["./sumstats/", "./a%20%3Cb%3E%26.tsv"]
    assert "<b>" not in answer.text
    inside = node.get(f"/eqtl/ftp/{FOLDER}/").text
    assert re.findall(r'href="([^"]+)"', inside) == ["../", "./QTD000001.all.tsv.gz"]
    assert f" {len(CONTENT)}</pre>" in inside
    moved = node.get("/eqtl/ftp/sumstats", follow_redirects=False)
    assert (moved.status_code, moved.headers["location"]) == (301, "/eqtl/ftp/sumstats/")
    assert node.get("/eqtl/ftp", follow_redirects=False).headers["location"] == "/eqtl/ftp/"
    assert node.head("/eqtl/ftp/").status_code == 200
    for hidden in ("half.gz.part", ".hidden"):
        assert node.get(f"/eqtl/ftp/{hidden}").status_code == 404
    assert node.post(FILE).status_code == 405


def test_nothing_from_outside_the_folder(node: TestClient, files: Path) -> None:
    secret = files.parent / "secret"
    secret.mkdir()
    (secret / "file.tsv").write_text("secret")
    (files / "out").symlink_to(secret)
    (files / "out.tsv").symlink_to(secret / "file.tsv")
    (files / "in.tsv.gz").symlink_to(files / FOLDER / "QTD000001.all.tsv.gz")
    (files / "circle").symlink_to(files / "circle")
    os.mkfifo(files / "pipe.tsv")
    assert node.get("/eqtl/ftp/in.tsv.gz").content == CONTENT
    for path in (
        "out/file.tsv", "out/", "out.tsv", "circle", "pipe.tsv", "../secret/file.tsv", "..%2Fsecret%2Ffile.tsv",
        "%2e%2e/secret/file.tsv", "sumstats/..%2f..%2fsecret/file.tsv", "..%5Csecret%5Cfile.tsv", "a%00b",
        f"%2F{secret}/file.tsv", "x" * 5000, f"{FOLDER}/QTD000001.all.tsv.gz/", "QTD000009.all.tsv.gz",
    ):  # fmt: skip
        answer = node.get(f"/eqtl/ftp/{path}")
        assert answer.status_code == 404, path
        assert "secret" not in answer.text.replace(path, "")
    assert "out" not in node.get("/eqtl/ftp/").text


def test_paths_of_the_ftp_site_work_over_any_arrangement(opened: Opened, tmp_path: Path) -> None:
    root = tmp_path / "flat"
    (root / "more").mkdir(parents=True)
    (root / "QTD000085.all.tsv.gz").write_bytes(CONTENT)
    (root / "more/QTD000085.all.tsv.gz.tbi").write_bytes(b"index")
    for folder in ("", "more"):
        (root / folder / "QTD000086.all.tsv.gz").write_bytes(b"two of them")
    (root / "QTD000087.all.tsv.gz").symlink_to("/etc/hostname")
    with opened(eqtl_files=root) as node:
        site = "/eqtl/ftp/sumstats/QTS000015/QTD000085/QTD000085.all.tsv.gz"
        assert node.get(site, headers={"Range": "bytes=5-9"}).content == CONTENT[5:10]
        assert node.get(f"{site}.tbi").content == b"index"
        for path in (
            "sumstats/QTS000015/QTD000086/QTD000086.all.tsv.gz", "sumstats/QTS000015/QTD000087/QTD000087.all.tsv.gz",
            "sumstats/QTS000015/QTD000086/QTD000085.all.tsv.gz", "other/QTS000015/QTD000085/QTD000085.all.tsv.gz",
            "sumstats/QTS000015/QTD000085/", "sumstats/QTS000015/QTD000085/QTD000085.all.tsv.gz/",
        ):  # fmt: skip
            assert node.get(f"/eqtl/ftp/{path}").status_code == 404, path


def test_without_files_the_answer_says_what_to_do(opened: Opened, tmp_path: Path) -> None:
    for folder in (tmp_path / "none", tmp_path / "empty"):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with opened(eqtl_files=folder) as client:
            answer = client.get(FILE)
        assert answer.status_code == 404
        assert "LIFENODE_EQTL_FILES" in answer.json()["next_step"]
        assert str(tmp_path) not in answer.text


def tabix_speaks_http() -> bool:
    """Say whether tabix is there, with the part that opens addresses."""
    if shutil.which("tabix") is None:
        return False
    said = subprocess.run(["tabix", "http://127.0.0.1:9/x.gz", "1"], capture_output=True, text=True, check=False)
    return "Protocol not supported" not in said.stderr


@pytest.mark.network
@pytest.mark.skipif(not tabix_speaks_http(), reason="needs tabix, of the system packages tabix and libhts3")
def test_tabix_reads_regions_from_a_node(files: Path, tmp_path: Path) -> None:
    name = f"{FOLDER}/QTD000001.all.tsv.gz"
    subprocess.run(["tabix", "-s2", "-b3", "-e3", "-S1", files / name], check=True)
    away = tmp_path / "away"
    away.mkdir()
    state = str(tmp_path / "state")
    with running_server(LIFENODE_EQTL_FILES=str(files), LIFENODE_STATE_DIR=state) as base:
        for region in ("1:2000-2010", "X:8990-10000", "2:1-999"):
            said = [
                subprocess.run(["tabix", *command], check=True, capture_output=True, cwd=away).stdout
                for command in ([f"{base}/eqtl/ftp/{name}", region], [files / name, region])
            ]
            assert said[0] == said[1]
            assert said[0].count(b"\n") == {"1": 11, "X": 10, "2": 0}[region[0]]
