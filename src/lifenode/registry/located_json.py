"""JSON read with the line of every value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from json.decoder import JSONDecodeError, scanstring  # type: ignore[attr-defined]

DEEPEST = 100
"""Levels of nesting that are followed."""

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and its 1-based line; numbers are kept as written."""

    value: dict[str, Node] | list[Node] | str | bool | Number | None
    line: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it was written."""

    text: str


class MalformedJson(ValueError):
    """Text that is not JSON; `line` says where. The readers of pages catch it and report it."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def read_json(text: str, first_line: int = 1) -> Node:
    """Read a JSON document that begins at `first_line` of its file.

    Raises
    ------
    MalformedJson
        With the line, and what was expected there.
    """
    reader = _Reader(text, first_line)
    node = reader.node(0)
    reader.skip()
    if reader.at < len(text):
        raise reader.fault("text after the end")
    return node


class _Reader:
    """A position in a text, and the line it is on."""

    def __init__(self, text: str, line: int) -> None:
        self.text = text
        self.at = 0
        self.line = line
        self._counted = 0

    def fault(self, problem: str) -> MalformedJson:
        return MalformedJson(problem, self.here())

    def here(self) -> int:
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = max(self._counted, self.at)
        return self.line

    def skip(self) -> str:
        """Pass blanks and return the next character, "" at the end."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def node(self, depth: int) -> Node:
        mark = self.skip()
        line = self.here()
        if depth > DEEPEST:
            raise self.fault(f"more than {DEEPEST} levels of nesting")
        if mark == "{":
            return Node(self._object(depth), line)
        if mark == "[":
            return Node(self._array(depth), line)
        if mark == '"':
            return Node(self._string(), line)
        number = _NUMBER.match(self.text, self.at)
        if number:
            self.at = number.end()
            return Node(Number(number[0]), line)
        for word, value in _WORDS.items():
            if self.text.startswith(word, self.at):
                self.at += len(word)
                return Node(value, line)
        raise self.fault(f"a value was expected, not {mark!r}" if mark else "it ends too early")

    def _string(self) -> str:
        text: str
        try:
            # Not strict: pages put raw line ends into descriptions, and lose nothing by it.
            text, self.at = scanstring(self.text, self.at + 1, False)
        except JSONDecodeError as error:
            raise self.fault("a text that does not end, or a wrong escape") from error
        if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
            # Half of a pair stands for nothing and cannot be written again.
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def _object(self, depth: int) -> dict[str, Node]:
        pairs: dict[str, Node] = {}
        self.at += 1
        if self.skip() == "}":
            self.at += 1
            return pairs
        while True:
            if self.skip() != '"':
                raise self.fault("a name in quotes was expected")
            line = self.here()
            name = self._string()
            if self.skip() != ":":
                raise self.fault(f"a colon was expected after {name[:40]!r}")
            self.at += 1
            pairs[name] = self.node(depth + 1)
            if isinstance(pairs[name].value, dict):
                pairs[name] = Node(pairs[name].value, line)
            if self._ends("}"):
                return pairs

    def _array(self, depth: int) -> list[Node]:
        items: list[Node] = []
        self.at += 1
        if self.skip() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.node(depth + 1))
            if self._ends("]"):
                return items

    def _ends(self, close: str) -> bool:
        mark = self.skip()
        if mark not in (",", close) or not mark:
            raise self.fault(f'a comma or "{close}" was expected')
        self.at += 1
        return mark == close
