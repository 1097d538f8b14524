"""``lifenode resources uptime``: is a resource there, hour by hour, and was it over the year."""

from __future__ import annotations

import datetime
import time
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell, watched

if TYPE_CHECKING:
    from lifenode.registry.uptime_probe import Answer, Limits

_FOLDER = click.option(
    "--folder",
    type=click.Path(path_type=Path),
    help="Where the monitor keeps its files. [default: LIFENODE_UPTIME_DIR]",
)
_TARGETS = click.option(
    "--targets",
    type=click.Path(path_type=Path),
    help="A table of resource and url. [default: resources of the registry with --status]",
)
_STATUS = click.option("--status", metavar="STATUS", help="Such as core-data-resource. [default: all]")
_ONLY = click.option("--only", metavar="RESOURCE", multiple=True, help="Check only this resource; repeatable.")
_RETRY = click.option(
    "--retry", default=30.0, show_default=True, type=click.FloatRange(0), help="Seconds until a failure is tried again."
)
_PRIVATE = click.option("--private", is_flag=True, help="Also ask addresses of your own network and machine.")


@click.group("uptime", no_args_is_help=True)
def uptime() -> None:
    """Check every hour whether resources answer, and state their uptime."""


@uptime.command("check")
@_TARGETS
@_STATUS
@_ONLY
@_FOLDER
@_RETRY
@_PRIVATE
@click.option("--strict", is_flag=True, help="Exit with 1 if a resource is down.")
def check(
    targets: Path | None, status: str | None, only: tuple[str, ...], folder: Path | None, retry: float, private: bool,
    strict: bool,
) -> int:  # fmt: skip
    """Check each resource once and record the outcome for the hour. To be run every hour, for instance by cron.

    A failure is tried once more; only two make "down". Pages that ask the visitor to prove to be human count as up,
    separately. An hour is recorded once, so that a second run in the same hour changes nothing.

    \b
    Examples:
      lifenode resources uptime check --status core-data-resource
      lifenode resources uptime check --targets services.tsv --only uniprot --strict
    """
    answers = _round(targets, status, only, folder, retry, private)
    return int(strict and any(answer.outcome == "down" for answer in answers.values()))


@uptime.command("watch")
@_TARGETS
@_STATUS
@_ONLY
@_FOLDER
@_RETRY
@_PRIVATE
def watch(
    targets: Path | None, status: str | None, only: tuple[str, ...], folder: Path | None, retry: float, private: bool
) -> None:
    """Check now and then at the beginning of every hour, until stopped.

    \b
    Example:
      lifenode resources uptime watch --status core-data-resource
    """
    while True:
        _round(targets, status, only, folder, retry, private)
        time.sleep(3600 - time.time() % 3600)


@uptime.command("show")
@click.argument("names", metavar="[RESOURCE]...", nargs=-1)
@click.option("--days", default=30, show_default=True, type=click.IntRange(1), help="Length of the window.")
@click.option("--to", metavar="DATE", help="Last day of the window. [default: now]")
@_FOLDER
@click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
@click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
def show(
    names: tuple[str, ...], days: int, to: str | None, folder: Path | None, format_: str | None, output: Path | None
) -> None:
    """State uptime, coverage and times of answer over a window, and whether 99 % are met.

    \b
    Example:
      lifenode resources uptime show --folder examples/uptime --to 2026-03-03 --days 3
        3 days to 2026-03-03 · 1 down, 1 challenged, 1 up
          resource         state        uptime  coverage  p50 ms  p95 ms  target   reason
          gene-atlas       down         97.18%    98.61%     125     238  not met  status 503
          ...
    """
    from lifenode.registry.uptime_monitor import uptime as add_up

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = add_up(_folder(folder), days, to=_end(to), names=names or None)
    states = ", ".join(f"{count} {state}" for state, count in result.meta["states"].items() if count)
    tell(f"{days} days to {result.meta['to'][:10]} · {states or 'nothing was checked yet'}")
    if format_ != "table":
        out.write(result, format_, output)
        return
    header = ("resource", "state", "uptime", "coverage", "p50 ms", "p95 ms", "target", "reason")
    rows = [_words(row) for row in result.to_dicts()]
    out.write_text(out.aligned(header, rows, right=[2, 3, 4, 5], shrink=len(header) - 1), output)


def _words(row: dict[str, Any]) -> list[str]:
    shares = ["" if isnan(row[name]) else f"{row[name]:.2%}" for name in ("uptime", "coverage")]
    times = ["" if isnan(row[name]) else f"{row[name]:,.0f}" for name in ("p50_milliseconds", "p95_milliseconds")]
    return [row["resource"], row["state"], *shares, *times, row["target"], row["reason"]]


def _round(
    targets: Path | None, status: str | None, only: tuple[str, ...], folder: Path | None, retry: float, private: bool
) -> dict[str, Answer]:
    from lifenode.registry.uptime_monitor import check_all
    from lifenode.registry.uptime_probe import Limits

    wanted = _wanted(targets, status, only)
    answers, changes = _checked(check_all, wanted, _folder(folder), Limits(retry=retry, private=private))
    counts = {name: sum(one.outcome == name for one in answers.values()) for name in ("up", "challenged", "down")}
    known = len(wanted) - len(answers)
    tell(" · ".join(f"{count} {name}" for name, count in counts.items()) + (f" · {known} known" if known else ""))
    for change in changes:
        if change["to"] != "up" or change["from"] not in ("", "up"):
            reason = f": {change['reason']}" if change["reason"] else ""
            tell(f"{change['resource']} is {change['to']}{reason}")
    return answers


def _wanted(targets: Path | None, status: str | None, only: tuple[str, ...]) -> dict[str, str]:
    from lifenode.errors import UnknownName, nearest
    from lifenode.registry import uptime_monitor as monitor
    from lifenode.registry.build_facts import slug

    known = monitor.read_targets(targets) if targets else monitor.targets(status)
    for name in only:
        if slug(name) not in known:
            close = nearest(name, sorted(known), 2)
            hint = f"Did you mean {' or '.join(close)}?" if close else "It has no address in the list of targets."
            raise UnknownName(f"{name!r} is not among the targets.", value=name, next_step=hint)
    return {slug(name): known[slug(name)] for name in only} if only else known


def _checked(
    check_all: Any, wanted: dict[str, str], folder: Path, limits: Limits
) -> tuple[dict[str, Answer], list[dict[str, Any]]]:
    found: tuple[dict[str, Answer], list[dict[str, Any]]]
    if not watched():
        found = check_all(wanted, folder, limits=limits)
        return found
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("asking", total=len(wanted))
        found = check_all(wanted, folder, limits=limits, progress=lambda done: shown.update(task, completed=done))
    return found


def _folder(folder: Path | None) -> Path:
    from lifenode.settings import settings

    return folder or settings().uptime_dir


def _end(to: str | None) -> datetime.datetime | None:
    from lifenode.errors import InvalidOption

    if to is None:
        return None
    try:
        day = datetime.date.fromisoformat(to)
    except ValueError as error:
        raise InvalidOption(
            f"{to!r} is not a date.", value=to, next_step="Write year-month-day, such as 2026-03-03."
        ) from error
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), datetime.UTC)
