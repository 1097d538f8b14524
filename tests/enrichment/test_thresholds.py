from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from lifenode.enrichment import engine, minimum_p
from lifenode.enrichment.domain import build_domain
from lifenode.enrichment.grid import LONGEST_OTHER, add_thresholds, grid_sizes, other_sizes
from lifenode.enrichment.membership import Membership
from lifenode.enrichment.minimum_p import Threshold
from lifenode.enrichment.thresholds import ThresholdBook
from lifenode.enrichment.world import pack_world
from lifenode.errors import TamperedPack
from lifenode.packs.pack import Pack, open_pack
from tests.packs import small_pack


def book(organism: str = "ggallus") -> ThresholdBook:
    return pack_world(open_pack(organism), False).book("annotated", None, None, None)


def fresh(given: ThresholdBook, identity: str = "test") -> ThresholdBook:
    """Return the same family without the pack's grid."""
    return ThresholdBook(given.domain, given.eligible, identity)


def test_grid_covers_every_small_list_and_the_whole_domain() -> None:
    sizes = grid_sizes(17_000)
    assert sizes[:100] == list(range(1, 101))
    assert sizes[-1] == 17_000
    assert max(b / a for a, b in pairwise(sizes[99:])) < 1.025
    assert grid_sizes(3) == [1, 2, 3]
    assert grid_sizes(0) == []


def test_the_pack_carries_what_drawing_now_gives(monkeypatch: pytest.MonkeyPatch) -> None:
    """The grid is reproducible: same seed, same lists, same thresholds, to the bit."""
    given = book()
    source = given.domain.collection.sources.index("WP")
    for size in (3, 40, 102):
        assert fresh(given).get(source, size) == given.get(source, size)


def test_between_two_grid_sizes_the_threshold_lies_between_theirs() -> None:
    given = book()
    low, middle, high = (given.get(1, size) for size in (102, 103, 104))
    assert given.grid is not None
    assert 103 not in given.grid.list_size
    assert min(low.value, high.value) <= middle.value <= max(low.value, high.value)
    drawn = fresh(given).get(1, 103)
    assert middle.value == pytest.approx(drawn.value, rel=0.25)


def test_the_other_grid_is_coarser_and_ends_earlier() -> None:
    sizes = other_sizes(17_000)
    assert sizes[:30] == list(range(1, 31))
    assert sizes[-1] == LONGEST_OTHER
    assert max(b / a for a, b in pairwise(sizes[29:])) < 1.07
    assert other_sizes(40)[-1] == 40


@pytest.mark.parametrize(
    ("scope", "over", "ordered"),
    [("annotated", False, False), ("known", True, False), ("known", True, True), ("known", False, False)],
)
def test_the_pack_carries_other_families_too(scope: str, over: bool, ordered: bool) -> None:
    world = pack_world(open_pack("ggallus"), False)
    given = world.book(scope, None, None, None)
    source = given.domain.collection.sources.index("WP")
    for size in (3, 30):
        ready = given.get(source, size, ordered=ordered, over=over)
        assert ready == fresh(given).get(source, size, ordered=ordered, over=over)
    assert given.grid is not None
    known, under = scope == "known", not over
    assert given.grid.find(source, LONGEST_OTHER + 1, ordered=ordered, known=known, under=under) is None


def test_families_of_a_background_or_of_size_limits_have_no_grid() -> None:
    world = pack_world(open_pack("ggallus"), False)
    assert world.book("custom", np.arange(900), None, None).grid is None
    assert world.book("known", None, 5, None).grid is None
    assert world.book("annotated", None, None, 500).grid is None


def test_a_pack_without_the_other_table_draws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_NULL_DRAWS", "400")
    folder = small_pack.SmallPack().write(tmp_path / "small")
    add_thresholds(folder)
    listed = json.loads((folder / "manifest.json").read_text())
    del listed["files"]["other_thresholds.parquet"]
    (folder / "manifest.json").write_text(json.dumps(listed))
    (folder / "other_thresholds.parquet").unlink()
    engine.reset()
    world = pack_world(open_pack(folder), False)
    assert world.grid is not None
    assert world.grid.find(0, 2, ordered=False) is not None
    assert world.grid.find(0, 2, ordered=False, under=True) is None
    assert world.book("annotated", None, None, None).get(0, 2, over=False).draws == 400


