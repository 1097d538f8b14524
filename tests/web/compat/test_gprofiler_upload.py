"""Own gene sets: GMT texts, ZIP files, and the vectors of the original service."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

import lifenode
from lifenode.enrichment.hypergeometric import upper_tail
from lifenode.errors import BadRequest, InputTooLarge, LifenodeError, UnreadableInput
from lifenode.web.compat.gprofiler_upload import MOST_MEMBERS, joined_zip
from lifenode.web.gene_set_text import clean_name, read_gene_sets

BIOCARTA = "MAPK3 PIK3C2G HRAS PIK3R1 MAP2K1 RAF1 PLCG1 GNAQ MAPK1 PRKCB CRK BCAR1 NFKB1"
SMALL = "one\tfirst set\ta\tb\tc\ntwo\tsecond set\tc\td\te\tf\n"


def upload(node: TestClient, text: str, name: str = "own.gmt") -> str:
    answer = node.post("/gprofiler/api/gost/custom/", json={"gmt": text, "name": name})
    assert answer.status_code == 200, answer.text
    token: str = answer.json()["organism"]
    assert token.startswith("gp__")
    return token


def strictly(node: TestClient, token: str, query: object) -> dict[str, Any]:
    found: dict[str, Any] = node.post(
        "/gprofiler/api/gost/profile/?compat=strict", json={"organism": token, "query": query}
    ).json()
    return found


def test_rows_of_own_sets(node: TestClient) -> None:
    token = upload(node, SMALL)
    body = {"organism": token, "query": ["a", "b", "x"], "all_results": True, "sources": ["GO"], "no_iea": True}
    found = node.post("/gprofiler/api/gost/profile/", json=body).json()
    (row,) = found["result"]
    assert (row["native"], row["name"], row["source"], row["parents"]) == ("one", "first set", "own", [])
    assert (row["source_order"], row["goshv"], row["group_id"]) == (1, 1, 1)
    assert found["meta"]["lifenode"]["options_ignored"] == ["sources"]


def zipped(members: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def test_small_sets_are_tested_as_written(node: TestClient) -> None:
    found = strictly(node, upload(node, SMALL), ["a", "b", "x"])
    meta = found["meta"]
    assert meta["query_metadata"]["numeric_ns"] == "ENSG"
    assert meta["genes_metadata"]["failed"] == ["x"]
    assert meta["result_metadata"]["own"]["domain_size"] == 6
    assert meta["result_metadata"]["own"]["number_of_terms"] == 2


def test_biocarta_vector(node: TestClient, shared_data: Path) -> None:
    """The six rows published at t = 0.00106: sizes alike, p alike at that threshold; ours is drawn anew."""
    with (shared_data / "enrichment" / "gscs_threshold_vectors.csv").open(newline="") as handle:
        published = [row for row in csv.DictReader(handle) if row["source"] == "biocarta"]
    text = (shared_data / "enrichment" / "biocarta.gmt").read_text(encoding="utf-8")
    found = strictly(node, upload(node, text, "biocarta.gmt"), BIOCARTA)
    facts = found["meta"]["result_metadata"]["biocarta"]
    assert (facts["number_of_terms"], facts["domain_size"]) == (289, 1476)
    assert facts["threshold"] == pytest.approx(0.00106, rel=0.33)
    assert len(published) == 6
    for row, theirs in zip(found["result"], published, strict=False):
        for size in ("effective_domain_size", "term_size", "query_size", "intersection_size"):
            assert row[size] == int(theirs[size])
        assert row["p_value"] * facts["threshold"] / 0.00106 == pytest.approx(
            float(theirs["p_value_reported"]), rel=1e-6
        )


def test_hallmark_vector(node: TestClient, shared_data: Path) -> None:
    """Published: 24 genes of a set of 200 of which 11 are in another, p 2.11e-32 and 2.56e-8 at t = 0.00392."""
    path = shared_data / "enrichment" / "h.all.v6.2.entrez.gmt"
    sets = lifenode.GeneSets.read(path)
    whole = {name: set(genes) for name, genes in zip(sets.ids, sets.members, strict=True) if len(genes) == 200}
    one, other = next((a, b) for a in whole for b in whole if a != b and len(whole[a] & whole[b]) >= 11)
    shared = sorted(whole[one] & whole[other])[:11]
    query = [*shared, *sorted(whole[one] - whole[other])[:13]]
    found = strictly(node, upload(node, path.read_text(encoding="utf-8"), path.name), query)
    source = found["result"][0]["source"]
    threshold = found["meta"]["result_metadata"][source]["threshold"]
    assert threshold == pytest.approx(0.00392, rel=0.33)
    for term, count, published in ((one, 24, 2.1079043791234606e-32), (other, 11, 2.5550409545726816e-08)):
        (row,) = [row for row in found["result"] if row["native"] == term]
        assert (row["intersection_size"], row["term_size"], row["effective_domain_size"]) == (count, 200, 4386)
        assert row["p_value"] * threshold / 0.00392 == pytest.approx(published, rel=1e-12)
        assert upper_tail(count, 200, 24, 4386).p[0] == pytest.approx(published * 0.00392 / 0.05, rel=1e-12)


def test_a_zip_of_two_files(node: TestClient) -> None:
    first, second = SMALL.splitlines()
    content = zipped({"a/one.gmt": first.encode(), "b.GMT": second.encode(), "readme.md": b"not sets"})
    raw = node.post("/gprofiler/api/gost/custom/zip/", content=content, headers={"content-type": "application/zip"})
    form = node.post("/gprofiler/api/gost/custom/zip", files={"file": ("both.zip", content)})
    for answer, name in ((raw, "custom"), (form, "both")):
        assert answer.status_code == 200, answer.text
        meta = strictly(node, answer.json()["organism"], ["a", "b"])["meta"]
        assert meta["result_metadata"][name]["number_of_terms"] == 2


@pytest.mark.parametrize("body", [{}, {"gmt": ""}, {"gmt": 7}, {"gmt": "no tabs"}, {"gmt": "#only a comment\n"}])
def test_what_is_no_gmt_is_refused(node: TestClient, body: dict[str, Any]) -> None:
    answer = node.post("/gprofiler/api/gost/custom/", json=body)
    assert answer.status_code in (400, 422)
    assert "message" in answer.json()
    assert "lifenode-" not in answer.text


def test_errors_name_the_upload_and_no_place_on_disk() -> None:
    with pytest.raises(LifenodeError, match=r"^mine, line 2: ") as caught:
        read_gene_sets("mine.gmt", "a\tb\tc\nbroken\n")
    assert "sets.gmt" not in str(caught.value.to_dict())
    assert read_gene_sets("mine.gmt", SMALL).name == "mine"


@pytest.mark.parametrize(
    ("name", "clean"),
    [("a/b/c.gmt", "c"), ("C:\\x\\y.gmt", "y"), ("", "custom"), ("x\n\x00y.zip", "xy"), ("n" * 300, "n" * 100)],
)
def test_names_are_cleaned(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_zips_that_reach_outside_are_refused() -> None:
    for name in ("../up.gmt", "/root.gmt", "a/../../b.gmt", "..\\up.gmt", "C:/x.gmt"):
        with pytest.raises(UnreadableInput, match="outside"):
            joined_zip(zipped({name: b"x\ty\tz"}))
    link = zipfile.ZipInfo("link.gmt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(UnreadableInput, match="is a link"):
        joined_zip(held.getvalue())


def test_zips_that_are_none_too_many_or_too_large_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequest):
        joined_zip(b"PK\x03\x04 nothing")
    with pytest.raises(InputTooLarge, match="1,001 files"):
        joined_zip(zipped({f"{number}.gmt": b"" for number in range(MOST_MEMBERS + 1)}))
    with pytest.raises(UnreadableInput, match="no GMT"):
        joined_zip(zipped({"readme.md": b"x"}))
    monkeypatch.setenv("LIFENODE_MAX_INPUT_BYTES", "100000")
    bomb = zipped({"a.gmt": b"x\ty\t" + b"z" * 60_000, "b.gmt": b"x\ty\t" + b"z" * 60_000})
    assert len(bomb) < 2_000
    with pytest.raises(InputTooLarge, match="unpacks"):
        joined_zip(bomb)


def test_a_damaged_member_is_refused() -> None:
    content = bytearray(zipped({"a.gmt": bytes(range(256)) * 40}))
    content[60:90] = b"\x00" * 30
    with pytest.raises(LifenodeError):
        joined_zip(bytes(content))
