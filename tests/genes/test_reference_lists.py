from __future__ import annotations

import re
from pathlib import Path

import pytest

from lifenode.genes.convert import convert
from lifenode.genes.identifiers import Identifiers, identifiers
from lifenode.packs.pack import open_pack


@pytest.fixture(scope="module")
def human() -> Identifiers:
    return identifiers(open_pack("hsapiens"))


def _members(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return list(dict.fromkeys(member for line in lines for member in line.split("\t")[2:] if member))


def test_a_published_answer_of_g_convert(shared_data: Path) -> None:
    lines = (shared_data / "enrichment" / "convert_query18_e114.tsv").read_text(encoding="utf-8").splitlines()
    symbols, genes = zip(*(line.split("\t") for line in lines if line and not line.startswith("#")), strict=True)
    table = convert(list(symbols), to="ENSG")
    assert table["converted"].tolist() == list(genes)
    assert set(table["status"]) == {"mapped"}


def test_hallmark_symbols_of_another_year(human: Identifiers, shared_data: Path) -> None:
    # 98.7 % of these symbols are current; the rest are previous symbols and aliases.
    symbols = _members(shared_data / "annotation" / "examples" / "h.all.v7.0.symbols.gmt")
    accounting = human.resolve(symbols).accounting
    assert accounting.input == len(symbols) > 4_000
    unknown = [item["identifier"] for item in accounting.to_dict()["unmapped_items"]]
    assert all(re.fullmatch(r"A[CL]\d{6}\.\d", name) for name in unknown), "only names of clones are lost"
    assert accounting.ambiguous <= 0.005 * len(symbols)
    assert 0.98 < accounting.namespaces["SYMBOL"] / len(symbols) < 0.995
    assert accounting.namespaces["PREVIOUS_SYMBOL"] > 20


def test_hallmark_entrez_ids(human: Identifiers, shared_data: Path) -> None:
    numbers = _members(shared_data / "enrichment" / "h.all.v6.2.entrez.gmt")
    accounting = human.resolve(numbers).accounting
    assert accounting.mapped + accounting.ambiguous + accounting.duplicate > 0.99 * len(numbers)


def test_the_mixed_query_of_the_documentation_of_g_profiler(human: Identifiers) -> None:
    items = ["X:1000:1000000", "rs17396340", "GO:0005005", "ENSG00000156103", "NLRP1"]
    told = human.resolve(items).accounting.to_dict()
    assert told["namespaces"] == {"ENSG": 1, "RANGE": 1, "SYMBOL": 1, "TERM": 1}
    assert [item["identifier"] for item in told["unmapped_items"]] == ["rs17396340"]
