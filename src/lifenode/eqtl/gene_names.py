"""Genes as people name them: Ensembl ids as they are, symbols and other names through the pack of human genes."""

from __future__ import annotations

from functools import lru_cache

from lifenode.eqtl.query import Several, gene_ids
from lifenode.errors import InvalidOption

ORGANISM = "hsapiens"
_SHOWN = 5


def genes_named(given: Several) -> dict[str, str]:
    """Return the Ensembl gene id of each name, in order.

    Parameters
    ----------
    given
        Ensembl gene ids, whose versions are dropped and which need not be in the pack; symbols, former symbols and
        other identifiers of human genes.

    Raises
    ------
    UnknownName
        A name that is none of these.
    InvalidOption
        A name that several genes have.

    Examples
    --------
    >>> genes_named(["HMGCR", "ENSG00000187608.10"])
    {'HMGCR': 'ENSG00000113161', 'ENSG00000187608': 'ENSG00000187608'}
    """
    return {name: name if name.startswith("ENS") else _gene(name) for name in gene_ids(given)}


@lru_cache(maxsize=4096)
def _gene(name: str) -> str:
    from lifenode.genes.find_gene import find_gene, named
    from lifenode.packs.pack import open_pack

    pack = open_pack(ORGANISM)
    found = find_gene(pack, name)
    genes = named(pack, [found] if isinstance(found, int) else found)
    if len(genes) == 1:
        return genes[0].gene_id
    shown = [f"{gene.gene_id} ({gene.symbol or 'no symbol'})" for gene in genes[:_SHOWN]]
    more = f" or {len(genes) - _SHOWN:,} more" if len(genes) > _SHOWN else ""
    raise InvalidOption(
        f'"{name[:60]}" can be {" or ".join(shown)}{more}.', value=name, next_step="Name the one by its Ensembl id."
    )
