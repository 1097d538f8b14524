"""What the page of a colocalisation shows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import polars as pl

import lifenode
from lifenode.eqtl.coloc_at_locus import LocusColoc
from lifenode.eqtl.coloc_posteriors import HYPOTHESES
from lifenode.eqtl.gwas_region import GwasRegion
from lifenode.eqtl.plot_picture import Plot
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.eqtl_locus_page import shown_plot, variant_cell
from lifenode.web.pages.numbers import plural
from lifenode.web.pages.recipes import Recipe

EXAMPLE_NAME = "LDL cholesterol"
_ROWS = 200
_LIKELY = 0.8
_SHORT = ("neither", "first only", "second only", "both, differ", "both, same")
_WORDS = {
    "chromosome": "chromosome", "position": "position", "alt": "effect allele", "ref": "other allele",
    "beta": "effect", "odds_ratio": "odds ratio", "se": "SE", "pvalue": "p", "nlog10p": "-log10 p",
    "frequency": "allele frequency", "n": "sample size", "rsid": "rsid",
}  # fmt: skip
_PYTHON = {
    "gene": "gene", "region": "region", "second_gene": "with_gene", "second_trait": "with_trait",
    "trait": "molecular_trait", "kind": "kind", "name": "name", "p1": "p1", "p2": "p2", "p12": "p12",
}  # fmt: skip

_FLAGS = ("gene", "region", "kind", "p1", "p2", "p12")


def shown_coloc(found: LocusColoc, pair: str, plots: Mapping[str, Plot]) -> dict[str, Any]:
    """Return a comparison as the template shows it.

    Parameters
    ----------
    found
        The comparison.
    pair
        Row that the plots show.
    plots
        ``mirrored``, ``compare`` and ``sensitivity``.
    """
    keys = found.keys()
    row = {column.name: found.table[column.name][keys.index(pair)] for column in found.table.columns}
    result = found.pair(pair).result
    likely = max(range(len(HYPOTHESES)), key=lambda h: float(row[f"pp_h{h}"]))
    return {
        "headline": _headline(found, row, likely),
        "pair": pair,
        "name": f"{row['gene'] or row['molecular_trait_id']} in {row['dataset']}",
        "second": found.second.dataset,
        "posteriors": [(f"H{h} {_SHORT[h]}", float(row[f"pp_h{h}"]), what) for h, what in enumerate(HYPOTHESES)],
        "likely": likely,
        "warnings": found.warnings(pair),
        "plots": {
            name: shown_plot(plot, 480.0) if name == "compare" else shown_plot(plot) for name, plot in plots.items()
        },
        "rows": [_row(found, number, key) for number, key in enumerate(keys[:_ROWS])],
        "total": len(found.table),
        "has_traits": any(found.table["molecular_trait_id"] != found.table["gene_id"]),
        "has_signals": found.second.fine_mapped or any(one.fine_mapped for one in found.traits.values()),
        "likely_pairs": int((found.table["pp_h4"] >= _LIKELY).sum()),
        "gwas": _gwas(found.gwas) if found.gwas else None,
        "nsnps": result.nsnps,
        "set_size": len(result.credible_set()),
        "facts": _facts(found, result.notes),
        "cite": f"lifenode {lifenode.__version__}. Giambartolomei et al. 2014, doi:10.1371/journal.pgen.1004383; "
        "Wallace 2020, doi:10.1371/journal.pgen.1008720; eQTL Catalogue, doi:10.1038/s41588-021-00924-w.",
    }


def _headline(found: LocusColoc, row: Mapping[str, Any], likely: int) -> str:
    name, second = row["gene"] or row["molecular_trait_id"], found.second.dataset
    said = {
        4: f"{name} and {second} share a causal variant",
        3: f"{name} and {second} have different causal variants",
        2: f"Only {second} has a causal variant here",
        1: f"Only {name} has a causal variant here",
        0: f"Neither {name} nor {second} has a causal variant here",
    }
    return f"{said[likely]}: H{likely} {_probability(float(row[f'pp_h{likely}']))}"


def _probability(value: float) -> str:
    return "> 0.999" if value > 0.9995 else f"{value:.3f}"


def _row(found: LocusColoc, number: int, key: str) -> dict[str, Any]:
    table = found.table
    signals = table["signal_1"][number], table["signal_2"][number]
    trait, gene = table["molecular_trait_id"][number], table["gene"][number]
    place = {"trait": trait, "dataset": table["dataset_id"][number], "region": str(found.region)}
    hit = table["hit_1"][number]
    rows = found.traits[f"{table['dataset_id'][number]}|{trait}"].rows
    shown: dict[str, Any] = {
        "key": key,
        "gene": {"text": gene or trait, "href": f"/eqtl/locus?{urlencode(place)}" if rows.height else ""},
        "trait": trait if trait != table["gene_id"][number] else None,
        "dataset": {"text": table["dataset"][number], "title": table["dataset_id"][number]},
        "signal": " x ".join("one" if at is None or at != at else f"L{int(at)}" for at in signals),
        "nsnps": {"text": f"{int(table['nsnps'][number]):,}", "sort": int(table["nsnps"][number])},
        "hit": variant_cell(hit, _rsid(rows, hit)),
        "overlap": {
            "text": f"{min(table['overlap_1'][number], table['overlap_2'][number]):.2f}",
            "title": f"{table['overlap_1'][number]:.3f} and {table['overlap_2'][number]:.3f}",
        },
    }
    return shown | {f"h{h}": _posterior_cell(float(table[f"pp_h{h}"][number])) for h in range(len(HYPOTHESES))}


def _rsid(rows: pl.DataFrame, variant: str) -> str:
    """Return the rsid that associations have a variant under, or nothing."""
    known = rows.filter(pl.col("variant") == variant)["rsid"].drop_nulls().to_list() if rows.height else []
    return str(known[0]) if known else ""


def _posterior_cell(value: float) -> dict[str, Any]:
    """Return the cell of a posterior, in digits that line up."""
    return {"text": f"{value:.3f}" if value >= 5e-4 else "< 0.001", "sort": value, "title": repr(value)}


def _gwas(gwas: GwasRegion) -> dict[str, Any]:
    return {
        "rows": gwas.rows.height,
        "columns": [(_WORDS.get(value, value), name) for value, name in gwas.columns.items()],
        "findings": [f"{one.count:,} {one.action}: {one.meaning}" for one in gwas.findings],
        "notes": list(gwas.notes),
        "place": f"chr{gwas.chromosome}:{gwas.start:,}-{gwas.end:,}",
    }


def _facts(found: LocusColoc, notes: tuple[str, ...]) -> list[tuple[str, str]]:
    priors = found.priors
    return [
        (
            "Method",
            "coloc: approximate Bayes factors, at most one causal variant a signal; fine-mapped signals by bf_bf",
        ),
        ("Priors", f"p1 {priors.p1:g} (first alone), p2 {priors.p2:g} (second alone), p12 {priors.p12:g} (both)"),
        ("Compared", plural(int(found.table.meta["compared"]), "trait")),
        ("Left out", "; ".join(found.table.meta["notes"])),
        ("Assumed", "; ".join(notes)),
        ("Hypotheses", "; ".join(f"H{h}: {what}" for h, what in enumerate(HYPOTHESES))),
        ("Software", f"lifenode {lifenode.__version__}"),
    ]


def coloc_recipes(asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
    """Return the ways to have the same by Python, the shell and curl."""
    names = str(asked.get("dataset") or "").replace(",", " ").split()
    numbers = {name: str(asked[name]).replace(",", "") for name in ("n", "sd") if asked.get(name)}
    second = str(asked.get("second") or "")
    own, example = bool(asked.get("gwas")), second.startswith("example")
    given = "open('gwas.tsv').read()" if own else "example_gwas()"
    options = [f"gwas={given}" if own or example else f"with_dataset={second!r}"]
    options += [f"{name}={asked[field]!r}" for field, name in _PYTHON.items() if asked.get(field)]
    options += [f"dataset={names!r}"] if names else []
    options += [f"{name}={value}" for name, value in numbers.items()]
    lines = ["from lifenode.eqtl import Catalogue, coloc_locus"]
    lines += ["from lifenode.eqtl.gwas_region import example_gwas"] if example and not own else []
    lines += [
        "",
        f"found = coloc_locus(Catalogue(), {', '.join(options)})",
        "found.mirrored_plot().save('mirrored.svg')",
    ]
    recipes = [Recipe("Python", "\n".join(lines))]
    if not example or own:
        words = ["gwas.tsv"] if own else ["--with-dataset", second]
        flags = {"second_gene": "--with-gene", **{name: f"--{name}" for name in _FLAGS}}
        words += [word for field, flag in flags.items() if asked.get(field) for word in (flag, str(asked[field]))]
        words += [word for name in names for word in ("--dataset", name)]
        words += [word for name, value in numbers.items() for word in (f"--{name}", value)]
        recipes.append(
            Recipe("Shell", shlex.join(["lifenode", "eqtl", "coloc-locus", *words, "--plot", "mirrored.svg"]))
        )
    return [*recipes, Recipe("curl", _curl(asking, own=own))]


def _curl(asking: Asking, *, own: bool) -> str:
    pairs = [(name, text) for name, text in asking.form.pairs if name not in ("gwas", "pair")]
    if not own:
        return shlex.join(["curl", "-s", f"{asking.base}/eqtl/coloc.tsv?{urlencode(pairs, quote_via=quote)}"])
    words = ["curl", "-s", f"{asking.base}/eqtl/coloc.tsv", "--data-urlencode", "gwas@gwas.tsv"]
    return shlex.join(words + [word for name, text in pairs for word in ("--data-urlencode", f"{name}={text}")])
