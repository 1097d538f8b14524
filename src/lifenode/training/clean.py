"""Text from other people's pages, made plain."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

_TAG = re.compile(r"<[a-zA-Z/!][^>]*>")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_LINE_ENDS = re.compile(r" ?\n ?")
_MANY_LINES = re.compile(r"\n{3,}")
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_ORCID = re.compile(r"(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?![\d-])", re.ASCII)
_LIST = re.compile(r"[,;]|\n|\s{2,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# fmt: off
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tr", "ul",
))
# fmt: on
_HIDDEN = frozenset(("script", "style", "template", "noscript"))


def plain_text(text: str) -> str:
    """Return text without tags, scripts, entities and control characters; blocks are lines, list items ``* item``."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _TAG.search(text):
        text = _without_tags(text)
    text = html.unescape(text)
    return _MANY_LINES.sub("\n\n", _LINE_ENDS.sub("\n", _BLANKS.sub(" ", text))).strip()


def one_line(text: str) -> str:
    """Return plain text as one line."""
    return " ".join(plain_text(text).split())


def split_list(text: str) -> list[str]:
    """Split a cell on commas, semicolons, lines or wide gaps; blanks are dropped."""
    return unique(part.strip().strip('"').strip() for part in _LIST.split(text))


def unique(values: Iterable[str]) -> list[str]:
    """Return what says something, each once, in order."""
    return list(dict.fromkeys(value for value in values if value))


def doi_of(text: str) -> str:
    """Return the DOI in a text, as it is written without an address; nothing where there is none."""
    found = _DOI.search(text)
    return found[0].rstrip(".,;)") if found else ""


def orcid_of(text: str) -> str:
    """Return the ORCID iD in a text, with hyphens; nothing where there is none."""
    found = _ORCID.search(text)
    return "-".join(found.groups()).upper() if found else ""


def absolute(url: str, base: str) -> str:
    """Return an address as seen from a page; what cannot be resolved stays as it is."""
    try:
        return urljoin(base, url.strip()) if base else url.strip()
    except ValueError:
        return url.strip()


def bullets(items: list[str]) -> str:
    """Return one text as it is, several as a list of lines."""
    return items[0] if len(items) == 1 else "\n".join(f"* {item}" for item in items)


def number(text: str) -> float | None:
    """Return the number a text is; nothing for anything else."""
    try:
        value = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None


def whole_number(text: str) -> int | None:
    """Return the whole number a text begins with (``25 persons``)."""
    found = re.match(r"\s*(\d{1,9})\b", text, re.ASCII)
    return int(found[1]) if found else None


def _without_tags(text: str) -> str:
    try:
        root = lxml_html.fragment_fromstring(text, create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return _TAG.sub(" ", text)
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        _gather(event, element, parts)
    return "".join(parts)


def _gather(event: str, element: etree._Element, parts: list[str]) -> None:
    if event in ("comment", "pi"):
        parts.append(element.tail or "")
        return
    if event == "start":
        if element.tag in _BLOCKS:
            parts.append("\n* " if element.tag == "li" else "\n")
        if element.tag not in _HIDDEN:
            parts.append(element.text or "")
        return
    if element.tag in _BLOCKS and element.tag != "li":
        parts.append("\n")
    parts.append(element.tail or "" if element.getparent() is not None else "")
