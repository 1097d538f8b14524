"""Whether a GWAS, or one more trait, shares its causal variant with the traits of a locus, on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI

from lifenode.eqtl.coloc_at_locus import LocusColoc, coloc_locus
from lifenode.eqtl.gwas_region import example_gwas
from lifenode.eqtl.plot_picture import Plot
from lifenode.errors import InvalidOption
from lifenode.table import Table
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, Field
from lifenode.web.api.kinds import Choice, Names, Number, Text
from lifenode.web.api.services import Service
from lifenode.web.compat.eqtl_wire import catalogue
from lifenode.web.pages.asking import Asking
from lifenode.web.pages.eqtl_coloc_view import EXAMPLE_NAME, coloc_recipes, shown_coloc
from lifenode.web.pages.eqtl_locus import EXAMPLE_DATASET
from lifenode.web.pages.eqtl_locus_page import MOST_CHIPS, PicturePage, dataset_choices, names_in, refused_names
from lifenode.web.pages.forms import Form
from lifenode.web.pages.recipes import Recipe

EXAMPLE = "example-ldl-hmgcr"
"""Second trait that ships with the package."""

_PICTURES = ("mirrored", "compare", "sensitivity")
_WIDTHS = {"compare": 480.0}
_FIELDS = (
    Field("gwas", Text(), "Table of a GWAS at one locus: a header, and a line a variant."),
    Field("second", Text(), "A data set as the second trait, instead of a table."),
    Field("second_gene", Text(), "Gene of that data set; by default the same as `gene`."),
    Field("second_trait", Text(), "Molecular trait of that data set."),
    Field("gene", Text(), "Compare only this gene: symbol, alias or Ensembl id."),
    Field("region", Text(), "Stretch of a chromosome; by default where the GWAS has variants."),
    Field("dataset", Names(), "Data sets of the first traits; by default all."),
    Field("trait", Text(), "Compare only this molecular trait."),
    Field("name", Text(), "What the GWAS is called."),
    Field("kind", Choice("quant", "cc"), "Quantitative trait, or case-control."),
    Field("n", Text(), "Sample size, where the table has none."),
    Field("sd", Text(), "Standard deviation of the trait of the GWAS."),
    Field("p1", Number(), "Prior that a variant is causal for the first trait alone."),
    Field("p2", Number(), "Prior that a variant is causal for the second trait alone."),
    Field("p12", Number(), "Prior that a variant is causal for both."),
    Field("pair", Text(), "Row of the table that the plots show."),
    *PRESENTATION,
)


def found_coloc(asked: Mapping[str, Any]) -> LocusColoc:
    """Return the comparison that is asked for."""
    names = names_in(asked.get("dataset"))
    second = str(asked.get("second") or "")
    gwas, name = asked.get("gwas"), asked.get("name") or "GWAS"
    if gwas is None and second == EXAMPLE:
        gwas, name = example_gwas(), EXAMPLE_NAME
    if gwas is not None:
        second = ""
    refused_names(catalogue(), [*names, *([second] if second else [])])
    priors = {prior: asked[prior] for prior in ("p1", "p2", "p12") if prior in asked}
    return coloc_locus(
        catalogue(), asked.get("gene"), gwas=gwas, with_dataset=second or None, with_gene=asked.get("second_gene"),
        with_trait=asked.get("second_trait"), region=asked.get("region"), dataset=names,
        molecular_trait=asked.get("trait"), kind=asked.get("kind", "quant"), n=_positive(asked, "n"),
        sd=_positive(asked, "sd"), name=name, **priors,
    )  # fmt: skip


def _positive(asked: Mapping[str, Any], name: str) -> float | None:
    text = str(asked.get(name) or "").replace(",", "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < float("inf"):
        raise InvalidOption(
            f"{name} is {text[:40]!r}, which is no number above 0.", value=text, next_step="Correct it."
        )
    return value


def coloc_table(asked: Mapping[str, Any]) -> Table:
    """Return the table of all pairs."""
    return found_coloc(asked).table


def coloc_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the table of all pairs in a format."""
    return answer_with(coloc_table(asked), format_, asked)


def plot_named(found: LocusColoc, name: str, pair: str) -> Plot:
    """Return one of the three plots of a pair."""
    made = {
        "mirrored": found.mirrored_plot, "compare": found.locuscompare_plot, "sensitivity": found.sensitivity_plot
    }  # fmt: skip
    return made[name](pair)


def coloc_picture(asked: Mapping[str, Any], ending: str) -> bytes:
    """Return a plot of the pair asked for as a file, or the values behind it."""
    name, _, form = ending.partition(".")
    plot = plot_named(found_coloc(asked), name, asked.get("pair") or "")
    if form == "csv":
        return plot.table.to_bytes("csv")
    return plot.to_bytes(form, width=_WIDTHS.get(name, 848.0))


def view(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer as the template shows it."""
    found = found_coloc(asked)
    pair = asked.get("pair") or found.keys()[0]
    plots = {name: plot_named(found, name, pair) for name in _PICTURES}
    return shown_coloc(found, pair, plots)


def choices(form: Form) -> dict[str, Any]:
    """Return what the form offers."""
    held = dataset_choices(catalogue())
    seconds = [("", "the table above"), (EXAMPLE, f"Example: {EXAMPLE_NAME} at HMGCR"), *held]
    return {
        "datasets": [(key, text, "") for key, text in held] if len(held) <= MOST_CHIPS else [],
        "chosen": names_in(",".join(form.all("dataset"))),
        "seconds": seconds,
        "example": EXAMPLE_DATASET in dict(held),
    }


@dataclass(frozen=True)
class ColocPage(PicturePage):
    """The page."""

    def recipes(self, asking: Asking, asked: Mapping[str, Any]) -> list[Recipe]:
        """Return the ways to have the same elsewhere."""
        return coloc_recipes(asking, asked)


SERVICE = Service(
    name="eqtl/coloc",
    summary="Whether two traits share a causal variant",
    fields=_FIELDS,
    work=coloc_answer,
    is_large=lambda asked: True,
    examples={"example": {"second": EXAMPLE}},
)
"""The service."""

PAGE = ColocPage(
    SERVICE, "eqtl_coloc.html", view, choices, besides=("pair",),
    pictures=tuple(f"{name}.{form}" for name in _PICTURES for form in ("svg", "png", "pdf", "csv")),
    draw=coloc_picture, asks=("gwas", "second"),
    lacking=("There is no second trait.", "Paste a GWAS, or choose a data set."),
    errors_about={
        "There is no field": "gwas", "GWAS": "gwas", "second trait": "gwas", "both traits": "gwas",
        "data set": "dataset", "dataset": "dataset", "region": "region", "no association": "gene",
        "Nothing says where": "gene", "gene": "gene",
    },
)  # fmt: skip


def install(app: FastAPI) -> None:
    """Add the routes."""
    PAGE.install(app)
