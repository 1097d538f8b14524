"""Bioschemas mark-up of a resource: a DataCatalog that says only what the registry knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from lifenode.registry.entries import About
from lifenode.registry.facts import Fact

PROFILE = "https://bioschemas.org/profiles/DataCatalog/0.3-RELEASE-2019_07_01"


def data_catalog(about: About, facts: Sequence[Fact], page: str) -> dict[str, Any]:
    """Return a resource as a schema.org DataCatalog by the Bioschemas profile 0.3.

    Parameters
    ----------
    about
        What is known of the resource.
    facts
        Its statuses.
    page
        Address of its page in this registry.
    """
    said = status_sentence(about.name, facts)
    found: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": page,
        "http://purl.org/dc/terms/conformsTo": {"@id": PROFILE, "@type": "CreativeWork"},
        "name": about.name,
        "description": said,
        "keywords": ", ".join(dict.fromkeys(fact.status.replace("-", " ") for fact in facts)) or "life sciences",
        "url": about.url or page,
        "provider": _provider(about, page),
        "mainEntityOfPage": page,
    }
    if about.links:
        found["sameAs"] = [url for _, _, url in about.links]
        found["identifier"] = [f"{registry}:{identifier}" for registry, identifier, _ in about.links]
    if about.licences:
        found["license"] = [f"https://spdx.org/licenses/{name}" for name in about.licences]
    if about.publications:
        found["citation"] = [f"https://doi.org/{doi}" for doi, _ in about.publications]
    return found


def status_sentence(name: str, facts: Sequence[Fact]) -> str:
    """Say in a sentence which statuses a resource has had and since when."""
    parts = [
        f"{fact.status.replace('-', ' ')} ({f'{fact.since} to {fact.to}' if fact.to else _since(fact)})"
        for fact in facts
    ]
    return f"{name}: {', '.join(parts)}." if parts else f"{name}: no status is recorded."


def _since(fact: Fact) -> str:
    return fact.since if fact.since.startswith("by ") else f"since {fact.since}"


def _provider(about: About, page: str) -> dict[str, str]:
    """Return who provides it: the node that runs it, else the site that it is on."""
    if about.node:
        return {"@type": "Organization", "name": about.node}
    parts = urlsplit(about.url or page)
    return {"@type": "Organization", "name": parts.hostname or "", "url": f"{parts.scheme}://{parts.netloc}/"}
