"""``lifenode training``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.cli.training_search import demo_command, search_command, show_command
from lifenode.cli.training_user import user_command
from lifenode.errors import InputTooLarge, MissingPart, UnreadableInput
from lifenode.settings import settings

if TYPE_CHECKING:
    from lifenode.training.harvest import Harvest

_MOST_NOTES = 10
_FORMATS = ("table", "json", "jsonl")


@click.group("training", no_args_is_help=True)
def command() -> None:
    """Read courses and materials from where they are published, find them and publish them again.

    \b
    Example:
      lifenode training harvest https://training.galaxyproject.org/training-material/sitemap.xml --dry-run
      lifenode training search RNA-seq --with online=online
    """


for _one in (search_command, show_command, demo_command, user_command):
    command.add_command(_one)


@command.command("harvest", no_args_is_help=True)
@click.argument("source", metavar="URL|FILE|-")
@click.option("--kind", default="", help="Kind of the source, or of the pages of a sitemap. [default: told from it]")
@click.option("--base-url", default="", help="Where a file came from; its relative addresses are resolved against it.")
@click.option("--vocabulary", type=click.Path(path_type=Path), help="JSON with lists of words that replace our own.")
@click.option("--one-page", is_flag=True, help="Read the source itself only, not what it leads to.")
@click.option("--provider", default="", help="Whose records these are. [default: the host of the source]")
@click.option("--dry-run", is_flag=True, help="Show the records, keep nothing.")
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="[default: table on a terminal, json in a pipe]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
@click.option("--strict", is_flag=True, help="Exit with 1 if a record is rejected or a page fails.")
def harvest_command(
    source: str, kind: str, base_url: str, vocabulary: Path | None, one_page: bool, provider: str, dry_run: bool,
    format_: str | None, output: Path | None, strict: bool,
) -> int:  # fmt: skip
    """Read a page, sitemap, calendar, table, feed or API into events and materials.

    \b
    Example:
      lifenode training harvest examples/training/courses.csv --dry-run --format table
        event_csv: 1 pages, 3 records read · 2 events · 0 materials · 1 rejected
          rejected  Course to be named: url can't be blank
          type   start             zone            title               url
          event  2026-09-14T10:00  Europe/Tallinn  Reading gene lists  https://training.example.org/gene-lists
        ...
    """
    made = _harvest(source, kind, base_url, vocabulary, one_page)
    out.check_place(output)
    for line in _summary(made):
        tell(line)
    if not dry_run:
        tell(_keep(made, provider))
    format_ = format_ or ("table" if output is None and sys.stdout.isatty() else "json")
    out.write_text(_shown(made, format_), output)
    return int(strict and bool(made.rejected or not made.complete))


def _harvest(source: str, kind: str, base_url: str, vocabulary: Path | None, one_page: bool) -> Harvest:
    try:
        from lifenode._fetch import Fetcher
        from lifenode.training.harvest import harvest
        from lifenode.training.vocabulary import Vocabulary, read_vocabulary
    except ModuleNotFoundError as error:
        raise MissingPart.library(error.name or "lxml", "Harvesting", "training") from error
    words = read_vocabulary(vocabulary) if vocabulary else Vocabulary()
    fetcher = Fetcher()
    content = None if source.startswith(("http://", "https://")) else _file(source)
    place = source if content is None else base_url
    made = harvest(
        place, lambda url: fetcher.fetch(url).content, kind=kind, content=content, vocabulary=words,
        most_pages=settings().harvest_pages, one_page=one_page,
    )  # fmt: skip
    if content is not None and not base_url:
        made.source = source if source == "-" else Path(source).resolve().as_uri()
    return made


def _file(source: str) -> bytes:
    limit = settings().max_input_bytes
    try:
        content = sys.stdin.buffer.read(limit + 1) if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise UnreadableInput(
            f"{source} cannot be read: {error.strerror}.",
            value=source,
            next_step="Name a file, or an address with http:// or https://.",
        ) from error
    if len(content) > limit:
        raise InputTooLarge(f"{source} is larger than {limit:,} bytes.", value=source)
    return content


def _keep(made: Harvest, provider: str) -> str:
    from lifenode.training.store import keep_harvest

    return keep_harvest(made, provider).summary()


def _summary(made: Harvest) -> list[str]:
    events, materials = len(made.events), len(made.materials)
    lines = [
        f"{made.kind}: {len(made.pages)} pages, {made.read} records read · {events} events · {materials} materials · "
        f"{len(made.rejected)} rejected"
    ]
    for page in made.pages:
        letters = "".join(sorted({grade.letter for grade in page.grades}))
        if page.error:
            lines.append(f"  failed    {page.url}  {page.error}")
        elif not page.found and page.notes:
            lines.append(f"  nothing   {page.url}  {page.notes[0]}")
        elif letters:
            missing = sorted({name for grade in page.grades for name in grade.missing})
            lines.append(f"  grade {letters}   {page.url}" + (f"  missing: {', '.join(missing)}" if missing else ""))
    noted = [f"  note      {record.title}: {note}" for record in made.records for note in record.notes]
    lines += [*noted[:_MOST_NOTES], *([f"  and {more} more notes"] if (more := len(noted) - _MOST_NOTES) > 0 else [])]
    lines += [f"  rejected  {it.title or it.url or '(no title)'}: {'; '.join(it.reasons)}" for it in made.rejected]
    return lines


def _shown(made: Harvest, format_: str) -> str:
    if format_ == "json":
        return json.dumps(made.to_dict(), ensure_ascii=False, indent=2) + "\n"
    shown = made.to_dict()
    records = [*shown["events"], *shown["materials"]]
    if format_ == "jsonl":
        return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    rows = [
        [it["type"], it.get("start_local") or "", it.get("timezone") or "", it["title"], it["url"]] for it in records
    ]
    return out.aligned(["type", "start", "zone", "title", "url"], rows, right=(), shrink=3)
