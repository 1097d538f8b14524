"""``lifenode resources``: who has which status and since when, and how FAIR pages are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.cli.resources_fair import fair
from lifenode.cli.resources_rounds import checklist, monitoring, round_
from lifenode.cli.resources_uptime import uptime

if TYPE_CHECKING:
    from lifenode.registry.facts import Fact
    from lifenode.table import Table

_FORMAT = click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
_OUTPUT = click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
_FACTS = click.option(
    "--facts",
    type=click.Path(path_type=Path),
    help="A table of further facts: resource, status, from_latest, source ...",
)


@click.group("resources", no_args_is_help=True)
def command() -> None:
    """Resources with dated statuses, and checks of how FAIR a page is."""


for one in (fair, checklist, monitoring, round_, uptime):
    command.add_command(one)


@command.command("list")
@click.option("--status", metavar="STATUS", help="Such as core-data-resource or deposition-database. [default: all]")
@click.option("--at", metavar="DATE", help="Day, as 2023-12-31. [default: today]")
@click.option("--uncertain", is_flag=True, help="Also list what may have held: the first day is not known exactly.")
@_FACTS
@_FORMAT
@_OUTPUT
def list_(
    status: str | None, at: str | None, uncertain: bool, facts: Path | None, format_: str | None, output: Path | None
) -> None:
    """List which resources had a status on a day; each row is a dated fact with its source.

    \b
    Examples:
      lifenode resources list --status deposition-database --at 2023-12-31
        deposition-database: 16 on 2023-12-31 · dates of 16 are inferred
          name          status               since          to  inferred  url
          ...
          GWAS Catalog  deposition-database  2023               yes       https://www.ebi.ac.uk/gwas/
          ...
      lifenode resources list --status core-data-resource --format json
    """
    from lifenode.registry.facts import resources

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = resources(status, at, facts=_facts(facts), uncertain=uncertain)
    for name, counts in result.meta["counts"].items():
        parts = [f"{name}: {counts['count']} on {result.meta['at']}"]
        parts += [f"dates of {counts['inferred']} are inferred"] if counts["inferred"] else []
        parts += [f"{len(counts['uncertain'])} more may have held (--uncertain)"] if counts["uncertain"] else []
        tell(" · ".join(parts))
    if not result.meta["counts"]:
        tell(f"no fact holds on {result.meta['at']}")
    if result.meta["known_until"] and result.meta["at"] > result.meta["known_until"]:
        tell(f"the sources were last read on {result.meta['known_until']}")
    _write(result, ("name", "status", "since", "to", "inferred", "url"), format_, output)


@command.command("show", no_args_is_help=True)
@click.argument("name")
@_FACTS
@_FORMAT
@_OUTPUT
def show(name: str, facts: Path | None, format_: str | None, output: Path | None) -> None:
    """Show all facts about a resource, with their sources.

    \b
    Example:
      lifenode resources show "GWAS Catalog"
        GWAS Catalog · https://www.ebi.ac.uk/gwas/
        Bioregistry: gcst, identifiers.org: gcst, bio.tools: gwas_catalog
          status               since  to  inferred  note                              ...
          core-data-resource   2023       yes       year of selection inferred: 2023  ...
          deposition-database  2023       yes       year of selection inferred: 2023  ...
    """
    from lifenode.registry.entries import about
    from lifenode.registry.facts import resource

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = resource(name, facts=_facts(facts))
    first = next(iter(result))
    tell(" · ".join(part for part in (first["name"], first["url"], first["node"]) if part))
    known = about(name)
    for words in (
        ", ".join(f"{registry}: {identifier}" for registry, identifier, _ in known.links),
        ", ".join((*known.licences, *(f"doi:{doi} ({year})" for doi, year in known.publications))),
    ):
        if words:
            tell(words)
    _write(result, ("status", "since", "to", "inferred", "note", "source", "retrieved"), format_, output)


@command.command("check")
@_FACTS
@_FORMAT
@_OUTPUT
def check(facts: Path | None, format_: str | None, output: Path | None) -> int:
    """Check the registry: checksums, dates, sources, overlaps and published counts. Exits with 1 if any fails.

    \b
    Example:
      lifenode resources check
          check                                                                   outcome  found
          facts.tsv is the file of the manifest                                   pass     87 rows
          ...
          core-data-resource on 2023-12-31: 32 were published                     pass     32
          ...
    """
    from lifenode.registry.verification import verify

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = verify(facts=_facts(facts))
    _write(result, ("check", "outcome", "found"), format_, output)
    return int(result.meta["failed"] > 0)


@command.command("maturity")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@_FORMAT
@_OUTPUT
def maturity(file: Path | None, format_: str | None, output: Path | None) -> None:
    """Find the maturity level of a dataset from answers (FAIRplus model); without FILE, print the questions to fill in.

    \b
    Examples:
      lifenode resources maturity --output answers.tsv
      lifenode resources maturity
          indicator  level  category                   answer  name
          ...
          DSM-1-R5       1  representation and format          Dataset(s) are available in ...
          ...
    """
    from lifenode.registry.maturity import assess_maturity, read_answers

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = assess_maturity(read_answers(file) if file else {})
    if file:
        for name, found in result.meta["levels"].items():
            line = f"{name}: level {found['level']}"
            if found["next"]:
                line += (
                    f" · for level {found['next']}: {len(found['missing'])} not met, {len(found['open'])} not answered"
                )
            tell(line)
    _write(result, ("indicator", "level", "category", "answer", "name"), format_, output)


@command.command("build", no_args_is_help=True)
@click.option("--from", "raw", required=True, type=click.Path(path_type=Path), help="Folder of the raw upstream files.")
@click.option("--out", "target", required=True, type=click.Path(path_type=Path), help="Folder for the tables.")
@click.option(
    "--bioregistry", type=click.Path(path_type=Path), help="bioregistry.json or its wheel. [default: shipped links]"
)
def build(raw: Path, target: Path, bioregistry: Path | None) -> None:
    """Build the tables of the registry and of the FAIR check from raw files, with checksums and licences.

    \b
    Example:
      lifenode resources build --from raw/training --out tables
    """
    from lifenode.registry.build import build_tables

    out.check_place(target / "manifest.json")
    for name, count in build_tables(raw, target, bioregistry).items():
        tell(f"{target / name}: {count} rows")


def _facts(path: Path | None) -> list[Fact]:
    """Return the facts of a file and of the node's own selection rounds."""
    from lifenode.registry.facts import read_facts
    from lifenode.registry.rounds import Rounds
    from lifenode.settings import settings

    return [*(read_facts(path) if path else ()), *Rounds(settings().rounds_log).facts()]


def _write(result: Table, names: tuple[str, ...], format_: str, output: Path | None) -> None:
    if format_ != "table":
        out.write(result, format_, output)
        return
    words = {True: "yes", False: "no", None: ""}
    rows = [
        [words[row[name]] if isinstance(row[name], bool) else str(row[name]) for name in names]
        for row in result.to_dicts()
    ]
    numbers = [i for i, name in enumerate(names) if name == "level"]
    out.write_text(out.aligned(names, rows, right=numbers, shrink=len(names) - 1), output)
