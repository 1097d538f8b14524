"""How fast pages are harvested: 1,000 pages of a local site, fetched, read, checked and kept.

    python benchmarks/training_harvest.py

Claim: at least 50 pages a second, robots.txt, limits and the store included (with no pause between requests).
"""

from __future__ import annotations

import tempfile
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from lifenode._fetch import Fetcher, Limits
from lifenode.training.database import open_database
from lifenode.training.harvest import harvest
from lifenode.training.store import keep_harvest

PAGES = 1_000
CLAIMED = 50
PAGE = (Path(__file__).parents[1] / "examples" / "training" / "course.html").read_text(encoding="utf-8")


class Site(BaseHTTPRequestHandler):
    """A sitemap and its pages, each with a course of its own."""

    def do_GET(self) -> None:
        """Answer."""
        if self.path == "/sitemap.txt":
            host = self.headers["Host"]
            content = "\n".join(f"http://{host}/course/{number}" for number in range(PAGES))
        elif self.path.startswith("/course/"):
            content = PAGE.replace("/gene-lists/2026-09", self.path).replace("Reading", f"Reading {self.path[8:]}")
        else:
            content = ""
        self.send_response(200 if content else 404)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *given: object) -> None:
        """Say nothing."""


def main() -> None:
    """Print pages a second, for the first harvest and for one that finds nothing new."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{server.server_port}"
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{folder}/portal.sqlite")
        for turn in ("first harvest", "second harvest"):
            fetcher = Fetcher(Limits(pause=0.0, trusted=frozenset([host])))
            began = time.perf_counter()
            made = harvest(f"http://{host}/sitemap.txt", lambda url, by=fetcher: by.fetch(url).content)
            kept = keep_harvest(made, engine=engine)
            rate = len(made.pages) / (time.perf_counter() - began)
            verdict = "ok" if rate >= CLAIMED else "TOO SLOW"
            print(
                f"{turn}: {len(made.pages)} pages, {rate:.0f} a second (claimed {CLAIMED}) {verdict}; {kept.summary()}"
            )
        engine.dispose()
    server.shutdown()


if __name__ == "__main__":
    main()
