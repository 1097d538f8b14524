"""A locus of a catalogue, and its regional plot: what is drawn is what the catalogue holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifenode.eqtl import Catalogue, finemap, ingest, locus, locus_plot
from lifenode.eqtl.locus_data import BF_WORD, P_WORD, Locus, Panel, no_points, p_words, point_label
from lifenode.eqtl.locus_maps import ld_with, recombination_rates
from lifenode.eqtl.plot_genes import GeneModel, track_of
from lifenode.eqtl.plot_points import LD_EDGES, PIP_EDGES, levels_of
from lifenode.eqtl.plot_scene import Area, shortened, text_width, tick_texts, ticks
from lifenode.eqtl.query import Region
from lifenode.errors import BadTable, EmptyInput, InvalidOption, UnknownName, UnreadableInput
from tests.eqtl.made import row, text

HMGCR = "ENSG00000113161"
LEAD = "chr5_75355259_A_G"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def hmgcr() -> Locus:
    return locus(Catalogue(), "HMGCR")


def points(**changes: list[Any]) -> pl.DataFrame:
    length = max((len(values) for values in changes.values()), default=1)
    given_rows = {
        "position": [100 + at for at in range(length)],
        "variant": [f"chr1_{100 + at}_A_G" for at in range(length)],
        "rsid": [""] * length, "credible_set": [""] * length, "nlog10p": [1.0] * length, **changes,
    }  # fmt: skip
    template = no_points()
    return pl.DataFrame(given_rows, schema_overrides=template.schema).pipe(
        lambda frame: pl.concat([template, frame], how="diagonal")
    )


def panel(**changes: list[Any]) -> Panel:
    return Panel("QTD1", "A study", "trait", "gene", points(**changes), "")


def made_locus(*panels: Panel, region: Region | None = None) -> Locus:
    return Locus(region or Region("1", 1, 1000), None, panels, ())


# What a locus holds


def test_points_are_the_associations_of_the_gene(hmgcr: Locus) -> None:
    (own,) = hmgcr.panels
    held = Catalogue().associations(HMGCR).to_polars()
    assert sorted(own.points["variant"]) == sorted(held["variant"])
    assert own.points["position"].is_sorted()
    assert own.lead is not None
    assert own.points["variant"][own.lead] == LEAD
    assert hmgcr.region.start < 75_300_026 < 75_418_959 < hmgcr.region.end
    assert {"HMGCR", "CERT1"} <= {gene.symbol for gene in hmgcr.genes}


def test_pips_without_fine_mapping_are_those_of_finemap(hmgcr: Locus) -> None:
    (own,) = hmgcr.panels
    held = Catalogue().associations(HMGCR).to_polars().sort("position", "variant")
    found = finemap({
        "snp": held["variant"], "beta": held["beta"], "se": held["se"], "MAF": held["maf"], "N": held["an"] / 2,
        "type": "quant",
    })  # fmt: skip
    np.testing.assert_allclose(own.points["pip"], found["pp"][:-1], rtol=1e-12)
    in_set = own.points.filter(pl.col("credible_set") != "")
    inside, outside = (in_set["pip"].to_numpy(), own.points.filter(pl.col("credible_set") == "")["pip"].to_numpy())
    assert 0.95 <= inside.sum() / (inside.sum() + outside.sum()) <= 1
    assert outside.max() <= inside.min()
    assert "approximate Bayes factors" in own.pip_source


def test_pips_do_not_depend_on_how_much_is_shown(hmgcr: Locus) -> None:
    near = locus(Catalogue(), "HMGCR", region="5:75340000-75360000")
    (own,), (whole,) = near.panels, hmgcr.panels
    expected = whole.points.filter(pl.col("position").is_between(75_340_000, 75_360_000))
    assert own.points["variant"].to_list() == expected["variant"].to_list()
    assert own.points["pip"].to_list() == expected["pip"].to_list()


def test_a_data_set_of_credible_sets_alone_shows_them() -> None:
    found = locus(Catalogue(), "ISG15")
    (own,) = found.panels
    sets = Catalogue().credible_sets("ENSG00000187608").to_polars()
    assert sorted(own.points["variant"]) == sorted(sets["variant"])
    assert set(own.points["credible_set"]) == {"ISG15:14148.2.3..1_L1"}
    assert "credible sets" in own.pip_source
    assert own.points["nlog10p"].max() == pytest.approx(-np.log10(sets["pvalue"].to_numpy().min()), rel=1e-9)


def test_a_region_shows_the_strongest_trait_and_names_the_others() -> None:
    (own,) = locus(Catalogue(), region="5:75300000-75400000", dataset="QTD000085").panels
    top = Catalogue().associations(region="5:75300000-75400000").to_polars().sort("nlog10p", descending=True)
    assert own.trait == top["molecular_trait_id"][0] == "ENSG00000113163"
    assert [name for name, _ in own.others] == [HMGCR, "ENSG00000152359"]


def test_a_gwas_beside_expression_is_shown_over_the_window_of_the_gene(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "QTD000001.all.tsv").write_bytes(
        text([row(1000 * at, beta=0.3 if at == 5 else 0.01) for at in range(1, 10)])
    )
    lines = ["chr\tpos\tea\toa\tbeta\tse\tp", *(f"5\t{1000 * at}\tG\tA\t0.1\t0.05\t0.045" for at in range(1, 30))]
    (folder / "height.tsv").write_text("\n".join(lines) + "\n")
    ingest(folder, tmp_path / "cat", release="r1")
    catalogue = Catalogue(tmp_path / "cat")
    gwas = next(name for name in catalogue.datasets()["dataset_id"] if name != "QTD000001")
    found = locus(catalogue, "ENSG00000000001", dataset=[gwas, "QTD000001"])
    assert [one.is_gwas for one in found.panels] == [True, False]
    assert found.panels[0].points["position"].to_numpy().max() <= found.region.end
    assert len(found.panels[0].points) >= 9


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({}, EmptyInput, "Neither a gene nor a region"),
        ({"gene": "HMGRC"}, UnknownName, "HMGRC"),
        ({"gene": "TP53"}, UnknownName, "no association of TP53"),
        ({"region": "5:1-9"}, UnknownName, "no association of 5:1-9"),
        ({"region": "5:1-6000000"}, InvalidOption, "6,000,000 bases"),
        ({"region": "five"}, InvalidOption, "not a region"),
        ({"gene": "HMGCR", "dataset": "QTD1"}, UnknownName, "QTD1"),
    ],
)
def test_what_is_not_there_is_named(asked: dict[str, str], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        locus(Catalogue(), **asked)  # type: ignore[arg-type]


# Maps and LD


def test_recombination_rates_of_a_region(tmp_path: Path) -> None:
    path = tmp_path / "map.txt"
    path.write_text("Chromosome\tPosition(bp)\tRate(cM/Mb)\tMap(cM)\nchr5\t50\t1\t0\nchr5\t90\t2\t0\nchr5\t110\t3\t0\n"
                    "chr5\t400\t4\t0\nchr6\t120\t9\t0\n")  # fmt: skip
    assert recombination_rates(path, Region("5", 100, 200)) == ((90.0, 2.0), (110.0, 3.0))
    drawn = locus_plot(locus(Catalogue(), "HMGCR", recombination=path))
    assert "cM/Mb" in drawn.page()
    with pytest.raises(UnreadableInput, match=r"gone\.txt"):
        recombination_rates(tmp_path / "gone.txt", Region("5", 1, 2))
    path.write_text("chromosome\tposition\tname\n5\t1\tx\n")
    with pytest.raises(BadTable, match="column rate"):
        recombination_rates(path, Region("5", 1, 2))


@pytest.mark.parametrize("ending", ["ld", "parquet"])
def test_ld_colours_by_r2_to_the_lead(tmp_path: Path, ending: str) -> None:
    pairs = pl.DataFrame({
        "SNP_A": ["rs3846662", "chr5_75343353_A_G"], "SNP_B": ["rs6882842", LEAD], "R2": [0.9, 0.3]
    })  # fmt: skip
    path = tmp_path / f"table.{ending}"
    if ending == "parquet":
        pairs.write_parquet(path)
    else:
        pairs.write_csv(path, separator="\t")
    assert ld_with(path, (LEAD, "rs3846662")) == {
        LEAD: 1.0, "rs3846662": 1.0, "rs6882842": 0.9, "chr5_75343353_A_G": 0.3,
    }  # fmt: skip
    found = locus(Catalogue(), "HMGCR", ld=path)
    assert found.has_ld
    known = found.panels[0].points.filter(pl.col("r2_lead").is_not_null())
    assert dict(known.select("variant", "r2_lead").iter_rows()) == {
        LEAD: 1.0, "chr5_75356084_G_A": 0.9, "chr5_75343353_A_G": 0.3,
    }  # fmt: skip
    drawn = locus_plot(found, colour="ld")
    assert "r² to the lead" in drawn.page()
    assert "r² to the lead 0.90" in drawn.page()


# The plot


def test_every_variant_is_drawn_or_counted(hmgcr: Locus) -> None:
    drawn = locus_plot(hmgcr)
    page = ElementTree.fromstring(drawn.page())  # noqa: S314 - made here
    labels = [title.text or "" for title in page.iter(f"{SVG}title")]
    assert sum("; p " in label for label in labels) == len(hmgcr.panels[0].points)
    assert any(label.startswith(f"rs3846662 ({LEAD}); p 9.2e-9") for label in labels)
    texts = [node.text for node in page.iter(f"{SVG}text")]
    assert {"rs3846662", "-log10 p", "Position on chromosome 5, Mb (GRCh38)", "HMGCR →", "← CERT1"} <= set(texts)
    assert page.get("role") == "img"
    assert page.get("aria-label") == drawn.title


def test_files_and_table(hmgcr: Locus, tmp_path: Path) -> None:
    drawn = locus_plot(hmgcr)
    assert drawn.to_bytes("svg").startswith(b"<?xml")
    ElementTree.fromstring(drawn.to_bytes("svg"))  # noqa: S314
    assert drawn.save(tmp_path / "locus.png").read_bytes().startswith(b"\x89PNG")
    assert drawn.to_bytes("pdf").startswith(b"%PDF")
    assert drawn.to_bytes("png") == drawn.to_bytes("png")
    assert drawn.to_bytes("svg").decode() == drawn._repr_svg_()
    assert len(drawn.table) == 323
    assert drawn.table["nlog10p"].max() == pytest.approx(8.037733, abs=1e-6)
    for wrong in ("bmp", ""):
        with pytest.raises(InvalidOption, match="picture"):
            drawn.to_bytes(wrong)
    with pytest.raises(InvalidOption, match="colour"):
        locus_plot(hmgcr, colour="mood")


def test_thousands_of_points_stay_light() -> None:
    random = np.random.default_rng(5)
    count = 20_000
    many = panel(
        position=sorted(random.integers(1, 1_000_000, count).tolist()),
        variant=[f"v{at}" for at in range(count)],
        nlog10p=random.exponential(0.4, count).tolist(),
    )
    drawn = locus_plot(made_locus(many, region=Region("1", 1, 1_000_000)))
    page = drawn.page()
    assert page.count("<circle") + page.count("<polygon") < 720
    assert len(page) < 450_000
    assert any("20,000 variants" in note for note in drawn.notes)
    merged = int(next(note for note in drawn.notes if "drawn once" in note).split()[0].replace(",", ""))
    strokes = sum(path.count("m") for path in re.findall(r'<path d="([^"]*)"', page))
    assert strokes + merged + 700 == pytest.approx(count, abs=1)


@pytest.mark.parametrize("count", [0, 1])
def test_none_and_one_variant(count: int) -> None:
    own = Panel("QTD1", "A study", "t", "g", points()[:count], "")
    page = locus_plot(made_locus(own)).page()
    assert ("nothing here" in page) is (count == 0)
    assert page.count("<polygon") == 1 + count  # the key has one
    ElementTree.fromstring(page)  # noqa: S314


def test_text_from_data_is_escaped() -> None:
    hostile = '<script>alert("1")</script>'
    own = Panel("QTD1", hostile, hostile, "g", points(rsid=[hostile], variant=[hostile]), "")
    for svg in (locus_plot(made_locus(own)).page(), locus_plot(made_locus(own)).to_bytes("svg").decode()):
        assert "<script" not in svg
        ElementTree.fromstring(svg.removeprefix('<?xml version="1.0" encoding="UTF-8"?>\n'))  # noqa: S314


def test_levels_begin_at_their_edges() -> None:
    edges = [0.0, *PIP_EDGES, 1.0]
    assert levels_of(panel(pip=edges), "pip").tolist() == [0, 1, 2, 3, 4, 4]
    assert levels_of(panel(r2_lead=[None, *LD_EDGES]), "ld").tolist() == [0, 1, 2, 3, 4]


def test_leads_of_further_sets_are_named() -> None:
    own = panel(nlog10p=[9.0, 8.0, 7.0, 6.0], pip=[0.6, 0.4, 0.2, 0.8], credible_set=["L1", "L1", "L2", "L2"])
    assert own.named_leads() == [0, 3]


def test_a_label_says_what_the_value_is() -> None:
    own = panel(beta=[0.5], se=[0.1], maf=[0.25], pip=[0.125], nlog10p=[12.0])
    line = point_label(own.points.row(0, named=True), own)
    assert line == "chr1_100_A_G; p 1.0e-12; beta 0.5, SE 0.1; MAF 0.25; PIP 0.125; A study"
    of_bf = Panel("QTD1", "A study", "t", "g", own.points, "", y_word=BF_WORD)
    assert "log10 Bayes factor 12.00" in point_label(own.points.row(0, named=True), of_bf)
    assert own.y_word == P_WORD


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "1.00"), (1.0, "0.10"), (2.0, "1.0e-2"), (8.037733, "9.2e-9"), (400.5, "3.2e-401")]
)
def test_p_values_in_words(value: float, words: str) -> None:
    assert p_words(value) == words


# Genes and axes


@given(st.integers(0, 2**32 - 1), st.integers(0, 60), st.integers(1, 8))
def test_genes_never_overlap(seed: int, count: int, rows: int) -> None:
    random = np.random.default_rng(seed)
    starts, lengths = random.integers(0, 900, count).tolist(), random.integers(0, 120, count).tolist()
    strands, kinds = random.integers(-1, 2, count).tolist(), random.integers(0, 2, count).tolist()
    genes = [
        GeneModel(f"g{at}", f"GENE{at}", start, start + length, strand, ("protein_coding", "lncRNA")[kind])
        for at, (start, length, strand, kind) in enumerate(zip(starts, lengths, strands, kinds, strict=True))
    ]
    area = Area(50, 0, 700, 1, 0, 1000, 0, 1)
    track = track_of(genes, area, "g0", rows)
    assert len(track.placed) + track.left_out == len(genes)
    assert not genes or any(one.gene.gene_id == "g0" for one in track.placed)
    for at, one in enumerate(track.placed):
        half = text_width(one.name, "gene-name-asked") / 2
        assert area.left - 1e-6 <= one.name_at - half <= one.name_at + half <= area.right + 1e-6
        for other in track.placed[at + 1 :]:
            width = text_width(other.name, "gene-name-asked") / 2
            if one.row == other.row:
                names_apart = abs(one.name_at - other.name_at) >= half + width
                bodies_apart = one.right < other.left or other.right < one.left
                assert names_apart
                assert bodies_apart


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e7), st.integers(1, 12))
def test_ticks_are_round_and_inside(low: float, span: float, most: int) -> None:
    found = ticks(low, low + span, most)
    assert len(found) <= most + 1
    assert all(low - span * 1e-6 <= value <= low + span * (1 + 1e-6) for value in found)
    steps = np.diff(found)
    assert not len(steps) or np.allclose(steps, steps[0], rtol=1e-6)
    assert len(set(tick_texts(found))) == len(found)


def test_long_texts_are_cut() -> None:
    assert shortened("short", "head", 100) == "short"
    cut = shortened("a rather long name of a data set", "head", 100)
    assert cut.endswith("…")
    assert text_width(cut, "head") <= 108
