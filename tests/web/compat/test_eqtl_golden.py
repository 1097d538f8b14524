"""The data sets of release 7, as versions 2 and 3 of the API list them, against the table and what was recorded."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.eqtl import ingest
from lifenode.eqtl.columns import NOMINAL
from lifenode.settings import settings
from lifenode.web.app import make_app
from lifenode.web.compat.eqtl_v2 import DATASET_FIELDS
from tests.eqtl.made import write

pytestmark = pytest.mark.data
EXAMPLES = Path(__file__).parents[3] / "examples/eqtl"


@pytest.fixture(scope="module")
def node(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A node whose catalogue has the whole table of data sets, and the associations of one."""
    folder = tmp_path_factory.mktemp("golden")
    (folder / "in").mkdir()
    shutil.copy(EXAMPLES / "QTD000085.all.tsv.gz", folder / "in")
    shutil.copy(shared_data / "eqtl/metadata/dataset_metadata_r7.tsv", folder / "in")
    ingest(folder / "in", folder / "catalogue")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFENODE_EQTL_CATALOGUE", str(folder / "catalogue"))
        patch.setenv("LIFENODE_STATE_DIR", str(folder / "state"))
        with TestClient(make_app(settings())) as client:
            yield client


@pytest.fixture(scope="module")
def table(shared_data: Path) -> list[dict[str, Any]]:
    with (shared_data / "eqtl/metadata/dataset_metadata_r7.tsv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle, delimiter="\t"))
    return [{name: row[name] for name in DATASET_FIELDS} | {"sample_size": int(row["sample_size"])} for row in rows]


def test_the_first_page_is_the_recorded_one(node: TestClient, shared_data: Path) -> None:
    recorded = json.loads((shared_data / "eqtl/api/v2_tutorial_golden.json").read_text(encoding="utf-8"))
    assert node.get("/eqtl/api/v2/datasets/").json() == recorded["datasets_first20"]


def test_paging_gives_the_whole_table(node: TestClient, table: list[dict[str, Any]]) -> None:
    found: list[dict[str, Any]] = []
    while (page := node.get("/eqtl/api/v2/datasets", params={"start": len(found), "size": 100})).status_code == 200:
        found += page.json()
    assert page.json() == {"message": "No results"}
    assert len(found) == len(table) == 758
    assert found == sorted(table, key=lambda row: (row["study_id"], row["dataset_id"]))
    assert all(tuple(row) == DATASET_FIELDS for row in found)


@pytest.mark.parametrize("name", ["study_label", "tissue_id", "quant_method", "sample_group", "condition_label"])
def test_filters_choose_from_the_table(node: TestClient, table: list[dict[str, Any]], name: str) -> None:
    value = table[300][name]
    found = node.get("/eqtl/api/v2/datasets", params={name: value, "size": 1000}).json()
    assert found == [row for row in sorted(table, key=lambda row: row["dataset_id"]) if row[name] == value]


def test_version_3_lists_the_same(node: TestClient, table: list[dict[str, Any]]) -> None:
    found = node.get("/eqtl/api/v3/datasets", params={"size": 1000}).json()
    assert {(row["dataset_id"], row["study_id"]) for row in found} == {(r["dataset_id"], r["study_id"]) for r in table}
    studies = node.get("/eqtl/api/v3/studies", params={"size": 1000}).json()
    assert [row["study_id"] for row in studies] == sorted({row["study_id"] for row in table})


def test_what_is_known_but_not_held_has_no_results(node: TestClient, table: list[dict[str, Any]]) -> None:
    assert node.get("/eqtl/api/v2/datasets/QTD000001").json() == table[0]
    answer = node.get("/eqtl/api/v2/datasets/QTD000001/associations")
    assert (answer.status_code, answer.json()) == (400, {"message": "No results"})
    assert len(node.get("/eqtl/api/v2/datasets/QTD000085/associations").json()) == 20
    (held,) = node.get("/api/v1/eqtl/datasets").json()["result"]
    assert (held["dataset_id"], held["status"]) == ("QTD000085", "available")
    assert node.get("/api/v1/eqtl/datasets?held=false&limit=5").headers["x-total-count"] == "758"


def test_recorded_rows_come_back_as_they_were(shared_data: Path, tmp_path: Path) -> None:
    """The rows of the tutorial, ingested, are what the same requests return; the tutorial printed seven digits."""
    recorded = json.loads((shared_data / "eqtl/api/v2_tutorial_golden.json").read_text(encoding="utf-8"))
    rows = recorded["assoc_QTD000266_pos_gene_head6"]
    whole = [
        {name: given.get(name) for name in NOMINAL}
        | {"chromosome": str(given["chromosome"]), "molecular_trait_object_id": given["gene_id"]}
        for given in rows
    ]
    write(tmp_path / "in/QTD000266.all.tsv.gz", whole)
    ingest(tmp_path / "in", tmp_path / "catalogue")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LIFENODE_EQTL_CATALOGUE", str(tmp_path / "catalogue"))
        asked = {"size": "1000", "pos": "1:108774570-109774570", "gene_id": rows[0]["gene_id"]}
        with TestClient(make_app(settings())) as client:
            address = "/eqtl/api/v2/datasets/QTD000266/associations"
            # The original took the left half of the window instead of the region.
            assert client.get(address, params=asked).json() == {"message": "No results"}
            found = client.get(
                address, params=asked | {"pos": f"1:{rows[0]['position']}-{rows[-1]['position']}"}
            ).json()
    assert [list(row) for row in found] == [list(row) for row in rows]
    for row, given in zip(found, rows, strict=True):
        assert row | {"nlog10p": 0} == {**given, "chromosome": str(given["chromosome"]), "nlog10p": 0}
        assert row["nlog10p"] == pytest.approx(given["nlog10p"], abs=1e-6)
