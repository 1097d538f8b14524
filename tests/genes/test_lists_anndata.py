"""Marker genes of a real AnnData."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anndata
import numpy as np
import pandas as pd
import pytest

from lifenode.errors import BadTable, EmptyInput
from lifenode.genes.lists import TableOptions, read_background, read_queries


def markers(method: str = "wilcoxon", raw: bool = False) -> anndata.AnnData:
    """An AnnData as ``scanpy.tl.rank_genes_groups`` leaves it: one record array a field, one record field a group."""
    names = ["CD3D", "MS4A1", "GAPDH", "NKG7"]
    adata = anndata.AnnData(np.ones((6, 4), dtype=np.float32), var=pd.DataFrame(index=names))
    if raw:
        whole = anndata.AnnData(np.ones((6, 5), dtype=np.float32), var=pd.DataFrame(index=[*names, "LYZ"]))
        adata.raw = whole

    def records(kind: str, t_cells: list[object], b_cells: list[object]) -> np.ndarray[Any, Any]:
        return np.array(list(zip(t_cells, b_cells, strict=True)), dtype=[("T", kind), ("B", kind)]).view(np.recarray)

    ranking: dict[str, Any] = {
        "params": {"groupby": "leiden", "reference": "rest", "method": method, "use_raw": raw, "layer": None},
        "names": records("O", ["CD3D", "NKG7", "GAPDH", "MS4A1"], ["MS4A1", "NKG7", "GAPDH", "CD3D"]),
        "scores": records("f4", [30, 20, 1, -25], [40, 1, 0, -30]),
    }
    if method != "logreg":
        ranking["pvals"] = records("f8", [0, 1e-50, 0.4, 1e-60], [0, 0.3, 0.9, 0])
        ranking["pvals_adj"] = records("f8", [0, 1e-49, 0.5, 1e-59], [0, 0.4, 0.9, 0])
        ranking["logfoldchanges"] = records("f4", [5, 3, 0.1, -4], [6, 0.2, 0, -5])
    adata.uns["rank_genes_groups"] = ranking
    return adata


def test_anndata(tmp_path: Path) -> None:
    expected = {
        "T up": ["CD3D", "NKG7"],
        "T down": ["MS4A1"],
        "T both": ["CD3D", "MS4A1", "NKG7"],
        "B up": ["MS4A1"],
        "B down": ["CD3D"],
        "B both": ["MS4A1", "CD3D"],
    }
    adata = markers()
    queries = read_queries(adata)
    assert queries.kind == "anndata"
    assert queries.lists == expected
    assert queries.background == ["CD3D", "MS4A1", "GAPDH", "NKG7"] == read_background(adata)
    adata.write_h5ad(tmp_path / "markers.h5ad")
    assert read_queries(anndata.read_h5ad(tmp_path / "markers.h5ad")).lists == expected


def test_anndata_with_raw() -> None:
    queries = read_queries(markers(raw=True), options=TableOptions(min_log2_fold_change=4.5))
    assert queries.background == ["CD3D", "MS4A1", "GAPDH", "NKG7", "LYZ"]
    assert queries.lists["T both"] == ["CD3D"]
    assert any(".raw" in note for note in queries.notes)


def test_anndata_without_usable_ranking() -> None:
    with pytest.raises(BadTable, match=r"no uns\['rank_genes_groups'\].*scanpy.tl.rank_genes_groups"):
        read_queries(anndata.AnnData(np.ones((2, 2), dtype=np.float32)))
    with pytest.raises(BadTable, match=r"no logfoldchanges, pvals_adj.*wilcoxon"):
        read_queries(markers("logreg"))
    with pytest.raises(EmptyInput, match="None of 8 tested"):
        read_queries(markers(), options=TableOptions(min_log2_fold_change=10))
