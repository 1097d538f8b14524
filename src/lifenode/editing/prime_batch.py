"""Many pegRNAs at once: a table with a site and an insert a line."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import lifenode
from lifenode.editing import weights
from lifenode.editing.prime_editing import COLUMNS, predicted, repair_of, warnings
from lifenode.editing.prime_inserts import MOST_EXPANDED, Insert, read_inserts
from lifenode.editing.prime_model import model
from lifenode.editing.prime_site import Site, read_site
from lifenode.errors import InputTooLarge, LifenodeError, UnreadableInput
from lifenode.table import Column, Table

_NEEDED = ("insert", "spacer", "pbs", "ha")
_OPTIONAL = ("name", "mmr", "cell_line")

BATCH_COLUMNS = (
    Column("name", "text", "Name of the line, or its number."),
    *COLUMNS,
    Column("spacer", "text", "20 bases before the PAM."),
    Column("pbs", "text", "Bases left of the nick."),
    Column("ha", "text", "Bases right of the nick."),
)


def is_table(text: str) -> bool:
    """Return whether a text is a table of pegRNAs: its first line names the columns."""
    return set(_NEEDED) <= set(_cells(text.lstrip().split("\n", 1)[0].lower()))


def prime_table(text: str, *, mmr: int | None = None, cell_line: str | None = None) -> Table:
    """Predict a table with the columns ``insert``, ``spacer``, ``PBS`` and ``HA``, separated by tabs.

    Parameters
    ----------
    text
        The table. Further columns ``name``, ``mmr`` and ``cell_line`` are read where there are any.
    mmr, cell_line
        As in `lifenode.editing.prime`, for lines that do not say.

    Returns
    -------
    Table
        Columns ``name``, those of `lifenode.editing.prime`, ``spacer, pbs, ha``, in the order of the lines.

    Raises
    ------
    UnreadableInput
        A line is broken or cannot be used; its number.
    InputTooLarge
        The inserts stand for more than 100,000 sequences.
    """
    groups: dict[tuple[Site, int, str | None], list[tuple[int, str, Insert]]] = defaultdict(list)
    notes, count = dict[str, None](), 0
    for number, row in _rows(text):
        try:
            site = read_site(pbs=row["pbs"], ha=row["ha"], spacer=row["spacer"])
            state = row.get("mmr", "")
            repair = repair_of(int(state) if state in ("0", "1") else mmr, row.get("cell_line") or cell_line)
            inserts, more = read_inserts([row["insert"]])
        except LifenodeError as problem:
            raise UnreadableInput(
                f"Line {number}: {problem.detail}", value=problem.value, next_step=problem.next_step
            ) from problem
        notes |= dict.fromkeys((*site.notes, *more))
        groups[site, *repair] += [
            (count + at, row.get("name") or str(number - 1), one) for at, one in enumerate(inserts)
        ]
        count += len(inserts)
        if count > MOST_EXPANDED:
            raise InputTooLarge(
                f"The table stands for more than {MOST_EXPANDED:,} inserts.", value=count, next_step="Split it."
            )
    rows: list[tuple[Any, ...]] = [()] * count
    for (site, repair_state, line), members in groups.items():
        found = predicted([insert for _, _, insert in members], site, repair_state, line)
        shares = model().screens_of(site, repair_state, line)
        notes |= dict.fromkeys(warnings(found, site, shares, repair_state))
        for at, (place, name, _) in enumerate(members):
            rows[place] = (name, *(found[column.name][at] for column in COLUMNS), site.spacer, site.pbs, site.ha)
    data = {column.name: list(values) for column, values in zip(BATCH_COLUMNS, zip(*rows, strict=True), strict=True)}
    meta = {
        "lifenode": lifenode.__version__,
        "model": weights.stated("prime"),
        "interval": "80 %",
        "notes": list(notes),
    }
    return Table(list(BATCH_COLUMNS), data, meta, count)


def _rows(text: str) -> list[tuple[int, dict[str, str]]]:
    lines = text.strip().splitlines()
    names = [cell.lower() for cell in _cells(lines[0])]
    found = []
    for number, line in enumerate(lines[1:], start=2):
        if not line.strip():
            continue
        cells = _cells(line)
        if len(cells) < len(names):
            raise UnreadableInput(
                f"Line {number} has {len(cells)} columns; the first line names {len(names)}.",
                value=line[:60],
                next_step="Separate the columns by tabs and fill all of them.",
            )
        found.append(
            (number, {name: cell for name, cell in zip(names, cells, strict=False) if name in _NEEDED + _OPTIONAL})
        )
    if not found:
        raise UnreadableInput(
            "The table has no line below its heading.", value=lines[0][:60], next_step="Give a pegRNA a line."
        )
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.rstrip("\r\n").split("\t")]
