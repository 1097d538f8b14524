"""EDAM as a table: find concepts by id, address or name, and walk up and down from them."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from lifenode.edam.concept import BRANCHES, Concept, from_line, id_of
from lifenode.edam.owl import in_order, read_owl
from lifenode.edam.tokens import tokens
from lifenode.errors import InvalidOption, TamperedPack, UnknownName, UnknownTerm, nearest
from lifenode.table import Table

__all__ = ["BRANCHES", "Concept", "Ontology", "id_of", "manifest", "releases"]

_DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def manifest() -> dict[str, Any]:
    """Return what is shipped: attribution, licence and, for each release, its date, counts and checksums."""
    found: dict[str, Any] = json.loads((_DATA / "manifest.json").read_text(encoding="utf-8"))
    return found


def releases() -> tuple[str, ...]:
    """Return the releases of EDAM that are shipped, oldest first."""
    return tuple(entry["release"] for entry in manifest()["releases"])


class Ontology:
    """The concepts of one release.

    Parameters
    ----------
    release
        Name of the release.
    concepts
        All concepts, obsolete ones too.
    meta
        Where they come from.

    Examples
    --------
    >>> edam = Ontology.load()
    >>> edam.find("sequence alignment", branch="operation").id
    'operation_0292'
    >>> [concept.label for concept in edam.path("topic_0080")[0]]
    ['Topic', 'Biosciences', 'Computational biology', 'Sequence analysis']
    """

    def __init__(self, release: str, concepts: Iterable[Concept], meta: dict[str, Any] | None = None) -> None:
        self.release = release
        self.meta = dict(meta or {})
        self._by_id = {concept.id: concept for concept in concepts}

    @classmethod
    def load(cls, release: str | None = None) -> Ontology:
        """Return a release that is shipped; the newest if none is named.

        Raises
        ------
        UnknownName
            No such release is shipped.
        TamperedPack
            The table differs from its checksum.
        """
        return _load(releases()[-1] if release is None else release)

    @classmethod
    def read(cls, path: str | Path) -> Ontology:
        """Return a release read from its OWL file, with definitions and comments.

        Raises
        ------
        UnreadableInput
            The file cannot be read.
        FormatError
            It is no OWL file of EDAM.
        """
        release, date, concepts = read_owl(Path(path))
        return cls(release, in_order(concepts), {"release": release, "date": date, "source_file": Path(path).name})

    def __len__(self) -> int:
        return len(self._by_id)

    def __iter__(self) -> Iterator[Concept]:
        return iter(self._by_id.values())

    def __contains__(self, term: object) -> bool:
        return isinstance(term, str) and id_of(term) in self._by_id

    @cached_property
    def bags(self) -> dict[str, tuple[str, ...]]:
        """For each id the stems of the concept's definition and comments, each once, in alphabetical order."""
        if "bags_file" in self.meta:
            lines = _shipped(self.meta["bags_file"], self.meta["bags_sha256"])
            return {own: tuple(stems.split()) for own, _, stems in (line.partition("\t") for line in lines)}
        return {one.id: tuple(sorted({s for t in (one.definition, *one.comments) for s in tokens(t)})) for one in self}

    def term(self, term: str) -> Concept:
        """Return the concept with an id, URI or CURIE.

        Raises
        ------
        UnknownTerm
            It is written differently, or this release has no such concept.
        """
        own = id_of(term)
        if own is None:
            raise UnknownTerm(
                f'"{term}" is not an id of EDAM.', value=term, next_step="Ids look like topic_0080; find takes names."
            )
        if own not in self._by_id:
            raise UnknownTerm(
                f"EDAM {self.release} has no {own}.",
                value=term,
                next_step="Check the number; a term newer than this release can be read from its OWL file.",
            )
        return self._by_id[own]

    def find(self, text: str, branch: str | None = None) -> Concept:
        """Return the one concept with an id, URI, CURIE, label or synonym, ignoring case.

        Labels win over exact synonyms, these over narrow and then broad ones, and live concepts over obsolete ones.

        Raises
        ------
        UnknownTerm
            Nothing, or more than one concept, has this name.
        InvalidOption
            There is no such branch.
        """
        if id_of(text) is not None:
            return self.term(text)
        check_branches((branch,) if branch else ())
        entries = [one for one in self._names.get(_folded(text), ()) if branch is None or one[1].branch == branch]
        if not entries:
            close = nearest(text, [c.label for c in self if branch is None or c.branch == branch], 3)
            step = f"Did you mean {', '.join(close)}?" if close else "search finds names by their words."
            raise UnknownTerm(f'EDAM {self.release} has no term called "{text}".', value=text, next_step=step)
        rank = min(rank for rank, _ in entries)
        best = {concept.id: concept for own, concept in entries if own == rank}
        if len(best) > 1:
            several = ", ".join(f"{concept.id} ({concept.label})" for concept in best.values())
            raise UnknownTerm(
                f'"{text}" is the name of several terms: {several}.', value=text, next_step="Give the id or a branch."
            )
        return next(iter(best.values()))

    def parents(self, term: str) -> tuple[Concept, ...]:
        """Return the concepts right above a term."""
        return tuple(self._by_id[parent] for parent in self.term(term).parents if parent in self._by_id)

    def children(self, term: str) -> tuple[Concept, ...]:
        """Return the live concepts right below a term."""
        return tuple(self._by_id[child] for child in self._children.get(self.term(term).id, ()))

    def ancestors(self, term: str) -> tuple[Concept, ...]:
        """Return all concepts above a term, nearest first."""
        return self._reached(self.term(term), self.parents)

    def descendants(self, term: str) -> tuple[Concept, ...]:
        """Return all live concepts below a term, nearest first."""
        return self._reached(self.term(term), self.children)

    def path(self, term: str) -> list[tuple[Concept, ...]]:
        """Return every way from the root of the branch down to a term, shortest first."""
        own = self.term(term)
        ways = [(*way, own) for parent in self.parents(own.id) for way in self.path(parent.id)] or [(own,)]
        return sorted(ways, key=len)

    def related(self, term: str) -> tuple[tuple[str, Concept], ...]:
        """Return the relations of a term to concepts elsewhere, and of others to it (``inverse has_input``)."""
        own = self.term(term)
        out = [(how, self._by_id[what]) for how, what in own.relations if what in self._by_id]
        back = [(f"inverse {how}", concept) for how, concept in self._pointing.get(own.id, ())]
        return (*out, *back)

    def replacements(self, term: str) -> tuple[tuple[Concept, ...], tuple[Concept, ...]]:
        """Return the live concepts that replace an obsolete one, and those to consider; both empty for a live one.

        A replacement that is itself obsolete is followed; beyond a *consider* everything is to be considered.
        """
        replaced: dict[str, Concept] = {}
        considered: dict[str, Concept] = {}
        seen: set[tuple[str, bool]] = set()
        waiting = [(self.term(term), True)]
        while waiting:
            concept, certain = waiting.pop(0)
            if (concept.id, certain) in seen:
                continue
            seen.add((concept.id, certain))
            if not concept.obsolete:
                (replaced if certain else considered)[concept.id] = concept
                continue
            waiting += [(self._by_id[other], certain) for other in concept.replaced_by if other in self._by_id]
            waiting += [(self._by_id[other], False) for other in concept.consider if other in self._by_id]
        if not self.term(term).obsolete:
            return (), ()
        return tuple(replaced.values()), tuple(one for one in considered.values() if one.id not in replaced)

    def search(
        self, text: str, *, branches: Sequence[str] | None = None, top: int | None = 10, obsolete: bool = False
    ) -> Table:
        """Return the terms whose names hold the words of a text; see `lifenode.edam.search.search`."""
        from lifenode.edam.search import search

        return search(self, text, branches=branches, top=top, obsolete=obsolete)

    @cached_property
    def _names(self) -> dict[str, list[tuple[tuple[bool, int], Concept]]]:
        found: dict[str, list[tuple[tuple[bool, int], Concept]]] = {}
        for concept in self:
            for rank, names in enumerate(((concept.label,), concept.exact, concept.narrow, concept.broad)):
                for name in names:
                    found.setdefault(_folded(name), []).append(((concept.obsolete, rank), concept))
        return found

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for concept in self:
            for parent in concept.parents:
                found.setdefault(parent, []).append(concept.id)
        return found

    @cached_property
    def _pointing(self) -> dict[str, list[tuple[str, Concept]]]:
        found: dict[str, list[tuple[str, Concept]]] = {}
        for concept in self:
            for how, what in concept.relations:
                found.setdefault(what, []).append((how, concept))
        return found

    @staticmethod
    def _reached(start: Concept, step: Any) -> tuple[Concept, ...]:
        found: dict[str, Concept] = {}
        waiting = list(step(start.id))
        while waiting:
            concept = waiting.pop(0)
            if concept.id not in found:
                found[concept.id] = concept
                waiting += step(concept.id)
        return tuple(found.values())


def check_branches(branches: Iterable[str]) -> None:
    """Raise `InvalidOption` for a name that is none of the branches."""
    for branch in branches:
        if branch not in BRANCHES:
            raise InvalidOption(
                f'There is no branch "{branch}".', value=branch, next_step=f"Branches: {', '.join(BRANCHES)}."
            )


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


@lru_cache(maxsize=4)
def _load(release: str) -> Ontology:
    known = {entry["release"]: entry for entry in manifest()["releases"]}
    if release not in known:
        raise UnknownName(
            f'EDAM release "{release}" is not shipped.', value=release, next_step=f"Shipped: {', '.join(known)}."
        )
    entry = known[release]
    lines = _shipped(entry["file"], entry["sha256"])[1:]
    licence = {name: manifest()[name] for name in ("licence", "attribution")}
    return Ontology(release, map(from_line, lines), {**entry, **licence})


def _shipped(file: str, digest: str) -> list[str]:
    """Return the lines of a file that is shipped and is what it was."""
    content = (_DATA / file).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise TamperedPack(f"{file} differs from its checksum.", value=file, next_step="Install lifenode again.")
    return gzip.decompress(content).decode().splitlines()
