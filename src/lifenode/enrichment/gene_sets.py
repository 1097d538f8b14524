"""Gene sets of one's own, from a GMT file or a dict; no pack is needed to read them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from lifenode.errors import EmptyInput, FormatError, InputTooLarge, InvalidOption
from lifenode.packs.readers import gmt
from lifenode.settings import settings

_PACKING = re.compile(r"\.(gmt|txt|tsv)?(\.gz|\.bz2)?$", re.IGNORECASE)


@dataclass(frozen=True)
class GeneSets:
    """Named sets of genes, as written: nothing is resolved yet.

    Attributes
    ----------
    name
        What the collection is called in results: the file's name without its endings.
    ids
        Identifier of each set; distinct.
    names
        Name of each set: its description, or the id if there is none or it is a link.
    members
        Distinct members of each set, in the order given.
    sha256
        Checksum of ids, names and members, whatever the packing, the line ends and the order of members.
    warnings
        One sentence each on what is odd about the sets.
    """

    name: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    members: tuple[tuple[str, ...], ...]
    sha256: str
    warnings: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    @classmethod
    def of(cls, given: GeneSets | str | Path | Mapping[str, Iterable[object]]) -> GeneSets:
        """Return gene sets as they are, from a GMT file, or from a dict; see `read` and `from_dict`."""
        if isinstance(given, GeneSets):
            return given
        return cls.from_dict(given) if isinstance(given, Mapping) else cls.read(given)

    @classmethod
    def read(cls, path: str | Path) -> GeneSets:
        """Read a GMT file, plain or gzip: id, description and members, separated by tabs, one set a line.

        Raises
        ------
        UnreadableInput
            There is no such file, or it may not be read.
        FormatError
            A line is not a gene set, or two have one id; the error names the lines.
        InputTooLarge
            The file is larger than ``settings().max_input_bytes``.
        EmptyInput
            There is no set in it.
        """
        file = Path(path)
        limit = settings().max_input_bytes
        if file.is_file() and file.stat().st_size > limit:
            raise InputTooLarge(
                f"{file} holds {file.stat().st_size:,} bytes; at most {limit:,} are read.",
                value=file,
                next_step="Split the file, or set LIFENODE_MAX_INPUT_BYTES.",
            )
        content = gmt.read_all(file)
        if content.duplicates:
            twin = content.duplicates[0]
            problem = f"the id {twin.term_id!r} was already used on line {twin.first_line}"
            raise FormatError.at(file, twin.line, problem, value=twin.term_id)
        if not content.sets:
            raise EmptyInput(f"{file} holds no gene set.", value=file, next_step="Give a GMT file, one set a line.")
        return _made(
            _PACKING.sub("", file.name) or file.name,
            [found.term_id for found in content.sets],
            [found.name for found in content.sets],
            [found.members for found in content.sets],
            content.repeated_members,
        )

    @classmethod
    def from_dict(cls, sets: Mapping[str, Iterable[object]], name: str = "custom") -> GeneSets:
        """Make gene sets of a dict of members by id.

        Raises
        ------
        InvalidOption
            An id is blank or used twice, or the members are one string.
        EmptyInput
            There is no set in it.
        """
        if not sets:
            raise EmptyInput("There is no gene set.", value=name, next_step="Give a dict of id -> genes.")
        members: dict[str, tuple[str, ...]] = {}
        repeated = 0
        for key, genes in sets.items():
            term_id = _checked_id(str(key).strip(), members)
            given = _listed(term_id, genes)
            members[term_id] = tuple(dict.fromkeys(given))
            repeated += len(given) - len(members[term_id])
        return _made(name, list(members), list(members), list(members.values()), repeated)


def _checked_id(term_id: str, earlier: Mapping[str, object]) -> str:
    if not term_id or term_id in earlier:
        problem = f"has the id {term_id!r} of another set" if term_id else "has a blank id"
        raise InvalidOption(
            f"Gene set {len(earlier) + 1} {problem}.", value=term_id, next_step="Give each set its own id."
        )
    return term_id


def _listed(term_id: str, genes: Iterable[object]) -> list[str]:
    if isinstance(genes, str | bytes):
        raise InvalidOption(
            f"The members of the gene set {term_id!r} are one string.", value=genes, next_step="Give a list of genes."
        )
    texts = [str(gene).strip() for gene in genes]
    # The order of a set depends on the hash seed of the process.
    return sorted(filter(None, texts)) if isinstance(genes, set | frozenset) else list(filter(None, texts))


def _made(name: str, ids: list[str], names: list[str], members: list[tuple[str, ...]], repeated: int) -> GeneSets:
    digest = hashlib.sha256()
    for row in zip(ids, names, map(sorted, members), strict=True):
        digest.update(json.dumps(row).encode() + b"\n")
    empty = [term_id for term_id, genes in zip(ids, members, strict=True) if not genes]
    warnings = []
    if empty:
        shown = ", ".join(empty[:5]) + (", ..." if len(empty) > 5 else "")
        warnings.append(f"{len(empty):,} of {len(ids):,} sets have no member: {shown}.")
    if repeated:
        warnings.append(f"{repeated:,} members were written twice in their set and count once.")
    return GeneSets(name, tuple(ids), tuple(names), tuple(members), digest.hexdigest(), tuple(warnings))
