"""From what people write to genes: one index per organism over all namespaces.

How an identifier is read, in this order:

1. as it stands, in any namespace. An exact match of case wins over a match that ignores case; among these a gene id
   wins over a current symbol, that over ids of other databases, those over a previous symbol, that over an identifier
   an operator added (an array probe), and that over an alias.
   Only where the exact match is no more than an alias, and ignoring case finds a current name of another gene
   (``ALB`` in mouse), it is ambiguous and the current name is chosen. A text of digits only is looked up in one
   chosen namespace;
2. with its namespace in front (``ENTREZGENE:7157``, ``uniprot:P04637``), in quotes, or with the version of an Ensembl,
   RefSeq or UniProt id, which is taken off (``ENSG00000141510.17``);
3. as a genomic range, a variant (``rs699``) or a term (``GO:0006954``), which stand for all their genes;
4. as a symbol that a spreadsheet changed (``1-Mar``), which is reported and never guessed.

Where the best match names several genes, the one on the primary assembly is taken; if that leaves several, the
identifier is *ambiguous* and one is chosen for a stated reason (see `lifenode.genes.ambiguity`), unless the caller
chooses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from lifenode.errors import InvalidOption
from lifenode.genes import hash_index, spreadsheets, suggestions
from lifenode.genes.accounting import AMBIGUOUS, BLANK, MAPPED, SEVERAL, UNMAPPED, Accounting, Outcome
from lifenode.genes.ambiguity import settle, settle_case
from lifenode.genes.expansions import Expansions
from lifenode.genes.hash_index import PREVIOUS, HashIndex, Hit, namespaces_of
from lifenode.genes.namespaces import PREFIXED, namespace_of, spelled_forms, unquoted
from lifenode.genes.patterns import look_of, why_unknown
from lifenode.genes.plain import resolve_plain
from lifenode.genes.resolution import Resolution, genes_of
from lifenode.genes.texts import BLANK_WORDS, clean, flaw, fold, texts_of
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.packs.pack import Pack

__all__ = ["Accounting", "Identifiers", "Resolution", "identifiers", "resolve_plain"]

DEFAULT_NUMERIC = "ENTREZGENE"
# Texts remembered per namespace of numbers, and how many of the unmapped ones of a list get suggestions.
_MOST_REMEMBERED = 50_000
_MOST_SUGGESTED = 200
_LONGEST_REMEMBERED = 100

_BLANK = Outcome(BLANK)


@lru_cache(maxsize=24)
def identifiers(pack: Pack) -> Identifiers:
    """Return the identifier index of a pack; made once per process, built once per machine."""
    return Identifiers(pack)


class Identifiers:
    """Everything that names a gene of one organism.

    Parameters
    ----------
    pack
        The pack.

    Attributes
    ----------
    index
        The hash index over all identifiers.
    """

    def __init__(self, pack: Pack) -> None:
        self.pack = pack
        self.index = HashIndex(pack.arrays(hash_index.ARRAYS, lambda: hash_index.build_arrays(pack)))
        self._expansions = Expansions(pack)
        self._remembered: dict[str, dict[str, Outcome]] = {}

    def resolve(
        self,
        items: Sequence[object],
        *,
        numeric_namespace: str = DEFAULT_NUMERIC,
        choices: Mapping[str, str] | None = None,
    ) -> Resolution:
        """Find the genes of a list and account for every item.

        Parameters
        ----------
        items
            Identifiers in order; texts, numbers, and whatever stands for a missing value.
        numeric_namespace
            Where texts of digits only are looked up.
        choices
            Gene id to take for an ambiguous identifier; it then counts as mapped.

        Raises
        ------
        InputError
            An item is neither text nor number.
        InvalidOption
            A choice names a gene that is no candidate.
        UnknownNamespace
            `numeric_namespace` does not exist.
        """
        texts = texts_of(items)
        outcomes = self.outcomes(texts, numeric_namespace)
        if choices:
            chosen = self._chosen(choices, numeric_namespace)
            outcomes = [chosen.get(fold(t), outcome) for t, outcome in zip(texts, outcomes, strict=True)]
        return Resolution(texts, outcomes, self)

    def genes_of(self, items: Sequence[object]) -> list[npt.NDArray[np.int32]]:
        """Return the genes each item stands for: none, one, or all of a term, range or variant."""
        found = self.outcomes(texts_of(items), DEFAULT_NUMERIC)
        return [np.array(genes_of(outcome), dtype=np.int32) for outcome in found]

    def outcomes(self, texts: list[str], numeric_namespace: str = DEFAULT_NUMERIC) -> list[Outcome]:
        """Return what each text means."""
        numeric = namespace_of(numeric_namespace or DEFAULT_NUMERIC, self.index.namespaces)
        remembered = self._remembered.setdefault(numeric, {})
        found = list(map(remembered.get, texts))
        missing = dict.fromkeys([texts[i] for i, known in enumerate(found) if known is None])
        if not missing:
            return found  # type: ignore[return-value] # the last line looked at every one
        learnt = self._learn(list(missing), numeric)
        if len(remembered) + len(learnt) > _MOST_REMEMBERED:
            remembered.clear()
        for text, outcome in list(learnt.items())[:_MOST_REMEMBERED]:
            # The genes of terms and ranges, and texts of any length, are not worth the memory.
            if outcome.kind != SEVERAL and len(text) <= _LONGEST_REMEMBERED:
                remembered[text] = outcome
        return [known or learnt[text] for text, known in zip(texts, found, strict=True)]

    def describe(self, gene: int) -> dict[str, Any]:
        """Return what a report says of a candidate."""
        genes = self.pack.genes()
        return {
            "gene_id": genes.gene_ids[gene],
            "symbol": genes.symbols[gene],
            "primary_assembly": bool(genes.primary[gene]),
            "annotations": int(genes.go_annotations[gene]),
        }

    def suggest(self, texts: Sequence[str]) -> dict[str, list[str]]:
        """Return near identifiers by text, for the first two hundred different texts."""
        near: dict[str, list[str]] = {}
        for text in list(dict.fromkeys(texts))[:_MOST_SUGGESTED]:
            cleaned = clean(text)
            if flaw(cleaned) or look_of(cleaned) is not None:
                continue
            near[text] = spreadsheets.number_warning(cleaned)[1] or self._near.near(cleaned)
        return near

    @cached_property
    def _near(self) -> suggestions.NearSymbols:
        arrays = self.pack.arrays(suggestions.ARRAYS, lambda: suggestions.build_arrays(self.pack))
        return suggestions.NearSymbols(arrays)

    # One text after the other

    def _learn(self, texts: list[str], numeric: str) -> dict[str, Outcome]:
        """Return what each of the distinct texts means, looking all of them up at once."""
        longest = settings().max_identifier_length
        learnt: dict[str, Outcome] = {}
        wanted: list[tuple[str, str]] = []
        for text in texts:
            cleaned = clean(text) if len(text) <= longest else text.strip()
            if not cleaned:
                learnt[text] = _BLANK
            elif len(cleaned) > longest:
                reason = f"longer than {longest} characters, the limit for an identifier"
                learnt[text] = Outcome(UNMAPPED, reason=reason)
            elif problem := flaw(cleaned):
                learnt[text] = Outcome(UNMAPPED, reason=problem)
            else:
                wanted.append((text, cleaned))
        hits = self.index.find([cleaned for _, cleaned in wanted])
        for (text, cleaned), found in zip(wanted, hits, strict=True):
            learnt[text] = self._meaning(cleaned, found, numeric)
        return learnt

    def _meaning(self, text: str, hits: list[Hit], numeric: str) -> Outcome:
        if text.isascii() and text.isdigit():
            found = [hit for hit in hits if hit.namespace == numeric]
            if not found and numeric in PREFIXED:
                found = self._in_namespace(f"{numeric}:{text}", numeric)
            return self._best(text, found, hits) if found else Outcome(UNMAPPED, reason=self._no_number(text, numeric))
        if len(text) < 5 and text.casefold() in BLANK_WORDS and not _current(hits):
            return _BLANK
        if hits:
            return self._best(text, hits)
        if (inner := unquoted(text)) is not None:
            return self._meaning(inner, self.index.find([inner])[0], numeric) if inner else _BLANK
        for form, namespace in spelled_forms(text, self.index.namespaces):
            every = self.index.find([form])[0]
            if hits := [hit for hit in every if namespace in ("", hit.namespace)]:
                return self._best(form, hits, every)
        return self._expansions.expand(text) or self._mangled(text) or self._unknown(text)

    def _in_namespace(self, text: str, namespace: str) -> list[Hit]:
        return [hit for hit in self.index.find([text])[0] if hit.namespace == namespace]

    def _best(self, text: str, hits: list[Hit], every: list[Hit] | None = None) -> Outcome:
        """Return the gene of the best class of hits, or the candidates where it names several; `every` has all hits."""
        every = every or hits
        if len(hits) == 1:
            gene, namespace = hits[0].gene, hits[0].namespace
            return Outcome(MAPPED, gene, (), namespace, text, "", namespaces_of(gene, every))
        exact = [hit for hit in hits if hit.exact]
        if exact and exact[0].rank >= PREVIOUS and (doubtful := self._other_case(text, hits)) is not None:
            return doubtful
        hits = exact or hits
        rank = min([hit.rank for hit in hits])
        best = [hit for hit in hits if hit.rank == rank]
        namespace = best[0].namespace
        candidates = list(dict.fromkeys([hit.gene for hit in best]))
        if len(candidates) == 1:
            return Outcome(MAPPED, candidates[0], (), namespace, text, "", namespaces_of(candidates[0], every))
        ranked, why = settle(candidates, self.pack.genes())
        kind = AMBIGUOUS if why else MAPPED
        return Outcome(kind, ranked[0], tuple(ranked), namespace, text, why, namespaces_of(ranked[0], every))

    def _other_case(self, text: str, hits: list[Hit]) -> Outcome | None:
        """Return the outcome for an alias that is another gene's current name but for case; None without such a name.

        Parameters
        ----------
        text
            The identifier.
        hits
            All hits, of which the exact ones are aliases or previous symbols.
        """
        current = [hit for hit in hits if hit.rank < PREVIOUS]
        if not current:
            return None
        named = list(dict.fromkeys(hit.gene for hit in current))
        former = list(dict.fromkeys(hit.gene for hit in hits if hit.exact and hit.gene not in named))
        if not former:
            return self._best(text, current, hits)
        ranked, why = settle_case(named, former, self.pack.genes())
        where = namespaces_of(ranked[0], hits)
        return Outcome(AMBIGUOUS, ranked[0], tuple(ranked), current[0].namespace, text, why, where)

    def _mangled(self, text: str) -> Outcome | None:
        """Return what a date may have been, or what is wrong with a number; None where `text` is neither."""
        readings = spreadsheets.date_readings(text)
        if readings is None:
            problem, _ = spreadsheets.number_warning(text)
            return Outcome(UNMAPPED, reason=problem) if problem else None
        candidates: dict[int, None] = {}
        for month, number in readings:
            for family in spreadsheets.families(month, number):
                hits = next((found for found in self.index.find(family) if found), [])
                if hits:
                    candidates[self._best(family[0], hits).gene] = None
        genes = tuple(candidates)
        symbols = self.pack.genes().symbols
        why = spreadsheets.date_warning([symbols[gene] for gene in genes])
        return Outcome(AMBIGUOUS if genes else UNMAPPED, genes=genes, found=text, reason=why)

    # Words

    def _unknown(self, text: str) -> Outcome:
        return Outcome(UNMAPPED, reason=why_unknown(text, self.pack.display_name.lower()))

    def _no_number(self, text: str, numeric: str) -> str:
        if numeric not in self.index.namespaces:
            return f"a number, and this release has no {numeric} ids"
        return f"not a {self.pack.display_name.lower()} {numeric} id in this release"

    def _chosen(self, choices: Mapping[str, str], numeric_namespace: str) -> dict[str, Outcome]:
        """Return the outcomes the caller chose, by folded identifier."""
        texts = list(choices)
        gene_ids = self.pack.genes().gene_ids
        chosen: dict[str, Outcome] = {}
        for text, outcome in zip(texts, self.outcomes(texts, numeric_namespace), strict=True):
            candidates = outcome.genes or genes_of(outcome)
            by_id = {gene_ids[gene].casefold(): gene for gene in candidates}
            gene = by_id.get(str(choices[text]).casefold())
            if gene is None:
                offer = ", ".join(gene_ids[gene] for gene in candidates[:10])
                raise InvalidOption(
                    f"{choices[text]} is not among the genes that {text} may stand for.",
                    value=choices[text],
                    next_step=f"Choose among {offer}." if offer else f"{text} names no gene; leave the choice out.",
                )
            namespace, where = outcome.namespace or "SYMBOL", namespaces_of(gene, self.index.find([outcome.found])[0])
            chosen[fold(text)] = Outcome(MAPPED, gene, namespace=namespace, found=outcome.found, namespaces=where)
        return chosen


def _current(hits: list[Hit]) -> bool:
    """Return whether a text is a current symbol or id exactly as written."""
    return any(hit.exact and hit.rank < PREVIOUS for hit in hits)
