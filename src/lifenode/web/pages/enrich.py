"""Find the terms a gene list is enriched in, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.errors import UnknownLink
from lifenode.packs.find import known_packs
from lifenode.packs.manifest import TABLE_SOURCES
from lifenode.settings import settings
from lifenode.web.api.enrich import SERVICE, enriched
from lifenode.web.compat.gprofiler_request import TOKEN_PREFIX
from lifenode.web.node import node_of
from lifenode.web.pages.colours import source_classes
from lifenode.web.pages.enrich_view import LOOK, view, with_drivers
from lifenode.web.pages.examples import EXAMPLES
from lifenode.web.pages.forms import Form
from lifenode.web.pages.lookups import organism_choices
from lifenode.web.pages.questions import QuestionPage

NO_ORGANISM = "none"

_FILES = {
    "gem": "text/tab-separated-values; charset=utf-8",
    "gmt": "text/tab-separated-values; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "html": "text/html; charset=utf-8",
}
_DOMAINS = [
    ("annotated", "annotated genes of each source"),
    ("known", "all known genes"),
    ("custom", "my background"),
    ("custom_annotated", "annotated genes of my background"),
]
_CORRECTIONS = [
    ("gscs", "g:SCS (any false term)"),
    ("fdr", "false discovery rate"),
    ("bonferroni", "Bonferroni"),
    ("fdr_hits", "false discovery rate over terms hit"),
    ("gscs_compat", "g:SCS as published"),
]


def file_answer(asked: Mapping[str, Any], ending: str) -> bytes:
    """Return the answer as a picture, or as a file for Enrichment Map."""
    result = enriched(with_drivers(asked))
    if ending in ("gem", "gmt"):
        return (result.to_gem() if ending == "gem" else result.to_gmt()).encode()
    return result.plot().to_bytes(ending)


@dataclass(frozen=True)
class EnrichPage(QuestionPage):
    """The page, which also takes own gene sets and gives pictures."""

    def install(self, app: FastAPI) -> None:
        """Add the routes."""
        for ending in _FILES:
            handler = partial(self._file, ending)
            app.add_route(f"{self.path}.{ending}", handler, methods=["GET", "POST"], include_in_schema=False)
        super().install(app)

    async def read(self, request: Request) -> Form:
        """Return the form, without sources if they are all that were offered, or were offered for another organism."""
        form = await super().read(request)
        example = EXAMPLES.get(form.text("example"))
        if example is not None:
            form = form.replaced(example=None, query=example.query, organism=example.organism)
        offered, organism = form.text("offered"), form.text("organism", settings().organism)
        if offered:
            every = [name for name, _, _ in source_choices(offered)]
            if offered != organism or form.all("sources") == every:
                form = form.without("sources")
        return form.without("offered")

    def asked(self, request: Request, form: Form) -> dict[str, Any]:
        """Return the fields as the service takes them; gene sets as text."""
        asked = super().asked(request, form.without("organism") if form.text("organism") == NO_ORGANISM else form)
        if form.text("organism") == NO_ORGANISM:
            asked["organism"] = None
        sets = asked.pop("gene_sets", None)
        if sets is None:
            return asked
        kept = node_of(request).store.gene_sets(sets.strip()) if sets.startswith(TOKEN_PREFIX) else ("own.gmt", sets)
        if kept is None:
            raise UnknownLink(f"There are no gene sets {sets[:40]}.", value=sets, next_step="Upload them again.")
        return asked | {"gene_sets_text": kept}

    def told(self, form: Form, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields as recipes tell them."""
        plain = {name: value for name, value in asked.items() if name != "gene_sets_text"}
        return plain | ({"gene_sets": form.text("gene_sets")} if "gene_sets_text" in asked else {})

    async def _file(self, ending: str, request: Request) -> Response:
        form = await self.read(request)
        asked = self.asked(request, form)
        content = await node_of(request).desk.run(file_answer, asked, ending, large=True)
        name = f'attachment; filename="enrichment.{ending}"'
        return Response(content, media_type=_FILES[ending], headers={"Content-Disposition": name})


def source_choices(organism: str) -> list[tuple[str, str, str]]:
    """Return the sources of an organism with their names and CSS classes; none where there is no such organism."""
    pack = next((pack for pack in known_packs() if pack.organism == organism), None)
    names = [name for name in (pack.sources if pack else ()) if name not in TABLE_SOURCES]
    classes = source_classes(names)
    return [(name, _short(pack.sources[name].name) if pack else name, classes[name]) for name in names]


def _short(name: str) -> str:
    words = name.removeprefix("Gene Ontology, ")
    return words[:1].upper() + words[1:]


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    organism = form.text("organism", settings().organism)
    sources = source_choices(organism) or source_choices(settings().organism)
    return {
        "organisms": [*organism_choices(), (NO_ORGANISM, "none: own gene sets alone")],
        "organism": organism,
        "sources": sources,
        "chosen": form.all("sources") or [name for name, _, _ in sources],
        "domains": _DOMAINS,
        "corrections": _CORRECTIONS,
        "examples": EXAMPLES,
        "more": any(name in form for name in _MORE),
    }


_MORE = (
    "ordered", "all_results", "no_iea", "underrepresented", "evidence", "min_term_size", "max_term_size", "gene_sets",
    "numeric_namespace",
)  # fmt: skip

PAGE = EnrichPage(SERVICE, "enrich.html", view, choices, LOOK)


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
