"""Rows of many data sets in one order: the same whether they are sorted at once or window by window."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lifenode.eqtl import ingest_bins
from lifenode.eqtl.ingest_bins import sorted_bins
from lifenode.eqtl.layout import Part

ORDER = ["position", "alt", "ref", "dataset_id"]


def written(folder: Path, number: int, places: list[int]) -> tuple[str, Part]:
    rng = np.random.default_rng(number)
    alts = rng.choice(list("ACGT"), len(places))
    rows = pl.DataFrame({
        "position": pl.Series(sorted(places), dtype=pl.Int32), "ref": "N", "alt": alts, "beta": rng.random(len(places)),
    })  # fmt: skip
    rows.write_parquet(folder / f"{number}.parquet", row_group_size=50)
    return f"QTD{number:06d}", Part(f"{number}.parquet", len(places), 0, "", "1", min(places), max(places))


@pytest.mark.parametrize("window", [10, 57, 400, 10**6])
def test_windows_change_nothing(window: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest_bins, "WINDOW_ROWS", window)
    rng = np.random.default_rng(3)
    # Many rows at one position, a bin with a crowded corner, an empty bin, and one with a single row.
    crowd = [*rng.integers(999_000, 1_001_000, 150).tolist(), *[1_000_500] * 40, 3_999_999]
    parts = [written(tmp_path, number, [*crowd, number + 1]) for number in range(6)]
    aside = tmp_path / "aside"
    found = list(sorted_bins(tmp_path, parts, aside))
    every = pl.concat([
        pl.read_parquet(tmp_path / part.path).with_columns(dataset_id=pl.lit(name)) for name, part in parts
    ])  # fmt: skip
    assert pl.concat([rows for _, rows in found]).equals(every.sort(ORDER, maintain_order=True))
    assert {bin_ for bin_, _ in found} == {0, 1, 3}
    assert all((rows["position"] // 1_000_000 == bin_).all() for bin_, rows in found)
    assert all(rows.height <= window or rows["position"].n_unique() == 1 for _, rows in found)
    ends = [(rows["position"][0], rows["position"][-1]) for _, rows in found]
    assert all(one[1] < two[0] for one, two in pairwise(ends))
    assert not aside.exists()


def test_no_files_no_bins(tmp_path: Path) -> None:
    assert list(sorted_bins(tmp_path, [], tmp_path / "aside")) == []
