"""A folder of official files, as downloaded, with a few dozen human genes: every trap of the formats is in it."""

from __future__ import annotations

import gzip
from pathlib import Path

N_GENES = 30

GTF_HEADER = "#!genome-build GRCh38.p14\n#!genome-version GRCh38\n"

OBO = """format-version: 1.2
data-version: releases/2026-06-15
ontology: go

[Term]
id: GO:0008150
name: biological_process
namespace: biological_process

[Term]
id: GO:0003674
name: molecular_function
namespace: molecular_function

[Term]
id: GO:0005575
name: cellular_component
namespace: cellular_component

[Term]
id: GO:0006974
name: DNA damage response
namespace: biological_process
def: "A definition that must not be shipped." [GOC:x]
is_a: GO:0008150 ! biological_process

[Term]
id: GO:0006281
name: DNA repair
namespace: biological_process
alt_id: GO:0006999
is_a: GO:0006974 ! DNA damage response
relationship: part_of GO:0008150 {source="x"} ! biological_process

[Term]
id: GO:0006282
name: regulation of DNA repair
namespace: biological_process
is_a: GO:0008150
relationship: regulates GO:0006281 ! DNA repair

[Term]
id: GO:0003684
name: damaged DNA binding
namespace: molecular_function
is_a: GO:0003674
relationship: part_of GO:0006281 ! DNA repair

[Term]
id: GO:0005634
name: nucleus
namespace: cellular_component
is_a: GO:0005575

[Term]
id: GO:0000004
name: obsolete biological process unknown
namespace: biological_process
is_obsolete: true
replaced_by: GO:0008150

[Typedef]
id: part_of
name: part of
is_transitive: true
"""

HP_OBO = """format-version: 1.2
data-version: hp/releases/2026-07-01

[Term]
id: HP:0000001
name: All

[Term]
id: HP:0000118
name: Phenotypic abnormality
is_a: HP:0000001 ! All

[Term]
id: HP:0000999
name: obsolete Something
is_obsolete: true
"""

GENES_TO_PHENOTYPE = """ncbi_gene_id\tgene_symbol\thpo_id\thpo_name\tfrequency\tdisease_id
101\tABC1\tHP:0000118\tPhenotypic abnormality\t-\tOMIM:1
101\tABC1\tHP:0000118\tPhenotypic abnormality\t3/5\tOMIM:2
102\tABC2\tHP:0000999\tobsolete Something\t-\tOMIM:2
999\tNONE\tHP:0000118\tPhenotypic abnormality\t-\tOMIM:3
"""

REACTOME = "".join(
    f"{gene}\tR-{species}-73894\thttps://reactome.org/PathwayBrowser/#/R-{species}-73894\tDNA Repair\t{code}\t{name}\n"
    for gene, species, code, name in (
        ("ENSG00000000001", "HSA", "TAS", "Homo sapiens"),
        ("ENSG00000000002", "HSA", "IEA", "Homo sapiens"),
        ("ENST00000000002", "HSA", "IEA", "Homo sapiens"),
        ("ENSMUSG00000000001", "MMU", "IEA", "Mus musculus"),
    )
)

WIKIPATHWAYS = (
    "Glycolysis%WikiPathways_20260810%WP534%Homo sapiens\thttps://www.wikipathways.org/instance/WP534\t101\t103\t777\n"
)


def gtf() -> str:
    rows = [GTF_HEADER]
    for number in range(1, N_GENES + 1):
        rows.append(_gene(f"ENSG{number:011d}", f"ABC{number}", "1", 1000 * number, "+" if number % 2 else "-"))
        rows.append(
            _gene(f"ENSG{number:011d}", f"ABC{number}", "1", 1000 * number, "+").replace("\tgene\t", "\texon\t")
        )
    rows.append(_gene("ENSG00000000091", "ABC1", "CHR_HSCHR6_MHC_COX_CTG1", 500, "+"))
    rows.append(_gene("ENSG00000000092", "", "KI270711.1", 500, "-"))
    return "".join(rows)


