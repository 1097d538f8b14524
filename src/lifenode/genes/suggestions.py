"""Near symbols for identifiers that are not known, and the error for a list of which none is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from lifenode.errors import NothingMapped
from lifenode.genes.patterns import Look, looks_like
from lifenode.genes.texts import fold, printable, texts_of
from lifenode.packs.arrays import Arrays, Strings

if TYPE_CHECKING:
    from lifenode.genes.accounting import Accounting
    from lifenode.packs.pack import Pack

ARRAYS = "near-symbols-1"
"""Name and layout version of the arrays in the cache."""

MOST_SUGGESTIONS = 3
_WIDTH = 20
_FAR = 99
_EXAMPLE_WIDTH = 40
_GREEK = str.maketrans("αβγδεκ", "abgdek")
_STEM = re.compile(r"[a-z]*")


def build_arrays(pack: Pack) -> Arrays:
    """Return the distinct symbols of the primary assembly, sorted by first letter and length.

    ``letters`` holds one folded character a row, so that a step of the comparison runs along contiguous memory;
    ``first`` tells where the symbols of each first letter and length begin.
    """
    import polars as pl

    genes = pack.table("genes").filter(pl.col("primary_assembly") & (pl.col("symbol") != ""))
    kept = [s for s in set(genes["symbol"].to_list()) if s.isascii() and len(s) <= _WIDTH and s[0].isalpha()]
    symbols = sorted(kept, key=lambda symbol: (symbol[0].casefold(), len(symbol), symbol))
    fixed = np.array([symbol.casefold() for symbol in symbols], dtype=f"S{_WIDTH}")
    letters = fixed.view(np.uint8).reshape(len(symbols), _WIDTH)
    cell = letters[:, 0].astype(np.int64) * (_WIDTH + 1) + np.array([len(s) for s in symbols], dtype=np.int64)
    return {
        "letters": np.ascontiguousarray(letters.T),
        "first": np.searchsorted(cell, np.arange(128 * (_WIDTH + 1) + 1)).astype(np.int32),
        **Strings.from_list(symbols, "symbols"),
    }


class NearSymbols:
    """Finds symbols that differ by a letter or two from what was typed.

    Symbols with the same first letter are compared: one edit for texts up to four characters, two for longer ones,
    where exchanging two neighbours is one edit. Of equally near symbols those of the same stem (``BRCA`` of
    ``BRCA3x``) win, and those of the same letters come first.

    Parameters
    ----------
    arrays
        What `build_arrays` returned.
    """

    def __init__(self, arrays: Arrays) -> None:
        self._letters, self._first = arrays["letters"], arrays["first"]
        self._symbols = Strings.of(arrays, "symbols")

    def near(self, text: str) -> list[str]:
        """Return up to three symbols near `text`, the nearest only."""
        word = fold(text).translate(_GREEK)
        if not (2 <= len(word) <= _WIDTH and word.isascii() and word[0].isalpha()):
            return []
        edits = 1 if len(word) <= 4 else 2
        cells = ord(word[0]) * (_WIDTH + 1)
        low = self._first[cells + max(len(word) - edits, 1)]
        high = self._first[cells + min(len(word) + edits, _WIDTH) + 1]
        distances = _edits(word, self._letters[:, low:high], edits)
        scored = []
        for row in np.flatnonzero(distances <= edits).tolist():
            symbol = self._symbols[int(low) + row]
            folded = symbol.casefold()
            score = 2 * int(distances[row]) + (_stem(folded) != _stem(word))
            scored.append((score, sorted(folded) != sorted(word), -_shared(word, folded), symbol))
        best = min(scored, default=(0,))[0]
        return [symbol for score, *_, symbol in sorted(scored) if score == best][:MOST_SUGGESTIONS]


def _edits(word: str, letters: npt.NDArray[np.uint8], most: int) -> npt.NDArray[np.uint8]:
    """Return the edit distance of `word` to every column of `letters`; values above `most` only mean "more".

    Only cells within `most` of the diagonal can be part of a path that short (Ukkonen's band).
    """
    count = letters.shape[1]
    far = np.full(count, _FAR, dtype=np.uint8)
    rows = {j: np.full(count, j, dtype=np.uint8) for j in range(most + 1)}
    before: dict[int, npt.NDArray[np.uint8]] = {}
    result = far.copy()
    lengths = np.count_nonzero(letters, axis=0)
    codes = word.encode()
    for i, code in enumerate(codes, start=1):
        row: dict[int, npt.NDArray[np.uint8]] = {0: np.full(count, i, dtype=np.uint8)} if i <= most else {}
        for j in range(max(1, i - most), min(_WIDTH, i + most) + 1):
            cell = rows.get(j - 1, far) + (letters[j - 1] != code)
            np.minimum(cell, rows.get(j, far) + np.uint8(1), out=cell)
            np.minimum(cell, row.get(j - 1, far) + np.uint8(1), out=cell)
            if i > 1 and j > 1:
                swapped = (letters[j - 1] == codes[i - 2]) & (letters[j - 2] == code)
                np.minimum(cell, np.where(swapped, before.get(j - 2, far) + np.uint8(1), far), out=cell)
            row[j] = cell
        before, rows = rows, row
    for j, cell in rows.items():
        result = np.where(lengths == j, cell, result)
    return result


def _stem(text: str) -> str:
    found = _STEM.match(text)
    return found[0] if found else ""


def _shared(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def nothing_mapped(items: Sequence[object], pack: Pack, accounting: Accounting) -> NothingMapped:
    """Return the error for a list of which no identifier is known, with what the identifiers look like."""
    given = [text for text in map(str.strip, texts_of(items)) if text]
    examples = ", ".join(printable(text, _EXAMPLE_WIDTH) for text in dict.fromkeys(given[:3]))
    said = f"{pack.display_name.lower()} identifier in release {pack.release}"
    count = accounting.input - accounting.blank
    return NothingMapped(
        f"{examples} is not a {said}." if count == 1 else f"None of the {count} identifiers is a {said} ({examples}).",
        value=printable(given[0], _EXAMPLE_WIDTH) if given else None,
        next_step=_advice(given, pack, accounting),
    )


def _advice(texts: Iterable[str], pack: Pack, accounting: Accounting) -> str:
    details = accounting.details
    if details.ambiguous:
        return "They look like dates made by a spreadsheet. Restore the column as text and try again."
    reasons = {item["reason"] for item in details.unmapped}
    reason = reasons.pop() if len(reasons) == 1 else ""
    if reason and not any(vague in reason for vague in ("not a ", "spelled like")):
        return f"The reason: {reason.rstrip('.')}."
    look = looks_like(texts)
    if look is None:
        return f"Check the organism (now {pack.organism}) and the column."
    if look.words == "Entrez gene ids":
        return (
            "They are numbers and were looked up as Entrez gene ids. If they are of another kind, name it with "
            f"numeric_namespace; if of another organism than {pack.organism}, name that."
        )
    return _advice_on(look, pack)


def _advice_on(look: Look, pack: Pack) -> str:
    if look.organism and look.organism != pack.organism:
        return f"They look like {look.words}: try organism {look.organism}."
    if not look.genes:
        return f"They look like {look.words}, and this release holds genes only: give the genes they belong to."
    return (
        f"They look like {look.words}, but this release holds none of them: check the organism (now {pack.organism})."
    )
