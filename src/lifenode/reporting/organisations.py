"""Which organisation a name stands for, so that organisations can be counted and not spellings.

With a table of ROR (the Research Organization Registry's JSON dump, schema 1 or 2, whole or in part) a name is looked
up among all names, aliases, labels and acronyms there. Without it, or for names it does not have, spellings are brought
together by the matcher below; what it leaves apart stays apart, and pairs that look alike are listed for a person.

Matcher, in this order:

1. letters only: case, accents and punctuation do not count, "&" is "and";
2. a ROR identifier in the text decides;
3. what is in parentheses at the end, or after the last comma, is an acronym or a place of the name before it;
4. words that say nothing ("the", "of", "and", "for", "at", legal forms) do not count, nor the order of words;
   "centre" is "center", "institut" and "instituut" are "institute", "universität", "ülikool", ... are "university";
5. an acronym stands for the one organisation that was given with it; if there are several, for none of them.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lifenode.errors import FormatError, UnreadableInput

_ROR = re.compile(r"(?:https?://)?ror\.org/(0[a-hj-km-np-tv-z0-9]{6}\d{2})", re.IGNORECASE)
_SILENT = frozenset((
    "the", "of", "and", "for", "at", "in", "de", "la", "le", "du", "des", "der", "die", "das", "und", "et", "e", "y",
    "von",
))  # fmt: skip
_LEGAL = frozenset(["ltd", "inc", "gmbh", "ag", "bv", "sa", "srl", "oy", "ab", "as", "ou", "llc", "plc", "kg", "ev"])
_SAME = {
    "centre": "center", "centro": "center", "zentrum": "center", "keskus": "center",
    "institut": "institute", "instituut": "institute", "instituto": "institute", "istituto": "institute",
    "universitat": "university", "universitaet": "university", "universite": "university", "universita": "university",
    "universidad": "university", "universidade": "university", "universiteit": "university", "ulikool": "university",
    "universitet": "university", "universitetet": "university", "univ": "university", "yliopisto": "university",
    "inst": "institute", "dept": "department", "hosp": "hospital", "natl": "national",
}  # fmt: skip
_CLOSE = 0.9


@dataclass(frozen=True)
class Matched:
    """What a name was taken for.

    Attributes
    ----------
    name
        The organisation: its name in ROR, or the first spelling met.
    ror_id
        Its identifier, or empty.
    how
        ``ror``, ``decided`` (by the coordinator's table) or ``matcher``.
    """

    name: str
    ror_id: str
    how: str


def plain(text: str) -> str:
    """Return a name in small letters without accents and punctuation.

    Examples
    --------
    >>> plain("Universität Zürich (UZH)")
    'universitat zurich uzh'
    """
    spelled = text.casefold().replace("&", " and ").replace("ø", "o")
    folded = unicodedata.normalize("NFKD", spelled).casefold()
    letters = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[^\w]+", " ", letters).replace("_", " ").split())


def signature(text: str) -> str:
    """Return what all spellings of a name have in common by rules 1 and 4."""
    words = [_SAME.get(word, word) for word in plain(text).split()]
    return " ".join(sorted({word for word in words if word not in _SILENT and word not in _LEGAL}) or words)


def split_acronym(text: str) -> tuple[str, str]:
    """Return a name and the acronym given with it in parentheses, or an empty text.

    Examples
    --------
    >>> split_acronym("Centre for Genomic Regulation (CRG)")
    ('Centre for Genomic Regulation', 'CRG')
    """
    found = re.fullmatch(r"\s*(.+?)\s*\(([^()]+)\)\s*", text)
    if found is None:
        found = re.fullmatch(r"\s*(?P<two>[A-Z][A-Za-z]*[A-Z][A-Za-z]*)\s+[-–]\s+(?P<one>.+?)\s*", text)
        return (found["one"], found["two"]) if found else (text.strip(), "")
    return found[1], found[2]


@dataclass
class Registry:
    """Organisations of a ROR table by every name they go by; a name of several stands for none.

    Attributes
    ----------
    names
        Identifier -> name shown.
    by_name
        Name by rules 1 and 4 -> identifiers.
    """

    names: dict[str, str] = field(default_factory=dict)
    by_name: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def find(self, text: str) -> str | None:
        """Return the identifier of the organisation a text names, or None."""
        given = _ROR.search(text)
        if given:
            return f"https://ror.org/{given[1].lower()}"
        name, acronym = split_acronym(text)
        for candidate in (text, name, acronym, name.rpartition(",")[0]):
            hits = self.by_name.get(signature(candidate), set()) if candidate else set()
            if len(hits) == 1:
                return next(iter(hits))
        return None


def read_ror(path: Path) -> Registry:
    """Return the organisations of a ROR dump, schema version 1 or 2.

    Raises
    ------
    UnreadableInput
        The file is missing or is not JSON.
    FormatError
        It is not a list of organisations with an ``id``.
    """
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path) from error
    if not isinstance(entries, list):
        raise FormatError(f"{path} is no list of organisations.", value=path, next_step="Use the JSON dump of ROR.")
    found = Registry()
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict) or not _ROR.match(str(entry.get("id", ""))):
            raise FormatError(f"{path}, entry {place}: there is no ROR identifier.", value=entry)
        shown, names = _names(entry)
        found.names[entry["id"]] = shown
        for name in names:
            found.by_name[signature(name)].add(entry["id"])
    return found


def _names(entry: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the name shown of an entry, and all its names."""
    if isinstance(entry.get("names"), list):
        names = [name["value"] for name in entry["names"] if name.get("value")]
        shown = [name["value"] for name in entry["names"] if "ror_display" in name.get("types", ())]
        return (shown or names or [entry["id"]])[0], names
    labels = [label["label"] for label in entry.get("labels", ())]
    names = [entry.get("name", ""), *entry.get("aliases", ()), *entry.get("acronyms", ()), *labels]
    return entry.get("name") or entry["id"], [name for name in names if name]


def organisations(
    names: Iterable[str], registry: Registry | None = None, decided: Mapping[str, str] | None = None
) -> dict[str, Matched]:
    """Return what each name stands for.

    Parameters
    ----------
    names
        As people wrote them; blank ones are left out.
    registry
        ROR, if there is a table.
    decided
        Name -> organisation, as a person decided; it wins over everything.

    Returns
    -------
    dict
        One entry for each different name; the number of organisations is that of different ``name``.
    """
    given = sorted({" ".join(name.split()) for name in names if name.strip()})
    by_hand = {plain(name): target for name, target in (decided or {}).items()}
    acronyms = _acronyms(given)
    first: dict[str, str] = {}
    found = {}
    for name in given:
        target = by_hand.get(plain(name))
        ror_id = (registry or Registry()).find(target or name)
        if ror_id:
            shown = (registry.names if registry else {}).get(ror_id, ror_id)
            found[name] = Matched(shown, ror_id, "decided" if target else "ror")
        elif target:
            found[name] = Matched(target, "", "decided")
        else:
            long, _ = split_acronym(name)
            seal = acronyms.get(plain(name)) or signature(long)
            found[name] = Matched(first.setdefault(seal, long), "", "matcher")
    return found


def _acronyms(names: Sequence[str]) -> dict[str, str]:
    """Return the signature of the one organisation that each acronym was given with."""
    meant: dict[str, set[str]] = defaultdict(set)
    for name in names:
        long, acronym = split_acronym(name)
        if acronym:
            meant[plain(acronym)].add(signature(long))
    return {acronym: next(iter(seals)) for acronym, seals in meant.items() if len(seals) == 1}


def alike(found: Mapping[str, Matched]) -> list[tuple[str, str]]:
    """Return pairs of organisations whose names share nearly all letters, for a person to decide on."""
    from difflib import SequenceMatcher

    names = sorted({entry.name for entry in found.values()})
    keys = [signature(name) for name in names]
    pairs = []
    for one in range(len(names)):
        matcher = SequenceMatcher(b=keys[one], autojunk=False)
        for two in range(one + 1, len(names)):
            matcher.set_seq1(keys[two])
            if matcher.real_quick_ratio() >= _CLOSE and matcher.quick_ratio() >= _CLOSE and matcher.ratio() >= _CLOSE:
                pairs.append((names[one], names[two]))
    return pairs
