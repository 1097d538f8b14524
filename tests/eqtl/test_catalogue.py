"""Answers are those of a plain look through all rows; what cannot answer is named, and the rest answers."""

from __future__ import annotations

import pickle
import random
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from lifenode.eqtl import Catalogue, ingest
from lifenode.eqtl.columns import NOMINAL
from lifenode.eqtl.query import Region, Site, region_of, site_of
from lifenode.eqtl.query_rows import ASSOCIATION_COLUMNS
from lifenode.errors import FormatError, InvalidOption, LifenodeError, TookTooLong, UnknownName, UnreadableInput
from tests.eqtl.made import row, write

GENES = [f"ENSG{number:011d}" for number in range(1, 5)]
DATASETS = [f"QTD{number:06d}" for number in range(1, 7)]
TISSUES = ["blood", "Blood", "brain", "liver", "brain", "skin"]


def made_rows(seed: int) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    rows = []
    for chromosome in ("1", "X"):
        for position in sorted(draw.sample(range(999_900, 1_000_100), 60)):
            rows += [
                row(
                    position, f"{gene}_t{exon}", chromosome=chromosome, gene_id=gene, beta=round(draw.gauss(0, 1), 5),
                    pvalue=float(f"{10 ** -draw.uniform(0, 12):.6g}"),
                    rsid=None if position % 5 == 0 else f"rs{position}",
                )
                for gene in GENES
                for exon in range(2)
                if draw.random() < 0.5
            ]  # fmt: skip
    return rows


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalogue of six data sets in two releases; the last two are in no layer of their own yet."""
    base = tmp_path_factory.mktemp("catalogue")
    meta = [
        {"study_id": f"QTS{at // 2:06d}", "dataset_id": name, "study_label": f"Study_{at // 2}", "sample_group": "g",
         "tissue_label": TISSUES[at], "quant_method": "ge" if at % 2 else "exon", "sample_size": 100}
        for at, name in enumerate(DATASETS)
    ]  # fmt: skip
    write(base / "in/dataset_metadata_r7.tsv", meta)
    for at, name in enumerate(DATASETS):
        write(base / f"in/{name}.all.tsv.gz", made_rows(at))
        if at == 3:
            ingest(base / "in", base / "cat")
    ingest(base / "in", base / "cat")
    return base / "cat"


@pytest.fixture(scope="module")
def everything() -> pl.DataFrame:
    frames = [
        pl.DataFrame(made_rows(at), schema=NOMINAL).with_columns(dataset_id=pl.lit(name))
        for at, name in enumerate(DATASETS)
    ]
    return pl.concat(frames).with_columns(nlog10p=-pl.col("pvalue").log10() + 0.0).select(ASSOCIATION_COLUMNS)


def in_order(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.sort("dataset_id", "chromosome", "position", "molecular_trait_id")


QUESTIONS = st.fixed_dictionaries(
    {},
    optional={
        "gene": st.lists(st.sampled_from([*GENES, "ENSG00000000099"]), min_size=1, max_size=3),
        "molecular_trait": st.lists(st.sampled_from([f"{gene}_t1" for gene in GENES]), min_size=1, max_size=2),
        "dataset": st.lists(st.sampled_from(DATASETS), min_size=1, max_size=5),
        "quant_method": st.sampled_from(["ge", "EXON", "tx"]),
        "tissue_label": st.sampled_from(["blood", "brain"]),
        "region": st.tuples(
            st.sampled_from(["1", "X", "2"]), st.integers(999_880, 1_000_000), st.integers(1_000_000, 1_000_120)
        ),
        "nlog10p": st.sampled_from([0.5, 3.0, 8.0]),
        "variant": st.lists(st.integers(999_900, 1_000_100).map(lambda at: f"chrX_{at}_A_G"), min_size=1, max_size=40),
        "rsid": st.lists(st.integers(999_900, 1_000_100).map(lambda at: f"rs{at}"), min_size=1, max_size=40),
    },
)


@given(question=QUESTIONS)
@examples(max_examples=120, deadline=None)
def test_any_combination_of_filters_is_what_a_plain_look_finds(
    folder: Path, everything: pl.DataFrame, question: dict[str, Any]
) -> None:
    place = {"gene", "molecular_trait", "region", "variant", "rsid"} & set(question)
    if "nlog10p" in question and not place:
        question = {name: value for name, value in question.items() if name != "nlog10p"}
    expected = everything
    for name, column in (("gene", "gene_id"), ("molecular_trait", "molecular_trait_id"), ("variant", "variant"),
                         ("rsid", "rsid"), ("dataset", "dataset_id")):  # fmt: skip
        if name in question:
            expected = expected.filter(pl.col(column).is_in(question[name]))
    if "region" in question:
        chromosome, start, end = question["region"]
        expected = expected.filter(pl.col("chromosome") == chromosome, pl.col("position").is_between(start, end))
    if "nlog10p" in question:
        expected = expected.filter(pl.col("nlog10p") >= question["nlog10p"])
    if "quant_method" in question:
        own = [
            name for at, name in enumerate(DATASETS) if ("ge" if at % 2 else "exon") == question["quant_method"].lower()
        ]
        expected = expected.filter(pl.col("dataset_id").is_in(own))
    if "tissue_label" in question:
        own = [name for at, name in enumerate(DATASETS) if TISSUES[at].lower() == question["tissue_label"]]
        expected = expected.filter(pl.col("dataset_id").is_in(own))
    found = Catalogue(folder).associations(**question)
    assert in_order(found.to_polars()).equals(in_order(expected))
    assert found.meta["complete"]
    assert found.meta["unavailable"] == {}


@given(limit=st.integers(0, 900), offset=st.integers(0, 4000))
@examples(max_examples=25, deadline=None)
def test_pages_are_pieces_of_the_whole(folder: Path, limit: int, offset: int) -> None:
    catalogue = Catalogue(folder)
    whole = catalogue.associations(gene=GENES).to_polars()
    page = catalogue.associations(gene=GENES, limit=limit, offset=offset)
    assert page.to_polars().equals(whole[offset : offset + limit])
    assert page.meta["complete"] == (offset + limit >= whole.height)


def test_a_variant_across_data_sets_comes_strongest_first(folder: Path, everything: pl.DataFrame) -> None:
    rsid = everything.drop_nulls("rsid")["rsid"][0]
    found = Catalogue(folder).phewas(rsid)
    logarithms = found["nlog10p"].tolist()
    assert logarithms == sorted(logarithms, reverse=True)
    assert len(found) == everything.filter(pl.col("rsid") == rsid).height > 0


def test_top_variants_are_the_strongest_of_each_trait(folder: Path, everything: pl.DataFrame) -> None:
    found = Catalogue(folder).top_variants(GENES[0], 2).to_polars()
    best = everything.filter(pl.col("gene_id") == GENES[0]).sort("nlog10p", descending=True)
    expected = best.group_by("dataset_id", "molecular_trait_id").head(2)
    assert set(found.rows()) == set(expected.select(found.columns).rows())


def test_the_limit_of_the_settings_holds(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIFENODE_MAX_ASSOCIATION_ROWS", "17")
    found = Catalogue(folder).associations(gene=GENES)
    assert (len(found), found.meta["complete"]) == (17, False)


def test_rows_are_counted_without_a_limit(folder: Path, everything: pl.DataFrame) -> None:
    assert Catalogue(folder).count(GENES[0]) == everything.filter(pl.col("gene_id") == GENES[0]).height


def test_credible_sets_and_signals_are_limited_too() -> None:
    catalogue = Catalogue()
    for whole, cut in (
        (catalogue.credible_sets(), catalogue.credible_sets(limit=3)),
        (catalogue.signals(), catalogue.signals(limit=3)),
    ):
        assert (len(cut), cut.meta["complete"], whole.meta["complete"]) == (3, False, True)
        assert cut.to_polars().equals(whole.to_polars()[:3])
    with pytest.raises(InvalidOption, match="negative"):
        catalogue.signals(limit=-1)


def test_time_is_limited(folder: Path) -> None:
    with pytest.raises(TookTooLong):
        Catalogue(folder).associations(gene=GENES, seconds=0.0)


def test_a_stream_holds_one_data_set_at_a_time(folder: Path, everything: pl.DataFrame) -> None:
    frames = list(Catalogue(folder).stream(GENES))
    assert len(frames) >= len(DATASETS)
    assert all(frame["dataset_id"].n_unique() == 1 for frame in frames)
    assert sum(frame.height for frame in frames) == everything.height


def test_forms(folder: Path) -> None:
    rows = Catalogue(folder).associations(gene=GENES[0], limit=5)
    assert rows.to_polars().columns == list(rows.column_names)
    assert rows.to_arrow().num_rows == 5
    assert rows.to_pandas()["position"].tolist() == rows["position"].tolist()
    few = rows.filter(rows["beta"] > 0)
    assert few.to_polars().height == len(few) == int((rows["beta"] > 0).sum())
    assert rows.to_tsv().count("\n") == 6
    assert pickle.loads(pickle.dumps(rows)).to_dicts() == rows.to_dicts()  # noqa: S301 - our own
    assert all(column.meaning for column in rows.columns)


# Faults


def damaged(folder: Path, tmp_path: Path, name: str, table: str, harm: str) -> Catalogue:
    """Return a copy of the catalogue in which a file of a data set is gone, cut or overwritten."""
    copy = tmp_path / "copy"
    for path in folder.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    part = Catalogue(copy).manifest(name).parts(table)[0]
    path = copy / part.path
    if harm == "gone":
        path.unlink()
    elif harm == "cut":
        path.write_bytes(path.read_bytes()[: part.bytes // 2])
    else:
        path.write_bytes(b"\0" * part.bytes)
    return Catalogue(copy)


@pytest.mark.parametrize("harm", ["gone", "cut", "overwritten"])
@pytest.mark.parametrize("table", ["assoc_trait", "traits", "variants"])
def test_a_data_set_with_a_broken_file_is_named_and_the_others_answer(
    folder: Path, everything: pl.DataFrame, tmp_path: Path, table: str, harm: str
) -> None:
    catalogue = damaged(folder, tmp_path, DATASETS[2], table, harm)
    few = [DATASETS[0], DATASETS[2]] if (table, harm) == ("traits", "overwritten") else None
    found = catalogue.associations(gene=GENES, dataset=few)
    if few is not None:
        # Where many are asked, what holds the traits of all together stands in for the file.
        assert catalogue.associations(gene=GENES).to_polars().height == everything.height
        everything = everything.filter(pl.col("dataset_id").is_in(few))
    assert list(found.meta["unavailable"]) == [DATASETS[2]]
    assert in_order(found.to_polars()).equals(in_order(everything.filter(pl.col("dataset_id") != DATASETS[2])))
    status = {each["dataset_id"]: each["status"] for each in catalogue.datasets()}
    assert status[DATASETS[0]] == "available"
    assert (status[DATASETS[2]] == "available") == (harm == "overwritten"), "sizes are looked at, contents are not"


def test_a_broken_manifest_costs_its_data_set_only(folder: Path, everything: pl.DataFrame, tmp_path: Path) -> None:
    catalogue = damaged(folder, tmp_path, DATASETS[0], "traits", "gone")
    (catalogue.path / f"manifest/release=r7/{DATASETS[1]}.json").write_text("{", encoding="utf-8")
    found = catalogue.associations(region="1:1-9999999")
    assert set(found.meta["unavailable"]) == set(DATASETS[:2])
    assert set(found.values("dataset_id")) == set(DATASETS[2:])


def test_bins_that_are_gone_are_made_up_for(folder: Path, everything: pl.DataFrame) -> None:
    catalogue = Catalogue(folder)
    variant = everything["variant"][0]
    expected = catalogue.phewas(variant).to_dicts()
    for path in list(folder.glob("variant_bins/**/*.parquet")):
        hidden = path.with_suffix(".hidden")
        path.rename(hidden)
    try:
        assert sorted(map(str, catalogue.phewas(variant).to_dicts())) == sorted(map(str, expected))
    finally:
        for hidden in list(folder.glob("variant_bins/**/*.hidden")):
            hidden.rename(hidden.with_suffix(".parquet"))


@pytest.mark.parametrize("table", ["places", "variant_bins"])
@pytest.mark.parametrize("harm", ["gone", "overwritten"])
def test_what_all_data_sets_share_may_be_damaged(folder: Path, tmp_path: Path, table: str, harm: str) -> None:
    questions: list[dict[str, Any]] = [{"gene": GENES[:2]}, {"variant": "chr1_1000000_A_G"}, {"gene": GENES[3]}]
    expected = [Catalogue(folder).associations(**question).to_polars() for question in questions]
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    for path in copy.glob(f"{table}/**/*.parquet"):
        path.unlink() if harm == "gone" else path.write_bytes(bytes(path.stat().st_size))
    for question, rows in zip(questions, expected, strict=True):
        found = Catalogue(copy).associations(**question)
        assert found.to_polars().equals(rows)
        assert found.meta["unavailable"] == {}


@pytest.mark.parametrize(
    ("question", "error", "words"),
    [
        ({"nlog10p": 5}, InvalidOption, "alone"),
        ({"p_value": 0, "gene": "G"}, InvalidOption, "p-value"),
        ({"dataset": "QTD00001"}, UnknownName, "QTD000001"),
        ({"region": "5:9-1"}, InvalidOption, "ends before"),
        ({"region": "five"}, InvalidOption, "19:80000-90000"),
        ({"region": ("77", 1, 2)}, InvalidOption, "region"),
        ({"variant": "chr1_1_A"}, InvalidOption, "not a variant"),
        ({"rsid": "chr1_1_A_G"}, InvalidOption, "rsid"),
        ({"tissue": "blood"}, InvalidOption, "tissue_label"),
        ({"gene": "G", "limit": -1}, InvalidOption, "negative"),
    ],
)
def test_what_cannot_be_asked_is_said(
    folder: Path, question: dict[str, Any], error: type[LifenodeError], words: str
) -> None:
    with pytest.raises(error, match=words):
        Catalogue(folder).associations(**question)


def test_what_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="ingest"):
        Catalogue(tmp_path)
    (tmp_path / "lifenode-eqtl.json").write_text('{"format": 99}', encoding="utf-8")
    with pytest.raises(FormatError, match="99"):
        Catalogue(tmp_path)


def test_names_of_genes_variants_and_regions() -> None:
    assert site_of("X:155:a:<DUP>") == Site("X", 155, "chrX_155_A_<DUP>")
    assert site_of("chr23_5_A_G") == site_of("chrX-5-A-G")
    assert region_of("chr19:80,000-90,000") == Region("19", 80_000, 90_000)
    assert region_of(("chrM", 5, 5)) == Region("MT", 5, 5)


def test_a_version_of_a_gene_is_ignored() -> None:
    assert len(Catalogue().associations("ENSG00000113161.16")) == len(Catalogue().associations("ENSG00000113161")) > 0


# Releases


def test_a_data_set_of_two_releases_is_taken_from_the_newest(tmp_path: Path) -> None:
    for release, beta in (("r9", 9.0), ("r10", 10.0), ("r8_beta", 8.0)):
        ingest(write(tmp_path / f"{release}/QTD000001.all.tsv", [row(1, beta=beta)]), tmp_path / "cat", release=release)
    assert Catalogue(tmp_path / "cat").associations()["beta"].tolist() == [10.0]
    assert Catalogue(tmp_path / "cat", "r9").associations()["beta"].tolist() == [9.0]
    assert Catalogue(tmp_path / "cat", "r8_beta").phewas("chr5_1_A_G")["beta"].tolist() == [8.0]
    with pytest.raises(UnknownName, match="r9"):
        Catalogue(tmp_path / "cat", "r11")


# Fine mapping


def test_real_credible_sets_by_gene_place_and_variant(shared_data: Path, tmp_path: Path) -> None:
    ingest(shared_data / "eqtl/susie", tmp_path / "cat")
    catalogue = Catalogue(tmp_path / "cat")
    raw = pl.read_csv(shared_data / "eqtl/susie/gentropy/QTD000584.credible_sets.tsv", separator="\t")
    sets = catalogue.credible_sets().to_polars()
    assert sets.height == raw.select("cs_id", "variant").n_unique()
    joined = sets.join(raw.unique(["cs_id", "variant"]), on=["cs_id", "variant"], suffix="_raw")
    assert all(joined[name].equals(joined[f"{name}_raw"]) for name in ("pip", "beta", "se", "z"))
    signals = catalogue.signals()
    assert len(signals) == raw["cs_id"].n_unique()
    lead = {each["cs_id"]: (each["lead_variant"], each["lead_pip"]) for each in signals}
    assert lead["MAN1A2.9077.10.3..1_L1"][1] == pytest.approx(0.953988, abs=1e-6)
    gene = signals.values("gene_id")[0]
    assert set(catalogue.credible_sets(gene).values("gene_id")) == {gene}
    one = sets.row(5, named=True)
    by_place = catalogue.credible_sets(region=("1", one["position"], one["position"])).to_polars()
    by_variant = catalogue.credible_sets(variant=one["variant"]).to_polars()
    assert by_variant.height == sets.filter(pl.col("variant") == one["variant"]).height >= 1
    assert by_place.filter(pl.col("variant") == one["variant"]).equals(by_variant)
    assert min(catalogue.credible_sets(min_pip=0.5).values("pip")) >= 0.5


def test_log_bayes_factors_keep_seven_digits(shared_data: Path, tmp_path: Path) -> None:
    source = shared_data / "eqtl/susie/lbf/QTD000021_ENSG00000101425.tsv.gz"
    ingest(source, tmp_path / "cat")
    raw = pl.read_csv(source, separator="\t").sort("position", maintain_order=True)
    found = Catalogue(tmp_path / "cat").lbf("ENSG00000101425", dataset="QTD000021").to_polars()
    assert found["variant"].to_list() == raw["variant"].to_list()
    for number in range(1, 11):
        name = f"lbf_variable{number}"
        assert found[name].to_numpy() == pytest.approx(raw[name].to_numpy(), rel=1e-7)


def test_results_of_permutations(shared_data: Path, tmp_path: Path) -> None:
    ingest(shared_data / "eqtl/nominal/permuted", tmp_path / "cat")
    found = Catalogue(tmp_path / "cat").permuted("ENSG00000153250").to_dicts()
    assert [(each["dataset_id"], each["n_variants"], each["p_beta"]) for each in found] == [
        ("BLUEPRINT_PE.T-cell_ge", 6447, 2.65812e-19)
    ]


def test_data_sets_are_listed_without_a_look_at_their_files() -> None:
    for filters in ({}, {"quant_method": "aptamer"}, {"study_label": ["fusion", "none"]}):
        listed = Catalogue().datasets(**filters).to_polars()
        assert Catalogue().datasets(checked=False, **filters).to_polars().drop("status").equals(listed.drop("status"))


def test_only_manifests_that_changed_are_read_again(tmp_path: Path) -> None:
    for number in (1, 2):
        write(tmp_path / f"in/QTD00000{number}.all.tsv", [row(at) for at in range(1, 9)])
    ingest(tmp_path / "in", tmp_path / "cat")
    catalogue = Catalogue(tmp_path / "cat")
    before = {name: catalogue.manifest(name) for name in ("QTD000001", "QTD000002")}
    write(tmp_path / "in/QTD000002.all.tsv", [row(at, beta=0.75) for at in range(1, 9)])
    ingest(tmp_path / "in", tmp_path / "cat")
    assert catalogue.manifest("QTD000001") is before["QTD000001"]
    assert catalogue.manifest("QTD000002").generation != before["QTD000002"].generation
    assert catalogue.associations(variant="chr5_3_A_G")["beta"].tolist() == [0.25, 0.75]


def test_rsids_of_credible_sets_are_found_where_there_are_no_associations() -> None:
    known = Catalogue()
    by_rsid = known.credible_sets(rsid="rs75230690").to_polars()
    assert by_rsid.height == 1
    assert by_rsid.equals(known.credible_sets(variant="chr1_111230685_T_C").to_polars())
    assert len(known.credible_sets(rsid="rs1")) == 0
