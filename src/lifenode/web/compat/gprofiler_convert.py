"""Conversion and orthologs as g:Profiler answers them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from lifenode.errors import UnknownOrganism
from lifenode.genes.identifiers import DEFAULT_NUMERIC
from lifenode.web.compat.gprofiler_genes import UNKNOWN, Named, conversions
from lifenode.web.compat.gprofiler_meta import version_of
from lifenode.web.compat.gprofiler_request import pack_of

NO_ORTHOLOG = "N/A"

_ORGANISM = re.compile(r"[A-Za-z0-9_-]{1,64}")

_Row = dict[str, Any]
_NOTHING = [Named(UNKNOWN, UNKNOWN, UNKNOWN, "")]


def convert_bytes(
    lists: Mapping[str, list[str]],
    organism: str,
    target: str,
    numeric_ns: str,
    choices: Mapping[str, str],
    *,
    strict: bool,
) -> bytes:
    """Return the answer to a request for conversion.

    Parameters
    ----------
    lists
        Identifiers by name of the list.
    organism, target, numeric_ns, choices, strict
        As in `lifenode.web.compat.gprofiler_genes.conversions`.

    Raises
    ------
    UnknownNamespace, UnknownOrganism, InputError
        What was asked cannot be done.
    """
    rows: list[_Row] = []
    doubtful: dict[str, Any] = {}
    for name, items in lists.items():
        found = conversions(items, organism, target, numeric_ns, choices, strict=strict)
        doubtful |= found.doubtful
        for number, text in enumerate(items, 1):
            named = found.genes.get(text.strip(), _NOTHING)
            for position, (converted, symbol, title, namespaces) in enumerate(named, 1):
                rows.append(
                    {
                        "incoming": text, "converted": converted, "n_incoming": number, "n_converted": position,
                        "name": symbol, "description": title, "namespaces": namespaces, "query": name,
                    }
                )  # fmt: skip
    return orjson.dumps({"result": rows, "meta": _meta(organism, target, doubtful, strict)})


def orthologs_bytes(
    lists: Mapping[str, list[str]],
    organism: str,
    target: str,
    numeric_ns: str,
    choices: Mapping[str, str],
    *,
    strict: bool,
) -> bytes:
    """Return the answer to a request for orthologs; see `convert_bytes`."""
    from lifenode.genes.orthologs import orthologs

    pack = pack_of(organism)
    rows: list[_Row] = []
    doubtful: dict[str, Any] = {}
    for items in lists.values():
        known = conversions(items, organism, "ENSG", numeric_ns, choices)
        doubtful |= known.doubtful
        distinct = [text for text in dict.fromkeys(map(str.strip, items)) if text]
        options: dict[str, Any] = {"numeric_namespace": numeric_ns or DEFAULT_NUMERIC, "choices": choices}
        found = _by_query(orthologs(distinct, pack.path, _organism(target), **options)) if distinct else {}
        for number, text in enumerate(items, 1):
            bare = text.strip()
            common = {
                "incoming": text,
                "n_incoming": number,
                "namespaces": known.genes.get(bare, _NOTHING)[0].namespaces,
            }
            rows += [common | row for row in _numbered(found.get(bare) or [{}])]
    return orjson.dumps({"result": rows, "meta": _meta(organism, target, doubtful, strict)})


def _organism(name: str) -> str:
    """Return `name` if it can be that of an organism, and so is no path."""
    if _ORGANISM.fullmatch(name) is None:
        raise UnknownOrganism(
            f'unknown organism "{name[:80]}".', value=name, next_step="Ask for one such as mmusculus."
        )
    return name


def _by_query(table: Any) -> dict[str, list[_Row]]:
    names = ("query", "gene_id", "ortholog", "ortholog_symbol", "ortholog_name")
    found: dict[str, list[_Row]] = {}
    for values in zip(*(table[name] for name in names), strict=True):
        row = dict(zip(names, values, strict=True))
        found.setdefault(row["query"], []).append(row)
    return found


def _numbered(rows: list[_Row]) -> list[_Row]:
    """Return the rows of one identifier as on the wire; genes and their orthologs are counted from 1."""
    genes: dict[str, int] = {}
    counts: dict[str, int] = {}
    numbered = []
    for row in rows:
        gene = row.get("gene_id") or UNKNOWN
        ortholog = row.get("ortholog") or NO_ORTHOLOG
        genes.setdefault(gene, len(genes) + 1)
        counts[gene] = counts.get(gene, 0) + 1
        numbered.append(
            {
                "converted": gene, "ortholog_ensg": ortholog, "n_converted": genes[gene], "n_result": counts[gene],
                "name": row.get("ortholog_symbol") or ortholog, "description": row.get("ortholog_name") or NO_ORTHOLOG,
            }
        )  # fmt: skip
    return numbered


def _meta(organism: str, target: str, doubtful: Mapping[str, Any], strict: bool) -> dict[str, Any]:
    pack = pack_of(organism)
    return {
        "organism": organism,
        "target": target,
        "version": version_of(pack),
        "lifenode": {
            "pack": {"name": pack.name, "release": pack.release, "sha256": pack.fingerprint},
            "compat": "strict" if strict else "default",
            "ambiguous": dict(doubtful),
        },
    }
