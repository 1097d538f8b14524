"""The catalogue: organisms, the raw files behind their packs, and the terms those files come under.

The facts lie in ``catalog.toml`` beside this file; nothing here touches the network.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lifenode.errors import UnknownOrganism, nearest

SOURCE_NAMES = {
    "GO:MF": "Gene Ontology, molecular function",
    "GO:BP": "Gene Ontology, biological process",
    "GO:CC": "Gene Ontology, cellular component",
    "REAC": "Reactome",
    "WP": "WikiPathways",
    "HP": "Human Phenotype Ontology",
}
"""Full names of the annotation sources."""

ORTHOLOG_SOURCES = ("HCOP", "HomoloGene")
"""Who states pairs of orthologs, the one that is asked first in front."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A project that publishes data, and the terms it publishes them under."""

    name: str
    licence: str
    attribution: str
    url: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Where a source comes from, as the manifest states it."""

    name: str
    version: str
    date: str
    licence: str
    attribution: str
    url: str
    evidence: str = "none"

    def to_dict(self, dropped: Mapping[str, int]) -> dict[str, Any]:
        """Return the manifest entry, with the counts of `dropped` rows."""
        names = ("name", "version", "date", "licence", "attribution", "url", "evidence")
        return {**{name: getattr(self, name) for name in names}, "dropped": dict(dropped)}


@dataclass(frozen=True, slots=True)
class RawFile:
    """One raw file of one organism.

    Parameters
    ----------
    organism
        Organism id.
    sources
        What the file feeds: ``genes``, ``identifiers``, ``GO:BP``, ``REAC``, ...
    file
        Name the file is known by in a folder of raw files; ``*`` stands for the release.
    reader
        Format: ``gtf``, ``gene_info``, ``hgnc``, ``obo``, ``gaf``, ``gene2go``, ``gmt``, ``hpo_genes`` ...
    url
        Where the project publishes it.
    required
        Whether a pack can be built without it.
    """

    organism: str
    sources: tuple[str, ...]
    file: str
    reader: str
    url: str
    licence: str
    attribution: str
    required: bool = True

    def find(self, folder: Path) -> Path | None:
        """Return the file of the highest release in `folder` with this name, packed with gzip or not, or None."""
        plain = self.file.removesuffix(".gz")
        found = [path for pattern in (plain, f"{plain}.gz") for path in Path(folder).glob(pattern)]
        return max(
            found, key=lambda path: ([int(digits) for digits in re.findall(r"\d+", path.name)], path), default=None
        )


@dataclass(frozen=True, slots=True)
class Organism:
    """An organism of the catalogue."""

    id: str
    scientific_name: str
    display_name: str
    taxonomy_id: int
    evidence_note: str

    def to_dict(self) -> dict[str, Any]:
        """Return the manifest entry."""
        return {
            "id": self.id,
            "scientific_name": self.scientific_name,
            "display_name": self.display_name,
            "taxonomy_id": self.taxonomy_id,
        }


@cache
def _catalog() -> dict[str, Any]:
    text = Path(__file__).with_name("catalog.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def release() -> str:
    """Return the release of the starter packs."""
    return str(_catalog()["release"])


def built() -> str:
    """Return the day the starter packs were built."""
    return str(_catalog()["built"])


def organisms() -> list[Organism]:
    """Return the organisms of the catalogue, human first."""
    fields = ("id", "scientific_name", "display_name", "taxonomy_id", "evidence_note")
    return [Organism(**{field: entry[field] for field in fields}) for entry in _catalog()["organisms"]]


def organism(name: str) -> Organism:
    """Return one organism by its id.

    Raises
    ------
    UnknownOrganism
        With the nearest ids.
    """
    known = {entry.id: entry for entry in organisms()}
    if name in known:
        return known[name]
    spoken = {alias: entry.id for entry in known.values() for alias in (entry.scientific_name, entry.display_name)}
    near = [spoken.get(hit, hit) for hit in nearest(name, [*known, *spoken])]
    hint = f"Did you mean {near[0]}?" if near else f"Known organisms: {', '.join(known)}."
    raise UnknownOrganism(f"The catalogue does not list the organism {name!r}.", value=name, next_step=hint)


def origin(name: str) -> Origin:
    """Return the project called `name` in the catalogue."""
    return Origin(**_catalog()["origins"][name])


def _entry(name: str) -> dict[str, Any]:
    wanted = organism(name).id
    found: dict[str, Any] = next(entry for entry in _catalog()["organisms"] if entry["id"] == wanted)
    return found


def starter_facts(organism_id: str) -> dict[str, Facts]:
    """Return what the manifest of a starter pack says of each source."""
    told = {}
    for entry in _entry(organism_id)["starter"]:
        for source in entry["sources"]:
            told[source] = facts(
                source, entry["origins"], entry["version"], str(entry["date"]), entry.get("evidence", "none")
            )
    return told


def starter_files(organism_id: str) -> list[str]:
    """Return the files the starter recipe reads, relative to the folder of annotation tables."""
    named = [file for entry in _entry(organism_id)["starter"] for file in entry["files"]]
    return sorted(set(named))


def facts(source: str, origins: list[str], version: str, date: str, evidence: str = "none") -> Facts:
    """Return the manifest facts of a source that draws on one or more `origins`."""
    projects = [origin(name) for name in origins]
    several = len(projects) > 1
    licences = [f"{project.name}: {project.licence}" if several else project.licence for project in projects]
    return Facts(
        name=SOURCE_NAMES.get(source, " + ".join(project.name for project in projects)),
        version=version,
        date=date,
        licence="; ".join(licences),
        attribution=" ".join(project.attribution for project in projects),
        url=projects[0].url,
        evidence=evidence,
    )


def upstream(organism_id: str) -> list[RawFile]:
    """Return the official files a pack of this organism is built from."""
    files = []
    for entry in _entry(organism_id)["upstream"]:
        project = origin(entry["origin"])
        files.append(
            RawFile(
                organism=organism_id,
                sources=tuple(entry["sources"]),
                file=entry["file"],
                reader=entry["reader"],
                url=entry["url"],
                licence=project.licence,
                attribution=project.attribution,
                required=entry.get("required", True),
            )
        )
    return files


def missing_files(organism_id: str, folder: Path) -> list[RawFile]:
    """Return the official files of an organism that `folder` does not hold."""
    return [raw for raw in upstream(organism_id) if raw.find(Path(folder)) is None]
