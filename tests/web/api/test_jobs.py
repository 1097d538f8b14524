"""Questions answered later, on request."""

from __future__ import annotations

import time

from starlette.testclient import TestClient

import lifenode


def test_a_job_gives_the_same_answer(node: TestClient) -> None:
    asked = {"query": ["TP53", "MDM2"], "to": "ENSG"}
    answer = node.post("/api/v1/convert", json=asked, headers={"Prefer": "respond-async"})
    assert answer.status_code == 202
    assert int(answer.headers["retry-after"]) > 0
    address = answer.headers["location"]
    deadline = time.monotonic() + 30
    while (state := node.get(address)).status_code == 202:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert state.status_code == 200
    assert node.get(f"{address}/result").text == lifenode.convert(["TP53", "MDM2"], to="ENSG").to_json()
