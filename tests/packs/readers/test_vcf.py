from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lifenode.errors import FormatError
from lifenode.packs.readers import vcf
from tests.packs.readers.helpers import PACKINGS, assert_fault, put, rows

HEADER = "##fileformat=VCFv4.3\n##contig=<ID=20>\n"
SITES = rows(
    "#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT S1",
    "20 14370 rs6054257;rs1 G A,T 29 PASS NS=3;DB GT 0|0",
    "20 1110696 . GTC G,GTCT,<DEL>,* . q10 . GT 1|2",
    "X 0 . N .[13:123457[,]13:123456]T . . END=7 GT .",
    "20 17330 rs3 T . 3 . . GT 0/0",
)


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize("version", ["4.0", "4.1", "4.2", "4.3", "4.4"])
def test_sites(tmp_path: Path, packing: str, version: str) -> None:
    first, indel, breakend, invariant = vcf.read(put(tmp_path, (HEADER + SITES).replace("4.3", version), packing))
    assert first.alleles == "G/A/T"
    assert first == ("20", 14370, ("rs6054257", "rs1"), "G", ("A", "T"), "29", "PASS", "NS=3;DB", 4)
    assert (indel.ids, indel.alternatives, indel.info) == ((), ("G", "GTCT", "<DEL>", "*"), "")
    assert breakend.alternatives == (".[13:123457[", "]13:123456]T")
    assert (invariant.alternatives, invariant.alleles, invariant.line) == ((), "T", 7)


def test_without_samples_and_frame(tmp_path: Path) -> None:
    content = HEADER + rows("#CHROM POS ID REF ALT QUAL FILTER INFO", "1 5 rs1 a g . . X=1")
    assert vcf.sites_frame(put(tmp_path, content)).rows() == [("1", 5, ["rs1"], "a/g", "X=1")]


@pytest.mark.parametrize(
    ("old", "new", "line", "problem"),
    [
        ("##fileformat=VCFv4.3", "##fileformat=VCFv3.3", 1, "is not ##fileformat=VCFv4.x"),
        ("#CHROM\tPOS", "#CHROM POS", 3, "the header is '#CHROM POS ID"),
        ("#CHROM", "CHROM", 3, "a row before the #CHROM line"),
        ("\t14370\t", "\t14,370\t", 4, "POS is '14,370'"),
        ("\t14370\t", "\t-1\t", 4, "the place 20:-1 is impossible"),
        ("\tG\tA,T\t", "\t\tA,T\t", 4, "the reference allele '' is not bases"),
        ("\tG\tA,T\t", "\tG\tA,,T\t", 4, "'' is not an allele"),
        ("\tG\tA,T\t", "\tG\tA/T\t", 4, "'A/T' is not an allele"),
        ("\tGT\t0|0", "", 4, "8 columns where the header has 10"),
    ],
)
def test_broken(tmp_path: Path, old: str, new: str, line: int, problem: str) -> None:
    assert old in HEADER + SITES
    path = put(tmp_path, (HEADER + SITES).replace(old, new, 1))
    with pytest.raises(FormatError) as caught:
        list(vcf.read(path))
    assert_fault(caught, path, line, problem)


@pytest.mark.parametrize(("content", "line"), [("", 1), (HEADER, 2)])
def test_without_columns(tmp_path: Path, content: str, line: int) -> None:
    with pytest.raises(FormatError, match=f"line {line}: the file ends without a #CHROM line"):
        list(vcf.read(put(tmp_path, content)))


def test_example(shared_data: Path) -> None:
    sites = list(vcf.read(shared_data / "annotation/examples/vep_example_GRCh38.vcf"))
    assert Counter(site.chromosome for site in sites) == {"22": 136, "21": 37}
    assert sites[0][:5] == ("22", 17181903, ("rs7289170",), "A", ("G",))


def test_packed_file_with_genotypes(shared_data: Path) -> None:
    sites = list(vcf.read(shared_data / "eqtl/nominal/HMGCR/LDLC_HMGCR.vcf.gz"))
    assert len(sites) == 9_942
    assert all(site.chromosome == "5" and site.alternatives for site in sites)
