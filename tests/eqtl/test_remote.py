"""Files from an address: the whole tree or a part of it, over servers that break, change and refuse."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lifenode.cli.eqtl_progress import size, words
from lifenode.eqtl import Catalogue, ingest
from lifenode.eqtl.ingest_report import IngestReport
from lifenode.eqtl.remote_fetch import Fetching
from lifenode.eqtl.remote_listing import path_of
from lifenode.eqtl.store import Store
from lifenode.errors import DownloadFailed, EmptyInput, FetchRefused, InputTooLarge, OutputError
from tests.eqtl.made import row, text
from tests.eqtl.tree_server import Tree, tree
from tests.web.server import running_server

pytestmark = pytest.mark.network

ONE = "pub/eQTL/sumstats/QTS000001/QTD000001/QTD000001.all.tsv.gz"
TWO = "pub/eQTL/sumstats/QTS000001/QTD000002/QTD000002.cc.tsv.gz"
COLUMNS = "study_id dataset_id study_label sample_group tissue_id tissue_label condition_label sample_size quant_method"
METADATA = [
    "QTS000001\tQTD000001\tOne\tblood\tUBERON_1\tblood\tnaive\t100\tge",
    "QTS000001\tQTD000002\tOne\tblood\tUBERON_1\tblood\tnaive\t100\ttx",
]


def packed(beta: float = 0.25, rows: int = 3000) -> bytes:
    places = range(1000, 1000 + 7 * rows, 7)
    many = [row(at, beta=beta + at % 97 / 1000, pvalue=(at % 89 + 1) / 100) for at in places]
    return gzip.compress(text(many), mtime=0)


FILES = {
    ONE: packed(),
    f"{ONE}.tbi": b"an index",
    TWO: packed(0.3),
    "pub/eQTL/sumstats/QTS000001/QTD000001/QTD000001.all.tsv.gz.md5": b"sum",
    "pub/eQTL/sumstats/QTS000001/QTD000001/coverage_plots/QTD000001.tsv": b"no",
    "pub/eQTL/README.txt": b"no",
    "pub/eQTL/dataset_metadata_r7.tsv": "\n".join([COLUMNS.replace(" ", "\t"), *METADATA, ""]).encode(),
    "pub/other/QTD000009.all.tsv.gz": packed(),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Tree]:
    monkeypatch.setattr("lifenode.eqtl.remote_listing.time.sleep", lambda _: None)
    with tree(dict(FILES)) as running:
        monkeypatch.setenv("LIFENODE_EQTL_HOSTS", running.host)
        yield running


def brought(server: Tree, folder: Path, path: str = "pub/eQTL/", **options: Any) -> IngestReport:
    return ingest(server.url(path), folder / "catalogue", files=folder / "files", **options)


def outcome(report: IngestReport) -> dict[str, str]:
    return dict(zip(report["dataset_id"].tolist(), report["status"].tolist(), strict=True))


def test_a_tree_is_fetched_in_its_layout_and_ingested(server: Tree, tmp_path: Path) -> None:
    seen: list[str] = []
    report = brought(server, tmp_path, fetching=lambda told: seen.append(words(told)))
    assert outcome(report) == {"QTD000001": "ingested", "QTD000002": "ingested"}
    assert report.meta["release"] == "r7"
    kept = {str(path.relative_to(tmp_path / "files")) for path in (tmp_path / "files").rglob("[!.]*") if path.is_file()}
    wanted = {ONE, f"{ONE}.tbi", TWO}
    assert kept == {path.removeprefix("pub/eQTL/") for path in wanted} | {"dataset_metadata_r7.tsv"}
    (source,) = Store(tmp_path / "catalogue").manifest("r7", "QTD000001").sources  # type: ignore[union-attr]
    assert (source.url, source.sha256) == (server.url(ONE), hashlib.sha256(FILES[ONE]).hexdigest())
    assert Catalogue(tmp_path / "catalogue").count("ENSG00000000001") == 6000
    assert not server.got("pub/other/QTD000009.all.tsv.gz")
    assert "QTD000001.all.tsv.gz (2 of 4): " in "\n".join(seen)
    assert seen[-1].endswith("/s, 0:00 left")
    assert seen[0] == f"asking what there is (1): {server.url('pub/eQTL/')}"

    server.asked.clear()
    again = brought(server, tmp_path)
    assert outcome(again) == {"QTD000001": "unchanged", "QTD000002": "unchanged"}
    assert [path for method, path, _ in server.asked if method == "GET"] == [
        "pub/eQTL/", "pub/eQTL/sumstats/", "pub/eQTL/sumstats/QTS000001/",
        "pub/eQTL/sumstats/QTS000001/QTD000002/", "pub/eQTL/sumstats/QTS000001/QTD000001/",
    ]  # fmt: skip

    server.files[TWO] = packed(0.9)
    server.asked.clear()
    assert outcome(brought(server, tmp_path)) == {"QTD000001": "unchanged", "QTD000002": "ingested"}
    assert (server.got(TWO), server.got(ONE)) == ([""], [])
    beta = Catalogue(tmp_path / "catalogue").associations(dataset="QTD000002", limit=1)["beta"][0]
    assert beta == pytest.approx(0.9 + 1000 % 97 / 1000)


def test_a_data_set_a_file_and_a_choice(server: Tree, tmp_path: Path) -> None:
    folder = ONE.rpartition("/")[0]
    for number, (path, options) in enumerate(
        [(folder, {}), (f"{folder}/", {}), (ONE, {}), ("pub/", {"dataset": "QTD000001"})]
    ):
        server.asked.clear()
        report = brought(server, tmp_path / str(number), path, **options)
        assert outcome(report) == {"QTD000001": "ingested"}, path
        assert (tmp_path / str(number) / "files" / ONE.removeprefix("pub/eQTL/")).read_bytes() == FILES[ONE]
        assert not server.got(TWO)
    with pytest.raises(EmptyInput, match="no file of the eQTL Catalogue"):
        brought(server, tmp_path, "pub/eQTL/sumstats/QTS000001/QTD000001/coverage_plots/nothing/")


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    server: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.cuts[ONE] = [20_000, 10_000]
    assert outcome(brought(server, tmp_path, ONE)) == {"QTD000001": "ingested"}
    assert server.got(ONE) == ["", "bytes=20000-", "bytes=30000-"]

    # Another call goes on where a call that gave up has stopped.
    monkeypatch.setenv("LIFENODE_DOWNLOAD_RETRIES", "0")
    server.cuts[TWO] = [15_000]
    report = brought(server, tmp_path, TWO)
    assert outcome(report) == {"QTD000002": "refused"}
    assert "first 15000 bytes are kept" in report["detail"][0]
    assert outcome(brought(server, tmp_path, TWO)) == {"QTD000002": "ingested"}
    assert server.got(TWO) == ["", "bytes=15000-"]
    assert (tmp_path / "files" / TWO.removeprefix("pub/eQTL/")).read_bytes() == FILES[TWO]


def test_a_file_that_changes_in_between_is_fetched_anew(server: Tree, tmp_path: Path) -> None:
    server.cuts[ONE] = [20_000]
    server.after[ONE] = packed(0.7)
    brought(server, tmp_path, ONE)
    assert server.got(ONE) == ["", "bytes=20000-"]
    assert (tmp_path / "files" / ONE.removeprefix("pub/eQTL/")).read_bytes() == server.after[ONE]
    # What was asked beforehand was of the old file: the next call makes sure.
    assert outcome(brought(server, tmp_path, ONE)) == {"QTD000001": "unchanged"}
    assert server.got(ONE)[2:] == [""]
    assert outcome(brought(server, tmp_path, ONE)) == {"QTD000001": "unchanged"}
    assert len(server.got(ONE)) == 3


def test_servers_without_ranges_heads_or_tags(server: Tree, tmp_path: Path) -> None:
    server.ranges = server.heads = server.etags = False
    server.cuts[ONE] = [20_000]
    assert outcome(brought(server, tmp_path, ONE)) == {"QTD000001": "ingested"}
    assert (tmp_path / "files" / ONE.removeprefix("pub/eQTL/")).read_bytes() == FILES[ONE]
    assert outcome(brought(server, tmp_path, ONE)) == {"QTD000001": "unchanged"}


def test_a_file_that_cannot_be_had_leaves_its_data_set_as_it_was(
    server: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(server, tmp_path)
    monkeypatch.setenv("LIFENODE_DOWNLOAD_RETRIES", "1")
    server.files[ONE], server.files[TWO] = packed(0.8), packed(0.9)
    for status in (404, 500):
        server.statuses[ONE] = [status]
        report = brought(server, tmp_path)
        assert outcome(report)["QTD000001"] == "refused"
        assert any(str(status) in note for note in report.notes)
        found = Catalogue(tmp_path / "catalogue").associations(dataset=["QTD000001", "QTD000002"], limit=9999)["beta"]
        assert found[0] == pytest.approx(0.25 + 1000 % 97 / 1000)
        assert found[-1] > 0.9
    server.statuses[ONE] = [500, 200]
    assert outcome(brought(server, tmp_path)) == {"QTD000001": "ingested", "QTD000002": "unchanged"}
    server.statuses[ONE] = [200]
    for path in ("pub/eQTL/nothing.tsv.gz", "gone.tsv.gz"):
        with pytest.raises(DownloadFailed, match="404"):
            brought(server, tmp_path, path)
    server.statuses["pub/eQTL/"] = [503]
    with pytest.raises(DownloadFailed, match=r"503.*2 times"):
        brought(server, tmp_path)


def test_only_hosts_that_may_be_asked_are_asked(server: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tree(dict(FILES)) as private:
        server.redirects["pub/eQTL/sumstats/"] = private.url("pub/eQTL/sumstats/")
        with pytest.raises(FetchRefused):
            brought(server, tmp_path)
        server.redirects.clear()
        # Links that lead elsewhere, or up, are none.
        server.links["pub/eQTL/"] = (
            f'<a href="{private.url("QTD000003.all.tsv.gz")}">x</a><a href="/pub/other/">y</a><a href="../other/">z</a>'
            '<a href="%2e%2e/other/">z</a><a href="file:///etc/QTD000004.tsv">z</a><a href="//x.org/QTD000004.tsv">'
        )
        brought(server, tmp_path)
        server.redirects[ONE] = private.url(ONE)
        with pytest.raises(FetchRefused, match="none of 80 and 443"):
            brought(server, tmp_path, ONE)
        assert private.asked == []
    assert not server.got("pub/other/")
    monkeypatch.setenv("LIFENODE_EQTL_HOSTS", "")
    for url in (
        server.url("pub/"), "http://localhost/", "http://127.1/x.tsv", "http://[::1]/", "http://169.254.169.254/x.tsv",
        "https://user@example.org/", "http://example.org:8080/", "ftp://ftp.example.org/pub/",
    ):  # fmt: skip
        with pytest.raises(FetchRefused) as refused:
            ingest(url, tmp_path / "catalogue", files=tmp_path / "files")
        assert ("https://" if url.startswith("ftp") else "LIFENODE_EQTL_HOSTS") in refused.value.next_step


def test_there_is_an_end(server: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_EQTL_FETCH_BYTES", "1000")
    with pytest.raises(InputTooLarge, match="1,000"):
        brought(server, tmp_path)
    server.heads = False
    with pytest.raises(InputTooLarge):
        brought(server, tmp_path, ONE)
    monkeypatch.delenv("LIFENODE_EQTL_FETCH_BYTES")
    monkeypatch.setattr("lifenode.eqtl.remote_fetch._ROOM", 1 << 60)
    with pytest.raises(OutputError, match="are free"):
        brought(server, tmp_path, ONE)
    for depth in range(9):
        server.links["deep/" + "a/" * depth] = '<a href="a/">a</a>'
    with pytest.raises(InputTooLarge, match="more folders"):
        brought(server, tmp_path, "deep/")
    server.files["deep/a/"] = b"x"
    with pytest.raises(DownloadFailed, match="no list of files"):
        brought(server, tmp_path, "deep/a/")


def test_the_tree_of_a_node_is_one_to_ingest_from(
    server: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(server, tmp_path / "first")
    files, state = str(tmp_path / "first/files"), str(tmp_path / "state")
    with running_server(LIFENODE_EQTL_FILES=files, LIFENODE_STATE_DIR=state) as base:
        monkeypatch.setenv("LIFENODE_EQTL_HOSTS", base.removeprefix("http://"))
        for status in ("ingested", "unchanged"):
            report = ingest(f"{base}/eqtl/ftp", tmp_path / "second", files=tmp_path / "files")
            assert set(outcome(report).values()) == {status}
    one, other = (Catalogue(tmp_path / name) for name in ("first/catalogue", "second"))
    assert one.associations(limit=10_000).to_polars().equals(other.associations(limit=10_000).to_polars())
    assert (tmp_path / "files" / f"{ONE.removeprefix('pub/eQTL/')}.tbi").read_bytes() == b"an index"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://x.org/pub/databases/spot/eQTL/sumstats/QTS000001/a.tsv", "sumstats/QTS000001/a.tsv"),
        ("https://x.org/pub/r8_beta/susie/QTS000001/a.tsv", "r8_beta/susie/QTS000001/a.tsv"),
        ("https://x.org/QTS000001/QTD000001/a.tsv", "QTS000001/QTD000001/a.tsv"),
        ("https://x.org/any/where/a.tsv", "a.tsv"),
        ("https://x.org/sumstats/%2e%2e/a.tsv", None),
        ("https://x.org/sumstats/a%2Fb.tsv", None),
        ("https://x.org/sumstats/.hidden.tsv", None),
        ("https://x.org/sumstats/a.tsv.gz.part", None),
        ("https://x.org/", None),
    ],
)
def test_where_a_file_is_kept(url: str, path: str | None) -> None:
    assert path_of(url) == path


def test_progress_in_words() -> None:
    told = Fetching("a.tsv.gz", 1, 4, 1_200_000_000, 3_200_000_000, 600_000_000, 12.0)
    assert words(told) == "a.tsv.gz (1 of 4): 1.2 GB of 3.2 GB, 50 MB/s, 0:40 left"
    assert words(Fetching("a/", 7)) == "asking what there is (7): a/"
    assert words(Fetching("a", 1, 1)) == "a (1 of 1): 0 bytes, 0 bytes/s"
    assert [size(count) for count in (999, 1000, 2e15)] == ["999 bytes", "1 kB", "2e+03 TB"]
