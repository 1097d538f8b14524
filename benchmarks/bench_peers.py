"""How much faster than gseapy and goatools, and do they find the same p? One run, same gene sets, same background.

All three get the same list of Ensembl gene ids, the same sets (the human starter pack's, already propagated) and the
same background; population, term, list and overlap sizes must agree row by row or the run ends. What is timed:

lifenode     ``lifenode.enrich(list, all_results=True)``: identifiers resolved and accounted for, all terms counted,
             tested, corrected and sorted. Texts of a column are made when it is first read; what that adds is printed
             as "with every column".
gseapy       ``gseapy.enrich(list, dict of sets, background=set)``. It filters the sets by the background in each call;
             its interface has no way to do that once.
goatools     ``GOEnrichmentStudy.run_study(list)`` alone, one-sided, Bonferroni; preparing the study (associations, GO
             graph, population counts) is left out, as is everything it prints.

All are warm: each tool has run the list before. Each meets the garbage collector as it would in a process of its own:
what the others have in memory is hidden from it. Since the peers make many objects, the ratio with the collector
switched off is printed too; the limit is for the tools as people run them.
"""

from __future__ import annotations

import argparse
import gc
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

import gseapy
import numpy as np
from goatools.go_enrichment import GOEnrichmentStudy
from goatools.obo_parser import GOTerm
from measuring import Floats, Report, Times, call_times

import lifenode
from lifenode.enrichment import engine
from lifenode.enrichment.world import World, pack_world
from lifenode.packs.pack import open_pack

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
from tests.oracles.exact import relative_error, upper_tail  # noqa: E402

TIMES_FASTER = 200
SAME_P = 1e-12
GO_BP = "GO:BP"
LIST = ROOT / "examples" / "inflammatory_response.txt"

Row = tuple[int, ...]  # x, K, n, N
Rows = dict[str, tuple[float, float, Row]]  # nominal and adjusted p, and the sizes, by term
Peer = Callable[[list[str]], Rows]


@dataclass(frozen=True)
class Scene:
    """Gene sets and a background, in the form each tool wants, and lifenode's options that mean the same."""

    sets: dict[str, list[str]]
    background: set[str]
    options: dict[str, Any]


def scene(world: World, source: str | None) -> Scene:
    """Return one source over the genes annotated in it, or all sources over all genes of the organism."""
    collection = world.collection
    index = None if source is None else collection.sources.index(source)
    start, end = (0, len(collection.term_ids)) if index is None else collection.source_start[index : index + 2].tolist()
    genes = world.gene_ids.take(collection.term_genes)
    edges = collection.term_indptr[start : end + 1].tolist()
    ids = collection.term_ids.take(np.arange(start, end))
    sets = {term_id: genes[first:last] for term_id, (first, last) in zip(ids, pairwise(edges), strict=True)}
    if index is None:
        return Scene(sets, set(world.gene_ids.take(np.flatnonzero(world.known))), {"domain": "known"})
    first, last = collection.source_gene_indptr[index : index + 2]
    return Scene(sets, set(world.gene_ids.take(collection.source_genes[first:last])), {"sources": [source]})


def run_gseapy(scene: Scene, ids: list[str]) -> Rows:
    """Return what gseapy finds; population and list size are those of its input."""
    table = gseapy.enrich(ids, scene.sets, background=scene.background, outdir=None, no_plot=True).results
    sizes = (len(scene.background.intersection(ids)), len(scene.background))
    columns = (table["Term"], table["P-value"], table["Adjusted P-value"], table["Overlap"])
    return {
        term: (float(p), float(adjusted), (*(int(part) for part in overlap.split("/")), *sizes))
        for term, p, adjusted, overlap in zip(*columns, strict=True)
    }


def goatools_study(scene: Scene) -> GOEnrichmentStudy:
    """Prepare goatools; the GO graph it wants is only asked for names, since counts are propagated already."""
    terms: dict[str, GOTerm] = {}
    associations: dict[str, set[str]] = {}
    for term_id, genes in scene.sets.items():
        terms[term_id] = GOTerm("biological_process")
        terms[term_id].id = terms[term_id].item_id = term_id
        for gene in genes:
            associations.setdefault(gene, set()).add(term_id)
    return GOEnrichmentStudy(
        scene.background, associations, terms, propagate_counts=False, methods=["bonferroni"], alternative="greater",
        log=None,
    )  # fmt: skip


def run_goatools(study: GOEnrichmentStudy, ids: list[str]) -> Rows:
    """Return what goatools finds for terms with a gene of the list."""
    return {
        found.GO: (
            float(found.p_uncorrected),
            float(found.p_bonferroni),
            (found.study_count, found.pop_count, found.study_n, found.pop_n),
        )
        for found in study.run_study(ids)
        if found.study_count
    }


def run_lifenode(scene: Scene, ids: list[str], correction: str) -> Rows:
    """Return what lifenode finds."""
    result = lifenode.enrich(ids, all_results=True, correction=correction, **scene.options)
    sizes = ("intersection_size", "term_size", "query_size", "effective_domain_size")
    names = ("term_id", "p_nominal", "p_value", *sizes)
    return {term: (p, adjusted, tuple(row)) for term, p, adjusted, *row in zip(*map(result.values, names), strict=True)}


