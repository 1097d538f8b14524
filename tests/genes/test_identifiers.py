from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lifenode.errors import InputError, InvalidOption, UnknownNamespace
from lifenode.genes.accounting import AMBIGUOUS, BLANK, MAPPED, SEVERAL, UNMAPPED, Outcome
from lifenode.genes.identifiers import Identifiers, identifiers, resolve_plain
from lifenode.packs.pack import Pack, open_pack
from tests.genes.made_pack import CAT, DOG, LOWER, OFF_ONE, OWL_ONE, OWL_TWO, SEPTIN, UPPER, made


@pytest.fixture(scope="module")
def human() -> Identifiers:
    return identifiers(open_pack("hsapiens"))


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Identifiers:
    return identifiers(made(tmp_path_factory.mktemp("zoo") / "pack"))


def meaning(index: Identifiers, text: str, numeric: str = "ENTREZGENE") -> Outcome:
    return index.outcomes([text], numeric)[0]


def gene_id(index: Identifiers, text: str) -> str:
    outcome = meaning(index, text)
    assert outcome.kind == MAPPED, outcome
    return index.pack.genes().gene_ids[outcome.gene]


@pytest.mark.parametrize(
    "text",
    [
        "TP53", "tp53", "Tp53", " TP53 ", "\ufeffTP53", "ＴＰ５３", "p53", "LFS1",
        "ENSG00000141510", "ensg00000141510", "ENSG00000141510.17", "7157", "P04637", "P04637-2", "p04637",
        "HGNC:11998", "hgnc:11998", "HGNC_ID:11998", "NM_000546", "NM_000546.6",
        "ENTREZGENE:7157", "entrez:7157", "GeneID:7157", "uniprot:P04637", "UniProtKB:P04637-2", "SYMBOL:tp53",
        "ENSG:ENSG00000141510", "ensembl:ENSG00000141510.17", '"TP53"', "'7157 '",
    ],
)  # fmt: skip
def test_every_way_to_write_tp53(human: Identifiers, text: str) -> None:
    assert gene_id(human, text) == "ENSG00000141510"


@pytest.mark.parametrize("text", ['""', "''", '" "', '"NA"', "\"''\""])
def test_nothing_in_quotes_is_blank(human: Identifiers, text: str) -> None:
    assert meaning(human, text).kind == BLANK


def test_digits_in_quotes_are_digits(zoo: Identifiers) -> None:
    assert meaning(zoo, '"17"').gene == CAT
    assert meaning(zoo, '"99"').kind == UNMAPPED
    assert meaning(zoo, '"' * 150).kind == BLANK


def test_order_of_first_mention(human: Identifiers) -> None:
    resolution = human.resolve(["MDM2", "TP53", "mdm2", "IL6", "7157"])
    assert resolution.genes.dtype == np.int32
    assert human.pack.genes().symbols.take(resolution.genes) == ["MDM2", "TP53", "IL6"]
    assert resolution.identifiers_of(int(resolution.genes[0])) == ["MDM2", "mdm2"]
    assert resolution.identifiers_of(int(resolution.genes[1])) == ["TP53", "7157"]
    assert resolution.identifiers_of(-1) == []


def test_numbers_of_all_kinds(human: Identifiers) -> None:
    for items in ([7157], [7157.0], [np.int64(7157)], np.array([7157]), pd.Series([7157, None]), [b"7157"]):
        resolution = human.resolve(items)  # type: ignore[arg-type]
        assert human.pack.genes().symbols[int(resolution.genes[0])] == "TP53"
        assert resolution.accounting.mapped == 1


def test_a_decimal_as_text_is_not_guessed(human: Identifiers) -> None:
    (item,) = human.resolve(["7157.0"]).accounting.to_dict()["unmapped_items"]
    assert item == {
        "identifier": "7157.0",
        "reason": "a whole number written as a decimal",
        "suggestions": ["7157"],
    }


# Which gene wins


def test_exact_case_wins_between_current_symbols(zoo: Identifiers) -> None:
    assert meaning(zoo, "fox").gene == LOWER
    assert meaning(zoo, "Fox").gene == UPPER
    doubtful = meaning(zoo, "FOX")
    assert doubtful.kind == AMBIGUOUS
    assert set(doubtful.genes) == {LOWER, UPPER}


def test_a_previous_symbol_wins_over_an_alias(zoo: Identifiers) -> None:
    assert meaning(zoo, "wolf").gene == DOG
    assert meaning(zoo, "wolf").namespace == "PREVIOUS_SYMBOL"


