"""People of the portal: accounts, roles, bans, passwords, tokens, sign-ins and the log of it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.orm import Session

from lifenode.errors import InvalidOption, NotPermitted, NotSignedIn, TooManyAttempts, UnknownName
from lifenode.training import passwords
from lifenode.training.database import migrate, open_database
from lifenode.training.models import SignInAttempt, User
from lifenode.training.passwords import hashed, matches, outdated, refuse_if_weak
from lifenode.training.people import (
    add_user,
    ban,
    changes,
    find_user,
    hides_records,
    require,
    role_in_force,
    set_password,
    set_role,
    unban,
    users,
    verify,
)
from lifenode.training.permissions import Action, Role
from lifenode.training.sign_in import MOST_FAILURES, WINDOW, by_token, issue_token, revoke_token, sign_in, tokens_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
GOOD = "Vihmane kapsas 7 laeva"
TABLES = {"users", "bans", "api_tokens", "sign_in_attempts", "audit"}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_database(f"sqlite:///{tmp_path / 'portal.sqlite'}")
    yield made
    made.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with Session(engine) as made:
        yield made


def test_migration_of_people_goes_up_and_down(engine: Engine) -> None:
    assert set(inspect(engine).get_table_names()) >= TABLES
    migrate(engine, "base")
    assert not TABLES & set(inspect(engine).get_table_names())
    migrate(engine, "0002")
    assert not TABLES & set(inspect(engine).get_table_names())
    migrate(engine)
    assert set(inspect(engine).get_table_names()) >= TABLES


def test_somebody_is_added_once_and_found_in_any_case(session: Session) -> None:
    user = add_user(session, " Ada@Example.ORG ", "Ada  Example", password=GOOD)
    assert (user.email, user.name, user.role) == ("ada@example.org", "Ada Example", "registered_user")
    assert find_user(session, "ADA@example.org").id == user.id
    with pytest.raises(InvalidOption, match="has an account already"):
        add_user(session, "ada@EXAMPLE.org")
    with pytest.raises(UnknownName, match="Nobody"):
        find_user(session, "bob@example.org")
    assert [it.email for it in users(session)] == ["ada@example.org"]


@pytest.mark.parametrize(
    "email", ["", "ada", "@example.org", "ada@", "ada@host", "a b@example.org", "a@b@c.org", "ada@example.org\nBcc: x"]
)
def test_what_is_no_email_is_refused(session: Session, email: str) -> None:
    with pytest.raises(InvalidOption, match="no e-mail"):
        add_user(session, email)


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "password12",
        "P@ssw0rd2026!",
        "Welcome2026",
        "administrator",
        "letmein!!!!",
        "qwertyuiop",
        "1234567890",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
        "zxcvbnm1234",
        "iloveyou2025",
        "00000000001",
        "ada.example1",
        "Lovelace99!",
        "x" * 1001,
    ],
)
def test_weak_passwords_are_refused_and_never_repeated(password: str) -> None:
    with pytest.raises(InvalidOption) as refused:
        refuse_if_weak(password, "ada@example.org", "Ada Lovelace")
    assert password not in str(refused.value)
    assert password not in str(refused.value.value)


@pytest.mark.parametrize(
    "password", [GOOD, "correct horse battery", "ÕunapuuÄikeÜks", "tr0ub4dor&3x9k", "x1" * 3 + "Zebra lend"]
)
def test_good_passwords_are_taken(password: str) -> None:
    refuse_if_weak(password, "ada@example.org", "Ada Lovelace")


@settings(max_examples=5, deadline=None)
@given(st.text(max_size=40), st.text(max_size=40))
def test_a_hash_fits_its_password_only(first: str, second: str) -> None:
    same = unicodedata.normalize("NFKC", first) == unicodedata.normalize("NFKC", second)
    kept = hashed(first)
    assert matches(first, kept)
    assert matches(second, kept) is same
    assert not matches(first, "")


def test_a_password_is_kept_as_a_salted_hash(session: Session) -> None:
    kept = {add_user(session, f"{name}@example.org", password=GOOD).password for name in ("ada", "bob")}
    assert len(kept) == 2
    assert all(it.startswith("scrypt$16384$8$5$") and GOOD not in it for it in kept)


def test_roles_bans_and_the_log(session: Session) -> None:
    user = add_user(session, "ada@example.org", role="unverified_user")
    assert hides_records(user)
    verify(session, user, by="root@example.org")
    assert (user.role, hides_records(user)) == ("registered_user", False)
    set_role(session, user, "curator")
    require(user, Action.RECORD_MANAGE, own=False)
    ban(session, user, "spam", shadow=True)
    assert hides_records(user)
    require(user, Action.RECORD_CREATE, own=True)
    ban(session, user, "more spam")
    assert role_in_force(user) is Role.VISITOR
    with pytest.raises(NotPermitted, match="visitor"):
        require(user, Action.RECORD_CREATE, own=True)
    unban(session, user)
    require(user, Action.RECORD_CREATE, own=True)
    assert [(it.action, it.actor) for it in reversed(changes(session, "ada@example.org"))] == [
        ("user.add", "operator"), ("user.role", "root@example.org"), ("user.role", "operator"),
        ("user.ban", "operator"), ("user.ban", "operator"), ("user.unban", "operator"),
    ]  # fmt: skip


def test_a_role_that_does_not_exist_names_the_nearest(session: Session) -> None:
    user = add_user(session, "ada@example.org")
    with pytest.raises(InvalidOption, match="Did you mean curator"):
        set_role(session, user, "curater")
    with pytest.raises(InvalidOption, match="There is no role 'visitor'"):
        set_role(session, user, "visitor")
    with pytest.raises(InvalidOption, match="needs a reason"):
        ban(session, user, " ")


def test_the_only_administrator_stays(session: Session) -> None:
    first = add_user(session, "ada@example.org", role="admin")
    with pytest.raises(NotPermitted, match="only administrator"):
        set_role(session, first, "curator")
    with pytest.raises(NotPermitted, match="only administrator"):
        ban(session, first, "why not")
    second = add_user(session, "bob@example.org", role="admin")
    set_role(session, first, "curator")
    with pytest.raises(NotPermitted, match="only administrator"):
        ban(session, second, "why not")


def test_sign_in_and_its_limit(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        ada = add_user(session, "ada@example.org", password=GOOD).id
    assert sign_in(engine, "Ada@example.org", GOOD, now=NOW) == ada
    for number in range(MOST_FAILURES):
        with pytest.raises(NotSignedIn):
            sign_in(engine, "ada@example.org", "wrong", now=NOW + timedelta(minutes=number))
    with pytest.raises(TooManyAttempts, match="Try again in 601 seconds"):
        sign_in(engine, "ada@example.org", GOOD, now=NOW + timedelta(minutes=5))
    with Session(engine) as session:
        assert len(session.scalars(select(SignInAttempt)).all()) == MOST_FAILURES
    assert sign_in(engine, "ada@example.org", GOOD, now=NOW + WINDOW) == ada
    with Session(engine) as session:
        assert not session.scalars(select(SignInAttempt)).all()


def test_an_account_that_is_not_there_answers_like_one_that_is(engine: Engine) -> None:
    for _ in range(MOST_FAILURES):
        with pytest.raises(NotSignedIn):
            sign_in(engine, "nobody@example.org", "wrong", now=NOW)
    with pytest.raises(TooManyAttempts):
        sign_in(engine, "nobody@example.org", "wrong", now=NOW)
    with engine.connect() as connection:
        assert "nobody" not in str(connection.execute(text("SELECT * FROM sign_in_attempts")).all())


def test_the_banned_and_those_without_a_password_do_not_sign_in(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        add_user(session, "ada@example.org")
        ban(session, add_user(session, "bob@example.org", password=GOOD), "spam")
    for email, password in (("ada@example.org", ""), ("bob@example.org", GOOD)):
        with pytest.raises(NotSignedIn):
            sign_in(engine, email, password, now=NOW)


def test_a_hash_of_older_parameters_is_renewed_at_sign_in(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    with Session(engine) as session, session.begin(), monkeypatch.context() as patch:
        patch.setattr(passwords, "_SCHEME", "scrypt$1024$8$1$")
        patch.setattr(passwords._scrypt, "__defaults__", (1024, 8, 1))
        add_user(session, "ada@example.org", password=GOOD)
    with Session(engine) as session:
        assert outdated(find_user(session, "ada@example.org").password)
    sign_in(engine, "ada@example.org", GOOD)
    with Session(engine) as session:
        assert not outdated(find_user(session, "ada@example.org").password)
    sign_in(engine, "ada@example.org", GOOD)


def test_a_changed_password_replaces_the_former(engine: Engine) -> None:
    with Session(engine) as session, session.begin():
        set_password(session, add_user(session, "ada@example.org", password=GOOD), "Teine hea lause")
    with pytest.raises(NotSignedIn):
        sign_in(engine, "ada@example.org", GOOD)
    assert sign_in(engine, "ada@example.org", "Teine hea lause")


def test_tokens_are_kept_as_hashes_expire_and_are_revoked(engine: Engine, session: Session) -> None:
    ada, bob = add_user(session, "ada@example.org"), add_user(session, "bob@example.org")
    token, kept = issue_token(session, ada, "harvester", days=30, now=NOW)
    assert by_token(session, "Ada@example.org", token, now=NOW).id == ada.id
    assert kept.last_used_at == NOW
    session.commit()
    with engine.connect() as connection:
        everything = str([connection.execute(text(f"SELECT * FROM {name}")).all() for name in sorted(TABLES)])  # noqa: S608
    assert token not in everything
    assert token[:10] in everything
    for email, given_token, when in (
        ("bob@example.org", token, NOW), ("ada@example.org", token + "x", NOW), ("ada@example.org", "", NOW),
        ("ada@example.org", token, NOW + timedelta(days=30)),
    ):  # fmt: skip
        with pytest.raises(NotSignedIn):
            by_token(session, email, given_token, now=when)
    with pytest.raises(UnknownName, match="has no token"):
        revoke_token(session, bob, kept.id)
    revoke_token(session, ada, kept.id)
    with pytest.raises(NotSignedIn):
        by_token(session, "ada@example.org", token, now=NOW)
    assert [it.revoked_at is not None for it in tokens_of(session, ada)] == [True]


def test_the_token_of_somebody_banned_is_useless(session: Session) -> None:
    ada = add_user(session, "ada@example.org")
    token, _ = issue_token(session, ada)
    ban(session, ada, "spam")
    with pytest.raises(NotSignedIn):
        by_token(session, "ada@example.org", token)


@pytest.mark.parametrize("days", [0, -1, 4000])
def test_a_token_lasts_a_sensible_time(session: Session, days: int) -> None:
    with pytest.raises(InvalidOption, match="days"):
        issue_token(session, add_user(session, "ada@example.org"), days=days)


def test_what_belongs_to_somebody_goes_with_them(session: Session) -> None:
    ada = add_user(session, "ada@example.org")
    issue_token(session, ada)
    ban(session, ada, "spam")
    session.commit()
    session.delete(session.get_one(User, ada.id))
    session.commit()
    for table in ("users", "bans", "api_tokens"):
        assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar() == 0  # noqa: S608
