"""Tables in the shape each program writes them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from lifenode.errors import BadTable, EmptyInput, InvalidOption
from lifenode.genes.lists import Queries, TableOptions, read_background, read_queries

DESEQ2 = """\
"","baseMean","log2FoldChange","lfcSE","stat","pvalue","padj"
"ENSG1",1000.5,2.5,0.2,12.5,1e-30,1e-28
"ENSG2",500,-1.5,0.3,-5,1e-06,2e-05
"ENSG3",3.2,0.4,0.9,0.44,0.66,0.8
"ENSG4",900,0.7,0.1,7,1e-11,4e-10
"ENSG5",0.1,1.1,2,0.55,0.58,NA
"ENSG6",0,NA,NA,NA,NA,NA
"ENSG7",80,-0.2,0.05,-4,1e-04,3e-04
"""
UP, DOWN, BOTH = ["ENSG1", "ENSG4"], ["ENSG2", "ENSG7"], ["ENSG1", "ENSG4", "ENSG2", "ENSG7"]
TESTED = ["ENSG1", "ENSG2", "ENSG3", "ENSG4", "ENSG7"]


def expect(queries: Queries, up: Iterable[object], down: Iterable[object], both: Iterable[object]) -> None:
    assert queries.kind == "table"
    assert queries.lists == {"up": list(up), "down": list(down), "both": list(both)}


def test_deseq2_csv(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    path.write_text(DESEQ2, encoding="utf-8")
    queries = read_queries(path)
    expect(queries, UP, DOWN, BOTH)
    assert queries.background == TESTED == read_background(path)
    assert queries.notes == [
        "Columns taken: genes row names, fold change log2FoldChange, adjusted p padj.",
        "Significant: padj <= 0.05 and |log2FoldChange| > 0.",
        "5 of 7 rows have a padj; 2 without one do not count as tested.",
        "up: 2, down: 2, both: 4.",
    ]


def as_r_writes_it(separator: str, quoted: bool) -> str:
    """``write.table``: the heading of the row names is left out."""
    lines = DESEQ2.replace('"",', "").replace(",", separator)
    return lines if quoted else lines.replace('"', "")


@pytest.mark.parametrize("separator", ["\t", " ", ",", ";"])
@pytest.mark.parametrize("quoted", [True, False])
def test_heading_one_field_short(separator: str, quoted: bool) -> None:
    expect(read_queries(as_r_writes_it(separator, quoted)), UP, DOWN, BOTH)


def test_line_ends_byte_order_mark_comments_and_decimal_commas() -> None:
    expect(read_queries("\ufeff# from R\n\n" + DESEQ2.replace("\n", "\r\n")), UP, DOWN, BOTH)
    european = DESEQ2.replace(",", ";").replace(".", ",")
    expect(read_queries(european), UP, DOWN, BOTH)


def frame(index: bool = True) -> pd.DataFrame:
    from io import StringIO

    return pd.read_csv(StringIO(DESEQ2), index_col=0 if index else None)


def test_frames() -> None:
    expect(read_queries(frame()), UP, DOWN, BOTH)
    expect(read_queries(frame(index=False)), UP, DOWN, BOTH)  # "Unnamed: 0"
    expect(read_queries(frame().rename_axis("gene_id").reset_index()), UP, DOWN, BOTH)
    expect(read_queries(frame().convert_dtypes()), UP, DOWN, BOTH)
    expect(read_queries(pl.from_pandas(frame().reset_index(names="gene"), nan_to_null=True)), UP, DOWN, BOTH)
    expect(read_queries(pl.from_pandas(frame(index=False))), UP, DOWN, BOTH)


def test_thresholds() -> None:
    strict = read_queries(DESEQ2, options=TableOptions(max_adjusted_p=2e-05, min_log2_fold_change=1))
    expect(strict, ["ENSG1"], ["ENSG2"], ["ENSG1", "ENSG2"])
    assert strict.background == TESTED
    none_down = read_queries(DESEQ2, options=TableOptions(max_adjusted_p=1e-06))
    assert none_down.lists == {"up": UP, "both": UP}
    assert "No significant gene, so left out: down." in none_down.notes
    all_tested = read_queries(DESEQ2, options=TableOptions(max_adjusted_p=1))
    assert len(all_tested.lists["both"]) == 5


@pytest.mark.parametrize(
    "values",
    [
        {"max_adjusted_p": 0},
        {"max_adjusted_p": 1.01},
        {"max_adjusted_p": float("nan")},
        {"max_adjusted_p": "0.05"},
        {"max_adjusted_p": True},
        {"min_log2_fold_change": -1},
        {"min_log2_fold_change": float("inf")},
    ],
)
def test_impossible_thresholds(values: dict[str, Any]) -> None:
    with pytest.raises(InvalidOption, match=next(iter(values))):
        TableOptions(**values)


def test_edger_top_tags() -> None:
    text = "genes\tlogFC\tlogCPM\tF\tPValue\tFDR\nSYM1\t1.2\t5\t80\t1e-9\t1e-8\nSYM2\t-3\t4\t2\t0.9\t0.9\n"
    queries = read_queries(text)
    assert queries.lists == {"up": ["SYM1"], "both": ["SYM1"]}
    assert queries.background == ["SYM1", "SYM2"]


def test_limma_top_table_with_row_names() -> None:
    text = "logFC\tAveExpr\tt\tP.Value\tadj.P.Val\tB\nTP53\t1\t8\t9\t1e-8\t1e-6\t3\nMYC\t-1\t8\t-1\t0.7\t0.9\t-3\n"
    queries = read_queries(text)
    assert queries.lists == {"up": ["TP53"], "both": ["TP53"]}


def test_geo2r_takes_symbols_rather_than_probes() -> None:
    text = (
        '"ID"\t"adj.P.Val"\t"P.Value"\t"t"\t"B"\t"logFC"\t"Gene.symbol"\n"1007_s_at"\t0.01\t0.001\t5\t2\t1.5\t"DDR1"\n'
    )
    queries = read_queries(text)
    assert queries.lists == {"up": ["DDR1"], "both": ["DDR1"]}
    assert "Genes could also be taken from: ID (gene_column)." in queries.notes
    probes = read_queries(text, options=TableOptions(gene_column="ID"))
    assert probes.lists["up"] == ["1007_s_at"]


SEURAT = """\
"p_val","avg_log2FC","pct.1","pct.2","p_val_adj","cluster","gene"
"CD3D",1e-50,2,0.9,0.1,1e-46,"T cells","CD3D"
"IL7R",1e-20,1,0.8,0.2,1e-16,"T cells","IL7R"
"CD3D1",1e-10,-2,0.1,0.9,1e-6,"B cells","CD3D"
"MS4A1",0,3,0.9,0,0,"B cells","MS4A1"
"GAPDH",0.8,0.1,1,1,1,"B cells","GAPDH"
"""


def test_seurat_markers_per_cluster() -> None:
    queries = read_queries(SEURAT)
    assert queries.lists == {
        "T cells up": ["CD3D", "IL7R"],
        "T cells both": ["CD3D", "IL7R"],
        "B cells up": ["MS4A1"],
        "B cells down": ["CD3D"],
        "B cells both": ["MS4A1", "CD3D"],
    }
    assert queries.background == ["CD3D", "IL7R", "MS4A1", "GAPDH"]
    together = read_queries(SEURAT, options=TableOptions(group_column=""))
    assert list(together.lists) == ["up", "down", "both"]
    assert together.lists["both"] == ["MS4A1", "CD3D", "IL7R", "CD3D"]


def test_natural_logarithms_of_early_seurat() -> None:
    text = "gene,avg_logFC,p_val_adj\nA,0.6,0.01\nB,0.8,0.01\nC,0.1,0.9\n"  # 0.6 / ln 2 = 0.87, 0.8 / ln 2 = 1.15
    queries = read_queries(text, options=TableOptions(min_log2_fold_change=1))
    assert queries.lists["up"] == ["B"]
    assert any("natural logarithm" in note for note in queries.notes)


def test_missing_group() -> None:
    with pytest.raises(BadTable, match=r"line 5: no value in the group column 'cluster'"):
        read_queries(SEURAT.replace('"B cells","MS4A1"', '"","MS4A1"'))


def test_ties_are_ranked_by_what_tells_more() -> None:
    text = (
        "gene,log2FoldChange,stat,pvalue,padj\n"
        "a,1,3,0.002,0.01\nb,1,4,0.001,0.01\nc,1,9,0,0\nd,5,10,0,0\ne,2,9,0,0\nf,2,9,0,0\nz,0,0,1,1\n"
    )
    assert read_queries(text).lists["both"] == ["d", "e", "f", "c", "b", "a"]
    without = "gene,log2FoldChange,padj\na,1,0.01\nb,-3,0.01\nc,2,0.001\nd,3,0.01\nz,0,1\n"
    assert read_queries(without).lists["both"] == ["c", "b", "d", "a"]


def test_a_filtered_table_is_no_background() -> None:
    top_ten = "gene,logFC,PValue,FDR\nA,1,1e-9,1e-8\nB,-1,1e-8,1e-7\n"
    queries = read_queries(top_ten)
    assert queries.background is None
    assert any("only part of what was tested" in note for note in queries.notes)


def test_symbols_stand_behind_row_names() -> None:
    text = "\tlog2FoldChange\tpadj\tsymbol\nENSG1\t1\t0.01\tTP53\nENSG2\t2\t0.02\tNA\nENSG3\t0\t1\tMYC\n"
    assert read_queries(text).lists["up"] == ["ENSG1", "ENSG2"]
    assert read_queries(text, options=TableOptions(gene_column="symbol")).lists["up"] == ["TP53", ""]


def test_row_numbers_are_no_genes() -> None:
    counted = "\tlog2FoldChange\tpadj\tsymbol\n1\t1\t0.01\tTP53\n2\t2\t0.9\tMYC\n"
    assert read_queries(counted).lists["up"] == ["TP53"]
    filtered = frame().reset_index(names="symbol").iloc[[3, 0, 2]]
    assert read_queries(filtered).lists["up"] == ["ENSG1", "ENSG4"]
    entrez = "\tlog2FoldChange\tpadj\n7157\t1\t0.01\n672\t2\t0.9\n"
    assert read_queries(entrez).lists["up"] == ["7157"]
    with pytest.raises(BadTable, match="no gene column"):
        read_queries("\tlog2FoldChange\tpadj\n0\t1\t0.01\n1\t2\t0.9\n")


def test_named_columns() -> None:
    text = "my id,effect,significance\nA,1,0.01\nB,2,0.9\n"
    options = TableOptions(gene_column="my id", fold_change_column="Effect", p_column="significance")
    queries = read_queries(text, options=options)
    assert queries.lists == {"up": ["A"], "both": ["A"]}
    assert queries.background == ["A", "B"]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("gene,log2FoldChange,p\nA,1,0.1\n", "no adjusted p column.*gene, log2FoldChange, p.*--p-column"),
        ("gene,change,padj\nA,1,0.1\n", "no log fold change column.*--fold-change-column"),
        ("who,log2FoldChange,padj\nA,1,0.1\n", "no gene column.*who, log2FoldChange, padj.*--gene-column"),
        ("gene,log2FoldChange,padj\nA,1,0.1\nB,high,0.1\n", "line 3: log2FoldChange is 'high', not a number"),
        ("gene,log2FoldChange,padj\n# x\n\nA,1,<2e-16\n", "line 4: padj is '<2e-16', not a number"),
        ("gene,log2FoldChange,padj\nA,1,0.1\nB,1,7.2\n", "line 3: padj is 7.2, not between 0 and 1"),
        ("gene,log2FoldChange,padj\nA,1,0.1\nB,1\n", "line 3: 2 fields, but the heading has 3"),
        ('gene,log2FoldChange,padj\nA,1,0.1\n"B,1,0.1\nC,1,0.1\n', "line 3: 1 fields"),
    ],
)
def test_tables_that_cannot_be_understood(text: str, match: str) -> None:
    with pytest.raises(BadTable, match=match) as caught:
        read_queries(text)
    assert caught.value.next_step


def test_the_row_of_a_frame_is_named() -> None:
    broken = frame().astype({"padj": object})
    broken.iloc[1, 5] = "x"
    with pytest.raises(BadTable, match="The frame, row 2: padj is 'x'"):
        read_queries(broken)


def test_a_heading_used_twice_is_refused_when_it_is_named() -> None:
    with pytest.raises(BadTable, match="2 columns called 'gene'"):
        read_queries("gene,gene,logFC,FDR\nA,B,1,0.1\n", options=TableOptions(gene_column="gene"))


def test_nothing_significant() -> None:
    with pytest.raises(
        EmptyInput, match=r"None of 5 tested genes.*smallest adjusted p is 1e-28 and 0 are at most 1e-30"
    ):
        read_queries(DESEQ2, options=TableOptions(max_adjusted_p=1e-30))
    with pytest.raises(EmptyInput, match=r"largest absolute log2 fold change is 2.5, to be above 3"):
        read_queries(DESEQ2, options=TableOptions(min_log2_fold_change=3))
    with pytest.raises(EmptyInput, match="2 rows and not one adjusted p"):
        read_queries("gene,logFC,FDR\nA,1,NA\nB,,\n")


def test_two_columns_of_results_are_enough_to_be_a_table() -> None:
    with pytest.raises(BadTable, match="log fold change"):
        read_queries("gene\tpadj\nA\t0.01\n")
