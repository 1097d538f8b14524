"""What the pages with plots of the eQTL catalogue share: pictures in the page, for a desk and a phone, and as files."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.locus_panels import dataset_name
from lifenode.eqtl.plot_picture import NARROW, WIDE, Plot
from lifenode.errors import EmptyInput, InvalidOption, LifenodeError, UnknownName
from lifenode.web.node import node_of
from lifenode.web.pages.assets import takes_gzip
from lifenode.web.pages.forms import Form
from lifenode.web.pages.numbers import probability
from lifenode.web.pages.questions import Mistake, QuestionPage

MEDIA = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "csv": "text/csv; charset=utf-8"}
MOST_CHIPS = 24
"""Data sets that are offered as boxes to tick; of more, ids are typed."""

_HIGHEST_P = 300


def _no_picture(asked: Mapping[str, Any], ending: str) -> bytes:
    raise NotImplementedError(ending)


@dataclass(frozen=True)
class PicturePage(QuestionPage):
    """A page whose answer has pictures.

    Attributes
    ----------
    pictures
        Endings of addresses that are pictures, such as ``svg`` and ``pair.svg``.
    draw
        Function of the fields asked and an ending that returns the picture; importable by name.
    asks
        Fields of which one makes a question.
    errors_about
        Field that an error is about, by words in it.
    lacking
        What is said where there is no question, and what to do.
    """

    pictures: tuple[str, ...] = ()
    draw: Callable[[Mapping[str, Any], str], bytes] = _no_picture
    asks: tuple[str, ...] = ()
    errors_about: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, str] = ("Neither a gene nor a region is given.", "Name one, such as HMGCR.")

    @property
    def subject(self) -> str:
        """The field without which there is no question."""
        return self.asks[0]

    def install(self, app: FastAPI) -> None:
        """Add the routes."""
        for ending in self.pictures:
            path, handler = f"{self.path}.{ending}", partial(self._file, ending)
            app.add_route(path, handler, methods=["GET", "POST"], include_in_schema=False)
        super().install(app)

    def is_question(self, request: Request, form: Form) -> bool:
        """Return whether there is something to answer."""
        if any(name in form for name in self.asks):
            return True
        if request.method == "POST" or "format" in request.path_params:
            raise EmptyInput(self.lacking[0], next_step=self.lacking[1])
        return False

    def mistake(self, error: LifenodeError) -> Mistake:
        """Return an error with the field it is about."""
        detail = error.detail[:1].upper() + error.detail[1:]
        about = next((name for words, name in self.errors_about.items() if words in error.detail), None)
        return Mistake(about or super().mistake(error).field, detail, error.next_step)

    async def twin(self, request: Request) -> Response:
        """Answer with the table in the format of the address."""
        response = await super().twin(request)
        if "Content-Disposition" in response.headers:
            own = response.headers["Content-Disposition"].replace(self.name, self.name.replace("/", "_"))
            response.headers["Content-Disposition"] = own
        return response

    async def _file(self, ending: str, request: Request) -> Response:
        form = await self.read(request)
        self.is_question(request, form)
        asked = self.asked(request, form)
        content = await node_of(request).desk.run(self.draw, asked, ending, large=True)
        name = f'attachment; filename="{self.name.replace("/", "_")}.{ending}"'
        headers = {"Content-Disposition": name, "Vary": "Accept-Encoding"}
        if ending.endswith("svg") and takes_gzip(request):
            content = gzip.compress(content, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        return Response(content, media_type=MEDIA[ending.rpartition(".")[2]], headers=headers)


def shown_plot(plot: Plot, wide: float = WIDE, narrow: float = NARROW) -> dict[str, Any]:
    """Return a plot as templates take it: for a desk, with labels, and for a phone."""
    return {
        "wide": Markup(plot.page(wide)),  # noqa: S704 - every text in it is escaped where it is written
        "narrow": Markup(plot.page(narrow, labelled=False)),  # noqa: S704
        "title": plot.title,
        "notes": list(plot.notes),
        "points": len(plot.table),
    }


def dataset_choices(catalogue: Catalogue, kept: Callable[[str], bool] = lambda status: True) -> list[tuple[str, str]]:
    """Return the data sets held, with what people call them; those with associations first."""
    held = catalogue.datasets().to_polars()
    rows = sorted(held.to_dicts(), key=lambda row: (not row["rows"], row["dataset_id"]))
    return [(row["dataset_id"], f"{dataset_name(row, row['dataset_id'])}") for row in rows if kept(row["status"])]


def names_in(text: str | None) -> list[str]:
    """Return the names in a text with commas or spaces, each once."""
    return list(dict.fromkeys((text or "").replace(",", " ").split()))


def variant_cell(variant: str, rsid: str) -> dict[str, str]:
    """Return the cell that leads to the page of a variant."""
    text = rsid.split(",")[0] if rsid else variant
    return {"text": text, "href": f"/eqtl/variant/{quote(variant, safe='')}", "title": variant, "copy": variant}


def p_cell(nlog10p: float) -> dict[str, Any]:
    """Return the cell of a p-value."""
    p = 10.0**-nlog10p if nlog10p < _HIGHEST_P else 0.0
    return {"text": probability(p, -nlog10p), "sort": -nlog10p, "title": f"-log10 p {nlog10p:.4f}"}


def number_cell(value: float | None, form: str = ".3g") -> dict[str, Any] | None:
    """Return the cell of a number, nothing for one that is missing."""
    if value is None or value != value:
        return None
    return {"text": format(value, form), "sort": value, "title": repr(value)}


def refused_names(catalogue: Catalogue, names: list[str]) -> None:
    """Raise for a data set that is not there, or unavailable.

    Raises
    ------
    UnknownName
        The catalogue does not know it.
    InvalidOption
        Its files cannot be read.
    """
    table = catalogue.datasets(names, held=False).to_polars() if names else None
    for row in [] if table is None else table.iter_rows(named=True):
        if row["status"] == "not ingested":
            raise UnknownName(
                f"The data set {row['dataset_id']} is not ingested.", value=row["dataset_id"],
                next_step="Choose another, or ingest its files.",
            )  # fmt: skip
        if row["status"] != "available":
            raise InvalidOption(f"The data set {row['dataset_id']} is {row['status']}.", value=row["dataset_id"])
