"""What a source lets through: rules that allow and rules that block, as curators write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lifenode.errors import InvalidOption
from lifenode.training.records import Event, Material

_FIELDS = {"keyword": "keywords", "license": "licence", "event_type": "event_types"}
_EXACT = ("target_audience", "keyword", "title", "description", "url", "doi", "license", "difficulty_level",
    "resource_type", "subtitle", "city", "country", "event_type", "timezone")  # fmt: skip
_CONTAINED = ("title", "description", "prerequisites", "learning_objectives", "subtitle")
PROPERTIES = (*_EXACT, *(f"{name}_contains" for name in _CONTAINED), "url_prefix")


@dataclass(frozen=True, slots=True)
class Filter:
    """One rule: ``mode`` allow or block, a property, and the value it is compared with, whatever its case.

    Raises
    ------
    InvalidOption
        There is no such mode or property.
    """

    mode: str
    property: str
    value: str

    def __post_init__(self) -> None:
        """Refuse what could never match."""
        if self.mode not in ("allow", "block"):
            raise InvalidOption(f"A filter cannot {self.mode!r}.", value=self.mode, next_step="Write allow or block.")
        if self.property not in PROPERTIES:
            raise InvalidOption(
                f"A filter cannot look at {self.property!r}.",
                value=self.property,
                next_step=f"Choose one of {', '.join(PROPERTIES)}.",
            )

    def matches(self, record: Event | Material) -> bool:
        """Tell whether the rule applies to a record."""
        wanted = self.value.casefold()
        if self.property == "url_prefix":
            return record.url.casefold().startswith(wanted)
        name, contains = self.property.removesuffix("_contains"), self.property.endswith("_contains")
        held = getattr(record, _FIELDS.get(name, name), "")
        texts = [str(text).casefold() for text in (held if isinstance(held, list) else [held])]
        return any(wanted in text for text in texts) if contains else wanted in texts


def let_through(record: Event | Material, filters: Iterable[Filter]) -> str:
    """Return nothing if a record matches every rule that allows and none that blocks; else the rule that stopped it."""
    for rule in filters:
        if rule.matches(record) == (rule.mode == "block"):
            kind = "is blocked by" if rule.mode == "block" else "does not match"
            return f'{kind} the filter {rule.property} "{rule.value}"'
    return ""
