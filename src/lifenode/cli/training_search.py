"""``lifenode training search``, ``show`` and ``demo``."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.errors import InvalidOption, MissingPart, UnknownName

if TYPE_CHECKING:
    from lifenode.training.portal import Listed, Portal
    from lifenode.training.publish_feeds import Channel
    from lifenode.training.search import Found
    from lifenode.training.search_question import Question

_FORMATS = ("table", "json", "csv", "xlsx", "ics", "atom", "rss", "feed", "jsonld")
_SHOWN = ("text", "json", "jsonld", "ics")
_MOST_VALUES = 10


@click.command("search")
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(("event", "material")), default="event", show_default=True)
@click.option("--all-kinds", is_flag=True, help="Events and materials together.")
@click.option("--with", "filters", multiple=True, metavar="NAME=VALUE", help="A facet or filter; again for more.")
@click.option("--sort", default="default", help="early, late, rel, new, mod, asc or desc. [default: as pages do]")
@click.option("--page", default=1, show_default=True)
@click.option("--per-page", default=20, show_default=True)
@click.option("--demo", is_flag=True, help="Search a dozen examples instead of the portal.")
@click.option("--facets", is_flag=True, help="Also show the values of the facets with their counts.")
@click.option("--base-url", default="http://127.0.0.1:8000", help="Where the portal is, for links. [default: loopback]")
@click.option("--format", "format_", type=click.Choice(_FORMATS), help="[default: table on a terminal, json in a pipe]")
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def search_command(
    words: tuple[str, ...], kind: str, all_kinds: bool, filters: tuple[str, ...], sort: str, page: int, per_page: int,
    demo: bool, facets: bool, base_url: str, format_: str | None, output: Path | None,
) -> int:  # fmt: skip
    """Find events and materials; names of EDAM are found by their synonyms, and typing mistakes are forgiven.

    CSV, XLSX and ICS hold all that is found, feeds the first hundred, all else the page asked for.

    \b
    Example:
      lifenode training search sequencnig --demo --with country=Norway --format table
        1 found
          read 'sequencnig' as sequencing
          start             place  provider              title                     name
          ...
      lifenode training search --with start=2026-12-01/ --format ics --output courses.ics
    """
    portal = _portal(demo=demo)
    question = _asked(words, "" if all_kinds else kind, filters, sort, page, per_page)
    out.check_place(output)
    from lifenode.training.publish import VALUES, asked_for, publish

    format_ = format_ or ("table" if output is None and sys.stdout.isatty() else "json")
    found = portal.search(asked_for(question, format_), most_values=VALUES)
    for line in _told(found, facets=facets):
        tell(line)
    if format_ == "table":
        out.write_text(_table(portal.records(found.shown)), output)
        return 0
    out.write_bytes(publish(portal, found, format_, _channel(question, base_url, format_)), output)
    return 0


@click.command("show", no_args_is_help=True)
@click.argument("slug")
@click.option("--format", "format_", type=click.Choice(_SHOWN), default="text", show_default=True)
@click.option("--demo", is_flag=True, help="One of the dozen examples.")
@click.option("--base-url", default="http://127.0.0.1:8000", help="Where the portal is, for links. [default: loopback]")
def show_command(slug: str, format_: str, demo: bool, base_url: str) -> int:
    """Show one record by the name it has in addresses; `events/NAME` or `materials/NAME` where both have it.

    \b
    Example:
      lifenode training show statistics-without-fear-online --demo
        Statistics without fear, online
        event of Examples of lifenode
          url: https://training.example.org/statistics
        ...
      lifenode training show events/reading-gene-lists --format jsonld
    """
    from lifenode.training.publish import shown
    from lifenode.training.publish_bioschemas import json_ld
    from lifenode.training.publish_ical import calendar

    listed = _record(_portal(demo=demo), slug)
    if format_ == "ics":
        out.write_bytes(calendar([listed], base=base_url), None)
    elif format_ == "text":
        out.write_text(_described(listed), None)
    else:
        document = shown(listed, base_url) if format_ == "json" else json_ld(listed, base_url + listed.path)
        out.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", None)
    return 0


@click.command("demo")
@click.option("--remove", is_flag=True, help="Withdraw the examples again.")
@click.option("--dry-run", is_flag=True, help="Show the examples, keep nothing.")
def demo_command(remove: bool, dry_run: bool) -> int:
    """Put a few examples of our own into the portal, marked as such, with dates from today on.

    \b
    Example:
      lifenode training demo --dry-run
        event     Reading gene lists: from a list to its biology
        ...
      lifenode training demo
    """
    _portal(demo=True).close()
    from lifenode.training.demonstration import demonstration, keep_demonstration, withdraw_demonstration

    if dry_run:
        kinds = ((type(record).__name__.lower(), record.title) for record in demonstration(datetime.now(UTC).date()))
        out.write_text("".join(f"{kind:9} {title}\n" for kind, title in kinds), None)
        return 0
    tell(f"{withdraw_demonstration()} withdrawn" if remove else keep_demonstration().summary())
    return 0


def _portal(*, demo: bool = False) -> Portal:
    try:
        from lifenode.training.database import open_database
        from lifenode.training.demonstration import keep_demonstration
        from lifenode.training.portal import Portal, open_portal
    except ModuleNotFoundError as error:
        raise MissingPart.library(error.name or "sqlalchemy", "The training portal", "training") from error
    if not demo:
        return open_portal()
    engine = open_database("sqlite://")
    keep_demonstration(engine=engine)
    return Portal(engine)


def _asked(
    words: tuple[str, ...], kind: str, filters: tuple[str, ...], sort: str, page: int, per_page: int
) -> Question:
    from lifenode.training.search_question import read_question

    pairs = [("q", " ".join(words)), ("sort", sort), ("page", str(page)), ("per_page", str(per_page))]
    for given in filters:
        name, equals, value = given.partition("=")
        if not equals:
            raise InvalidOption(f"--with {given!r} has no value.", value=given, next_step="Write --with city=Tartu.")
        pairs.append((name, value))
    return read_question(pairs, kind)


def _channel(question: Question, base: str, format_: str) -> Channel:
    from urllib.parse import urlencode

    from lifenode.training.publish_feeds import Channel

    path = f"{base}/training/{question.kind}s" if question.kind else f"{base}/training"
    asked = f"?{urlencode(question.pairs())}" if question.pairs() else ""
    return Channel("Training", f"{path}.{format_}{asked}", f"{path}{asked}", base)


def _told(found: Found, *, facets: bool) -> list[str]:
    lines = [f"{found.total} found" + (f", and {found.past} that are over" if found.past else "")]
    lines += [f"  read {typed!r} as {', '.join(words)}" for typed, words in found.read_as.items()]
    lines += [f"  {typed!r} is also {', '.join(names)}" for typed, names in found.synonyms.items()]
    for name, values in found.facets.items() if facets else ():
        shown = [f"{value.value} ({value.count})" for value in values[:_MOST_VALUES]]
        others = len(values) - len(shown) + found.more[name]
        more = [f"and {others} more"] if others else []
        lines += [f"  {name}: {', '.join([*shown, *more])}"] if values else []
    return lines


def _table(records: list[Listed]) -> str:
    rows = []
    for listed in records:
        start = getattr(listed.record, "start", None)
        place = getattr(listed.record, "city", "") or getattr(listed.record, "presence", "")
        rows.append([start.local_text() if start else "", place, listed.provider, listed.record.title, listed.slug])
    return out.aligned(["start", "place", "provider", "title", "name"], rows, right=(), shrink=3)


def _record(portal: Portal, slug: str) -> Listed:
    kind, _, name = slug.strip("/").rpartition("/")
    kinds = [kind.removesuffix("s")] if kind else ["event", "material"]
    for one in kinds:
        try:
            return portal.record(one, name)
        except UnknownName:
            if one == kinds[-1]:
                raise
    raise AssertionError(slug)


def _described(listed: Listed) -> str:
    from lifenode.training.records import to_dict

    lines = [
        listed.record.title,
        f"{listed.kind} of {listed.provider}" + (" (withdrawn)" if listed.withdrawn_at else ""),
    ]
    left_out = ("type", "title", "notes", "source_url", "start", "end", "start_zone", "end_zone", "end_all_day")
    for name, value in to_dict(listed.record).items():
        if value in ("", None, []) or name in left_out:
            continue
        lines.append(f"  {name}: {_words(value)}")
    return "\n".join(lines) + "\n"


def _words(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(_words(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(part) for part in value.values() if part)
    return str(value).replace("\n", "\n    ")
