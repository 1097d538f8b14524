"""Colours of sources as CSS, made from the one table that the pictures use too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lifenode.enrichment.palette import SOURCE_COLOURS, SPARE_COLOURS, source_colours


def source_classes(sources: Iterable[str]) -> dict[str, str]:
    """Return the CSS class of each of the `sources` of one answer; the colours are those of `source_colours`."""
    colours = source_colours(sources)
    return {name: _class(name, colour) for name, colour in colours.items()}


def stylesheet() -> str:
    """Return the rules that set ``--source`` for every class."""
    rules = [f".{_class(name, colour)}{_rule(colour)}" for name, colour in SOURCE_COLOURS.items()]
    rules += [f".{_spare(colour)}{_rule(colour)}" for colour in SPARE_COLOURS]
    return "\n".join(rules) + "\n"


def _class(name: str, colour: str) -> str:
    known = name in SOURCE_COLOURS
    return f"source-{re.sub('[^a-z0-9]+', '-', name.lower())}" if known else _spare(colour)


def _spare(colour: str) -> str:
    return f"source-own-{SPARE_COLOURS.index(colour)}"


def _rule(colour: str) -> str:
    # On a dark ground the deeper colours are lifted, all by the same share, so that they keep their distances.
    return f"{{--source:light-dark({colour},color-mix(in oklab,{colour} 72%,white))}}"
