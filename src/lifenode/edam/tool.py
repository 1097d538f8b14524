"""The texts of a tool, and the parts they are matched in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lifenode.edam.tokens import sentences, tokens
from lifenode.errors import EmptyInput, InputTooLarge

# Of each part of a query: what its scores are multiplied by, and its weight in the mean.
PARTS = {
    "name": (0.81, 1.0),
    "keyword": (0.77, 1.0),
    "description": (0.92, 1.0),
    "publication_title": (0.91, 0.25),
    "publication_keyword": (0.77, 0.75),
    "publication_abstract": (0.985, 0.75),
}

_MOST_CHARACTERS = 100_000
_NO_SENTENCE = "|||"


@dataclass(frozen=True)
class Tool:
    """The texts of a tool.

    Attributes
    ----------
    name, description
        As a registry shows them.
    keywords
        Words or phrases, each on its own.
    titles, abstracts, publication_keywords
        Of its publications.
    """

    name: str
    description: str = ""
    keywords: Sequence[str] = ()
    titles: Sequence[str] = ()
    abstracts: Sequence[str] = ()
    publication_keywords: Sequence[str] = ()

    def parts(self) -> dict[str, list[list[list[str]]]]:
        """Return for each part its texts, each a list of sentences of stems; parts without any are left out.

        Raises
        ------
        EmptyInput
            The tool has no text at all.
        InputTooLarge
            A text is longer than 100,000 characters.
        """
        phrases = {
            "name": [self.name], "keyword": self.keywords, "publication_title": self.titles,
            "publication_keyword": self.publication_keywords,
        }  # fmt: skip
        prose = {"description": [self.description], "publication_abstract": self.abstracts}
        every = [text for group in (*phrases.values(), *prose.values()) for text in group]
        if not any(text.strip() for text in every):
            raise EmptyInput("The tool has no text.", next_step="Give a name or a description.")
        for text in every:
            if len(text) > _MOST_CHARACTERS:
                raise InputTooLarge(
                    f"A text of {self.name[:60]!r} has {len(text):,} characters, over {_MOST_CHARACTERS:,}.",
                    value=len(text),
                    next_step="Give the abstract or the first pages.",
                )
        found = {part: [[tokens(text)] for text in texts] for part, texts in phrases.items()}
        found |= {part: [_split(text) for text in texts] for part, texts in prose.items()}
        lists = {part: [[words for words in text if words] for text in found[part]] for part in PARTS}
        return {part: kept for part, texts in lists.items() if (kept := [text for text in texts if text])}


def _split(text: str) -> list[list[str]]:
    return [tokens(sentence) for sentence in sentences(text) if not sentence.startswith(_NO_SENTENCE)]
