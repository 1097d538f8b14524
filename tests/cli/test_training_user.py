"""`lifenode training user`: what is kept, what is shown, and what is said of mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import shell

AT = "--database sqlite:///portal.sqlite"
USER = "lifenode training user"


def listed(folder: Path) -> dict[str, dict[str, object]]:
    done = shell(f"{USER} list {AT} --format json", folder)
    assert done.returncode == 0, done.stderr
    return {row["email"]: row for row in json.loads(done.stdout)}


def test_a_life_of_an_account(tmp_path: Path) -> None:
    added = shell(f"echo 'Vihmane kapsas 7 laeva' | {USER} add Ada@Example.org --password-from - {AT}", tmp_path)
    assert (added.returncode, added.stdout) == (0, "")
    made = shell(f"{USER} token ada@example.org --name one {AT}", tmp_path)
    token = made.stdout.strip()
    assert token.startswith("lnt_")
    assert len(token) > 40
    assert listed(tmp_path)["ada@example.org"]["tokens"] == 1
    shown = shell(f"{USER} token ada@example.org --list {AT}", tmp_path).stdout
    assert token[:10] in shown
    assert token not in shown
    assert (
        shell(f"{USER} role ada@example.org curator {AT} && {USER} revoke ada@example.org 1 {AT}", tmp_path).returncode
        == 0
    )
    assert shell(f"{USER} ban ada@example.org --reason spam {AT}", tmp_path).returncode == 0
    row = listed(tmp_path)["ada@example.org"]
    assert (row["role"], row["tokens"], row["banned"]) == ("curator", 0, "spam")
    assert token.encode() not in (tmp_path / "portal.sqlite").read_bytes()
    assert b"Vihmane" not in (tmp_path / "portal.sqlite").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (f"add nobody {AT}", "is no e-mail address"),
        (f"add ada@example.org --role king {AT}", "There is no role 'king'"),
        (f"add ada@example.org --password-from missing.txt {AT}", "missing.txt cannot be read"),
        (f"add ada@example.org --password-from - {AT}", "begins with an empty line"),
        (f"role ada@example.org curator {AT}", "Nobody has the e-mail"),
        (f"token ada@example.org {AT}", "Nobody has the e-mail"),
        ("list --database nonsense", "address of the database cannot be used"),
        ("list --database sqlite:////nowhere/at/all/x.sqlite", "cannot be opened"),
    ],
)
def test_mistakes_are_one_line_and_change_nothing(arguments: str, said: str, tmp_path: Path) -> None:
    done = shell(f"{USER} {arguments}", tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not listed(tmp_path)
