from __future__ import annotations

from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import hgnc
from tests.packs.readers.helpers import PACKINGS, assert_fault, put

# Column names and quoting of the official complete set, some columns left out.
OFFICIAL = (
    "hgnc_id\tsymbol\tname\tlocus_group\tstatus\talias_symbol\talias_name\tprev_symbol\tgene_group\tentrez_id\t"
    "ensembl_gene_id\trefseq_accession\tuniprot_ids\tmgd_id\trgd_id\tomim_id\n"
    'HGNC:11998\tTP53\ttumor protein p53\tprotein-coding gene\tApproved\t"p53|LFS1"\t"a|b"\t\t\t7157\t'
    "ENSG00000141510\tNM_000546\tP04637\tMGI:98834\tRGD:3889\t191170\n"
    'HGNC:37133\tA1BG-AS1\tA1BG antisense RNA 1\tnon-coding RNA\tApproved\tFLJ23569\t\t"NCRNA00181|A1BGAS"\t'
    '"Antisense RNAs|""Odd"" ones"\t503538\tENSG00000268895\tNR_015380\t\t\t\t\n'
)


@pytest.mark.parametrize("packing", PACKINGS)
def test_official_layout(tmp_path: Path, packing: str) -> None:
    tp53, antisense = hgnc.read(put(tmp_path, OFFICIAL, packing))
    assert tp53 == hgnc.Gene(
        hgnc_id="HGNC:11998",
        symbol="TP53",
        name="tumor protein p53",
        locus_group="protein-coding gene",
        locus_type="",
        status="Approved",
        location="",
        aliases=("p53", "LFS1"),
        previous=(),
        entrez_id="7157",
        ensembl_gene_id="ENSG00000141510",
        refseq=("NM_000546",),
        uniprot=("P04637",),
        omim=("191170",),
        mgi=("MGI:98834",),
        rgd=("RGD:3889",),
        groups=(),
        line=2,
    )
    assert antisense.previous == ("NCRNA00181", "A1BGAS")
    assert antisense.groups == ("Antisense RNAs", '"Odd" ones')


def test_order_of_columns_does_not_matter(tmp_path: Path) -> None:
    (gene,) = hgnc.read(put(tmp_path, "symbol\tprev_symbol\thgnc_id\nTP53\tP53\tHGNC:11998\n"))
    assert (gene.symbol, gene.previous, gene.aliases) == ("TP53", ("P53",), ())


def test_frame(tmp_path: Path) -> None:
    frame = hgnc.genes_frame(put(tmp_path, OFFICIAL))
    assert frame["aliases"].to_list() == [["p53", "LFS1"], ["FLJ23569"]]
    assert "line" not in frame.columns


@pytest.mark.parametrize(
    ("content", "line", "problem"),
    [
        ("", 1, "no header line"),
        ("id\tsymbol\n", 1, "the column hgnc_id is missing; the header has id, symbol"),
        ("hgnc_id\tsymbol\nHGNC:5\n", 2, "1 columns where the header has 2"),
        ("hgnc_id\tsymbol\n5\tA1BG\n", 2, "'5' is not an HGNC id"),
        ("hgnc_id\tsymbol\n\nHGNC:5\t\n", 3, "HGNC:5 has no symbol"),
    ],
)
def test_broken(tmp_path: Path, content: str, line: int, problem: str) -> None:
    path = put(tmp_path, content)
    with pytest.raises(FormatError) as caught:
        list(hgnc.read(path))
    assert_fault(caught, path, line, problem)


def test_table(shared_data: Path) -> None:
    genes = list(hgnc.read(shared_data / "annotation/tables/hgnc_2024.tsv.gz"))
    assert len(genes) == 43_882
    filled = {name: sum(1 for gene in genes if getattr(gene, name)) for name in ("aliases", "previous", "uniprot")}
    assert filled == {"aliases": 22_386, "previous": 12_502, "uniprot": 20_299}
    tp53 = next(gene for gene in genes if gene.symbol == "TP53")
    assert (tp53.aliases, tp53.mgi, tp53.rgd) == (("p53", "LFS1"), ("MGI:98834",), ("RGD:3889",))
