"""What is known of a tool that shall be annotated, from wherever it was written down."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from lifenode.edam.annotate import annotate
from lifenode.errors import EmptyInput, InputTooLarge
from lifenode.table import Table

MOST_CHARACTERS = 1024 * 1024
"""Characters of a text that are looked at before it is refused."""
_READ = 100_000


@dataclass(frozen=True)
class Submission:
    """A tool as it was handed in.

    Attributes
    ----------
    name, description
        As a registry shows them.
    keywords
        Words or phrases, each on its own.
    publications
        Texts, or mappings with ``title`` and ``abstract``.
    id
        What the tool is called where it comes from.
    record
        The bio.tools record it was read from, if it was.
    """

    name: str
    description: str = ""
    keywords: Sequence[str] = ()
    publications: Sequence[str | Mapping[str, str]] = ()
    id: str = ""
    record: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The description with the keywords after it."""
        words = ", ".join(word.strip() for word in self.keywords if word.strip())
        return f"{self.description.strip()} {words}".strip()

    def annotated(self, *, branches: Sequence[str] | None = None, top: int | None = None) -> Table:
        """Return the terms proposed for the tool; see `lifenode.edam.annotate`.

        Raises
        ------
        EmptyInput, InputTooLarge, InvalidOption
            As `lifenode.edam.annotate`.
        """
        publications = [one for one in self.publications if _said(one).strip()]
        if not any(text.strip() for text in (self.name, self.text, *map(_said, publications))):
            raise EmptyInput("The tool has no text.", next_step="Give a name or a description.")
        texts: tuple[tuple[str, str], ...] = (("name", self.name), ("description", self.text))
        for what, text in (*texts, *(("publication", _said(one)) for one in publications)):
            if len(text) > _READ:
                raise InputTooLarge(
                    f"The {what} has {len(text):,} characters; at most {_READ:,} are read.",
                    value=len(text),
                    next_step="Give the abstract or the first pages.",
                )
        options: dict[str, Any] = {} if branches is None else {"branches": list(branches)}
        return annotate(self.name, self.text, publications=publications or None, top=top, **options)


def _said(publication: str | Mapping[str, str]) -> str:
    if isinstance(publication, str):
        return publication
    return " ".join(str(publication.get(part) or "") for part in ("title", "abstract"))
