"""Requests as users send them: lists of human genes that have something in common, and no two alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
import orjson

from lifenode.packs.pack import open_pack

PROFILE = "/gprofiler/api/gost/profile/"
CONVERT = "/gprofiler/api/convert/convert/"
SHARED = 0.6
"""Share of a list that belongs to a few terms; the rest is drawn from all genes, as results of experiments are."""
TERM_SIZES = (50, 500)
"""Smallest and largest term that such genes are drawn from."""


def post(path: str, body: bytes, host: str = "127.0.0.1") -> bytes:
    """Return the bytes of a request."""
    head = f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Accept: application/json\r\nUser-Agent: lifenode-load\r\n\r\n".encode() + body


class Lists:
    """Draws gene lists of an organism."""

    def __init__(self, seed: int, organism: str = "hsapiens") -> None:
        pack = open_pack(organism)
        genes = pack.genes()
        self._draw = np.random.default_rng(seed)
        found = pack.annotations()
        sizes = found.term_indptr[1:] - found.term_indptr[:-1]
        self._terms = np.flatnonzero((sizes >= TERM_SIZES[0]) & (sizes <= TERM_SIZES[1]))
        self._found = found
        self._ids = genes.gene_ids.to_list()
        self._symbols = genes.symbols.to_list()
        # Hundreds of genes for small RNAs share one symbol each; lists of users hardly ever have those.
        times = Counter(self._symbols)
        self._named = [gene for gene, symbol in enumerate(self._symbols) if symbol and times[symbol] == 1]

    def one(self, length: int) -> list[str]:
        """Return `length` different symbols, most of them from three or so terms."""
        chosen: list[int] = []
        while len(chosen) < SHARED * length:
            term = int(self._draw.choice(self._terms))
            members = self._found.term_genes[self._found.term_indptr[term] : self._found.term_indptr[term + 1]]
            chosen += self._draw.permutation(members)[: length // 4].tolist()
        chosen += self._draw.choice(self._named, length).tolist()
        symbols = dict.fromkeys(self._symbols[gene] or self._ids[gene] for gene in chosen)
        return list(symbols)[:length]


def profiles(seed: int, length: int = 200) -> Iterator[bytes]:
    """Yield requests for the enrichment of a list in all sources, significant terms only."""
    lists = Lists(seed)
    while True:
        yield post(PROFILE, orjson.dumps({"organism": "hsapiens", "query": lists.one(length), "sources": []}))


def conversions(seed: int, length: int = 1000) -> Iterator[bytes]:
    """Yield requests for the conversion of a list."""
    lists = Lists(seed)
    while True:
        body = {"organism": "hsapiens", "query": lists.one(length), "target": "ENTREZGENE", "numeric_ns": ""}
        yield post(CONVERT, orjson.dumps(body))
