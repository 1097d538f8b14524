"""Targets of a reference: those of the sequence itself, in places of the genome, on both strands."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lifenode.editing import cas9, read_target
from lifenode.editing.cas9_vcf import vcf_text
from lifenode.editing.reference import Reference
from lifenode.editing.reference_targets import targets_of
from lifenode.editing.regions import region_of
from lifenode.editing.target import Target, reverse_complement
from lifenode.errors import BadTarget, EmptyInput, InputTooLarge, InvalidOption, LifenodeError, UnknownName
from tests.editing.test_reference import fasta

KNOWN = "CTGAGTAGCTATGCGGCCAGCAGCGAGACGCTCAGCGTGAAGCGGCAGTATCCCTCTTTCCTGCGCACCATCCCCAATC"


def drawn(length: int, seed: int) -> str:
    return "".join(random.Random(seed).choices("ACGT", k=length))


def written(folder: Path, sequences: dict[str, str], width: int = 60, name: str = "genome.fa") -> Reference:
    file = folder / name
    file.write_text(fasta(sequences, width))
    return Reference(file)


@pytest.fixture
def reference(tmp_path: Path) -> Reference:
    """A chromosome with a known target at base 501 (from 1), and the other strand of it at base 1,001."""
    chromosome = drawn(500, 1) + KNOWN + drawn(500 - len(KNOWN), 2) + reverse_complement(KNOWN) + drawn(300, 3)
    return written(tmp_path, {"chr1": "ACGT" * 30, "chr17": chromosome})


def at(targets: list[Target], name: str) -> Target:
    (found,) = [one for one in targets if one.name == name]
    return found


def test_a_known_target_is_found_on_both_strands(reference: Reference) -> None:
    # The PAM of the known target begins at its base 42, so it is cut before 39.
    forward = at(targets_of(reference, "chr17:501-579"), "chr17:540+")
    turned = at(targets_of(reference, "17:1,001-1,079"), f"chr17:{1_000 + len(KNOWN) - 39 + 1}-")
    assert forward.guide == turned.guide == KNOWN[22:42]
    assert forward.own(*forward.given(3, 9)) == (3, 9)
    assert turned.own(*turned.given(3, 9)) == (3, 9)
    for one in (forward, turned):
        assert one.place is not None
        start, end = one.given(one.pam, one.pam + 3)
        there = reference.fetch("chr17", start, end)
        assert (there if one.strand == "+" else reverse_complement(there)) == "CGG"


def test_outcomes_are_those_of_the_sequence_around(reference: Reference) -> None:
    whole = reference.fetch("chr17", 0, reference.lengths["chr17"])
    expected = cas9(whole, 542)
    table = cas9(at(targets_of(reference, "chr17:501-579"), "chr17:540+"))
    for name in ("outcome", "probability", "inserted", "size", "start", "end"):
        assert list(table[name]) == list(expected[name])
    assert set(table["chromosome"]) == {"chr17"}
    assert "chromosome" not in expected


@pytest.mark.data
def test_published_profiles_are_met_out_of_a_genome(shared_data: Path, tmp_path: Path) -> None:
    with gzip.open(shared_data / "editing" / "vectors" / "forecast.json.gz", "rt") as handle:
        vectors = [one for one in json.load(handle) if one["target"][one["pam_idx"] + 1 :][:2] == "GG"][:12]
    # As in the published program, nothing is known beyond the ends of a target.
    gap, places, chromosome = "N" * 70, [], ""
    for number, one in enumerate(vectors):
        turned = number % 2 == 1
        chromosome += gap
        cut = one["pam_idx"] - 3
        places.append(len(chromosome) + (len(one["target"]) - cut if turned else cut) + 1)
        chromosome += reverse_complement(one["target"]) if turned else one["target"]
    reference = written(tmp_path, {"chrV": chromosome + gap}, 71)
    found = {one.name: one for one in targets_of(reference, "chrV")}
    for number, (one, place) in enumerate(zip(vectors, places, strict=True)):
        target = found[f"chrV:{place}{'-' if number % 2 else '+'}"]
        if len(one["target"]) > 120:
            continue
        table = cas9(target)
        assert table.in_frame == pytest.approx(one["in_frame_perc"], abs=1e-5)
        best = max((name for name in one["profile"] if name != "-"), key=lambda name: float(one["profile"][name]))
        assert table.meta["targets"][target.name]["top"] == best


@given(
    text=st.text(alphabet="ACGGT", min_size=40, max_size=260), data=st.data(), width=st.integers(1, 80),
    motif=st.sampled_from(["NGG", "NG", "TTTV"]),
)  # fmt: skip
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_places_of_both_strands_invert(text: str, data: st.DataObject, width: int, motif: str, tmp_path: Path) -> None:
    reference = written(tmp_path, {"c": text}, width)
    turned = written(tmp_path, {"c": reverse_complement(text)}, width, "turned.fa")
    half = data.draw(st.integers(1, len(text) - 1))

    def sites(genome: Reference, region: str) -> dict[str, Target]:
        try:
            return {one.name: one for one in targets_of(genome, region, motif=motif)}
        except BadTarget:
            return {}

    everywhere = sites(reference, "c")
    left, right = sites(reference, f"c:1-{half}"), sites(reference, f"c:{half + 1}-{len(text)}")
    assert left | right == everywhere
    assert not left.keys() & right.keys()
    swapped = {"+": "-", "-": "+"}
    length = len(text)
    assert {(one.strand, one.guide, one.given(one.cut, one.cut)[0]) for one in everywhere.values()} == {
        (swapped[one.strand], one.guide, length - one.given(one.cut, one.cut)[0]) for one in sites(turned, "c").values()
    }
    for one in everywhere.values():
        assert one.place is not None
        start, end = one.given(0, len(one.sequence))
        there = text[start:end]
        assert (there if one.strand == "+" else reverse_complement(there)) == one.sequence
        assert read_target(one.sequence, one.pam, motif=motif).cut == one.cut


def test_records_of_vcf_are_in_the_genome(reference: Reference) -> None:
    targets = targets_of(reference, "chr17:530-560")
    assert {one.strand for one in targets} == {"+", "-"}
    text = vcf_text(cas9(targets))
    assert f"##contig=<ID=chr17,length={reference.lengths['chr17']}>" in text
    assert text.count("##contig") == 1
    records = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    whole = reference.fetch("chr17", 0, reference.lengths["chr17"])
    for chromosome, position, _, bases, _, _, _, info in records:
        assert chromosome == "chr17"
        assert whole[int(position) - 1 :].startswith(bases)
        assert any(f"GUIDE={one.guide};STRAND={one.strand};CUT={one.name[6:-1]}" in info for one in targets)
    places = [int(record[1]) for record in records]
    assert places == sorted(places)


def test_sites_beside_unknown_bases_say_so(tmp_path: Path) -> None:
    reference = written(tmp_path, {"c": "N" * 30 + KNOWN + "NNN" + KNOWN.lower()})
    targets = targets_of(reference, "c")
    assert all(set(one.sequence) <= set("ACGT") for one in targets)
    assert "unknown bases" in at(targets, "c:70+").notes[0]
    assert cas9(at(targets, "c:70+")).in_frame == pytest.approx(cas9(KNOWN, 42).in_frame)


def test_a_gene_is_where_the_pack_has_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A yeast chromosome of the true length, all but the gene unknown.
    from lifenode.genes.find_gene import find_gene
    from lifenode.packs.pack import open_pack

    pack = open_pack("scerevisiae")
    gene = find_gene(pack, "CDC28")
    assert isinstance(gene, int)
    start, end = int(pack.genes().start[gene]), int(pack.genes().end[gene])
    bases = drawn(end - start + 1, 4)
    reference = written(tmp_path, {f"chr{pack.genes().chromosomes[gene]}": "N" * (start - 1) + bases + "N" * 200})
    region = region_of(reference, "CDC28", "scerevisiae")
    assert (region.start, region.end, region.name) == (start - 1, end, "CDC28")
    assert "CDC28 is chrII:" in region.notes[0]
    targets = targets_of(reference, "CDC28", "scerevisiae")
    assert len(targets) > 50
    assert all(bases.startswith(one.sequence, one.place.offset - start + 1) for one in targets if one.strand == "+"
               and one.place)  # fmt: skip
    monkeypatch.setenv("LIFENODE_MAX_REGION_BASES", "100")
    with pytest.raises(InputTooLarge, match=r"CDC28 has 897 bases .*at most 100"):
        targets_of(reference, "CDC28", "scerevisiae")
    monkeypatch.undo()
    with pytest.raises(UnknownName, match=r"no region, no chromosome of genome.fa, and no gene"):
        targets_of(reference, "CDC288x", "scerevisiae")


def test_a_reference_of_another_assembly_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "genome.fa"
    file.write_text(">chr1\nACGT\n")
    # The index alone says how long chromosome 1 is.
    file.with_name("genome.fa.fai").write_text("chr1\t249250621\t6\t60\t61\nchr17\t81195210\t6\t60\t61\n")
    with pytest.raises(InvalidOption, match=r"genome.fa is GRCh37, and the places of genes are of GRCh38"):
        region_of(Reference(file), "TP53", "hsapiens")


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("chr17:100-99", InvalidOption, "no stretch of chr17"),
        ("chr17:0-99", InvalidOption, "positions count from 1"),
        ("chr17:1-9,999", InvalidOption, "has 1,379 bases"),
        ("chr18:1-99", UnknownName, "nearest.*chr1"),
        (" ", EmptyInput, "No region"),
        ("chr1", BadTarget, r"chr1 \(120 bases\) has no PAM NGG"),
        ("NOSUCHGENE", UnknownName, "no gene of Homo sapiens"),
    ],
)
def test_what_cannot_be_found_is_named(reference: Reference, text: str, error: type[LifenodeError], said: str) -> None:
    with pytest.raises(error, match=said):
        targets_of(reference, text, "hsapiens")
