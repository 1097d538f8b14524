"""The words of the Training Metrics Database: its 21 questions, their answers, and the aliases people write for them.

Facts re-tabulated from elixir-europe-training/Training-Metrics-Database (MIT).
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

SETS = ("Demographic", "Quality", "Impact")
# Fields of an event that take several values.
SEVERAL = frozenset(("Event.funding", "Event.target_audience", "Event.additional_platforms", "Event.communities"))


@dataclass(frozen=True)
class Question:
    """A question of a survey.

    Attributes
    ----------
    slug
        Set and name, such as ``Quality.course_rating``.
    text
        As it is asked, and as the templates head its column.
    multiple
        Several answers may be chosen.
    options
        The answers, in the order of the database.
    """

    slug: str
    text: str
    multiple: bool
    options: tuple[str, ...]

    @property
    def set(self) -> str:
        """The question set: Demographic, Quality or Impact."""
        return self.slug.partition(".")[0]

    @property
    def name(self) -> str:
        """The name within the set."""
        return self.slug.partition(".")[2]


def facts(name: str) -> list[dict[str, str]]:
    """Return the rows of a table of facts."""
    text = files("lifenode.reporting").joinpath(f"facts/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text), delimiter="\t"))


def template(name: str) -> list[str]:
    """Return the headings of an upload template: ``events``, ``metrics-demographic-quality`` or ``metrics-impact``."""
    text = files("lifenode.reporting").joinpath(f"facts/{name}-template.csv").read_text(encoding="utf-8")
    return next(csv.reader(io.StringIO(text)))


@lru_cache(maxsize=1)
def questions() -> Mapping[str, Question]:
    """Return the questions by slug."""
    options: dict[str, list[str]] = {}
    for row in facts("training_answers.tsv"):
        options.setdefault(row["question"], []).append(row["text"])
    return {
        row["slug"]: Question(row["slug"], row["text"], row["multiple"] == "1", tuple(options[row["slug"]]))
        for row in facts("training_questions.tsv")
    }


@lru_cache(maxsize=1)
def nodes() -> Mapping[str, str]:
    """Return the countries of the nodes by their name."""
    return {row["name"]: row["country"] for row in facts("training_nodes.tsv")}


def _key(text: str) -> str:
    """Return what two spellings of a value share: case, runs of blanks and blanks around slashes do not count."""
    return re.sub(r"\s*/\s*", "/", " ".join(text.casefold().split()))


@lru_cache(maxsize=1)
def _known() -> Mapping[str, Mapping[str, str]]:
    """Return by field: the value for each key."""
    known: dict[str, dict[str, str]] = {
        slug: {_key(option): option for option in question.options} for slug, question in questions().items()
    }
    known["Event.location_country"] = dict(known["Demographic.employment_country"])
    aliases = facts("training_aliases.tsv")
    for row in aliases:
        own = known.setdefault(row["field"], {})
        own.setdefault(_key(row["value"]), row["value"])
        own.setdefault(_key(row["alias"]), own[_key(row["value"])])
    general = known.pop("general.general")
    for own in known.values():
        for alias, value in general.items():
            if _key(value) in own:
                own.setdefault(alias, own[_key(value)])
    return known


def values_of(field: str) -> tuple[str, ...]:
    """Return the values a field takes, such as ``Event.type`` or a question's slug."""
    return tuple(dict.fromkeys(_known()[field].values()))


def match(field: str, text: str) -> str | None:
    """Return the value that a text stands for, by the table of aliases, or None.

    Examples
    --------
    >>> match("Event.type", "training - ELEARNING")
    'Training - e-learning'
    """
    return _known()[field].get(_key(text))


def match_several(field: str, text: str) -> tuple[list[str], list[str]]:
    """Return the values that a list in a text stands for, and the pieces that stand for none.

    Values are separated by commas or semicolons and may hold commas themselves: the longest value that fits is taken.

    Examples
    --------
    >>> match_several("Demographic.heard_from", "tess, Radio; Other")
    (['TeSS', 'Other'], ['Radio'])
    """
    own = _known()[field]
    found: list[str] = []
    unknown: list[str] = []
    for part in text.split(";"):
        pieces = part.split(",")
        start = 0
        while start < len(pieces):
            for end in range(len(pieces), start, -1):
                value = own.get(_key(",".join(pieces[start:end])))
                if value is not None:
                    found.append(value)
                    break
            else:
                end = start + 1
                unknown += [pieces[start].strip()] if pieces[start].strip() else []
            start = end
    return list(dict.fromkeys(found)), unknown
