"""Text as the matcher sees it: sentences, and sentences as stems of words."""

from __future__ import annotations

import re
import unicodedata

from lifenode.edam.stemmer import stem

# The 33 words that carry no meaning of their own, as in Lucene.
_STOPPED = (
    "a an and are as at be but by for if in into is it no not of on or such that the their then there these they this "
    "to was will with"
)
STOP_WORDS = frozenset(_STOPPED.split())
_BROKEN_WORD = re.compile("[-\u2010][^\\S\\r\\n]*[\\r\\n]\\s*")
_DASHES = re.compile("---|--|[\u2013\u2014/]")
_CAPITAL_BEHIND = re.compile(r"(?<=.)([.?])(?=(.))", re.DOTALL)
_APOSTROPHES = "'`´‘’ʼ‛\x91\x92"
_POSSESSIVE = re.compile(r"'s(?= |$)")
_EDGES = re.compile(r"(?:(?<= )|^)'+|'+(?= |$)")
_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n\s*)+")
_END = re.compile(r"[.?](?: |$)")


def tokens(text: str) -> list[str]:
    """Return the stems of a text, stop words left out.

    Parameters
    ----------
    text
        A name, a label, a keyword or a sentence.

    Returns
    -------
    list of str
        Stems in order, with repetitions. Hyphens and other marks vanish within words (``RNA-Seq`` gives ``rnaseq``);
        dashes and slashes part them.

    Examples
    --------
    >>> tokens("RNA-Seq reads' pre-processing (v2.0)")
    ['rnaseq', 'read', 'preprocess', 'v20']
    """
    words = _without_marks(_mended(text)).lower().split(" ")
    return [stem(word) for word in words if word and word not in STOP_WORDS]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text.

    Parameters
    ----------
    text
        Prose; blank lines part it as well as full stops and question marks.

    Returns
    -------
    list of str
        Sentences without the mark at their end. A block that starts with ``|||`` is kept whole.
    """
    found = []
    for block in _BLANK_LINE.split(_mended(text.replace("\r\n", "\n").replace("\r", "\n"))):
        plain = " ".join(block.split())
        if plain.startswith("|||"):
            found.append(plain)
        elif plain:
            found += _glued([part for part in _END.split(plain) if part.strip()])
    return found


def _glued(parts: list[str]) -> list[str]:
    """Put back together what an abbreviation has parted."""
    whole: list[str] = []
    for at, part in enumerate(parts):
        after_fragment = at == 1 and " " not in parts[0]
        if at and (after_fragment or " " not in part or not part[0].isupper()):
            whole[-1] = f"{whole[-1]}. {part}"
        else:
            whole.append(part)
    return whole


def _mended(text: str) -> str:
    """Join words broken at a line end, part them at dashes, and part sentences that stick together."""
    return _CAPITAL_BEHIND.sub(_space_behind, _DASHES.sub(" ", _BROKEN_WORD.sub("", text)))


def _space_behind(found: re.Match[str]) -> str:
    before, after = found.string[found.start() - 1], found[2]
    digit_apart = after.isdigit() and not before.isdigit() and not before.isspace()
    return f"{found[1]} " if after.isupper() or digit_apart else found[1]


class _Kept(dict[int, str]):
    """What becomes of each character, worked out when it is first met."""

    def __missing__(self, place: int) -> str:
        character = chr(place)
        kind = unicodedata.category(character)
        if character in _APOSTROPHES:
            kept = "'"
        elif kind[0] == "Z" or kind in ("Cc", "Cf"):
            kept = " "
        else:
            kept = "" if kind[0] in "PS" else character
        self[place] = kept
        return kept


_KEPT = _Kept()


def _without_marks(text: str) -> str:
    """Return words between single blanks, without punctuation, symbols and possessive endings."""
    plain = " ".join(text.translate(_KEPT).split())
    return _EDGES.sub("", _POSSESSIVE.sub("", plain)).strip() if "'" in plain else plain
