"""Every limit of a request is enforced, by its setting and without a fault."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
from dataclasses import replace
from typing import Any

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lifenode.settings import Settings
from lifenode.web.limits import Overload
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


def test_all_bodies_together_have_a_limit_that_is_free_again_afterwards(opened: Opened) -> None:
    with opened(bodies_bytes=1_000) as node:
        for _ in range(3):
            assert node.post(CONVERT, content=BODY + b" " * 900).status_code == 200
            refused = node.post(CONVERT, content=BODY + b" " * 1_000)
            assert is_problem(refused, 503)
            assert int(refused.headers["retry-after"]) >= 1
        packed = gzip.compress(BODY + b" " * 1_000)
        assert is_problem(node.post(CONVERT, content=packed, headers={"content-encoding": "gzip"}), 503)


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


def test_compatible_clients_have_a_limit_of_their_own_and_are_told(opened: Opened) -> None:
    asked = {"organism": "scerevisiae", "query": ["ACT1"], "background": ["ACT1", "CDC28", "CLN1"]}
    with opened(interactive_seconds=0.001) as node:
        assert node.post(PROFILE, json=asked).status_code == 200
    with opened(client_seconds=0.001) as node:
        answer = node.post(PROFILE, json=asked)
        assert (answer.status_code, answer.json()["code"]) == (504, "took_too_long")
        assert "0.001 seconds" in answer.json()["message"]


def test_every_refusal_has_a_message_for_compatible_clients(opened: Opened) -> None:
    limits = {"max_body_bytes": 1_000, "rate_limit_per_second": 0.01, "rate_limit_burst": 5}
    with opened(**limits) as node, opened(max_concurrent_requests=0, max_waiting_requests=0) as full:
        answers = [
            node.get("/gprofiler/nowhere"),
            node.put(PROFILE, json={}),
            node.post(PROFILE, content=b"{"),
            node.post(PROFILE, content=b" " * 1_001),
            node.post(PROFILE, json={"organism": "nothing", "query": ["A"]}),
            node.post(PROFILE, json={}),
            full.post(PROFILE, json={}),
        ]
    assert [answer.status_code for answer in answers] == [404, 405, 400, 413, 404, 429, 503]
    for answer in answers:
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.json()["message"].startswith(answer.json()["detail"])
        assert ("retry-after" in answer.headers) == (answer.status_code in (429, 503))
    assert answers[1].headers["allow"] == "POST"


def test_answers_kept_for_a_repetition_are_bounded(opened: Opened) -> None:
    asked = {"organism": "scerevisiae", "query": ["ACT1", "CDC28"]}
    for most, kept in ((0, 0), (1_000_000, 1)):
        with opened(answer_cache_bytes=most) as node:
            first, again = (node.post(PROFILE, json=asked).json() for _ in range(2))
            assert first["result"] == again["result"]
            assert len(node.app.state.gprofiler_cache) == kept  # type: ignore[attr-defined]


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
    b'{"query":' * 1_000 + b"1" + b"}" * 1_000,
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


def test_a_short_burst_is_served_and_a_long_one_refused() -> None:
    """Two places, a waiting room of three: of seven requests at once two are refused at once, and five are served."""

    async def scenario() -> None:
        gate, served = asyncio.Event(), list[int]()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await gate.wait()
            served.append(scope["number"])
            await Response(b"done")(scope, receive, send)

        guard = Overload(app, replace(Settings(), max_concurrent_requests=2, max_waiting_requests=3))
        asked = [asyncio.create_task(status_of(guard, number)) for number in range(7)]
        done, _ = await asyncio.wait(asked[5:], timeout=5)
        assert [task.result() for task in done] == [503, 503]
        gate.set()
        assert await asyncio.gather(*asked[:5]) == [200] * 5
        assert served == [0, 1, 2, 3, 4]
        assert await status_of(guard, 7) == 200

    asyncio.run(scenario())


def test_the_wait_for_a_place_is_bounded_in_time() -> None:
    async def scenario() -> None:
        gate = asyncio.Event()

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await gate.wait()
            await Response(b"done")(scope, receive, send)

        guard = Overload(app, replace(Settings(), max_concurrent_requests=1, waiting_seconds=0.05))
        first, second, third = (asyncio.create_task(status_of(guard, number)) for number in range(3))
        assert await second == 503
        third.cancel()
        gate.set()
        assert await first == 200
        assert await status_of(guard, 3) == 200

    asyncio.run(scenario())


def test_a_client_that_takes_its_answer_slowly_holds_no_place() -> None:
    async def scenario() -> None:
        taken = asyncio.Event()
        guard = Overload(Response(b"done"), replace(Settings(), max_concurrent_requests=1, max_waiting_requests=0))
        slow = asyncio.create_task(status_of(guard, 0, taken))
        await asyncio.sleep(0.01)
        assert await status_of(guard, 1) == 200
        taken.set()
        assert await slow == 200

    asyncio.run(scenario())


async def status_of(app: ASGIApp, number: int, taken: asyncio.Event | None = None) -> int:
    """Ask `app`; what it sends is taken once `taken` is set."""
    seen: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if taken is not None:
            await taken.wait()
        if message["type"] == "http.response.start":
            seen.append(message["status"])

    await app({"type": "http", "method": "GET", "path": "/", "headers": [], "number": number}, receive, send)
    return seen[0]


def test_more_requests_than_are_served_at_a_time_are_told_to_come_again(opened: Opened) -> None:
    with opened(max_concurrent_requests=0, max_waiting_requests=0) as node:
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
