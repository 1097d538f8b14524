"""One question on its page: what was filled in, and the addresses under which the same can be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lifenode.web.pages.forms import Form
from lifenode.web.pages.recipes import Recipe, recipes


@dataclass(frozen=True)
class Asking:
    """A question.

    Attributes
    ----------
    service
        Name of the service, which is also the address of its page.
    form
        What was filled in.
    link
        Id of the link that keeps it, or empty.
    base
        Address of the node.
    besides
        Fields that concern the look only.
    """

    service: str
    form: Form
    link: str
    base: str
    besides: tuple[str, ...]

    @property
    def path(self) -> str:
        """Address of the page."""
        return f"/{self.service}"

    @property
    def is_short(self) -> bool:
        """Whether an address can hold the question."""
        return self.form.is_short(self.path)

    def here(self, **changes: object) -> str:
        """Return the address of the same answer with another look, or nothing where only a form can ask for it."""
        look = Form((name, text) for name, text in self.form.pairs if name in self.besides)
        changed = (Form([("link", self.link), *look.pairs]) if self.link else self.form).replaced(**changes)
        return changed.address(self.path) if changed.is_short(self.path) else ""

    def twin(self, ending: str) -> str:
        """Return the address of the answer in another format, or nothing where only a form can ask for it."""
        path = f"{self.path}.{ending}"
        if self.link:
            return Form([("link", self.link)]).address(path)
        plain = self.form.without(*self.besides)
        return plain.address(path) if plain.is_short(path) else ""

    def recipes(self, told: Mapping[str, Any]) -> list[Recipe]:
        """Return the ways to ask for the same elsewhere, of the fields as they are told there."""
        return recipes(self.service, self.form.without(*self.besides), told, self.base)

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON values, of which `from_dict` makes the same."""
        return {
            "service": self.service, "pairs": [list(pair) for pair in self.form.pairs], "link": self.link,
            "base": self.base, "besides": list(self.besides),
        }  # fmt: skip

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Asking:
        """Return what `to_dict` was made of."""
        form = Form((name, text) for name, text in kept["pairs"])
        return cls(kept["service"], form, kept["link"], kept["base"], tuple(kept["besides"]))
