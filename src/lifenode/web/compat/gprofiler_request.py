"""What a g:Profiler client asks, read strictly: a field of the wrong type is refused by name, unknown ones are left."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lifenode.enrichment.thresholds import OTHER_TABLE
from lifenode.errors import BadRequest, InputTooLarge, UnreadableInput
from lifenode.genes.text_lists import DEFAULT_NAME
from lifenode.genes.texts import texts_of
from lifenode.packs.find import pack_folder
from lifenode.packs.pack import Pack, open_pack
from lifenode.settings import Settings, settings

TOKEN_PREFIX = "gp__"  # noqa: S105 -- begins the name of uploaded gene sets, no secret

METHODS = {
    "g_scs": "gscs", "gscs": "gscs", "analytical": "gscs", "fdr": "fdr", "false_discovery_rate": "fdr",
    "bonferroni": "bonferroni",
}  # fmt: skip
STRICT_METHODS = {"gscs": "gscs_compat", "fdr": "fdr_hits", "bonferroni": "bonferroni"}
WIRE_METHODS = {"gscs": "g_SCS", "fdr": "fdr", "bonferroni": "bonferroni"}
SCOPES = ("annotated", "known", "custom", "custom_annotated")
_SEVERAL = re.compile(r":|^\s*(?:R-[A-Z]{3}-|WP\d)", re.IGNORECASE)


_LOOK_AGAIN_SECONDS = 1.0
_seen: dict[str, tuple[float, Settings, Pack]] = {}


def pack_of(organism: str) -> Pack:
    """Return the pack of an organism; unlike `open_pack`, no text of a stranger is ever taken for a path.

    A pack that has been exchanged is found within a second.

    Raises
    ------
    UnknownOrganism
        There is no such pack.
    """
    now, config = time.monotonic(), settings()
    before = _seen.get(organism)
    if before is not None and now - before[0] < _LOOK_AGAIN_SECONDS and before[1] is config:
        return before[2]
    pack = open_pack(pack_folder(organism))
    _seen[organism] = (now, config, pack)
    return pack


@dataclass(frozen=True)
class Fields:
    """The members of a request's object, by type.

    Attributes
    ----------
    body
        The object.
    """

    body: Mapping[str, Any]

    def text(self, name: str, default: str = "") -> str:
        """Return a text; null and absence give the default."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise self._wrong(name, "a text")
        return value

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false; null and absence give the default."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self._wrong(name, "true or false")
        return value

    def number(self, name: str, default: float) -> float:
        """Return a number; null and absence give the default."""
        value = self.body.get(name)
        if value is None:
            return default
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise self._wrong(name, "a number")
        return float(value)

    def words(self, name: str) -> list[str] | None:
        """Return a list of identifiers, given as such or as one text with white space between; None where absent."""
        value = self.body.get(name)
        if value is None or value in ("", []):
            return None
        return self._items(name, value)

    def choices(self, name: str) -> dict[str, str]:
        """Return an object of texts."""
        value = self.body.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(gene, str) for gene in value.values()):
            raise self._wrong(name, "an object of gene ids by identifier")
        return value

    def lists(self) -> dict[str, list[str]]:
        """Return the lists of the field ``query`` by name, in order.

        Raises
        ------
        BadRequest
            It is missing, or neither text, list, nor an object of these.
        InputTooLarge
            There are more than ``settings().max_lists``.
        UnreadableInput
            Two lists have one name.
        """
        value = self.body.get("query")
        if value is None:
            raise BadRequest(
                'The field "query" is missing.', value="query", next_step='Send a list, such as "query": ["IL6"].'
            )
        if isinstance(value, dict):
            lists = {}
            for position, (name, items) in enumerate(value.items(), 1):
                title = name.strip() or f"query_{position}"
                if title in lists:
                    raise _twice(title)
                lists[title] = self._items(f"query.{title}", items)
        elif isinstance(value, str) and value.lstrip().startswith(">"):
            lists = _several(value)
        else:
            lists = {DEFAULT_NAME: self._items("query", value)}
        most = settings().max_lists
        if len(lists) > most:
            raise InputTooLarge(
                f"The query holds {len(lists)} lists; at most {most} are taken at once.",
                value=len(lists),
                next_step="Send them in several requests.",
            )
        return lists

    def _items(self, name: str, value: Any) -> list[str]:
        if isinstance(value, str):
            return value.split()
        # A vector of one element arrives from R without its brackets.
        items = value if isinstance(value, list) else [value]
        kinds = set(map(type, items))
        if not kinds <= {str, int, float, type(None)}:
            raise self._wrong(name, "a text or a list of identifiers")
        return texts_of(items)

    def _wrong(self, name: str, wanted: str) -> BadRequest:
        value = self.body.get(name)
        return BadRequest(
            f'The field "{name[:80]}" is not {wanted}.', value=value, next_step=f'Send "{name[:80]}" as {wanted}.'
        )


