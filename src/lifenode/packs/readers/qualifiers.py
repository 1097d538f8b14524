"""Qualifiers and aspects of Gene Ontology annotations, shared by their formats."""

from __future__ import annotations

SOURCES = {
    "F": "GO:MF",
    "P": "GO:BP",
    "C": "GO:CC",
    "MF": "GO:MF",
    "BP": "GO:BP",
    "CC": "GO:CC",
    "Function": "GO:MF",
    "Process": "GO:BP",
    "Component": "GO:CC",
}
"""The three branches as the formats write them, and the source each is."""


def split_qualifier(cell: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether a qualifier negates, and its relations without the ``NOT``.

    GAF joins by ``|`` (``NOT|involved_in``), NCBI by a blank (``NOT colocalizes_with``), GOA once wrote ``NOT|``.
    """
    if cell in ("", "-"):
        return False, ()
    words = cell.replace("|", " ").split()
    relations = tuple(word for word in words if word.upper() != "NOT")
    return len(relations) < len(words), relations


def joined_qualifier(negated: bool, relations: tuple[str, ...]) -> str:
    """Return a qualifier as GAF writes it."""
    return "|".join(("NOT", *relations) if negated else relations)
