"""What pages of the eQTL catalogue have in common: names of data sets, provenance, recipes, files."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl
from starlette.responses import Response

import lifenode
from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.locus_panels import dataset_name
from lifenode.web.pages.eqtl_locus_page import MEDIA
from lifenode.web.pages.numbers import probability

CITE = (
    f"lifenode {lifenode.__version__}; eQTL Catalogue, Kerimov et al. 2021, doi:10.1038/s41588-021-00924-w "
    "(CC BY 4.0), and the study of each data set."
)
_MEDIA = MEDIA | {"tsv": "text/tab-separated-values; charset=utf-8", "json": "application/json"}


def dataset_names(known: Catalogue) -> dict[str, str]:
    """Return what people call each data set, by id."""
    return {row["dataset_id"]: dataset_name(row, row["dataset_id"]) for row in known.datasets().to_polars().to_dicts()}


def labelled(rows: pl.DataFrame, names: Mapping[str, str], gene: str = "") -> pl.DataFrame:
    """Return rows with a ``label``: the data set, and the molecular trait where it is not the gene itself."""
    labels = [
        names.get(dataset, dataset) + ("" if trait == gene else f" · {trait}")
        for dataset, trait in rows.select("dataset_id", "molecular_trait_id").iter_rows()
    ]
    return rows.with_columns(label=pl.Series(labels, dtype=pl.String))


def variant_name(rows: pl.DataFrame) -> str:
    """Return the rsid of the first row, or its variant."""
    return str(rows["rsid"][0] or rows["variant"][0]).split(",")[0]


def counted(*counts: tuple[int, str]) -> list[tuple[int, str]]:
    """Return counts with their words, several of them in the plural."""
    return [(number, word if number == 1 else f"{word}s") for number, word in counts]


def plain_p(nlog10p: float) -> str:
    """Return a p-value as text."""
    return probability(10.0**-nlog10p if nlog10p < 300 else 0.0, -nlog10p)


def computed_facts(known: Catalogue, shown: str) -> list[tuple[str, str]]:
    """Return where an answer comes from."""
    return [
        ("Shown", shown),
        ("Catalogue", f"release {', '.join(known.releases)}"),
        ("Positions", "1-based, GRCh38"),
        ("Effects", "change of the normalised trait for one more alternative allele"),
        ("Licence", "CC BY 4.0"),
        ("Software", f"lifenode {lifenode.__version__}"),
    ]


def recipes_of(name: str, value: str, base: str) -> list[dict[str, str]]:
    """Return how to ask the same by Python, shell and curl."""
    return [
        {
            "language": "Python",
            "text": f"from lifenode.eqtl import Catalogue\n\nCatalogue().associations({name}={value!r})",
        },
        {"language": "Shell", "text": f"lifenode eqtl query --{name} {value}"},
        {"language": "curl", "text": f"curl -s '{base}/api/v1/eqtl/associations.tsv?{name}={value}'"},
    ]


def picture_response(content: bytes, name: str) -> Response:
    """Return a file to download."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-cache"}
    return Response(content, media_type=_MEDIA[name.rpartition(".")[2]], headers=headers)
