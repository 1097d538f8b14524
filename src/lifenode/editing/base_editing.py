"""`lifenode.editing.base`: how well a base editor edits a guide, in all and at each position."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

import lifenode
from lifenode.editing import weights
from lifenode.editing.base_features import BEFORE, CONTEXT, EDITED, GUIDE, WINDOW, encoded
from lifenode.editing.base_model import Model, model_of, positions
from lifenode.errors import BadTarget, EmptyInput, InvalidOption, nearest
from lifenode.table import Column, Table

Floats = npt.NDArray[np.float64]

_LETTERS = re.compile(r"[^ACGTN]")
_WITH_PAM = GUIDE + 3
# Efficiency at positions 3 to 10 relative to that at position 6, as FORECasT-BE has it (PMC8989541).
POSITION_FRACTIONS = (
    0.19673314654134325, 0.443757534968822, 0.9119183639518773, 1.0, 0.7846071775331374, 0.41387793695191166,
    0.14388146489658163, 0.07095196797688848,
)  # fmt: skip

COLUMNS = (
    Column("guide", "text", "The 20 bases of the protospacer, 5' to 3'."),
    Column("context", "text", "30 bases: 4 before the protospacer, its 20, the PAM, 3 behind it; N where not known."),
    Column("total", "number", "Percent of reads with any edit."),
    Column("low", "number", "Lower bound of an 80 % interval of total."),
    Column("high", "number", "Upper bound of it."),
    Column("z", "number", "Standardised score: 0 for the average guide of the screens, 1 a standard deviation above."),
    *(
        Column(f"position_{place}", "number", f"Percent of reads edited at position {place}; missing if none can be.")
        for place in range(1, GUIDE + 1)
    ),
)


def base(
    guides: str | Sequence[str],
    editor: str = "ABE",
    context: Sequence[str] | None = None,
    *,
    source: str | None = None,
    mean: float | None = None,
    std: float | None = None,
) -> Table:
    """Predict how well guides are edited by an adenine or a cytosine base editor.

    Parameters
    ----------
    guides
        Guides as text (a line each, or FASTA) or a list: 20 bases of the protospacer, 23 with the PAM, or 30 with 4
        bases before and 3 behind the PAM; 5' to 3' on the strand of the protospacer.
    editor
        ``ABE`` (A to G) or ``CBE`` (C to T).
    context
        The 30 bases around each guide, where `guides` has the protospacers alone.
    source
        Screen whose assay is meant, such as ``song``; by default the average over the screens.
    mean, std
        Mean and standard deviation of the efficiency in an experiment of one's own, as fractions; adds the column
        ``scaled`` = z std + mean, and ``scaled_3`` to ``scaled_10`` = z of the position std + mean f, where f is the
        efficiency at the position relative to position 6 (PMC8989541); all within 0 and 1.

    Returns
    -------
    Table
        Columns ``guide, context, total, low, high, z`` and ``position_1`` to ``position_20``.

    Raises
    ------
    BadTarget
        A guide cannot be used; its number, and the place of the letter at fault.
    InvalidOption
        There is no such editor or source, or only one of `mean` and `std` is given.

    Notes
    -----
    The percent at a position is the sum over the outcomes of `lifenode.editing.base_outcomes` that are edited there. It
    is 0 at a base outside positions 3 to 10, where the screens did not count. See models/base_editing/card.md for data,
    method and what the figures are worth.

    Examples
    --------
    >>> table = base(["TCTGCTCAGCTCATGCCGAT"], "CBE")
    >>> table["guide"][0], bool(table["low"][0] < table["total"][0] < table["high"][0])
    ('TCTGCTCAGCTCATGCCGAT', True)
    """
    chosen = editor_of(editor)
    if (mean is None) != (std is None):
        raise InvalidOption("mean and std go together, and one is missing.", next_step="Give both, or neither.")
    model = model_of(chosen)
    check_source(model, source)
    contexts = contexts_of(guides, context)
    bases = encoded(contexts)
    score = model.scores(bases, source)
    percents = model.percents(score, source)
    by_place = positions(percents[:, 0], model.outcomes(bases, source))
    # What cannot be edited is no 0.
    can = np.array([[letter == EDITED[chosen] for letter in one[BEFORE : BEFORE + GUIDE]] for one in contexts])
    by_place[~can] = np.nan
    z = (score - model.arrays["score_centre"][0]) / model.arrays["score_scale"][0]
    data: dict[str, Any] = {
        "guide": [one[BEFORE : BEFORE + GUIDE] for one in contexts], "context": list(contexts),
        "total": percents[:, 0], "low": percents[:, 1], "high": percents[:, 2], "z": z,
    }  # fmt: skip
    data |= {f"position_{place + 1}": by_place[:, place] for place in range(GUIDE)}
    columns = list(COLUMNS)
    if mean is not None and std is not None:
        data["scaled"] = np.clip(z * std + mean, 0, 1)
        columns.append(Column("scaled", "number", "z std + mean, within 0 and 1."))
        scaled = _scaled_positions(model, by_place, mean, std)
        data |= scaled
        columns += [Column(name, "number", "The same at this position, relative to position 6.") for name in scaled]
    return Table(columns, data, stated_of(chosen, source, contexts) | {"interval": "80 %"}, len(contexts))


def _scaled_positions(model: Model, by_place: Floats, mean: float, std: float) -> dict[str, Floats]:
    centre, scale = model.arrays["position_centre"], model.arrays["position_scale"]
    found = {}
    for fraction, place in zip(POSITION_FRACTIONS, range(WINDOW[0], WINDOW[1] + 1), strict=True):
        z = (by_place[:, place - 1] - centre[place - 1]) / scale[place - 1]
        found[f"scaled_{place}"] = np.clip(z * std + mean * fraction, 0, 1)
    return found


def stated_of(editor: str, source: str | None, contexts: Sequence[str]) -> dict[str, Any]:
    """Return what a result says of where its numbers come from."""
    return {
        "lifenode": lifenode.__version__, "model": weights.stated(f"base_{editor.lower()}"), "editor": editor,
        "source": source or "average over the screens", "notes": _notes(contexts),
    }  # fmt: skip


def check_source(model: Model, source: str | None) -> None:
    """Raise if a model does not know the source.

    Raises
    ------
    InvalidOption
        It does not.
    """
    if source is not None and source not in model.sources:
        close = nearest(source, model.sources, 1)
        raise InvalidOption(
            f'There is no source "{source}".',
            value=source,
            next_step=f"Did you mean {close[0]}?" if close else f"There are {', '.join(model.sources)}.",
        )


def contexts_of(guides: str | Sequence[str], context: Sequence[str] | None = None) -> list[str]:
    """Return the 30 bases around each guide, N where they are not known.

    Raises
    ------
    BadTarget, EmptyInput
        A guide cannot be used, or none is given.
    """
    items = _items(guides)
    if not items:
        raise EmptyInput("No guide was given.", next_step="Give 20 bases a line, or 30 with what stands around them.")
    if context is None:
        return [_context(item, number) for number, item in enumerate(items, start=1)]
    if len(context) != len(items):
        raise BadTarget(
            f"{len(items)} guides have {len(context)} contexts.", value=len(context), next_step="Give one for each."
        )
    found = [_context(item, number) for number, item in enumerate(context, start=1)]
    for number, (item, around) in enumerate(zip(items, found, strict=True), start=1):
        if around[BEFORE : BEFORE + GUIDE] != item.upper():
            raise BadTarget(
                f"Guide {number} is not where its context has it, at bases 5 to 24.",
                value=item,
                next_step="Give 4 bases before the protospacer, its 20, the PAM and 3 bases behind it.",
            )
    return found


def _items(guides: str | Sequence[str]) -> list[str]:
    if not isinstance(guides, str):
        return ["".join(str(item).split()) for item in guides]
    lines = [line.strip() for line in guides.splitlines() if line.strip()]
    if lines and lines[0].startswith(">"):
        records = "\n".join(lines).split(">")[1:]
        return ["".join(record.split("\n")[1:]) for record in records]
    return [word for line in lines for word in re.split(r"[\s,;]+", line) if word]


def _context(text: str, number: int) -> str:
    upper = text.upper()
    bad = _LETTERS.search(upper)
    if bad is not None:
        raise BadTarget(
            f"Guide {number} has {text[bad.start()]!r} at base {bad.start() + 1}; only A, C, G and T can be predicted.",
            value=text[bad.start()],
            next_step="Give the bases of the genome there.",
        )
    if len(upper) == GUIDE:
        upper = f"NNNN{upper}NGGNNN"
    elif len(upper) == _WITH_PAM:
        upper = f"NNNN{upper}NNN"
    elif len(upper) != CONTEXT:
        raise BadTarget(
            f"Guide {number} has {len(upper)} bases; 20, 23 (with the PAM) or 30 (with its surroundings) can be read.",
            value=text[:40],
            next_step="Give the protospacer, 5' to 3'.",
        )
    if "N" in upper[BEFORE : BEFORE + GUIDE]:
        place = upper.index("N", BEFORE)
        raise BadTarget(
            f"Guide {number} has an N at base {place - BEFORE + 1} of its protospacer.",
            value=text[:40],
            next_step="Give the bases of the genome there.",
        )
    if upper[BEFORE + GUIDE + 1 : BEFORE + GUIDE + 3] != "GG":
        raise BadTarget(
            f"Guide {number} has {upper[BEFORE + GUIDE : BEFORE + GUIDE + 3]} where its PAM NGG should be.",
            value=text[:40],
            next_step="The models know editors of SpCas9 only; check where the protospacer ends.",
        )
    return upper


def editor_of(editor: str) -> str:
    """Return the name of an editor as the models have it.

    Raises
    ------
    InvalidOption
        There is no such editor.
    """
    known = str(editor).strip().upper()
    if known in EDITED:
        return known
    raise InvalidOption(
        f'There is no editor "{editor}".', value=editor, next_step="There are ABE (A to G) and CBE (C to T)."
    )


def _notes(contexts: Sequence[str]) -> list[str]:
    alone = sum("N" in one[:BEFORE] for one in contexts)
    if not alone:
        return []
    return [f"the bases around {alone:,} of {len(contexts):,} guides are not known, which costs some accuracy"]
