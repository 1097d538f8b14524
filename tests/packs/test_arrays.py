from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.packs.arrays import Strings, read_arrays, write_arrays

SOME = {
    "flags": np.array([True, False, True]),
    "table": np.arange(12, dtype=np.int32).reshape(3, 4),
    "none": np.zeros((0, 3), np.float64),
    "long": np.array([-1, 2**62], np.int64),
    "bits": np.array([0xFFFFFFFF], np.uint32),
}


def test_arrays_come_back_as_they_were(tmp_path: Path) -> None:
    write_arrays(tmp_path / "new" / "some", SOME)
    found = read_arrays(tmp_path / "new" / "some")
    assert found is not None
    assert list(found) == list(SOME)
    for name, array in SOME.items():
        assert found[name].dtype == array.dtype
        assert found[name].shape == array.shape
        assert (found[name] == array).all()
        assert not found[name].flags.writeable
        assert found[name].flags.aligned
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["some"]


def test_mapped_arrays_outlive_their_file(tmp_path: Path) -> None:
    write_arrays(tmp_path / "some", SOME)
    found = read_arrays(tmp_path / "some")
    write_arrays(tmp_path / "some", {"long": np.array([7])})
    (tmp_path / "some").unlink()
    assert found is not None
    assert found["long"].tolist() == [-1, 2**62]


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: data[:40],
        lambda data: b"[]\n" + data,
        lambda data: b"\xff\xfe" + data,
        lambda data: data.replace(b'"layout": 1', b'"layout": 9'),
    ],
)
def test_damaged_files_are_not_used(tmp_path: Path, damage: object) -> None:
    write_arrays(tmp_path / "some", SOME)
    data = (tmp_path / "some").read_bytes()
    assert callable(damage)
    (tmp_path / "some").write_bytes(damage(data))
    assert read_arrays(tmp_path / "some") is None


def test_missing_file_is_none(tmp_path: Path) -> None:
    assert read_arrays(tmp_path / "none") is None


def test_objects_are_never_written(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="words"):
        write_arrays(tmp_path / "some", {"words": np.array(["a", None], dtype=object)})
    assert not list(tmp_path.iterdir())


def test_failure_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_arrays(tmp_path / "some", SOME)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OSError, match="No space"):
        write_arrays(tmp_path / "some", {"long": np.array([7])})
    assert [path.name for path in tmp_path.iterdir()] == ["some"]
    assert read_arrays(tmp_path / "some") is not None


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]))))
def test_strings_come_back_as_they_were(values: list[str]) -> None:
    arrays = Strings.from_list(values, "x")
    strings = Strings.of(arrays, "x")
    assert len(strings) == len(values)
    assert strings.to_list() == values == list(strings)
    assert [strings[i] for i in range(len(values))] == values
    assert strings.take(np.arange(len(values))[::-1]) == values[::-1]
    assert strings[1:4] == values[1:4]


def test_strings_are_a_sequence() -> None:
    strings = Strings(**Strings.from_list(["", "é", "TP53"]))
    assert strings[-1] == "TP53"
    assert strings[np.int64(1)] == "é"
    assert "TP53" in strings
    assert strings.index("é") == 1
    for index in (3, -4):
        with pytest.raises(IndexError, match="among 3"):
            strings[index]
