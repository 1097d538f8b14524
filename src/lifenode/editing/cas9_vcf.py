"""Outcomes of a cut as VCF, positions on the sequence that was given."""

from __future__ import annotations

from collections.abc import Iterator

from lifenode.editing.cas9_profile import Cas9Outcomes
from lifenode.editing.target import Target, reverse_complement


def vcf_text(result: Cas9Outcomes) -> str:
    """Return VCF 4.3: a contig for each target, a record for each outcome, with its probability under ``PROB``."""
    by_name = {target.name: target for target in result.targets}
    contigs = [f"##contig=<ID={_id(name)},length={len(one.sequence)}>" for name, one in by_name.items()]
    head = [
        "##fileformat=VCFv4.3",
        *contigs,
        '##INFO=<ID=PROB,Number=A,Type=Float,Description="Probability among the edited outcomes">',
        '##INFO=<ID=OUTCOME,Number=1,Type=String,Description="Left-most name of the outcome">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
    ]
    return "\n".join([*head, *_records(result, by_name)]) + "\n"


def _records(result: Cas9Outcomes, by_name: dict[str, Target]) -> Iterator[str]:
    for row in result:
        target = by_name[row["target"]]
        given = target.sequence if target.strand == "+" else reverse_complement(target.sequence)
        inserted = row["inserted"] if target.strand == "+" else reverse_complement(row["inserted"])
        start, end = row["start"], row["end"]
        # A record begins with a base that stays: the one before, or where there is none the one behind.
        if start > 0:
            position, reference, changed = start, given[start - 1 : end], given[start - 1] + inserted
        else:
            position, reference, changed = 1, given[: end + 1], inserted + given[end]
        info = f"PROB={row['probability']:.6g};OUTCOME={row['outcome']}"
        yield "\t".join((_id(target.name), str(position), ".", reference, changed, ".", ".", info))


def _id(name: str) -> str:
    """Return a name as VCF allows it."""
    return "".join(letter if letter.isalnum() or letter in "._+-:" else "_" for letter in name)
