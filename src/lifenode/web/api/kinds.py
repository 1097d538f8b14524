"""Kinds of fields: how a value is checked, in a JSON body and in an address, and how OpenAPI describes it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from lifenode.errors import InvalidOption, nearest


class Kind:
    """What a field may hold.

    Attributes
    ----------
    wanted
        What is said to be wanted when something else is given.
    """

    wanted = "a value"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        raise NotImplementedError

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return self.schema()

    def read(self, name: str, value: Any) -> Any:
        """Return a value of a JSON body, checked.

        Raises
        ------
        InvalidOption
            It is of another kind.
        """
        raise NotImplementedError

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return a value of an address, where `texts` are all that is given under the name."""
        if len(texts) > 1:
            raise InvalidOption(f"{name} is given {len(texts)} times.", value=texts[1], next_step="Give it once.")
        return self.read(name, texts[0])

    def refusal(self, name: str, value: object) -> InvalidOption:
        """Return the error for a value of another kind."""
        shown = repr(value)
        shown = shown if len(shown) <= 80 else f"{shown[:77]}..."
        return InvalidOption(f"{name} is {shown}, which is not {self.wanted}.", value=value, next_step="Correct it.")


class Text(Kind):
    """One text."""

    wanted = "a text"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> str:
        """Return a text."""
        if not isinstance(value, str):
            raise self.refusal(name, value)
        return value


class Choice(Text):
    """One of some words."""

    def __init__(self, *words: str) -> None:
        self.words = words
        self.wanted = f"one of {', '.join(words)}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "string", "enum": list(self.words)}

    def read(self, name: str, value: Any) -> str:
        """Return the word, with the nearest offered for another."""
        if isinstance(value, str) and value in self.words:
            return value
        error = self.refusal(name, value)
        close = nearest(str(value), self.words, 1)
        if close:
            error.next_step = f"Did you mean {close[0]}?"
        raise error


class Flag(Kind):
    """True or false."""

    wanted = "true or false"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "boolean"}

    def read(self, name: str, value: Any) -> bool:
        """Return true or false."""
        if not isinstance(value, bool):
            raise self.refusal(name, value)
        return value

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return true or false, as written in an address."""
        words: dict[str, object] = {"true": True, "false": False}
        return super().parse(name, [words.get(text, text) for text in texts])  # type: ignore[misc]


class Number(Kind):
    """A finite number."""

    wanted = "a number above 0 and at most 1"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "number", "exclusiveMinimum": 0, "maximum": 1}

    def read(self, name: str, value: Any) -> float:
        """Return a number in (0, 1]."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 1:
            raise self.refusal(name, value)
        return value

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return a number, as written in an address."""
        try:
            numbers: list[Any] = [float(text) for text in texts]
        except ValueError as error:
            raise self.refusal(name, texts[0]) from error
        return super().parse(name, [n if math.isfinite(n) else t for n, t in zip(numbers, texts, strict=True)])


class Count(Kind):
    """A whole number from some least one."""

    def __init__(self, least: int) -> None:
        self.least = least
        self.wanted = f"a whole number from {least}"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "integer", "minimum": self.least, "maximum": 2**53}

    def read(self, name: str, value: Any) -> int:
        """Return a whole number; 5.0 is one, as JSON has it."""
        whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
        if isinstance(value, bool) or not whole or not self.least <= value <= 2**53:
            raise self.refusal(name, value)
        return int(value)

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return a whole number, as written in an address."""
        if not all(text.isascii() and text.isdigit() and len(text) < 17 for text in texts):
            raise self.refusal(name, texts[0])
        return super().parse(name, [int(text) for text in texts])  # type: ignore[misc]


class Names(Kind):
    """Several words: a list, or a text with commas."""

    wanted = "a list of texts, or one text"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> list[str] | str:
        """Return the words as given."""
        if isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value)):
            return value
        raise self.refusal(name, value)

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return the words, of one parameter or several of the same name."""
        return ",".join(texts)


class Items(Kind):
    """Identifiers: a list, or pasted text."""

    wanted = "a list of identifiers, or a text that holds some"
    _one: Mapping[str, Any] = {"type": "array", "items": {"type": ["string", "integer", "null"]}}

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"anyOf": [{"type": "string"}, dict(self._one)]}

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> Any:
        """Return a text or a list of texts, whole numbers and nulls."""
        if isinstance(value, str) or self.is_list(value):
            return value
        raise self.refusal(name, value)

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return the identifiers as one text, of one parameter or several of the same name."""
        return "\n".join(texts)

    @staticmethod
    def is_list(value: object) -> bool:
        """Return whether `value` is a list of identifiers."""
        return isinstance(value, list) and set(map(type, value)) <= {str, int, type(None)}


class Lists(Items):
    """Identifiers: a list, pasted text, or an object of lists by name."""

    wanted = "a list of identifiers, a text that holds some, or an object of lists by name"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        one = dict(self._one)
        return {"anyOf": [{"type": "string"}, one, {"type": "object", "additionalProperties": one}]}

    def read(self, name: str, value: Any) -> Any:
        """Return a text, a list, or a dict of lists."""
        if isinstance(value, dict):
            for key, items in value.items():
                if not self.is_list(items):
                    raise Items().refusal(f'{name}["{key[:40]}"]', items)
            return value
        return super().read(name, value)


class Pairs(Kind):
    """Texts by text."""

    wanted = 'an object of texts, such as {"SEPT2": "ENSG00000168385"}'

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"type": "object", "additionalProperties": {"type": "string"}}

    def read(self, name: str, value: Any) -> dict[str, str]:
        """Return a dict of texts."""
        if isinstance(value, dict) and all(isinstance(text, str) for text in value.values()):
            return value
        raise self.refusal(name, value)


class Sets(Kind):
    """Own gene sets: the token of uploaded ones, or members by set."""

    wanted = "the token of uploaded gene sets, or an object of lists of genes"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        members = {"type": "array", "items": {"type": ["string", "integer"]}}
        return {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": members}]}

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> Any:
        """Return a token or a dict of lists."""
        lists = value.values() if isinstance(value, dict) else [] if isinstance(value, str) else [None]
        if all(isinstance(genes, list) and set(map(type, genes)) <= {str, int} for genes in lists):
            return value
        raise self.refusal(name, value)
