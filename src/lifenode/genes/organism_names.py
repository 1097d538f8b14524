"""Scientific names of organisms by their id, also of those of which orthologs are stated but no pack is made."""

from __future__ import annotations

from functools import lru_cache

from lifenode.packs import catalog
from lifenode.packs.find import known_packs

_WITHOUT_RECIPE = {
    "acarolinensis": "Anolis carolinensis",
    "btaurus": "Bos taurus",
    "clfamiliaris": "Canis lupus familiaris",
    "ecaballus": "Equus caballus",
    "fcatus": "Felis catus",
    "mdomestica": "Monodelphis domestica",
    "mmulatta": "Macaca mulatta",
    "oanatinus": "Ornithorhynchus anatinus",
    "ptroglodytes": "Pan troglodytes",
    "spombe": "Schizosaccharomyces pombe",
    "sscrofa": "Sus scrofa",
    "xtropicalis": "Xenopus tropicalis",
}


def scientific_name(organism: str) -> str:
    """Return the scientific name of an organism, its id where that is not known."""
    return _in_catalog().get(organism) or _WITHOUT_RECIPE.get(organism, organism)


def has_pack(organism: str) -> bool:
    """Return whether a pack of an organism is at hand."""
    return any(pack.organism == organism for pack in known_packs())


@lru_cache(maxsize=1)
def _in_catalog() -> dict[str, str]:
    return {one.id: one.scientific_name for one in catalog.organisms()}
