"""Items of a list as text: what is blank, what cannot be an identifier, and the form under which one is looked up."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import math
import unicodedata
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from lifenode.errors import InputError

BLANK_WORDS = frozenset({"nan", "na", "n/a", "null", "none", "#n/a", "<na>"})
"""What programs write for a missing value, folded; blank unless a gene is currently called exactly so."""

# White space in the eyes of a reader that str.strip() leaves: byte order mark, zero-width characters, word joiner.
_EDGES = " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\ufeff\u200b\u200c\u200d\u2060\u3000\u2028\u2029"
_MISSING_TYPES = frozenset({"NAType", "NaTType"})
# Beyond this int -> str is refused by the interpreter, and no identifier is that long.
_LARGEST_NUMBER = 10**200


def texts_of(items: Sequence[object]) -> list[str]:
    """Return each item as text; what stands for a missing value becomes the empty text.

    Whole floats become integers, since a column of numeric ids with gaps is read as floats. Dates become ISO dates:
    they are symbols that a spreadsheet changed.

    Raises
    ------
    InputError
        `items` is one text, or holds something that is neither text, number nor date.
    """
    if isinstance(items, str | bytes):
        raise InputError(
            f"One text was given where a list of identifiers is expected: {items[:40]!r}.",
            value=items[:40],
            next_step="Put it into a list, or split it at white space.",
        )
    convert = getattr(items, "tolist", None) or getattr(items, "to_list", None)
    plain = convert() if convert is not None else items
    return [item if item.__class__ is str else _text(item, position) for position, item in enumerate(plain, 1)]


def _text(item: object, position: int) -> str:
    if item is None or type(item).__name__ in _MISSING_TYPES:
        return ""
    if isinstance(item, str):
        return str(item)
    if isinstance(item, bytes):
        return item.decode("utf-8", "surrogateescape")
    if isinstance(item, np.generic) and not isinstance(item, np.void):
        plain = item.item()
        if not isinstance(plain, np.generic):
            return _text(plain, position)
    if isinstance(item, (int, float, decimal.Decimal)) and not isinstance(item, bool):
        return _number(item)
    if isinstance(item, datetime.date):
        return item.isoformat()[:10]
    raise InputError(
        f"Item {position} is of type {type(item).__name__}, which is no identifier: {repr(item)[:60]}.",
        value=repr(item)[:60],
        next_step="Give texts or numbers.",
    )


def _number(item: float | decimal.Decimal) -> str:
    if math.isnan(item):
        return ""
    if math.isinf(item):
        # "inf" is an alias of a human gene.
        return "∞"
    if item != int(item):
        return str(item)
    if not -_LARGEST_NUMBER < item < _LARGEST_NUMBER:
        return "a number of more than 200 digits"
    return str(int(item))


def clean(text: str) -> str:
    """Return `text` without white space around it, in Unicode's compatibility form (full-width letters and so on)."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.strip(_EDGES)).strip(_EDGES)


def fold(text: str) -> str:
    """Return the form under which `text` is compared without regard to case."""
    return clean(text).casefold()


def hashes(folded: Iterable[str]) -> npt.NDArray[np.uint64]:
    """Return a 64-bit hash of each text; the same on every machine."""
    blake2b = hashlib.blake2b
    digests = [blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in folded]
    return np.frombuffer(b"".join(digests), dtype="<u8").astype(np.uint64, copy=False)


def flaw(text: str) -> str:
    """Return why a cleaned `text` cannot be an identifier, or nothing."""
    if text.isprintable():
        return ""
    for character in text:
        kind = unicodedata.category(character)
        if kind == "Cs":
            return "holds a byte or half character that is not text; save the list as UTF-8"
        if kind == "Cc":
            return f"holds a control character (U+{ord(character):04X})"
    return ""


def shown(text: str, limit: int) -> str:
    """Return `text` fit for a report: valid Unicode, cut at `limit` characters."""
    if len(text) <= limit and text.isascii():
        return text
    cut = text if len(text) <= limit else text[:limit] + "…"
    return cut.encode("utf-8", "backslashreplace").decode()


def printable(text: str, width: int) -> str:
    """Return `text` as it may be shown on a terminal: nothing that moves the cursor, at most `width` characters."""
    start = text[:width]
    plain = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in start)
    return plain if len(plain) <= width and len(start) == len(text) else plain[: width - 1] + "…"
