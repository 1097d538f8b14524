"""Repositories on GitHub: what its API says of them, and the DOI of their README."""

from __future__ import annotations

import base64
import re
from binascii import Error as BadBase64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from lifenode.errors import LifenodeError, UnreadableInput
from lifenode.training.clean import doi_of, plain_text
from lifenode.training.ingest.bioschemas_material import day_of
from lifenode.training.ingest.reading import Reading, dicts, json_of, word
from lifenode.training.records import Material, Person

Fetch = Callable[[str], bytes]
_DOI_PLACE = re.compile(r"doi\.org/(10\.\d{4,9}/[^\s)\]\"<>]+)")


def repository_address(url: str) -> str:
    """Return where the API tells about a repository, given its page or its site on ``github.io``; else nothing.

    >>> repository_address("https://swcarpentry.github.io/python-novice-inflammation/")
    'https://api.github.com/repos/swcarpentry/python-novice-inflammation'
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    names = [name for name in parts.path.split("/") if name]
    if host == "api.github.com" and names[:1] == ["repos"] and len(names) >= 3:
        owner, name = names[1:3]
    elif host in ("github.com", "www.github.com") and len(names) >= 2:
        owner, name = names[:2]
    elif host.endswith(".github.io"):
        owner = host.removesuffix(".github.io")
        name = names[0] if names else host
    else:
        return ""
    return f"https://api.github.com/repos/{owner}/{name.removesuffix('.git')}"


def read_github(content: bytes, base: str, fetch: Fetch | None = None) -> Reading:
    """Return the material a repository is.

    Parameters
    ----------
    content
        The API's answer about a repository.
    base
        The address it came from.
    fetch
        Gets the README, releases and contributors; without it only the answer itself is used.

    Raises
    ------
    UnreadableInput
        It is no answer about a repository.
    """
    given = json_of(content, base or "GitHub")
    if not isinstance(given, dict) or not word(given.get("full_name")):
        raise UnreadableInput(f"{base or 'This'} is no answer of GitHub about a repository.", value=base)
    material = Material(title=_title(word(given.get("name"))), source_url=base)
    home = word(given.get("homepage"))
    material.url = home if home.startswith("http") else word(given.get("html_url"))
    material.description = word(given.get("description"))
    topics = given.get("topics")
    material.keywords = [word(topic) for topic in topics] if isinstance(topics, list) else []
    licence = given.get("license")
    spdx = word(licence.get("spdx_id")) if isinstance(licence, dict) else ""
    material.licence = "" if spdx == "NOASSERTION" else spdx
    material.status = "archived" if given.get("archived") is True else "active"
    material.date_created = day_of(word(given.get("created_at")), material.notes)
    material.date_modified = day_of(word(given.get("pushed_at")) or word(given.get("updated_at")), material.notes)
    material.external_id = word(given.get("full_name"))
    if fetch is not None:
        _complete(material, given, fetch)
    return Reading(records=[material])


def _title(name: str) -> str:
    text = re.sub(r"[-_]+", " ", name).strip()
    return text[:1].upper() + text[1:]


def _complete(material: Material, given: dict[str, Any], fetch: Fetch) -> None:
    api = f"https://api.github.com/repos/{word(given.get('full_name'))}"
    readme = _asked(fetch, f"{api}/readme", material)
    text = _decoded(readme)
    found = _DOI_PLACE.search(text)
    material.doi = doi_of(found[1].removesuffix(".svg")) if found else ""
    material.description = material.description or _first_paragraph(text)
    release = next(dicts(_asked(fetch, f"{api}/releases", material)), {})
    material.version = word(release.get("tag_name"))
    contributors = dicts(_asked(fetch, word(given.get("contributors_url")) or f"{api}/contributors", material))
    material.contributors = [Person(word(held.get("login"))) for held in contributors if held.get("login")]


def _asked(fetch: Fetch, url: str, material: Material) -> Any:
    try:
        return json_of(fetch(url), url)
    except LifenodeError as error:
        material.notes.append(f"{url} could not be read: {error.detail}")
        return None


def _decoded(readme: Any) -> str:
    content = word(readme.get("content")) if isinstance(readme, dict) else ""
    try:
        return base64.b64decode(content).decode("utf-8", errors="replace")
    except (BadBase64, ValueError):
        return ""


def _first_paragraph(text: str) -> str:
    """Return the first paragraph of more than 50 characters that is prose."""
    for part in re.split(r"\n\s*\n", plain_text(text)):
        bare = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", part).strip()
        if len(bare) > 50 and not bare.startswith(("#", "|", "```", "[")):
            return bare
    return ""
