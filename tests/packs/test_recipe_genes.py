"""The rules for genes, identifiers and pathways, one trap a test."""

from __future__ import annotations

from typing import Any

import polars as pl

from lifenode.packs.recipes import genes, pathways
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped


def rows(**columns: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def gene_rows(*ids: str, alternate: tuple[str, ...] = ()) -> pl.DataFrame:
    return genes.conform(
        pl.DataFrame({"gene_id": ids, "symbol": [name.lower() for name in ids]}).with_columns(
            primary_assembly=~pl.col("gene_id").is_in(alternate)
        )
    )


# Genes and identifiers


def test_full_names_lose_their_source() -> None:
    given = rows(d=["tumor protein p53 [Source:HGNC Symbol;Acc:HGNC:11998]", "plain", None, "[Source:X]", "a [b] c"])
    found = given.select(genes.full_name(pl.col("d")))["d"].to_list()
    assert found == ["tumor protein p53", "plain", None, "", "a [b] c"]


def test_alternate_loci_are_told_by_the_name_of_their_sequence() -> None:
    names = {"1": True, "X": True, "MT": True, "KI270711.1": True, "GL000009.2": True, "MtDNA": True, "2L": True}
    names |= {"CHR_HSCHR6_MHC_COX_CTG1": False, "CHR_HG2030_PATCH": False, "HSCHR1_1_CTG3": False, "HG1_PATCH": False}
    found = pl.DataFrame({"chr": list(names)}).select(genes.on_primary_assembly("chr"))["chr"].to_list()
    assert found == list(names.values())


def test_ncbi_genes_are_called_by_a_reference_of_their_own() -> None:
    info = rows(
        GeneID=["1", "2", "3", "4", "5"],
        Symbol=["a", "b", "c", "d", "NEWENTRY"],
        Full_name_from_nomenclature_authority=["full", "-", "-", "-", "-"],
        type_of_gene=["protein-coding"] * 5,
        dbXrefs=[
            "ZFIN:ZDB-1|Ensembl:ENS1",
            "ZFIN:ZDB-2|Ensembl:ENS2|Ensembl:ENS3",  # two of a kind say nothing
            "ZFIN:ZDB-3|Ensembl:ENS4",
            "Ensembl:ENS4",  # shared with the gene above
            "-",
        ],
    )
    found = {row["GeneID"]: row for row in genes.ncbi_genes(info, ["Ensembl", "ZFIN"]).iter_rows(named=True)}
    assert {key: row["gene_id"] for key, row in found.items()} == {
        "1": "ENS1",
        "2": "ZDB-2",
        "3": "ZDB-3",
        "4": "NCBI:4",
        "5": "NCBI:5",
    }
    assert (found["1"]["name"], found["1"]["biotype"], found["1"]["start"]) == ("full", "protein_coding", 0)
    assert (found["5"]["symbol"], found["2"]["name"]) == ("", "")


def test_yeast_genes() -> None:
    features = rows(
        orf=["YAL069W", "YAR009C", "tP(UGG)Q"],
        feature_type=["ORF", "transposable_element_gene", "tRNA_gene"],
        qualifier=["Dubious", None, None],
        symbol=[None, "X", None],
        chr=["1", "9", "17"],
        start=[335, 160597, 731],
        end=[649, 164187, 802],
        strand=[1, -1, 1],
    )
    found = genes.yeast_genes(features, rows(gene_id=["YAR009C"], name=["gag"]))
    assert found.select("gene_id", "biotype", "chromosome", "name").rows() == [
        ("YAL069W", "dubious_ORF", "I", ""),
        ("YAR009C", "transposable_element", "IX", "gag"),
        ("tP(UGG)Q", "tRNA", "Mito", ""),
    ]


def test_identifiers_are_split_trimmed_and_told_from_nothing() -> None:
    dropped = Dropped()
    names = Identifiers(gene_rows("A", "B", "X", alternate=("X",)), dropped)
    names.add("ENSG", rows(gene_id=["A", "B", "X"]), "gene_id")
    names.add("ALIAS", rows(gene_id=["A", "A", "Z"], alias=[' one | "two" ||-', None, "lost"]), "alias")
    names.add("ENTREZGENE", rows(gene_id=["A", "X"], entrez=["1", "1"]), "entrez")
    assert names.table().rows() == [
        ("ALIAS", "one", 0),
        ("ALIAS", "two", 0),
        ("ENSG", "A", 0),
        ("ENSG", "B", 1),
        ("ENSG", "X", 2),
        ("ENTREZGENE", "1", 0),
        ("ENTREZGENE", "1", 2),
    ]
    assert names.links("ENTREZGENE").rows() == [("1", 0)]  # off the primary assembly takes no annotations
    assert dropped.of("identifiers") == {"ALIAS of a gene that is not in the pack": 1}


def test_a_gene_id_of_no_namespace_can_still_be_looked_up() -> None:
    names = Identifiers(gene_rows("NCBI:7", "AT1"), Dropped())
    names.add("AGI", rows(gene_id=["AT1"]), "gene_id")
    assert names.table().rows() == [("AGI", "AT1", 0), ("ALIAS", "NCBI:7", 1)]


# Pathways


def test_members_are_looked_up_in_order_of_trust() -> None:
    dropped = Dropped()
    sets = rows(term_id=["R-1", "R-1", "R-1", "R-2"], name=["one"] * 3 + ["two"], member=["TP53", "P53", "gag", "gag"])
    current = pl.DataFrame({"identifier": ["TP53"], "gene": [0]})
    older = pl.DataFrame({"identifier": ["TP53", "P53", "P53"], "gene": [9, 0, 1]})
    part = pathways.gene_sets("REAC", sets, [current, older], dropped)
    assert sorted(part.annotations["gene"]) == [0, 1]
    assert part.terms["term_id"].to_list() == ["R-1"]
    assert dropped.of("REAC") == {"member not among the genes": 2, "set without any known gene": 1}
    assert pathways.unambiguous(older)["identifier"].to_list() == ["TP53"]


def test_forms_of_the_same_sets_are_united() -> None:
    dropped = Dropped()
    entrez = rows(term_id=["R-1", "R-2"], name=["one", "two"], member=["11", "12"])
    uniprot = rows(term_id=["R-1", "R-3"], name=["one", "three"], member=["P1", "P2"])
    known = pl.DataFrame({"identifier": ["11"], "gene": [4]})
    part = pathways.gene_sets_in_forms(
        "REAC", {"Entrez": (entrez, [known]), "UniProt": (uniprot, [known[:0]])}, dropped
    )
    assert part.annotations.select("term_id", "gene").rows() == [("R-1", 4)]
    assert dropped.of("REAC") == {"member not among the genes (Entrez form)": 1, "set without any known gene": 2}


def test_wikipathways_nodes_are_found_by_their_database() -> None:
    names = Identifiers(gene_rows("AT1G01010", "B"), Dropped())
    names.add("AGI", rows(gene_id=["AT1G01010"]), "gene_id")
    names.add("RGD", rows(gene_id=["B"], rgd=["RGD:77"]), "rgd")
    nodes = rows(
        wpid=["WP1", "WP1", "WP1", "WP2", "WP3"],
        name=["one", "one", "one", "two", "three"],
        database=["TAIR", "Gramene Arabidopsis", "RGD", "Wikidata", "TAIR"],
        identifier=["At1g01010", "AT1G01010-TAIR-G", "77", "Q1", "AT5G00000"],
    )
    dropped = Dropped()
    part = pathways.wikipathways(nodes, names, dropped)
    assert sorted(part.annotations.select("term_id", "gene").rows()) == [("WP1", 0), ("WP1", 1)]
    assert dropped.of("WP") == {
        "member not among the genes": 1,
        "node of a database without gene identifiers": 1,
        "set without any known gene": 2,
    }
