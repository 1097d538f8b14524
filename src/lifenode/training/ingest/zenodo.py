"""Zenodo and other Invenio repositories: the records of a search."""

from __future__ import annotations

from typing import Any

from lifenode.errors import UnreadableInput
from lifenode.training.clean import absolute, doi_of, orcid_of
from lifenode.training.ingest.bioschemas_material import day_of
from lifenode.training.ingest.reading import Reading, dicts, json_of, word
from lifenode.training.records import Material, Person


def read_zenodo(content: bytes, base: str) -> Reading:
    """Return the materials of an answer, or of one record; the next page is in ``more``.

    Raises
    ------
    UnreadableInput
        It is no answer of such a repository.
    """
    answer = json_of(content, base or "Zenodo")
    if not isinstance(answer, dict) or not ("hits" in answer or "metadata" in answer):
        raise UnreadableInput(f"{base or 'This'} is no answer of Zenodo: it has neither hits nor metadata.", value=base)
    held = answer.get("hits", answer)
    reading = Reading(records=[_material(item, base) for item in dicts(_list(held))])
    links = answer.get("links")
    following = word(links.get("next")) if isinstance(links, dict) and "hits" in answer else ""
    if following:
        reading.more.append(absolute(following, base))
    return reading


def _list(held: Any) -> Any:
    return held.get("hits", held) if isinstance(held, dict) else held


def _material(item: dict[str, Any], base: str) -> Material:
    given = item.get("metadata") if isinstance(item.get("metadata"), dict) else {}
    assert isinstance(given, dict)  # noqa: S101 - for the type checker
    material = Material(title=_titled(given), description=word(given.get("description")), source_url=base)
    links = item.get("links") if isinstance(item.get("links"), dict) else {}
    assert isinstance(links, dict)  # noqa: S101 - for the type checker
    material.doi = doi_of(word(item.get("doi")) or word(given.get("doi")))
    place = word(links.get("self_html")) or word(links.get("html")) or word(links.get("latest_html"))
    material.url = place or (f"https://doi.org/{material.doi}" if material.doi else word(links.get("self")))
    material.external_id = word(item.get("id")) or word(item.get("recid"))
    keywords = given.get("keywords")
    for value in keywords if isinstance(keywords, list) else [keywords]:
        text = word(value.get("name")) if isinstance(value, dict) else word(value)
        material.keywords += [text] if text else []
    material.authors = _people(given.get("creators"))
    material.contributors = _people(given.get("contributors"))
    material.licence = _licence(given.get("license"))
    material.version = word(given.get("version"))
    material.language = word(given.get("language"))
    kind = given.get("resource_type")
    title = word(kind.get("title")) or word(kind.get("type")) if isinstance(kind, dict) else word(kind)
    material.resource_type = [title.lower()] if title else []
    material.date_published = day_of(word(given.get("publication_date")), material.notes)
    material.date_created = day_of(word(item.get("created")), material.notes)
    material.date_modified = day_of(word(item.get("modified")) or word(item.get("updated")), material.notes)
    return material


def _titled(given: dict[str, Any]) -> str:
    title = given.get("title")
    return word(title.get("title")) if isinstance(title, dict) else word(title)


def _people(given: Any) -> list[Person]:
    made = [Person(word(held.get("name")), orcid_of(word(held.get("orcid")))) for held in dicts(given)]
    return [person for person in made if person.name and "@" not in person.name]


def _licence(given: Any) -> str:
    for held in given if isinstance(given, list) else [given]:
        text = (word(held.get("id")) or word(held.get("url"))) if isinstance(held, dict) else word(held)
        if text:
            return text
    return ""
