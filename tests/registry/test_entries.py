"""Entries in other registries."""

from __future__ import annotations

import gzip
import json
import zipfile
from pathlib import Path

import pytest

from lifenode.registry.build_links import link_tables
from lifenode.registry.entries import about, cross_links

RESOURCES = [
    {"resource": "gene-atlas", "name": "Gene Atlas", "url": ""},
    {"resource": "pdbe", "name": "PDBe", "url": ""},
]
ENTRIES = {
    "geneatlas": {
        "mappings": {"miriam": "geneatlas", "re3data": "r3d1"}, "license": "CC0-1.0",
        "contact": {"name": "A. Person", "email": "person@example.org"}, "contact_page": "https://atlas.example.org/help",
        "publications": [{"doi": "10.1/old", "year": 2001}, {"doi": "10.1/new", "year": 2020}, {"pubmed": "1"}],
    },
    "pdb": {},
}  # fmt: skip


def test_known_resources_have_their_entries() -> None:
    found = {(row["registry"], row["identifier"]) for row in cross_links("UniProt").to_dicts()}
    assert {("identifiers.org", "uniprot"), ("FAIRsharing", "FAIRsharing.wf28wm"), ("re3data", "r3d100011521")} <= found
    assert ("bio.tools", "gprofiler") in {
        (row["registry"], row["identifier"]) for row in cross_links("g:Profiler").to_dicts()
    }
    assert len(cross_links("nothing")) == 0
    assert len(set(cross_links()["resource"])) == 59
    assert about("pombase").name == "PomBase"


@pytest.mark.parametrize("packed", [False, True])
def test_links_are_built_without_persons(tmp_path: Path, packed: bool) -> None:
    entries, tools = tmp_path / "entries", tmp_path / "tools"
    text = json.dumps(ENTRIES)
    line = json.dumps({"id": "gene_atlas", "name": "GeneAtlas", "homepage": "x"}) + "\n"
    if packed:
        with zipfile.ZipFile(entries, "w") as wheel:
            wheel.writestr("bioregistry/data/bioregistry.json", text)
        tools.write_bytes(gzip.compress(line.encode()))
    else:
        entries.write_text(text)
        tools.write_text(line)
    tables = link_tables(RESOURCES, entries, tools)
    assert [tuple(row.values())[:3] for row in tables["links.tsv"]] == [
        ("gene-atlas", "Bioregistry", "geneatlas"), ("gene-atlas", "identifiers.org", "geneatlas"),
        ("gene-atlas", "re3data", "r3d1"), ("gene-atlas", "bio.tools", "gene_atlas"), ("pdbe", "Bioregistry", "pdb"),
    ]  # fmt: skip
    assert [(row["what"], row["value"]) for row in tables["about.tsv"]] == [
        ("licence", "CC0-1.0"), ("contact", "https://atlas.example.org/help"), ("publication", "10.1/new"),
        ("publication", "10.1/old"),
    ]  # fmt: skip
    assert "person" not in json.dumps(tables).lower()
