"""``lifenode edam annotate``: terms of EDAM for one tool or many, from words or files."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption

if TYPE_CHECKING:
    from lifenode.edam.submission import Submission
    from lifenode.table import Table

_FORMATS = (*out.FORMATS, "biotools", "galaxy")
_KINDS = ("biotools", "table", "jsonl", "text", "html")


@click.command("annotate", no_args_is_help=True)
@click.argument("name", default="")
@click.argument("description", default="", metavar="[DESCRIPTION|-]")
@click.option("--from", "source", metavar="FILE|-", help="Read the tool, or many, from a file instead.")
@click.option("--kind", type=click.Choice(_KINDS), help="What the file is. [default: told from it]")
@click.option("--keyword", "keywords", multiple=True, help="Word or phrase; may be repeated.")
@click.option(
    "--publication", "publications", multiple=True, type=click.Path(path_type=Path),
    help="Text file with the title and abstract of a publication; may be repeated.",
)  # fmt: skip
@click.option(
    "--publication-id", "identifiers", multiple=True, metavar="DOI|PMID",
    help="Fetch title and abstract from Europe PMC; may be repeated.",
)  # fmt: skip
@click.option("--fetch", is_flag=True, help="Fetch the publications that records name from Europe PMC.")
@click.option(
    "--branch", "branches", multiple=True, help="topic, operation, data or format; may be repeated. [default: all]"
)
@click.option("--top", type=click.IntRange(1), help="Terms a branch. [default: those that are proposed, at least one]")
@click.option("--resume", is_flag=True, help="Go on with an --output that was not finished (jsonl).")
@click.option("--strict", is_flag=True, help="Exit with 1 if a tool of many cannot be annotated.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="[default: table on a terminal, tsv in a pipe]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def annotate(
    name: str, description: str, source: str | None, kind: str | None, keywords: tuple[str, ...],
    publications: tuple[Path, ...], identifiers: tuple[str, ...], fetch: bool, branches: tuple[str, ...],
    top: int | None, resume: bool, strict: bool, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Propose terms of EDAM for a tool, with probabilities and the words that speak for them.

    NAME and DESCRIPTION are as a registry shows them; - reads the description from standard input. A file may be a
    bio.tools record or a list of them, a table with EDAMmap's columns (CSV, TSV), a tool a line (JSONL), a README or a
    web page. Several tools are written as they come, as TSV or JSONL.

    \b
    Example:
      lifenode edam annotate STAR "Ultrafast universal RNA-seq aligner." --branch operation
        branch     term_id         label               percent  role  words
        operation  operation_0292  Sequence alignment  ...
    """
    from lifenode.edam.submission import Submission
    from lifenode.genes.byte_input import read_file, read_handle

    out.check_place(output)
    texts = [read_file(path) for path in publications]
    if source is None:
        if description == "-":
            description = read_handle(sys.stdin, "standard input")
        tools = [Submission(name, description, keywords, texts)]
    else:
        tools = _read(source, kind, name, description, keywords, texts)
    if identifiers or fetch:
        tools = _with_publications(tools, identifiers, fetch)
    options: dict[str, Any] = {"branches": branches or None, "top": top}
    if len(tools) > 1 or resume:
        from lifenode.cli import edam_batch

        return edam_batch.run(tools, format_ or "tsv", output, resume=resume, strict=strict, **options)
    found = tools[0].annotated(**options)
    for branch, reason in found.meta["reasons"].items():
        tell(f"no {branch}: {reason}")
    _write(tools[0], found, format_ or out.default_format(output), output)
    return 0


def _read(
    source: str, kind: str | None, name: str, description: str, keywords: Sequence[str], texts: Sequence[str]
) -> list[Submission]:
    """Return the tools of a file; what is given beside it is added where it holds one tool."""
    from lifenode.edam.submission_files import read_submissions
    from lifenode.genes.byte_input import read_file, read_handle

    text = read_handle(sys.stdin, "standard input") if source == "-" else read_file(Path(source))
    tools = list(read_submissions(text, "standard input" if source == "-" else source, kind))
    if not tools:
        raise InvalidOption(f"{source} holds no tool.", value=source, next_step="Give a line a tool.")
    given = {"name": name, "description": description, "keywords": keywords, "publications": texts}
    changes: dict[str, Any] = {field: value for field, value in given.items() if value}
    if changes and len(tools) > 1:
        raise InvalidOption(
            f"{source} holds {len(tools)} tools; {', '.join(changes)} cannot be given beside them.", value=source
        )
    return [replace(tools[0], **changes)] if changes else tools


def _with_publications(tools: list[Submission], identifiers: Sequence[str], fetch: bool) -> list[Submission]:
    """Return the tools with the titles and abstracts of their publications; what seems to be mistyped is told."""
    from lifenode.edam.biotools import identifiers_of
    from lifenode.edam.europe_pmc import fetch_publications, is_about

    if identifiers and len(tools) > 1:
        raise InvalidOption(
            "--publication-id is for one tool.", value=identifiers[0], next_step="Put the identifiers into the records."
        )
    made = []
    for tool in tools:
        found = fetch_publications([*identifiers, *(identifiers_of(tool.record) if fetch else ())])
        for one in found:
            if not is_about(tool.name, tool.text, one):
                tell(f'{one.identifier} is "{one.title}", which says nothing of {tool.name}: check the identifier')
        texts = [{"title": one.title, "abstract": one.abstract} for one in found]
        made.append(replace(tool, publications=[*tool.publications, *texts]))
    return made


def _write(tool: Submission, found: Table, format_: str, output: Path | None) -> None:
    if format_ in ("biotools", "galaxy"):
        terms = [row["term_id"] for row in found if row["proposed"]]
        roles = {row["term_id"]: row["role"] for row in found}
        out.write_text(_record(tool, terms, roles) if format_ == "biotools" else _xml(terms), output)
    elif format_ != "table":
        out.write(found, format_, output)
    elif len(found):
        headings = ["branch", "term_id", "label", "percent", "role", "words"]
        rows = [
            [*(row[n] for n in headings[:3]), f"{100 * row['probability']:.0f}", row["role"], ", ".join(row["words"])]
            for row in found
        ]
        out.write_text(out.aligned(headings, rows, right=(3,), shrink=5), output)


def _record(tool: Submission, terms: Sequence[str], roles: Mapping[str, str]) -> str:
    """Return the bio.tools record with the terms; what the registry would refuse is told."""
    from lifenode.edam.biotools import with_terms
    from lifenode.edam.biotools_validation import SCHEMA_VERSION, validate

    given = {"name": tool.name, "description": tool.description}
    made = with_terms({**tool.record, **{name: text for name, text in given.items() if text}}, terms, roles=roles)
    for fault in validate(made):
        tell(f"biotoolsSchema {SCHEMA_VERSION}: {fault.field} {fault.message}")
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


def _xml(terms: Sequence[str]) -> str:
    from lifenode.edam.galaxy import galaxy_xml

    return galaxy_xml(terms)
