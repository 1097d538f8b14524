"""The data releases: what each pack holds, from where, under which terms, and what is not here."""

from __future__ import annotations

from typing import Any, NamedTuple

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.packs.manifest import TABLE_SOURCES, Manifest
from lifenode.table import Column, Table
from lifenode.web.api.answers import answer_with, respond
from lifenode.web.api.representations import format_of
from lifenode.web.pages.colours import source_classes
from lifenode.web.pages.frame import render
from lifenode.web.pages.releases import COUNTED, packs_in_order, releases, rows_of

COLUMNS = (
    Column("organism", "text", "identifier of the organism"),
    Column("pack", "text", "name of the data release"),
    Column("release", "text", "release of the pack"),
    Column("built", "text", "day on which it was built"),
    Column("sha256", "text", "checksum of its manifest, which holds that of every file"),
    Column("source", "text", "source within the pack: of annotations, or a table"),
    Column("name", "text", "name of the source"),
    Column("version", "text", "release of the source"),
    Column("date", "text", "date of that release"),
    Column("licence", "text", "terms of the source"),
    Column("attribution", "text", "whom to credit"),
    Column("url", "text", "address of the project"),
    Column("evidence", "text", "codes, experimental_flag or none: what the source records of its evidence"),
    Column("dropped", "integer", "rows of the raw files that were left out"),
)


class Missing(NamedTuple):
    """Data that a visitor may look for in vain, and why."""

    name: str
    why: str


MISSING = (
    Missing("KEGG pathways", "may not be passed on without a licence of its publisher."),
    Missing("TRANSFAC", "is sold: neither its matrices nor the genes they match may be passed on."),
    Missing(
        "miRTarBase, CORUM, Human Protein Atlas",
        "are not in this release; whether their terms, such as no commercial use or share-alike, suit a node is for "
        "those to decide who run it.",
    ),
)


def install(app: FastAPI) -> None:
    """Add the routes."""
    app.add_route("/data", _data, methods=["GET"], include_in_schema=False)
    app.add_route("/data.{format}", _twin, methods=["GET"], include_in_schema=False)


async def _data(request: Request) -> Response:
    packs = [_shown(pack) for pack in packs_in_order()]
    return render(request, "data.html", packs=packs, releases=releases(), missing=MISSING)


async def _twin(request: Request) -> Response:
    format_ = format_of(request)
    response = respond(request, answer_with(sources_table(), format_, {}), format_, {})
    if format_ in ("tsv", "csv", "parquet"):
        response.headers["Content-Disposition"] = f'attachment; filename="data.{format_}"'
    return response


def sources_table() -> Table:
    """Return a row per source of each pack in force; files and counts are among the meta data."""
    packs = packs_in_order()
    rows = [_source_row(pack, code) for pack in packs for code in pack.sources]
    data = {column.name: [row[place] for row in rows] for place, column in enumerate(COLUMNS)}
    return Table(COLUMNS, data, {"packs": [_meta(pack) for pack in packs]}, len(rows))


def _source_row(pack: Manifest, code: str) -> tuple[Any, ...]:
    source = pack.sources[code]
    return (
        pack.organism, pack.name, pack.release, str(pack.content.get("built", "")), pack.fingerprint, code, source.name,
        source.version, source.date, source.licence, source.attribution, source.url, source.evidence,
        sum(source.dropped.values()),
    )  # fmt: skip


def _meta(pack: Manifest) -> dict[str, Any]:
    return {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "taxonomy_id": pack.taxonomy_id,
        "name": pack.name,
        "release": pack.release,
        "sha256": pack.fingerprint,
        "rows": {table: rows_of(pack, table) for table in COUNTED},
        "files": dict(pack.checksums),
        "dropped": {code: dict(source.dropped) for code, source in pack.sources.items() if source.dropped},
    }


_WORDS = {"orthologs": "ortholog pairs"}


def _shown(pack: Manifest) -> dict[str, Any]:
    """Return a pack as the template shows it."""
    classes = source_classes(code for code in pack.sources if code not in TABLE_SOURCES)
    return {
        "organism": pack.organism,
        "scientific_name": pack.scientific_name,
        "display_name": pack.display_name,
        "facts": [
            ("Data release", pack.name),
            ("Built", str(pack.content.get("built", ""))),
            ("Taxonomy", f"NCBI:txid{pack.taxonomy_id}"),
            ("SHA-256", pack.fingerprint),
        ],
        "note": str(pack.content.get("evidence_note", "")),
        "counts": [(rows_of(pack, table), _WORDS.get(table, table)) for table in COUNTED if rows_of(pack, table)],
        "sources": [
            {
                "code": code,
                "class": classes.get(code, ""),
                "facts": source,
                "dropped": sum(source.dropped.values()),
                "reasons": sorted(source.dropped.items(), key=lambda item: (-item[1], item[0])),
            }
            for code, source in pack.sources.items()
        ],
    }
