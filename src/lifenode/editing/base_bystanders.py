"""`lifenode.editing.base_outcomes`: which bases of a guide a base editor edits together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lifenode.editing.base_editing import check_source, contexts_of, editor_of, stated_of
from lifenode.editing.base_features import BEFORE, EDITED, GUIDE, WINDOW, encoded
from lifenode.editing.base_joint import OUTCOMES, editable_masks, places_of
from lifenode.editing.base_model import model_of
from lifenode.errors import InvalidOption
from lifenode.table import Column, Table

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]

MADE = {"ABE": "G", "CBE": "T"}
"""The base that an editor makes of that which it changes."""
COLUMNS = (
    Column("guide", "text", "The 20 bases of the protospacer, 5' to 3'."),
    Column("rank", "integer", "1 for the most frequent outcome of the guide."),
    Column("outcome", "text", "The protospacer as edited."),
    Column("edited", "text", "Positions that are edited, from 1 at the end far from the PAM."),
    Column("share", "number", "Percent of the edited reads of the guide."),
    Column("percent", "number", "Percent of all its reads."),
)


def base_outcomes(
    guides: str | Sequence[str],
    editor: str = "ABE",
    context: Sequence[str] | None = None,
    *,
    source: str | None = None,
    top: int = 10,
) -> Table:
    """Predict which bases of guides a base editor edits together.

    Parameters
    ----------
    guides, editor, context, source
        As `lifenode.editing.base`.
    top
        Number of outcomes of each guide, the most frequent first; 0 for all.

    Returns
    -------
    Table
        Columns ``guide, rank, outcome, edited, share, percent``, guides in the order given. What the outcomes left out
        have together is told in ``meta["left_out"]``, percent of edited reads by the number of the guide (from 1),
        where it is not 0. A guide without an editable base at positions 3 to 10 has no row; a note says how many these
        are.

    Raises
    ------
    BadTarget, EmptyInput
        A guide cannot be used, or none is given.
    InvalidOption
        There is no such editor or source, or `top` is no whole number from 0.

    Notes
    -----
    share = product over the editable positions i, from 3 to 10, of p_i if i is edited and 1 - p_i if not, where p_i is
    the chance of an edit given the edits before it; percent = share total / 100, with the total of
    `lifenode.editing.base`. All sets of editable positions are enumerated, so that the shares of a guide sum to 100.
    See models/base_editing/card.md.

    Examples
    --------
    >>> table = base_outcomes(["TCTGCTCAGCTCATGCCGAT"], "CBE", top=0)
    >>> len(table), round(float(table["share"].sum()), 6)
    (7, 100.0)
    """
    chosen = editor_of(editor)
    if isinstance(top, bool) or not isinstance(top, int) or top < 0:
        raise InvalidOption(f"top is {top!r}, which is no whole number from 0.", value=top, next_step="Give 10, say.")
    model = model_of(chosen)
    check_source(model, source)
    contexts = contexts_of(guides, context)
    bases = encoded(contexts)
    total = model.percents(model.scores(bases, source), source)[:, 0]
    shares = model.outcomes(bases, source)
    guide, rank, outcome = _ranked(shares, editable_masks(bases, chosen), top)
    told = shares[guide, outcome]
    protospacers = [one[BEFORE : BEFORE + GUIDE] for one in contexts]
    edited = [tuple(place + WINDOW[0] for place in places_of(bits)) for bits in range(OUTCOMES)]
    words = [",".join(map(str, places)) for places in edited]
    pairs = list(zip(guide.tolist(), outcome.tolist(), strict=True))
    data: dict[str, Any] = {
        "guide": [protospacers[of] for of, _ in pairs], "rank": rank,
        "outcome": [_edited(protospacers[of], edited[bits], MADE[chosen]) for of, bits in pairs],
        "edited": [words[bits] for _, bits in pairs], "share": 100 * told, "percent": told * total[guide],
    }  # fmt: skip
    return Table(COLUMNS, data, _meta(chosen, source, contexts, shares, guide, told), len(guide))


def _ranked(shares: Floats, masks: Integers, top: int) -> tuple[Integers, Integers, Integers]:
    """Return guide, rank and outcome of each row; of equal shares, the outcome with the earlier positions is first."""
    possible = (1 << np.bitwise_count(masks).astype(np.int64)) - 1
    rows = np.minimum(possible, top) if top else possible
    every = np.arange(OUTCOMES)
    # What cannot be is behind whatever can, even if that is next to nothing.
    sorted_by = np.where((every & masks[:, None] == every) & (every > 0), -shares, 1.0)
    order = np.argsort(sorted_by, axis=1, kind="stable")[:, : max(int(rows.max(initial=0)), 1)]
    taken = np.arange(order.shape[1])[None] < rows[:, None]
    guide, at = np.nonzero(taken)
    return guide, at + 1, order[guide, at]


def _edited(guide: str, places: Sequence[int], made: str) -> str:
    letters = list(guide)
    for place in places:
        letters[place - 1] = made
    return "".join(letters)


def _meta(
    editor: str, source: str | None, contexts: Sequence[str], shares: Floats, guide: Integers, told: Floats
) -> dict[str, Any]:
    stated = stated_of(editor, source, contexts)
    left = shares.sum(axis=1) - np.bincount(guide, told, minlength=len(contexts))
    without = int((shares.sum(axis=1) == 0).sum())
    if without:
        word = f"{without:,} of {len(contexts):,} guides have no {EDITED[editor]} at positions 3 to 10 and no outcome"
        stated["notes"] = [*stated["notes"], word]
    # Below this, it is the rounding of sums.
    rest = {str(of + 1): float(100 * left[of]) for of in np.flatnonzero(left > 1e-12)}
    return stated | {"left_out": rest}
