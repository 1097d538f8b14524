"""The watching itself: a page with every fault is found out, so that a page without complaints has none."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser

from tests.web.browser.visit import NARROW, Visit

pytestmark = [pytest.mark.xdist_group("browser"), pytest.mark.network]

FAULTY = b"""<!doctype html><html lang=en><title>x</title><link rel=icon href=data:,><main><h1>x</h1>
<img src='http://elsewhere.example/x.png'><p style='color:red'>inline</p><script>alert(1)</script>
<script src=/own.js></script><input><pre>wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww</pre>
</main>"""
SCRIPT = b"alert('own'); console.error('said'); nothing.here;"
POLICY = "default-src 'self'; img-src data:"


class Faulty(BaseHTTPRequestHandler):
    """Answers with the page of faults and its script."""

    def do_GET(self) -> None:
        script = self.path == "/own.js"
        body = SCRIPT if script else FAULTY
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if script else "text/html")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def faulty() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Faulty) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_every_fault_is_found(faulty: str, browser: Browser) -> None:
    with Visit(browser, faulty, size=NARROW) as visit:
        visit.go("/")
        assert visit.dialogs == ["own"]
        assert {text.split(" ")[0] for text in visit.violations()} == {"style-src-attr", "img-src", "script-src-elem"}
        assert {text.split(" ")[0] for text in visit.barriers()} == {"image-alt", "label"}
        assert visit.overhang() > 0
        said = "\n".join(visit.complaints)
        for part in ("error: said", "script: nothing is not defined", "another host: http://elsewhere.example/x.png"):
            assert part in said
        sizes = visit.transferred()
        assert sizes[f"{faulty}/"] > len(FAULTY)
        assert sizes[f"{faulty}/own.js"] > len(SCRIPT)