@dataclass(frozen=True)
class Ask:
    """A request for a profile, after defaults.

    Attributes
    ----------
    organism
        Organism, or the token of uploaded gene sets.
    lists
        Identifiers by name of the list.
    sources
        Sources asked for; empty for all.
    method
        ``gscs``, ``fdr`` or ``bonferroni``.
    strict
        Answer as the original service does, instead of improved.
    """

    organism: str
    lists: Mapping[str, list[str]]
    sources: tuple[str, ...] = ()
    threshold: float = 0.05
    method: str = "gscs"
    all_results: bool = False
    ordered: bool = False
    no_evidences: bool = True
    combined: bool = False
    under: bool = False
    no_iea: bool = False
    domain_scope: str = "annotated"
    numeric_ns: str = ""
    background: list[str] | None = None
    highlight: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    strict: bool = False

    @property
    def correction(self) -> str:
        """Name of the correction in lifenode."""
        return STRICT_METHODS[self.method] if self.strict else self.method

    @property
    def uploaded(self) -> bool:
        """Whether the gene sets are uploaded ones."""
        return self.organism.startswith(TOKEN_PREFIX)

    @property
    def large(self) -> bool:
        """Whether the work belongs in a process of its own."""
        identifiers = sum(map(len, self.lists.values()))
        dense = self.all_results and not self.no_evidences
        many = len(self.lists) > 5 or identifiers > 2_000
        return bool(self.background) or self.uploaded or many or dense or self._draws

    @property
    def _draws(self) -> bool:
        """Whether thresholds may be needed that the pack does not hold, so that random lists are drawn."""
        if self.method != "gscs" or (self.domain_scope == "annotated" and not self.under):
            return False
        if self.domain_scope not in ("annotated", "known") or not pack_of(self.organism).has_table(OTHER_TABLE):
            return True
        # A term, range or variant may stand for more genes than the thresholds reach to.
        return any(_SEVERAL.search(text) for items in self.lists.values() for text in items)


def read_ask(body: Mapping[str, Any], *, strict: bool) -> Ask:
    """Return the request for a profile in `body`.

    Raises
    ------
    BadRequest
        A field of the wrong type, or with a value that does not exist.
    """
    fields = Fields(body)
    return Ask(
        organism=fields.text("organism", "hsapiens"),
        lists=fields.lists(),
        sources=tuple(name for part in fields.words("sources") or [] for name in part.split(",") if name),
        threshold=fields.number("user_threshold", 0.05),
        method=_method(fields),
        all_results=fields.flag("all_results", False),
        ordered=fields.flag("ordered", False),
        no_evidences=fields.flag("no_evidences", True),
        combined=fields.flag("combined", False),
        under=fields.flag("measure_underrepresentation", False),
        no_iea=fields.flag("no_iea", False),
        domain_scope=_scope(fields),
        numeric_ns=fields.text("numeric_ns"),
        background=fields.words("background"),
        highlight=fields.flag("highlight", False),
        choices=fields.choices("aresolve"),
        strict=strict,
    )


def _method(fields: Fields) -> str:
    name = fields.text("significance_threshold_method") or "g_SCS"
    if name.lower() not in METHODS:
        raise BadRequest(
            f'There is no significance_threshold_method "{name[:80]}".',
            value=name,
            next_step="Choose g_SCS, fdr or bonferroni.",
        )
    return METHODS[name.lower()]


def _scope(fields: Fields) -> str:
    name = fields.text("domain_scope") or "annotated"
    if name not in SCOPES:
        raise BadRequest(
            f'There is no domain_scope "{name[:80]}".', value=name, next_step=f"Choose one of {', '.join(SCOPES)}."
        )
    return name


def _several(text: str) -> dict[str, list[str]]:
    """Return the lists under ``> name`` lines."""
    lists: dict[str, list[str]] = {}
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith(">"):
            name = bare[1:].strip() or f"query_{len(lists) + 1}"
            if name in lists:
                raise _twice(name)
            current = lists[name] = []
        elif bare:
            current += bare.split()
    return lists


def _twice(name: str) -> UnreadableInput:
    return UnreadableInput(f'Two lists are named "{name[:80]}".', value=name, next_step="Give each list its own name.")