def _gene(gene_id: str, symbol: str, chromosome: str, start: int, strand: str) -> str:
    name = f'gene_name "{symbol}"; ' if symbol else ""
    attributes = f'gene_id "{gene_id}"; gene_version "4"; {name}gene_source "havana"; gene_biotype "protein_coding";'
    return f"{chromosome}\thavana\tgene\t{start}\t{start + 99}\t.\t{strand}\t.\t{attributes}\n"


def gene_info() -> str:
    header = (
        "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\tdescription\ttype_of_gene\t"
        "Symbol_from_nomenclature_authority\tFull_name_from_nomenclature_authority\tNomenclature_status\t"
        "Other_designations\tModification_date\tFeature_type\n"
    )
    rows = [header]
    for number in range(1, N_GENES + 1):
        xrefs = f"MIM:{number}|HGNC:HGNC:{number}|Ensembl:ENSG{number:011d}"
        cells = [
            9606,
            100 + number,
            f"ABC{number}",
            "-",
            f"OLD{number}|p{number}",
            xrefs,
            1,
            "1p1",
            "d",
            "protein-coding",
        ]
        rows.append("\t".join(map(str, [*cells, f"ABC{number}", f"abc gene {number}", "O", "-", 20260101, "-"])) + "\n")
    rows.append("9606\t888\tLOC888\t-\tunplaced\t-\t1\t-\td\tncRNA\t-\t-\t-\t-\t20260101\t-\n")
    rows.append("741158\t889\tND1\t-\t-\t-\tMT\t-\td\tprotein-coding\t-\t-\t-\t-\t20260101\t-\n")
    return "".join(rows)


def hgnc() -> str:
    header = (
        "hgnc_id\tsymbol\tname\tlocus_group\tlocus_type\tstatus\tlocation\talias_symbol\tprev_symbol\tentrez_id\t"
        "ensembl_gene_id\trefseq_accession\tuniprot_ids\tomim_id\tmgd_id\trgd_id\tgene_group\n"
    )
    rows = [header]
    for number in range(1, N_GENES + 1):
        symbol = "NEW3" if number == 3 else f"ABC{number}"
        previous = "ABC3" if number == 3 else ""
        alias = '"ALPHA|BETA"' if number == 1 else ""
        cells = [f"HGNC:{number}", symbol, f"approved name {number}", "protein-coding gene", "gene", "Approved", "1p1"]
        cells += [alias, previous, str(100 + number), f"ENSG{number:011d}", f"NM_{number:06d}", f"P{number:05d}"]
        rows.append("\t".join([*cells, "", "", "", ""]) + "\n")
    return "".join(rows)


def gaf() -> str:
    rows = [
        ("P00001", "ABC1", "involved_in", "GO:0006281", "IDA", "P", "9606"),
        ("P00001", "ABC1", "involved_in", "GO:0006281", "IEA", "P", "9606"),
        ("P00002", "ABC2", "acts_upstream_of_or_within", "GO:0006999", "IMP", "P", "9606"),  # a merged id
        ("P00003", "NEW3", "NOT|involved_in", "GO:0006281", "IDA", "P", "9606"),
        ("P00004", "ABC4", "involved_in", "GO:0008150", "ND", "P", "9606"),
        ("P00005", "ABC5", "involved_in", "GO:0000004", "TAS", "P", "9606"),  # obsolete
        ("P00006", "ABC6", "involved_in", "GO:0999999", "TAS", "P", "9606"),  # unknown
        ("P00007", "ABC7", "involved_in", "GO:0008150", "NAS", "P", "9606"),  # on a root
        ("P00008", "ABC8", "enables", "GO:0003684", "IPI", "F", "9606"),
        ("P00009", "ABC9", "involved_in", "GO:0006282", "IGI", "P", "9606"),
        ("A0A0A0", "ABC10", "located_in", "GO:0005634", "IEA", "C", "9606"),  # found by its symbol
        ("A0A0B0", "NOBODY", "located_in", "GO:0005634", "IEA", "C", "9606"),
        ("Q99999", "ABC11", "located_in", "GO:0005634", "IDA", "C", "10090"),  # another organism
        ("P00012", "ABC12", "located_in", "GO:0005634", "HDA", "C", "9606|11676"),  # a host of a virus
    ]
    lines = ["!gaf-version: 2.2\n", "!date-generated: 2026-08-15T08:00\n"]
    for key, symbol, qualifier, term, code, aspect, taxa in rows:
        taxon = "|".join(f"taxon:{number}" for number in taxa.split("|"))
        cells = ["UniProtKB", key, symbol, qualifier, term, "PMID:1", code, "", aspect, "name", "syn", "protein", taxon]
        lines.append("\t".join([*cells, "20260101", "UniProt", "", ""]) + "\n")
    return "".join(lines)


