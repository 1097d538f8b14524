"""Where people meet, told from what is written about an event."""

from __future__ import annotations

import re

_ONLINE_IN_TEXT = re.compile(r"(?i)\b(webinar|zoom|ms[_ ]teams|microsoft teams|online workshop)\b")
_ONLINE_IN_VENUE = re.compile(r"(?i)\b(webinar|zoom|teams|online)\b")
_HYBRID = re.compile(r"(?i)\bhybrid\b")
_NOT_HYBRID = re.compile(r"(?i)\bnot\s+(?:an?\s+)?hybrid\b")


def presence_in(description: str, venue: str, *, look_for_hybrid: bool = False) -> str:
    """Return ``hybrid``, ``online``, or nothing where neither is said.

    Parameters
    ----------
    description, venue
        Plain text.
    look_for_hybrid
        Whether the word "hybrid" counts (elsewhere it may be an assembly, a cell or a cloud); "not hybrid" never does.
    """
    text = f"{description} {venue}"
    if look_for_hybrid and _HYBRID.search(_NOT_HYBRID.sub("", text)):
        return "hybrid"
    return "online" if _ONLINE_IN_TEXT.search(description) or _ONLINE_IN_VENUE.search(venue) else ""
