from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from lifenode.errors import Busy, InputTooLarge
from lifenode.settings import Settings
from lifenode.web.store import Store


def opened(folder: Path, **changes: float) -> Store:
    store = Store(replace(Settings(), state_dir=folder, **changes))  # type: ignore[arg-type]
    store.open()
    return store


def test_a_link_is_kept_once_and_found_by_another_process(tmp_path: Path) -> None:
    first, second = opened(tmp_path), opened(tmp_path)
    link = first.keep_link(b"question")
    assert second.keep_link(b"question") == link != second.keep_link(b"another")
    assert second.link(link) == b"question"
    assert first.link("nothing") is None
    first.close()
    second.close()


def test_gene_sets_are_found_by_their_token_only_and_expire(tmp_path: Path) -> None:
    store = opened(tmp_path)
    token = store.keep_gene_sets("mine", "a\tb\tc")
    assert token.startswith("gp__")
    assert token != store.keep_gene_sets("mine", "a\tb\tc")
    assert store.gene_sets(token) == ("mine", "a\tb\tc")
    assert store.drop_gene_sets(token)
    assert store.gene_sets(token) is None
    store.close()
    brief = opened(tmp_path, gene_sets_days=-1.0)
    assert brief.gene_sets(brief.keep_gene_sets("mine", "a\tb\tc")) is None
    brief.close()


def test_a_lone_surrogate_is_no_fault(tmp_path: Path) -> None:
    store = opened(tmp_path)
    assert store.gene_sets(store.keep_gene_sets("\ud800", "a\t\ud800\tc")) == ("?", "a\t?\tc")
    assert store.link("\ud800") is None
    store.close()


def test_room_is_bounded_in_bytes(tmp_path: Path) -> None:
    store = opened(tmp_path, gene_sets_bytes=10, links_bytes=10)
    store.keep_gene_sets("a", "x" * 6)
    with pytest.raises(InputTooLarge, match="GENE_SETS_BYTES"):
        store.keep_gene_sets("a", "é" * 3)
    store.keep_link(b"x" * 6)
    with pytest.raises(InputTooLarge, match="LINKS_BYTES"):
        store.keep_link(b"y" * 6)
    store.close()


def test_a_job_goes_to_one_process_and_is_run_again_once_after_its_death(tmp_path: Path) -> None:
    store = opened(tmp_path)
    job_id = store.add_job("enrich", b"{}")
    taken = store.claim_job("1:a", lambda owner: True)
    assert taken is not None
    assert (taken.id, taken.status) == (job_id, "running")
    assert store.claim_job("2:b", lambda owner: True) is None
    again = store.claim_job("2:b", lambda owner: False)
    assert again is not None
    assert again.id == job_id
    assert store.claim_job("3:c", lambda owner: False) is None
    lost = store.job(job_id)
    assert lost is not None
    assert (lost.status, b"ended twice" in lost.answer) == ("failed", True)
    store.close()


def test_old_jobs_are_forgotten(tmp_path: Path) -> None:
    store = opened(tmp_path, job_days=-1.0)
    first = store.add_job("enrich", b"{}")
    assert store.job(first) is not None
    store.add_job("enrich", b"{}")
    assert store.job(first) is None
    store.close()


def test_the_queue_is_bounded(tmp_path: Path) -> None:
    store = opened(tmp_path, max_jobs=1)
    store.add_job("enrich", b"{}")
    with pytest.raises(Busy, match="full"):
        store.add_job("enrich", b"{}")
    store.close()


def test_a_broken_file_stops_only_what_needs_it(tmp_path: Path) -> None:
    (tmp_path / "node.sqlite").write_bytes(os.urandom(4096))
    store = opened(tmp_path)
    assert store.problem
    with pytest.raises(Busy):
        store.keep_link(b"x")
    store.close()
