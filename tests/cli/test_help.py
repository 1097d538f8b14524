"""The examples of the help texts can be pasted, and give what is shown under them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lifenode.cli.main import cli
from tests.cli.command import ROOT, seen

PRINTS_NOTHING_OF_ITS_OWN = {
    "packs build",
    "packs map",
    "packs pull",
    "packs variants",
    "report",  # counts logs into the folder it is given; docs/report.md shows what it prints
    "resources build",
    "resources round apply",
    "resources round step",
    "resources uptime check",
    "resources uptime watch",
    "serve",
}  # what they show depends on files or servers from elsewhere, or on steps before

_ADA = "lifenode training user add ada@example.org --database sqlite:///portal.sqlite"
STEPS_BEFORE = {
    "training user ban": [_ADA],
    "training user revoke": [_ADA, _ADA.replace(" add ", " token ")],
    "training user role": [_ADA],
    "training user token": [_ADA],
}


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield f"{path}{name}", command


COMMANDS = dict(commands(cli))


def examples(name: str) -> list[tuple[str, list[str]]]:
    """Return each example of a command's help and the lines under it."""
    text = COMMANDS[name].get_help(click.Context(COMMANDS[name], max_content_width=60))
    found: list[tuple[str, list[str]]] = []
    for line in re.split(r"^  Examples?:$", text, flags=re.MULTILINE)[1].split("\n\n")[0].strip("\n").split("\n"):
        if re.match(r" {4}\S", line):
            found.append((line.strip(), []))
        else:
            found[-1][1].append(" ".join(line.split()))
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_are_commands_with_options_that_exist(name: str) -> None:
    for line, _ in examples(name):
        words = next(part for part in line.split(" | ") if part.startswith("lifenode "))
        assert words.startswith(f"lifenode {name}")
        COMMANDS[name].make_context(name, shlex.split(words)[1 + len(name.split()) :]).close()


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in PRINTS_NOTHING_OF_ITS_OWN])
def test_examples_give_what_is_shown(name: str, tmp_path: Path) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    shown = [(line, expected) for line, expected in examples(name) if expected]
    assert shown, f"no example of {name} shows what it gives"
    for line in STEPS_BEFORE.get(name, []):
        assert seen(line, tmp_path)
    for line, expected in shown:
        given = [" ".join(text.split()) for text in seen(line, tmp_path)]
        for text in expected:
            pattern = ".*".join(re.escape(part) for part in text.split("..."))
            assert any(re.fullmatch(pattern, other) for other in given), "\n".join([f"{text!r} is not in", *given])
        assert "..." in expected or len(given) == len(expected), given