def gene2go() -> str:
    return (
        "#tax_id\tGeneID\tGO_ID\tEvidence\tQualifier\tGO_term\tPubMed\tCategory\n"
        "9606\t101\tGO:0006281\tIDA\tinvolved_in\tDNA repair\t1\tProcess\n"
        "9606\t102\tGO:0006281\tIDA\tNOT involved_in\tDNA repair\t1\tProcess\n"
        "9606\t103\tGO:0005634\tIEA\tlocated_in\tnucleus\t-\tComponent\n"
        "10090\t101\tGO:0005634\tIEA\tlocated_in\tnucleus\t-\tComponent\n"
    )


def write(folder: Path, *, with_gaf: bool = True) -> Path:
    """Write the folder; half of the files packed, as projects publish them."""
    folder.mkdir(parents=True, exist_ok=True)
    packed = {"Homo_sapiens.GRCh38.115.gtf.gz": gtf(), "Homo_sapiens.gene_info.gz": gene_info()}
    packed |= {"goa_human.gaf.gz": gaf()} if with_gaf else {"gene2go.gz": gene2go()}
    plain = {
        "hgnc_complete_set.txt": hgnc(),
        "go-basic.obo": OBO,
        "Ensembl2Reactome_All_Levels.txt": REACTOME,
        "wikipathways-20260810-gmt-Homo_sapiens.gmt": WIKIPATHWAYS,
        "hp.obo": HP_OBO,
        "genes_to_phenotype.txt": GENES_TO_PHENOTYPE,
    }
    for name, text in packed.items():
        (folder / name).write_bytes(gzip.compress(text.encode(), mtime=0))
    for name, text in plain.items():
        (folder / name).write_text(text)
    return folder


def write_yeast(folder: Path) -> Path:
    """Write a folder for yeast, whose genes are known by systematic names and SGD ids."""
    folder.mkdir(parents=True, exist_ok=True)
    gene = 'gene_id "{0}"; gene_name "{1}"; gene_source "sgd"; gene_biotype "protein_coding";'
    rows = [
        f"I\tsgd\tgene\t335\t649\t.\t+\t.\t{gene.format('YAL001C', 'TFC3')}\n",
        f"I\tsgd\tgene\t735\t949\t.\t-\t.\t{gene.format('YAL002W', 'VPS8')}\n",
    ]
    (folder / "Saccharomyces_cerevisiae.R64-1-1.113.gtf").write_text("#!genome-build R64-1-1\n" + "".join(rows))
    columns = "tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\ttype_of_gene\tFull_name_from_nomenclature_authority"
    cells = "559292\t851262\tTFC3\tYAL001C\tFUN24|TSV115\tSGD:S000000001\tprotein-coding\ttranscription factor"
    (folder / "Saccharomyces_cerevisiae.gene_info").write_text(f"#{columns}\n{cells}\n")
    (folder / "go-basic.obo").write_text(OBO)
    start = ["SGD", "S000000001", "TFC3", "located_in", "GO:0005634", "SGD_REF:1", "IDA", "", "C", "", "", "gene"]
    by_name = ["SGD", "S000000002", "VPS8", "located_in", "GO:0005634", "SGD_REF:1", "IDA", "", "C", "", "", "gene"]
    lines = [
        "\t".join([*row, taxon, "20260101", "SGD", "", ""])
        for row, taxon in ((start, "taxon:559292"), (by_name, "taxon:4932"))
    ]
    (folder / "sgd.gaf").write_text("!gaf-version: 2.2\n" + "\n".join(lines) + "\n")
    return folder
