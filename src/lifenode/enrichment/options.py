"""The options of an enrichment, checked once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lifenode.enrichment.correction import METHODS
from lifenode.enrichment.domain import SCOPES
from lifenode.errors import InvalidOption, nearest


@dataclass(frozen=True)
class Options:
    """What `lifenode.enrich` was asked to do, after defaults; see there for the meanings."""

    sources: tuple[str, ...] = ()
    domain: str = "annotated"
    correction: str = "gscs"
    threshold: float = 0.05
    ordered: bool = False
    all_results: bool = False
    no_iea: bool = False
    evidence: bool = False
    underrepresented: bool = False
    highlight: bool = False
    min_term_size: int | None = None
    max_term_size: int | None = None
    numeric_namespace: str = "ENTREZGENE"
    choices: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _one_of("domain", self.domain, SCOPES)
        _one_of("correction", self.correction, METHODS)
        if not (isinstance(self.threshold, int | float) and math.isfinite(self.threshold) and 0 < self.threshold <= 1):
            raise InvalidOption(
                f"threshold is {self.threshold!r}, which is not a probability.",
                value=self.threshold,
                next_step="Give a number above 0 and at most 1, such as 0.05.",
            )
        for name in ("min_term_size", "max_term_size"):
            _term_size(name, getattr(self, name))
        if self.min_term_size and self.max_term_size and self.min_term_size > self.max_term_size:
            raise InvalidOption(
                f"min_term_size {self.min_term_size} is above max_term_size {self.max_term_size}.",
                value=self.min_term_size,
                next_step="Exchange the two, or leave one out.",
            )
        if self.ordered and self.underrepresented:
            raise _at_odds("ordered", "underrepresented", "a prefix always lacks the genes that come later")
        if self.highlight and self.underrepresented:
            raise _at_odds("highlight", "underrepresented", "a driver term explains others by the genes it has")
        if self.highlight and self.ordered:
            raise _at_odds("highlight", "ordered", "every term is tested on a prefix of its own")

    def to_dict(self) -> dict[str, Any]:
        """Return the options for a result's provenance."""
        return {
            "sources": list(self.sources),
            "domain": self.domain,
            "correction": self.correction,
            "threshold": self.threshold,
            "ordered": self.ordered,
            "all_results": self.all_results,
            "no_iea": self.no_iea,
            "evidence": self.evidence,
            "underrepresented": self.underrepresented,
            "highlight": self.highlight,
            "min_term_size": self.min_term_size,
            "max_term_size": self.max_term_size,
            "numeric_namespace": self.numeric_namespace,
            "choices": dict(self.choices),
        }


def source_names(sources: str | Iterable[str] | None) -> tuple[str, ...]:
    """Return the sources asked for, from a name, a comma-separated text or several names."""
    if sources is None:
        return ()
    parts = [sources] if isinstance(sources, str) else list(sources)
    return tuple(name.strip() for part in parts for name in str(part).split(",") if name.strip())


def _at_odds(one: str, other: str, why: str) -> InvalidOption:
    return InvalidOption(
        f"{one} and {other} cannot be combined: {why}.",
        value=f"{one}, {other}",
        next_step="Leave one of them out.",
    )


def _one_of(option: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        close = nearest(str(value), allowed, 1)
        hint = f"Did you mean {close[0]}? " if close else ""
        raise InvalidOption(
            f"{option} is {value!r}, which does not exist.",
            value=value,
            next_step=f"{hint}Choose one of {', '.join(allowed)}.",
        )


def _term_size(option: str, value: object) -> None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 1):
        raise InvalidOption(
            f"{option} is {value!r}, which is not a number of genes.",
            value=value,
            next_step="Give a whole number from 1.",
        )
