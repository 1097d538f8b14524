"""Forms of selection rounds: what is asked, what a complete answer holds, and what reviewers will look at.

``community-database`` has the 52 questions of sections 2 to 7 of the checklist for community databases (version 1,
2025, doi:10.5281/zenodo.17289009, CC BY 4.0), ``core-data-resource`` the five categories of indicators of core data
resources (Durinx et al. 2016, doi:10.12688/f1000research.9656.2). The subjects, limits and options are theirs; the
wording is ours, and so is the division of the five categories into questions.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from lifenode.errors import BadTable, UnknownName, UnreadableInput, nearest
from lifenode.table import Column, Table

FORMS = ("community-database", "core-data-resource")
"""Forms that ship with the package; `deposition-database` rounds use the one of core data resources."""

COLUMNS = ("question", "answer", "description", "links")
"""Columns of a file of answers; several links are parted by blanks, the items of a list by semicolons."""

_FOLDER = Path(__file__).parent / "forms"
_LINK = re.compile(r"(https?://|doi:|10\.\d{4,9}/)\S+$", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(\.\d+)?%?$")


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form.

    Attributes
    ----------
    question
        Its number.
    section
        What the section is about.
    answer
        ``choice``, ``number``, or "" where the description is the answer.
    options
        What may be chosen.
    words
        Most words of the description; 0 for no limit.
    needs
        ``description``, ``list`` or ``links``, always, ``if yes`` or ``unless unique``; "" where nothing is.
    concern
        The ground for rejection that reviewers draw from it, if any.
    text
        What is asked.
    """

    question: str
    section: str
    answer: str
    options: tuple[str, ...]
    words: int
    needs: str
    concern: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question."""

    answer: str = ""
    description: str = ""
    links: tuple[str, ...] = field(default=())


@cache
def questions(form: str) -> tuple[Question, ...]:
    """Return the questions of a form.

    Raises
    ------
    UnknownName
        There is no such form.
    """
    if form not in FORMS:
        close = nearest(form, FORMS, 1)
        raise UnknownName(
            f"There is no form {form!r}.", value=form,
            next_step=f"Did you mean {close[0]}?" if close else f"Forms: {', '.join(FORMS)}.",
        )  # fmt: skip
    text = (_FOLDER / f"{form}.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        Question(
            row["question"],
            row["section"],
            row["answer"],
            tuple(filter(None, row["options"].split("|"))),
            int(row["words"]),
            row["needs"],
            row["concern"],
            row["text"],
        )
        for row in rows
    )


def read_replies(path: Path, form: str) -> dict[str, Reply]:
    """Read answers from comma- or tab-separated text with `COLUMNS`.

    Raises
    ------
    UnreadableInput
        The file is missing or not text.
    BadTable
        A column is missing, or a question is answered twice; with the line.
    UnknownName
        The form has no such question.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(f"{path} cannot be read: {error}.", value=path, next_step="Check the path.") from error
    reader = csv.DictReader(lines, delimiter="\t" if lines and "\t" in lines[0] else ",")
    missing = [name for name in COLUMNS[:2] if name not in (reader.fieldnames or ())]
    if missing:
        raise BadTable(
            f"{path} lacks the column {missing[0]}.", value=missing[0],
            next_step="`lifenode resources checklist` without a file writes one to fill in.",
        )  # fmt: skip
    found: dict[str, Reply] = {}
    for row in reader:
        name = (row["question"] or "").strip()
        if name in found:
            raise BadTable(
                f"{path}, line {reader.line_num}: {name} is answered twice.", value=name, next_step="Keep one line."
            )
        links = tuple((row.get("links") or "").split())
        reply = Reply((row["answer"] or "").strip(), (row.get("description") or "").strip(), links)
        if reply != Reply():
            found[name] = reply
    check_names(found, form)
    return found


