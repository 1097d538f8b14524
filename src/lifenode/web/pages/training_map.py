"""Where events take place: longitude against latitude, drawn by ourselves without tiles or borders of others."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from lifenode.training.portal import Portal
from lifenode.training.records import Event
from lifenode.training.search_question import Question
from lifenode.web.pages.frame import render
from lifenode.web.pages.training_portal import address, at_work, question_of

_WIDTH, _HEIGHT, _EDGE = 960.0, 520.0, 36.0
_LEAST_SPAN = 12.0
_STEPS = (1, 2, 5, 10, 15, 30, 45)
_MOST_LABELS = 24


def install(app: FastAPI) -> None:
    """Add the route."""
    app.add_route("/training/map", _page, methods=["GET"], include_in_schema=False)


async def _page(request: Request) -> Response:
    question = replace(question_of(request, "event"), page=1)
    return render(request, "training_map.html", **await at_work(request, _view, question))


def _view(portal: Portal, question: Question) -> dict[str, Any]:
    found = portal.search(question, most_values=0)
    places: dict[tuple[float, float], dict[str, Any]] = {}
    without = 0
    for listed in portal.each([int(one) for one in found.ids]):
        event = listed.record
        if not isinstance(event, Event) or event.latitude is None or event.longitude is None:
            without += 1
            continue
        key = (round(event.latitude, 2), round(event.longitude, 2))
        place = places.setdefault(key, {"events": [], "names": [], "latitude": key[0], "longitude": key[1]})
        place["events"].append({"title": event.title, "href": listed.path})
        place["names"] += [", ".join(part for part in (event.city, event.country) if part)]
    drawn = sorted(places.values(), key=lambda place: -len(place["events"]))
    for number, place in enumerate(drawn):
        names = [name for name in place["names"] if name]
        place["name"] = max(names, key=names.count) if names else f"{place['latitude']:g}, {place['longitude']:g}"
        place["id"] = f"place-{number}"
    return {
        "places": drawn,
        "total": found.total,
        "without": without,
        "picture": _picture(drawn) if drawn else None,
        "list": address("/training/events", question),
    }


def _picture(places: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return where each mark, line and label is; degrees of longitude shrink with the latitude in the middle."""
    south, north = _span([place["latitude"] for place in places], 90.0)
    west, east = _span([place["longitude"] for place in places], 180.0)
    narrow = math.cos(math.radians((south + north) / 2))
    scale = min((_WIDTH - 2 * _EDGE) / ((east - west) * narrow), (_HEIGHT - 2 * _EDGE) / (north - south))
    middle_x, middle_y = (west + east) / 2, (south + north) / 2

    def x(longitude: float) -> float:
        return round(_WIDTH / 2 + (longitude - middle_x) * narrow * scale, 1)

    def y(latitude: float) -> float:
        return round(_HEIGHT / 2 - (latitude - middle_y) * scale, 1)

    half_width, half_height = _WIDTH / 2 / (narrow * scale), _HEIGHT / 2 / scale
    marks = [
        {
            **place,
            "x": x(place["longitude"]),
            "y": y(place["latitude"]),
            "radius": round(4 + 3 * math.sqrt(len(place["events"])), 1),
            "labelled": number < _MOST_LABELS,
            "left": x(place["longitude"]) > _WIDTH * 0.8,
        }
        for number, place in enumerate(places)
    ]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "marks": marks,
        "parallels": [
            (y(at), _named(at, "N", "S")) for at in _lines(middle_y - half_height, middle_y + half_height, 90)
        ],
        "meridians": [
            (x(at), _named(at, "E", "W")) for at in _lines(middle_x - half_width, middle_x + half_width, 180)
        ],
    }


def _span(degrees: Sequence[float], limit: float) -> tuple[float, float]:
    low, high = min(degrees), max(degrees)
    short = max(0.0, _LEAST_SPAN - (high - low)) / 2
    return max(-limit, low - short), min(limit, high + short)


def _lines(low: float, high: float, limit: int) -> list[int]:
    step = next((step for step in _STEPS if (high - low) / step <= 8), _STEPS[-1])
    first = math.ceil(max(low, -limit) / step) * step
    return list(range(first, math.floor(min(high, limit)) + 1, step))


def _named(degrees: int, positive: str, negative: str) -> str:
    return f"{abs(degrees)}°{positive if degrees > 0 else negative if degrees < 0 else ''}"
