"""EDAM: terms proposed for tools, found by words, told, and replaced where they are obsolete."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from lifenode.edam.annotate_many import annotate_many
from lifenode.edam.biotools import parse_record, submission_of
from lifenode.edam.ontology import Ontology, manifest
from lifenode.edam.repair import repair_text
from lifenode.edam.submission import Submission
from lifenode.edam.terms import about
from lifenode.errors import InputTooLarge
from lifenode.table import Column, Table
from lifenode.web.api.answers import Answer, answer_with
from lifenode.web.api.fields import PRESENTATION, Field
from lifenode.web.api.kinds import Count, Flag, Kind, Names, Text
from lifenode.web.api.services import Service

MOST_TOOLS = 1_000
_AT_ONCE = 10


class Record(Kind):
    """A bio.tools record: an object, or its JSON as a text."""

    wanted = 'a bio.tools record, such as {"name": "STAR"}'

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        return {"anyOf": [{"type": "string"}, {"type": "object"}]}

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> dict[str, Any]:
        """Return the record."""
        if isinstance(value, dict):
            value = json.dumps(value)
        if not isinstance(value, str):
            raise self.refusal(name, value)
        return parse_record(value, name)


class Publications(Kind):
    """Texts of publications: one, or a list of texts or of objects with title and abstract."""

    wanted = "a text, or a list of texts or of objects with title and abstract"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        parts = {"title": {"type": "string"}, "abstract": {"type": "string"}}
        one = {"type": "object", "properties": parts, "additionalProperties": False}
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"anyOf": [{"type": "string"}, one]}}]}

    def address_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in an address."""
        return {"type": "string"}

    def read(self, name: str, value: Any) -> list[Any]:
        """Return the publications as a list."""
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(map(self._is_one, listed)):
            return listed
        raise self.refusal(name, value)

    def parse(self, name: str, texts: Sequence[str]) -> Any:
        """Return the publications, one a parameter."""
        return list(texts)

    @staticmethod
    def _is_one(value: object) -> bool:
        if isinstance(value, dict):
            return set(value) <= {"title", "abstract"} and all(isinstance(text, str) for text in value.values())
        return isinstance(value, str)


class Tools(Kind):
    """Several tools."""

    wanted = "a list of objects with name, description, keywords and publications"

    def schema(self) -> dict[str, Any]:
        """Return the JSON Schema of a value in a body."""
        parts = {
            "id": {"type": "string"}, "name": {"type": "string"}, "description": {"type": "string"},
            "keywords": Names().schema(), "publications": Publications().schema(),
        }  # fmt: skip
        one = {"type": "object", "properties": parts, "additionalProperties": False}
        return {"type": "array", "minItems": 1, "maxItems": MOST_TOOLS, "items": one}

    def read(self, name: str, value: Any) -> list[dict[str, Any]]:
        """Return the tools, each field checked."""
        if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
            raise self.refusal(name, value)
        if len(value) > MOST_TOOLS:
            raise InputTooLarge(
                f"There are {len(value):,} tools; at most {MOST_TOOLS:,} are taken at once.",
                value=len(value),
                next_step="Send fewer at a time, or use lifenode edam annotate --batch.",
            )
        kinds: dict[str, Kind] = {
            "id": Text(), "name": Text(), "description": Text(), "keywords": Names(), "publications": Publications(),
        }  # fmt: skip
        found = []
        for at, one in enumerate(value):
            if not set(one) <= set(kinds):
                raise self.refusal(f"{name}[{at}]", one)
            found.append({key: kinds[key].read(f"{name}[{at}].{key}", inside) for key, inside in one.items()})
        return found


def submission(asked: Mapping[str, Any]) -> Submission:
    """Return the tool that fields describe; what is filled in wins over what a record says."""
    record = asked.get("record")
    base = submission_of(record) if record else Submission("")
    keywords = asked.get("keywords", [])
    return Submission(
        name=asked.get("name") or base.name,
        description=asked.get("description") or base.description,
        keywords=keywords.replace("|", ",").split(",") if isinstance(keywords, str) else keywords,
        publications=asked.get("publications") or base.publications,
        id=asked.get("id") or base.id,
        record=base.record,
    )


def options_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``branches`` and ``top`` as far as they are asked for."""
    branches = asked.get("branches")
    listed = [word.strip() for word in branches.split(",")] if isinstance(branches, str) else branches
    return {"branches": [word for word in listed if word] if listed else None, "top": asked.get("top")}


def annotate_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the terms proposed for a tool."""
    return answer_with(submission(asked).annotated(**options_of(asked)), format_, asked)


def batch_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the terms proposed for several tools."""
    return answer_with(annotate_many(map(submission, asked["tools"]), **options_of(asked)), format_, asked)


def search_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the terms whose names hold words."""
    found = Ontology.load(asked.get("edam")).search(
        asked["text"], branches=options_of(asked)["branches"], top=asked.get("top", 10),
        obsolete=asked.get("obsolete", False),
    )  # fmt: skip
    return answer_with(found, format_, asked)