def check_names(replies: Mapping[str, Reply], form: str) -> None:
    """Refuse answers to questions that a form does not have.

    Raises
    ------
    UnknownName
        With the nearest question.
    """
    known = [question.question for question in questions(form)]
    for name in replies:
        if name not in known:
            close = nearest(name, known, 1)
            hint = f"Did you mean {close[0]}?" if close else f"The first is {known[0]}, the last {known[-1]}."
            raise UnknownName(f"{form} has no question {name!r}.", value=name, next_step=hint)


_RESULT = (
    Column("question", "text", "its number"),
    Column("section", "text", "what the section is about"),
    Column("answer", "text", "what was answered"),
    Column("description", "text", "what was said about it"),
    Column("links", "text", "evidence"),
    Column("finding", "text", "what is missing or wrong; empty where the answer is complete"),
    Column("concern", "text", "ground on which reviewers may reject this answer; empty where there is none"),
    Column("text", "text", "what is asked"),
    Column("options", "text", "what may be answered"),
    Column("words", "integer", "most words of the description; 0 for no limit"),
)


def self_assessment(form: str, replies: Mapping[str, Reply]) -> Table:
    """Compare answers with what a form asks for.

    Parameters
    ----------
    form
        One of `FORMS`.
    replies
        Answers by question.

    Returns
    -------
    Table
        A row a question. ``meta`` has the number of complete answers by section, whether the form is ``complete``,
        and the ``concerns`` by ground.

    Raises
    ------
    UnknownName
        There is no such form or question.
    """
    check_names(replies, form)
    data: dict[str, list[object]] = {column.name: [] for column in _RESULT}
    sections: dict[str, list[int]] = {}
    concerns: dict[str, list[str]] = {}
    for question in questions(form):
        reply = replies.get(question.question, Reply())
        finding = "; ".join(_findings(question, reply))
        concern = question.concern if not finding and _worrying(question, reply) else ""
        if concern:
            concerns.setdefault(concern, []).append(question.question)
        counts = sections.setdefault(question.section, [0, 0])
        counts[0] += not finding
        counts[1] += 1
        cells = (question.question, question.section, reply.answer, reply.description, " ".join(reply.links), finding,
            concern, question.text, ", ".join(question.options), question.words)  # fmt: skip
        for column, cell in zip(_RESULT, cells, strict=True):
            data[column.name].append(cell)
    meta = {
        "form": form,
        "sections": {name: {"complete": done, "questions": total} for name, (done, total) in sections.items()},
        "complete": not any(data["finding"]),
        "concerns": concerns,
    }
    return Table(_RESULT, data, meta, len(data["question"]))


def _findings(question: Question, reply: Reply) -> list[str]:
    if reply == Reply():
        return ["not answered"]
    found = []
    if question.answer == "choice" and reply.answer not in question.options:
        said = f"{reply.answer!r} is none of the options" if reply.answer else "nothing was chosen"
        found.append(said)
    if question.answer == "number" and not _NUMBER.match(reply.answer.replace(",", "")):
        found.append(f"{reply.answer!r} is not a number" if reply.answer else "the number is missing")
    words = len(reply.description.split())
    if question.words and words > question.words:
        found.append(f"{words} words, {question.words} are allowed")
    found += _missing(question, reply)
    found += [f"{link} is not a link" for link in reply.links if not _LINK.match(link)]
    return found


def _missing(question: Question, reply: Reply) -> Sequence[str]:
    what, _, condition = question.needs.partition(" ")
    due = not condition or (condition == "if yes" and reply.answer == "yes")
    due = due or (condition == "unless unique" and reply.answer not in ("unique", ""))
    if not what or not due:
        return ()
    if what == "links":
        return () if reply.links else ("a link is missing",)
    # A link says as much as a few words.
    return () if reply.description or reply.links else (f"the {what} is missing",)


def _worrying(question: Question, reply: Reply) -> bool:
    if question.concern == "open licence":
        return reply.answer == "not open"
    return reply.answer in ("no", "overlapping", "low", "less than 1 FTE")
