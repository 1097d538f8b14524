"""Every limit of a request is enforced, by its setting and without a fault."""

from __future__ import annotations

import gzip
import json
import random
from typing import Any

import pytest

from tests.web.conftest import Opened

CONVERT = "/api/v1/convert"
PROFILE = "/gprofiler/api/gost/profile/"
BODY = json.dumps({"query": ["IL6"]}).encode()


def is_problem(answer: Any, status: int) -> bool:
    body = answer.json()
    assert answer.headers["content-type"].startswith("application/problem+json")
    return bool(answer.status_code == body["status"] == status and body["code"] and body["detail"])


def test_a_body_beyond_the_limit_is_refused_by_its_declared_and_by_its_real_size(opened: Opened) -> None:
    with opened(max_body_bytes=1000) as node:
        assert node.post(CONVERT, content=BODY).status_code == 200
        assert is_problem(node.post(CONVERT, content=b" " * 1001), 413)
        assert is_problem(node.post(CONVERT, content=iter([b" " * 600, b" " * 600])), 413)


def test_uploads_have_a_limit_of_their_own(opened: Opened) -> None:
    gmt = "".join(f"set{number}\tx\tIL6\tTNF\n" for number in range(100))
    with opened(max_body_bytes=100, max_upload_bytes=10_000) as node:
        assert node.post("/api/v1/gene-sets", json={"name": "mine", "gmt": gmt}).status_code < 300
        assert is_problem(node.post("/api/v1/gene-sets", content=b" " * 10_001), 413)


def test_packed_bodies_count_unpacked(opened: Opened) -> None:
    packed = {"content-encoding": "gzip"}
    with opened(max_body_bytes=2_000_000) as node:
        assert node.post(CONVERT, content=gzip.compress(BODY), headers=packed).status_code == 200
        assert is_problem(node.post(CONVERT, content=gzip.compress(b" " * 3_000_000), headers=packed), 413)
        # Within the limit, but a thousand times its packed size.
        assert is_problem(node.post(CONVERT, content=gzip.compress(b" " * 1_900_000), headers=packed), 413)


@pytest.mark.parametrize(
    ("content", "encoding", "status"),
    [
        (gzip.compress(BODY)[:-4], "gzip", 400),
        (gzip.compress(BODY) + b"more", "gzip", 400),
        (gzip.compress(BODY) + gzip.compress(BODY), "gzip", 400),
        (BODY, "gzip", 400),
        (BODY, "br", 415),
    ],
    ids=["cut off", "more behind", "two members", "not packed", "foreign"],
)
def test_a_broken_or_foreign_encoding_is_refused(opened: Opened, content: bytes, encoding: str, status: int) -> None:
    with opened() as node:
        assert is_problem(node.post(CONVERT, content=content, headers={"content-encoding": encoding}), status)


def test_a_request_holds_a_bounded_number_of_lists(opened: Opened) -> None:
    many = {"organism": "scerevisiae", "query": {f"list {number}": ["ACT1"] for number in range(101)}}
    with opened() as node:
        assert is_problem(node.post("/api/v1/enrich", json=many), 413)
        assert node.post(PROFILE, json=many).status_code == 413


ODD = [
    b"[" * 10_000,
    b'{"query":' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    b'{"query": [NaN]}',
    b'{"query": [1e308, 1e999]}',
    b'{"query": [' + b"9" * 5_000 + b"]}",
    b'{"query": ["\\ud800"]}',
    b'{"query": ["a\\u0000b"]}',
    b"\xef\xbb\xbf" + BODY,
    b"\xff\xfe",
    b"",
    b"null",
    b"[]",
    b'{"query": {"a": {"b": ["IL6"]}}}',
]


@pytest.mark.parametrize("path", [CONVERT, "/api/v1/enrich", PROFILE, "/gprofiler/api/convert/convert", "/gplink/l"])
def test_odd_json_is_answered_without_a_fault(opened: Opened, path: str) -> None:
    with opened() as node:
        for body in ODD:
            answer = node.post(path, content=body, headers={"content-type": "application/json"})
            assert answer.status_code < 500, (body[:60], answer.text)


def test_random_bodies_give_no_fault(opened: Opened) -> None:
    random.seed(7)
    paths = (CONVERT, "/api/v1/enrich", PROFILE, "/gprofiler/api/snpense/snpense", "/gprofiler/api/gost/custom/")
    with opened() as node:
        for number in range(1_000):
            body = random.randbytes(random.randrange(60)) if number % 2 else bytearray(BODY)
            if isinstance(body, bytearray):
                body[random.randrange(len(body))] = random.randrange(256)
            answer = node.post(random.choice(paths), content=bytes(body))
            assert answer.status_code < 500, (bytes(body), answer.text)


def test_more_requests_than_are_served_at_a_time_are_told_to_come_again(opened: Opened) -> None:
    with opened(max_concurrent_requests=0) as node:
        answer = node.post(CONVERT, content=BODY)
        assert is_problem(answer, 503)
        assert int(answer.headers["retry-after"]) >= 1
        assert node.get("/healthz").status_code == 200


def test_an_address_that_asks_too_often_is_told_how_long_to_wait(opened: Opened) -> None:
    with opened(rate_limit_per_second=0.01, rate_limit_burst=3) as node:
        seen = [node.get("/api/v1/organisms").status_code for _ in range(5)]
        assert seen == [200, 200, 200, 429, 429]
        answer = node.get("/api/v1/organisms", headers={"x-forwarded-for": "192.0.2.7"})
        assert is_problem(answer, 429), "a header anybody can send must not help"
        assert int(answer.headers["retry-after"]) > 1


def test_a_proxy_of_ours_may_say_who_asks(opened: Opened) -> None:
    with opened(rate_limit_per_second=0.01, rate_limit_burst=1, trusted_proxies="testclient") as node:
        first, second = ({"x-forwarded-for": f"198.51.100.1, 192.0.2.{n}"} for n in (1, 2))
        asked = [node.get("/api/v1/organisms", headers=headers).status_code for headers in (first, second, first)]
        assert asked == [200, 200, 429]
