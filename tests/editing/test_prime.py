"""Prime editing: what is read and refused, what the features are, and what must hold for every prediction."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifenode.editing import prime, prime_scan, prime_table
from lifenode.editing.folding import energies
from lifenode.editing.prime_features import NAMES, expected_change, features
from lifenode.editing.prime_inserts import MOST_CHOICES, read_inserts
from lifenode.editing.prime_model import model
from lifenode.editing.prime_site import Site, read_site
from lifenode.editing.target import reverse_complement
from lifenode.errors import BadTarget, EmptyInput, InvalidOption, LifenodeError, UnreadableInput

PARTS: dict[str, Any] = {"spacer": "GGCCCAGACTGAGCACGTGA", "pbs": "CAGACTGAGCACG", "ha": "TGATGGCAGAGGAAA"}
TARGET = "GATGGCCCAGACTGAGCACG{}TGATGGCAGAGGAAAGGAAGCCCTGCTTCCTCCA"
NEW = "TTACGTACCGGATTTCAGG{}CATAGGTTACGCATTGCA"


def reversed_target(target: str) -> str:
    return "{}".join(reverse_complement(half) for half in reversed(target.split("{}")))


def test_a_site_is_read_from_a_target_on_either_strand_and_from_its_parts() -> None:
    site = read_site(TARGET)
    assert (site.spacer, site.pbs, site.ha) == tuple(PARTS.values())
    assert read_site(**PARTS) == site
    other = read_site(reversed_target(TARGET))
    assert (other.spacer, other.pbs, other.ha, other.strand) == (*PARTS.values(), "-")
    assert other.reads("AACT") == "AGTT"
    assert read_site(TARGET.lower()).notes == ("lower-case letters were read as capitals",)
    assert read_site(TARGET, pbs_length=10, ha_length=20).extension("CTT") == reverse_complement(
        "ACTGAGCACG" + "CTT" + "TGATGGCAGAGGAAAGGAAG"
    )


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"target": TARGET.replace("{}", "")}, "0 marks"),
        ({"target": TARGET.replace("TGATGG", "TGATCG")}, "not at a nick"),
        ({"target": "GAGCACG{}TGATGGCAGAGGAAAGG"}, "7 bases before the nick"),
        ({"target": TARGET.replace("GAGG", "GNGG")}, "has 'N' at base"),
        ({"target": TARGET, "strand": "-"}, "not at a nick"),
        ({**PARTS, "pbs": reverse_complement(PARTS["pbs"])}, "not what is left of the nick"),
        ({**PARTS, "spacer": PARTS["spacer"][1:]}, "has 19 bases; it needs 20"),
        ({**PARTS, "ha": "TG"}, "The HA has 2 bases"),
    ],
)
def test_sites_that_cannot_be_used_are_named(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(BadTarget, match=said):
        prime(["CTT"], **asked)


def test_options_that_do_not_go_together_are_refused() -> None:
    with pytest.raises(InvalidOption, match="without pbs, ha"):
        prime(["CTT"], spacer=PARTS["spacer"])
    with pytest.raises(InvalidOption, match="A target and spacer"):
        prime(["CTT"], target=TARGET, spacer=PARTS["spacer"])
    with pytest.raises(InvalidOption, match="mean and std"):
        prime(["CTT"], target=TARGET, mean=1.0)
    with pytest.raises(InvalidOption, match='no cell line "HEK239T"') as caught:
        prime(["CTT"], target=TARGET, cell_line="HEK239T")
    assert "HEK293T" in caught.value.next_step
    with pytest.raises(InvalidOption, match="HAP1 has mmr 1"):
        prime(["CTT"], target=TARGET, cell_line="hap1", mmr=0)


def test_inserts_are_written_out() -> None:
    assert [each.sequence for each in read_inserts("RAN")[0]] == [a + "A" + b for a in "AG" for b in "ACGT"]
    assert [each.sequence for each in read_inserts(["M*"], "protein")[0]] == ["ATGTAA", "ATGTAG", "ATGTGA"]
    assert len(read_inserts(["HHHHHH"], "protein")[0]) == 64
    many, notes = read_inserts(["GKPIPNPLLGLDST"], "protein")
    assert len({each.sequence for each in many}) == MOST_CHOICES
    assert "were drawn" in notes[0]
    assert [each.sequence for each in read_inserts(">a\nCT\nT\n>b\nGG\n")[0]] == ["CTT", "GG"]


@pytest.mark.parametrize(
    ("inserts", "kind", "error", "said"),
    [
        (["CTT", "AXT"], "dna", BadTarget, "Insert 2 has 'X' at letter 2"),
        (["MJK"], "protein", BadTarget, "'J' at letter 2, which is no amino acid"),
        (["A" * 201], "dna", BadTarget, "201 bases; up to 200"),
        (["N" * 20], "dna", BadTarget, "stands for 1,099,511,627,776"),
        ([""], "dna", EmptyInput, "No insert"),
        (["A"], "rna", InvalidOption, 'no kind of insert "rna"'),
    ],
)
def test_inserts_that_cannot_be_used_are_named(
    inserts: list[str], kind: str, error: type[LifenodeError], said: str
) -> None:
    with pytest.raises(error, match=said):
        prime(inserts, kind=kind, **PARTS)


def test_features_are_those_of_the_vectors(shared_data: Path) -> None:
    with (shared_data / "editing" / "vectors" / "minsepie_v3.csv").open(encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    first = rows[0]
    site = Site(first["spacer"], first["pbs"], first["ha"])
    found = features([row["insert"] for row in rows], site, model().arrays["baseline"])
    column = {name: found[:, place] for place, name in enumerate(NAMES)}
    for at, row in enumerate(rows):
        size = int(row["length"])
        assert column["length"][at] == size
        assert column["energy_rtt"][at] == pytest.approx(float(row["VF_RTT"]), abs=1e-6)
        assert column["paired_bases"][at] == int(row["pairedbases"])
        assert max(column["run_A"][at], 1) == max(int(row["Arun_maxlen"]), 1)
        for base, name in (("C", "percC"), ("A", "percA"), ("T", "percT")):
            # Ours are drawn towards an even composition, the more the shorter the insert.
            assert column[f"percent_{base}"][at] == pytest.approx((float(row[name]) * size + 1) / (size + 4))
    theirs = np.array([float(row["VF_RTT_z"]) for row in rows])
    assert np.corrcoef(column["energy_rtt_z"], theirs)[0, 1] > 0.9


def test_the_baseline_is_that_of_random_inserts() -> None:
    draw = np.random.default_rng(3)
    arms = ["".join("ACGT"[at] for at in draw.integers(0, 4, 24)) for _ in range(25)]
    for length in (10, 20, 40):
        off, ratio = [], []
        for arm, own in zip(arms, energies(arms), strict=True):
            random = ["".join("ACGT"[at] for at in draw.integers(0, 4, length)) + arm for _ in range(25)]
            change = energies(random) - own
            mean, spread = expected_change(np.array([float(length)]), arm, float(own), model().arrays["baseline"])
            off.append(mean[0] - change.mean())
            ratio.append(spread[0] / change.std())
        assert abs(np.mean(off)) < 0.6
        assert np.std(off) < 1.6
        assert np.median(ratio) == pytest.approx(1.0, abs=0.25)


def test_likeness_and_ends_are_read_across_the_junctions() -> None:
    site = Site("A" * 17 + "CGT", "TTTTTTTTGG", "CGTTTACCCA")
    (row,) = features(["GCG"], site, model().arrays["baseline"])
    column = dict(zip(NAMES, row, strict=True))
    assert (column["run_into_pbs"], column["run_into_ha"]) == (2, 0)
    assert (column["like_ha_start"], column["like_pbs_end"]) == (0, 1)
    assert column["like_ha"] == 2
    assert column["complement_of_first"] == 1
    # The fourth base is the first of the homology arm, the fourth last the last of the primer-binding site.
    assert column["first4_C"] == 1
    assert column["last4_G"] == 1


def test_heads_are_chosen_by_site_and_cells() -> None:
    known = prime(["CTT"], **PARTS)
    assert known.meta["answered_by"] == "the screens HEK3 HAP1dMLH1, HEK3 HEK293T"
    assert prime(["CTT"], cell_line="HAP1", **PARTS).meta["answered_by"] == "the screens HEK3 HAP1"
    assert prime(["CTT"], cell_line="HEK293T", **PARTS).meta["answered_by"] == "the screens HEK3 HEK293T"
    new = prime(["CTT"], target=NEW)
    assert new.meta["answered_by"] == "the head for new sites"
    assert any("was not screened" in note for note in new.meta["notes"])


def test_what_leaves_the_range_of_the_data_is_told() -> None:
    inside, outside = prime(["GATTACAGGCTT", "ACGT" * 30], **PARTS)["distance"]
    assert inside == 0
    assert outside > 3


def test_a_longer_insert_is_no_better_at_a_new_site() -> None:
    draw = np.random.default_rng(5)
    short = ["".join("ACGT"[at] for at in draw.integers(0, 4, 2)) for _ in range(16)]
    long = ["".join("ACGT"[at] for at in draw.integers(0, 4, 45)) for _ in range(16)]
    found = prime(short + long, target=NEW)
    assert found["z"][:16].mean() > found["z"][16:].mean() + 0.5


def test_protein_codons_come_best_first() -> None:
    found = prime("HHH", kind="protein", **PARTS)
    assert len(found) == 8
    assert list(found["z"]) == sorted(found["z"], reverse=True)
    assert set(found["given"]) == {"HHH"}


def test_both_strands_are_one_site() -> None:
    one = prime(["CTTA", "GGC"], target=NEW, strand="+")
    other = prime(["TAAG", "GCC"], target=reversed_target(NEW), strand="-")
    np.testing.assert_array_equal(one["z"], other["z"])
    assert list(one["extension"]) == list(other["extension"])


def test_a_scan_tries_the_lengths_that_fit() -> None:
    found = prime_scan("CTT", TARGET, pbs_lengths=[10, 13, 30], ha_lengths=[10, 15])
    assert len(found) == 4
    assert list(found["z"]) == sorted(found["z"], reverse=True)
    row = next(row for row in found if (row["pbs_length"], row["ha_length"]) == (13, 15))
    assert row["z"] == prime(["CTT"], target=TARGET)["z"][0]
    assert "2 pairs of lengths do not fit the target" in found.meta["notes"]
    with pytest.raises(InvalidOption, match="0 times"):
        prime_scan("CTT", TARGET, pbs_lengths=[])
    with pytest.raises(BadTarget, match="stands for 4 inserts"):
        prime_scan("CTN", TARGET)
    with pytest.raises(BadTarget, match="bases before the nick"):
        prime_scan("CTT", TARGET, pbs_lengths=[30])


def test_a_table_is_predicted_line_by_line() -> None:
    head = "name\tinsert\tspacer\tPBS\tHA\tmmr\n"
    line = "\t".join([PARTS["spacer"], PARTS["pbs"], PARTS["ha"]])
    found = prime_table(f"{head}one\tCTT\t{line}\t0\ntwo\tRA\t{line}\t1\nthree\tCTT\t{line}\t1\n")
    assert list(found["name"]) == ["one", "two", "two", "three"]
    assert found["z"][0] == prime(["CTT"], mmr=0, **PARTS)["z"][0]
    assert found["z"][3] == prime(["CTT"], mmr=1, **PARTS)["z"][0]
    with pytest.raises(UnreadableInput, match="Line 3: Insert 1 has 'X'"):
        prime_table(f"{head}one\tCTT\t{line}\t0\ntwo\tX\t{line}\t1\n")
    with pytest.raises(UnreadableInput, match="Line 2 has 2 columns"):
        prime_table(f"{head}one\tCTT\n")
    with pytest.raises(UnreadableInput, match="no line below"):
        prime_table(head)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.text("ACGT", min_size=1, max_size=40), min_size=1, max_size=6),
    st.text("ACGT", min_size=17, max_size=25),
    st.text("ACGT", min_size=30, max_size=40),
    st.sampled_from([0, 1]),
)
def test_every_prediction_is_in_bounds_and_alone_what_it_is_among_others(
    inserts: list[str], before: str, behind: str, mmr: int
) -> None:
    target = f"{before}{{}}{behind[:4]}GG{behind[6:]}"
    found = prime(inserts, target=target, mmr=mmr, strand="+")
    assert (found["low"] <= found["percent"]).all() or (found["percent"] <= found["high"]).all()
    for name in ("percent", "low", "high"):
        assert ((found[name] >= 0) & (found[name] <= 100)).all()
    assert np.isfinite(found["z"]).all()
    alone = prime(inserts[-1], target=target, mmr=mmr, strand="+")
    assert math.isclose(alone["z"][0], found["z"][-1], abs_tol=1e-9)
    scaled = prime(inserts, target=target, mmr=mmr, strand="+", mean=5.0, std=2.0)
    np.testing.assert_allclose(scaled["scaled"], found["z"] * 2 + 5)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.text(max_size=80))
def test_any_text_is_predicted_or_refused(inserts: str, target: str) -> None:
    site: dict[str, Any]
    for site in ({"target": target}, PARTS):
        refused = None
        try:
            prime(inserts[:12], **site)
        except LifenodeError as problem:
            refused = problem
        assert refused is None or refused.next_step
