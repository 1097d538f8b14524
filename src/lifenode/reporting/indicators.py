"""One published number: its value, the rule behind it, the records it was made from, and a fingerprint of all that."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from lifenode.table import Column, Table

Number: TypeAlias = int | Decimal

_COLUMNS = (
    Column("code", "text", "indicator"),
    Column("label", "text", "what the number is"),
    Column("rimo", "text", "indicator of the RIMO ontology, where there is one"),
    Column("period", "text", "year, or last day of it"),
    Column("value", "text", "the number, exactly"),
    Column("rule", "text", "how it was made"),
    Column("evidence", "text", "files, records taken of them, and the first 12 digits of their SHA-256"),
    Column("notes", "text", "footnotes"),
    Column("fingerprint", "text", "first 16 digits of the SHA-256 of all this"),
)
RIMO = "http://w3id.org/RIMO#"


@dataclass(frozen=True)
class Evidence:
    """Records that a number was made from.

    Attributes
    ----------
    source
        File they are in.
    records
        How many of them.
    sha256
        Digest of the file, or of the records where the file holds more than them.
    """

    source: str
    records: int
    sha256: str

    def __str__(self) -> str:
        return f"{self.source} ({self.records:,} records, {self.sha256[:12]})"


@dataclass(frozen=True)
class Indicator:
    """A number of the report.

    Attributes
    ----------
    code
        Stable name, such as ``training.courses``.
    label
        What is counted, as a noun that follows the number.
    period
        Year, or the day a state was looked at.
    value
        Exact.
    rule
        How it was made, in one sentence.
    evidence
        The records.
    rimo
        Name in the RIMO ontology, or empty.
    notes
        Footnotes: carried values, inferred dates, gaps.
    words
        Other nouns that texts use for the same number.
    """

    code: str
    label: str
    period: str
    value: Number
    rule: str
    evidence: tuple[Evidence, ...]
    rimo: str = ""
    notes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    @property
    def fingerprint(self) -> str:
        """First 16 hexadecimal digits of the SHA-256 of everything that makes the number."""
        return digest(self.to_dict(sealed=False))[:16]

    @property
    def shown(self) -> str:
        """The value as it is written in a text."""
        return f"{self.value:,}"

    def to_dict(self, *, sealed: bool = True) -> dict[str, Any]:
        """Return the indicator as JSON; the value as text, so that no digit is lost."""
        found = {
            "code": self.code, "label": self.label, "rimo": f"{RIMO}{self.rimo}" if self.rimo else "",
            "period": self.period, "value": str(self.value), "rule": self.rule,
            "evidence": [asdict(entry) for entry in self.evidence], "notes": list(self.notes),
        }  # fmt: skip
        return found | {"fingerprint": self.fingerprint} if sealed else found


def digest(value: object) -> str:
    """Return the SHA-256 of a value in the one form of JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def evidence_of(source: str, rows: Iterable[object]) -> Evidence:
    """Return the evidence for records taken out of a file that holds more than them."""
    held = list(rows)
    return Evidence(source, len(held), digest([list(map(str, _cells(row))) for row in held]))


def _cells(row: object) -> Iterable[object]:
    return row.values() if isinstance(row, dict) else row if isinstance(row, Sequence) else (row,)


def as_table(indicators: Sequence[Indicator]) -> Table:
    """Return indicators as a table, one row each."""
    rows = [
        (
            entry.code, entry.label, entry.rimo, entry.period, str(entry.value), entry.rule,
            "; ".join(map(str, entry.evidence)), "; ".join(entry.notes), entry.fingerprint,
        )
        for entry in indicators
    ]  # fmt: skip
    data = {column.name: [row[place] for row in rows] for place, column in enumerate(_COLUMNS)}
    return Table(_COLUMNS, data, {"fingerprint": digest([entry.to_dict() for entry in indicators])}, len(rows))
