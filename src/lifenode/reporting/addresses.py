"""Which service an address belongs to, and whether asking for it is a query.

Kinds: ``page`` and ``api`` are queries, ``download`` is counted on its own, ``ignore`` never counts (parts of pages,
health checks). The longest prefix that fits at a word's end decides.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lifenode.errors import FormatError, UnreadableInput, nearest
from lifenode.reporting.log_fields import Bytes, Integers

KINDS = ("page", "api", "download", "ignore")
OTHER_SERVICE = "other"

# Endings of parts of pages; compared without case.
ASSETS = (
    ".css", ".js", ".mjs", ".map", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".ico", ".webp", ".woff", ".woff2", ".ttf",
    ".webmanifest",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """Addresses that begin with `prefix` belong to `service` and are of `kind`."""

    prefix: str
    service: str
    kind: str


def _own() -> tuple[Rule, ...]:
    """Return the rules of a lifenode: each service under its page, its native API and those it is compatible with."""
    pages = {
        "enrich": "enrichment", "convert": "identifiers", "orthologs": "orthologs", "variants": "variants",
        "term": "enrichment", "gene": "identifiers", "search": "search", "eqtl": "eqtl", "editing": "editing",
        "edam": "edam", "training": "training", "resources": "resources", "report": "report",
    }  # fmt: skip
    compatible = {
        "/gprofiler/api/gost": "enrichment", "/gprofiler/api/convert": "identifiers",
        "/gprofiler/api/orth": "orthologs", "/gprofiler/api/snpense": "variants", "/gprofiler": "enrichment",
        "/eqtl/api": "eqtl", "/edammap": "edam", "/tess": "training",
    }  # fmt: skip
    rules = [Rule(f"/{path}", service, "page") for path, service in pages.items()]
    rules += [Rule(f"/api/v1/{path}", service, "api") for path, service in pages.items()]
    rules += [Rule(path, service, "api") for path, service in compatible.items()]
    rules += [
        Rule(path, "node", "ignore") for path in ("/static", "/healthz", "/readyz", "/favicon.ico", "/robots.txt")
    ]
    return (*rules, Rule("/api", "node", "api"), Rule("/", OTHER_SERVICE, "page"))


class Addresses:
    """The rules in the form the compiled counting takes.

    Parameters
    ----------
    rules
        In any order; those of a lifenode by default.

    Attributes
    ----------
    rules
        The longest prefix first; what none of them fits is ``other`` and a page.
    services
        Names in alphabetical order; the place of a rule's service is in `service_of`.
    fingerprint
        First 16 hexadecimal digits of the SHA-256 of the rules.
    """

    def __init__(self, rules: tuple[Rule, ...] | None = None) -> None:
        given = _own() if rules is None else (*rules, Rule("", OTHER_SERVICE, "page"))
        self.rules = tuple(sorted(given, key=lambda rule: (-len(rule.prefix.encode()), rule.prefix)))
        self.services = tuple(sorted({rule.service for rule in self.rules}))
        self.service_of: Integers = np.array([self.services.index(rule.service) for rule in self.rules], np.int64)
        self.kind_of: Integers = np.array([KINDS.index(rule.kind) for rule in self.rules], np.int64)
        texts = [rule.prefix.encode() for rule in self.rules]
        self.letters: Bytes = np.frombuffer(b"".join(texts) or b"\0", np.uint8)
        self.places: Integers = np.cumsum([0, *map(len, texts)]).astype(np.int64)
        words = "\n".join(f"{rule.prefix}\t{rule.service}\t{rule.kind}" for rule in self.rules)
        self.fingerprint = hashlib.sha256(words.encode()).hexdigest()[:16]


def read_addresses(path: Path) -> Addresses:
    """Return the rules of a TOML file with a table ``[[rule]]`` of ``prefix``, ``service`` and ``kind`` for each.

    Raises
    ------
    UnreadableInput
        The file is missing or is not TOML.
    FormatError
        A rule lacks a key, or its kind is none of `KINDS`.
    """
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8")).get("rule", [])
    except (OSError, ValueError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path) from error
    if not isinstance(entries, list) or not entries:
        raise FormatError(f"{path} has no [[rule]].", value=path, next_step="Add one for each service.")
    return Addresses(tuple(_rule(path, number, entry) for number, entry in enumerate(entries, 1)))


def _rule(path: Path, number: int, entry: object) -> Rule:
    values = entry if isinstance(entry, dict) else {}
    prefix, service, kind = (values.get(key) for key in ("prefix", "service", "kind"))
    if not (isinstance(prefix, str) and isinstance(service, str) and service and prefix.startswith("/")):
        raise FormatError(
            f"{path}, rule {number}: prefix and service are needed, and the prefix begins with a slash.", value=entry
        )
    if kind not in KINDS:
        close = nearest(str(kind), KINDS, 1)
        raise FormatError(
            f"{path}, rule {number}: the kind {kind!r} is none of {', '.join(KINDS)}.",
            value=kind,
            next_step=f"Did you mean {close[0]}?" if close else "",
        )
    return Rule(prefix, service, str(kind))
