"""Repair backgrounds: cells as they are, and cells that lack a repair gene."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from lifenode.editing import weights
from lifenode.errors import UnknownName, nearest

WILD_TYPE = "wild-type"
CONTROL = "control"

_OTHER_NAMES = {
    "wt": WILD_TYPE, "wildtype": WILD_TYPE, "wild type": WILD_TYPE, "tp53": "Trp53", "p53": "Trp53",
    "tp53bp1": "Trp53Bp1", "53bp1": "Trp53Bp1", "babam2": "Bre", "nhej1": "Xlf", "ku70": "Xrcc6", "artemis": "Dclre1c",
    "nbs1": "Nbn", "dna-pkcs": "Prkdc", "mesc": CONTROL,
}  # fmt: skip


def backgrounds() -> tuple[str, ...]:
    """Return the names of all backgrounds: ``wild-type``, ``control``, and the genes by their mouse symbols."""
    return (WILD_TYPE, CONTROL, *sorted(gene for gene in _genes() if gene != CONTROL))


def background_of(name: str) -> str:
    """Return the background meant: a mouse or human symbol in any case.

    Raises
    ------
    UnknownName
        There is none of that gene; the nearest are offered.
    """
    folded = name.strip().lower()
    by_name = {known.lower(): known for known in backgrounds()} | _OTHER_NAMES
    if folded in by_name:
        return by_name[folded]
    close = [by_name[word] for word in nearest(folded, by_name, 2)]
    offer = f"Did you mean {' or '.join(dict.fromkeys(close))}? " if close else ""
    raise UnknownName(
        f'There is no repair background "{name}".',
        value=name,
        next_step=f"{offer}There are {', '.join(backgrounds())}.",
    )


def model_of(background: str) -> str:
    """Return the name of the weights of a background."""
    return "cas9_wild_type" if background == WILD_TYPE else "cas9_repair"


def coefficients(names: tuple[str, ...]) -> npt.NDArray[np.float64]:
    """Return the coefficients of backgrounds, a row each."""
    return np.stack([_coefficients(name) for name in names])


@lru_cache(maxsize=32)
def _coefficients(background: str) -> npt.NDArray[np.float64]:
    known = weights.load(model_of(background))
    if background == WILD_TYPE:
        return known["weights"].astype(np.float64)
    gene = _genes().index(background)
    found: npt.NDArray[np.float64] = known["weights"][gene] * known["scale"][gene]
    return found


@lru_cache(maxsize=1)
def _genes() -> tuple[str, ...]:
    return tuple(weights.load("cas9_repair")["genes"].tolist())
