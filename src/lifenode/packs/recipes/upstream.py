"""Packs from the official files of each project, as an operator downloads them into one folder.

Genes come from Ensembl's GTF; names and cross references from NCBI gene_info and, for human, HGNC; Gene Ontology from
an OBO and a GAF (or gene2go); Reactome, WikiPathways, HPO and orthologs where their files are in the folder.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from lifenode.errors import BuildFailed
from lifenode.packs import catalog
from lifenode.packs.build import PackContent, build_date
from lifenode.packs.catalog import Facts, Organism
from lifenode.packs.readers import gaf, gtf, hcop, homologene, hpo, ncbi, obo, reactome
from lifenode.packs.recipes.annotations import on_genes, on_live_terms, without_negations
from lifenode.packs.recipes.identifiers import Identifiers
from lifenode.packs.recipes.ontology import GO_NAMESPACES, GO_ROOTS, from_obo
from lifenode.packs.recipes.orthologs import orthologs_frame
from lifenode.packs.recipes.parts import Dropped, Part, assemble
from lifenode.packs.recipes.pathways import gene_sets, sets_frame, unambiguous
from lifenode.packs.recipes.phenotypes import phenotypes
from lifenode.packs.recipes.upstream_genes import genes_and_names

# Species that annotation files name by a strain or by the species, whichever the year.
_SAME_TAXON = {559292: {559292, 4932}}

_OBJECT_NAMESPACES = ("UNIPROT", "MGI", "RGD", "SGD", "FLYBASE", "WORMBASE", "ZFIN", "AGI", "ENSG")


def content(organism: str, folder: Path) -> PackContent:
    """Return the content of the pack of `organism` from the official files in `folder`.

    Raises
    ------
    UnknownOrganism
        The catalogue does not list `organism`.
    BuildFailed
        Files are missing; each is named with its URL.
    """
    known = catalog.organism(organism)
    files = _files(known, Path(folder))
    dropped = Dropped()
    genes, names = genes_and_names(known, files, dropped)
    parts = [_gene_ontology(known, files, names, dropped), *_pathways(known, files, names, dropped)]
    orthologs = _orthologs(known, files, names.table(), dropped)
    built = build_date()
    release = built[:7].replace("-", ".")
    made = assemble(known, release, genes, names.table(), parts, _facts(files), dropped, built=built)
    return replace(made, orthologs=orthologs)


def _files(organism: Organism, folder: Path) -> dict[str, Path]:
    """Return the files in `folder` by the name of their reader; the two ontologies are told apart by their source."""
    found = {}
    for raw in catalog.upstream(organism.id):
        path = raw.find(folder)
        if path is not None:
            found["hpo_obo" if raw.reader == "obo" and "HP" in raw.sources else raw.reader] = path
    missing = [raw for raw in catalog.missing_files(organism.id, folder) if raw.required]
    if "gene2go" in found:
        missing = [raw for raw in missing if raw.reader != "gaf"]
    if missing:
        listed = "; ".join(f"{raw.file} from {raw.url}" for raw in missing)
        raise BuildFailed(
            f"{folder} lacks {len(missing)} of the files that {organism.scientific_name} is built from.",
            value=folder,
            next_step=f"Download into it: {listed}.",
        )
    return found


def _gene_ontology(organism: Organism, files: Mapping[str, Path], names: Identifiers, dropped: Dropped) -> Part:
    ontology = from_obo(obo.read(files["obo"]), GO_NAMESPACES, tuple(GO_ROOTS))
    taxa = _SAME_TAXON.get(organism.taxonomy_id, {organism.taxonomy_id})
    if "gaf" in files:
        rows = gaf.annotations_frame(files["gaf"])
        rows = dropped.keep(rows, pl.col("taxon").is_in([str(taxon) for taxon in taxa]), "product of another organism")
        links = _objects(rows, names)
    else:
        rows = ncbi.gene2go_frame(files["gene2go"], taxa)
        links = names.links("ENTREZGENE")
    rows = without_negations(rows.select("source", "key", "term_id", "evidence", "qualifier"), dropped)
    return Part(ontology.terms, on_genes(on_live_terms(rows, ontology, dropped), links, dropped))


def _objects(rows: pl.DataFrame, names: Identifiers) -> pl.DataFrame:
    """Return identifier and gene for the annotated objects of a GAF, by their ids and, failing that, their symbols.

    RGD writes its ids without prefix; TAIR numbers its loci in a way of its own and puts the AGI code in the symbol.
    """
    objects = rows.select("key", "symbol").unique().sort("key", "symbol")
    known = pl.concat([names.links(namespace) for namespace in _OBJECT_NAMESPACES])
    plain = names.links("RGD").with_columns(pl.col("identifier").str.replace("^RGD:", ""))
    by_id = objects.join(pl.concat([known, plain]), left_on="key", right_on="identifier")
    rest = objects.join(by_id, on="key", how="anti")
    symbols = pl.concat([unambiguous(names.links(namespace)) for namespace in ("SYMBOL", "AGI")])
    by_symbol = rest.join(symbols, left_on="symbol", right_on="identifier")
    return pl.concat([by_id, by_symbol]).select("gene", identifier="key").unique()


def _pathways(organism: Organism, files: Mapping[str, Path], names: Identifiers, dropped: Dropped) -> list[Part]:
    parts = []
    if "reactome" in files:
        rows = [
            (row.pathway, row.name, row.identifier)
            for row in reactome.read(files["reactome"], organism.scientific_name)
        ]
        sets = pl.DataFrame(rows, schema=dict.fromkeys(("term_id", "name", "member"), pl.String), orient="row")
        parts.append(gene_sets("REAC", sets, [names.links("ENSG")], dropped))
    if "gmt" in files:
        parts.append(gene_sets("WP", sets_frame(files["gmt"]), [names.links("ENTREZGENE")], dropped))
    if "hpo_obo" in files and "hpo_genes" in files:
        pairs = hpo.genes_to_phenotype_frame(files["hpo_genes"]).select("term_id", key="entrez")
        ontology = from_obo(obo.read(files["hpo_obo"]), {"HP": "HP"})
        parts.append(phenotypes(pairs, ontology, names.links("ENTREZGENE"), dropped))
    return parts


def _orthologs(
    organism: Organism, files: Mapping[str, Path], identifiers: pl.DataFrame, dropped: Dropped
) -> pl.DataFrame | None:
    if not {"hcop", "homologene"} & files.keys():
        return None
    pairs = hcop.pairs_frame(files["hcop"]) if "hcop" in files else None
    groups = homologene.groups_frame(files["homologene"]) if "homologene" in files else None
    return orthologs_frame(organism.taxonomy_id, identifiers, pairs, groups, dropped)


# Which files tell what of a source: the project and the reader of each.
_TOLD = {
    "genes": (("ensembl", "gtf"), ("hgnc", "hgnc")),
    "identifiers": (("ensembl", "gtf"), ("ncbi", "gene_info"), ("hgnc", "hgnc")),
    **dict.fromkeys(("GO:MF", "GO:BP", "GO:CC"), (("go", "obo"), ("go", "gaf"), ("ncbi", "gene2go"))),
    "REAC": (("reactome", "reactome"),),
    "WP": (("wikipathways", "gmt"),),
    "HP": (("hpo", "hpo_obo"), ("hpo", "hpo_genes")),
    "orthologs": (("hcop", "hcop"), ("homologene", "homologene")),
}


def _facts(files: Mapping[str, Path]) -> dict[str, Facts]:
    """Return the provenance of every source: the release each file states, or its name and date."""
    # Where there is a GAF, gene2go is not looked at.
    used = {reader: path for reader, path in files.items() if not (reader == "gene2go" and "gaf" in files)}
    releases = {reader: _release(reader, path) for reader, path in used.items()}
    facts = {}
    for source, told in _TOLD.items():
        present = [(origin, reader) for origin, reader in told if reader in used]
        if present:
            facts[source] = catalog.facts(
                source,
                list(dict.fromkeys(origin for origin, _ in present)),
                "; ".join(releases[reader][0] for _, reader in present),
                max(releases[reader][1] for _, reader in present),
                "codes" if source.startswith("GO:") else "none",
            )
    return facts


def _release(reader: str, path: Path) -> tuple[str, str]:
    """Return what a file says of its release, and its date; the file's own date where it is silent."""
    date = datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()
    if reader in ("obo", "hpo_obo"):
        version = obo.read(path).header.data_version
        return (f"{path.name} {version}".strip(), date)
    if reader == "gtf":
        build = gtf.header(path).get("genome-build", "")
        return (f"{path.name} {build}".strip(), date)
    if reader == "gaf":
        date = gaf.header(path).get("date-generated", date)[:10]
    return (f"{path.name} {date}", date)
