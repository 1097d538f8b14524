"""Where an answer that comes in pages goes on: a text that names the releases it is pinned to, and the last row."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from lifenode.eqtl.query_marks import RANK, Mark
from lifenode.errors import InvalidOption

_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Cursor:
    """What the next page needs to know.

    Attributes
    ----------
    question
        Digest of the question it belongs to.
    releases
        Releases that the answer is taken from.
    held
        Digest of what was held when it was made: the generation of the data set of the last row, or of all.
    offset
        Rows given, where the next page is counted off.
    mark
        Where the last row was, where the next page is looked for.
    total
        Rows of the whole answer, if they were counted.
    """

    question: str
    releases: tuple[str, ...]
    held: str
    offset: int = 0
    mark: Mark | None = None
    total: int | None = None

    def to_text(self) -> str:
        """Return the cursor as letters, digits, ``-`` and ``_``."""
        given = json.dumps(asdict(self), separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(given.encode()).decode().rstrip("=")

    @classmethod
    def of_text(cls, text: str) -> Cursor:
        """Read what `to_text` wrote.

        Raises
        ------
        InvalidOption
            It is none.
        """
        try:
            if len(text) > _LONGEST:
                raise ValueError
            given = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            mark = given.pop("mark")
            cursor = cls(**{**given, "releases": tuple(given["releases"])}, mark=None if mark is None else Mark(**mark))
            _check(cursor)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise InvalidOption(
                f'The cursor "{text[:40]}" is none that was given out.', value=text,
                next_step="Take it from the page before, or leave it out for the first page.",
            ) from error  # fmt: skip
        return cursor


def _check(cursor: Cursor) -> None:
    kinds: dict[str, Any] = {"question": str, "held": str, "offset": int, "total": int | None}
    right = all(isinstance(getattr(cursor, name), kind) for name, kind in kinds.items())
    right = right and all(isinstance(name, str) for name in cursor.releases) and 0 <= cursor.offset < 2**53
    if cursor.mark is not None:
        own = {field.name: getattr(cursor.mark, field.name) for field in fields(Mark)}
        right = right and all(isinstance(own[name], str) for name in ("dataset_id", "chromosome", "trait"))
        right = right and all(isinstance(own[name], int) and 0 <= own[name] < 2**31 for name in ("position", "given"))
        right = right and own["chromosome"] in RANK
    if not right:
        raise ValueError


def digest_of(question: Mapping[str, Any]) -> str:
    """Return a short text that is the same for the same question."""
    given = json.dumps(question, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(given.encode("utf-8", "surrogatepass")).hexdigest()[:16]
