"""Publications fetched from a server with Europe PMC's interface, and identifiers that lead elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from lifenode._fetch import Fetcher, Limits
from lifenode.cli.main import main
from lifenode.edam.europe_pmc import Publication, fetch_publications, is_about, query_of
from lifenode.errors import FetchFailed, FetchRefused, InvalidOption
from tests.web.conftest import Opened, opened

STAR = {
    "title": "STAR: ultrafast universal RNA-seq aligner.", "pmid": "23104886",
    "abstractText": "<h4>Motivation</h4>Accurate alignment of RNA-seq data &amp; spliced reads.",
}  # fmt: skip

__all__ = ["opened"]


class Handler(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)["query"][0]
        Handler.asked.append(query)
        status, results = 200, [STAR] if "23104886" in query or "bts635" in query else []
        content = json.dumps({"resultList": {"result": results}}).encode()
        if "PMC500" in query:
            status = 500
        elif "PMC1" in query:
            content = b"<html>not this</html>"
        elif "PMC2" in query:
            content = b'{"resultList": {"result": [3]}}'
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{made.server_address[1]}"
    monkeypatch.setenv("LIFENODE_EUROPE_PMC", f"http://{host}/rest")
    monkeypatch.setenv("LIFENODE_HARVEST_HOSTS", host)
    monkeypatch.setenv("LIFENODE_HARVEST_PAUSE_SECONDS", "0")
    Handler.asked.clear()
    yield host
    made.shutdown()
    made.server_close()


@pytest.mark.parametrize(
    ("identifier", "query"),
    [
        ("10.1093/bioinformatics/bts635", 'DOI:"10.1093/bioinformatics/bts635"'),
        ("https://doi.org/10.1093/bioinformatics/bts635", 'DOI:"10.1093/bioinformatics/bts635"'),
        ("23104886", "EXT_ID:23104886 AND SRC:MED"),
        ("PMID: 23104886", "EXT_ID:23104886 AND SRC:MED"),
        ("PMC3530905", "PMCID:PMC3530905"),
    ],
)
def test_identifiers_become_exact_questions(identifier: str, query: str) -> None:
    assert query_of(identifier) == query


@pytest.mark.parametrize("text", ["", "abc", "10.1093", "23104886 OR 1", '10.1093/x" OR "y', "PMC", "0", "-5"])
def test_what_is_no_identifier_is_refused_before_anything_is_asked(text: str, server: str) -> None:
    with pytest.raises(InvalidOption):
        fetch_publications(["23104886", text])
    assert not Handler.asked


def test_title_and_abstract_come_as_plain_text(server: str) -> None:
    found = fetch_publications(["23104886", "10.1093/bioinformatics/bts635"])
    assert [one.title for one in found] == [STAR["title"]] * 2
    assert found[0].abstract == "Motivation Accurate alignment of RNA-seq data & spliced reads."
    assert len(Handler.asked) == 2


@pytest.mark.parametrize(
    ("identifier", "said"),
    [("99999", "knows no publication"), ("PMC500", "500"), ("PMC1", "cannot be read"), ("PMC2", "cannot be read")],
)
def test_answers_that_are_none_are_told(server: str, identifier: str, said: str) -> None:
    with pytest.raises(FetchFailed, match=said):
        fetch_publications([identifier])


def test_a_place_that_is_not_public_is_not_asked(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FetchRefused):
        fetch_publications(["23104886"], Fetcher(Limits(), robots=False))
    assert not Handler.asked


def test_a_mistyped_identifier_is_caught() -> None:
    own = Publication("1", STAR["title"], "")
    assert is_about("STAR", "Aligner of RNA-seq reads.", own)
    assert is_about("RNA-seq aligner", "", own)
    other = Publication("2", "Nesting of wading birds in the Baltic", "Eggs were counted in spring.")
    assert not is_about("STAR", "Aligner of RNA-seq reads.", other)
    assert not is_about("", "", other)


def test_the_shell_fetches_and_warns(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["edam", "annotate", "Bird counter", "Counts nests of birds.", "--publication-id", "23104886"]
    assert main([*asked, "--branch", "topic", "--format", "json"]) == 0
    said = capsys.readouterr()
    assert f'23104886 is "{STAR["title"]}", which says nothing of Bird counter' in said.err
    assert json.loads(said.out)["meta"]["publications"] == 1
    assert main(["edam", "annotate", "STAR", "--publication-id", "nonsense"]) == 2
    assert "neither a DOI" in capsys.readouterr().err


def test_publications_of_a_record_are_fetched_if_asked(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = {
        "name": "STAR",
        "description": "RNA-seq aligner.",
        "publication": [{"doi": "10.1093/bioinformatics/bts635"}],
    }
    path = tmp_path / "star.json"
    path.write_text(json.dumps(record))
    assert main(["edam", "annotate", "--from", str(path), "--format", "json"]) == 0
    assert not Handler.asked
    assert main(["edam", "annotate", "--from", str(path), "--fetch", "--format", "json"]) == 0
    assert Handler.asked
    assert "check the identifier" not in capsys.readouterr().err


def test_the_page_fetches_when_asked_and_doubts_what_is_about_something_else(server: str, opened: Opened) -> None:
    with opened() as node:
        asked = {"name": "STAR", "description": "RNA-seq aligner.", "publication_ids": "23104886"}
        assert node.get("/edam", params=asked).status_code == 200
        assert not Handler.asked
        filled = node.post("/edam/publication", data=asked)
        assert len(Handler.asked) == 1
        assert "Accurate alignment of RNA-seq data &amp; spliced reads." in filled.text
        assert "is it the right one?" not in filled.text
        other = node.post("/edam/publication", data=asked | {"name": "Bird counter", "description": "Counts nests."})
        assert "says nothing of Bird counter: is it the right one?" in other.text
        for wrong, said in (("nonsense", "neither a DOI"), ("99999", "knows no publication"), ("1 2 3 4", "are named")):
            refused = node.post("/edam/publication", data=asked | {"publication_ids": wrong})
            assert refused.status_code == 422
            assert said in refused.text
            assert f'value="{wrong}"' in refused.text
