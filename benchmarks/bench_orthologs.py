"""How far orthologs agree with the curated tables of MGI and ZFIN, and how fast they are found.

MGI and ZFIN curate pairs of a human and a mouse or zebrafish gene of their own; neither is read when packs are built.
For each choice of sources and support two shares are printed: of the curated pairs those that lifenode holds, and of
lifenode's pairs those that are curated. Pairs of a gene that no pack has cannot be held and count as missed. ZFIN is
among the databases HCOP compares, so that its agreement is not independent.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from measuring import Report, call_times

import lifenode
from lifenode.packs.readers import tables

AT_ONCE = 20_000
Pairs = set[tuple[str, str]]

CHOICES: dict[str, dict[str, object]] = {
    "default: HCOP, else HomoloGene": {},
    "HCOP": {"sources": "HCOP"},
    **{f"HCOP, {count} or more databases": {"sources": "HCOP", "min_support": count} for count in (3, 4, 5, 6, 8)},
    "HomoloGene": {"sources": "HomoloGene"},
}


def genes_of(organism: str, identifiers: list[str]) -> dict[str, str]:
    """Return the gene of the pack for each identifier; digits are Entrez ids."""
    table = lifenode.convert(identifiers, organism, numeric_namespace="ENTREZGENE")
    return {query: gene for query, gene in zip(table["query"].tolist(), table["gene_id"].tolist(), strict=True) if gene}


def mgi_pairs(folder: Path) -> list[tuple[str, str]]:
    """Return MGI's pairs of a human and a mouse gene, all members of a class with each other, as Entrez ids."""
    rows = tables.read(folder / "mgi_mouse_human_homology_2024-11.tsv.gz", "mgi_homology").drop_nulls("EntrezGene ID")
    keyed = rows.select(key="DB Class Key", taxon="NCBI Taxon ID", entrez="EntrezGene ID")
    human, mouse = (keyed.filter(taxon=taxon).drop("taxon") for taxon in ("9606", "10090"))
    return human.join(mouse, on="key").select("entrez", "entrez_right").unique().sort("entrez", "entrez_right").rows()


def zfin_pairs(folder: Path) -> list[tuple[str, str]]:
    """Return ZFIN's pairs of a human gene (Entrez id) and a zebrafish gene (ZFIN id)."""
    rows = tables.read(folder / "zfin_human_orthologs_2024-11.tsv.gz", "zfin_orthologs").drop_nulls("human_entrez")
    return rows.select("human_entrez", "zfin_id").unique().sort("human_entrez", "zfin_id").rows()


def in_packs(pairs: list[tuple[str, str]], to: str) -> Pairs:
    """Return curated pairs as gene ids of the packs; those of a gene no pack has are left out."""
    human = genes_of("hsapiens", [pair[0] for pair in pairs])
    other = genes_of(to, [pair[1] for pair in pairs])
    return {(human[one], other[two]) for one, two in pairs if one in human and two in other}


def held(to: str, **choice: object) -> Pairs:
    """Return all pairs lifenode holds of genes on the primary assembly."""
    genes = lifenode.open_pack("hsapiens").genes()
    everyone = [gene for gene, primary in zip(genes.gene_ids.to_list(), genes.primary.tolist(), strict=True) if primary]
    pairs: Pairs = set()
    for start in range(0, len(everyone), AT_ONCE):
        table = lifenode.orthologs(everyone[start : start + AT_ONCE], "hsapiens", to, **choice)  # type: ignore[arg-type]
        pairs |= set(zip(table["gene_id"].tolist(), table["ortholog"].tolist(), strict=True))
    return {(gene, ortholog) for gene, ortholog in pairs if ortholog}


def agreement(name: str, curated: list[tuple[str, str]], to: str, report: Report, floor: float) -> None:
    """Print the shares for every choice; the default must hold at least `floor` percent of the curated pairs."""
    known = in_packs(curated, to)
    print(f"\n{name}: {len(curated):,} pairs of human and {to}, {len(known):,} of genes in the packs\n")
    print("| pairs of | held | of the curated | curated of them |\n|---|---|---|---|")
    shares = {}
    for choice, options in CHOICES.items():
        ours = held(to, **options)
        both = len(ours & known)
        shares[choice] = 100 * both / len(curated)
        print(f"| {choice} | {len(ours):,} | {shares[choice]:.1f} % | {100 * both / len(ours):.1f} % |")
    print()
    report.at_least(f"{name}'s pairs held by default", np.array([next(iter(shares.values()))]), floor, "%")


def main() -> int:
    """Run the benchmark; exit 1 if a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tables", type=Path, default=Path("../shared/data/annotation/tables"))
    parser.add_argument("--runs", type=int, default=50)
    given = parser.parse_args()
    report = Report()
    genes = lifenode.open_pack("hsapiens").genes()
    coding = [place for place, kind in enumerate(genes.biotypes.to_list()) if kind == "protein_coding"]
    thousand = genes.gene_ids.take(np.random.default_rng(3).choice(coding, 1000, replace=False))
    for to in ("mmusculus", "drerio"):
        times = call_times(lambda to=to: lifenode.orthologs(thousand, to=to), given.runs, warm=3)
        report.at_most(f"1,000 human genes to {to}, wall", times.wall, 0.020)
    if given.tables.is_dir():
        agreement("MGI", mgi_pairs(given.tables), "mmusculus", report, 91.0)
        agreement("ZFIN", zfin_pairs(given.tables), "drerio", report, 94.0)
    else:
        print(f"  {given.tables} is not here, so agreement was not measured")
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