def compare(peer: str, own: Rows, other: Rows, *, adjusted: bool) -> bool:
    """Print how far the p-values are apart, and who is right where they differ most; say whether they agree."""
    if own.keys() != other.keys() or any(own[term][2] != other[term][2] for term in own):
        raise SystemExit(f"{peer} and lifenode did not test the same: terms or x, K, n, N differ.")
    terms = list(own)
    ours, theirs = (np.array([rows[term][:2] for term in terms]) for rows in (own, other))
    apart = np.abs(ours - theirs) / ours
    print(f"    {len(terms):,} terms with equal x, K, n, N; nominal p apart by at most {apart[:, 0].max():.1e}", end="")
    print(f", adjusted p by {apart[:, 1].max():.1e}" if adjusted else "")
    hardest = np.argsort(apart[:, 0])[::-1][:25]
    errors = np.array([_errors(own[terms[row]], other[terms[row]]) for row in hardest])
    worst = own[terms[hardest[0]]]
    print(f"    most apart: {terms[hardest[0]]} x={worst[2][0]} K={worst[2][1]} n={worst[2][2]} N={worst[2][3]}")
    print(f"      exact    {float(upper_tail(*worst[2])):.17e}")
    print(f"      lifenode {worst[0]:.17e}  off by {errors[0, 0]:.1e}")
    print(f"      {peer:8} {other[terms[hardest[0]]][0]:.17e}  off by {errors[0, 1]:.1e}")
    own_error, other_error = errors.max(axis=0)
    print(f"    largest error in the 25 rows most apart: lifenode {own_error:.1e}, {peer} {other_error:.1e}")
    return bool(own_error <= SAME_P)


def _errors(own: tuple[float, float, Row], other: tuple[float, float, Row]) -> tuple[float, float]:
    exact = upper_tail(*own[2])
    return relative_error(own[0], 0, exact), relative_error(other[0], 0, exact)


def race(report: Report, title: str, peer: str, scene: Scene, ids: list[str], run: Peer, runs: int) -> None:
    """Time one list in lifenode and in a peer and compare what they found."""
    correction = {"gseapy": "fdr_hits", "goatools": "bonferroni"}[peer]
    query = partial(lifenode.enrich, ids, all_results=True, correction=correction, **scene.options)
    call = call_times(query, 60, warm=10)
    frame = call_times(partial(_every_column, query), 10)
    theirs = call_times(partial(run, ids), runs)
    gc.disable()
    uncollected = call_times(partial(run, ids), runs, warm=0), call_times(query, 60)
    gc.enable()
    print(f"{title}\n  lifenode {_both(call)}, with every column {_both(frame)}; {peer} {_both(theirs)}")
    report.at_least(f"times faster than {peer}, wall", ratio(theirs.wall, call.wall), TIMES_FASTER, "x")
    report.at_least(f"times faster than {peer}, CPU", ratio(theirs.cpu, call.cpu), None, "x")
    report.at_least(f"times faster than {peer}, no collector", ratio(*(times.wall for times in uncollected)), None, "x")
    report.at_least(f"times faster than {peer}, every column made", ratio(theirs.wall, frame.wall), None, "x")
    # The family of a correction is a source; gseapy knows one family only.
    if not compare(peer, run_lifenode(scene, ids, correction), run(ids), adjusted="sources" in scene.options):
        report.broken.append(f"{title}: p off by more than {SAME_P}")


def _every_column(query: Callable[[], lifenode.EnrichmentResult]) -> object:
    return query().to_pandas()


def ratio(theirs: Floats, ours: Floats) -> Floats:
    """Return the ratio of each of their times to our median."""
    return theirs / np.median(ours)


def _both(times: Times) -> str:
    return f"{np.median(times.wall) * 1e3:,.2f} ms (CPU {np.median(times.cpu) * 1e3:,.2f})"


def prepared(peer: str, world: World, source: str | None) -> tuple[Scene, Peer]:
    """Return a scene and a peer ready for it, with nothing else for the garbage collector to look through."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
    stage = scene(world, source)
    if peer == "gseapy":
        return stage, partial(run_gseapy, stage)
    gc.freeze()
    return stage, partial(run_goatools, goatools_study(stage))


def main() -> int:
    """Run the benchmark; exit 1 if a ratio or a p is beyond its limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each peer and list")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    engine.switch_to_compiled()
    world = pack_world(open_pack("hsapiens"), False)
    example = world.gene_ids.take(world.resolve(LIST.read_text().split(), "ENTREZGENE", {}).genes)
    report = Report()
    versions = ", ".join(f"{peer} {version(peer)}" for peer in ("gseapy", "goatools", "scipy"))
    print(f"# {versions}; medians of 60 calls of lifenode and {arguments.runs} of the peers")
    for peer, source in (("gseapy", GO_BP), ("goatools", GO_BP), ("gseapy", None)):
        stage, run = prepared(peer, world, source)
        pool, rng = sorted(stage.background), np.random.default_rng(7)
        lists = {"inflammatory response": [gene for gene in example if gene in stage.background]}
        lists |= {f"random {n}": rng.choice(pool, n, replace=False).tolist() for n in (20, 400, 1000)}
        where = f"{source}, domain annotated" if source else "all sources, domain known"
        for name, ids in lists.items():
            title = f"{where} ({len(stage.sets):,} sets, N = {len(pool):,}): {name}, {len(ids)} genes"
            race(report, title, peer, stage, ids, run, arguments.runs)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
