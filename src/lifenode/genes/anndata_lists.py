"""Marker genes of an AnnData: what ``scanpy.tl.rank_genes_groups`` left in ``uns``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lifenode.errors import BadTable
from lifenode.genes.de_tables import Called, TableOptions, call_genes
from lifenode.genes.sheets import Sheet

_KEY = "rank_genes_groups"
_FIELDS = ("names", "logfoldchanges", "pvals_adj")
_OPTIONAL = ("pvals", "scores")
_RUN = "Run scanpy.tl.rank_genes_groups(adata, ..., method='wilcoxon') first."


def call_markers(adata: Any, options: TableOptions) -> Called:
    """Return the lists up, down and both of each group, with the genes that were ranked as background.

    Raises
    ------
    BadTable
        There is no ranking, or it lacks fold changes or adjusted p-values.
    EmptyInput
        No gene of any group is significant.
    """
    ranking = _ranking(adata)
    groups = ranking["names"].dtype.names
    lengths = [len(ranking["names"][group]) for group in groups]
    columns: list[list[object]] = [[name for name, length in zip(groups, lengths, strict=True) for _ in range(length)]]
    headings = ["group", *(field for field in (*_FIELDS, *_OPTIONAL) if field in ranking)]
    columns += [[value for group in groups for value in ranking[name][group].tolist()] for name in headings[1:]]
    sheet = Sheet(
        origin="rank_genes_groups",
        headings=tuple(headings),
        length=sum(lengths),
        column=columns.__getitem__,
        place=lambda row: f"row {row + 1}",
    )
    background, note = _ranked_genes(adata, ranking)
    called = call_genes(sheet, options, background)
    called.notes.append(note)
    return called


def _ranking(adata: Any) -> Mapping[str, Any]:
    ranking = adata.uns.get(_KEY)
    if ranking is None:
        raise BadTable(f"The AnnData has no uns[{_KEY!r}].", value=", ".join(map(str, adata.uns)), next_step=_RUN)
    missing = [field for field in _FIELDS if field not in ranking]
    if missing:
        raise BadTable(
            f"uns[{_KEY!r}] has no {', '.join(missing)}; it has {', '.join(map(str, ranking))}.",
            value=", ".join(missing),
            next_step="Rank with method='wilcoxon' or 't-test'; 'logreg' gives neither fold changes nor p-values.",
        )
    if not all(isinstance(ranking[field], np.ndarray) and ranking[field].dtype.names for field in _FIELDS):
        raise BadTable(f"uns[{_KEY!r}] is not made of one record array a field.", value=_KEY, next_step=_RUN)
    return ranking  # type: ignore[no-any-return]


def _ranked_genes(adata: Any, ranking: Mapping[str, Any]) -> tuple[list[object], str]:
    # scanpy ranks the genes of .raw if there is one, unless use_raw=False.
    used_raw = bool(ranking.get("params", {}).get("use_raw", False)) and adata.raw is not None
    names = (adata.raw if used_raw else adata).var_names.tolist()
    return names, f"Background: the {len(names):,} genes of {'.raw' if used_raw else 'the AnnData'}, which were ranked."
