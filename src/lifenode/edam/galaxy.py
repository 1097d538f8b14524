"""Terms as the XML of a Galaxy wrapper names them."""

from __future__ import annotations

from collections.abc import Iterable

from lifenode.edam.biotools import live_term
from lifenode.edam.ontology import Ontology

_PLACES = (("edam_topics", "edam_topic", "topic"), ("edam_operations", "edam_operation", "operation"))


def galaxy_xml(terms: Iterable[str], ontology: Ontology | None = None) -> str:
    """Return the elements ``edam_topics`` and ``edam_operations`` of some terms.

    Parameters
    ----------
    terms
        Ids, URIs or CURIEs; data and formats have no place in these elements and are left out.
    ontology
        The release; the newest by default.

    Raises
    ------
    UnknownTerm
        A term is not in this release, or is obsolete.

    Examples
    --------
    >>> print(galaxy_xml(["operation_0292"]), end="")
    <edam_operations>
        <edam_operation>operation_0292</edam_operation>
    </edam_operations>
    """
    edam = ontology or Ontology.load()
    found = [live_term(edam, term) for term in dict.fromkeys(terms)]
    lines: list[str] = []
    for outer, inner, branch in _PLACES:
        own = [f"    <{inner}>{one.id}</{inner}>" for one in found if one.branch == branch]
        lines += [f"<{outer}>", *own, f"</{outer}>"] if own else []
    return "".join(f"{line}\n" for line in lines)
