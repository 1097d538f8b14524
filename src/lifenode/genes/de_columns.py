"""Which column of a results table is which, by its heading."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lifenode.errors import BadTable, nearest
from lifenode.genes.sheets import ROW_NAMES, Sheet

if TYPE_CHECKING:
    from lifenode.genes.de_tables import TableOptions

# Headings in lower case without marks (`_folded`), most telling first. DESeq2: log2FoldChange, padj, stat; edgeR
# topTags: logFC, FDR (FWER with a family-wise method); limma topTable: logFC, adj.P.Val, t, and ID or row names;
# Seurat: avg_log2FC (avg_logFC before version 4), p_val_adj, cluster, gene; scanpy rank_genes_groups_df: names,
# logfoldchanges, pvals_adj, scores, group.
_FOLD_CHANGE = (
    "log2foldchange", "log2foldchanges", "logfc", "avglog2fc", "log2fc", "logfoldchanges", "logfoldchange", "lfc",
    "avglogfc",
)  # fmt: skip
_ADJUSTED_P = (
    "padj", "fdr", "adjpval", "adjpvalue", "pvaladj", "pvalsadj", "pvalueadj", "padjust", "padjusted", "adjp",
    "adjustedp", "adjustedpvalue", "adjustedpval", "qvalue", "qval", "fdrbh", "fwer",
)  # fmt: skip
_NOMINAL_P = ("pvalue", "pval", "pvals", "p")
_STATISTIC = ("stat", "statistic", "t", "score", "scores", "z", "lr", "f")
_GROUP = ("group", "cluster")
_ROW_NAMES = ("rownames", "rowname", "unnamed0", "x", "index", "")
# Row names stand before symbols, which are missing for some genes and shared by others; probe names come last, since
# few packs hold them.
_GENE_IDS = (
    "geneid", "ensemblgeneid", "ensemblid", "ensembl", "ensg", "gene", "genes", "names", "feature", "featureid",
    "entrezid", "entrezgene", "entrez",
)  # fmt: skip
_SYMBOLS = ("symbol", "genesymbol", "hgncsymbol", "mgisymbol", "genename", "externalgenename", "name")
_PROBES = ("id", "probeid", "probe", "target", "targetid")


@dataclass(frozen=True)
class Columns:
    """Positions of the columns taken, and notes on the choice; `log2_unit` is one log2 in units of the fold changes."""

    genes: int
    fold_change: int
    p: int
    group: int | None
    nominal_p: int | None
    statistic: int | None
    log2_unit: float
    notes: tuple[str, ...]


def is_result_heading(name: str) -> bool:
    """Say whether a heading is that of a fold change or an adjusted p."""
    return _folded(name) in _FOLD_CHANGE or _folded(name) in _ADJUSTED_P


def find_columns(sheet: Sheet, options: TableOptions) -> Columns:
    """Return which column is which.

    Raises
    ------
    BadTable
        A needed column is not there; the error shows the headings and the option that names one.
    """
    change = _required(sheet, _FOLD_CHANGE, options.fold_change_column, "fold_change_column", "log fold change")
    p = _required(sheet, _ADJUSTED_P, options.p_column, "p_column", "adjusted p")
    candidates = _gene_candidates(sheet)
    if options.gene_column is not None:
        candidates = [position_of(sheet, options.gene_column, "gene_column")]
    if not candidates:
        raise _not_found(sheet, "gene", "gene_column")
    group = _group(sheet, options.group_column)
    natural = _folded(sheet.headings[change]) == "avglogfc"
    return Columns(
        genes=candidates[0],
        fold_change=change,
        p=p,
        group=group,
        nominal_p=_auxiliary(sheet, _NOMINAL_P),
        statistic=_auxiliary(sheet, _STATISTIC),
        log2_unit=math.log(2) if natural else 1.0,
        notes=_notes(sheet, candidates, change, p, group, natural),
    )


def position_of(sheet: Sheet, name: str, option: str) -> int:
    """Return the position of the heading `name`, exactly or else ignoring case.

    Raises
    ------
    BadTable
        No column or more than one is called so.
    """
    wanted = ROW_NAMES if name == "" else name
    hits = [position for position, heading in enumerate(sheet.headings) if heading == wanted]
    if not hits:
        hits = [position for position, heading in enumerate(sheet.headings) if heading.casefold() == wanted.casefold()]
    if len(hits) == 1:
        return hits[0]
    problem = "has no column" if not hits else f"has {len(hits)} columns called"
    close = nearest(wanted, sheet.headings)
    raise BadTable(
        f"{sheet.origin} {problem} {wanted!r}; its headings are {_shown(sheet)}.",
        value=name,
        next_step=f"Did you mean {close[0]!r}?" if close and not hits else f"Give another {option}.",
    )


def _required(sheet: Sheet, known: Sequence[str], named: str | None, option: str, what: str) -> int:
    if named is not None:
        return position_of(sheet, named, option)
    hits = _matching(sheet, known)
    if not hits:
        raise _not_found(sheet, what, option)
    return hits[0]


def _matching(sheet: Sheet, known: Sequence[str]) -> list[int]:
    folded = [_folded(name) for name in sheet.headings]
    return [folded.index(name) for name in known if name in folded]


def _gene_candidates(sheet: Sheet) -> list[int]:
    """Return the columns that may hold the genes, best first."""
    first = sheet.headings[0]
    rows = [0] if first == ROW_NAMES or _folded(first) in _ROW_NAMES else []
    numbered = _row_numbers(sheet) if rows else None
    if numbered == "counted":
        rows = []
    found = [*_matching(sheet, _GENE_IDS), *rows, *_matching(sheet, _SYMBOLS), *_matching(sheet, _PROBES)]
    if numbered == "integers":
        found = [position for position in found if position != 0] + rows
    return list(dict.fromkeys(found))


def _row_numbers(sheet: Sheet) -> str | None:
    """Say whether the row names merely count the rows, or are integers: Entrez ids, or the numbers of filtered rows."""
    texts = [str(value) for value in sheet.column(0)]
    if not all(text.isascii() and text.isdigit() for text in texts):
        return None
    numbers = sorted(int(text[:18]) for text in texts)
    counted = bool(numbers) and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)
    return "counted" if counted else "integers"


def _group(sheet: Sheet, named: str | None) -> int | None:
    if named is not None:
        return position_of(sheet, named, "group_column") if named else None
    return next(iter(_matching(sheet, _GROUP)), None)


def _auxiliary(sheet: Sheet, known: Sequence[str]) -> int | None:
    """Return a column that only breaks ties, if it is there and all numbers."""
    for position in _matching(sheet, known):
        try:
            sheet.numbers(position)
        except BadTable:
            continue
        return position
    return None


def _notes(
    sheet: Sheet, candidates: Sequence[int], change: int, p: int, group: int | None, natural: bool
) -> tuple[str, ...]:
    shown = sheet.headings
    taken = f"Columns taken: genes {shown[candidates[0]]}, fold change {shown[change]}, adjusted p {shown[p]}"
    notes = [taken + (f", groups {shown[group]}." if group is not None else ".")]
    if len(candidates) > 1:
        others = ", ".join(shown[position] for position in candidates[1:])
        notes.append(f"Genes could also be taken from: {others} (gene_column).")
    if natural:
        notes.append(f"{shown[change]} is a natural logarithm (Seurat before version 4); it is divided by ln 2.")
    return tuple(notes)


def _not_found(sheet: Sheet, what: str, option: str) -> BadTable:
    flag = option.replace("_", "-")
    return BadTable(
        f"{sheet.origin} has no {what} column that is recognised; its headings are {_shown(sheet)}.",
        value=_shown(sheet),
        next_step=f"Name it: --{flag} NAME, or TableOptions({option}=...).",
    )


def _shown(sheet: Sheet) -> str:
    names = ", ".join(sheet.headings[:30])
    return names + (", ..." if len(sheet.headings) > 30 else "")


def _folded(name: str) -> str:
    return re.sub(r"[^0-9a-z]", "", name.casefold())