def test_drawn_thresholds_are_kept_on_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("LIFENODE_NULL_DRAWS", "2000")
    first = fresh(book()).get(0, 7)
    calls: list[int] = []
    monkeypatch.setattr(minimum_p, "thresholds", lambda *_, **__: calls.append(1))
    assert fresh(book()).get(0, 7) == first
    assert not calls
    files = list(tmp_path.glob("thresholds-1/*.json"))
    assert len(files) == 1
    files[0].write_text("{broken")
    monkeypatch.undo()
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("LIFENODE_NULL_DRAWS", "2000")
    assert fresh(book()).get(0, 7) == first


def test_another_seed_or_family_has_a_cache_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    given = fresh(book())
    names = {given._cache_file(0, False, True).name, given._cache_file(0, True, True).name}
    monkeypatch.setenv("LIFENODE_SEED", "5")
    names.add(given._cache_file(0, False, True).name)
    narrower = ThresholdBook(given.domain, given.eligible & (given.domain.term_sizes > 5), "test")
    names.add(narrower._cache_file(0, False, True).name)
    names.add(fresh(book(), "another")._cache_file(0, False, True).name)
    assert len(names) == 5


def test_several_sizes_are_drawn_in_one_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path))
    seen: list[list[int]] = []

    def fake(membership: Membership, sizes: list[int], **_: object) -> list[Threshold]:
        seen.append(list(sizes))
        return [Threshold(1e-4, 1e-4, 0.05, 10) for _ in sizes]

    monkeypatch.setattr(minimum_p, "thresholds", fake)
    given = fresh(book())
    given.prepare(0, [9, 5, 9, 0, 7])
    given.get(0, 5)
    assert seen == [[5, 7, 9]]


def test_thresholds_are_added_to_a_pack_and_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_NULL_DRAWS", "400")
    folder = small_pack.SmallPack().write(tmp_path / "small")
    assert pack_world(open_pack(folder), False).grid is None
    lines: list[str] = []
    add_thresholds(folder, lines.append)
    engine.reset()
    pack = open_pack(folder)
    pack.verify()
    assert any("GO:BP ordered" in line for line in lines)
    assert any("GO:BP without IEA" in line for line in lines)
    assert any("GO:BP known ordered" in line for line in lines)
    for name, families in (("thresholds", 2), ("other_thresholds", 4)):
        table = pl.read_parquet(folder / f"{name}.parquet")
        assert set(table["source"]) == set(pack.annotations().sources)
        assert table["probability"].max() <= 0.05  # type: ignore[operator]
        kinds = [column for column in ("domain", "under", "ordered") if column in table.columns]
        assert len(table.select(kinds).unique()) == families
    grid = pack_world(pack, False).grid
    assert grid is not None
    assert grid.draws == 400
    damaged = (folder / "thresholds.parquet").read_bytes()
    (folder / "thresholds.parquet").write_bytes(damaged[:-1] + b"x")
    with pytest.raises(TamperedPack, match=r"thresholds\.parquet"):
        open_pack(folder).verify()


class TestDomains:
    """On the small pack, whose sets can be counted by eye."""

    @pytest.fixture
    def pack(self, tmp_path: Path) -> Pack:
        return open_pack(small_pack.SmallPack().write(tmp_path / "small"))

    def test_each_scope(self, pack: Pack) -> None:
        annotations = pack.annotations()
        known = np.asarray(pack.genes().primary)
        background = np.array([0, 1, 4])
        sizes = {
            scope: build_domain(annotations, scope, known, background if "custom" in scope else None).sizes.tolist()
            for scope in ("annotated", "known", "custom", "custom_annotated")
        }
        annotated = [len(set(annotations.source_genes[a:b])) for a, b in zip(
            annotations.source_gene_indptr[:-1], annotations.source_gene_indptr[1:], strict=True)]  # fmt: skip
        assert sizes["annotated"] == annotated
        assert sizes["known"] == [4] * len(annotated)
        assert sizes["custom"] == [3] * len(annotated)
        assert all(c <= min(3, a) for c, a in zip(sizes["custom_annotated"], annotated, strict=True))

    def test_terms_shrink_to_the_background(self, pack: Pack) -> None:
        annotations = pack.annotations()
        known = np.asarray(pack.genes().primary)
        domain = build_domain(annotations, "custom", known, np.array([1, 4]))
        for term in range(len(annotations.term_ids)):
            start, end = annotations.term_indptr[term : term + 2]
            assert domain.term_sizes[term] == len(set(annotations.term_genes[start:end]) & {1, 4})
