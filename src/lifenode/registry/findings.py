"""The answer to one question about a page, and what it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lifenode.registry.statements import Statement

Outcome = Literal["pass", "fail", "not assessable"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a page does what is asked.

    Attributes
    ----------
    outcome
        ``pass``, ``fail``, or ``not assessable`` where the document alone cannot tell.
    evidence
        The statement it rests on, or in words what was looked for.
    fix
        What to do about a failure, or what would have to be known; "" for a pass.
    """

    outcome: Outcome
    evidence: Statement | str
    fix: str = ""

    @property
    def line(self) -> int:
        """1-based line of the evidence, 0 where there is none."""
        return self.evidence.line if isinstance(self.evidence, Statement) else 0

    @property
    def subject(self) -> str:
        """The node the evidence is about, "" where there is none."""
        return self.evidence.subject if isinstance(self.evidence, Statement) else ""

    @property
    def where(self) -> str:
        """Syntax of the evidence, "" where there is none."""
        return self.evidence.syntax if isinstance(self.evidence, Statement) else ""


def passed(evidence: Statement | str) -> Finding:
    """Return a pass."""
    return Finding("pass", evidence)


def failed(reason: str, fix: str) -> Finding:
    """Return a failure."""
    return Finding("fail", reason, fix)


def unknown(reason: str, fix: str) -> Finding:
    """Return that the document cannot tell."""
    return Finding("not assessable", reason, fix)


def needs(statement: Statement | None, reason: str, fix: str) -> Finding:
    """Return a pass that rests on a statement, or a failure where there is none."""
    return passed(statement) if statement is not None else failed(reason, fix)
