"""The packs at hand, as tables."""

from __future__ import annotations

from lifenode.packs.manifest import TABLE_SOURCES
from lifenode.packs.pack import Pack, installed, open_pack
from lifenode.table import Column, Table

PACK_COLUMNS = (
    Column("organism", "text", "identifier of the organism"),
    Column("scientific_name", "text", "scientific name"),
    Column("display_name", "text", "everyday name"),
    Column("release", "text", "release of the pack"),
    Column("genes", "integer", "genes the pack knows"),
    Column("bytes", "integer", "size of its files"),
    Column("sources", "text", "annotation sources"),
    Column("path", "text", "where it lies"),
    Column("sha256", "text", "checksum of its manifest"),
)
SOURCE_COLUMNS = (
    Column("organism", "text", "identifier of the organism"),
    Column("source", "text", "source within the pack"),
    Column("name", "text", "name of the source"),
    Column("licence", "text", "terms of the source"),
    Column("version", "text", "release of the source"),
    Column("attribution", "text", "whom to credit"),
    Column("url", "text", "address of the project"),
)


def packs_table() -> Table:
    """Return a row per pack."""
    rows = [_pack_row(open_pack(path)) for path in installed()]
    return _table(PACK_COLUMNS, rows)


def sources_table() -> Table:
    """Return a row per source of each pack."""
    rows: list[tuple[object, ...]] = []
    for path in installed():
        pack = open_pack(path)
        for key, source in pack.sources.items():
            facts = (source.name, source.licence, source.version, source.attribution, source.url)
            rows.append((pack.organism, key, *facts))
    return _table(SOURCE_COLUMNS, rows)


def _pack_row(pack: Pack) -> tuple[object, ...]:
    files = pack.manifest["files"]
    return (
        pack.organism,
        pack.scientific_name,
        pack.display_name,
        pack.release,
        files["genes.parquet"]["rows"],
        sum(entry["bytes"] for entry in files.values()),
        " ".join(name for name in pack.sources if name not in TABLE_SOURCES),
        str(pack.path),
        pack.fingerprint,
    )


def _table(columns: tuple[Column, ...], rows: list[tuple[object, ...]]) -> Table:
    data = {column.name: [row[position] for row in rows] for position, column in enumerate(columns)}
    return Table(columns, data, {}, len(rows))
