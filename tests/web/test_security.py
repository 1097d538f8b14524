"""What every answer carries, and what is refused before it is looked at."""

from __future__ import annotations

import logging

import pytest

from tests.web.conftest import Opened


def test_every_answer_carries_the_headers(opened: Opened) -> None:
    with opened(max_body_bytes=100) as node:
        answers = [
            node.get("/healthz"),
            node.get("/nowhere"),
            node.get("/api/v1/organisms"),
            node.post("/api/v1/enrich", json={"qeury": []}),
            node.post("/api/v1/enrich", content=b" " * 101),
            node.request("TRACE", "/healthz"),
        ]
        assert [answer.status_code for answer in answers] == [200, 404, 200, 422, 413, 405]
        for answer in answers:
            policy = answer.headers["content-security-policy"]
            assert "default-src 'self'" in policy
            assert "unsafe" not in policy
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["referrer-policy"]
            assert answer.headers["cross-origin-opener-policy"] == "same-origin"
            assert len(answer.headers["x-request-id"]) == 16
            assert "strict-transport-security" not in answer.headers
        assert answers[3].json()["request_id"] == answers[3].headers["x-request-id"]


def test_over_tls_browsers_are_told_to_stay_there(opened: Opened) -> None:
    with opened() as node:
        assert "max-age=31536000" in node.get("https://testserver/healthz").headers["strict-transport-security"]


def test_only_a_proxy_of_ours_may_say_that_it_is_tls(opened: Opened) -> None:
    said = {"x-forwarded-proto": "https"}
    with opened(trusted_proxies="testclient") as node:
        assert "strict-transport-security" in node.get("/healthz", headers=said).headers
        assert "strict-transport-security" not in node.get("/healthz").headers
    with opened() as node:
        assert "strict-transport-security" not in node.get("/healthz", headers=said).headers


def test_apis_are_open_to_pages_of_other_sites_without_credentials(opened: Opened) -> None:
    asked = {"origin": "https://example.org", "access-control-request-method": "POST"}
    with opened() as node:
        answer = node.options("/gprofiler/api/gost/profile/", headers=asked)
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, "*")
        assert "access-control-allow-credentials" not in answer.headers
        assert "access-control-allow-origin" not in node.get("/healthz").headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "https://example.org"}, 403),
        ({"sec-fetch-site": "same-origin"}, 404),
        ({"origin": "http://testserver"}, 404),
        ({}, 404),
    ],
)
def test_a_page_of_another_site_cannot_post_here(opened: Opened, headers: dict[str, str], status: int) -> None:
    with opened() as node:
        assert node.post("/nowhere", headers=headers).status_code == status


def test_a_malformed_host_is_refused(opened: Opened) -> None:
    with opened() as node:
        assert node.get("/healthz", headers={"host": "a b"}).status_code == 400


def test_the_log_holds_no_query_and_no_secret(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    with opened() as node:
        node.get("/api/v1/convert?query=TP53")
        node.post("/api/v1/convert", json={"query": ["TP53"]})
        node.get("/gplink/l/verysecretlink")
        node.get("/a%0Ab")
    mine = [record.getMessage() for record in caplog.records if record.name == "lifenode.access"]
    assert len(mine) == 4
    assert not any("TP53" in line or "secret" in line or "\n" in line for line in mine)
