"""All that is known of one term, as a table of facts."""

from __future__ import annotations

from lifenode.edam.ontology import Ontology
from lifenode.table import Column, Table

COLUMNS = (
    Column("what", "text", "what the fact is: label, synonym, parent, child, a relation, replaced by, consider"),
    Column("term_id", "text", "id of the other term; of the term itself for its names"),
    Column("value", "text", "name of the other term, or the name itself"),
)


def about(ontology: Ontology, term: str) -> Table:
    """Return names, terms above and below, relations and replacements of a term.

    Parameters
    ----------
    ontology
        The release.
    term
        Id, URI, CURIE, label or synonym.

    Returns
    -------
    Table
        A row a fact (see `COLUMNS`); ``meta`` has id, branch, URI and whether the term is obsolete.

    Raises
    ------
    UnknownTerm
        There is no such term.
    """
    own = ontology.find(term)
    rows = [("label", own.id, own.label)]
    for kind in ("exact", "narrow", "broad", "related"):
        rows += [(f"{kind} synonym", own.id, name) for name in getattr(own, kind)]
    rows += [("file extension", own.id, name) for name in own.extensions]
    rows += [("parent", one.id, one.label) for one in ontology.parents(own.id)]
    rows += [("child", one.id, one.label) for one in ontology.children(own.id)]
    rows += [(how.replace("_", " "), one.id, one.label) for how, one in ontology.related(own.id) if not one.obsolete]
    replaced, considered = ontology.replacements(own.id)
    rows += [("replaced by", one.id, one.label) for one in replaced]
    rows += [("consider", one.id, one.label) for one in considered]
    data = {column.name: [row[at] for row in rows] for at, column in enumerate(COLUMNS)}
    meta = {
        "term_id": own.id, "label": own.label, "branch": own.branch, "uri": own.uri, "obsolete": own.obsolete,
        "not_recommended": own.not_recommended, "edam": ontology.release,
    }  # fmt: skip
    return Table(COLUMNS, data, meta, len(rows))
