"""What a concept of EDAM is, how its identifier may be written, and its line in a table."""

from __future__ import annotations

import re
from dataclasses import dataclass

BRANCHES = ("topic", "operation", "data", "format")
URI = "http://edamontology.org/"

_WRITTEN = re.compile(
    r"<?(?:https?://(?:www\.)?edamontology\.org/|edam\s*:\s*|edam_)?(topic|operation|data|format)[_:](\d{4})>?",
    re.IGNORECASE,
)
_BETWEEN = " | "


@dataclass(frozen=True, slots=True)
class Concept:
    """One concept.

    Attributes
    ----------
    id
        Branch and number, as in ``topic_0080``.
    label
        The preferred name.
    exact, narrow, broad, related
        Synonyms of each kind.
    parents
        Ids of the concepts right above; none for the root of a branch and for obsolete concepts.
    relations
        Property and id of concepts elsewhere in EDAM, such as ``("has_topic", "topic_0085")``.
    obsolete
        The concept is not to be used any more.
    replaced_by, consider
        For an obsolete concept: what took its place, and what may be used instead.
    not_recommended
        Live, but kept for order rather than for annotation.
    extensions
        File extensions of a format, without dot.
    definition, comments
        Prose; empty unless the concept was read from an OWL file.
    """

    id: str
    label: str
    exact: tuple[str, ...] = ()
    narrow: tuple[str, ...] = ()
    broad: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    relations: tuple[tuple[str, str], ...] = ()
    obsolete: bool = False
    replaced_by: tuple[str, ...] = ()
    consider: tuple[str, ...] = ()
    not_recommended: bool = False
    extensions: tuple[str, ...] = ()
    definition: str = ""
    comments: tuple[str, ...] = ()

    @property
    def branch(self) -> str:
        """``topic``, ``operation``, ``data`` or ``format``."""
        return self.id.partition("_")[0]

    @property
    def uri(self) -> str:
        """The address that identifies the concept."""
        return URI + self.id

    @property
    def names(self) -> tuple[str, ...]:
        """The label and the exact, narrow and broad synonyms."""
        return (self.label, *self.exact, *self.narrow, *self.broad)


def id_of(text: str) -> str | None:
    """Return the id written in `text` as an id, a URI or a CURIE (``EDAM:topic_0080``), or None."""
    found = _WRITTEN.fullmatch(text.strip())
    return f"{found[1].lower()}_{found[2]}" if found else None


COLUMNS = (
    "id", "label", "exact", "narrow", "broad", "related", "parents", "relations", "obsolete", "replaced_by",
    "consider", "not_recommended", "extensions",
)  # fmt: skip


def to_line(concept: Concept) -> str:
    """Return the line of a concept, without its prose.

    Raises
    ------
    ValueError
        A name holds a character that keeps values apart.
    """
    cells = []
    for name in COLUMNS:
        value = getattr(concept, name)
        if name == "relations":
            value = tuple(f"{how}:{what}" for how, what in value)
        parts = value if isinstance(value, tuple) else (str(int(value)) if isinstance(value, bool) else value,)
        if any(re.search(r" \| |[\t\r\n]", part) for part in parts):
            raise ValueError(f"{concept.id}: a value of {name} holds a tab, a line end or what keeps values apart")
        cells.append(_BETWEEN.join(parts))
    return "\t".join(cells)


def from_line(line: str) -> Concept:
    """Return the concept of a line that `to_line` made."""
    cells = dict(zip(COLUMNS, line.split("\t"), strict=True))
    several = {
        name: tuple(cells[name].split(_BETWEEN)) if cells[name] else ()
        for name in COLUMNS
        if name not in ("id", "label", "obsolete", "not_recommended", "relations")
    }
    relations = [text.partition(":") for text in cells["relations"].split(_BETWEEN) if text]
    return Concept(
        id=cells["id"],
        label=cells["label"],
        relations=tuple((how, what) for how, _, what in relations),
        obsolete=cells["obsolete"] == "1",
        not_recommended=cells["not_recommended"] == "1",
        exact=several["exact"],
        narrow=several["narrow"],
        broad=several["broad"],
        related=several["related"],
        parents=several["parents"],
        replaced_by=several["replaced_by"],
        consider=several["consider"],
        extensions=several["extensions"],
    )
