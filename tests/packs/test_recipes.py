"""The rules by which raw rows become a pack, one trap a test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from lifenode.packs.readers import obo
from lifenode.packs.recipes import annotations as rules
from lifenode.packs.recipes import genes, ontology, pathways
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.parts import Dropped
from lifenode.packs.recipes.phenotypes import phenotypes


def rows(**columns: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(columns)


def graph() -> ontology.Ontology:
    terms = rows(source=["GO:BP"] * 2 + ["GO:CC"], term_id=["GO:1", "GO:2", "GO:3"], name=["root", "child", "other"])
    edges = rows(child=["GO:2", "GO:9"], parent=["GO:1", "GO:1"])
    merged = rows(alternative=["GO:8"], term_id=["GO:2"])
    return ontology.Ontology(ontology.graph(terms, edges), pl.Series(["GO:7"]), merged, ("GO:1",))


def gene_rows(*ids: str, alternate: tuple[str, ...] = ()) -> pl.DataFrame:
    return genes.conform(
        pl.DataFrame({"gene_id": ids, "symbol": [name.lower() for name in ids]}).with_columns(
            primary_assembly=~pl.col("gene_id").is_in(alternate)
        )
    )


# Annotations


@pytest.mark.parametrize("qualifier", ["NOT", "NOT|involved_in", "NOT colocalizes_with", "not", "contributes_to|NOT"])
def test_negated_rows_are_out_and_counted(qualifier: str) -> None:
    dropped = Dropped()
    given = rows(source=["GO:BP"] * 2, key=["1", "2"], term_id=["GO:2"] * 2, evidence=["IDA"] * 2)
    kept = rules.without_negations(given.with_columns(qualifier=pl.Series([qualifier, None])), dropped)
    assert kept["key"].to_list() == ["2"]
    assert dropped.of("GO:BP") == {"NOT qualifier": 1}


@pytest.mark.parametrize("qualifier", ["-", "", "involved_in", "contributes_to", "NOTHING_LIKE_IT"])
def test_other_qualifiers_stay(qualifier: str) -> None:
    given = rows(source=["GO:BP"], key=["1"], term_id=["GO:2"], evidence=["IDA"], qualifier=[qualifier])
    assert rules.without_negations(given, Dropped()).height == 1


def test_rows_without_data_are_out_and_counted() -> None:
    dropped = Dropped()
    given = rows(
        source=["GO:BP", "GO:CC"],
        key=["1", "1"],
        term_id=["GO:2", "GO:3"],
        evidence=["ND", "IDA"],
        qualifier=["-", "-"],
    )
    assert rules.without_negations(given, dropped)["evidence"].to_list() == ["IDA"]
    assert dropped.of("GO:BP") == {"no biological data (ND)": 1}
    assert dropped.of("GO:CC") == {}


def test_only_live_terms_below_the_roots_are_annotated() -> None:
    dropped = Dropped()
    ids = ["GO:1", "GO:2", "GO:3", "GO:7", "GO:8", "GO:404"]
    given = rows(source=["GO:BP"] * 6, key=["a"] * 6, term_id=ids, evidence=["IDA"] * 6)
    kept = rules.on_live_terms(given, graph(), dropped)
    # GO:8 was merged into GO:2; GO:3 is a cellular component whatever the row says.
    assert sorted(kept.select("term_id", "source").rows()) == [
        ("GO:2", "GO:BP"),
        ("GO:2", "GO:BP"),
        ("GO:3", "GO:CC"),
    ]
    assert dropped.of("GO:BP") == {
        "directly on a root (no biological data)": 1,
        "obsolete term": 1,
        "term not in the ontology release": 1,
    }


def test_every_gene_of_a_key_is_annotated_and_lost_keys_are_counted() -> None:
    dropped = Dropped()
    given = rows(source=["GO:BP"] * 3, key=["1", "2", "3"], term_id=["GO:2"] * 3, evidence=["IDA"] * 3)
    links = pl.DataFrame({"identifier": ["1", "1", "2"], "gene": [5, 6, 5]}, schema_overrides={"gene": pl.Int32})
    kept = rules.on_genes(given, links, dropped)
    assert sorted(kept["gene"]) == [5, 6]
    assert dropped.of("GO:BP") == {"gene not among the genes of the primary assembly": 1}


def test_unrecorded_gives_way_where_two_keys_lead_to_one_gene() -> None:
    given = rows(
        source=["GO:BP"] * 3,
        key=["1", "2", "1"],
        term_id=["GO:2", "GO:2", "GO:5"],
        evidence=["unrecorded", "experimental", "unrecorded"],
    )
    links = pl.DataFrame({"identifier": ["1", "2"], "gene": [0, 0]})
    kept = rules.on_genes(given, links, Dropped())
    assert sorted(kept.select("term_id", "evidence").rows()) == [("GO:2", "experimental"), ("GO:5", "unrecorded")]


def test_codes_of_the_older_release_join_the_newer_pairs() -> None:
    pairs = rows(
        source=["GO:BP"] * 5,
        key=["1", "2", "3", "4", "5"],
        term_id=["GO:2"] * 5,
        evidence=["experimental", "unrecorded", "experimental", "unrecorded", "experimental"],
    )
    coded = rows(
        key=["1", "1", "2", "3", "9", "5"],
        term_id=["GO:2"] * 6,
        evidence=["IDA", "IEA", "IEA", "IEA", "IMP", "TAS"],
    )
    joined = rules.with_codes(pairs, coded)
    assert sorted(joined.select("key", "evidence").rows()) == [
        ("1", "IDA"),
        ("1", "IEA"),
        ("2", "IEA"),
        ("3", "IEA"),
        ("3", "experimental"),  # only inferred then, confirmed since
        ("4", "unrecorded"),  # newer than the codes
        ("5", "TAS"),
    ]


# Ontologies


def go_tables() -> tuple[pl.DataFrame, pl.DataFrame]:
    roots = list(ontology.GO_ROOTS)
    terms = rows(
        go_id=[*roots, "GO:0000001", "GO:0000002", "GO:0000003", "GO:0000004", "GO:0000005"],
        name=["f", "p", "c", "old and new", "new", "obsolete since 2022", "obsolete always", "new child"],
        namespace=["MF", "BP", "CC", "BP", "BP", "BP", "BP", "MF"],
        obsolete=["0", "0", "0", "0", "0", "1", "1", "0"],
        in_2021_05=["1", "1", "1", "1", "0", "1", "1", "0"],
    )
    process = "GO:0008150"
    listed = [
        ("GO:0000001", process, "is_a", "1", "1"),
        ("GO:0000002", process, "is_a", "1", "0"),
        ("GO:0000003", process, "is_a", "0", "1"),
        ("GO:0016021", "GO:0000003", "is_a", "0", "1"),  # merged since: in no table of terms
        ("GO:0000001", "GO:0000003", "part_of", "0", "1"),
        ("GO:0000005", "GO:0003674", "is_a", "1", "0"),
        ("GO:0000005", "GO:0000001", "part_of", "0", "1"),
        ("GO:0000001", "GO:0000002", "regulates", "0", "1"),
    ]
    names = ("child", "parent", "relation", "in_2024_01_17", "in_2021_05")
    return terms, pl.DataFrame(listed, schema=dict.fromkeys(names, pl.String), orient="row")


def parents(found: ontology.Ontology) -> dict[str, list[str]]:
    return dict(found.terms.select("term_id", "parents").rows())


def test_graph_of_2024_takes_part_of_from_2021_where_both_ends_live() -> None:
    found = ontology.go_from_tables(*go_tables(), "2024-01", rows(term_id=["GO:0016021"], name=["integral"]))
    assert parents(found) == {
        **{root: [] for root in ontology.GO_ROOTS},
        "GO:0000001": ["GO:0008150"],
        "GO:0000002": ["GO:0008150"],
        "GO:0000005": ["GO:0000001", "GO:0003674"],
    }
    assert sorted(found.obsolete) == ["GO:0000003", "GO:0000004"]


def test_graph_of_2021_has_the_terms_of_2021() -> None:
    found = ontology.go_from_tables(*go_tables(), "2021-05", rows(term_id=["GO:0016021"], name=["integral"]))
    assert parents(found) == {
        **{root: [] for root in ontology.GO_ROOTS},
        "GO:0000001": ["GO:0000003", "GO:0008150"],
        "GO:0000003": ["GO:0008150"],
        "GO:0016021": ["GO:0000003"],
    }
    told = {row["term_id"]: (row["source"], row["name"]) for row in found.terms.iter_rows(named=True)}
    assert told["GO:0000003"] == ("GO:BP", "since 2022")
    assert told["GO:0016021"] == ("GO:BP", "integral")
    assert sorted(found.obsolete) == ["GO:0000002", "GO:0000004", "GO:0000005"]


def test_phenotypes_keep_their_root_and_lose_obsolete_terms() -> None:
    terms = rows(
        hp_id=["HP:1", "HP:2", "HP:3"],
        name=["All", "x", "gone"],
        obsolete=["0", "0", "1"],
        parents_is_a=[None, "HP:1", None],
    )
    dropped = Dropped()
    pairs = rows(key=["7", "7", "7", "8"], term_id=["HP:1", "HP:2", "HP:3", "HP:2"])
    links = pl.DataFrame({"identifier": ["7"], "gene": [0]})
    part = phenotypes(pairs, ontology.hpo_from_table(terms), links, dropped)
    assert dict(part.terms.select("term_id", "parents").rows()) == {"HP:1": [], "HP:2": ["HP:1"]}
    assert sorted(part.annotations["term_id"]) == ["HP:1", "HP:2"]
    assert dropped.of("HP") == {"gene not among the genes of the primary assembly": 1, "obsolete term": 1}


def test_complete_ontology_of_2012(shared_data: Path) -> None:
    path = shared_data / "annotation" / "upstream" / "gene_ontology.1_2_2012-01-04.obo.gz"
    found = ontology.from_obo(obo.read(path), ontology.GO_NAMESPACES, tuple(ontology.GO_ROOTS))
    live = set(found.terms["term_id"])
    assert found.terms["source"].value_counts().sort("source").rows() == [
        ("GO:BP", 21763),
        ("GO:CC", 2943),
        ("GO:MF", 9205),
    ]
    assert not live & set(found.obsolete)
    assert found.obsolete.len() == 1609
    # Every live term leads to its root, and the merged ids to live terms.
    children: dict[str, list[str]] = {}
    for term, above in found.terms.select("term_id", "parents").iter_rows():
        for parent in above:
            assert parent in live
            children.setdefault(parent, []).append(term)
    reached, waiting = set(ontology.GO_ROOTS), list(ontology.GO_ROOTS)
    while waiting:
        below = [child for child in children.get(waiting.pop(), []) if child not in reached]
        reached.update(below)
        waiting += below
    assert reached == live
    assert dict(found.alternatives.rows())["GO:0019952"] == "GO:0000003"
    assert parents(found)["GO:0000090"] == ["GO:0007067", "GO:0051322"]  # part_of mitosis, is_a anaphase
    assert parents(found)["GO:0006282"] == ["GO:0051052", "GO:2001020"]  # and regulates DNA repair: not followed


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
