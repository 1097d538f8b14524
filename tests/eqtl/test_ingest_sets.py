"""Credible sets sorted a stretch at a time are those sorted as a whole, and stretches keep genes together."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from lifenode.eqtl.columns import CREDIBLE_SET_EXTRAS, CREDIBLE_SETS
from lifenode.eqtl.ingest_sets import rows_by_gene, rows_by_position


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Path]]:
    folder, draw, found = tmp_path_factory.mktemp("sets"), random.Random(3), []
    for name in ("QTD000001", "QTD000002", "QTD000003"):
        rows = [
            {"gene_id": draw.choice([None, *(f"ENSG{n:011d}" for n in range(40))]), "molecular_trait_id": "t",
             "cs_id": f"t_L{draw.randint(1, 9)}", "position": draw.randint(1, 3_000_000), "alt": draw.choice("ACGT"),
             "pip": draw.random(), "variant": f"v{number}"}
            for number in range(400)
        ]  # fmt: skip
        frame = pl.DataFrame(rows, schema={**CREDIBLE_SETS, **CREDIBLE_SET_EXTRAS})
        frame.write_parquet(folder / f"{name}.parquet")
        found.append((name, folder / f"{name}.parquet"))
    return found


@pytest.mark.parametrize("most", [1, 30, 500, 10**6])
def test_stretches_are_the_whole(files: list[tuple[str, Path]], most: int) -> None:
    for ordered, key in ((rows_by_gene, "gene_id"), (rows_by_position, "position")):
        frames = list(ordered(files, most))
        assert_frame_equal(pl.concat(frames), pl.concat(list(ordered(files, 10**9))))
        assert sum(frame.height for frame in frames) == 1200
        assert all(frame.height <= max(most, 60) for frame in frames[: -1 if key == "gene_id" else None])
        spans = [(frame[key].min(), frame[key].max()) for frame in frames if frame[key].null_count() < frame.height]
        assert all(str(one[1]).zfill(20) < str(two[0]).zfill(20) for one, two in pairwise(spans))
    assert len(list(rows_by_gene(files, most))) > 1 or most == 10**6


def test_nothing_is_nothing() -> None:
    assert list(rows_by_gene([])) == list(rows_by_position([])) == []
