"""Answers in pages: each row comes once, also while something is ingested, or the answer says why it cannot go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from lifenode.eqtl.catalogue import Catalogue
from lifenode.eqtl.catalogue_selection import FILTERS
from lifenode.eqtl.cursors import Cursor, digest_of
from lifenode.eqtl.query_counts import count_rows
from lifenode.eqtl.query_marks import mark_of
from lifenode.eqtl.query_places import is_by_trait
from lifenode.eqtl.query_rows import Rows, no_associations
from lifenode.eqtl.query_stream import AssociationStream
from lifenode.errors import InvalidOption, StaleCursor

_OTHER = "Take the cursor from a page of the same question, or leave it out for the first page."
_ANEW = "Ask again without the cursor."
COUNT_SECONDS = 0.25
"""Time that is spent on counting the rows of an answer."""


def association_page(
    catalogue: Catalogue, question: Mapping[str, Any], size: int, cursor: str | None = None,
    seconds: float | None = None, *, total: bool = True,
) -> Rows:  # fmt: skip
    """Return a page of the associations that answer a question.

    Parameters
    ----------
    catalogue
        The catalogue.
    question
        Parameters of `lifenode.eqtl.Catalogue.associations` by name, those that limit rows excepted.
    size
        Rows of a page.
    cursor
        ``meta["next"]`` of the page before; None for the first page.
    seconds
        Stop with an error after this time.
    total
        Count the rows of the whole answer.

    Returns
    -------
    Rows
        Data set by data set. ``meta["next"]`` is None where there are no more rows; ``meta["total"]`` is None where
        counting would take more than `COUNT_SECONDS`.

    Raises
    ------
    InvalidOption
        The cursor is none, or of another question; otherwise as `lifenode.eqtl.Catalogue.associations`.
    StaleCursor
        What it was made from is no longer held.
    UnknownName, TookTooLong
        As `lifenode.eqtl.Catalogue.associations`.
    """
    digest = digest_of({"associations": question})
    last = _cursor(cursor, digest)
    at = catalogue if last is None else catalogue.at(last.releases)
    state, query, names = at.understood(**question)
    after = None if last is None else last.mark
    if after is not None and _held(at, after.dataset_id) != (last.held if last else ""):
        raise StaleCursor(
            f"The data set {after.dataset_id} was replaced after the page before.", value=cursor, next_step=_ANEW
        )
    unavailable: dict[str, str] = {}
    stream = AssociationStream(at.store, at.state).frames(
        state, query, names, unavailable, after=after, most=size + 1, seconds=seconds
    )  # fmt: skip
    found = pl.concat([no_associations(), *stream])
    rows = found[:size]
    counted = count_rows(at.store, state, query, names, COUNT_SECONDS) if last is None and total else None
    counted = last.total if last is not None else counted
    following = None
    if found.height > size:
        name = rows["dataset_id"][-1]
        by_trait = is_by_trait(at.store, state.manifests[name], query)
        mark = mark_of(rows, after, by_trait=by_trait)
        following = Cursor(digest, tuple(sorted(state.layers)), _held(at, name), mark=mark, total=counted).to_text()
    meta = {
        "releases": state.releases, "total": counted, "rows": rows.height, "next": following,
        "complete": following is None and last is None and not unavailable, "unavailable": unavailable,
    }  # fmt: skip
    return Rows(rows, meta)


def table_page(
    catalogue: Catalogue, verb: str, question: Mapping[str, Any], size: int, cursor: str | None = None,
    **options: Any,
) -> Rows:  # fmt: skip
    """Return a page of the answer of another question, which is sorted as a whole.

    Parameters
    ----------
    verb
        Name of the method of `lifenode.eqtl.Catalogue` that answers.
    question
        Its parameters by name.
    **options
        Further parameters, which do not change the answer.
    catalogue, size, cursor
        As in `association_page`.

    Returns
    -------
    Rows
        With ``meta["next"]`` and ``meta["total"]`` as there.

    Raises
    ------
    InvalidOption, StaleCursor, UnknownName, TookTooLong
        As `association_page`.
    """
    digest = digest_of({verb: question})
    last = _cursor(cursor, digest)
    at = catalogue if last is None else catalogue.at(last.releases)
    found: Rows = getattr(at, verb)(**question, **options)
    unavailable = found.meta.get("unavailable", {})
    held = _fingerprint(at, question, sorted(unavailable))
    if last is not None and held != last.held:
        raise StaleCursor("Data sets were replaced or lost after the page before.", value=cursor, next_step=_ANEW)
    offset = 0 if last is None else last.offset
    frame = found.to_polars()
    rows, total = frame[offset : offset + size], frame.height
    following = None
    if offset + size < total:
        releases = tuple(sorted(at.state().layers))
        following = Cursor(digest, releases, held, offset + size, total=total).to_text()
    whole = found.meta.get("complete", True)
    meta = {
        "releases": at.releases, "total": total if whole else None, "rows": rows.height, "next": following,
        "complete": whole and rows.height == total and not unavailable, "unavailable": unavailable,
    }  # fmt: skip
    return Rows(rows, meta)


def _cursor(text: str | None, digest: str) -> Cursor | None:
    if text is None:
        return None
    cursor = Cursor.of_text(text)
    if cursor.question != digest:
        raise InvalidOption("The cursor belongs to another question.", value=text, next_step=_OTHER)
    return cursor


def _held(catalogue: Catalogue, dataset: str) -> str:
    manifest = catalogue.state().manifests.get(dataset)
    return "" if manifest is None else f"{manifest.release}/{manifest.generation}"


def _fingerprint(catalogue: Catalogue, question: Mapping[str, Any], lost: Sequence[str]) -> str:
    state = catalogue.state()
    filters = {name: question[name] for name in FILTERS if name in question}
    names = catalogue.names_of(question.get("dataset"), filters)
    held = [(name, _held(catalogue, name)) for name in names]
    return digest_of({"held": held, "lost": list(lost), "known": state.table.height if not names else 0})
