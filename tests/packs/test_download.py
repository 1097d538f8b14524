from __future__ import annotations

import io
import socket
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPMessage
from pathlib import Path

import pytest

from lifenode.errors import DownloadFailed, OutputError
from lifenode.packs import transport
from lifenode.packs.download import download
from tests.packs.file_server import CONTENT, SHA256, Server

pytestmark = pytest.mark.network


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, which last no time here."""
    found: list[float] = []
    monkeypatch.setattr("lifenode.packs.download.time.sleep", found.append)
    return found


@contextmanager
def failing(*parts: str, target: Path, kept: bool = False) -> Iterator[None]:
    with pytest.raises(DownloadFailed) as caught:
        yield
    for part in parts:
        assert part in str(caught.value)
    assert not target.exists()
    assert Path(f"{target}.part").exists() is kept


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_whole_file_into_a_new_folder(server: Server, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    target = tmp_path / "new" / "file.gz"
    got = download(
        server.url, target, sha256=SHA256.upper(), size=len(CONTENT), progress=lambda *told: seen.append(told)
    )
    assert got == target
    assert target.read_bytes() == CONTENT
    assert names(target.parent) == ["file.gz"]
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    assert server.requests[0]["accept-encoding"] == "identity"


def test_dropped_connections_are_resumed(server: Server, tmp_path: Path, pauses: list[float]) -> None:
    server.breaks_after = [400_000, 300_000, 0]
    target = download(server.url, tmp_path / "f", sha256=SHA256)
    assert target.read_bytes() == CONTENT
    assert [request.get("range") for request in server.requests] == [
        None,
        "bytes=400000-",
        "bytes=700000-",
        "bytes=700000-",
    ]
    assert server.requests[1]["if-range"] == '"one"'
    assert pauses == [0.5, 1.0, 2.0]


def test_resumed_without_checksum_by_etag_alone(server: Server, tmp_path: Path) -> None:
    server.breaks_after = [400_000]
    assert download(server.url, tmp_path / "f").read_bytes() == CONTENT
    assert server.requests[1]["range"] == "bytes=400000-"


def test_file_that_changed_meanwhile_starts_again(server: Server, tmp_path: Path) -> None:
    server.breaks_after = [400_000]
    newer = CONTENT[::-1]

    def change(done: int, _total: int | None) -> None:
        if done:
            server.content, server.etag = newer, '"two"'

    assert download(server.url, tmp_path / "f", progress=change).read_bytes() == newer
    assert server.requests[1]["if-range"] == '"one"'


@pytest.mark.parametrize("sha256", [SHA256, None])
def test_server_that_ignores_ranges_starts_again(server: Server, tmp_path: Path, sha256: str | None) -> None:
    server.ranges = False
    server.breaks_after = [900_000, 100_000]
    assert download(server.url, tmp_path / "f", sha256=sha256).read_bytes() == CONTENT
    assert len(server.requests) == 3


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_validator_or_checksum_nothing_is_resumed(server: Server, tmp_path: Path, etag: str) -> None:
    server.etag = etag
    server.breaks_after = [400_000]
    assert download(server.url, tmp_path / "f").read_bytes() == CONTENT
    assert "range" not in server.requests[1]


def test_a_later_process_goes_on(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_DOWNLOAD_RETRIES", "0")
    server.breaks_after = [500_000]
    target = tmp_path / "f"
    with failing(server.url, "500000 bytes are kept", target=target, kept=True):
        download(server.url, target)
    assert download(server.url, target).read_bytes() == CONTENT
    assert server.requests[1]["range"] == "bytes=500000-"
    assert names(tmp_path) == ["f"]


def test_part_that_is_whole_already(server: Server, tmp_path: Path) -> None:
    (tmp_path / "f.part").write_bytes(CONTENT)
    assert download(server.url, tmp_path / "f", sha256=SHA256).read_bytes() == CONTENT
    assert len(server.requests) == 1


@pytest.mark.parametrize("left", [b"of another file", CONTENT + b"more", CONTENT[:-1] + b"x"])
def test_part_of_another_file_is_thrown_away(server: Server, tmp_path: Path, left: bytes) -> None:
    (tmp_path / "f.part").write_bytes(left)
    assert download(server.url, tmp_path / "f", sha256=SHA256).read_bytes() == CONTENT
    assert names(tmp_path) == ["f"]


def test_wrong_checksum_names_both_and_leaves_nothing(server: Server, tmp_path: Path) -> None:
    wanted = "0" * 64
    with failing(server.url, wanted, SHA256, target=tmp_path / "f"):
        download(server.url, tmp_path / "f", sha256=wanted)
    assert names(tmp_path) == []
    assert len(server.requests) == 1


def test_earlier_file_survives_a_wrong_one(server: Server, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"earlier")
    with pytest.raises(DownloadFailed):
        download(server.url, tmp_path / "f", sha256="0" * 64)
    assert (tmp_path / "f").read_bytes() == b"earlier"


def test_file_with_the_checksum_is_not_fetched_again(server: Server, tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(CONTENT)
    download(server.url, tmp_path / "f", sha256=SHA256)
    assert server.requests == []


@pytest.mark.parametrize("length", [True, False])
@pytest.mark.parametrize("size", [10, len(CONTENT) + 1])
def test_wrong_size(server: Server, tmp_path: Path, size: int, length: bool) -> None:
    server.length = length
    with failing(server.url, str(size), target=tmp_path / "f"):
        download(server.url, tmp_path / "f", size=size)


def test_unknown_length(server: Server, tmp_path: Path) -> None:
    server.length = False
    totals: set[int | None] = set()
    download(server.url, tmp_path / "f", sha256=SHA256, progress=lambda _done, total: totals.add(total))
    assert totals == {None}


def test_missing_file_is_not_tried_again(server: Server, tmp_path: Path) -> None:
    url = server.url.replace("file.gz", "gone")
    with failing(url, "404", target=tmp_path / "f"):
        download(url, tmp_path / "f")
    assert len(server.requests) == 1


def test_passing_refusals_are_waited_out(server: Server, tmp_path: Path, pauses: list[float]) -> None:
    server.refusals = [(503, {"Retry-After": "7"}), (429, {"Retry-After": "86400"}), (500, {})]
    assert download(server.url, tmp_path / "f").read_bytes() == CONTENT
    assert pauses == [7.0, transport.LONGEST_WAIT, 2.0]


def test_retries_are_bounded(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_DOWNLOAD_RETRIES", "2")
    server.refusals = [(503, {})] * 10
    with failing(server.url, "503", "3 times", target=tmp_path / "f"):
        download(server.url, tmp_path / "f")
    assert len(server.requests) == 3


def test_nobody_listens(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/f"
        with failing(url, "Connection refused", "6 times", target=tmp_path / "f"):
            download(url, tmp_path / "f")


def test_silent_server_times_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_DOWNLOAD_TIMEOUT", "0.1")
    monkeypatch.setenv("LIFENODE_DOWNLOAD_RETRIES", "1")
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/f"
        with failing(url, "timed out", "2 times", target=tmp_path / "f"):
            download(url, tmp_path / "f")


def test_redirects(server: Server, tmp_path: Path) -> None:
    server.redirect = "/elsewhere"
    assert download(server.url, tmp_path / "f", sha256=SHA256).read_bytes() == CONTENT
    for address in ("file:///etc/hostname", "ftp://127.0.0.1/f"):
        server.redirect = address
        with failing(address, target=tmp_path / "g"):
            download(server.url, tmp_path / "g")


@pytest.mark.parametrize("address", ["http://example.org/f", "ftp://example.org/f"])
def test_no_redirect_leaves_https(address: str) -> None:
    request = urllib.request.Request("https://example.org/f")
    with pytest.raises(DownloadFailed, match="not safe to follow"):
        transport.SafeRedirects().redirect_request(request, io.BytesIO(), 302, "Found", HTTPMessage(), address)


def test_local_file(tmp_path: Path) -> None:
    origin = tmp_path / "a file.gz"
    origin.write_bytes(CONTENT)
    target = tmp_path / "f"
    assert download(origin.as_uri(), target, sha256=SHA256).read_bytes() == CONTENT
    with failing("No such file", target=tmp_path / "g"):
        download((tmp_path / "absent").as_uri(), tmp_path / "g")


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/f", "/etc/hostname", "data:,x"])
def test_other_schemes(url: str, tmp_path: Path) -> None:
    with failing(url, "Use http, https or file", target=tmp_path / "f"):
        download(url, tmp_path / "f")


@pytest.mark.parametrize("url", ["http://127.0.0.1:port/f", "http://[127/f", "HTTP://127.0.0.1/a b"])
def test_address_that_is_none(url: str, tmp_path: Path) -> None:
    with failing("is not an address", target=tmp_path / "f"):
        download(url, tmp_path / "f")


@pytest.mark.parametrize("blocked", [lambda folder: folder / "file" / "f", lambda folder: folder / "folder"])
def test_disk_that_refuses(server: Server, tmp_path: Path, blocked: Callable[[Path], Path]) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        download(server.url, blocked(tmp_path), sha256=SHA256)
