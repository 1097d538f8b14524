"""`sensitivity_plot`: what the posteriors would be under other priors."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from lifenode.eqtl.coloc_result import ColocResult
from lifenode.eqtl.plot_axes import Margins, left_axis
from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_scene import Area, Box, Floats, Line, Scene, Text
from lifenode.table import Table

_HEIGHT = 180.0
_NARROW = 500.0
_NAMES = ("H0 neither", "H1 first only", "H2 second only", "H3 both, differ", "H4 both, same")
_SHORT = ("H0", "H1", "H2", "H3", "H4")
_SMALL = 5e-4


def sensitivity_plot(result: ColocResult, *, threshold: float = 0.5) -> Plot:
    """Draw prior and posterior probabilities of H0 to H4 over the prior p12.

    Parameters
    ----------
    result
        What `lifenode.eqtl.coloc` returns.
    threshold
        Least posterior of H4 that counts as support; where it is reached the ground is shaded.

    Returns
    -------
    Plot
        With ``table``, that of ``result.sensitivity()``.

    References
    ----------
    Wallace 2020, doi:10.1371/journal.pgen.1008720.
    """
    table = result.sensitivity(threshold=threshold)
    title = f"Posterior of H4 {result.pp_h4:.3g} at p12 {result.priors.p12:g}; over the range of p12"
    return Plot(title, table, (_words(table, threshold),), partial(_scene, table, result.priors.p12, threshold, title))


def _words(table: Table, threshold: float) -> str:
    supported = table["p12"][np.asarray(table["supported"], dtype=bool)]
    if not len(supported):
        return f"the posterior of H4 reaches {threshold:g} for no p12 shown"
    if len(supported) == len(table):
        return f"the posterior of H4 is {threshold:g} or more for every p12 shown"
    return f"the posterior of H4 is {threshold:g} or more from p12 = {supported.min():.1e} on"


def _scene(table: Table, chosen: float, threshold: float, title: str, width: float, labelled: bool) -> Scene:
    margins = Margins.of(width)
    apart = 64.0
    stacked = width < _NARROW
    inner = width - margins.left - margins.right
    field = inner if stacked else (inner - apart) / 2
    scene = Scene(width, 0, title)
    top = _key(scene, margins.left, 14, short=stacked) + 32
    log = np.log10(table["p12"])
    prior = Area(margins.left, top, field, _HEIGHT, float(log[0]), float(log[-1]), 0, 1)
    after = prior._replace(left=margins.left + field + apart)
    if stacked:
        after = prior._replace(top=prior.base + 72)
    for area, kind, name in ((prior, "prior", "Prior"), (after, "pp", "Posterior")):
        values = [np.asarray(table[f"{kind}_h{h}"], dtype=np.float64) for h in range(len(_SHORT))]
        scene.add(Text(area.left, area.top - 8, name, "head"))
        if kind == "pp":
            _shade(scene, area, log, np.asarray(table["supported"], dtype=bool))
        left_axis(scene, area, f"{name} probability")
        _lines(scene, area, log, values)
        x = float(area.across(math.log10(chosen)))
        scene.add(Line((x, x), (area.top, area.base), "chosen"))
        _axis(scene, area)
    scene.height = after.base + 44
    return scene


def _shade(scene: Scene, area: Area, log: Floats, supported: np.ndarray) -> None:
    places = area.across(log)
    if supported.any():
        rows = np.flatnonzero(supported)
        left, right = float(places[rows[0]]), float(places[rows[-1]])
        scene.add(Box(left, area.top, max(right - left, 1), area.height, "supported"))


def _lines(scene: Scene, area: Area, log: Floats, values: list[Floats]) -> None:
    for h, own in enumerate(values):
        known = np.isfinite(own)
        if known.any():
            x, y = area.across(log[known]), area.down(own[known])
            scene.add(Line(tuple(x.tolist()), tuple(y.tolist()), f"h{h}"))


def _axis(scene: Scene, area: Area) -> None:
    for power in range(math.ceil(area.first - 1e-9), math.floor(area.last + 1e-9) + 1):
        x = float(area.across(power))
        scene.add(
            Line((x, x), (area.base, area.base + 5), "axis"),
            Text(min(x, scene.width - 14), area.base + 17, f"1e{power}", "tick", "middle"),
        )
    scene.add(Text(area.left + area.width / 2, area.base + 35, "p12", "title", "middle"))


def _key(scene: Scene, left: float, line: float, *, short: bool) -> float:
    at = left
    for h, name in enumerate(_SHORT if short else _NAMES):
        scene.add(Line((at, at + 16), (line - 4, line - 4), f"h{h}"), Text(at + 21, line, name, "key"))
        at += 21 + len(name) * 7 + 14
    return line
