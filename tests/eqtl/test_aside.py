"""What is gathered aside comes back as it came, and whatever is sorted in pieces is as if it were sorted at once."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.eqtl import ingest, ingest_aside
from lifenode.eqtl.ingest_aside import Aside, whole_traits
from tests.eqtl.made import write


def frames_of(traits: list[int]) -> list[pl.DataFrame]:
    rows = pl.DataFrame({"molecular_trait_id": [f"T{trait}" for trait in traits], "n": range(len(traits))})
    return [rows[at : at + 7] for at in range(0, len(traits), 7)]


@pytest.mark.parametrize("most", [0, 10, 10**6])
def test_rows_come_back_by_key_in_their_order(most: int, tmp_path: Path) -> None:
    with Aside(tmp_path / "aside", most) as aside:
        for frame in frames_of([1, 2, 1, 3] * 20):
            for (trait,), rows in frame.partition_by("molecular_trait_id", as_dict=True).items():
                aside.add(str(trait), rows)
            aside.settle()
        assert aside.held() == ["T1", "T2", "T3"]
        assert aside.take("T1")["n"].to_list() == list(range(0, 80, 2))
        assert aside.held() == ["T2", "T3"]
        assert aside.take("T1").is_empty()
    assert not (tmp_path / "aside").exists()


@given(st.lists(st.integers(0, 30), max_size=200))
def test_no_trait_is_in_two_frames(tmp_path_factory: pytest.TempPathFactory, traits: list[int]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ingest_aside, "HELD_ROWS", 50)
        found = list(whole_traits(iter(frames_of(traits)), tmp_path_factory.getbasetemp() / "traits"))
    names = [set(frame["molecular_trait_id"]) for frame in found]
    assert sum(len(each) for each in names) == len(set(traits))
    for frame in found:
        assert all(rows["n"].is_sorted() for rows in frame.partition_by("molecular_trait_id"))
    assert sorted(number for frame in found for number in frame["n"]) == list(range(len(traits)))


def sets_of(number: int) -> list[dict[str, Any]]:
    rng = random.Random(number)
    rows: list[dict[str, Any]] = []
    for gene in range(30):
        trait, chromosome = f"ENSG{gene:011d}", "1" if gene % 3 else "X"
        place = rng.randint(1000, 5_000_000)
        for at in range(6):
            variant = f"chr{chromosome}_{place + at}_A_G"
            rows.append({
                "molecular_trait_id": trait, "gene_id": trait if gene % 5 else None, "cs_id": f"{trait}_L1",
                "variant": variant, "rsid": f"rs{place + at}", "cs_size": 6, "pip": 0.16, "pvalue": 0.001, "beta": 0.2,
                "se": 0.1, "z": 2.0, "cs_min_r2": 0.9, "region": f"chr{chromosome}:1-9000000",
            })  # fmt: skip
    rng.shuffle(rows)
    return rows


def test_credible_sets_in_pieces_are_those_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        write(tmp_path / f"files/QTD{number:06d}.credible_sets.tsv.gz", sets_of(number))
    found = []
    for held in (10**6, 40):
        monkeypatch.setattr(ingest_aside, "HELD_ROWS", held)
        place = tmp_path / f"catalogue-{held}"
        ingest(tmp_path / "files", place)
        tables = {}
        for table in ("credible_sets", "credible_sets_by_gene", "credible_sets_by_position", "signals"):
            order = ["chromosome", "dataset_id", "cs_id", *(["position"] if table != "signals" else [])]
            files = sorted((place / table).rglob("*.parquet"))
            frames = [pl.read_parquet(path, hive_partitioning=False) for path in files]
            if table != "credible_sets":
                tables[table] = pl.concat(frames).sort(order)
                by = "position" if table.endswith("position") else "gene_id"
                assert all(frame[by].is_sorted(nulls_last=True) for frame in frames)
        found.append(tables)
        assert not list(place.rglob("*.arrow"))
    assert all(found[0][name].equals(found[1][name]) for name in found[0])
    assert found[0]["signals"].height == 90
    assert found[0]["credible_sets_by_gene"].height == 540
