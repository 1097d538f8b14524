"""What a catalogue holds at the moment, read anew when a manifest changes."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from lifenode.eqtl.columns import METADATA, Schema
from lifenode.eqtl.layout import Layer, Manifest, Part
from lifenode.eqtl.store import Store


@dataclass
class State:
    """The data sets of a catalogue.

    Attributes
    ----------
    manifests
        By id; of several releases that hold it, the newest.
    broken
        Why the manifest of a data set cannot be read.
    layers
        By release.
    table
        The table of data sets, ingested or not.
    """

    manifests: dict[str, Manifest]
    broken: dict[str, str]
    layers: dict[str, list[Layer]]
    table: pl.DataFrame
    positions: dict[str, int] = field(init=False)
    _bins: dict[tuple[str, str], dict[str, list[Part]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.positions = {name: at for at, name in enumerate(self.table["dataset_id"])}

    @property
    def releases(self) -> list[str]:
        """The releases that data sets are taken from."""
        return sorted({manifest.release for manifest in self.manifests.values()}, key=release_order)

    def bins_at(self, layer: Layer, chromosome: str, position: int) -> list[Part]:
        """Return the file of variant bins that has a position, if there is one; a whole catalogue has 200,000 files."""
        key = (layer.release, layer.name)
        if key not in self._bins:
            by_chromosome: dict[str, list[Part]] = {}
            for part in layer.tables.get("variant_bins", ()):
                by_chromosome.setdefault(part.chromosome, []).append(part)
            for own in by_chromosome.values():
                own.sort(key=_first)
            self._bins[key] = by_chromosome
        parts = self._bins[key].get(chromosome, [])
        at = bisect_right(parts, position, key=_first) - 1
        return [parts[at]] if at >= 0 and parts[at].last >= position else []

    def covering(self, release: str) -> list[tuple[Layer, list[str]]]:
        """Return the layers of a release, each with the data sets that it has in their present generation."""
        found = []
        seen: set[str] = set()
        for layer in reversed(self.layers.get(release, [])):
            current = [
                name
                for name, generation in layer.generations.items()
                if name not in seen
                and (manifest := self.manifests.get(name)) is not None
                and (manifest.release, manifest.generation) == (release, generation)
            ]
            seen.update(current)
            if current:
                found.append((layer, current))
        return found


def _first(part: Part) -> int:
    return int(part.first)


def release_order(name: str) -> list[Any]:
    """Return a key that puts r10 after r9."""
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"\d+|\D+", name)]


def read_state(store: Store, releases: Collection[str] | None) -> State:
    """Read the manifests of some releases, or of all."""
    manifests: dict[str, Manifest] = {}
    broken: dict[str, str] = {}
    layers: dict[str, list[Layer]] = {}
    tables: list[pl.DataFrame] = []
    held = store.manifests()
    for of in sorted(store.releases(), key=release_order, reverse=True):
        if releases is not None and of not in releases:
            continue
        layers[of] = store.layers(of)
        for (own, dataset_id), manifest in held.items():
            if own == of and dataset_id not in manifests and dataset_id not in broken:
                if isinstance(manifest, Manifest):
                    manifests[dataset_id] = manifest
                else:
                    broken[dataset_id] = manifest
        known = store.metadata(of)
        if known is not None:
            tables.append(known.with_columns(release=pl.lit(of)))
    store.forget_replaced([*held.values(), *(layer for every in layers.values() for layer in every)])
    return State(manifests, broken, layers, _table(manifests, broken, tables))


def _table(manifests: dict[str, Manifest], broken: dict[str, str], known: list[pl.DataFrame]) -> pl.DataFrame:
    """Return a row a data set, by id; what is held comes as its manifest has it."""
    schema: Schema = {**METADATA, "release": pl.String}
    held = [{**manifest.metadata, "release": manifest.release} for manifest in manifests.values()]
    lost = [{**dict.fromkeys(METADATA), "dataset_id": name, "release": None} for name in broken]
    frames = [pl.DataFrame(held, schema=schema), *(frame.select(list(schema)) for frame in known)]
    frames.append(pl.DataFrame(lost, schema=schema))
    return pl.concat(frames).unique("dataset_id", keep="first", maintain_order=True).sort("dataset_id")
