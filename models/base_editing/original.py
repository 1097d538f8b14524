"""Compare with the scores of FORECasT-BE for some guides, which were made with its own code."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from lifenode.editing import base
from lifenode.editing.base_features import WINDOW
from lifenode.editing.base_model import model_of


def compare(path: Path, editor: str) -> None:
    """Print how our standardised scores go with the original's, in all and at the positions that can be edited."""
    with path.open(encoding="utf-8") as handle:
        rows = [row for row in csv.DictReader(handle) if row["editor"] == editor]
    ours = base([row["target"] for row in rows], editor)
    arrays = model_of(editor).arrays
    centre, scale = arrays["position_centre"], arrays["position_scale"]
    totals = np.corrcoef(ours["z"], [float(row["total_z"]) for row in rows])[0, 1]
    pairs = [
        ((ours[f"position_{place}"][at] - centre[place - 1]) / scale[place - 1], float(row[f"pos{place}_z"]))
        for at, row in enumerate(rows)
        for place in range(WINDOW[0], WINDOW[1] + 1)
        if row[f"pos{place}_z"]
    ]
    positions = np.corrcoef(np.transpose(pairs))[0, 1]
    print(
        f"{editor} with FORECasT-BE over {len(rows)} guides: total {totals:.3f}, "
        f"{len(pairs)} positions {positions:.3f}",
        flush=True,
    )  # fmt: skip
