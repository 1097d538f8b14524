"""What else is known of a resource: its entries in other registries, its licence, contact page and papers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lifenode.registry.build_facts import slug
from lifenode.registry.tables import FOLDER, table
from lifenode.table import Column, Table


@dataclass(frozen=True, slots=True)
class About:
    """One resource.

    Attributes
    ----------
    resource, name, url, node
        Identifier, name, address, and the node that runs it; "" where unknown.
    links
        Registry, identifier there and address of the entry.
    licences, contacts, publications
        Licences of the data, contact pages, and papers as DOI and year, the newest first.
    """

    resource: str
    name: str
    url: str
    node: str
    links: tuple[tuple[str, str, str], ...]
    licences: tuple[str, ...]
    contacts: tuple[str, ...]
    publications: tuple[tuple[str, str], ...]


_COLUMNS = (
    Column("resource", "text", "identifier of the resource"),
    Column("registry", "text", "which other registry has it"),
    Column("identifier", "text", "its identifier there"),
    Column("url", "text", "address of the entry"),
)


def cross_links(resource: str | None = None, *, folder: Path = FOLDER) -> Table:
    """Return the entries of resources in other registries, resolved without the network.

    Parameters
    ----------
    resource
        Name or identifier; all resources by default.
    folder
        Folder of the shipped tables.

    Returns
    -------
    Table
        A row an entry: Bioregistry, identifiers.org, FAIRsharing, re3data, Wikidata and bio.tools.
    """
    wanted = slug(resource) if resource is not None else None
    rows = [row for row in table("links.tsv", folder) if wanted in (None, row["resource"])]
    return Table(_COLUMNS, {column.name: [row[column.name] for row in rows] for column in _COLUMNS}, {}, len(rows))


def about(resource: str, *, folder: Path = FOLDER) -> About:
    """Return what is known of a resource; one that is only named in facts has no more than its name."""
    wanted = slug(resource)
    row = next((row for row in table("resources.tsv", folder) if row["resource"] == wanted), {})
    more = [one for one in table("about.tsv", folder) if one["resource"] == wanted]
    papers = [(one["value"], one["year"]) for one in more if one["what"] == "publication"]
    others = cross_links(wanted, folder=folder).to_dicts()
    return About(
        wanted, row.get("name", resource), row.get("url", ""), row.get("node", ""),
        tuple((one["registry"], one["identifier"], one["url"]) for one in others),
        tuple(one["value"] for one in more if one["what"] == "licence"),
        tuple(one["value"] for one in more if one["what"] == "contact"),
        tuple(sorted(papers, key=lambda one: one[1], reverse=True)),
    )  # fmt: skip
