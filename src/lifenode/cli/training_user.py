"""``lifenode training user``: accounts of the portal, their roles, bans and API tokens."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lifenode.cli import output as out
from lifenode.cli.messages import tell
from lifenode.errors import MissingPart, UnreadableInput

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from lifenode.training.models import User

_LONGEST_FILE = 4_096


@click.group("user", no_args_is_help=True)
def user_command() -> None:
    """Add people to the portal, and say what they may do.

    \b
    Example:
      lifenode training user add ada@example.org --name "Ada Example" --role admin
      lifenode training user list
    """


def _database(command: Callable[..., Any]) -> Callable[..., Any]:
    return click.option("--database", default="", help="SQLAlchemy address. [default: that of the settings]")(command)


@user_command.command("add", no_args_is_help=True)
@click.argument("email")
@click.option("--name", default="", help="As it is shown.")
@click.option("--role", default="registered_user", show_default=True)
@click.option("--password-from", metavar="FILE|-", help="Its first line is the password. [default: none, tokens only]")
@_database
def add_command(email: str, name: str, role: str, password_from: str | None, database: str) -> int:
    """Add somebody. At a terminal `--password-from -` asks for the password without showing it.

    \b
    Example:
      lifenode training user add ada@example.org --role admin --database sqlite:///portal.sqlite
        ada@example.org is admin
      lifenode training user add bob@example.org --password-from -
    """
    password = _password(password_from) if password_from else ""
    with _session(database) as session:
        from lifenode.training.people import add_user

        user = add_user(session, email, name, role=role, password=password)
        said = f"{user.email} is {user.role}"
    tell(said)
    return 0


@user_command.command("list")
@click.option("--format", "format_", type=click.Choice(("table", "json")), help="[default: by who reads]")
@_database
def list_command(format_: str | None, database: str) -> int:
    """Show all people, with the numbers of their tokens that hold; never passwords or tokens.

    \b
    Example:
      lifenode training user list --database sqlite:///portal.sqlite
        email  name  role  verified  banned  tokens
        ...
    """
    with _session(database) as session:
        from lifenode.training.people import users

        rows = [_described(user) for user in users(session)]
    if (format_ or ("table" if sys.stdout.isatty() else "json")) == "json":
        out.write_text(json.dumps(rows, ensure_ascii=False, indent=2) + "\n", None)
        return 0
    headings = ["email", "name", "role", "verified", "banned", "tokens"]
    cells = [["" if row[name] is None else str(row[name]) for name in headings] for row in rows]
    out.write_text(out.aligned(headings, cells, right=(5,), shrink=4), None)
    return 0


@user_command.command("role", no_args_is_help=True)
@click.argument("email")
@click.argument("role")
@_database
def role_command(email: str, role: str, database: str) -> int:
    """Give somebody another role; any but unverified_user also verifies them.

    \b
    Example:
      lifenode training user role ada@example.org curator --database sqlite:///portal.sqlite
        ada@example.org is curator
    """
    with _session(database) as session:
        from lifenode.training.people import find_user, set_role

        user = find_user(session, email)
        set_role(session, user, role)
        said = f"{user.email} is {user.role}"
    tell(said)
    return 0


@user_command.command("ban", no_args_is_help=True)
@click.argument("email")
@click.option("--reason", default="", help="A sentence for curators; needed.")
@click.option("--shadow", is_flag=True, help="Only hide what they make, and let them sign in.")
@click.option("--lift", is_flag=True, help="Lift the ban.")
@_database
def ban_command(email: str, reason: str, shadow: bool, lift: bool, database: str) -> int:
    """Keep somebody from signing in and from using tokens.

    \b
    Example:
      lifenode training user ban ada@example.org --reason "Advertises shoes" --database sqlite:///portal.sqlite
        ada@example.org is banned
      lifenode training user ban ada@example.org --lift --database sqlite:///portal.sqlite
        ada@example.org is not banned
    """
    with _session(database) as session:
        from lifenode.training.people import ban, find_user, unban

        user = find_user(session, email)
        if lift:
            unban(session, user)
        else:
            ban(session, user, reason, shadow=shadow)
        said = f"{user.email} is {'banned' if user.ban else 'not banned'}"
    tell(said)
    return 0


@user_command.command("token", no_args_is_help=True)
@click.argument("email")
@click.option("--name", default="", help="What it is for.")
@click.option("--days", default=365, show_default=True, help="How long it lasts.")
@click.option("--list", "list_", is_flag=True, help="Show the tokens there are, make none.")
@_database
def token_command(email: str, name: str, days: int, list_: bool, database: str) -> int:
    """Make an API token for somebody and show it, this once: only its hash is kept.

    \b
    Example:
      lifenode training user token ada@example.org --name harvester --days 30 --database sqlite:///portal.sqlite
        token 1 of ada@example.org, until 20...
        lnt_...
    """
    with _session(database) as session:
        from lifenode.training.people import find_user
        from lifenode.training.sign_in import issue_token, tokens_of

        user = find_user(session, email)
        if list_:
            rows = [
                [
                    str(it.id),
                    it.name,
                    f"{it.beginning}…",
                    _day(it.expires_at),
                    _day(it.revoked_at),
                    _day(it.last_used_at),
                ]
                for it in tokens_of(session, user)
            ]
            shown = out.aligned(["token", "name", "begins", "until", "revoked", "used"], rows, right=(0,), shrink=1)
            said = f"{len(rows)} tokens of {user.email}"
        else:
            token, kept = issue_token(session, user, name, days=days)
            shown = token + "\n"
            said = f"token {kept.id} of {user.email}, until {_day(kept.expires_at)}"
    tell(said)
    out.write_text(shown, None)
    return 0


@user_command.command("revoke", no_args_is_help=True)
@click.argument("email")
@click.argument("number", type=int)
@_database
def revoke_command(email: str, number: int, database: str) -> int:
    """Make a token useless, by the number that `token --list` shows.

    \b
    Example:
      lifenode training user revoke ada@example.org 1 --database sqlite:///portal.sqlite
        token 1 of ada@example.org is revoked
    """
    with _session(database) as session:
        from lifenode.training.people import find_user
        from lifenode.training.sign_in import revoke_token

        user = find_user(session, email)
        revoke_token(session, user, number)
        said = f"token {number} of {user.email} is revoked"
    tell(said)
    return 0


@contextmanager
def _session(database: str) -> Iterator[Session]:
    try:
        from lifenode.training.database import open_database
        from lifenode.training.store import opened
    except ModuleNotFoundError as error:
        raise MissingPart.library(error.name or "sqlalchemy", "The portal", "training") from error
    engine = open_database(database)
    try:
        with opened(engine) as session:
            yield session
    finally:
        engine.dispose()


def _password(source: str) -> str:
    if source == "-" and sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    try:
        content = sys.stdin.buffer.read(_LONGEST_FILE) if source == "-" else Path(source).read_bytes()[:_LONGEST_FILE]
        first = content.decode().split("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInput(
            f"{source} cannot be read.", value=source, next_step="Name a file whose first line is the password."
        ) from error
    if not first:
        raise UnreadableInput(f"{source} begins with an empty line.", value=source, next_step="Put the password there.")
    return first


def _described(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "verified": _day(user.verified_at),
        "banned": user.ban.reason if user.ban else None,
        "tokens": sum(1 for it in user.tokens if it.holds(datetime.now(UTC))),
    }


def _day(when: datetime | None) -> str:
    return f"{when:%Y-%m-%d}" if when else ""
