"""Summary statistics made up for benchmarks: files as the eQTL Catalogue has them, of any size."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from measuring import Floats

TRAITS_A_VARIANT = 20
BASES_A_VARIANT = 300
BASES_A_GENE = 100_000
PEOPLE = 400
_BLOCK = 65_280
_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")


def write_dataset(path: Path, rows: int, seed: int, chromosomes: tuple[str, ...] = ("1",), start: int = 10_000) -> int:
    """Write a nominal file with some `rows` rows and return how many; each variant is tested with 20 genes near it."""
    written = 0
    with path.open("wb") as handle, ThreadPoolExecutor(2) as pool:
        for number, chromosome in enumerate(chromosomes):
            for frame in _frames(rows // len(chromosomes), seed + 1000 * number, chromosome, start):
                text = frame.write_csv(separator="\t", include_header=written == 0, null_value="NA").encode()
                written += frame.height
                handle.writelines(pool.map(_block, (text[at : at + _BLOCK] for at in range(0, len(text), _BLOCK))))
        handle.write(_END)
    return written


def gene(number: int, chromosome: str = "1") -> str:
    """Return the id of the gene of this number."""
    return f"ENSG{int(chromosome) * 1_000_000 + number:011d}"


def _block(piece: bytes) -> bytes:
    packer = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = packer.compress(piece) + packer.flush()
    header = b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(packed) + 25)
    return header + packed + struct.pack("<II", zlib.crc32(piece), len(piece))


def _frames(rows: int, seed: int, chromosome: str, start: int) -> Iterator[pl.DataFrame]:
    rng = np.random.default_rng(seed)
    sites = np.random.default_rng(7)  # the same variants in every data set
    count = max(1, rows // TRAITS_A_VARIANT)
    positions = start + np.cumsum(sites.integers(1, 2 * BASES_A_VARIANT, count))
    letters = np.array(list("ACGT"))
    for begin in range(0, count, 10_000):
        place = positions[begin : begin + 10_000]
        ref = sites.integers(0, 4, len(place))
        alt = (ref + sites.integers(1, 4, len(place))) % 4
        ac = rng.integers(5, PEOPLE, len(place))
        variants = pl.DataFrame({
            "position": place, "ref": letters[ref], "alt": letters[alt], "ma_samples": ac, "ac": ac,
            "maf": ac / (2 * PEOPLE), "r2": rng.random(len(place)).round(5),
            "rsid": sites.integers(1, 10**9, len(place)),
        })[np.repeat(np.arange(len(place)), TRAITS_A_VARIANT)]  # fmt: skip
        near = np.maximum(place // BASES_A_GENE - TRAITS_A_VARIANT // 2, 0)
        number = (near[:, None] + np.arange(TRAITS_A_VARIANT)).ravel()
        z = rng.standard_normal(len(number)) * np.where(number % 50 == 0, 5, 1)
        yield _finished(variants, number, z, rng.uniform(0.03, 0.08, len(number)), chromosome)


def _finished(
    variants: pl.DataFrame, number: npt.NDArray[np.int64], z: Floats, se: Floats, chromosome: str
) -> pl.DataFrame:
    # A logistic curve near enough to the normal tail: what is measured is speed.
    p = 2 / (1 + np.exp(1.702 * np.abs(z)))
    six = pl.all().round_sig_figs(6)
    values = pl.DataFrame({"pvalue": p, "beta": z * se, "se": se, "median_tpm": number % 997 / 8}).select(six)
    named = (
        pl.Series("gene", number)
        .to_frame()
        .select(gene_id="ENSG" + (int(chromosome) * 1_000_000 + pl.col("gene")).cast(pl.String).str.zfill(11))
    )
    return pl.concat([variants, values, named], how="horizontal").select(
        molecular_trait_id="gene_id", chromosome=pl.lit(chromosome), position="position", ref="ref", alt="alt",
        variant=pl.format("chr{}_{}_{}_{}", pl.lit(chromosome), "position", "ref", "alt"), ma_samples="ma_samples",
        maf="maf", pvalue="pvalue", beta="beta", se="se", type=pl.lit("SNP"), ac="ac", an=pl.lit(2 * PEOPLE), r2="r2",
        molecular_trait_object_id="gene_id", gene_id="gene_id", median_tpm="median_tpm",
        rsid="rs" + pl.col("rsid").cast(pl.String),
    )  # fmt: skip
