"""``lifenode edam``: terms of EDAM found by their words, proposed for tools, and replaced in files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.edam_annotate import annotate
from lifenode.cli.edam_evaluate import evaluate
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption

if TYPE_CHECKING:
    from lifenode.edam.ontology import Ontology
    from lifenode.edam.repair import Repair
    from lifenode.table import Table

_RELEASE = click.option("--release", help="Release of EDAM that is shipped. [default: the newest]")
_OWL = click.option("--owl", type=click.Path(path_type=Path), help="Another release, from its OWL file.")
_FORMAT = click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)


@click.group("edam", no_args_is_help=True)
def command() -> None:
    """Find terms of EDAM, propose some for a tool, and replace obsolete ones in files."""


@command.command("search", no_args_is_help=True)
@click.argument("words", nargs=-1, required=True)
@click.option("--branch", "branches", multiple=True, help="topic, operation, data or format; may be repeated.")
@click.option("--top", default=10, show_default=True, type=click.IntRange(0), help="Rows shown; 0 shows all.")
@click.option("--obsolete", is_flag=True, help="Show obsolete terms too.")
@_RELEASE
@_OWL
@_FORMAT
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def search(
    words: tuple[str, ...], branches: tuple[str, ...], top: int, obsolete: bool, release: str | None,
    owl: Path | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Find the terms whose names hold words, in any order and form.

    WORDS may also be the id of a term or a file extension.

    \b
    Example:
      lifenode edam search aligning sequences --branch operation --top 3
        term_id         branch     label                          matched                        kind
        operation_0292  operation  Sequence alignment             Sequence alignment             label
        operation_0258  operation  Sequence alignment analysis    Sequence alignment analysis    label
        operation_0259  operation  Sequence alignment comparison  Sequence alignment comparison  label
    """
    format_ = format_ or out.default_format(output)
    out.check_place(output)
    edam = _ontology(release, owl)
    found = edam.search(" ".join(words), branches=branches or None, top=top or None, obsolete=obsolete)
    if not len(found):
        tell(f'no term of EDAM {edam.release} holds a word of "{" ".join(words)}"')
    if format_ == "table":
        out.write_text(_text(found, ("term_id", "branch", "label", "matched", "kind")), output)
    else:
        out.write(found, format_, output)
    return 0


@command.command("repair", no_args_is_help=True)
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--in-place", is_flag=True, help="Put the repaired text in the place of each file.")
@click.option("--save", type=click.Path(path_type=Path), help="Put the repaired text of the one file here.")
@click.option("--accept-single", is_flag=True, help="Replace also where EDAM suggests to consider one live term.")
@click.option("--kind", help="csv, json, xml or cwl. [default: told from the file]")
@click.option("--strict", is_flag=True, help="Exit with 1 if terms are left that are obsolete or unknown.")
@_RELEASE
@_OWL
@_FORMAT
@click.option("--output", type=click.Path(path_type=Path), help="Write the report here instead of standard output.")
def repair(
    files: tuple[Path, ...], in_place: bool, save: Path | None, accept_single: bool, kind: str | None, strict: bool,
    release: str | None, owl: Path | None, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Replace obsolete terms in tables, bio.tools JSON, Galaxy XML and CWL, and report what became of each.

    Without --in-place and --save files are left as they are. A term is replaced if EDAM names exactly one live
    replacement; else the terms to consider are listed.

    \b
    Example:
      lifenode edam repair examples/tools_with_old_terms.csv
        7 terms read · 3 live · 1 replaced · 3 to consider · 0 unknown
          file                               line  term_id         status    replacement  candidates
          examples/tools_with_old_terms.csv  2     topic_0182      replaced  topic_0080
          examples/tools_with_old_terms.csv  3     topic_0188      consider               topic_0160 Sequence sites...
          examples/tools_with_old_terms.csv  3     operation_2411  consider               operation_0297 3D profile...
          examples/tools_with_old_terms.csv  4     topic_0083      consider               topic_0080 Sequence...
    """
    if save is not None and (in_place or len(files) > 1):
        raise InvalidOption(
            "--save names one place, for one file.", value=save, next_step="Use --in-place, or one file at a time."
        )
    format_ = format_ or out.default_format(output)
    for path in (output, save, *(files if in_place else ())):
        out.check_place(path)
    from lifenode.edam.repair import repair as repaired

    edam = _ontology(release, owl)
    # All are read before any is written, so that a file that cannot be understood leaves the others alone.
    results = [repaired(path, ontology=edam, kind=kind, accept_single=accept_single) for path in files]
    for path, result in zip(files, results, strict=True):
        if save is not None or (in_place and result.changed):
            out.write_text(result.text, save or path)
    report = _report(results)
    counts = report.meta
    tell(
        f"{counts['terms']} terms read · {counts['live']} live · {counts['replaced']} replaced · "
        f"{counts['consider']} to consider · {counts['unknown']} unknown"
    )
    if format_ == "table":
        out.write_text(_text(report, ("file", "line", "term_id", "status", "replacement", "candidates")), output)
    else:
        out.write(report, format_, output)
    return int(strict and counts["consider"] + counts["unknown"] > 0)


command.add_command(annotate)


command.add_command(evaluate)


def _ontology(release: str | None, owl: Path | None) -> Ontology:
    from lifenode.edam import Ontology

    if release is not None and owl is not None:
        raise InvalidOption("Give --release or --owl, not both.", value=release)
    return Ontology.load(release) if owl is None else Ontology.read(owl)


def _report(results: Sequence[Repair]) -> Table:
    """Return the reports of all files under one another."""
    from lifenode.table import Column, Table

    columns = (Column("file", "text", "the file the term stands in"), *results[0].table.columns)
    rows: list[dict[str, Any]] = [{"file": one.table.meta["file"], **row} for one in results for row in one.table]
    meta: dict[str, Any] = {"edam": results[0].table.meta["edam"], "files": [one.table.meta["file"] for one in results]}
    for count in ("terms", "live", "replaced", "consider", "unknown"):
        meta[count] = sum(one.table.meta[count] for one in results)
    return Table(columns, {column.name: [row[column.name] for row in rows] for column in columns}, meta, len(rows))


def _text(table: Table, names: Sequence[str]) -> str:
    if not len(table):
        return ""
    cells = [["; ".join(row[n]) if isinstance(row[n], list) else str(row[n]) for n in names] for row in table]
    return out.aligned(list(names), cells, right=(), shrink=len(names) - 1 if "candidates" in names else 3)
