"""What the page of a gene shows."""

from __future__ import annotations

from collections import Counter
from typing import Any
from urllib.parse import urlencode

import lifenode
from lifenode.genes.about_gene import AboutGene, GeneOrtholog, GeneTerm, GeneVariant, about_gene
from lifenode.genes.evidence import in_words
from lifenode.genes.find_gene import find_gene
from lifenode.packs.pack import Pack, open_pack
from lifenode.web.pages.colours import source_classes
from lifenode.web.pages.convert import NAMESPACE_WORDS
from lifenode.web.pages.links import gene_page, term_page, twin_page
from lifenode.web.pages.numbers import count, plural
from lifenode.web.pages.outside import gene_address

_STRANDS = {1: "forward strand", -1: "reverse strand", 0: ""}
_CREDITED = ("genes", "identifiers", "orthologs", "variants")
_MOST_VARIANTS = 500


def view(organism: str, gene_id: str) -> dict[str, Any]:
    """Return a gene as the template shows it."""
    pack = open_pack(organism)
    found = find_gene(pack, gene_id)
    about = about_gene(pack, found if isinstance(found, int) else found[0])
    classes = source_classes(pack.annotations().sources)
    stated = Counter(one.source for one in about.terms)
    variants = about.variants or ()
    return {
        "gene_id": about.gene_id,
        "title": about.symbol or about.gene_id,
        "name": about.name,
        "organism": organism,
        "scientific_name": pack.scientific_name,
        "outside": gene_address("ENSG", about.gene_id) if "ENSG" in about.identifiers else "",
        "facts": _facts(about),
        "place": about.place,
        "identifiers": _identifiers(about),
        "sources": [(name, classes[name], stated[name]) for name in classes if stated[name]],
        "terms": [_term(one, organism, classes) for one in about.terms],
        "broader": about.broader,
        "codes": [(code, in_words(code)) for code in sorted({code for one in about.terms for code in one.evidence})],
        "orthologs": [_ortholog(one) for one in sorted(about.orthologs, key=_by_organism)],
        "ortholog_organisms": len({one.organism for one in about.orthologs}),
        "variants": [_variant(one) for one in variants[:_MOST_VARIANTS]],
        "variants_in_all": len(variants),
        "variants_known": about.variants is not None,
        "variant_source": pack.sources["variants"].name if "variants" in pack.sources else "",
        "asked": urlencode({"query": about.place, "organism": organism}) if about.place else "",
        "origin": _origin(pack),
        "twins": [
            (format_.upper(), twin_page("gene", about.gene_id, organism, format_)) for format_ in ("tsv", "csv", "json")
        ],
    }


def _facts(about: AboutGene) -> list[tuple[str, str]]:
    facts = [("Kind", about.biotype.replace("_", " "))]
    if about.place:
        where = f"{about.chromosome}:{count(about.start)}-{count(about.end)}"
        based = "1-based, both ends included"
        facts.append(("Position", f"{where} ({', '.join(filter(None, (about.assembly, based)))})"))
        facts.append(("Strand", _STRANDS[about.strand]))
        facts.append(("Length", f"{count(about.end - about.start + 1)} bp"))
    else:
        facts.append(("Position", "not in this release"))
    if not about.primary:
        facts.append(("Assembly", "not on the primary assembly: a copy on an alternate contig or patch"))
    return facts


def _identifiers(about: AboutGene) -> list[tuple[str, list[dict[str, str]]]]:
    return [
        (NAMESPACE_WORDS.get(space, space), [{"text": text, "href": gene_address(space, text)} for text in texts])
        for space, texts in about.identifiers.items()
    ]


def _term(one: GeneTerm, organism: str, classes: dict[str, str]) -> dict[str, Any]:
    codes = ", ".join(one.evidence)
    return {
        "source": {"text": one.source, "class": f"with-dot {classes[one.source]}"},
        "term_id": {"text": one.term_id, "href": term_page(one.term_id, organism)},
        "name": one.name,
        "evidence": {"text": codes, "title": "; ".join(map(in_words, one.evidence))} if codes else None,
        "size": {"text": count(one.size), "sort": one.size},
    }


def _by_organism(one: GeneOrtholog) -> tuple[bool, str]:
    return not one.has_pack, one.scientific_name


def _ortholog(one: GeneOrtholog) -> dict[str, Any]:
    support = plural(len(one.support), "database") if one.source == "HCOP" else "its group"
    return {
        "organism": one.scientific_name,
        "symbol": one.symbol,
        "name": one.name,
        "gene_id": {"text": one.gene_id, "href": gene_page(one.gene_id, one.organism) if one.has_pack else ""},
        "source": one.source,
        "support": {"text": f"{support}: {', '.join(one.support)}", "sort": len(one.support)},
    }


def _variant(one: GeneVariant) -> dict[str, Any]:
    place = f"{one.chromosome}:{one.start}-{one.end}"
    return {
        "rsid": {"text": one.rsid or place, "href": f"/variants?{urlencode({'query': one.rsid or place})}"},
        "place": {"text": f"{one.chromosome}:{count(one.start)}", "sort": one.start},
        "alleles": one.alleles or None,
        "consequences": ", ".join(one.consequences).replace("_", " ") or None,
    }


def _origin(pack: Pack) -> list[tuple[str, str]]:
    facts = [("Data", f"{pack.name}, SHA-256 {pack.fingerprint[:16]}")]
    for key in _CREDITED:
        if key in pack.sources:
            source = pack.sources[key]
            facts.append((key.capitalize(), f"{source.version}. {source.licence}"))
    return [*facts, ("Software", f"lifenode {lifenode.__version__}")]
