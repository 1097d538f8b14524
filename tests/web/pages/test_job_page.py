"""What takes too long on a page becomes a job with a page of its own."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.web.conftest import Opened

ROOT = Path(__file__).parents[3]
GENES = (ROOT / "examples" / "inflammatory_response.txt").read_text(encoding="utf-8")


def test_a_slow_question_ends_on_the_page_of_its_job(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path / "cache"))
    with opened(interactive_seconds=0.05) as node:
        sent = {"query": GENES, "background": GENES + " TP53 BRCA1", "correction": "fdr"}
        answer = node.post("/enrich", data=sent, follow_redirects=True)
        shown = answer
        until = time.monotonic() + 60
        while shown.status_code == 202 and time.monotonic() < until:
            assert "Still working" in shown.text
            assert shown.headers["refresh"] == "2"
            time.sleep(0.2)
            shown = node.get(answer.url.path)
        assert answer.url.path.startswith("/jobs/")
        assert shown.status_code == 200
        assert "the genes given (202 identifiers, 202 mapped)" in shown.text
        # The address of the question itself is that of its files.
        assert "/enrich.svg?query=" in shown.text


def test_a_job_that_fails_says_why(opened: Opened) -> None:
    with opened(interactive_seconds=0.01, job_seconds=0.01) as node:
        answer = node.post("/enrich", data={"query": GENES, "background": GENES})
        until = time.monotonic() + 60
        while answer.status_code == 202 and time.monotonic() < until:
            time.sleep(0.2)
            answer = node.get(answer.url.path)
        assert answer.status_code == 504
        assert "was stopped" in answer.text
        assert node.get("/jobs/nosuchjob").status_code == 404