def test_an_exact_alias_never_hides_a_current_symbol_in_other_case(zoo: Identifiers) -> None:
    outcome = meaning(zoo, "CAT")
    assert (outcome.kind, outcome.gene) == (AMBIGUOUS, CAT)
    assert outcome.genes[-1] == DOG
    assert outcome.reason == "as written an alias of Dog (TSTG01), in other case Cat (TSTG00), which was chosen"


def test_upper_case_symbols_find_the_mouse_genes() -> None:
    mouse = identifiers(open_pack("mmusculus"))
    genes = mouse.pack.genes()
    symbols, primary = genes.symbols.to_list(), genes.primary.tolist()
    current = sorted({s for s, at_home in zip(symbols, primary, strict=True) if at_home and len(s) > 2})
    for symbol, outcome in zip(current, mouse.outcomes([s.upper() for s in current]), strict=True):
        found = symbols[outcome.gene] if outcome.gene >= 0 else ""
        assert found.upper() == symbol.upper() or outcome.kind == AMBIGUOUS


def test_copies_on_alternate_contigs_do_not_alarm(zoo: Identifiers) -> None:
    for text in ("Cat", "cat", "feline"):
        outcome = meaning(zoo, text)
        assert (outcome.kind, outcome.gene) == (MAPPED, CAT) or text == "cat"
    assert meaning(zoo, "feline").namespace == "ALIAS"


def test_without_a_copy_on_the_primary_assembly_it_is_ambiguous(zoo: Identifiers) -> None:
    outcome = meaning(zoo, "Off")
    assert (outcome.kind, outcome.gene) == (AMBIGUOUS, OFF_ONE)
    assert "nothing tells them apart" in outcome.reason


def test_most_annotations_win_and_the_reason_says_so(zoo: Identifiers) -> None:
    outcome = meaning(zoo, "bird")
    assert (outcome.kind, outcome.gene, set(outcome.genes)) == (AMBIGUOUS, OWL_ONE, {OWL_ONE, OWL_TWO})
    assert outcome.reason == "names 2 genes; Owl1 (TSTG03) was chosen: it has most GO annotations (2, the next 1)"
    assert zoo.resolve(["bird"]).genes.tolist() == [OWL_ONE]


def test_human_ambiguity_takes_the_annotated_gene(human: Identifiers) -> None:
    (item,) = human.resolve(["OCT4"]).accounting.to_dict()["ambiguous_items"]
    assert item["chosen"] == "ENSG00000204531"
    assert item["candidates"][0]["symbol"] == "POU5F1"
    assert item["candidates"][0]["annotations"] == max(c["annotations"] for c in item["candidates"])


# Choices of the caller


def test_a_choice_counts_as_mapped(zoo: Identifiers) -> None:
    resolution = zoo.resolve(["bird", "Dog"], choices={"BIRD": "TSTG04"})
    assert resolution.genes.tolist() == [OWL_TWO, DOG]
    assert resolution.accounting.mapped == 2
    assert zoo.resolve(["bird"]).genes.tolist() == [OWL_ONE]


def test_a_choice_settles_a_date(human: Identifiers) -> None:
    marchf1 = gene_id(human, "MARCHF1")
    resolution = human.resolve(["1-Mar"], choices={"1-Mar": marchf1})
    assert human.pack.genes().symbols.take(resolution.genes) == ["MARCHF1"]
    assert resolution.accounting.mapped == 1


@pytest.mark.parametrize("choices", [{"bird": "TSTG00"}, {"bird": "nothing"}, {"unheard of": "TSTG00"}])
def test_a_choice_that_is_no_candidate_is_refused(zoo: Identifiers, choices: dict[str, str]) -> None:
    with pytest.raises(InvalidOption, match="is not among the genes"):
        zoo.resolve(["Dog"], choices=choices)


# Numbers


def test_numbers_are_looked_up_in_one_namespace(zoo: Identifiers) -> None:
    assert meaning(zoo, "17").gene == CAT
    assert meaning(zoo, "17", "HGNC").gene == DOG
    assert meaning(zoo, "17", "hgnc").gene == DOG
    assert meaning(zoo, "99").kind == UNMAPPED
    assert meaning(zoo, "99", "ALIAS").gene == DOG
    assert meaning(zoo, "18", "").gene == DOG


def test_unknown_namespace_of_numbers(zoo: Identifiers) -> None:
    with pytest.raises(UnknownNamespace, match="ENTREZGENE"):
        zoo.resolve(["17"], numeric_namespace="entrezgen")
    assert "no ORF" not in meaning(zoo, "17").reason


