"""`credible_sets_plot`: where the credible sets of a gene lie, data set by data set."""

from __future__ import annotations

from functools import partial

import numpy as np
import polars as pl

from lifenode.eqtl.plot_axes import position_axis
from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_points import PIP_EDGES, PIP_WORDS
from lifenode.eqtl.plot_scene import Area, Dot, Line, Scene, Text, shortened, text_width
from lifenode.eqtl.plot_tables import table_of
from lifenode.table import Column

MOST_ROWS = 60
"""Credible sets that are drawn, those with the highest PIP first."""

_ROW = 18.0
_COLUMNS = (
    Column("label", "text", "Data set, and trait where it is not the gene."),
    Column("dataset_id", "text", "Data set."),
    Column("molecular_trait_id", "text", "Gene, exon, transcript, splice junction or protein whose level was tested."),
    Column("cs_id", "text", "Credible set."),
    Column("variant", "text", "chr, chromosome, position, reference and alternative allele, joined by _."),
    Column("rsid", "text", "rsids of the variant, joined by commas."),
    Column("position", "integer", "1-based position of the first base of the reference allele, GRCh38."),
    Column("pip", "number", "Posterior probability that the variant is causal."),
)


def credible_sets_plot(rows: pl.DataFrame, title: str) -> Plot:
    """Draw the variants of credible sets at their places, a row a set, coloured by posterior probability (PIP).

    Parameters
    ----------
    rows
        ``label`` and the columns of `Catalogue.credible_sets`, of one chromosome, at least one row.
    title
        What is shown.

    Returns
    -------
    Plot
        With ``save("sets.svg")``, and ``table`` with every variant, also of sets that are not drawn.
    """
    order = rows.group_by("cs_id", "dataset_id", maintain_order=True).agg(pl.col("pip").max())
    order = order.sort("pip", descending=True, maintain_order=True)
    drawn = order.head(MOST_ROWS)
    notes = ["each row is a credible set: its variants where they lie, coloured by posterior probability"]
    if order.height > MOST_ROWS:
        notes.append(f"the {MOST_ROWS} sets with the surest variants of {order.height:,} are drawn")
    table = table_of(rows, _COLUMNS, {"title": title})
    shown = rows.join(drawn.select("cs_id", "dataset_id"), on=["cs_id", "dataset_id"], how="semi")
    sets = [shown.filter((pl.col("cs_id") == cs) & (pl.col("dataset_id") == of)) for cs, of, _ in drawn.iter_rows()]
    return Plot(title, table, tuple(notes), partial(_scene, sets, str(rows["chromosome"][0]), title))


def _scene(sets: list[pl.DataFrame], chromosome: str, title: str, width: float, labelled: bool) -> Scene:
    scene = Scene(width, 0, title)
    room = min(max(width * 0.36, 120.0), 300.0)
    top = _key(scene, room, 14) + 10
    positions = pl.concat([one["position"] for one in sets])
    first, last = float(positions.min() or 0), float(positions.max() or 0)  # type: ignore[arg-type]
    margin = max((last - first) * 0.04, 500.0)
    area = Area(room, top, width - room - 20, _ROW * len(sets), first - margin, last + margin, 0, 1)
    for number, one in enumerate(sets):
        y = top + _ROW * (number + 0.5)
        x = area.across(one["position"].to_numpy())
        levels = np.searchsorted(np.array(PIP_EDGES), one["pip"].to_numpy(), side="right")
        scene.add(Text(room - 10, y + 4, shortened(one["label"][0], "gene-name", room - 14), "gene-name", "end"))
        scene.add(Line((area.left, area.right), (y, y), "grid"), Line((float(x.min()), float(x.max())), (y, y), "axis"))
        for at in np.argsort(one["pip"].to_numpy(), kind="stable"):
            row = one.row(int(at), named=True)
            words = f"{row['label']}: {row['rsid'] or row['variant']}, {row['position']:,}, PIP {row['pip']:.3g}"
            radius = 3.0 + 2.5 * float(row["pip"])
            scene.add(Dot(float(x[at]), y, radius, f"level{levels[at]}", words if labelled else ""))
    position_axis(scene, area, area.base + 4, chromosome)
    scene.height = area.base + 48
    return scene


def _key(scene: Scene, left: float, line: float) -> float:
    """Draw what the colours mean, in as many lines as they take; return the last."""
    scene.add(Text(left, line, "PIP", "key"))
    at = left + text_width("PIP", "key") + 8
    for level, words in enumerate(PIP_WORDS):
        wide = 22 + text_width(words, "key")
        if at + wide > scene.width:
            at, line = left, line + 18
        scene.add(Dot(at + 4, line - 4, 4, f"level{level}", ""), Text(at + 12, line, words, "key"))
        at += wide
    return line
