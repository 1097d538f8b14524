"""Packs from official files: the whole way from a folder of downloads to a pack."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lifenode.errors import BuildFailed, FormatError
from lifenode.packs.build import PackContent, build_pack
from lifenode.packs.recipes import upstream
from tests.packs import upstream_files


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return upstream_files.write(tmp_path_factory.mktemp("raw"))


@pytest.fixture(scope="module")
def made(raw: Path) -> PackContent:
    return upstream.content("hsapiens", raw)


def pairs(made: PackContent, source: str) -> set[tuple[str, str, str]]:
    """Annotations as (gene_id, term_id, evidence)."""
    rows = made.annotations.select(
        "evidence",
        gene=made.genes["gene_id"].gather(made.annotations["gene"]),
        term=made.terms["term_id"].gather(made.annotations["term"]),
        source=made.terms["source"].gather(made.annotations["term"]),
    ).filter(pl.col("source") == source)
    return set(rows.select("gene", "term", "evidence").rows())


def names(made: PackContent, namespace: str) -> set[tuple[str, str]]:
    rows = made.identifiers.filter(pl.col("namespace") == namespace)
    return set(zip(rows["identifier"], made.genes["gene_id"].gather(rows["gene"]), strict=True))


def ensg(number: int) -> str:
    return f"ENSG{number:011d}"


def test_genes(made: PackContent) -> None:
    genes = {row["gene_id"]: row for row in made.genes.iter_rows(named=True)}
    assert len(genes) == upstream_files.N_GENES + 2
    assert genes[ensg(3)]["symbol"] == "NEW3"  # the authority's symbol, not the release's
    assert genes[ensg(2)] == {
        "gene_id": ensg(2),
        "symbol": "ABC2",
        "name": "approved name 2",
        "biotype": "protein_coding",
        "chromosome": "1",
        "start": 2000,
        "end": 2099,
        "strand": -1,
        "primary_assembly": True,
    }
    assert not genes[ensg(91)]["primary_assembly"]
    assert genes[ensg(92)]["primary_assembly"]  # an unplaced scaffold has genes of its own
    assert genes[ensg(92)]["symbol"] == ""


def test_identifiers(made: PackContent) -> None:
    assert ("101", ensg(1)) in names(made, "ENTREZGENE")
    assert ("HGNC:5", ensg(5)) in names(made, "HGNC")
    assert ("P00002", ensg(2)) in names(made, "UNIPROT")
    assert ("NM_000002", ensg(2)) in names(made, "REFSEQ")
    assert names(made, "PREVIOUS_SYMBOL") == {("ABC3", ensg(3))}
    assert {("ALPHA", ensg(1)), ("BETA", ensg(1)), ("OLD7", ensg(7))} <= names(made, "ALIAS")
    assert {("ABC1", ensg(1)), ("ABC1", ensg(91))} <= names(made, "SYMBOL")
    assert {gene for _, gene in names(made, "ENSG")} == set(made.genes["gene_id"])
    assert "888" not in {identifier for identifier, _ in names(made, "ENTREZGENE")}
    assert made.sources["identifiers"]["dropped"] == {"NCBI gene that is not in the pack": 1}


def test_gene_ontology(made: PackContent) -> None:
    assert pairs(made, "GO:BP") == {
        (ensg(1), "GO:0006281", "IDA"),
        (ensg(1), "GO:0006281", "IEA"),
        (ensg(2), "GO:0006281", "IMP"),
        (ensg(9), "GO:0006282", "IGI"),
    }
    assert pairs(made, "GO:MF") == {(ensg(8), "GO:0003684", "IPI")}
    assert pairs(made, "GO:CC") == {(ensg(10), "GO:0005634", "IEA"), (ensg(12), "GO:0005634", "HDA")}
    assert made.sources["GO:BP"]["dropped"] == {
        "NOT qualifier": 1,
        "no biological data (ND)": 1,
        "obsolete term": 1,
        "term not in the ontology release": 1,
        "directly on a root (no biological data)": 1,
    }
    assert made.sources["GO:CC"]["dropped"] == {
        "gene not among the genes of the primary assembly": 1,
        "product of another organism": 1,
    }


def test_parents_are_is_a_and_part_of_only(made: PackContent) -> None:
    ids = made.terms["term_id"].to_list()
    parents = {ids[row]: {ids[parent] for parent in above} for row, above in enumerate(made.terms["parents"].to_list())}
    assert parents["GO:0006281"] == {"GO:0006974", "GO:0008150"}
    assert parents["GO:0006282"] == {"GO:0008150"}  # regulates leads nowhere
    assert parents["GO:0003684"] == {"GO:0003674", "GO:0006281"}  # part_of crosses branches
    assert parents["HP:0000118"] == {"HP:0000001"}
    assert "GO:0000004" not in ids
    assert "HP:0000999" not in ids
    assert made.terms["source"].unique(maintain_order=True).to_list() == ["GO:MF", "GO:BP", "GO:CC", "REAC", "WP", "HP"]


def test_pathways_and_phenotypes(made: PackContent) -> None:
    assert pairs(made, "REAC") == {(ensg(1), "R-HSA-73894", ""), (ensg(2), "R-HSA-73894", "")}
    assert pairs(made, "WP") == {(ensg(1), "WP534", ""), (ensg(3), "WP534", "")}
    assert pairs(made, "HP") == {(ensg(1), "HP:0000118", "")}
    assert dict(made.terms.select("term_id", "name").rows())["WP534"] == "Glycolysis"
    assert made.sources["REAC"]["dropped"] == {"member not among the genes": 1}
    assert made.sources["WP"]["dropped"] == {"member not among the genes": 1}
    assert made.sources["HP"]["dropped"] == {
        "gene not among the genes of the primary assembly": 1,
        "obsolete term": 1,
    }


def test_provenance_names_the_releases(made: PackContent) -> None:
    assert made.sources["GO:BP"]["version"] == "go-basic.obo releases/2026-06-15; goa_human.gaf.gz 2026-08-15"
    assert made.sources["GO:BP"]["evidence"] == "codes"
    assert made.sources["genes"]["version"].startswith(
        "Homo_sapiens.GRCh38.115.gtf.gz GRCh38.p14; hgnc_complete_set.txt"
    )
    assert made.sources["HP"]["version"].startswith("hp.obo hp/releases/2026-07-01; genes_to_phenotype.txt")
    assert made.sources["WP"]["licence"] == "CC0 1.0"
    assert "definition" not in str(made.terms.rows())


def test_the_pack_is_built_and_built_again_the_same(raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795000000")
    first, second = (build_pack("hsapiens", raw, tmp_path / name) for name in ("one", "two"))
    for path in first.iterdir():
        assert path.read_bytes() == (second / path.name).read_bytes()
    assert '"name": "hsapiens-2026.11"' in (first / "manifest.json").read_text()


def test_gene2go_does_where_there_is_no_gaf(tmp_path: Path) -> None:
    made = upstream.content("hsapiens", upstream_files.write(tmp_path, with_gaf=False))
    assert pairs(made, "GO:BP") == {(ensg(1), "GO:0006281", "IDA")}
    assert pairs(made, "GO:CC") == {(ensg(3), "GO:0005634", "IEA")}
    assert made.sources["GO:BP"]["dropped"] == {"NOT qualifier": 1}
    assert made.sources["GO:BP"]["version"].startswith("go-basic.obo releases/2026-06-15; gene2go.gz")


def test_optional_files_may_be_absent_and_needed_ones_not(tmp_path: Path) -> None:
    upstream_files.write(tmp_path)
    (tmp_path / "hp.obo").unlink()
    assert "HP" not in upstream.content("hsapiens", tmp_path).sources
    (tmp_path / "Homo_sapiens.gene_info.gz").unlink()
    with pytest.raises(BuildFailed, match=r"Homo_sapiens\.gene_info\.gz from https://ftp\.ncbi"):
        upstream.content("hsapiens", tmp_path)


def test_a_broken_raw_file_is_named_with_its_line(tmp_path: Path) -> None:
    upstream_files.write(tmp_path)
    (tmp_path / "hgnc_complete_set.txt").write_text(upstream_files.hgnc() + "HGNC:99\tshort\n")
    with pytest.raises(FormatError, match=f"hgnc_complete_set.txt, line {upstream_files.N_GENES + 2}"):
        build_pack("hsapiens", tmp_path, tmp_path / "pack")
    assert not (tmp_path / "pack").exists()


def test_objects_of_a_species_database_are_found_by_id_and_by_symbol(tmp_path: Path) -> None:
    made = upstream.content("scerevisiae", upstream_files.write_yeast(tmp_path))
    assert pairs(made, "GO:CC") == {("YAL001C", "GO:0005634", "IDA"), ("YAL002W", "GO:0005634", "IDA")}
    assert names(made, "SGD") == {("S000000001", "YAL001C")}
    assert names(made, "ORF") == names(made, "ENSG") == {("YAL001C", "YAL001C"), ("YAL002W", "YAL002W")}
    assert names(made, "ENTREZGENE") == {("851262", "YAL001C")}
    assert made.genes["name"].to_list() == ["transcription factor", ""]
    assert list(made.sources) == ["GO:MF", "GO:BP", "GO:CC", "genes", "identifiers"]
