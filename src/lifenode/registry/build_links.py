"""Entries of resources in other registries, their licences and papers, from Bioregistry and bio.tools."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from lifenode.registry.tables import Row

_OWN_NAMES = {
    "bgee": ("bgee.gene",), "biomodels": ("biomodels.db",), "biosamples": ("biosample",),
    "chembl": ("chembl", "chembl.compound"), "data-stewardship-wizard": ("dsw",), "ega": ("ega", "ega.dataset"),
    "ena": ("ena.embl",), "europe-pmc": ("pmc",), "fair-cookbook": ("fcb",), "gwas-catalog": ("gcst",),
    "ensembl-genomes":
        ("ensembl.bacteria", "ensembl.fungi", "ensembl.metazoa", "ensembl.plant", "ensembl.protist"),
    "human-protein-atlas": ("hpa",), "identifiers-org": ("miriam",), "imex-consortium-intact-and-mint": ("imex",),
    "imgt": ("imgt.hla", "imgt.ligm"), "lipid-maps": ("lipidmaps",), "mgnify": ("mgnify.proj", "mgnify.samp"),
    "oma": ("oma.grp", "oma.protein"), "ontology-lookup-service": ("ols",), "orphadata-science": ("orpha",),
    "pdbe": ("pdb",), "silva": ("silva.taxon",),
}  # fmt: skip
"""Prefixes of resources whose own name is not their prefix, found by hand."""

_REGISTRIES = {
    "miriam": ("identifiers.org", "https://registry.identifiers.org/registry/{}"),
    "fairsharing": ("FAIRsharing", "https://fairsharing.org/{}"),
    "re3data": ("re3data", "https://www.re3data.org/repository/{}"),
    "wikidata.entity": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
}
_NOT_THEM = frozenset({"eva_inbred", "gprofile_r", "ebi_metagenomics", "europepmc"})
"""Entries of bio.tools whose name or address is that of a resource, but which are another thing or a second entry."""


def link_tables(resources: Iterable[Row], bioregistry: Path, biotools: Path) -> dict[str, list[Row]]:
    """Return the tables of links and of licences and papers.

    Parameters
    ----------
    resources
        Rows with ``resource``, ``name`` and ``url``.
    bioregistry
        ``bioregistry.json``, or the wheel of the package that holds it.
    biotools
        Tools of bio.tools, an object a line with ``id``, ``name`` and ``homepage``; may be packed by gzip.
    """
    known = _entries(bioregistry)
    tools = _tools(biotools)
    links: list[Row] = []
    about: list[Row] = []
    for row in resources:
        prefixes = [name for name in _OWN_NAMES.get(row["resource"], (_plain(row["name"]),)) if name in known]
        for prefix in prefixes:
            links += _links(row["resource"], prefix, known[prefix])
        links += [
            _link(row["resource"], "bio.tools", name, f"https://bio.tools/{name}")
            for name in tools.get(_plain(row["name"]), ())
        ]
        about += _about(row["resource"], [known[prefix] for prefix in prefixes])
    unique = {tuple(link.values()): link for link in links}
    return {"links.tsv": list(unique.values()), "about.tsv": about}


def _entries(path: Path) -> Mapping[str, Mapping[str, Any]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as wheel:
            content = wheel.read("bioregistry/data/bioregistry.json")
    else:
        content = path.read_bytes()
    entries: dict[str, Mapping[str, Any]] = json.loads(content)
    return entries


def _tools(path: Path) -> dict[str, list[str]]:
    content = path.read_bytes()
    text = gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        tool = json.loads(line)
        if tool["id"] not in _NOT_THEM:
            found.setdefault(_plain(tool["name"]), []).append(tool["id"])
    return found


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "", name.lower())


def _links(resource: str, prefix: str, entry: Mapping[str, Any]) -> list[Row]:
    found = [_link(resource, "Bioregistry", prefix, f"https://bioregistry.io/registry/{prefix}")]
    for key, (registry, address) in _REGISTRIES.items():
        if identifier := entry.get("mappings", {}).get(key):
            found.append(_link(resource, registry, identifier, address.format(identifier)))
    return found


def _link(resource: str, registry: str, identifier: str, url: str) -> Row:
    return {"resource": resource, "registry": registry, "identifier": identifier, "url": url}


def _about(resource: str, entries: list[Mapping[str, Any]]) -> list[Row]:
    """Return licence, page of contact and papers; persons and their addresses stay out."""
    found: list[Row] = []
    for entry in entries:
        for what, value in (("licence", entry.get("license")), ("contact", entry.get("contact_page"))):
            if value:
                found.append({"resource": resource, "what": what, "value": str(value), "year": ""})
        papers = [one for one in entry.get("publications", ()) if one.get("doi")]
        papers.sort(key=lambda one: (-int(one.get("year") or 0), one["doi"]))
        found += [
            {"resource": resource, "what": "publication", "value": one["doi"], "year": str(one.get("year") or "")}
            for one in papers[:3]
        ]
    unique = {(row["what"], row["value"]): row for row in found}
    return list(unique.values())
