from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import lifenode


def test_names_are_sorted_documented_and_there() -> None:
    assert lifenode.__all__ == sorted(lifenode.__all__)
    for name in lifenode.__all__:
        assert inspect.getdoc(getattr(lifenode, name)), name


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'enrihc'"):
        _ = lifenode.enrihc


def test_importing_loads_nothing_heavy() -> None:
    program = "import sys, lifenode; print(*sorted(m for m in sys.modules if '.' not in m))"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "polars", "pandas", "numba", "click", "rich", "scipy"} & set(loaded)


def test_genes_is_a_package_and_a_function() -> None:
    table = lifenode.genes("scerevisiae")  # type: ignore[operator]
    row = table.to_dicts()[list(table["symbol"]).index("ACT1")]
    assert row["gene_id"] == "YFL039C"
    assert row["start"] < row["end"]
    assert row["strand"] == -1
    assert table.meta["pack"]["name"].startswith("scerevisiae")
