"""Human Phenotype Ontology annotations: genes_to_phenotype.txt and phenotype.hpoa, in all their layouts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polars as pl

from lifenode.errors import FormatError
from lifenode.packs.readers import text
from lifenode.packs.readers.frames import frame


class GenePhenotype(NamedTuple):
    """One row of genes_to_phenotype.txt; "" for what the layout does not tell."""

    entrez: str
    symbol: str
    term_id: str
    term_name: str
    frequency: str
    disease_id: str
    line: int


class DiseasePhenotype(NamedTuple):
    """One row of phenotype.hpoa."""

    disease_id: str
    disease_name: str
    negated: bool
    """The disease is known not to show it."""
    term_id: str
    references: tuple[str, ...]
    evidence: str
    onset: str
    frequency: str
    sex: str
    modifier: str
    aspect: str
    """P phenotype, I inheritance, C clinical course, M modifier, H past history."""
    biocuration: str
    line: int


_EVIDENCE = ("IEA", "PCS", "TAS")
_ASPECTS = ("P", "I", "C", "M", "H")
_DISEASE_COLUMNS = (
    "database_id",
    "disease_name",
    "qualifier",
    "hpo_id",
    "reference",
    "evidence",
    "onset",
    "frequency",
    "sex",
    "modifier",
    "aspect",
    "biocuration",
)


def genes_to_phenotype(path: Path | str) -> Iterator[GenePhenotype]:
    """Yield the gene-phenotype pairs; a pair comes once for each disease that shows it.

    Notes
    -----
    Since 2023 the header names the columns (``ncbi_gene_id``); before, it was ``#Format: entrez-gene-id<tab>...`` with
    the tabs spelt out, and the name of the term stood before or after its id.

    Raises
    ------
    FormatError
        A header without gene, symbol or term; a row with another number of columns; an id of another form.
    """
    columns = None
    for number, line in text.data_lines(path):
        if columns is None:
            bare = line.lstrip("#").strip().removeprefix("Format:").strip()
            columns = text.Columns(path, number, bare.replace("<tab>", "\t").split("\t"))
            gene = columns.need("ncbi_gene_id", "gene_id", "entrez-gene-id", "entrez")
            symbol = columns.need("gene_symbol", "entrez-gene-symbol", "symbol")
            term = columns.need("hpo_id", "HPO-Term-ID", "hp_id")
            name = columns.find("hpo_name", "HPO-Term-Name")
            frequency = columns.find("frequency", "Frequency-HPO")
            disease = columns.find("disease_id", "disease-ID for link")
            continue
        cells = columns.split(number, line)
        entrez = cells[gene].strip().removeprefix("NCBIGene:")
        text.integer(path, number, entrez, "the gene id")
        _check_term(path, number, cells[term])
        yield GenePhenotype(
            entrez=entrez,
            symbol=text.place_of(cells, symbol),
            term_id=cells[term].strip(),
            term_name=text.place_of(cells, name),
            frequency=text.place_of(cells, frequency),
            disease_id=text.place_of(cells, disease),
            line=number,
        )
    if columns is None:
        raise FormatError.at(path, 1, "no header line; the file is empty", value=path)


def genes_to_phenotype_frame(path: Path | str) -> pl.DataFrame:
    """Return the distinct pairs as entrez, symbol, term_id, in the order of the file."""
    columns = {name: (lambda row, name=name: getattr(row, name)) for name in ("entrez", "symbol", "term_id")}
    return frame(genes_to_phenotype(path), columns).unique(maintain_order=True)


def disease_header(path: Path | str) -> dict[str, str]:
    """Return the ``#key: value`` lines at the top of phenotype.hpoa, such as ``date`` and ``HPO-version``."""
    return text.header_comments(path, "#")


def diseases(path: Path | str) -> Iterator[DiseasePhenotype]:
    """Yield the disease-phenotype annotations of phenotype.hpoa, negated ones too.

    The header names the columns ``#DatabaseID ...`` (until 2023) or ``database_id ...`` (since).

    Raises
    ------
    FormatError
        No header, a row with another number of columns, a qualifier other than NOT, an unknown evidence or aspect.
    """
    columns = None
    for number, line in text.data_lines(path):
        if columns is None:
            # Comments also begin with "#"; the header is the first line with columns.
            if "\t" not in line:
                continue
            columns = text.Columns(path, number, line.lstrip("#").split("\t"))
            places = [columns.need(name) for name in _DISEASE_COLUMNS]
            continue
        cells = [cell.strip() for cell in columns.split(number, line)]
        yield _disease(path, number, [cells[place] for place in places])
    if columns is None:
        raise FormatError.at(path, 1, "no header line with the names of the columns", value=path)


def _disease(path: Path | str, number: int, cells: list[str]) -> DiseasePhenotype:
    disease, name, qualifier, term, reference, evidence, onset, frequency, sex, modifier, aspect, biocuration = cells
    if qualifier not in ("", "NOT"):
        raise FormatError.at(path, number, f"the qualifier is {qualifier!r}, not NOT or nothing", value=qualifier)
    _check_term(path, number, term)
    if evidence not in _EVIDENCE:
        raise FormatError.at(path, number, f"the evidence {evidence!r} is not {', '.join(_EVIDENCE)}", value=evidence)
    if aspect not in _ASPECTS:
        raise FormatError.at(path, number, f"the aspect {aspect!r} is not {', '.join(_ASPECTS)}", value=aspect)
    return DiseasePhenotype(
        disease_id=disease,
        disease_name=name,
        negated=qualifier == "NOT",
        term_id=term,
        references=text.many(reference, ";"),
        evidence=evidence,
        onset=onset,
        frequency=frequency,
        sex=sex,
        modifier=modifier,
        aspect=aspect,
        biocuration=biocuration,
        line=number,
    )


def _check_term(path: Path | str, number: int, cell: str) -> None:
    if not cell.strip().startswith("HP:"):
        raise FormatError.at(path, number, f"{cell[:40]!r} is not an HPO id", value=cell)
