"""Fields of a record that schema.org has no word for, as our own mark-up carries them: read and written."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from lifenode.training.ingest.linked_data import Node
from lifenode.training.moments import Moment, parse_moment, zone_name
from lifenode.training.records import Event, ExternalResource, Material, Person, Topic

FIELD_PREFIX = "urn:lifenode:training:"


def field_text(value: Any) -> str:
    """Return the value of a field as JSON."""
    return json.dumps(_plain(value), ensure_ascii=False)


def read_own_fields(record: Event | Material, node: Node) -> None:
    """Put the fields that a node carries as ``additionalProperty`` into a record; a note on what does not fit."""
    for held in node.nodes("additionalProperty"):
        name = held.text("propertyID")
        if not name.startswith(FIELD_PREFIX):
            continue
        field = name.removeprefix(FIELD_PREFIX)
        kinds = {known.name: str(known.type) for known in fields(record)}
        reader = _READERS.get(kinds.get(field, "")) if field not in ("notes", "source_url") else None
        try:
            if reader is None:
                raise ValueError(field)
            setattr(record, field, _fitting(field, reader(json.loads(held.text("value")))))
        except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
            record.notes.append(f"The property {name[:80]!r} cannot be read.")


def _fitting(field: str, value: Any) -> Any:
    """Return a value, unless its field takes only some."""
    is_no_status = field == "status" and value not in ("", "cancelled", "active", "development", "archived")
    if is_no_status or (field == "occurrence" and value and parse_moment(value) is None):
        raise ValueError(field)
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, Moment):
        return {"instant": value.instant.isoformat(), "zone": value.zone, "all_day": value.all_day}
    if isinstance(value, Person | Topic | ExternalResource):
        return {known.name: getattr(value, known.name) for known in fields(value)}
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value


def _texts(value: Any) -> list[str]:
    return [_text(item) for item in _list(value)]


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(value)
    return value


def _number(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(value)
    return float(value)


def _whole(value: Any) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or abs(value) > 10**9):
        raise TypeError(value)
    return value


def _moment(value: Any) -> Moment | None:
    if value is None:
        return None
    instant = datetime.fromisoformat(_text(value["instant"]))
    zone = _text(value["zone"])
    if instant.tzinfo is None or zone_name(zone) != zone:
        raise ValueError(zone)
    return Moment(instant.astimezone(UTC), zone, value["all_day"] is True)


def _objects(kind: Callable[..., Any], *names: str) -> Callable[[Any], list[Any]]:
    def read(value: Any) -> list[Any]:
        return [kind(*(_text(item[name]) for name in names)) for item in _list(value)]

    return read


_READERS: Mapping[str, Callable[[Any], Any]] = {
    "str": _text,
    "list[str]": _texts,
    "float | None": _number,
    "int | None": _whole,
    "Moment | None": _moment,
    "list[Person]": _objects(Person, "name", "orcid"),
    "list[Topic]": _objects(Topic, "label", "iri"),
    "list[ExternalResource]": _objects(ExternalResource, "title", "url"),
}
