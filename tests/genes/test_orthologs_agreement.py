"""Agreement with curated pairs, by Entrez id and ZFIN id, counted apart from the benchmark that documents it."""

from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.genes.convert import convert
from lifenode.genes.orthologs import orthologs
from lifenode.packs.readers import tables


def shares(curated: set[tuple[str, str]], to: str, **options: object) -> tuple[float, float]:
    """Return which share of curated pairs is held, and which share of the pairs of those genes is curated."""
    human = sorted({pair[0] for pair in curated})
    others = sorted({pair[1] for pair in curated})
    converted = convert(others, to)
    gene_of = dict(zip(converted["query"].tolist(), converted["gene_id"].tolist(), strict=True))
    answer = orthologs(human, "hsapiens", to, **options)  # type: ignore[arg-type]
    held = {(row["query"], row["ortholog"]) for row in answer.to_dicts() if row["ortholog"]}
    wanted = {(one, gene_of[two] or f"no gene: {two}") for one, two in curated}
    both = len(held & wanted)
    return 100 * both / len(wanted), 100 * both / len(held)


@pytest.fixture(scope="module")
def mgi(shared_data: Path) -> set[tuple[str, str]]:
    path = shared_data / "annotation/tables/mgi_mouse_human_homology_2024-11.tsv.gz"
    members: dict[str, dict[str, set[str]]] = {}
    for row in tables.read(path, "mgi_homology").drop_nulls("EntrezGene ID").iter_rows(named=True):
        group = members.setdefault(row["DB Class Key"], {"9606": set(), "10090": set()})
        group[row["NCBI Taxon ID"]].add(row["EntrezGene ID"])
    return {(one, two) for group in members.values() for one in group["9606"] for two in group["10090"]}


@pytest.fixture(scope="module")
def zfin(shared_data: Path) -> set[tuple[str, str]]:
    rows = tables.read(shared_data / "annotation/tables/zfin_human_orthologs_2024-11.tsv.gz", "zfin_orthologs")
    return set(rows.drop_nulls("human_entrez").select("human_entrez", "zfin_id").iter_rows())


def test_mgi(mgi: set[tuple[str, str]]) -> None:
    assert len(mgi) == 24_578
    held, curated = shares(mgi, "mmusculus")
    assert held > 91
    assert curated > 76
    held, curated = shares(mgi, "mmusculus", min_support=4)
    assert held > 78
    assert curated > 96


def test_zfin(zfin: set[tuple[str, str]]) -> None:
    assert len(zfin) == 17_104
    held, curated = shares(zfin, "drerio")
    assert held > 94
    assert curated > 52
    held, curated = shares(zfin, "drerio", min_support=4)
    assert held > 88
    assert curated > 85
