"""The pages that every test of the look goes through, and the lists they show."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

ROOT = Path(__file__).parents[3]
GENES = (ROOT / "examples" / "inflammatory_response.txt").read_text(encoding="utf-8").split()


def asked(path: str, **fields: str) -> str:
    """Return the permanent link of a question."""
    return f"{path}?{urlencode(fields)}"


TYPICAL = asked("/enrich", query="\n".join(GENES), organism="hsapiens")
SEVERAL = asked("/enrich", query="> cytokines\nIL6 TNF CXCL8 IL1B CCL2\n> repair\nBRCA1 BRCA2 RAD51 PALB2")
NOTHING_SIGNIFICANT = asked("/enrich", query="OR4F5 TTTY22 KRTAP5-1", organism="hsapiens", sources="REAC")
NOTHING_KNOWN = asked("/enrich", query="NOSUCHGENE1 NOSUCHGENE2", organism="hsapiens")

PAGES = {
    "home": ("/", 200),
    "enrich, empty": ("/enrich", 200),
    "enrich, typical": (TYPICAL, 200),
    "enrich, several lists": (SEVERAL, 200),
    "enrich, nothing significant": (NOTHING_SIGNIFICANT, 200),
    "enrich, error": (NOTHING_KNOWN, 422),
    "convert, empty": ("/convert", 200),
    "convert": (asked("/convert", query="TP53 tp53 1-Mar BRCA3x", organism="hsapiens", to="ENTREZGENE"), 200),
    "orthologs, empty": ("/orthologs", 200),
    "orthologs": (asked("/orthologs", query="TP53 IL6 CXCL8", organism="hsapiens", to="mmusculus"), 200),
    "variants, empty": ("/variants", 200),
    "variants": (asked("/variants", query="rs429358 rs7412 7:22725884:C:G"), 200),
    "editing, empty": ("/editing", 200),
    "editing": (
        "/editing?pam=42&target=CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC",
        200,
    ),
    "locus, empty": ("/eqtl/locus", 200),
    "locus": (asked("/eqtl/locus", gene="HMGCR", dataset="QTD000085"), 200),
    "locus, several": ("/eqtl/locus?region=5:75300000-75400000&dataset=QTD000085&dataset=QTD000584", 200),
    "locus, error": (asked("/eqtl/locus", gene="HMGRC"), 404),
    "coloc, empty": ("/eqtl/coloc", 200),
    "coloc": (asked("/eqtl/coloc", second="example-ldl-hmgcr"), 200),
    "coloc, error": (asked("/eqtl/coloc", gwas="foo bar\n1 2"), 422),
    "edam, empty": ("/edam", 200),
    "edam": (asked("/edam", name="STAR", description="Ultrafast universal RNA-seq aligner of reads to a genome."), 200),
    "edam, error": (asked("/edam", record="{"), 422),
    "edam export, faults": (asked("/edam/export", name="STAR", accept="operation_0292"), 200),
    "edam term": ("/edam/term/operation_0292", 200),
    "edam term, obsolete": ("/edam/term/topic_0182", 200),
    "term": ("/term/GO:0006954?organism=hsapiens", 200),
    "gene": ("/gene/ENSG00000136244?organism=hsapiens", 200),
    "data": ("/data", 200),
    "eqtl": ("/eqtl", 200),
    "eqtl, unknown": ("/eqtl?q=NOSUCHGENE1", 404),
    "eqtl data sets": ("/eqtl/datasets", 200),
    "eqtl data set": ("/eqtl/datasets/QTD000085", 200),
    "eqtl gene": ("/eqtl/gene/HMGCR", 200),
    "eqtl gene, sets": ("/eqtl/gene/CHI3L2", 200),
    "eqtl variant": ("/eqtl/variant/rs3846662", 200),
    "reports": ("/report", 200),
    "resources": ("/resources?status=core-data-resource&at=2023-12-31", 200),
    "resource": ("/resources/uniprot", 200),
    "resource changes": ("/resources/changes", 200),
    "resource status": ("/resources/status", 200),
    "fair, empty": ("/resources/fair", 200),
    "fair": (asked("/resources/fair", document=(ROOT / "examples" / "dataset_page.html").read_text("utf-8")), 200),
    "checklist": ("/resources/checklist", 200),
    "rounds": ("/resources/rounds", 200),
    "training": ("/training", 200),
    "training, events": ("/training/events?country=Estonia&country=Norway&per_page=2", 200),
    "training, mistyped": ("/training/events?q=sequencnig", 200),
    "training, nothing": ("/training/materials?q=nosuchword", 200),
    "training, error": ("/training/events?start=March", 422),
    "training, event": ("/training/events/reading-gene-lists-from-a-list-to-its-biology", 200),
    "training, material": ("/training/materials/a-first-look-at-reads", 200),
    "training, calendar": ("/training/calendar", 200),
    "training, map": ("/training/map", 200),
    "training, providers": ("/training/providers", 200),
    "training, provider": ("/training/providers/1", 200),
    "training, node": ("/training/nodes/Estonia", 200),
    "training, check": ("/training/check", 200),
    "not there": ("/no-such-page", 404),
}
"""Name of each page: its address, and the status it answers with."""
