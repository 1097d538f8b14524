"""Pages give every row once, in order, whatever their size; a walk outlives a new release, or is told."""

from __future__ import annotations

import base64
import json
import random
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from lifenode.eqtl import Catalogue, ingest
from lifenode.eqtl.catalogue_pages import association_page, table_page
from lifenode.eqtl.cursors import Cursor
from lifenode.eqtl.query_blocks import Blocks
from lifenode.eqtl.query_marks import Mark
from lifenode.errors import InvalidOption, StaleCursor, TookTooLong
from tests.eqtl.made import row, write
from tests.eqtl.test_catalogue import DATASETS, GENES, QUESTIONS, made_rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of six data sets, four of them in bins."""
    base = tmp_path_factory.mktemp("pages")
    for at, name in enumerate(DATASETS):
        write(base / f"in/{name}.all.tsv.gz", made_rows(at))
        if at == 3:
            ingest(base / "in", base / "cat", release="r7")
    ingest(base / "in", base / "cat", release="r7")
    return base / "cat"


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(folder, tmp_path / "cat"))


def walked(catalogue: Catalogue, question: dict[str, Any], sizes: list[int]) -> tuple[pl.DataFrame, set[int | None]]:
    """Return the rows of all pages, and the totals that they told."""
    frames, totals, cursor, turn = [], set(), None, 0
    while True:
        page = association_page(catalogue, question, sizes[turn % len(sizes)], cursor)
        frames.append(page.to_polars())
        totals.add(page.meta["total"])
        cursor, turn = page.meta["next"], turn + 1
        if cursor is None:
            return pl.concat(frames), totals
        assert page.meta["rows"] == sizes[(turn - 1) % len(sizes)]


@given(question=QUESTIONS, sizes=st.lists(st.sampled_from([1, 2, 3, 7, 40, 500]), min_size=1, max_size=3))
@examples(max_examples=60, deadline=None)
def test_pages_of_any_size_are_the_answer(folder: Path, question: dict[str, Any], sizes: list[int]) -> None:
    question = {name: value for name, value in question.items() if name not in ("quant_method", "tissue_label")}
    if "nlog10p" in question and not {"gene", "molecular_trait", "region", "variant", "rsid"} & set(question):
        del question["nlog10p"]
    catalogue = Catalogue(folder)
    whole = catalogue.associations(**question).to_polars()
    if whole.height > 300:
        sizes = [200 * size for size in sizes]
    rows, totals = walked(catalogue, question, sizes)
    assert_frame_equal(rows, whole)
    assert totals == {whole.height}


def test_a_walk_keeps_to_its_releases(own: Path, tmp_path: Path) -> None:
    catalogue, question = Catalogue(own), {"gene": GENES[0]}
    whole = catalogue.associations(GENES[0]).to_polars()
    first = association_page(catalogue, question, 100)
    write(tmp_path / "new" / f"{DATASETS[0]}.all.tsv.gz", [row(5, GENES[0])])
    ingest(tmp_path / "new", own, release="r8")
    assert association_page(catalogue, question, 100).meta["releases"] == ["r7", "r8"]
    rows, cursor = [first.to_polars()], first.meta["next"]
    while cursor is not None:
        page = association_page(Catalogue(own), question, 100, cursor)
        assert page.meta["releases"] == ["r7"]
        rows.append(page.to_polars())
        cursor = page.meta["next"]
    assert_frame_equal(pl.concat(rows), whole)
    for kind in ("manifest", "metadata"):
        shutil.rmtree(own / kind / "release=r7", ignore_errors=True)
    with pytest.raises(StaleCursor, match="'r7' is no longer held") as refused:
        association_page(Catalogue(own), question, 100, first.meta["next"])
    assert "without the cursor" in refused.value.next_step


def test_a_data_set_that_was_replaced_ends_the_walk(own: Path, tmp_path: Path) -> None:
    catalogue, question = Catalogue(own), {"gene": GENES[0]}
    first = association_page(catalogue, question, 3)
    table = table_page(catalogue, "top_variants", question, 3)
    write(tmp_path / "new" / f"{DATASETS[0]}.all.tsv.gz", made_rows(9))
    ingest(tmp_path / "new", own, release="r7")
    with pytest.raises(StaleCursor, match=DATASETS[0]):
        association_page(catalogue, question, 3, first.meta["next"])
    with pytest.raises(StaleCursor, match="replaced or lost"):
        table_page(catalogue, "top_variants", question, 3, table.meta["next"])


def test_tables_come_in_pages_as_well(folder: Path) -> None:
    catalogue, question = Catalogue(folder), {"gene": GENES}
    whole = catalogue.top_variants(GENES).to_polars()
    rows, cursor = [], None
    while True:
        page = table_page(catalogue, "top_variants", question, 7, cursor)
        assert page.meta["total"] == whole.height
        rows.append(page.to_polars())
        cursor = page.meta["next"]
        if cursor is None:
            break
    assert_frame_equal(pl.concat(rows), whole)


def test_a_lost_data_set_is_told_and_the_others_answer(own: Path) -> None:
    next((own / "assoc_trait/release=r7" / f"dataset={DATASETS[1]}").rglob("*.parquet")).unlink()
    rows, cursor = [], None
    while True:
        page = association_page(Catalogue(own), {"gene": GENES[0]}, 50, cursor)
        rows.append(page.to_polars())
        if (cursor := page.meta["next"]) is None:
            break
    found = pl.concat(rows)["dataset_id"].unique().sort().to_list()
    assert found == [DATASETS[0], *DATASETS[2:]]
    assert not page.meta["complete"]
    every = association_page(Catalogue(own), {"gene": GENES[0]}, 10_000)
    assert list(every.meta["unavailable"]) == [DATASETS[1]]
    assert "is missing" in every.meta["unavailable"][DATASETS[1]]


def test_time_is_limited(folder: Path) -> None:
    with pytest.raises(TookTooLong):
        association_page(Catalogue(folder), {}, 50_000, seconds=0.0)


def test_a_cursor_reads_back() -> None:
    cursor = Cursor("q", ("r7", "r8"), "r7/ab", 3, Mark("QTD000001", "X", 7, "t_ü", 2), 12)
    assert Cursor.of_text(cursor.to_text()) == cursor
    assert set(cursor.to_text()) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(text=st.one_of(st.text(), st.binary().map(lambda value: value.hex())))
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(InvalidOption, match="is none that was given out"):
        Cursor.of_text(text)


@pytest.mark.parametrize("change", [{"offset": -1}, {"offset": 1.5}, {"releases": [1]}, {"total": "x"}, {"more": 1}])
def test_a_cursor_that_was_changed_is_refused(change: dict[str, Any]) -> None:
    given = {"question": "q", "releases": ["r7"], "held": "h", "offset": 0, "mark": None, "total": 1} | change
    text = base64.urlsafe_b64encode(json.dumps(given).encode()).decode()
    with pytest.raises(InvalidOption):
        Cursor.of_text(text)


def test_a_cursor_of_another_question_is_refused(folder: Path) -> None:
    catalogue = Catalogue(folder)
    cursor = association_page(catalogue, {"gene": GENES[0]}, 3).meta["next"]
    with pytest.raises(InvalidOption, match="another question"):
        association_page(catalogue, {"gene": GENES[1]}, 3, cursor)
    with pytest.raises(InvalidOption, match="another question"):
        table_page(catalogue, "top_variants", {"gene": GENES[0]}, 3, cursor)


@given(start=st.integers(0, 199_999), count=st.integers(0, 200_000), room=st.sampled_from([0, 400_000, 10**9]))
@examples(max_examples=30, deadline=None)
def test_blocks_are_the_rows_of_the_file(
    tmp_path_factory: pytest.TempPathFactory, start: int, count: int, room: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "blocks.parquet"
    if not file.exists():
        drawn = random.Random(1)
        pl.DataFrame({"a": [drawn.random() for _ in range(200_000)]}).write_parquet(file, row_group_size=65_536)
    blocks = Blocks(room)
    for _ in range(2):
        assert_frame_equal(blocks.rows(file, start, count), pl.read_parquet(file)[start : start + count])


def test_a_gene_is_found_beside_data_sets_without_genes_or_expression(tmp_path: Path) -> None:
    for number in range(1, 6):
        rows = [row(at, GENES[0], median_tpm=None if number == 2 else 1.5) for at in range(1, 9)]
        write(tmp_path / f"in/QTD00000{number}.all.tsv", rows)
    gwas = [{"chr": "5", "pos": at, "ref": "A", "alt": "G", "beta": 0.1, "se": 0.1, "p": 0.3} for at in range(1, 9)]
    write(tmp_path / "in/height.tsv", gwas)
    ingest(tmp_path / "in", tmp_path / "cat")
    catalogue = Catalogue(tmp_path / "cat")
    assert catalogue.datasets().to_polars()["quant_method"].to_list().count("gwas") == 1
    rows_of, totals = walked(catalogue, {"gene": GENES[0]}, [7])
    assert (rows_of.height, totals) == (40, {40})
    assert rows_of["median_tpm"].null_count() == 8
    assert catalogue.genes() == [GENES[0]]
    assert "height" in catalogue.molecular_traits()
    assert catalogue.top_variants(GENES[0]).to_polars().height == 5
