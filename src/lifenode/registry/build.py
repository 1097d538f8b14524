"""Build the tables of the registry and of the FAIR check from raw upstream files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lifenode.errors import BuildFailed, MissingPart
from lifenode.registry.build_facts import resource_tables
from lifenode.registry.build_links import link_tables
from lifenode.registry.tables import Row, table, write_tables

SOURCES = (
    {
        "tables": "facts.tsv resources.tsv", "name": "ELIXIR resource lists",
        "file": "registry/elixir_resource_lists.json",
        "licence": "CC BY 4.0", "attribution": "gavinf97/ECD, from the lists of elixir-europe.org of 2026-09-17; the "
        "years of selection are inferred by us", "url": "https://github.com/gavinf97/ECD",
    },
    {
        "tables": "links.tsv about.tsv", "name": "Bioregistry", "file": "registry/bioregistry.json",
        "licence": "CC0 1.0", "attribution": "Bioregistry 0.15.6 (Hoyt et al. 2022, doi:10.1038/s41597-022-01807-3)",
        "url": "https://bioregistry.io",
    },
    {
        "tables": "links.tsv", "name": "bio.tools", "file": "edam/biotools_train.jsonl.gz",
        "licence": "CC BY 4.0", "attribution": "bio.tools content of 2021-03-10: identifiers of entries",
        "url": "https://bio.tools",
    },
    {
        "tables": "profiles.tsv", "name": "Bioschemas profiles", "file": "bioschemas/bs_profiles.json",
        "licence": "MIT", "attribution": "IFB-ElixirFr/FAIR-checker, from the profiles of bioschemas.org",
        "url": "https://github.com/IFB-ElixirFr/FAIR-checker",
    },
    {
        "tables": "fsf.tsv", "name": "FAIRsFAIR data object assessment metrics 0.8", "file": "fair/metrics_v0.8.yaml",
        "licence": "MIT", "attribution": "pangaea-data-publisher/fuji, doi:10.5281/zenodo.15045911",
        "url": "https://github.com/pangaea-data-publisher/fuji",
    },
    {
        "tables": "maturity.tsv", "name": "FAIRplus Dataset Maturity model",
        "file": "fair/fairplus_dsm_indicators.json", "licence": "CC BY 4.0",
        "attribution": "FAIRplus, FAIR Dataset Maturity model", "url": "https://github.com/FAIRplus/Data-Maturity",
    },
)  # fmt: skip
"""Where each table comes from."""


def build_tables(raw: Path, target: Path, bioregistry: Path | None = None) -> Mapping[str, int]:
    """Build all tables.

    Parameters
    ----------
    raw
        Folder with ``registry``, ``bioschemas`` and ``fair``.
    target
        Folder for the tables; it must exist.
    bioregistry
        ``bioregistry.json``, or the wheel of the package that holds it; without it, the links to other registries
        are those that are shipped.

    Returns
    -------
    Mapping
        Rows of each table.

    Raises
    ------
    BuildFailed
        A raw file is missing or of another form.
    """
    tables: dict[str, list[Row]] = {}
    try:
        tables |= resource_tables(json.loads((raw / "registry" / "elixir_resource_lists.json").read_bytes()))
        tables["profiles.tsv"] = _profiles(json.loads((raw / "bioschemas" / "bs_profiles.json").read_bytes()))
        tables["fsf.tsv"] = _metrics(raw / "fair" / "metrics_v0.8.yaml")
        tables["maturity.tsv"] = _maturity(json.loads((raw / "fair" / "fairplus_dsm_indicators.json").read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BuildFailed(
            f"The tables cannot be built from {raw}: {error}.",
            value=raw,
            next_step="Give the folder that holds registry, bioschemas and fair.",
        ) from error
    tables |= _linked(tables["resources.tsv"], raw, bioregistry)
    write_tables(target, tables, SOURCES)
    return {name: len(rows) for name, rows in tables.items()}


def _linked(resources: Sequence[Row], raw: Path, bioregistry: Path | None) -> dict[str, list[Row]]:
    if bioregistry is None:
        return {name: list(table(name)) for name in ("links.tsv", "about.tsv")}
    try:
        return link_tables(resources, bioregistry, raw.parent / "edam" / "biotools_train.jsonl.gz")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise BuildFailed(
            f"The links to other registries cannot be built: {error}.",
            value=bioregistry,
            next_step="Give bioregistry.json or the wheel of bioregistry, and keep edam beside the raw folder.",
        ) from error


def _profiles(raw: Mapping[str, Any]) -> list[Row]:
    return [
        {
            "profile": profile["name"],
            "version": address.rpartition("/")[2],
            "address": address,
            "types": " ".join(name.partition(":")[2] for name in profile["target_classes"]),
            **{kind: " ".join(dict.fromkeys(profile[kind])) for kind in ("required", "recommended", "optional")},
        }
        for address, profile in sorted(raw.items())
    ]


def _metrics(path: Path) -> list[Row]:
    try:
        import yaml
    except ImportError as error:
        raise MissingPart.library("PyYAML", "Building the table of metrics", "registry") from error
    rows: list[Row] = []
    for metric in yaml.safe_load(path.read_bytes())["metrics"]:
        rows.extend(
            {
                "metric": metric["metric_identifier"],
                "name": metric["metric_name"],
                "mechanism": metric["test_scoring_mechanism"],
                "total": str(metric["total_score"]),
                "test": test["metric_test_identifier"],
                "test_name": " ".join(test["metric_test_name"].split()),
                "score": str(test["metric_test_score"]),
                "maturity": str(test["metric_test_maturity"]),
            }
            for test in metric["metric_tests"]
        )
    return rows


def _maturity(raw: list[dict[str, str]]) -> list[Row]:
    rows = [
        {
            "indicator": one["id"],
            "level": one["Maturity Level"],
            "category": one["Category"],
            "granularity": one.get("Granularity Level", ""),
            "name": " ".join(one["Name"].replace("\\", "").split()),
        }
        for one in raw
    ]
    return sorted(rows, key=lambda row: (int(row["level"]), row["indicator"]))
