"""Answers to the surveys: read from the templates or the database's export, every answer accounted for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from lifenode.errors import BadTable, nearest
from lifenode.reporting.sheets import Problem, Row, Sheet, need
from lifenode.reporting.vocabulary import SETS, Question, match, match_several, questions, values_of

_CODE = ("event_code", "event")


@dataclass(frozen=True)
class Response:
    """What one person answered to the questions of one table.

    Attributes
    ----------
    event
        Code of the event.
    answers
        Values by the question's slug; questions without an answer are not there.
    """

    event: str
    answers: dict[str, tuple[str, ...]]


@dataclass
class Read:
    """Responses of a table and where every cell of it went: answers, blank, and outside the vocabulary.

    Attributes
    ----------
    sets
        The question sets of the table.
    cells, blank, unknown
        Cells under questions; those without an answer; those of which nothing, or not all, could be used.
    """

    responses: list[Response] = field(default_factory=list)
    sets: tuple[str, ...] = ()
    cells: int = 0
    blank: int = 0
    unknown: int = 0
    problems: list[Problem] = field(default_factory=list)


def read_responses(sheet: Sheet, events: Collection[str]) -> Read:
    """Return the responses of a table whose columns are questions, by their text or their name.

    Parameters
    ----------
    sheet
        One row a person; the event's code under ``event_code`` or ``event``.
    events
        Codes there are; a row of another event is reported and not counted.

    Raises
    ------
    BadTable
        There is no column of event codes, or none of a question.
    """
    need(sheet, *_CODE)
    columns = _columns(sheet)
    read = Read(sets=tuple(name for name in SETS if any(question.set == name for question in columns.values())))
    read.problems += sheet.problems
    for row in sheet.rows:
        code = row.get(*_CODE)
        if code not in events:
            read.problems.append(row.problem("event_code", code, "there is no such event; the row is not counted"))
            continue
        answers = {question.slug: _answer(row, name, question, read) for name, question in columns.items()}
        read.responses.append(Response(code, {slug: values for slug, values in answers.items() if values}))
    return read


def _columns(sheet: Sheet) -> dict[str, Question]:
    """Return the question of each column that has one."""
    known = {}
    for question in questions().values():
        for name in (question.text, question.name, question.slug):
            known[" ".join(name.split()).casefold()] = question
    columns = {name: known[name] for name in sheet.headings if name in known}
    if not columns:
        close = nearest(sheet.headings[-1], known, 1)
        raise BadTable(
            f"{sheet.file} has no column of a known question.",
            value=", ".join(sheet.headings),
            next_step=f"Did you mean {close[0]!r}?" if close else "Use the headings of a template.",
        )
    return columns


def _answer(row: Row, name: str, question: Question, read: Read) -> tuple[str, ...]:
    text = row.get(name)
    read.cells += 1
    if not text:
        read.blank += 1
        return ()
    if question.multiple:
        found, unknown = match_several(question.slug, text)
    else:
        value = match(question.slug, text)
        found, unknown = ([], [text]) if value is None else ([value], [])
    read.unknown += bool(unknown)
    for piece in unknown:
        close = nearest(piece, values_of(question.slug), 1)
        hint = f"; did you mean {close[0]!r}?" if close else ""
        read.problems.append(row.problem(question.slug, piece, f"is none of the answers; not counted{hint}"))
    return tuple(found)
