from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import hpo
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

NEW = rows("ncbi_gene_id gene_symbol hpo_id hpo_name frequency disease_id", "10 NAT2 HP:0000007 AR - OMIM:243400")
PREFIXED = NEW.replace("10\t", "NCBIGene:10\t")
# Layouts of 2019-2022 and before; the headers spell their tabs out.
ID_FIRST = (
    "#Format: entrez-gene-id<tab>entrez-gene-symbol<tab>HPO-Term-ID<tab>HPO-Term-Name<tab>Frequency-Raw<tab>"
    "Frequency-HPO<tab>Additional Info from G-D source<tab>G-D source<tab>disease-ID for link\n"
    "10\tNAT2\tHP:0000007\tAR\t\t\t-\tmim2gene\tOMIM:243400\n"
)
NAME_FIRST = (
    "#Format: entrez-gene-id<tab>entrez-gene-symbol<tab>HPO-Term-Name<tab>HPO-Term-ID\n10\tNAT2\tAR\tHP:0000007\n"
)
TABLE = "entrez\tsymbol\thp_id\n10\tNAT2\tHP:0000007\n"


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("content", [NEW, PREFIXED, ID_FIRST, NAME_FIRST, TABLE])
def test_genes_in_every_layout(tmp_path: Path, packing: str, content: str) -> None:
    (found,) = hpo.genes_to_phenotype(put(tmp_path, content, packing))
    assert (found.entrez, found.symbol, found.term_id, found.line) == ("10", "NAT2", "HP:0000007", 2)
    assert found.term_name == ("" if content == TABLE else "AR")
    assert found.disease_id == ("" if content in (TABLE, NAME_FIRST) else "OMIM:243400")


def test_pair_of_several_diseases_comes_once_in_the_frame(tmp_path: Path) -> None:
    twice = NEW + NEW.splitlines()[1].replace("243400", "1") + "\n"
    assert hpo.genes_to_phenotype_frame(put(tmp_path, twice)).rows() == [("10", "NAT2", "HP:0000007")]


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "no header line"),
        ("10\tNAT2\tHP:0000007\n", 1, "the column ncbi_gene_id is missing"),
        (NEW.replace("HP:0000007", "AR"), 2, "'AR' is not an HPO id"),
        (NEW.replace("10\t", "NAT2\t"), 2, "the gene id is 'NAT2'"),
        (NEW.replace("\tOMIM:243400", ""), 2, "5 columns where the header has 6"),
    ],
)
def test_broken_genes(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        list(hpo.genes_to_phenotype(path))
    assert_fault(caught, path, line, problem)


COMMENTS = "#description: HPO annotations [8297: OMIM]\n#date: 2023-01-27\n#version: 1\n"
OLD_COLUMNS = rows(
    "#DatabaseID DiseaseName Qualifier HPO_ID Reference Evidence Onset Frequency Sex Modifier Aspect Biocuration"
)
NEW_COLUMNS = rows(
    "database_id disease_name qualifier hpo_id reference evidence onset frequency sex modifier aspect biocuration"
)
DISEASES = rows(
    "OMIM:1 Some NOT HP:0000002 PMID:1;PMID:2 PCS HP:0003593 1/2 FEMALE HP:0025303 P HPO:x[2020-01-01]",
    "ORPHA:2 Other _ HP:0000007 ORPHA:2 TAS _ _ _ _ I ORPHA:y",
)


@pytest.mark.parametrize("columns", [OLD_COLUMNS, NEW_COLUMNS])
def test_diseases(tmp_path: Path, columns: str) -> None:
    path = put(tmp_path, COMMENTS + columns + DISEASES, "gzip")
    first, second = hpo.diseases(path)
    assert first == hpo.DiseasePhenotype(
        disease_id="OMIM:1",
        disease_name="Some",
        negated=True,
        term_id="HP:0000002",
        references=("PMID:1", "PMID:2"),
        evidence="PCS",
        onset="HP:0003593",
        frequency="1/2",
        sex="FEMALE",
        modifier="HP:0025303",
        aspect="P",
        biocuration="HPO:x[2020-01-01]",
        line=5,
    )
    assert (second.negated, second.aspect, second.line) == (False, "I", 6)
    assert hpo.disease_header(path)["date"] == "2023-01-27"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("\tNOT\t", "\tPERHAPS\t", "the qualifier is 'PERHAPS'"),
        ("HP:0000002", "MP:1", "'MP:1' is not an HPO id"),
        ("PCS", "IDA", "the evidence 'IDA'"),
        ("\tP\t", "\tQ\t", "the aspect 'Q'"),
        ("\t1/2\t", "\t", "11 columns where the header has 12"),
    ],
)
def test_broken_diseases(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = put(tmp_path, COMMENTS + NEW_COLUMNS + DISEASES.replace(old, new, 1))
    with pytest.raises(FormatError) as caught:
        list(hpo.diseases(path))
    assert_fault(caught, path, 5, problem)


def test_diseases_without_header(tmp_path: Path) -> None:
    with pytest.raises(FormatError, match="no header line"):
        list(hpo.diseases(put(tmp_path, COMMENTS)))
    with pytest.raises(FormatError, match="line 4: the column database_id is missing"):
        list(hpo.diseases(put(tmp_path, COMMENTS + DISEASES)))


def test_real_diseases(shared_data: Path) -> None:
    path = shared_data / "annotation/upstream/hpo_phenotype.hpoa.gz"
    found = list(hpo.diseases(path))
    assert len(found) == 253_363
    assert sum(row.negated for row in found) == 1_430
    assert next(row.line for row in found if row.negated) == 426
    assert Counter(row.aspect for row in found) == {"P": 238_471, "I": 8_794, "C": 5_931, "M": 167}
    assert Counter(row.evidence for row in found) == {"TAS": 140_662, "PCS": 73_479, "IEA": 39_222}
    assert hpo.disease_header(path)["HPO-version"].endswith("2023-01-27/hp.json")


def test_real_genes(shared_data: Path) -> None:
    frame = hpo.genes_to_phenotype_frame(shared_data / "annotation/tables/hpo_genes_to_phenotype_2023-01.tsv.gz")
    assert frame.height == 220_065
    assert frame["entrez"].n_unique() == 4_895
