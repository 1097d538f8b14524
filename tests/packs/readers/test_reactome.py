from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import reactome
from tests.packs.readers.helpers import PACKINGS, assert_fault, put

CONTENT = (
    "ENSG00000141510\tR-HSA-5633007\thttps://reactome.org/PathwayBrowser/#/R-HSA-5633007\tRegulation of TP53 Activity\t"
    "TAS\tHomo sapiens\n"
    "YAL001C\tR-SCE-73923\thttps://reactome.org/PathwayBrowser/#/R-SCE-73923\tTranscription\tIEA\t"
    "Saccharomyces cerevisiae\n"
)


@pytest.mark.parametrize("packing", PACKINGS)
def test_pairs(tmp_path: Path, packing: str) -> None:
    path = put(tmp_path, CONTENT, packing)
    human, yeast = reactome.read(path)
    assert human == (
        "ENSG00000141510",
        "R-HSA-5633007",
        "Regulation of TP53 Activity",
        "TAS",
        "Homo sapiens",
        1,
    )
    assert list(reactome.read(path, "Saccharomyces cerevisiae")) == [yeast]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [("\tIEA", "", "5 columns, not 6"), ("YAL001C", "", "'' and 'R-SCE-73923'"), ("R-SCE-7", "SCE-7", "'SCE-73923'")],
)
def test_broken(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = put(tmp_path, CONTENT.replace(old, new, 1))
    with pytest.raises(FormatError) as caught:
        list(reactome.read(path))
    assert_fault(caught, path, 2, problem)
