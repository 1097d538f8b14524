"""Associations as colocalisation and fine mapping take them."""

from __future__ import annotations

from typing import Any

import polars as pl


def study_of(
    rows: pl.DataFrame, *, kind: str = "quant", sdy: float | None = None, people: float | None = None
) -> dict[str, Any]:  # fmt: skip
    """Return associations as `lifenode.eqtl.coloc` takes them.

    Parameters
    ----------
    rows
        With variant, beta, se, maf and an.
    kind
        ``quant`` or ``cc``.
    sdy
        Standard deviation of the trait; by default estimated where ``maf`` and ``an`` (or `people`) are known, else 1.
    people
        Sample size, where ``an`` is not known.
    """
    data: dict[str, Any] = {
        "snp": rows["variant"].to_list(), "beta": rows["beta"].to_numpy(), "se": rows["se"].to_numpy(), "type": kind,
        "position": rows["position"].to_numpy(),
    }  # fmt: skip
    counted = rows["an"].is_not_null().all()
    maf = rows["maf"]
    if kind == "quant" and sdy is None and ((maf > 0) & (maf < 1)).fill_null(False).all() and (counted or people):
        return data | {"MAF": maf.to_numpy(), "N": (rows["an"] / 2).to_numpy() if counted else people}
    return data | ({"sdY": 1.0 if sdy is None else sdy} if kind == "quant" else {})
