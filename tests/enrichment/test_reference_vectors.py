"""Published numbers of g:Profiler: what its rows say must follow from their own sizes."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import lifenode
from lifenode.enrichment.correction import published_threshold, scale_to_threshold
from lifenode.enrichment.hypergeometric import upper_tail

pytestmark = pytest.mark.data

BIOCARTA_LIST = "MAPK3 PIK3C2G HRAS PIK3R1 MAP2K1 RAF1 PLCG1 GNAQ MAPK1 PRKCB CRK BCAR1 NFKB1"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as handle:
        return list(csv.DictReader(handle))


def tail(row: dict[str, str]) -> float:
    names = ("intersection_size", "term_size", "query_size", "effective_domain_size")
    return float(upper_tail(*(int(row[name]) for name in names)).p[0])


def rounding(text: str) -> float:
    """Return the relative rounding error of a printed number."""
    digits, _, exponent = text.partition("e")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2])) / float(text) + 2e-13


def test_one_threshold_per_source_and_list_size(shared_data: Path) -> None:
    """Every g:SCS row is its nominal p times one factor of its source and size, whose threshold is on the grid."""
    groups = defaultdict(list)
    for row in read(shared_data / "enrichment" / "gscs_threshold_vectors.csv"):
        text = row["p_value_reported"]
        key = (row["source"], row["effective_domain_size"], row["query_size"])
        groups[key].append((0.05 * tail(row) / float(text), rounding(text)))
    assert len(groups) == 23
    for rows in groups.values():
        finest = min(rows, key=lambda row: row[1])[0]
        threshold = published_threshold(round(finest, 6))
        assert threshold == pytest.approx(finest, rel=1e-3)
        for recovered, error in rows:
            assert recovered == pytest.approx(threshold, rel=error)


def test_full_precision_rows_of_the_hallmark_query() -> None:
    for count, adjusted in ((24, 2.1079043791234606e-32), (11, 2.5550409545726816e-08)):
        nominal = upper_tail(count, 200, 24, 4386).p
        assert scale_to_threshold(nominal, 0.00392)[0] == pytest.approx(adjusted, rel=1e-13)


def test_fdr_rows_are_benjamini_hochberg_over_the_hit_terms(shared_data: Path) -> None:
    """Rank r of m hit terms: p_fdr = p m / r, to 1e-13, with m = 3036 for GO:BP and 539 for GO:MF."""
    rows = read(shared_data / "enrichment" / "fdr_e114_top_rows.csv")
    for source, family in (("GO:BP", 3036), ("GO:MF", 539)):
        part = sorted((row for row in rows if row["source"] == source), key=tail)
        scaled = np.array([tail(row) * family / rank for rank, row in enumerate(part, start=1)])
        monotone = np.minimum.accumulate(scaled[::-1])[::-1]
        reported = np.array([float(row["p_value_fdr"]) for row in part])
        # The last rows of the excerpt may take their value from a rank that is not in it.
        whole = len(part) - 1 if len(part) > 1 else 1
        assert monotone[:whole] == pytest.approx(reported[:whole], rel=1e-12)


def test_biocarta_list_in_a_world_of_its_own(shared_data: Path) -> None:
    sets = shared_data / "enrichment" / "biocarta.gmt"
    result = lifenode.enrich(BIOCARTA_LIST, organism=None, gene_sets=sets)
    facts = result.meta["sources"]["biocarta"]
    assert (facts["number_of_terms"], facts["domain_size"]) == (289, 1476)
    # Published: t = 1.06e-3, whose true family-wise error is 0.074; the honest one lies below it.
    threshold = result.meta["queries"]["query_1"]["sources"]["biocarta"]["threshold"]
    assert 5e-4 < threshold < 1.0e-3
    assert result["query_size"].tolist() == [13] * len(result)
    assert (result["p_nominal"] <= threshold).all()


def test_hallmark_world_accepts_entrez_numbers_as_they_are(shared_data: Path) -> None:
    sets = lifenode.GeneSets.read(shared_data / "enrichment" / "h.all.v6.2.entrez.gmt")
    first = sets.members[0][:24]
    result = lifenode.enrich(first, organism=None, gene_sets=sets, correction="gscs_compat")
    assert len(sets) == 50
    assert result["effective_domain_size"].tolist() == [4386] * len(result)
    assert result["term_id"][0] == sets.ids[0]
    assert result["p_nominal"][0] == pytest.approx(2.1079043791234606e-32 * 0.00392 / 0.05, rel=1e-12)
