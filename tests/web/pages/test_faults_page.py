"""Problems are pages in a browser, and problem documents for programs."""

from __future__ import annotations

import re

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from lifenode.web.pages import faults
from tests.web.conftest import Opened

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/no-such-page", 404),
        ("/static/no.css", 404),
        ("/term/GO:0006954?organism=nobody", 404),
        ("/gene/IL6?organism=nobody", 404),
        ("/search?q=x&organism=nobody", 404),
        ("/links", 405),
        ("/enrich.docx", 406),
    ],
)
def test_a_browser_gets_a_page(node: TestClient, path: str, status: int) -> None:
    answer = node.get(path, headers=BROWSER)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-store"
    assert answer.text.count("<h1>") == 1
    assert f"Status {status}" in answer.text
    assert f'request <span class="mono">{answer.headers["x-request-id"]}</span>' in answer.text


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/json, text/html;q=0.5", "text/html;q=0", "q;q=x"]
)
def test_programs_get_a_document(node: TestClient, accept: str) -> None:
    answer = node.get("/no-such-page", headers={"Accept": accept})
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == 404


@pytest.mark.parametrize(
    "path", ["/api/v1/none", "/gprofiler/none", "/gplink/l/none", "/enrich.json", "/term/GO:9.tsv", "/none.svg"]
)
def test_addresses_of_data_keep_their_documents(node: TestClient, path: str) -> None:
    answer = node.get(path, headers=BROWSER)
    assert answer.status_code >= 400
    assert "json" in answer.headers["content-type"]


def test_the_allowed_methods_are_still_named(node: TestClient) -> None:
    answer = node.get("/links", headers=BROWSER)
    assert answer.headers["allow"] == "POST"
    assert "Use POST." in answer.text


def test_what_is_missing_can_be_searched_for(node: TestClient) -> None:
    text = node.get("/no-such-page", headers=BROWSER).text
    assert 'action="/search"' in text
    assert re.search(r'<input id="q" name="q"', text)


def test_too_many_requests_are_asked_to_wait(opened: Opened) -> None:
    with opened(rate_limit_per_second=0.001, rate_limit_burst=1) as client:
        assert client.get("/", headers=BROWSER).status_code == 200
        answer = client.get("/", headers=BROWSER)
    assert answer.status_code == 429
    assert answer.headers["content-type"].startswith("text/html")
    assert int(answer.headers["retry-after"]) > 0
    assert f"for {answer.headers['retry-after']} seconds" in answer.text


def test_a_busy_node_says_so_on_a_page(opened: Opened) -> None:
    with opened(max_concurrent_requests=0, max_waiting_requests=0) as client:
        answer = client.get("/", headers=BROWSER)
    assert answer.status_code == 503
    assert "The node serves as many requests as it can." in answer.text
    assert "for 1 second;" in answer.text


def test_a_fault_is_a_page_with_the_number_for_the_log(opened: Opened) -> None:
    async def broken(request: Request) -> None:
        raise RuntimeError("a secret")

    with opened() as client:
        client.app.add_route("/broken", broken)  # type: ignore[attr-defined] # any application has it
        answer = client.get("/broken", headers=BROWSER)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/html")
    assert "a secret" not in answer.text
    assert answer.headers["x-request-id"] in answer.text


def test_a_page_that_cannot_be_made_leaves_the_document(node: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the template is broken")

    monkeypatch.setattr(faults, "render", broken)
    answer = node.get("/no-such-page", headers=BROWSER)
    assert (answer.status_code, answer.json()["code"]) == (404, "http_404")
