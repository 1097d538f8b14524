"""``lifenode resources checklist``, ``monitoring`` and ``round``: selection rounds and what is counted every year."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell

if TYPE_CHECKING:
    from lifenode.registry.rounds import Rounds
    from lifenode.registry.rounds_log import Event

_FORMAT = click.option(
    "--format", "format_", type=click.Choice(out.FORMATS), help="[default: table on a terminal, tsv in a pipe]"
)
_OUTPUT = click.option("--output", type=click.Path(path_type=Path), help="Write here instead of standard output.")
_LOG = click.option("--log", type=click.Path(path_type=Path), help="The audit log. [default: LIFENODE_ROUNDS_LOG]")
_BY = click.option("--by", required=True, metavar="PERSON", help="Who does this; it goes into the audit log.")
_NOTE = click.option("--note", default="", help="The reason; it goes into the audit log.")
_ON = click.option("--on", default="today", show_default=True, metavar="DATE", help="Day, as 2026-03-31.")


@click.command("checklist")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--form", default="community-database", show_default=True, help="community-database or core-data-resource."
)
@_FORMAT
@_OUTPUT
def checklist(file: Path | None, form: str, format_: str | None, output: Path | None) -> None:
    """Assess a resource oneself: say what a form still lacks; without FILE, print the questions to fill in.

    FILE has the columns question, answer, description and links.

    \b
    Examples:
      lifenode resources checklist --output answers.tsv
      lifenode resources checklist examples/checklist.tsv
        community-database: 50 of 52 questions are complete
        grounds on which reviewers may reject it: sustainability (4.9)
          question  section               answer  finding       concern         text
          4.9       staff and governance  no                    sustainability  Is there a scientific advisory board?
          7.2       use of node services          not answered                  Are its identifiers registered ...
          ...
    """
    from lifenode.registry.questions import read_replies, self_assessment

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = self_assessment(form, read_replies(file, form) if file else {})
    rows = result.to_dicts()
    if file:
        done = sum(not row["finding"] for row in rows)
        tell(f"{form}: {done} of {len(rows)} questions are complete")
        grounds = [f"{name} ({', '.join(numbers)})" for name, numbers in result.meta["concerns"].items()]
        if grounds:
            tell(f"grounds on which reviewers may reject it: {', '.join(grounds)}")
    if format_ != "table":
        out.write(result, format_, output)
        return
    names = ("question", "section", "answer", "finding", "concern", "text")
    shown = [row for row in rows if not file or row["finding"] or row["concern"]]
    cells = [[str(row[name]) for name in names] for row in shown]
    out.write_text(out.aligned(names, cells, right=[], shrink=len(names) - 1), output)


@click.command("monitoring", no_args_is_help=True)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--indicator", metavar="NAME", help="Only this one. [default: all]")
@click.option("--from", "first", type=int, metavar="YEAR", help="First year. [default: that of the values]")
@click.option("--to", "last", type=int, metavar="YEAR", help="Last year. [default: that of the values]")
@_FORMAT
@_OUTPUT
def monitoring(
    file: Path, indicator: str | None, first: int | None, last: int | None, format_: str | None, output: Path | None
) -> None:
    """Add up what resources count every year; a missing year is carried forward, with a footnote.

    FILE has the columns resource, indicator, year and value.

    \b
    Example:
      lifenode resources monitoring examples/monitoring.csv --indicator "monthly users"
        * monthly users 2025: carried forward from the year before for want of a value: gene-atlas (2024)
          indicator      year   value  resources  carried forward
          ...
          monthly users  2025  31,900          2  gene-atlas (2024)
          ...
    """
    from lifenode.registry.monitoring import monitoring as add_up
    from lifenode.registry.monitoring import read_values

    format_ = format_ or out.default_format(output)
    out.check_place(output)
    result = add_up(read_values(file), indicator=indicator, first=first, last=last)
    for footnote in result.meta["footnotes"]:
        tell(f"* {footnote}")
    if format_ != "table":
        out.write(result, format_, output)
        return
    header = ("indicator", "year", "value", "resources", "carried forward")
    rows = [
        [row["indicator"], str(row["year"]), f"{row['value']:,.10g}", str(row["resources"]),
         ", ".join(row["carried_forward"])]
        for row in result.to_dicts()
    ]  # fmt: skip
    out.write_text(out.aligned(header, rows, right=[1, 2, 3], shrink=len(header) - 1), output)


@click.group("round", no_args_is_help=True)
def round_() -> None:
    """Run selection rounds: apply, check, review, decide, check the health, renew; every step in an audit log."""


@round_.command("open", no_args_is_help=True)
@click.argument("name")
@click.option("--status", required=True, help="community-database, core-data-resource or deposition-database.")
@click.option("--opens", required=True, metavar="DATE", help="First day on which resources apply.")
@click.option("--closes", required=True, metavar="DATE", help="Last day on which they do.")
@_BY
@_LOG
def open_(name: str, status: str, opens: str, closes: str, by: str, log: Path | None) -> None:
    """Open a round.

    \b
    Example:
      lifenode resources round open r --status community-database --opens 2026-01-01 --closes 2026-03-31 --by Me --log x
        1  round  r  Me
    """
    _said(_rounds(log).open_round(name, status, opens, closes, by=by))


@round_.command("apply", no_args_is_help=True)
@click.argument("round_", metavar="ROUND")
@click.argument("resource")
@click.argument("answers", type=click.Path(path_type=Path))
@click.option("--changes", default="", help="After a rejection: what was done about its reasons.")
@_ON
@_BY
@_LOG
def apply(round_: str, resource: str, answers: Path, changes: str, on: str, by: str, log: Path | None) -> None:
    """Hand in the complete self-assessment of a resource (see `lifenode resources checklist`).

    \b
    Example:
      lifenode resources round apply 2026 "Gene Atlas" answers.tsv --by "A. Curator"
    """
    from lifenode.registry.questions import read_replies
    from lifenode.registry.rounds import STATUS_FORMS, eligibility

    rounds = _rounds(log)
    form = next((STATUS_FORMS[one.status] for one in rounds.rounds() if one.round == round_), "community-database")
    _said(rounds.apply(round_, resource, read_replies(answers, form), by=by, on=on, changes=changes))
    for condition, held in eligibility(resource).items():
        tell(f"{'yes' if held else 'no '}  {condition}")


@round_.command("step", no_args_is_help=True)
@click.argument("application", metavar="ROUND/RESOURCE")
@click.argument(
    "step",
    type=click.Choice(
        ["eligible", "not-eligible", "comment", "recommend", "advise-against", "accept", "reject", "health-met",
         "health-not-met", "withdraw"]
    ),
)  # fmt: skip
@click.option("--question", default="", help="The question that a comment is on.")
@_NOTE
@_ON
@_BY
@_LOG
def step(application: str, step: str, question: str, note: str, on: str, by: str, log: Path | None) -> None:
    """Take the next step with an application: eligibility, review, decision, health check, or its end.

    \b
    Examples:
      lifenode resources round step 2026/gene-atlas eligible --note "on the plan of its node" --by Hub
      lifenode resources round step 2026/gene-atlas comment --question 4.9 --note "no board yet" --by Reviewer
      lifenode resources round step 2026/gene-atlas accept --note "by consensus" --by Community
    """
    rounds = _rounds(log)
    advice = {"comment": "", "recommend": "accept", "advise-against": "reject"}
    if step in ("eligible", "not-eligible"):
        event = rounds.check_eligibility(application, step == "eligible", note, by=by)
    elif step in advice:
        event = rounds.review(application, note, by=by, question=question, recommendation=advice[step])
    elif step in ("accept", "reject"):
        event = rounds.decide(application, step == "accept", note, by=by, on=on)
    elif step == "withdraw":
        event = rounds.withdraw(application, note, by=by, on=on)
    else:
        event = rounds.health_check(application, "met" if step == "health-met" else "not met", note, by=by, on=on)
    _said(event)
    tell(f"{application} is {rounds.application(application).state}")


@round_.command("list")
@click.option("--due", is_flag=True, help="Only what is due: health checks after a year, renewals after three.")
@_LOG
def list_(due: bool, log: Path | None) -> None:
    """List applications and the state each is in.

    \b
    Example:
      lifenode resources round list --log examples/rounds.jsonl
        application      status              state        submitted   decided     due
        2026/gene-atlas  community-database  provisional  2026-02-01  2026-04-15  health check 2027-04-15
    """
    rounds = _rounds(log)
    late = {name for name, _, _ in rounds.due()}
    header = ("application", "status", "state", "submitted", "decided", "due")
    rows = [
        [one.application, one.status, one.state, one.submitted, one.decided, " ".join(one.due() or ())]
        for one in rounds.applications()
        if not due or one.application in late
    ]
    out.write_text(out.aligned(header, rows, right=[], shrink=0), None)


@round_.command("log")
@click.argument("application", metavar="[ROUND/RESOURCE]", required=False)
@_LOG
def log_(application: str | None, log: Path | None) -> None:
    """Print the audit log, and fail if it was altered.

    \b
    Example:
      lifenode resources round log --log examples/rounds.jsonl
        1  2026-...  round        2026             Coordinator
        ...
        4  2026-...  review       2026/gene-atlas  Reviewer     a clear gap
        ...
    """
    rows = [
        [str(event["number"]), event["time"], event["event"], event.get("application", event.get("round", "")),
         event["by"], event.get("comment") or event.get("note", "")]
        for event in _rounds(log).events(application)
    ]  # fmt: skip
    out.write_text(out.aligned(("", "time", "event", "about", "by", "note"), rows, right=[0], shrink=5), None)


def _rounds(log: Path | None) -> Rounds:
    from lifenode.registry.rounds import Rounds
    from lifenode.settings import settings

    return Rounds(log or settings().rounds_log)


def _said(event: Event) -> None:
    tell(f"{event['number']}  {event['event']}  {event.get('application', event.get('round'))}  {event['by']}")
