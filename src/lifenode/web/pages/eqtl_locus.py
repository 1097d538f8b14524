"""A locus on a page: associations along a stretch of a chromosome, data set by data set."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import FastAPI

import lifenode
from lifenode.eqtl.locus_data import Locus, Panel
from lifenode.eqtl.locus_found import MOST_BASES, locus
from lifenode.eqtl.locus_genes import ORGANISM
from lifenode.eqtl.plot_locus import locus_plot
from lifenode.eqtl.plot_picture import Plot
from lifenode.eqtl.plot_points import points_table
from lifenode.errors import InvalidOption
from lifenode.settings import settings
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, Field
from lifenode.web.api.kinds import Choice, Names, Text
from lifenode.web.api.services import Service
from lifenode.web.compat.eqtl_wire import catalogue
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.eqtl_locus_page import (
    MOST_CHIPS,
    PicturePage,
    dataset_choices,
    names_in,
    number_cell,
    p_cell,
    refused_names,
    shown_plot,
    variant_cell,
)
from lifenode.web.pages.forms import Form
from lifenode.web.pages.links import gene_page
from lifenode.web.pages.recipes import Recipe

EXAMPLE_DATASET = "QTD000085"
"""Data set of the starter catalogue that the examples of the pages ask."""

_ROWS = 50
_MOST_PANELS = 8
_MANY_HELD = 8
_LEAST = 2_000
_MOST_OTHERS = 12
_FIELDS = (
    Field("gene", Text(), "Symbol, alias or Ensembl id."),
    Field(
        "region", Text(), "Stretch of a chromosome, 1-based, both ends inside, GRCh38.", example="5:75300000-75400000"
    ),
    Field("dataset", Names(), "Data sets, one a panel; by default the first four that have the gene."),
    Field("trait", Text(), "Molecular trait; by default the one with the smallest p-value."),
    Field("colour", Choice("pip", "ld"), "By posterior probability to be causal, or by r2 with the lead."),
    *PRESENTATION,
)


def found_locus(asked: Mapping[str, Any]) -> Locus:
    """Return the locus that is asked for."""
    names = names_in(asked.get("dataset"))
    if len(names) > _MOST_PANELS:
        raise InvalidOption(
            f"dataset names {len(names)} data sets.", value=len(names), next_step=f"Choose at most {_MOST_PANELS}."
        )
    refused_names(catalogue(), names)
    config = settings()
    return locus(
        catalogue(), asked.get("gene"), region=asked.get("region"), dataset=names, molecular_trait=asked.get("trait"),
        recombination=config.eqtl_recombination_map or None, ld=config.eqtl_ld_table or None,
    )  # fmt: skip


def plot_of(asked: Mapping[str, Any], found: Locus) -> Plot:
    """Return the plot of a locus as it is asked for."""
    return locus_plot(found, colour=asked.get("colour", "pip"))


def locus_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the values behind the plot."""
    return answer_with(plot_of(asked, found_locus(asked)).table, format_, asked)


def locus_picture(asked: Mapping[str, Any], ending: str) -> bytes:
    """Return the plot as a file."""
    return plot_of(asked, found_locus(asked)).to_bytes(ending)


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    found = found_locus(asked)
    plot = plot_of(asked, found)
    points = points_table(found.panels).sort("nlog10p", descending=True, maintain_order=True)
    names = {panel.dataset_id: panel.name for panel in found.panels}
    return {
        "headline": headline(found),
        "gene": found.gene.gene_id if found.gene else "",
        "symbol": found.gene.name if found.gene else "",
        "about": gene_page(found.gene.gene_id, ORGANISM) if found.gene and found.gene.end else "",
        "plot": shown_plot(plot),
        "region": str(found.region),
        "moves": _moves(asked, found),
        "rows": [_row(row, names) for row in points.head(_ROWS).iter_rows(named=True)],
        "total": points.height,
        "has_ld": found.has_ld,
        "several": len(found.panels) > 1,
        "others": [_others(asked, panel) for panel in found.panels if panel.others],
        "unavailable": dict(found.unavailable),
        "facts": _facts(found),
        "cite": f"lifenode {lifenode.__version__}; eQTL Catalogue, Kerimov et al. 2021, "
        "doi:10.1038/s41588-021-00924-w, and the study of each data set.",
        "shown": [panel.dataset_id for panel in found.panels],
    }


def headline(found: Locus) -> str:
    """Return what the strongest association is, in a sentence."""
    panels = [panel for panel in found.panels if panel.lead is not None]
    if not panels:
        return f"Nothing is known at {found.subject}"
    best = max(panels, key=lambda panel: panel.points["nlog10p"].max() or 0.0)
    row = best.points.row(best.lead or 0, named=True)
    name = str(row["rsid"]).split(",")[0] or row["variant"]
    symbols = {gene.gene_id: gene.name for gene in found.genes}
    subject = found.gene.name if found.gene else symbols.get(best.gene_id, best.gene_id or best.trait)
    return f"{name} leads at {subject}, p {p_cell(row['nlog10p'])['text']} in {best.name}"