def test_versions_go_only_when_the_whole_is_unknown(zoo: Identifiers) -> None:
    assert meaning(zoo, "NM_000017.5").gene == CAT
    assert meaning(zoo, "NM_000018.3").gene == DOG
    assert meaning(zoo, "Cat.1").kind == UNMAPPED
    assert meaning(zoo, "P12345-2").gene == CAT


def test_a_namespace_in_front_is_binding(zoo: Identifiers) -> None:
    assert meaning(zoo, "ENTREZGENE:18").gene == DOG
    assert meaning(zoo, "SYMBOL:Dog").gene == DOG
    assert meaning(zoo, "UNIPROT:Dog").kind == UNMAPPED
    assert meaning(zoo, "SYMBOL:").kind == UNMAPPED


def test_full_width_names_of_the_pack_are_found(zoo: Identifiers) -> None:
    assert meaning(zoo, "WIDE").gene == DOG


# Several genes


def test_variants(zoo: Identifiers, tmp_path: Path) -> None:
    assert meaning(zoo, "rs10").genes == (CAT, DOG)
    assert meaning(zoo, "RS7").genes == (OWL_ONE,)
    assert "outside all genes" in meaning(zoo, "rs2").reason
    assert "does not hold" in meaning(zoo, "rs11").reason
    without = identifiers(made(tmp_path / "pack", with_variants=False))
    assert "no variants" in meaning(without, "rs10").reason


def test_terms_expand_to_their_genes(human: Identifiers) -> None:
    annotations = human.pack.annotations()
    number = annotations.term_ids.to_list().index("GO:0006954")
    expected = annotations.term_genes[annotations.term_indptr[number] : annotations.term_indptr[number + 1]]
    for text in ("GO:0006954", "go:0006954"):
        assert human.resolve([text]).genes.tolist() == expected.tolist()
    for text in ("REAC:R-HSA-6783783", "R-HSA-6783783", "R-HSA-6783783.3", "WP5473", "WP:WP5473", "HP:0002733"):
        assert meaning(human, text).kind == SEVERAL, text
    assert "retired or has no gene" in meaning(human, "GO:9999999").reason


def test_a_range_or_term_is_one_item(zoo: Identifiers) -> None:
    resolution = zoo.resolve(["chr1:1-1000", "Cat", "rs10", "R-TST-1"])
    assert resolution.genes.tolist() == [CAT, DOG]
    assert resolution.accounting.to_dict()["duplicate_items"] == [
        {"identifier": "Cat", "same_as": "chr1:1-1000"},
        {"identifier": "rs10", "same_as": "chr1:1-1000"},
        {"identifier": "R-TST-1", "same_as": "chr1:1-1000"},
    ]
    assert [genes.tolist() for genes in zoo.genes_of(["rs10", "Dog", "nothing"])] == [[CAT, DOG], [DOG], []]


# Dates and blanks


@pytest.mark.parametrize("text", ["1-Mar", "Mar-01", "2001-03-01", "01.03.2024", "1-mars"])
def test_dates_are_never_guessed(human: Identifiers, text: str) -> None:
    outcome = meaning(human, text)
    assert (outcome.kind, outcome.gene) == (AMBIGUOUS, -1)
    assert "MARCHF1 or MTARC1?" in outcome.reason
    assert not len(human.resolve([text]).genes)


@pytest.mark.parametrize(
    ("text", "symbol"), [("2-Sep", "SEPTIN2"), ("Sep-02", "SEPTIN2"), ("1-Dec", "DELEC1"), ("4-Oct", "POU5F1")]
)
def test_dates_of_other_months(human: Identifiers, text: str, symbol: str) -> None:
    assert f": {symbol}?" in meaning(human, text).reason


def test_dates_in_mouse() -> None:
    mouse = identifiers(open_pack("mmusculus"))
    assert "Marchf1 or Mtarc1?" in meaning(mouse, "1-Mar").reason
    assert "Septin2?" in meaning(mouse, "2-Sep").reason


def test_only_symbols_of_the_pack_are_offered(zoo: Identifiers) -> None:
    assert meaning(zoo, "2-Sep").genes == (SEPTIN,)
    outcome = meaning(zoo, "1-Mar")
    assert outcome.kind == UNMAPPED
    assert outcome.reason.startswith("looks like a date made by a spreadsheet.")


def test_previous_symbols_are_not_dates(human: Identifiers) -> None:
    for text, symbol in (("SEPT2", "SEPTIN2"), ("MARCH1", "MARCHF1"), ("MARC1", "MTARC1")):
        assert human.pack.genes().symbols[meaning(human, text).gene] == symbol


