"""Names of namespaces as people write them, and the other forms in which identifiers come."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from lifenode.errors import UnknownNamespace, nearest

PREFIXED = frozenset({"HGNC", "MGI", "RGD"})
"""Namespaces of numbers whose ids carry the namespace's name: ``HGNC:5``."""

_OTHER_NAMES = {
    "ENTREZ": "ENTREZGENE",
    "ENTREZ_GENE": "ENTREZGENE",
    "ENTREZGENE_ACC": "ENTREZGENE",
    "NCBI": "ENTREZGENE",
    "NCBIGENE": "ENTREZGENE",
    "GENEID": "ENTREZGENE",
    "ENSEMBL": "ENSG",
    "ENSEMBL_GENE": "ENSG",
    "HGNC_SYMBOL": "SYMBOL",
    "GENE_SYMBOL": "SYMBOL",
    "NAME": "SYMBOL",
    "SYNONYM": "ALIAS",
    "PREVIOUS": "PREVIOUS_SYMBOL",
    "HGNC_ID": "HGNC",
    "HGNC_ACC": "HGNC",
    "UNIPROTKB": "UNIPROT",
    "SWISSPROT": "UNIPROT",
    "UNIPROTSWISSPROT": "UNIPROT",
    "UNIPROT_GN_ACC": "UNIPROT",
    "REFSEQ_MRNA": "REFSEQ",
    "FB": "FLYBASE",
    "WB": "WORMBASE",
    "TAIR": "AGI",
}

_VERSIONED = re.compile(r"(ENS[A-Z]{0,6}\d{11}|[NX][MRP]_\d{6,9}|AT[1-5CM]G\d{5})\.\d+(?:_PAR_Y)?", re.IGNORECASE)
_ISOFORM = re.compile(r"([A-Z]\d[A-Z\d]{3}\d(?:[A-Z\d]{3}\d)?)[-.]\d+", re.IGNORECASE)
_QUOTED = re.compile(r"([\"'`])(.*)\1")


def namespace_of(name: str, present: Sequence[str]) -> str:
    """Return the namespace meant by `name`: in any case, or by a common word such as ``entrez`` or ``ensembl``.

    Parameters
    ----------
    name
        What was typed.
    present
        The namespaces of the pack.

    Raises
    ------
    UnknownNamespace
        There is no such namespace.
    """
    folded = str(name).strip().upper().replace(" ", "_").replace("-", "_")
    meant = _OTHER_NAMES.get(folded, folded)
    if meant in present or meant in _OTHER_NAMES.values():
        return meant
    raise _unknown(name, present)


def is_common_word(name: str) -> bool:
    """Return whether `name` is understood as another name of a namespace, whatever a pack holds."""
    return name in _OTHER_NAMES


def target_namespace(name: str, present: Sequence[str]) -> str:
    """Return the namespace of the pack meant by `name`.

    Raises
    ------
    UnknownNamespace
        The pack has no such namespace.
    """
    meant = namespace_of(name, present)
    if meant not in present:
        raise _unknown(name, present)
    return meant


def _unknown(name: str, present: Sequence[str]) -> UnknownNamespace:
    words = {word.lower(): meant for word, meant in _OTHER_NAMES.items() if meant in present}
    close = nearest(str(name), [*present, *words], 2)
    meant = list(dict.fromkeys(words.get(word, word) for word in close))
    offer = f"Did you mean {' or '.join(meant)}? " if meant else ""
    return UnknownNamespace(
        f'This release has no namespace "{name}".', value=name, next_step=f"{offer}It has {', '.join(present)}."
    )


def unquoted(text: str) -> str | None:
    """Return what stands inside quotation marks, or None where there are none."""
    found = _QUOTED.fullmatch(text)
    return found[2].strip() if found else None


def spelled_forms(text: str, present: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return other forms under which `text` may be known, each with the namespace it must then be of, or nothing.

    Examples
    --------
    >>> list(spelled_forms("ENSG00000141510.17", ["ENSG"]))
    [('ENSG00000141510', '')]
    >>> list(spelled_forms("entrez:7157", ["ENTREZGENE"]))
    [('7157', 'ENTREZGENE'), ('entrez:7157', 'ENTREZGENE')]
    """
    if found := _VERSIONED.fullmatch(text):
        yield found[1], ""
    elif found := _ISOFORM.fullmatch(text):
        yield found[1], "UNIPROT"
    prefix, colon, rest = text.partition(":")
    if colon and rest.strip():
        folded = prefix.strip().upper()
        namespace = _OTHER_NAMES.get(folded, folded)
        if namespace in present:
            yield from _in_namespace(namespace, rest.strip(), text)


def _in_namespace(namespace: str, rest: str, text: str) -> Iterator[tuple[str, str]]:
    yield rest, namespace
    # "HGNC_ID:5" is stored as HGNC:5, "SGD:S000002534" may be stored either way.
    yield (f"{namespace}:{rest}" if namespace in PREFIXED else text), namespace
    if found := _VERSIONED.fullmatch(rest) or _ISOFORM.fullmatch(rest):
        yield found[1], namespace
