"""`forest_plot`: the effect of a variant in many data sets or on many genes, with 95 % confidence intervals."""

from __future__ import annotations

from functools import partial

import polars as pl

from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_scene import Area, Dot, Line, Scene, Text, shortened, tick_texts, ticks
from lifenode.eqtl.plot_tables import table_of
from lifenode.table import Column

MOST_ROWS = 60
"""Rows that are drawn; the strongest of more."""

_NORMAL_975 = 1.959963984540054
_ROW = 20.0
_TOP = 12.0
_COLUMNS = (
    Column("label", "text", "What the row is about."),
    Column("variant", "text", "chr, chromosome, position, reference and alternative allele, joined by _."),
    Column("dataset_id", "text", "Data set."),
    Column("gene_id", "text", "Ensembl gene id."),
    Column("molecular_trait_id", "text", "Gene, exon, transcript, splice junction or protein whose level was tested."),
    Column("beta", "number", "Change of the trait for one more alternative allele."),
    Column("se", "number", "Standard error of beta."),
    Column("lower", "number", "Lower end of the 95 % confidence interval, beta - 1.96 se."),
    Column("upper", "number", "Upper end of the 95 % confidence interval, beta + 1.96 se."),
    Column("nlog10p", "number", "-log10 of the p-value."),
)


def forest_plot(rows: pl.DataFrame, title: str) -> Plot:
    """Draw effects with confidence intervals, one row each, the strongest on top.

    Parameters
    ----------
    rows
        ``label`` and the columns of associations ``variant``, ``dataset_id``, ``gene_id``, ``molecular_trait_id``,
        ``beta``, ``se`` and ``nlog10p``. Rows without ``se`` have no interval.
    title
        What is shown.

    Returns
    -------
    Plot
        With ``save("effects.svg")``, and ``table`` with every row, also those that are not drawn.
    """
    ends = [
        (pl.col("beta") + sign * _NORMAL_975 * pl.col("se")).alias(name) for sign, name in ((-1, "lower"), (1, "upper"))
    ]
    ordered = rows.sort("nlog10p", descending=True, nulls_last=True, maintain_order=True).with_columns(*ends)
    table = table_of(ordered, _COLUMNS, {"title": title})
    notes = ["dots are effects, lines their 95 % confidence intervals, one more alternative allele"]
    if ordered.height > MOST_ROWS:
        notes.append(f"the {MOST_ROWS} strongest of {ordered.height:,} rows are drawn, the downloads have all")
    return Plot(title, table, tuple(notes), partial(_scene, ordered.head(MOST_ROWS), title))


def _scene(rows: pl.DataFrame, title: str, width: float, labelled: bool) -> Scene:
    scene = Scene(width, _TOP + _ROW * rows.height + 44, title)
    room = min(max(width * 0.36, 120.0), 300.0)
    spread = pl.concat([rows["beta"], rows["lower"], rows["upper"]]).drop_nulls().drop_nans()
    low, high = min(float(spread.min() or 0.0), 0.0), max(float(spread.max() or 0.0), 0.0)  # type: ignore[arg-type]
    margin = (high - low) * 0.05 or 1.0
    area = Area(room, _TOP, width - room - 12, _ROW * rows.height, low - margin, high + margin, 0, 1)
    _axis(scene, area)
    for number, row in enumerate(rows.iter_rows(named=True)):
        y = _TOP + _ROW * (number + 0.5)
        scene.add(Text(room - 10, y + 4, shortened(row["label"], "gene-name", room - 14), "gene-name", "end"))
        x = float(area.across(row["beta"]))
        if row["lower"] is not None:
            scene.add(Line((float(area.across(row["lower"])), float(area.across(row["upper"]))), (y, y), "axis"))
        kind = "level4" if row["beta"] > 0 else "level1"
        scene.add(Dot(x, y, 4.5, kind, _words(row) if labelled else ""))
    return scene


def _axis(scene: Scene, area: Area) -> None:
    values = ticks(area.first, area.last, max(int(area.width // 70), 2))
    for value, text in zip(values, tick_texts(values), strict=True):
        x = float(area.across(value))
        scene.add(Line((x, x), (area.top, area.base), "axis" if value == 0 else "grid"))
        scene.add(Text(x, area.base + 16, text, "tick", "middle"))
    scene.add(Text(area.left + area.width / 2, area.base + 36, "Effect of the alternative allele", "title", "middle"))


def _words(row: dict[str, object]) -> str:
    interval = f" ({row['lower']:.3g} to {row['upper']:.3g})" if row["lower"] is not None else ""
    return f"{row['label']}: effect {row['beta']:.3g}{interval}, -log10 p {row['nlog10p']:.2f}"
