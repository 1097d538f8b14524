"""Outcomes of a cut as VCF, positions on the chromosome of the reference, or on the sequence that was given."""

from __future__ import annotations

from typing import Any

from lifenode.editing.cas9_profile import Cas9Outcomes
from lifenode.editing.target import Target, reverse_complement


def vcf_text(result: Cas9Outcomes) -> str:
    """Return VCF 4.3: a record for each outcome, with its probability under ``PROB``.

    A contig is a chromosome of the reference, whose records are sorted by place, or else a target that was given by
    itself. ``GUIDE``, ``STRAND`` and ``CUT`` (1-based, the first base right of the cut on the forward strand) tell
    which cut an outcome is of.
    """
    by_name = {target.name: target for target in result.targets}
    contigs = dict(_contig(target) for target in result.targets)
    head = [
        "##fileformat=VCFv4.3",
        *(f"##contig=<ID={name},length={length}>" for name, length in contigs.items()),
        '##INFO=<ID=PROB,Number=A,Type=Float,Description="Probability among the edited outcomes">',
        '##INFO=<ID=OUTCOME,Number=1,Type=String,Description="Left-most name of the outcome">',
        '##INFO=<ID=GUIDE,Number=1,Type=String,Description="Bases before the PAM, on its strand">',
        '##INFO=<ID=STRAND,Number=1,Type=String,Description="Strand of the PAM">',
        '##INFO=<ID=CUT,Number=1,Type=Integer,Description="First base right of the cut, forward strand">',
        "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO",
    ]
    records = [_record(row, by_name[row["target"]]) for row in result]
    if any(target.place for target in result.targets):
        order = {name: number for number, name in enumerate(contigs)}
        records.sort(key=lambda record: (order[record[0]], record[1]))
    return "\n".join([*head, *("\t".join(map(str, record)) for record in records)]) + "\n"


def _contig(target: Target) -> tuple[str, int]:
    """Return name and length of what positions count on."""
    if target.place is not None:
        return target.place.chromosome, target.place.length
    return _id(target.name), len(target.sequence)


def _record(row: dict[str, Any], target: Target) -> tuple[Any, ...]:
    forward = target.strand == "+"
    given = target.sequence if forward else reverse_complement(target.sequence)
    inserted = row["inserted"] if forward else reverse_complement(row["inserted"])
    offset = target.place.offset if target.place is not None else 0
    start, end = row["start"] - offset, row["end"] - offset
    # A record begins with a base that stays: the one before, or where there is none the one behind.
    if start > 0:
        position, reference, changed = start, given[start - 1 : end], given[start - 1] + inserted
    else:
        position, reference, changed = 1, given[: end + 1], inserted + given[end]
    cut = target.given(target.cut, target.cut)[0] + 1
    info = (
        f"PROB={row['probability']:.6g};OUTCOME={row['outcome']};GUIDE={target.guide};STRAND={target.strand};CUT={cut}"
    )
    return _contig(target)[0], offset + position, ".", reference, changed, ".", ".", info


def _id(name: str) -> str:
    """Return a name as VCF allows it."""
    return "".join(letter if letter.isalnum() or letter in "._+-:" else "_" for letter in name)
