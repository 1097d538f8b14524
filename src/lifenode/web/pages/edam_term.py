"""A term of EDAM: its names, where it stands, what it relates to, and what took its place."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lifenode.edam.concept import Concept
from lifenode.edam.ontology import Ontology
from lifenode.errors import EmptyInput, UnknownTerm
from lifenode.web.pages.faults import not_found
from lifenode.web.pages.frame import render

_NEAR = 5


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/edam/term/{term}", _term, methods=["GET"], include_in_schema=False)


async def _term(request: Request) -> Response:
    text = request.path_params["term"]
    edam = Ontology.load(request.query_params.get("edam") or None)
    try:
        concept = edam.find(text)
    except UnknownTerm as error:
        return not_found(request, error, near(edam, text), text)
    if concept.id != text:
        return RedirectResponse(address(concept, edam), 302)
    base = str(request.base_url).rstrip("/")
    return render(request, "edam_term.html", term=view(edam, concept), base=base)


def address(concept: Concept, edam: Ontology) -> str:
    """Return the address of the page of a term, in the release it was asked of."""
    newest = Ontology.load().release == edam.release
    return f"/edam/term/{concept.id}" + ("" if newest else f"?edam={edam.release}")


def near(edam: Ontology, text: str) -> list[tuple[str, str, str]]:
    """Return address, id and name of terms whose names share words with a text."""
    try:
        found = edam.search(text[:200], top=_NEAR)
    except (EmptyInput, UnknownTerm):
        return []
    return [(address(edam.term(one), edam), one, edam.term(one).label) for one in found["term_id"]]


def view(edam: Ontology, concept: Concept) -> dict[str, Any]:
    """Return a term as the template shows it."""
    replaced, considered = edam.replacements(concept.id)
    related: dict[str, list[dict[str, str]]] = {}
    for how, other in edam.related(concept.id):
        if not other.obsolete:
            related.setdefault(how.replace("_", " "), []).append(_link(other, edam))
    kinds = ("exact", "narrow", "broad", "related")
    return {
        **_link(concept, edam),
        "branch": concept.branch,
        "uri": concept.uri,
        "obsolete": concept.obsolete,
        "not_recommended": concept.not_recommended,
        "synonyms": [(kind, getattr(concept, kind)) for kind in kinds if getattr(concept, kind)],
        "extensions": concept.extensions,
        "ways": [[_link(one, edam) for one in way[:-1]] for way in edam.path(concept.id)],
        "children": [_link(one, edam) for one in edam.children(concept.id)],
        "below": len(edam.descendants(concept.id)),
        "related": list(related.items()),
        "replaced": [_link(one, edam) for one in replaced],
        "consider": [_link(one, edam) for one in considered],
        "release": edam.release,
        "licence": edam.meta.get("licence", ""),
        "attribution": edam.meta.get("attribution", ""),
    }


def _link(concept: Concept, edam: Ontology) -> dict[str, str]:
    return {"id": concept.id, "label": concept.label, "href": address(concept, edam)}
