from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from lifenode.enrichment.gene_sets import GeneSets
from lifenode.errors import EmptyInput, FormatError, InputTooLarge, InvalidOption, UnreadableInput

GMT = "A\tfirst set\tTP53\tBRCA1\tTP53\nB\thttps://example.org/B\tMYC\n"


def written(folder: Path, text: str, name: str = "own.gmt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_file(tmp_path: Path) -> None:
    sets = GeneSets.read(written(tmp_path, GMT))
    assert (sets.name, len(sets)) == ("own", 2)
    assert sets.ids == ("A", "B")
    assert sets.names == ("first set", "B")
    assert sets.members == (("TP53", "BRCA1"), ("MYC",))
    assert sets.warnings == ("1 members were written twice in their set and count once.",)


def test_packing_line_ends_and_member_order_do_not_change_the_checksum(tmp_path: Path) -> None:
    plain = GeneSets.read(written(tmp_path, GMT))
    packed = tmp_path / "own.gmt.gz"
    packed.write_bytes(gzip.compress(b"\xef\xbb\xbf" + GMT.replace("\n", "\r\n").encode()))
    again = GeneSets.read(packed)
    assert again.name == "own"
    assert again.sha256 == plain.sha256
    swapped = GeneSets.read(written(tmp_path, GMT.replace("TP53\tBRCA1\tTP53", "BRCA1\tTP53"), "swapped.gmt"))
    assert swapped.sha256 == plain.sha256
    other = GeneSets.read(written(tmp_path, GMT.replace("MYC", "MYCN"), "other.gmt"))
    assert other.sha256 != plain.sha256


def test_two_sets_of_one_id_are_refused_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match=r"line 3: the id 'A' was already used on line 1"):
        GeneSets.read(written(tmp_path, GMT + "A\tagain\tMYC\n"))


@pytest.mark.parametrize(
    ("text", "error", "match"),
    [
        ("", EmptyInput, "no gene set"),
        ("# only a comment\n", EmptyInput, "no gene set"),
        ("A\tone\tTP53\nlonely\n", FormatError, "line 2"),
        ("A\tone\tTP\x0053\n", FormatError, "line 1.*NUL"),
    ],
)
def test_broken_files(tmp_path: Path, text: str, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        GeneSets.read(written(tmp_path, text))


def test_missing_file_and_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.gmt", tmp_path):
        with pytest.raises(UnreadableInput, match="cannot be read"):
            GeneSets.read(path)


def test_size_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_INPUT_BYTES", "10")
    with pytest.raises(InputTooLarge, match="LIFENODE_MAX_INPUT_BYTES"):
        GeneSets.read(written(tmp_path, GMT))


def test_dict() -> None:
    sets = GeneSets.from_dict({"A": ["TP53", " TP53", 7157, ""], 2: {"b", "c", "a"}, "empty": ()}, name="mine")  # type: ignore[dict-item]
    assert sets.name == "mine"
    assert sets.ids == sets.names == ("A", "2", "empty")
    assert sets.members == (("TP53", "7157"), ("a", "b", "c"), ())
    assert sets.warnings[0] == "1 of 3 sets have no member: empty."


@pytest.mark.parametrize(
    ("given", "match"),
    [({"": ["a"]}, "blank id"), ({"A": ["a"], " A": ["b"]}, "id 'A' of another"), ({"A": "TP53"}, "one string")],
)
def test_unusable_dicts(given: dict[str, list[object]], match: str) -> None:
    with pytest.raises(InvalidOption, match=match):
        GeneSets.from_dict(given)


def test_empty_dict() -> None:
    with pytest.raises(EmptyInput):
        GeneSets.from_dict({})


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "count", "genes"),
    [("enrichment/biocarta.gmt", 289, 1476), ("enrichment/h.all.v6.2.entrez.gmt", 50, 4386)],
)
def test_published_collections(shared_data: Path, file: str, count: int, genes: int) -> None:
    sets = GeneSets.read(shared_data / file)
    assert len(sets) == count
    assert len({gene for members in sets.members for gene in members}) == genes
    assert sets.names == sets.ids  # their descriptions are links


@pytest.mark.data
def test_reactome_keeps_ids_and_names_apart(shared_data: Path) -> None:
    sets = GeneSets.read(shared_data / "annotation/upstream/ReactomePathways_2022-06.gmt.gz")
    assert len(sets) == 2546
    assert all(term_id.startswith("R-HSA-") for term_id in sets.ids)
    assert "Interleukin-10 signaling" in sets.names


def test_any_form(tmp_path: Path) -> None:
    sets = GeneSets.read(written(tmp_path, GMT))
    assert GeneSets.of(sets) is sets
    assert GeneSets.of(str(tmp_path / "own.gmt")) == sets
    assert GeneSets.of({"A": ["TP53"]}).ids == ("A",)
