"""Files for Enrichment Map: the Generic Enrichment Map table and the gene sets that go with it.

Layout as g:Profiler writes it: tab-separated, ``p.Val`` and ``FDR`` both the adjusted p, phenotype always ``+1``, genes
joined by commas. KEGG and TRANSFAC (``TF``) terms are left out of both files: their gene sets may not be passed on, and
a term without a set cannot be drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lifenode.errors import InvalidOption
from lifenode.table import Table

GEM_HEADER = ("GO.ID", "Description", "p.Val", "FDR", "Phenotype", "Genes")
_NOT_PASSED_ON = ("KEGG", "TF")
_SEPARATORS = str.maketrans({"\t": " ", "\n": " ", "\r": " "})


def gem_text(result: Table, intersections: Sequence[Sequence[str]] | None = None) -> str:
    """Return an enrichment result as a Generic Enrichment Map table.

    Parameters
    ----------
    result
        One list's enrichment, with columns ``query, source, term_id, name, p_value``.
    intersections
        Genes of the list in each row's term; by default the column ``intersection``.

    Returns
    -------
    str
        A row for each row of the result, in its order, save KEGG and TF terms. Tabs and line ends in texts become
        spaces, commas in gene names semicolons.

    Raises
    ------
    InvalidOption
        The result has several lists, or `intersections` is neither given nor in the result.
    """
    lists = list(dict.fromkeys(result["query"].tolist()))
    if len(lists) > 1:
        raise InvalidOption(
            f"A GEM file holds one list; this result has {len(lists)}.",
            value=", ".join(lists),
            next_step=f'Write one file a list: result.filter(result["query"] == {lists[0]!r}).',
        )
    genes = _intersections(result) if intersections is None else intersections
    lines = ["\t".join(GEM_HEADER)]
    for source, term_id, name, p, members in zip(
        result["source"], result["term_id"], result["name"], result["p_value"].tolist(), genes, strict=True
    ):
        if source not in _NOT_PASSED_ON:
            joined = ",".join(_cell(gene).replace(",", ";") for gene in members)
            lines.append("\t".join((_cell(term_id), _cell(name or ""), repr(p), repr(p), "+1", joined)))
    return "\n".join(lines) + "\n"


def gmt_text(rows: Iterable[tuple[str, str, Sequence[str]]]) -> str:
    """Return gene sets as GMT: identifier, name, then every gene, separated by tabs.

    Parameters
    ----------
    rows
        Term id, name and all genes of each term; a term named again is written once. KEGG and TF terms (told by their
        ids, ``KEGG:00010``) are left out, and so are terms without genes.
    """
    lines: dict[str, str] = {}
    for term_id, name, genes in rows:
        if genes and term_id.partition(":")[0] not in _NOT_PASSED_ON and term_id not in lines:
            lines[term_id] = "\t".join(_cell(text) for text in (term_id, name or "", *genes))
    return "".join(f"{line}\n" for line in lines.values())


def _intersections(result: Table) -> Sequence[Sequence[str]]:
    if "intersection" not in result:
        raise InvalidOption(
            "A GEM file needs the genes behind each term, which this result does not hold.",
            value="intersection",
            next_step="Run the enrichment with evidence=True.",
        )
    return result["intersection"]  # type: ignore[no-any-return]


def _cell(text: str) -> str:
    return text.translate(_SEPARATORS)
