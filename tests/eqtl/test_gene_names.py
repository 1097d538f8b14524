"""Genes are found by what people call them; a name of several genes is told, not guessed."""

from __future__ import annotations

import pytest

from lifenode.eqtl import Catalogue
from lifenode.eqtl.gene_names import genes_named
from lifenode.errors import InvalidOption, UnknownName

GENE = "ENSG00000113161"


@pytest.mark.parametrize("name", [GENE, f"{GENE}.16", "HMGCR", "hmgcr"])
def test_every_name_finds_the_same_rows(name: str) -> None:
    catalogue = Catalogue()
    found = catalogue.associations(name, limit=50)
    assert found.meta["gene"] == [GENE]
    assert found.to_polars().equals(catalogue.associations(GENE, limit=50).to_polars())
    assert catalogue.top_variants(name)["variant"].tolist() == ["chr5_75355259_A_G"]


def test_former_symbols_count() -> None:
    assert genes_named(["SEPT2", "p53"]) == {"SEPT2": "ENSG00000168385", "p53": "ENSG00000141510"}


def test_fine_mapping_takes_names_as_well() -> None:
    catalogue = Catalogue()
    assert len(catalogue.credible_sets("ISG15")) == len(catalogue.credible_sets("ENSG00000187608")) > 0
    assert len(catalogue.signals("ISG15")) == 1


def test_a_name_of_several_genes_is_told() -> None:
    with pytest.raises(InvalidOption, match=r"can be ENSG\d+ \(.+\) or ENSG\d+ \(.+\)") as refused:
        Catalogue().associations("H4")
    assert "Ensembl id" in refused.value.next_step


def test_an_unknown_name_has_the_nearest_offered() -> None:
    with pytest.raises(UnknownName, match="HMGCRR") as refused:
        Catalogue().associations(["HMGCR", "HMGCRR"])
    assert "HMGCR" in refused.value.next_step


def test_an_ensembl_id_need_not_be_in_the_pack() -> None:
    assert len(Catalogue().associations("ENSG00000000099")) == 0