def _row(row: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "variant": variant_cell(row["variant"], row["rsid"]),
        "position": {"text": f"{row['position']:,}", "sort": row["position"]},
        "dataset": {"text": names[row["dataset_id"]], "title": row["dataset_id"]},
        "p": p_cell(row["nlog10p"]),
        "beta": number_cell(row["beta"]),
        "se": number_cell(row["se"]),
        "maf": number_cell(row["maf"], ".3f"),
        "pip": number_cell(row["pip"]),
        "set": row["credible_set"] or None,
        "r2": number_cell(row["r2_lead"], ".2f"),
    }


def _moves(asked: Mapping[str, Any], found: Locus) -> list[tuple[str, str]]:
    """Return the addresses of stretches beside and around this one."""
    start, end = found.region.start, found.region.end
    width = end - start
    steps = {
        "Left": (start - width // 2, end - width // 2),
        "Right": (start + width // 2, end + width // 2),
        "Zoom in": (start + width // 4, end - width // 4) if width > 2 * _LEAST else None,
        "Zoom out": (start - width // 2, end + width // 2) if 2 * width < MOST_BASES else None,
    }
    shown = ",".join(panel.dataset_id for panel in found.panels)
    kept = {name: asked[name] for name in ("gene", "trait", "colour") if asked.get(name)} | {"dataset": shown}
    return [
        (word, _address(kept | {"region": f"{found.region.chromosome}:{max(place[0], 1)}-{place[1]}"}))
        for word, place in steps.items()
        if place is not None
    ]


def _others(asked: Mapping[str, Any], panel: Panel) -> dict[str, Any]:
    """Return links to the further traits of a data set."""
    kept = {name: asked[name] for name in ("region", "colour") if asked.get(name)} | {"dataset": panel.dataset_id}
    return {
        "name": panel.name,
        "shown": panel.trait,
        "links": [(trait, _address(kept | {"trait": trait})) for trait, _ in panel.others[:_MOST_OTHERS]],
        "more": max(len(panel.others) - _MOST_OTHERS, 0),
    }


def _address(fields: Mapping[str, str]) -> str:
    return f"/eqtl/locus?{urlencode(fields)}"


def _facts(found: Locus) -> list[tuple[str, str]]:
    config = settings()
    releases = catalogue().datasets([panel.dataset_id for panel in found.panels]).to_polars()["release"].unique()
    return [
        ("Release", ", ".join(sorted(str(one) for one in releases.drop_nulls()))),
        ("Positions", "1-based, GRCh38; effects are of the alternative allele"),
        ("p-values", "as in the data set; where 0, -log10 p is computed from beta / SE"),
        *[(panel.dataset_id, panel.pip_source) for panel in found.panels],
        ("PIP", "where there is no fine mapping: W = (0.15 sdY)², p1 1e-4, doi:10.1002/gepi.20359"),
        ("Crossovers", "cM/Mb, from the node's map" if config.eqtl_recombination_map else "no map on this node"),
        ("LD", "r² from the node's table" if config.eqtl_ld_table else "no table on this node"),
        ("Software", f"lifenode {lifenode.__version__}"),
    ]


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    held = dataset_choices(catalogue())
    return {
        "datasets": [(key, text, "") for key, text in held] if len(held) <= MOST_CHIPS else [],
        "chosen": names_in(",".join(form.all("dataset"))),
        "held": len(held),
        "ld": bool(settings().eqtl_ld_table),
        "example": EXAMPLE_DATASET in dict(held),
    }


def is_large(asked: Mapping[str, Any]) -> bool:
    """Return whether several data sets have to be read."""
    names = names_in(asked.get("dataset"))
    return len(names) > 1 or (not names and len(catalogue().datasets()) > _MANY_HELD)


@dataclass(frozen=True)
class LocusPage(PicturePage):
    """The page."""

    def recipes(self, asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
        """Return the ways to have the same elsewhere."""
        own = {name: asked[name] for name in ("gene", "region", "dataset", "trait") if asked.get(name)}
        named = {"trait": "molecular_trait"}
        python = [f"{named.get(name, name)}={_literal(name, value)}" for name, value in own.items()]
        lines = ["from lifenode.eqtl import Catalogue, locus, locus_plot", ""]
        lines.append(f"locus_plot(locus(Catalogue(), {', '.join(python)})).save('locus.svg')")
        words = ["lifenode", "eqtl", "locus"]
        for name, value in own.items():
            for one in names_in(value) if name == "dataset" else [value]:
                words += [f"--{name}", one]
        curl = ["curl", "-s", f"{asking.base}{asking.twin('tsv')}"]
        return [
            Recipe("Python", "\n".join(lines)),
            Recipe("Shell", shlex.join([*words, "--plot", "locus.svg"])),
            Recipe("curl", shlex.join(curl)),
        ]


def _literal(name: str, value: str) -> str:
    return repr(names_in(value)) if name == "dataset" else repr(value)


SERVICE = Service(
    name="eqtl/locus",
    summary="Associations along a stretch of a chromosome",
    fields=_FIELDS,
    work=locus_answer,
    is_large=is_large,
    examples={"gene": {"gene": "HMGCR"}},
)
"""The service."""

PAGE = LocusPage(
    SERVICE, "eqtl_locus.html", view, choices, pictures=("svg", "png", "pdf"), draw=locus_picture,
    asks=("gene", "region", "trait"),
    errors_about={
        "There is no field": "gene", "Neither a gene": "gene", "data set": "dataset", "dataset": "dataset",
        "region": "region", "colour": "colour",
    },
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
