"""What a Manhattan picture says in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from lifenode.enrichment.manhattan_layout import Facet, Layout
from lifenode.enrichment.manhattan_pins import Pinned
from lifenode.table import Table

_TITLE_NAME = 60
_SEVERAL = 2


@dataclass(frozen=True)
class Words:
    """The texts of a picture.

    Attributes
    ----------
    title, subtitle
        The finding, and how it was come by.
    empty
        Why there is nothing to see and what to try; empty otherwise.
    legend
        How to read dots and numbers.
    footer
        Where the numbers come from.
    """

    title: str
    subtitle: str
    empty: str
    legend: str
    footer: str


def words(result: Table, layout: Layout, pinned: list[Pinned], chosen: bool) -> Words:
    """Return the texts for a picture; `chosen` says that the caller picked the terms to number."""
    significant = int(np.count_nonzero(result["significant"]))
    kind = "depleted" if _parameter(result, "underrepresented") else "enriched"
    return Words(
        title=_title(result, layout, pinned, significant, kind),
        subtitle=" · ".join(_subtitle(result)),
        empty="" if significant else _empty(result, kind),
        legend=" ".join(_legend(result, layout, pinned, chosen)),
        footer=_footer(result, layout),
    )


def _title(result: Table, layout: Layout, pinned: list[Pinned], significant: int, kind: str) -> str:
    lists = len(layout.facets) + layout.queries_left_out
    if lists >= _SEVERAL:
        return f"{_count(significant, f'{kind} term')} in {lists} lists" if significant else f"No {kind} terms"
    strongest = next((pin for pin in pinned if any(result["significant"][row] for row in pin.rows.values())), None)
    if not significant or strongest is None:
        return f"{_count(significant, f'{kind} term')}" if significant else f"No {kind} terms"
    name = shortened(strongest.name or strongest.term_id, _TITLE_NAME)
    # mRNA and tRNA keep their small letter.
    name = name if name[1:2].isupper() else name[:1].upper() + name[1:]
    if significant == 1:
        return f"{name} is the only {kind} term"
    return f"{name} leads {significant:,} {kind} terms"


def _subtitle(result: Table) -> list[str]:
    meta = result.meta
    parts = []
    counts = [facts.get("accounting", {}) for facts in meta.get("queries", {}).values()]
    if len(counts) == 1 and "mapped" in counts[0]:
        parts.append(f"{counts[0]['mapped']:,} of {_count(counts[0]['input'], 'identifier')} mapped")
    parts += [str(meta[key]) for key in ("scientific_name",) if meta.get(key)]
    method = meta.get("correction", {})
    if method:
        parts.append(f"p adjusted by {method.get('method')}, threshold {method.get('threshold')}")
    if _parameter(result, "ordered"):
        parts.append("ordered list")
    domain = _DOMAINS.get(str(meta.get("background", {}).get("domain")))
    return parts + ([domain] if domain else [])


_DOMAINS = {
    "annotated": "compared with the annotated genes of each source",
    "known": "compared with all known genes",
    "custom": "compared with an own background",
    "custom_annotated": "compared with the annotated genes of an own background",
}


def _empty(result: Table, kind: str) -> str:
    method = result.meta.get("correction", {})
    limit = f" at {method['threshold']:g} ({method['method']})" if "threshold" in method else ""
    tested = sum(int(facts.get("testable_terms") or 0) for facts in result.meta.get("sources", {}).values())
    whole = f"None of {tested:,} tested terms is {kind}{limit}." if tested else f"No term is {kind}{limit}."
    if len(result):
        return f"{whole}\nThe faint dots are the terms that did not pass."
    return f"{whole}\nTo see how near the terms come, ask for all results; or try a longer list or other sources."


def _legend(result: Table, layout: Layout, pinned: list[Pinned], chosen: bool) -> list[str]:
    if not any(len(facet.rows) for facet in layout.facets):
        return []
    sentences = ["Dot size: genes in the term, on a logarithmic scale."]
    if not all(facet.significant.all() for facet in layout.facets):
        sentences.append("Faint: not significant.")
    drivers = result["highlighted"] if "highlighted" in result else np.zeros(0, dtype=bool)
    if drivers.any() and not chosen:
        count = len({*result["term_id"][drivers].tolist()})
        sentences.append(f"Numbered: driver terms ({count} in all), and the strongest terms of other sources.")
    elif pinned and not chosen:
        each = "source and list" if len(layout.facets) > 1 else "source"
        sentences.append(f"Numbered: the strongest terms of each {each}.")
    return sentences


def _footer(result: Table, layout: Layout) -> str:
    meta = result.meta
    pack = meta.get("pack") or {}
    parts = [f"lifenode {meta['lifenode']}" if "lifenode" in meta else "lifenode"]
    parts += [str(pack["name"])] if "name" in pack else []
    if layout.queries_left_out:
        parts.append(f"{_count(layout.queries_left_out, 'further list')} not drawn")
    return " · ".join(parts)


def _parameter(result: Table, name: str) -> Any:
    return result.meta.get("parameters", {}).get(name)


def cap_note(facet: Facet, cap: float) -> str:
    """Explain the dashed line of a facet."""
    return f"{_count(facet.above(cap), 'term')} above {cap:g}, drawn at this line"


def shortened(text: str, width: int) -> str:
    """Return `text` in at most `width` characters, cut at a word where one ends near."""
    if len(text) <= width:
        return text
    cut = text[: width - 1]
    space = cut.rfind(" ")
    return (cut[:space] if space > width * 0.7 else cut).rstrip(" ,;-") + "…"


def p_text(p: float, height: float) -> str:
    """Write an adjusted p for reading; from its -log10 where it underflows."""
    if p >= 1e-3:
        return f"{p:.2g}"
    if p > 1e-300:
        return f"{p:.1e}"
    exponent = int(np.ceil(height))
    mantissa = round(10 ** (exponent - height), 1)
    return f"{mantissa:.1f}e-{exponent}" if mantissa < 10 else f"1.0e-{exponent - 1}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
