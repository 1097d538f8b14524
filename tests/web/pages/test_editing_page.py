"""The editing page and its service: the outcomes of the library, aligned, and in every file."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from lifenode.editing import base, base_outcomes, cas9, prime
from lifenode.editing.cas9_vcf import vcf_text

TARGET = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"


def page(node: TestClient, **fields: Any) -> str:
    answer = node.get("/editing", params=fields)
    assert answer.status_code == 200, answer.text[-500:]
    return unescape(answer.text)


def test_outcomes_are_those_of_the_library(node: TestClient) -> None:
    text = page(node, target=TARGET, pam="42")
    table = cas9(TARGET, 42)
    assert "D7_L-7C4R5 is the likeliest of 391 outcomes" in text
    for row in table.head(20):
        assert f'title="{row["probability"]}"' in text
        assert row["outcome"] in text
    assert f"{table.in_frame:.1f} %" in text
    assert re.search(r"GCGTG<ins>G</ins>AAGCGG", text)
    assert "Nbn" in text


def test_all_sites_are_predicted_where_none_is_named(node: TestClient) -> None:
    text = page(node, target=TARGET)
    sites = cas9(TARGET).targets
    assert f"{len(sites)} sites predicted" in text
    for site in sites:
        assert f"<h2>{site.name}</h2>" in text


def test_twins_and_files(node: TestClient) -> None:
    asked = {"target": TARGET, "pam": "42", "background": "LIG4"}
    table = cas9(TARGET, 42, "LIG4")
    assert node.get("/editing.tsv", params=asked).text == table.to_tsv()
    assert node.get("/api/v1/editing/cas9.tsv", params=asked).text == table.to_tsv()
    assert node.get("/editing.vcf", params=asked).text == vcf_text(table)
    assert node.get("/editing.svg", params=asked).content.startswith(b"<?xml")
    posted = node.post("/api/v1/editing/cas9", json={"target": TARGET, "pam": 42, "limit": 2})
    assert [row["outcome"] for row in posted.json()["result"]] == ["D7_L-7C4R5", "D29_L-28C5R7"]


def test_base_editing_of_the_guide_stands_beside(node: TestClient) -> None:
    text = page(node, target=TARGET, pam="42")
    row = next(iter(base([TARGET[18:48]], "CBE")))
    assert "Base editing of this guide" in text
    assert f"{row['total']:.0f} ({row['low']:.0f}-{row['high']:.0f})" in text
    answer = node.post("/api/v1/editing/base", json={"guides": [TARGET[18:48]], "editor": "CBE"})
    assert answer.json()["result"][0]["total"] == pytest.approx(row["total"])
    assert node.post("/api/v1/editing/base", json={"guides": ["ACGT"]}).status_code == 422


def test_outcomes_of_base_editing_are_those_of_the_library(node: TestClient) -> None:
    text = page(node, target=TARGET, pam="42")
    guide = TARGET[18:48]
    for editor in ("ABE", "CBE"):
        table = base_outcomes([guide], editor, top=6)
        assert f"Bases that {editor} edits together" in text
        for row in table:
            assert f'title="{row["share"]}"' in text
            marked = "".join(
                after if before == after else f"<ins>{after}</ins>"
                for before, after in zip(row["guide"], row["outcome"], strict=True)
            ).replace("</ins><ins>", "")
            assert f"<code>{marked}</code>" in text
        left = table.meta["left_out"].get("1")
        assert left is None or f"others make up {left:.1f} % of edited reads" in text


def test_the_service_tells_outcomes_where_they_are_asked_for(node: TestClient) -> None:
    asked = {"guides": [TARGET[18:48], "G" * 20], "editor": "CBE", "outcomes": 3}
    answer = node.post("/api/v1/editing/base", json=asked)
    table = base_outcomes([TARGET[18:48], "G" * 20], "CBE", top=3)
    assert answer.json()["result"] == table.to_dicts()
    twin = node.get("/api/v1/editing/base.tsv", params={"guides": TARGET[18:48], "editor": "CBE", "outcomes": "0"})
    assert twin.text == base_outcomes([TARGET[18:48]], "CBE", top=0).to_tsv()
    assert node.post("/api/v1/editing/base", json=asked | {"outcomes": -1}).status_code == 422
    assert node.post("/api/v1/editing/base", json=asked | {"outcomes": 2**53}).status_code == 200
    many = node.post("/api/v1/editing/base", json={"guides": ["A" * 20] * 1000, "outcomes": 0})
    assert many.status_code == 413
    assert "At most 200,000 outcomes" in many.json()["detail"]


@pytest.mark.parametrize(
    ("fields", "status", "field", "said"),
    [
        ({"target": "ACGTN" * 10}, 422, "target", "'N' at base 5"),
        ({"target": TARGET, "pam": "40"}, 422, "target", "where the PAM NGG should begin"),
        ({"target": TARGET, "pam": "first"}, 422, "pam", "not a whole number"),
        ({"target": TARGET, "background": "NOSUCH"}, 404, "background", "no repair background"),
        ({"target": "A" * 60}, 422, "target", "no PAM NGG"),
    ],
)
def test_errors_lead_to_their_field(
    node: TestClient, fields: dict[str, str], status: int, field: str, said: str
) -> None:
    answer = node.get("/editing", params=fields)
    assert answer.status_code == status
    text = unescape(answer.text)
    assert said in text
    assert f'<a href="#{field}">' in text
    assert fields["target"] in text


def test_too_many_targets_are_refused(node: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_TARGETS", "1")
    answer = node.get("/api/v1/editing/cas9", params={"target": TARGET})
    assert answer.status_code == 413
    assert "at most 1" in answer.json()["detail"]


def test_python_and_shell_of_the_page_give_the_same(node: TestClient) -> None:
    import subprocess
    import sys
    from pathlib import Path

    text = page(node, target=TARGET, pam="42", background="LIG4")
    code = re.search(r"<figcaption>Python</figcaption>\s*<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
    assert code is not None
    *lines, call = code[1].strip().split("\n")
    names: dict[str, Any] = {}
    exec("\n".join([*lines, f"result = {call}"]), names)  # noqa: S102 - what a visitor would run
    expected = node.get("/editing.tsv", params={"target": TARGET, "pam": "42", "background": "LIG4"}).text
    assert names["result"].to_tsv() == expected
    command = re.search(r"<figcaption>Shell</figcaption>\s*<pre[^>]*><code>(.*?)</code>", text, re.DOTALL)
    assert command is not None
    shell = f"PATH={Path(sys.executable).parent}:$PATH; {command[1]} --format tsv"
    assert subprocess.run(["/bin/sh", "-c", shell], capture_output=True, text=True, check=True).stdout == expected


def test_prime_editing_at_the_cut_stands_beside(node: TestClient) -> None:
    text = page(node, target=TARGET, pam="42")
    assert "Prime editing at this cut" in text
    assert "six histidines" in text
    marked = f"{TARGET[:39]}{{}}{TARGET[39:]}"
    text = page(node, target=TARGET, pam="42", inserts="CTN GGATTC", cell_line="HAP1")
    table = prime(["CTN", "GGATTC"], target=marked, cell_line="HAP1")
    for row in table:
        assert f'title="{row["percent"]}"' in text
        assert row["extension"] in text
    (address,) = re.findall(r'href="(/api/v1/editing/prime\.tsv[^"]*)"', text)
    assert node.get(address).text == table.to_tsv()


def test_an_insert_that_cannot_be_used_leaves_the_rest_of_the_page(node: TestClient) -> None:
    text = page(node, target=TARGET, pam="42", inserts="CT!")
    assert "Insert 1 has '!' at letter 3" in text
    assert "D7_L-7C4R5 is the likeliest" in text
    assert 'no cell line "HEK1"' in page(node, target=TARGET, pam="42", cell_line="HEK1")


def test_prime_editing_of_a_site_on_the_other_strand(node: TestClient) -> None:
    other = TARGET[::-1].translate(str.maketrans("ACGT", "TGCA"))
    place = len(TARGET) - 39
    (site,) = [one for one in cas9(other).targets if one.given(one.cut, one.cut)[0] == place and one.strand == "-"]
    assert site.sequence == TARGET
    asked = {"inserts": ["AAC"], "target": f"{other[:place]}{{}}{other[place:]}", "strand": "-"}
    answer = node.post("/api/v1/editing/prime", json=asked).json()["result"]
    (row,) = prime(["GTT"], target=f"{TARGET[:39]}{{}}{TARGET[39:]}")
    assert answer[0]["z"] == row["z"]


def test_prime_editing_refuses_what_it_cannot_use(node: TestClient) -> None:
    refused = node.post("/api/v1/editing/prime", json={"inserts": ["CTT"]})
    assert refused.status_code == 422
    assert "without pbs, ha, spacer" in refused.text
    assert node.post("/api/v1/editing/prime", json={"inserts": ["A"] * 20_001, "target": "A{}C"}).status_code == 413
