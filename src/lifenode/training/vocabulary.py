"""The words a record may use, and how near ones are recognised.

``vocabularies/terms.tsv`` holds the portal's own lists, ``licences.tsv`` the SPDX licences with the addresses they are
known by, ``countries.tsv`` the names of countries in several languages.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path

from lifenode.errors import UnreadableInput

_LEAST_LIKENESS = 0.3
_WORD = re.compile(r"[^\W_]+")
_CREATIVE_COMMONS = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/(\d\.\d)")
_CC_IN_WORDS = re.compile(r"\bcc[ -](by(?:-(?:nc|nd|sa))*|0)(?:[ -](\d\.\d))?\b", re.IGNORECASE)


def _rows(name: str) -> list[list[str]]:
    text = (files(__package__) / "vocabularies" / name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:]]


@cache
def _own_terms() -> Mapping[str, Mapping[str, str]]:
    terms: dict[str, dict[str, str]] = {}
    for name, identifier, title in _rows("terms.tsv"):
        terms.setdefault(name, {})[identifier] = title
    return terms


@dataclass(frozen=True)
class Vocabulary:
    """Controlled words: ``terms[list][id] = title``."""

    terms: Mapping[str, Mapping[str, str]] = field(default_factory=_own_terms)

    def ids(self, name: str) -> Mapping[str, str]:
        """Return the ids of a list with their titles; empty where there is no such list."""
        return self.terms.get(name, {})

    def with_terms(self, more: Mapping[str, Mapping[str, str]]) -> Vocabulary:
        """Return a vocabulary with lists replaced."""
        return Vocabulary({**self.terms, **more})

    def match(self, name: str, text: str) -> str:
        """Return the id of a list that a text means, by id, title or likeness; nothing where none is near."""
        wanted = text.strip().lower()
        for identifier, title in self.ids(name).items():
            if wanted in (identifier.lower(), title.lower()):
                return identifier
        return best_match(text, self.ids(name))


def read_vocabulary(path: Path) -> Vocabulary:
    """Return the own vocabulary with the lists of a JSON file (``{"event_types": {"webinar": "Webinar"}}``) in it.

    Raises
    ------
    UnreadableInput
        The file is missing or is no JSON of that shape.
    """
    try:
        more = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{path} cannot be read as a vocabulary: {error}.", value=path) from error
    if not isinstance(more, dict) or not all(isinstance(words, dict) for words in more.values()):
        raise UnreadableInput(
            f"{path} is no vocabulary.", value=path, next_step='Write {"event_types": {"webinar": "Webinar"}}.'
        )
    return Vocabulary().with_terms({k: {str(i): str(t) for i, t in v.items()} for k, v in more.items()})


def likeness(first: str, second: str) -> float:
    """Return how alike two texts are: shared trigrams of the padded texts over all of them, 0 to 1.

    >>> round(likeness("workshops", "workshops_and_courses"), 4)
    0.3913
    """
    one, other = _trigrams(first), _trigrams(second)
    either = len(one | other)
    return len(one & other) / either if either else 0.0


def best_match(text: str, ids: Iterable[str]) -> str:
    """Return the most alike id, where it is more than 0.3 alike; nothing else."""
    score, found = max(((likeness(text, known), known) for known in ids), default=(0.0, ""))
    return found if score > _LEAST_LIKENESS else ""


def licence_id(text: str) -> str:
    """Return the SPDX id of a licence given as id, title, address or well-known words; nothing if unknown.

    >>> licence_id("https://spdx.org/licenses/CC-BY-4.0.html")
    'CC-BY-4.0'
    """
    key = _licence_key(text)
    known = _licences()
    for candidate in (key, f"{key}.0", f"{key.replace(' ', '-')}"):
        if candidate in known:
            return known[candidate]
    creative = _CREATIVE_COMMONS.search(text.lower())
    if creative:
        kind, version = creative.groups()
        return known.get("cc0-1.0" if kind == "zero" else f"cc-{kind}-{version}", "")
    words = _CC_IN_WORDS.search(text)
    if words:
        kind = words[1].lower()
        return known.get("cc0-1.0" if kind == "0" else f"cc-{kind}-{words[2] or '4.0'}", "")
    return ""


def is_licence(identifier: str) -> bool:
    """Tell whether an id is one of the known licences."""
    return identifier in _licence_ids()


def country_name(text: str) -> str:
    """Return the English name of a country given in another language or as a code; other text as it is."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _countries().get(" ".join(_WORD.findall(plain)), text.strip())


def _trigrams(text: str) -> set[str]:
    padded = f"  {text.strip().lower()} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


@cache
def _licence_ids() -> frozenset[str]:
    return frozenset(identifier for identifier, _, _ in _rows("licences.tsv"))


@cache
def _licences() -> dict[str, str]:
    by_address: dict[str, str] = {}
    by_name: dict[str, str] = {}
    for identifier, title, addresses in _rows("licences.tsv"):
        by_name[identifier.lower()] = by_name[title.lower()] = identifier
        by_name[f"spdx.org/licenses/{identifier}".lower()] = identifier
        for address in addresses.split():
            by_address.setdefault(_licence_key(address), identifier)
    # The short, unversioned forms of the list are the current ones; deprecated twins give way.
    return {**by_address, **by_name}


def _licence_key(text: str) -> str:
    key = text.strip().lower().split("#")[0]
    key = re.sub(r"^https?://(www\.)?", "", key)
    return re.sub(r"(/|\.html|\.json|/legalcode(\.[a-z]+)?|/deed(\.[a-z]+)?)+$", "", key)


@cache
def _countries() -> dict[str, str]:
    known: dict[str, str] = {}
    for country, names in _rows("countries.tsv"):
        known.update(dict.fromkeys(names.split("|"), country))
    return known
