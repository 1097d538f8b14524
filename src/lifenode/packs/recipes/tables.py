"""The folder of annotation tables the starter packs are made of."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Literal

import polars as pl

from lifenode.errors import BuildFailed
from lifenode.packs.readers import hcop, homologene, hpo, ncbi, obo, tables
from lifenode.packs.recipes.ontology import Ontology, go_from_tables, hpo_from_table
from lifenode.packs.recipes.pathways import sets_frame


class Tables:
    """Reads tables from a folder with ``tables/`` and ``upstream/``; blank cells are null."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def table(self, name: str, kind: str) -> pl.DataFrame:
        """Return ``tables/<name>.tsv.gz``, a table of one `kind` of `lifenode.packs.readers.layouts`."""
        return tables.read(self.path(f"tables/{name}.tsv.gz"), kind)

    def yeast(self, name: str) -> pl.DataFrame:
        """Return ``tables/<name>.tsv.gz`` of SGD's features, both strands with start <= end."""
        return tables.sgd_features(self.path(f"tables/{name}.tsv.gz"))

    def gene_info(self, name: str, taxonomy_id: int) -> pl.DataFrame:
        """Return ``tables/<name>.tsv.gz`` of NCBI gene_info, without the strains listed beside the species."""
        return ncbi.gene_info_frame(self.path(f"tables/{name}.tsv.gz"), {taxonomy_id})

    def annotations(self, name: str) -> pl.DataFrame:
        """Return ``tables/<name>.tsv.gz`` of gene-term pairs, whichever layout it has."""
        return tables.go_annotations(self.path(f"tables/{name}.tsv.gz"))

    def phenotypes(self, name: str) -> pl.DataFrame:
        """Return ``tables/<name>.tsv.gz`` of HPO's genes and phenotypes as key and term_id."""
        return hpo.genes_to_phenotype_frame(self.path(f"tables/{name}.tsv.gz")).select("term_id", key="entrez")

    def sets(self, name: str) -> pl.DataFrame:
        """Return a GMT file as rows term_id, name, member."""
        return sets_frame(self.path(name))

    @cached_property
    def hcop(self) -> pl.DataFrame:
        """Pairs of a human gene and an ortholog, 2022-09."""
        return hcop.pairs_frame(self.path("tables/orthologs_hcop_2022-09.tsv.gz"))

    @cached_property
    def homologene(self) -> pl.DataFrame:
        """Groups of homologous genes of eleven organisms: group, taxonomy_id, symbol, entrez."""
        return homologene.groups_frame(self.path("tables/homologene2.tsv.gz"))

    def path(self, name: str) -> Path:
        """Return the path of a file that must be there."""
        path = self.folder / name
        if not path.is_file():
            raise BuildFailed(
                f"The raw file {path} is missing.", value=path, next_step="Give the folder of annotation tables."
            )
        return path

    @cached_property
    def go_2024(self) -> Ontology:
        """The graph for annotations of 2023: is_a of 2024-01, part_of of 2021-05."""
        return self._go("2024-01")

    @cached_property
    def go_2021(self) -> Ontology:
        """The graph of 2021-05, for annotations of 2018 to 2020."""
        return self._go("2021-05")

    def _go(self, release: Literal["2024-01", "2021-05"]) -> Ontology:
        older = obo.read(self.path("upstream/gene_ontology.1_2_2012-01-04.obo.gz")).frames()[0]
        return go_from_tables(
            self.table("go_terms", "go_terms"),
            self.table("go_edges", "go_edges"),
            release,
            older.select("term_id", "name"),
        )

    @cached_property
    def hpo_2024(self) -> Ontology:
        """The Human Phenotype Ontology of 2024-02-08."""
        return hpo_from_table(self.table("hpo_terms_2024-02-08", "hpo_terms"))
