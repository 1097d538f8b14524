"""Add a namespace of identifiers, such as the probes of an array, to the pack of an organism."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lifenode.errors import BuildFailed, InvalidOption
from lifenode.genes.accounting import AMBIGUOUS, SEVERAL, Outcome
from lifenode.genes.identifiers import identifiers
from lifenode.genes.namespaces import is_common_word
from lifenode.packs.readers import chip

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

_NAMESPACE = re.compile(r"[A-Z][A-Z0-9_]{2,40}")
_EXAMPLES = 3


@dataclass(frozen=True)
class ProbeMap:
    """What became of a map.

    Attributes
    ----------
    folder
        The new pack.
    pack, namespace
        Name of the pack it was made from, and the namespace added.
    probes, mapped
        Distinct probes of the file that have a gene there, and those of them whose gene is in the pack.
    genes
        Distinct genes that have a probe.
    rows
        Distinct pairs of a probe and a gene identifier.
    unmapped
        Those pairs whose gene is not in the pack, in the order of the file.
    ambiguous
        How many pairs name a gene by an identifier of several genes.
    """

    folder: Path
    pack: str
    namespace: str
    probes: int
    mapped: int
    genes: int
    rows: int
    unmapped: tuple[tuple[str, str], ...]
    ambiguous: int

    def lines(self) -> list[str]:
        """Return the account in words, a line each."""
        told = [
            f"{self.namespace}: {self.mapped:,} of {self.probes:,} probes name {self.genes:,} genes of {self.pack}."
        ]
        if self.unmapped:
            some = ", ".join(f"{probe} ({gene})" for probe, gene in self.unmapped[:_EXAMPLES])
            told.append(f"{len(self.unmapped):,} of {self.rows:,} rows name no gene of the pack, such as {some}.")
        if self.ambiguous:
            told.append(f"{self.ambiguous:,} rows name a gene ambiguously; the gene that every query takes was taken.")
        return told


def add_probe_map(pack: Pack, namespace: str, file: Path, target: Path) -> ProbeMap:
    """Write a copy of a pack that has one more namespace of identifiers.

    Parameters
    ----------
    pack
        The pack to copy.
    namespace
        Name of the new namespace, such as ``AFFY_HG_U95``.
    file
        A ``.chip`` file, or a table of probes and gene identifiers of any kind; see `lifenode.packs.readers.chip`.
    target
        Folder of the new pack.

    Raises
    ------
    InvalidOption
        The namespace is spelled in a way it must not be, or the pack has it already.
    FormatError
        The file is broken, with the line.
    BuildFailed
        No gene of the file is in the pack; or `target` lies among the starter packs or holds something that is no pack.
    OutputError
        The disk refuses.
    """
    _check(namespace, pack)
    pairs = list(dict.fromkeys((row.probe, row.gene) for row in chip.read(file)))
    names = list(dict.fromkeys(gene for _, gene in pairs))
    meant = dict(zip(names, identifiers(pack).outcomes(names), strict=True))
    found = {(probe, meant[gene].gene) for probe, gene in pairs if _is_one_gene(meant[gene])}
    if not found:
        raise BuildFailed(
            f"None of the {len(names):,} genes that {file} names is in {pack.name}.",
            value=file,
            next_step="A probe stands in the first column and its gene in the second; check the organism too.",
        )
    unmapped = tuple(pair for pair in pairs if not _is_one_gene(meant[pair[1]]))
    _write(pack, namespace, found, target, file, len(unmapped))
    return ProbeMap(
        folder=target,
        pack=pack.name,
        namespace=namespace,
        probes=len({probe for probe, _ in pairs}),
        mapped=len({probe for probe, _ in found}),
        genes=len({gene for _, gene in found}),
        rows=len(pairs),
        unmapped=unmapped,
        ambiguous=sum(_is_one_gene(meant[gene]) and meant[gene].kind == AMBIGUOUS for _, gene in pairs),
    )


def _check(namespace: str, pack: Pack) -> None:
    if not _NAMESPACE.fullmatch(namespace):
        raise InvalidOption(
            f'"{namespace}" cannot be the name of a namespace.',
            value=namespace,
            next_step="Write 3 to 41 capitals, digits and underscores, a capital first, such as AFFY_HG_U95.",
        )
    if namespace in identifiers(pack).index.namespaces or is_common_word(namespace):
        raise InvalidOption(
            f"{pack.name} has a namespace {namespace} already.",
            value=namespace,
            next_step="Choose another name.",
        )


def _is_one_gene(outcome: Outcome) -> bool:
    """Return whether a cell names a gene, and not a term or range with all its genes."""
    return outcome.gene >= 0 and outcome.kind != SEVERAL


def _write(pack: Pack, namespace: str, found: set[tuple[str, int]], target: Path, file: Path, unmapped: int) -> None:
    import polars as pl

    from lifenode.packs.contract import SCHEMAS
    from lifenode.packs.extend import copy_with_identifiers

    rows = pl.DataFrame(
        [(namespace, probe, gene) for probe, gene in sorted(found)], schema=dict(SCHEMAS["identifiers"]), orient="row"
    )
    copy_with_identifiers(pack, rows, target, origin=file.name, dropped={"gene not in the pack": unmapped})
