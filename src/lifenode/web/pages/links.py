"""Addresses of the pages about one gene or term."""

from __future__ import annotations

from urllib.parse import quote, urlencode


def gene_page(gene_id: str, organism: str) -> str:
    """Return the address of a gene."""
    return f"/gene/{quote(gene_id, safe='')}?{urlencode({'organism': organism})}"


def term_page(term_id: str, organism: str) -> str:
    """Return the address of a term."""
    return f"/term/{quote(term_id, safe='')}?{urlencode({'organism': organism})}"


def twin_page(kind: str, name: str, organism: str, format_: str) -> str:
    """Return the address of the data of a gene or term."""
    return f"/{kind}/{quote(name, safe='')}.{format_}?{urlencode({'organism': organism})}"
