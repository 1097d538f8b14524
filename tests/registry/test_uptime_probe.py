"""One check of an address; a real server on loopback answers in each way that counts differently."""

from __future__ import annotations

import contextlib
import datetime
import os
import socket
import ssl
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from lifenode.registry.uptime_days import read_day
from lifenode.registry.uptime_monitor import check_all
from lifenode.registry.uptime_probe import Limits, probe

LIMITS = Limits(connect=0.5, read=0.5, size=2048, retry=0.0, private=True)
AT = datetime.datetime(2026, 3, 1, 10, 20, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)

CHALLENGES = {
    "/cloudflare": b"<html><head><title>Just a moment...</title></head><body></body></html>",
    "/anubis": b'<html><script id="anubis_version">"1"</script>Making sure you&#39;re not a bot!</html>',
    "/guard": b"<title>DDoS-Guard</title>",
    "/checking": b"<p>Checking your browser before accessing example.org</p>",
}
STATUSES = {"/ok": 200, "/created": 201, "/forbidden": 403, "/limited": 429, "/unauthorised": 401, "/missing": 404,
    "/gone": 410, "/broken": 500, "/busy": 503, "/gateway": 502}  # fmt: skip


class Handler(BaseHTTPRequestHandler):
    flaky = 0

    def do_GET(self) -> None:
        path = self.path
        headers: dict[str, str] = {}
        status, content = STATUSES.get(path, 200), b"<html><title>Here</title></html>"
        if path in CHALLENGES:
            status, content = 503, CHALLENGES[path]
        elif path == "/mitigated":
            status, headers = 403, {"cf-mitigated": "challenge"}
        elif path == "/moved":
            status, headers = 302, {"Location": "/ok"}
        elif path == "/moved-away":
            status, headers = 302, {"Location": "ftp://example.org/"}
        elif path == "/moved-nowhere":
            status, headers = 302, {"Location": "/missing"}
        elif path == "/loop":
            status, headers = 302, {"Location": "/loop"}
        elif path == "/flaky":
            Handler.flaky += 1
            status = 500 if Handler.flaky % 2 else 200
        elif path == "/reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            return
        elif path == "/silent":
            time.sleep(1.2)
            return
        elif path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(12):
                try:
                    self.wfile.write(b".")
                except OSError:
                    return
                time.sleep(0.1)
            return
        elif path == "/endless":
            content = b"x" * 10_000_000
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that leave early."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("path", ["/ok", "/created", "/forbidden", "/limited", "/unauthorised", "/moved", "/moved-away",
    "/endless"])  # fmt: skip
def test_answers_below_500_are_up(site: str, path: str) -> None:
    answer = probe(site + path, LIMITS)
    assert (answer.outcome, answer.review) == ("up", False)
    assert answer.milliseconds < 500


@pytest.mark.parametrize("path", [*CHALLENGES, "/mitigated"])
def test_a_page_that_asks_for_a_human_is_challenged(site: str, path: str) -> None:
    assert probe(site + path, LIMITS).outcome == "challenged"


@pytest.mark.parametrize("path", ["/missing", "/gone", "/moved-nowhere"])
def test_an_address_that_is_gone_is_down_and_to_be_reviewed(site: str, path: str) -> None:
    answer = probe(site + path, LIMITS)
    assert (answer.outcome, answer.review) == ("down", True)
    assert "moved or is gone" in answer.reason


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/broken", "status 500"),
        ("/busy", "status 503"),
        ("/gateway", "status 502"),
        ("/silent", "in time"),
        ("/drip", "in time"),
        ("/loop", "redirects more than 5 times"),
        ("/reset", ""),
    ],
)
def test_failures_are_down(site: str, path: str, reason: str) -> None:
    answer = probe(site + path, LIMITS)
    assert (answer.outcome, answer.review) == ("down", False)
    assert reason in answer.reason
    assert answer.reason


def test_a_refused_connection_and_an_unknown_name_are_down() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert "refused" in probe(f"http://127.0.0.1:{port}/", LIMITS).reason.lower()
    assert "not known" in probe("http://no-such-host.invalid/", LIMITS).reason


def test_places_that_are_not_public_are_not_asked(site: str) -> None:
    answer = probe(f"{site}/ok", Limits())
    assert (answer.outcome, answer.review, answer.status) == ("down", True, 0)


def openssl(folder: Path, *arguments: str) -> None:
    subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with an authority (root.pem), its intermediate, and a server's certificate by the latter."""
    folder = tmp_path_factory.mktemp("certificates")
    (folder / "ca.ext").write_text("basicConstraints=critical,CA:TRUE\n")
    (folder / "site.ext").write_text("subjectAltName=DNS:localhost\n")
    new = ("req", "-newkey", "rsa:2048", "-nodes")
    openssl(folder, *new, "-x509", "-days", "2", "-subj", "/CN=Root", "-keyout", "root.key", "-out", "root.pem")
    for name, signer, kind in (("middle", "root", "ca"), ("site", "middle", "site")):
        openssl(folder, *new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        openssl(folder, "x509", "-req", "-in", f"{name}.csr", "-CA", f"{signer}.pem", "-CAkey", f"{signer}.key",
            "-CAcreateserial", "-days", "2", "-extfile", f"{kind}.ext", "-out", f"{name}.pem")  # fmt: skip
    openssl(folder, *new, "-x509", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-keyout", "alone.key", "-out", "alone.pem")  # fmt: skip
    return folder


@pytest.mark.parametrize(
    ("name", "outcome", "reason"), [("site", "up", "chain is incomplete"), ("alone", "down", "certificate")]
)
def test_an_incomplete_chain_is_up_and_a_wrong_certificate_is_not(
    certificates: Path, name: str, outcome: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", os.fspath(certificates / "root.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / f"{name}.pem", certificates / f"{name}.key")
    server = Server(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        answer = probe(f"https://localhost:{server.server_address[1]}/ok", LIMITS)
    finally:
        server.shutdown()
        server.server_close()
    assert answer.outcome == outcome
    assert reason in answer.reason


def test_only_two_failures_make_down(site: str, tmp_path: Path) -> None:
    waited: list[float] = []
    Handler.flaky = 0
    addresses = {"flaky": f"{site}/flaky", "broken": f"{site}/broken", "gone": f"{site}/gone", "ok": f"{site}/ok"}
    answers, changes = check_all(addresses, tmp_path, limits=LIMITS, at=AT, wait=waited.append)
    assert {name: (one.outcome, one.attempts) for name, one in answers.items()} == {
        "flaky": ("up", 2), "broken": ("down", 2), "gone": ("down", 1), "ok": ("up", 1)
    }  # fmt: skip
    assert waited == [LIMITS.retry]
    assert {change["resource"]: change["to"] for change in changes}["broken"] == "down"
    day = read_day(tmp_path, AT.date())
    assert {name: day[name]["hours"][AT.hour] for name in day} == {"flaky": "u", "broken": "d", "gone": "d", "ok": "u"}
    again, _ = check_all(addresses, tmp_path, limits=LIMITS, at=AT + 5 * HOUR / 60, wait=waited.append)
    assert again == {}