def term_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return all that is known of a term."""
    return answer_with(about(Ontology.load(asked.get("edam")), asked["term"]), format_, asked)


def releases_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return the releases that are shipped."""
    entries = manifest()["releases"]
    columns = (
        Column("release", "text", "name of the release"),
        Column("date", "text", "day it was made"),
        Column("concepts", "integer", "terms, obsolete ones too"),
        Column("sha256", "text", "checksum of its table"),
    )
    data: dict[str, list[Any]] = {
        "release": [one["release"] for one in entries],
        "date": [str(one.get("date", "")) for one in entries],
        "concepts": [len(Ontology.load(one["release"])) for one in entries],
        "sha256": [one["sha256"] for one in entries],
    }
    told = {name: manifest()[name] for name in ("licence", "attribution")}
    return answer_with(Table(columns, data, told, len(entries)), format_, asked)


def repair_answer(asked: Mapping[str, Any], format_: str) -> Answer:
    """Return what becomes of the terms of a text; ``meta["text"]`` is the new text."""
    result = repair_text(
        asked["text"], asked.get("file", "text"), ontology=Ontology.load(asked.get("edam")), kind=asked.get("kind"),
        accept_single=asked.get("accept_single", False),
    )  # fmt: skip
    table = result.table
    data = {name: table[name] for name in table.column_names}
    return answer_with(Table(table.columns, data, {**table.meta, "text": result.text}, len(table)), format_, asked)


def _never(asked: Mapping[str, Any]) -> bool:
    return False


def _many(asked: Mapping[str, Any]) -> bool:
    return len(asked["tools"]) > _AT_ONCE


_BRANCHES = Field("branches", Names(), "Branches of EDAM; all that are learned by default.", nullable=True)
_EDAM = Field("edam", Text(), "Release of EDAM; the newest by default.")
FIELDS = (
    Field("name", Text(), "Name of the tool.", example="STAR"),
    Field("description", Text(), "What it does.", example="Ultrafast universal RNA-seq aligner."),
    Field("keywords", Names(), "Words or phrases, separated by commas in a text."),
    Field("publications", Publications(), "Titles and abstracts of its publications."),
    Field("record", Record(), "A bio.tools record; fields beside it win over it.", body_only=False),
    _BRANCHES,
    Field("top", Count(1), "Terms a branch; by default those that are proposed."),
)
ANNOTATE: Service = Service(
    name="edam/annotate",
    summary="Propose terms of EDAM for a tool, with probabilities and the words that speak for them",
    fields=(*FIELDS, *PRESENTATION),
    work=annotate_answer,
    is_large=_never,
    examples={"tool": {"name": "STAR", "description": "Ultrafast universal RNA-seq aligner."}},
)
BATCH: Service = Service(
    name="edam/annotate/batch",
    summary="Propose terms of EDAM for many tools",
    fields=(
        Field("tools", Tools(), f"The tools, at most {MOST_TOOLS:,}.", required=True, body_only=True),
        _BRANCHES,
        Field("top", Count(1), "Terms a branch; by default those that are proposed."),
        *PRESENTATION,
    ),
    work=batch_answer,
    is_large=_many,
    examples={"two": {"tools": [{"name": "STAR", "description": "RNA-seq aligner."}, {"name": "FastQC"}]}},
    methods=("POST",),
)
SEARCH: Service = Service(
    name="edam/search",
    summary="Find terms of EDAM by the words of their names",
    fields=(
        Field("text", Text(), "Words in any order and form, an id, or a file extension.", required=True,
              example="aligning sequences"),
        _BRANCHES,
        Field("top", Count(1), "Most rows; 10 by default."),
        Field("obsolete", Flag(), "Show obsolete terms too."),
        _EDAM,
        *PRESENTATION,
    ),
    work=search_answer,
    is_large=_never,
    examples={"words": {"text": "aligning sequences", "branches": ["operation"]}},
)  # fmt: skip
TERM: Service = Service(
    name="edam/term",
    summary="Tell a term of EDAM: names, terms above and below, relations, what replaced it",
    fields=(Field("term", Text(), "Id, URI, CURIE, or name.", required=True, example="topic_0080"), _EDAM,
            *PRESENTATION),
    work=term_answer,
    is_large=_never,
    examples={"id": {"term": "topic_0080"}},
)  # fmt: skip
RELEASES: Service = Service(
    name="edam/releases",
    summary="List the releases of EDAM at hand",
    fields=PRESENTATION,
    work=releases_answer,
    is_large=_never,
    examples={"all": {}},
)
REPAIR: Service = Service(
    name="edam/repair",
    summary="Replace obsolete terms of EDAM in a text",
    fields=(
        Field("text", Text(), "CSV, JSON, Galaxy XML or CWL.", required=True, example="topic_0182"),
        Field("file", Text(), "Name of the file, whose ending may tell its kind."),
        Field("kind", Text(), "csv, json, xml or cwl; told from the text by default."),
        Field("accept_single", Flag(), "Replace also where EDAM suggests to consider one live term."),
        _EDAM,
        *PRESENTATION,
    ),
    work=repair_answer,
    is_large=_never,
    examples={"table": {"text": "name,topic\nStar,topic_0182\n", "kind": "csv"}},
)
SERVICES = (ANNOTATE, BATCH, SEARCH, TERM, RELEASES, REPAIR)
"""The services."""
