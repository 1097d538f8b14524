"""Addresses of genes and terms at the projects that keep them; followed only when a visitor does."""

from __future__ import annotations

from urllib.parse import quote

_GENES = {
    "ENSG": "https://www.ensembl.org/id/{}",
    "ENTREZGENE": "https://www.ncbi.nlm.nih.gov/gene/{}",
    "HGNC": "https://www.genenames.org/data/gene-symbol-report/#!/hgnc_id/{}",
    "MGI": "https://www.informatics.jax.org/accession/{}",
    "RGD": "https://rgd.mcw.edu/rgdweb/report/gene/main.html?id={}",
    "SGD": "https://www.yeastgenome.org/locus/{}",
    "FLYBASE": "https://flybase.org/reports/{}",
    "WORMBASE": "https://wormbase.org/species/c_elegans/gene/{}",
    "ZFIN": "https://zfin.org/{}",
    "UNIPROT": "https://www.uniprot.org/uniprotkb/{}",
}
_TERMS = {
    "GO:MF": "https://amigo.geneontology.org/amigo/term/{}",
    "GO:BP": "https://amigo.geneontology.org/amigo/term/{}",
    "GO:CC": "https://amigo.geneontology.org/amigo/term/{}",
    "REAC": "https://reactome.org/content/detail/{}",
    "WP": "https://www.wikipathways.org/pathways/{}.html",
    "HP": "https://hpo.jax.org/browse/term/{}",
}


def gene_address(namespace: str, identifier: str) -> str:
    """Return where an identifier is described, nothing where that is not known."""
    return _GENES[namespace].format(quote(identifier, safe=":")) if namespace in _GENES else ""


def term_address(source: str, term_id: str) -> str:
    """Return where a term is described, nothing where that is not known."""
    return _TERMS[source].format(quote(term_id, safe=":")) if source in _TERMS else ""
