"""Writing packs: whole or not at all, the same bytes every time, nothing that breaks the contract."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifenode.errors import BuildFailed, OutputError, UnknownOrganism
from lifenode.packs import catalog
from lifenode.packs.build import PackContent, build_date, build_pack, write_pack
from lifenode.packs.contract import SCHEMAS

FACTS: dict[str, Any] = {
    "name": "Gene Ontology",
    "version": "1",
    "date": "2026-01-01",
    "licence": "CC BY 4.0",
    "attribution": "Somebody.",
    "url": "https://geneontology.org",
    "evidence": "codes",
    "dropped": {"NOT qualifier": 3},
}


def table(name: str, *rows: tuple[Any, ...]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(SCHEMAS[name]), orient="row")


VARIANT = ("rs1", "1", 12, 12, "A/G", [0], [{"gene": 0, "term": "missense_variant", "times": 2}], "source")


def variant(**changed: Any) -> tuple[Any, ...]:
    return tuple((dict(zip(SCHEMAS["variants"], VARIANT, strict=True)) | changed).values())


def small() -> PackContent:
    return PackContent(
        organism={"id": "tiny", "scientific_name": "Tiny tiny", "display_name": "Tiny", "taxonomy_id": 1},
        release="2026.11",
        genes=table(
            "genes",
            ("G1", "ABC1", "first", "protein_coding", "1", 10, 20, 1, True),
            ("G2", "ABC2", "", "protein_coding", "1", 30, 45, -1, True),
            ("G3", "ABC1", "first again", "protein_coding", "CHR_ALT", 10, 20, 1, False),
        ),
        identifiers=table("identifiers", ("ENSG", "G1", 0), ("ENSG", "G2", 1), ("SYMBOL", "ABC1", 0)),
        terms=table(
            "terms",
            ("GO:BP", "GO:1", "root", []),
            ("GO:BP", "GO:2", "child", [0]),
            ("REAC", "R-1", "pathway", []),
        ),
        annotations=table("annotations", (1, 0, "IDA"), (1, 0, "IEA"), (2, 1, "")),
        sources={"GO:BP": FACTS, "REAC": {**FACTS, "evidence": "none"}, "genes": {**FACTS, "evidence": "none"}},
        evidence_note="codes",
        built="2026-11-22",
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_a_pack_holds_what_was_given(tmp_path: Path) -> None:
    content = small()
    assert write_pack(content, tmp_path / "tiny") == tmp_path / "tiny"
    for name, expected in content.tables().items():
        assert pl.read_parquet(tmp_path / "tiny" / f"{name}.parquet").equals(expected)
    manifest = json.loads((tmp_path / "tiny" / "manifest.json").read_text())
    assert manifest["name"] == "tiny-2026.11"
    assert manifest["format"] == 1
    assert manifest["built"] == "2026-11-22"
    assert manifest["organism"] == content.organism
    assert manifest["sources"]["GO:BP"]["dropped"] == {"NOT qualifier": 3}
    assert list(manifest["files"]) == [f"{name}.parquet" for name in content.tables()]
    for name, entry in manifest["files"].items():
        raw = (tmp_path / "tiny" / name).read_bytes()
        assert entry == {
            "sha256": hashlib.sha256(raw).hexdigest(),
            "bytes": len(raw),
            "rows": pl.read_parquet(tmp_path / "tiny" / name).height,
        }


def test_variants_are_written_when_there_are_some(tmp_path: Path) -> None:
    content = replace(small(), variants=table("variants", VARIANT))
    write_pack(content, tmp_path / "tiny")
    assert pl.read_parquet(tmp_path / "tiny" / "variants.parquet")["rsid"].to_list() == ["rs1"]


def test_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = write_pack(small(), tmp_path / "a"), write_pack(small(), tmp_path / "b" / "c")
    assert contents(first) == contents(second)


def test_build_date_follows_the_environment() -> None:
    assert build_date({"SOURCE_DATE_EPOCH": "86400"}) == "1970-01-02"
    assert len(build_date({})) == len("2026-11-22")


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), RuntimeError("out of luck")])
@pytest.mark.parametrize("older", [False, True])
def test_an_interrupted_build_leaves_no_half_pack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException, older: bool
) -> None:
    before: dict[str, bytes] = {}
    if older:
        before = contents(write_pack(replace(small(), release="2025.01"), tmp_path / "tiny"))
    original, calls = pl.DataFrame.write_parquet, []

    def breaks_at_the_third(self: pl.DataFrame, *arguments: Any, **options: Any) -> None:
        calls.append(1)
        if len(calls) == 3:
            raise failure
        original(self, *arguments, **options)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", breaks_at_the_third)
    with pytest.raises(type(failure)):
        write_pack(small(), tmp_path / "tiny")
    assert [path.name for path in tmp_path.iterdir()] == (["tiny"] if older else [])
    if older:
        assert contents(tmp_path / "tiny") == before


def test_a_full_disk_is_reported_and_leaves_the_older_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(write_pack(small(), tmp_path / "tiny"))
    original = Path.rename

    def full(self: Path, target: Path) -> Path:
        if ".building-" in self.name:
            raise OSError(28, "No space left on device")
        return original(self, target)

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(OutputError, match="No space left on device"):
        write_pack(replace(small(), release="2027.01"), tmp_path / "tiny")
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]
    assert contents(tmp_path / "tiny") == before


def test_a_newer_pack_replaces_the_older(tmp_path: Path) -> None:
    write_pack(small(), tmp_path / "tiny")
    write_pack(replace(small(), release="2027.01"), tmp_path / "tiny")
    assert json.loads((tmp_path / "tiny" / "manifest.json").read_text())["release"] == "2027.01"
    assert [path.name for path in tmp_path.iterdir()] == ["tiny"]


def test_a_folder_that_is_no_pack_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("meow")
    with pytest.raises(BuildFailed, match="not a knowledge pack"):
        write_pack(small(), tmp_path / "photos")
    assert (tmp_path / "photos" / "cat.jpg").read_text() == "meow"


def with_row(name: str, *rows: tuple[Any, ...]) -> PackContent:
    content = small()
    setattr(content, name, table(name, *rows))
    return content


GENE = ("G9", "S", "", "", "1", 1, 2, 1, True)
BROKEN = {
    "blank gene": (with_row("genes", ("", *GENE[1:])), "blank gene_id"),
    "gene twice": (with_row("genes", GENE, GENE, ("G8", *GENE[1:])), r"gene_id \['G9'\] occurs twice"),
    "gene reversed": (with_row("genes", ("G9", "S", "", "", "1", 9, 2, 1, True)), "ends before it starts"),
    "strand": (with_row("genes", ("G9", "S", "", "", "1", 1, 2, 3, True)), "strand"),
    "namespace": (with_row("identifiers", ("ENSEMBL", "G1", 0)), "unknown namespaces ENSEMBL"),
    "blank identifier": (with_row("identifiers", ("SYMBOL", " ", 0)), "blank identifier"),
    "unsorted identifiers": (with_row("identifiers", ("SYMBOL", "B", 0), ("SYMBOL", "A", 0)), "not sorted"),
    "identifier twice": (with_row("identifiers", ("SYMBOL", "A", 0), ("SYMBOL", "A", 0)), "occurs twice"),
    "identifier range": (with_row("identifiers", ("SYMBOL", "A", 3)), "out of range"),
    "negative gene": (with_row("identifiers", ("SYMBOL", "A", -1)), "out of range"),
    "term twice": (
        with_row("terms", ("REAC", "R-1", "", []), ("REAC", "R-1", "", []), ("REAC", "R-2", "", [])),
        "twice",
    ),
    "terms unsorted": (
        with_row("terms", ("REAC", "R", "", []), ("GO:BP", "G", "", []), ("REAC", "S", "", [])),
        "sorted",
    ),
    "parent range": (with_row("terms", ("REAC", "R-1", "", [5]), ("REAC", "R-2", "", [])), "parent index"),
    "circle": (
        with_row("terms", ("GO:BP", "GO:1", "", [1]), ("GO:BP", "GO:2", "", [0]), ("REAC", "R-1", "", [])),
        "circle",
    ),
    "unknown source": (with_row("terms", ("WP", "WP1", "", []), ("WP", "WP2", "", []), ("HP", "HP:2", "", [])), "WP"),
    "term range": (with_row("annotations", (3, 0, "IDA")), "term index"),
    "annotated gene range": (with_row("annotations", (0, 7, "IDA")), "gene index"),
    "annotation twice": (with_row("annotations", (0, 1, "IDA"), (0, 1, "IDA")), "occurs twice"),
    "no data": (with_row("annotations", (0, 1, "ND")), "ND"),
    "alternate locus": (with_row("annotations", (0, 2, "IDA")), "primary assembly"),
    "codes missing": (with_row("annotations", (0, 1, "")), "evidence of GO:BP"),
    "codes unexpected": (with_row("annotations", (2, 1, "IDA")), "evidence of REAC"),
}


ORTHOLOG = (0, "mmusculus", "M1", "20", "S", "HCOP", "NCBI|OMA")


def ortholog(*changed: tuple[int, Any]) -> tuple[Any, ...]:
    new = dict(changed)
    return tuple(new.get(place, cell) for place, cell in enumerate(ORTHOLOG))


BROKEN |= {
    "orthologs untold": (with_row("orthologs", ORTHOLOG), "nothing is said about orthologs"),
    "ortholog gene range": (with_row("orthologs", ortholog((0, 3))), "gene index"),
    "ortholog organism": (with_row("orthologs", ortholog((1, ""))), "blank organism"),
    "ortholog nameless": (with_row("orthologs", ortholog((2, ""), (3, ""))), "without an identifier"),
    "ortholog source": (with_row("orthologs", ortholog((5, "OMA"))), "unknown source"),
    "ortholog support": (with_row("orthologs", ortholog((6, "NCBI||OMA"))), "blank name"),
    "ortholog twice": (with_row("orthologs", ORTHOLOG, ortholog((6, "OMA"))), "a pair occurs twice"),
    "orthologs unsorted": (with_row("orthologs", ortholog((0, 1)), ORTHOLOG), "not sorted"),
}

BROKEN |= {
    "no rsID": (with_row("variants", variant(rsid="COSV1")), "no rsID"),
    "blank chromosome": (with_row("variants", variant(chromosome="")), "blank chromosome"),
    "first base": (with_row("variants", variant(position=0)), "before the first base"),
    "variant reversed": (with_row("variants", variant(end=11)), "ends before it starts"),
    "variants unsorted": (with_row("variants", variant(), variant(rsid="")), "not sorted"),
    "variant twice": (with_row("variants", variant(), variant(genes=[])), "occurs twice"),
    "variant gene range": (with_row("variants", variant(genes=[3])), "gene index"),
    "consequence gene": (
        with_row("variants", variant(consequences=[{"gene": 3, "term": "x", "times": 1}])),
        "gene index",
    ),
    "consequence count": (
        with_row("variants", variant(consequences=[{"gene": -1, "term": "x", "times": 0}])),
        "not stated",
    ),
    "blank consequence": (
        with_row("variants", variant(consequences=[{"gene": -1, "term": "", "times": 1}])),
        "blank consequence",
    ),
    "origin of genes": (with_row("variants", variant(genes_by="guess")), "origin of genes"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_content_that_breaks_the_contract_is_refused(tmp_path: Path, case: str) -> None:
    content, says = BROKEN[case]
    with pytest.raises(BuildFailed, match=says):
        write_pack(content, tmp_path / "tiny")
    assert list(tmp_path.iterdir()) == []


def test_columns_types_and_provenance_are_held_to(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="columns are gene_id"):
        write_pack(replace(small(), genes=small().genes.drop("name")), tmp_path / "tiny")
    with pytest.raises(BuildFailed, match="column start is Int64"):
        write_pack(replace(small(), genes=small().genes.cast({"start": pl.Int64})), tmp_path / "tiny")
    unnamed = small().genes.with_columns(name=pl.lit(None, dtype=pl.String))
    with pytest.raises(BuildFailed, match="column name has empty cells"):
        write_pack(replace(small(), genes=unnamed), tmp_path / "tiny")
    bare = {**small().sources, "GO:BP": {"name": "Gene Ontology", "evidence": "codes"}}
    with pytest.raises(BuildFailed, match="GO:BP lacks version, date, licence"):
        write_pack(replace(small(), sources=bare), tmp_path / "tiny")


def test_missing_raw_files_are_named_with_their_urls(tmp_path: Path) -> None:
    with pytest.raises(BuildFailed) as caught:
        build_pack("hsapiens", tmp_path, tmp_path / "pack")
    for raw in catalog.upstream("hsapiens"):
        if raw.required:
            assert raw.url in str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_organism_is_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownOrganism, match="Did you mean hsapiens"):
        build_pack("human", tmp_path, tmp_path / "pack")


def test_the_catalogue_is_complete() -> None:
    ids = [entry.id for entry in catalog.organisms()]
    assert ids[0] == "hsapiens"
    assert len(ids) == len(set(ids)) == 9
    for name in ids:
        files = catalog.upstream(name)
        assert {"genes", "GO:BP", "GO:MF", "GO:CC"} <= {source for raw in files for source in raw.sources}
        assert all(raw.url.startswith("https://") and raw.licence and raw.attribution for raw in files)
        told = catalog.starter_facts(name)
        assert {"genes", "identifiers", "GO:BP", "GO:MF", "GO:CC", "WP"} <= set(told)
        assert all(facts.version and facts.date and facts.licence and facts.attribution for facts in told.values())


def test_missing_files_ignores_packing_and_release(tmp_path: Path) -> None:
    absent = {raw.file for raw in catalog.missing_files("hsapiens", tmp_path)}
    assert absent == {raw.file for raw in catalog.upstream("hsapiens")}
    for name in ("Homo_sapiens.GRCh38.200.gtf", "go-basic.obo.gz", "hgnc_complete_set.txt"):
        (tmp_path / name).write_text("")
    still = {raw.file for raw in catalog.missing_files("hsapiens", tmp_path)}
    assert absent - still == {"Homo_sapiens.*.gtf.gz", "go-basic.obo", "hgnc_complete_set.txt"}


def test_the_highest_release_in_a_folder_is_taken(tmp_path: Path) -> None:
    (models,) = (raw for raw in catalog.upstream("hsapiens") if raw.reader == "gtf")
    assert models.find(tmp_path) is None
    for name in ("Homo_sapiens.GRCh38.99.gtf.gz", "Homo_sapiens.GRCh38.113.gtf", "Mus_musculus.GRCm39.200.gtf.gz"):
        (tmp_path / name).write_text("")
    assert models.find(tmp_path) == tmp_path / "Homo_sapiens.GRCh38.113.gtf"
