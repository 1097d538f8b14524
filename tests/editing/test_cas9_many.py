"""Many targets: the same lines whatever computed them, faults told by name, and what was done is not done again."""

from __future__ import annotations

import random
from pathlib import Path

import polars
import pytest

from lifenode.editing import cas9, cas9_batch, read_target
from lifenode.editing.cas9_many import COLUMNS, Cas9Batch
from lifenode.errors import BatchFailed, EmptyInput, InvalidOption, OutputError, UnknownName
from lifenode.settings import settings

KNOWN = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"


def table_of(count: int, seed: int = 7) -> str:
    draw = random.Random(seed)
    lines = ["ID\tTarget\tPAM Index"]
    for number in range(count):
        letters = "".join(draw.choices("ACGT", k=79))
        lines.append(f"t{number}\t{letters[:42]}AGG{letters[45:]}\t42")
    return "\n".join(lines)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_CACHE_DIR", str(tmp_path / "cache"))


def kept() -> list[Path]:
    return list((settings().cache_dir / "batches").glob("*/*"))


def test_lines_are_the_facts_of_the_targets() -> None:
    text = table_of(20)
    table = cas9_batch(text)
    one_by_one = cas9(text)
    assert table.column_names == tuple(column.name for column in COLUMNS)
    assert list(table["target"]) == [one.name for one in one_by_one.targets]
    for row in table:
        facts = one_by_one.meta["targets"][row["target"]]
        for name in ("frameshift", "in_frame", "insertions", "deletions", "microhomology", "entropy", "top"):
            assert row[name] == facts[name]
        assert row["cut"] == 39
        assert row["guide"] == facts["guide"]
    best = [row for row in one_by_one if row["target"] == "t3"]
    top = sum(row["probability"] for row in best if row["outcome"] == best[0]["outcome"])
    assert table["top_percent"][3] == pytest.approx(100 * top)
    assert not kept()


def test_every_site_has_a_line_where_no_pam_is_named() -> None:
    table = cas9_batch({"readme": KNOWN, "again": KNOWN.lower()})
    sites = [one.name for one in cas9({"readme": KNOWN, "again": KNOWN}).targets]
    assert list(table["target"]) == sites
    assert table["notes"][-1] == ["lower-case letters were read as capitals"]
    assert table["notes"][0] == []


def test_processes_give_the_same_bytes(tmp_path: Path) -> None:
    text = table_of(40)
    alone, shared = tmp_path / "alone.tsv", tmp_path / "shared.tsv"
    one = cas9_batch(text, profiles=alone, workers=1)
    two = cas9_batch(text, profiles=shared, workers=2)
    assert one.to_tsv() == two.to_tsv()
    assert alone.read_bytes() == shared.read_bytes() == cas9(text).to_tsv().encode()


def test_profiles_come_in_several_forms(tmp_path: Path) -> None:
    text = table_of(35)
    expected = cas9(text)
    for ending in ("csv", "jsonl", "parquet"):
        place = tmp_path / f"profiles.{ending}"
        cas9_batch(text, profiles=place)
        if ending == "parquet":
            assert polars.read_parquet(place).equals(expected.to_polars())
        else:
            assert place.read_bytes() == expected.to_bytes(ending)
    with pytest.raises(InvalidOption, match=r"End it in \.tsv"):
        cas9_batch(text, profiles=tmp_path / "profiles.xlsx")
    with pytest.raises(OutputError, match="cannot be written"):
        cas9_batch(text, profiles=tmp_path / "nowhere" / "profiles.tsv")


def test_targets_at_fault_do_not_stop_the_others(tmp_path: Path) -> None:
    lines = table_of(30).split("\n")
    lines.insert(5, "bad\tACGTN\t2")
    lines.insert(20, f"wrong\t{KNOWN}\t40")
    with pytest.raises(BatchFailed, match=r"2 of 32 targets.*bad has 'N' at base 5.*wrong has AGC") as caught:
        cas9_batch("\n".join(lines), profiles=tmp_path / "profiles.tsv")
    partial = vars(caught.value)["partial"]
    assert [name for name, _ in vars(caught.value)["errors"]] == ["bad", "wrong"]
    assert partial.to_tsv() == cas9_batch(table_of(30)).to_tsv()
    assert (tmp_path / "profiles.tsv").read_text() == cas9(table_of(30)).to_tsv()
    assert not kept()


def test_all_at_fault_is_an_empty_table() -> None:
    with pytest.raises(BatchFailed) as caught:
        cas9_batch("bad\tACGT\t2")
    assert len(vars(caught.value)["partial"]) == 0
    assert vars(caught.value)["partial"].column_names[0] == "target"


def test_what_was_done_is_not_done_again(tmp_path: Path) -> None:
    text, place = table_of(48), tmp_path / "profiles.tsv"
    expected = cas9_batch(text, profiles=tmp_path / "whole.tsv").to_tsv()

    def stop(done: int, every: int) -> None:
        if done >= every // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cas9_batch(text, profiles=place, progress=stop)
    assert not place.exists()
    run = Cas9Batch.of(text, profiles=place)
    before = run.kept.done()
    assert 24 <= before < 48
    assert Cas9Batch.of(text).kept.done() == Cas9Batch.of(text, "LIG4", profiles=place).kept.done() == 0
    # What was done is only read: a mark put into it stays.
    for part in kept():
        if part.suffix == ".json":
            part.write_text(part.read_text().replace('"guide": ["', '"guide": ["kept '))
    resumed = run.run(workers=1)
    marked = [str(guide).startswith("kept ") for guide in resumed["guide"]]
    assert 0 < sum(marked) <= before
    assert not any(marked[before:])
    assert resumed.to_tsv().replace("kept ", "") == expected
    assert place.read_bytes() == (tmp_path / "whole.tsv").read_bytes()
    assert not kept()


def test_names_that_come_twice_are_told_apart() -> None:
    table = cas9_batch([read_target(KNOWN, 42), read_target(KNOWN, 42)])
    assert list(table["target"]) == ["target", "target (2)"]
    text = f"a\t{KNOWN}\t42\na\t{KNOWN}\t42"
    assert list(cas9_batch(text)["target"]) == ["a", "a (2)"]


def test_what_cannot_be_asked_is_said_at_once() -> None:
    with pytest.raises(UnknownName, match="no repair background"):
        cas9_batch(KNOWN, "Lig5")
    with pytest.raises(InvalidOption, match="no PAM"):
        cas9_batch(KNOWN, motif="N?G")
    with pytest.raises(EmptyInput):
        cas9_batch({})