@pytest.mark.parametrize(
    "item",
    [None, "", " ", "\t\n", "\ufeff", "NaN", "nan", "NA", "N/A", "null", "NULL", "None", "#N/A", float("nan"), pd.NA],
)
def test_blanks(human: Identifiers, item: object) -> None:
    assert human.resolve([item]).accounting.blank == 1


def test_a_gene_called_like_a_missing_value(zoo: Identifiers) -> None:
    fly = identifiers(open_pack("dmelanogaster"))
    assert fly.pack.genes().symbols[meaning(fly, "nan").gene] == "nan"
    assert fly.pack.genes().symbols[meaning(fly, "na").gene] == "na"
    assert meaning(fly, "NaN").kind == BLANK
    assert meaning(fly, "NA").kind == BLANK
    assert meaning(zoo, "none").kind == BLANK, "an alias is not worth a column of missing values"


# Bad input


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ("TP53\x00", "control character (U+0000)"),
        ("a\x1bb", "control character (U+001B)"),
        ("\ud800", "not text"),
        (b"\xff\xfe", "not text"),
        ("x" * 201, "longer than 200 characters"),
        ("x" * 10_000_000, "longer than 200 characters"),
        ("#REF!", "error value"),
        (float("inf"), "not a human identifier"),
        ("ENSMUSG00000059552", "spelled like mouse Ensembl gene ids; not a human identifier"),
        ("ENST00000269305.9", "spelled like Ensembl transcript ids; this release holds genes only"),
        ("99999999999", "not a human ENTREZGENE id"),
    ],
)
def test_unmapped_with_a_reason(human: Identifiers, item: object, words: str) -> None:
    (told,) = human.resolve([item]).accounting.to_dict()["unmapped_items"]
    assert words in told["reason"]


def test_the_limit_is_a_setting(human: Identifiers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_IDENTIFIER_LENGTH", "5")
    assert "longer than 5 characters" in meaning(human, "ABCDEFG-unseen").reason


def test_an_item_that_is_no_identifier(human: Identifiers) -> None:
    with pytest.raises(InputError, match="Item 2 is of type list"):
        human.resolve(["TP53", ["MDM2"]])


# Memory and speed


def test_what_is_remembered_is_bounded(human: Identifiers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lifenode.genes.identifiers._MOST_REMEMBERED", 10)
    fresh = Identifiers(human.pack)
    for begin in range(0, 100, 7):
        fresh.resolve([f"nothing{i}" for i in range(begin, begin + 7)])
        assert len(fresh._remembered["ENTREZGENE"]) <= 10
    fresh.resolve([f"more{i}" for i in range(50)] + ["GO:0008150", "y" * 5000])
    assert len(fresh._remembered["ENTREZGENE"]) <= 10
    assert "GO:0008150" not in fresh._remembered["ENTREZGENE"]


def test_remembered_answers_are_the_same(human: Identifiers) -> None:
    items = ["TP53", "OCT4", "1-Mar", "BRCA3x", "7157", "", "GO:0006954", "7157"]
    once, again = human.resolve(items), human.resolve(items)
    assert once.accounting == again.accounting
    assert once.genes.tolist() == again.genes.tolist()
    assert human.resolve(["7157"], numeric_namespace="HGNC").genes.tolist() != human.resolve(["7157"]).genes.tolist()


def test_a_thousand_known_identifiers_take_milliseconds(human: Identifiers) -> None:
    symbols = [symbol for symbol in human.pack.genes().symbols.to_list() if symbol][:1000]
    human.resolve(symbols)
    times = []
    for _ in range(20):
        begin = time.perf_counter()
        human.resolve(symbols)
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.002


def test_an_index_is_shared_within_a_process() -> None:
    pack: Pack = open_pack("hsapiens")
    assert identifiers(pack) is identifiers(open_pack("hsapiens"))


# Without an organism


def test_plain_gene_sets() -> None:
    lookup = {"A": 0, "b": 1, "C": 2, "c": 3}
    resolution = resolve_plain([" A ", "a", "B", "c", "C", "x", None, "nan"], lookup)
    assert resolution.genes.tolist() == [0, 1, 3, 2]
    told = resolution.accounting.to_dict()
    assert (told["mapped"], told["duplicate"], told["unmapped"], told["blank"]) == (4, 1, 1, 2)
    assert told["unmapped_items"][0]["reason"] == "not a member of the gene sets"
    clash = resolve_plain(["é"], {"É": 0, "E\u0301": 1})
    assert "by case alone" in clash.accounting.to_dict()["unmapped_items"][0]["reason"]
