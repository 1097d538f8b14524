"""Who is asking: by e-mail and password, or by e-mail and API token."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session

from lifenode.errors import InvalidOption, NotSignedIn, TooManyAttempts, UnknownName
from lifenode.training.models import ApiToken, SignInAttempt, User
from lifenode.training.passwords import hashed, matches, outdated
from lifenode.training.people import OPERATOR, find_user, log, role_in_force
from lifenode.training.permissions import Role

MOST_FAILURES = 5
WINDOW = timedelta(minutes=15)
LONGEST_DAYS = 3_650
_KIND = "lnt_"


def sign_in(engine: Engine, email: str, password: str, *, now: datetime | None = None) -> int:
    """Return the id of who has this e-mail and password.

    After `MOST_FAILURES` failures within `WINDOW` an account takes no password until the first of them is that old,
    whether it exists or not. An attempt counts from before it is checked, so that many at once count as many.

    Raises
    ------
    NotSignedIn
        They do not fit, or the account is banned; it is never said which.
    TooManyAttempts
        Too many have failed.
    """
    when = now or datetime.now(UTC)
    account = hashlib.sha256(email.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()
    with Session(engine) as session, session.begin():
        _count(session, account, when)
    with Session(engine) as session, session.begin():
        user = _known(session, email)
        if not matches(password, user.password if user else "") or role_in_force(user) is Role.VISITOR:
            user = None
        elif user is not None:
            session.execute(delete(SignInAttempt).where(SignInAttempt.account == account))
            if outdated(user.password):
                user.password = hashed(password)
        signed_in = user.id if user else None
    if signed_in is None:
        raise NotSignedIn("E-mail and password do not fit.", next_step="Try again, or ask for a new password.")
    return signed_in


def issue_token(
    session: Session, user: User, name: str = "", *, days: int = 365, by: str = OPERATOR, now: datetime | None = None
) -> tuple[str, ApiToken]:
    """Make an API token and return it with what is kept of it; it cannot be shown again.

    Raises
    ------
    InvalidOption
        It would not last 1 to `LONGEST_DAYS` days.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidOption(f"A token lasts 1 to {LONGEST_DAYS} days, not {days}.", value=days)
    when = now or datetime.now(UTC)
    token = _KIND + secrets.token_urlsafe(32)
    kept = ApiToken(
        user_id=user.id, name=name[:100], beginning=token[:10], digest=_digest(token), created_at=when,
        expires_at=when + timedelta(days=days),
    )  # fmt: skip
    session.add(kept)
    session.flush()
    log(session, by, "token.issue", user.email, {"token": kept.id, "name": kept.name, "days": days})
    return token, kept


def tokens_of(session: Session, user: User) -> list[ApiToken]:
    """Return the tokens of somebody, in the order they were made."""
    return list(session.scalars(select(ApiToken).where(ApiToken.user_id == user.id).order_by(ApiToken.id)))


def revoke_token(session: Session, user: User, number: int, *, by: str = OPERATOR, now: datetime | None = None) -> None:
    """Make a token of somebody useless; nothing happens to one that is so already.

    Raises
    ------
    UnknownName
        They have no token of this number.
    """
    kept = session.get(ApiToken, number)
    if kept is None or kept.user_id != user.id:
        raise UnknownName(f"{user.email} has no token {number}.", value=number)
    if kept.revoked_at is None:
        kept.revoked_at = now or datetime.now(UTC)
        log(session, by, "token.revoke", user.email, {"token": kept.id})
    session.flush()


def by_token(session: Session, email: str, token: str, *, now: datetime | None = None) -> User:
    """Return who has this e-mail and this token.

    Raises
    ------
    NotSignedIn
        They do not fit, the token has expired or is revoked, or its owner is banned; it is never said which.
    """
    when, digest = now or datetime.now(UTC), _digest(token)
    kept = session.scalars(select(ApiToken).where(ApiToken.digest == digest)).first()
    fits = kept is not None and hmac.compare_digest(kept.user.email.encode(), _plain(email))
    if kept is None or not fits or not kept.holds(when) or role_in_force(kept.user) is Role.VISITOR:
        raise NotSignedIn(
            "E-mail and token do not fit, or the token holds no longer.",
            next_step="Make a new one with `lifenode training user token`.",
        )
    kept.last_used_at = when
    return kept.user


def _count(session: Session, account: str, when: datetime) -> None:
    session.execute(delete(SignInAttempt).where(SignInAttempt.tried_at <= when - WINDOW))
    session.add(SignInAttempt(account=account, tried_at=when))
    session.flush()
    asked = select(func.count(SignInAttempt.id), func.min(SignInAttempt.tried_at))
    tried, first = session.execute(asked.where(SignInAttempt.account == account)).one()
    if tried > MOST_FAILURES:
        wait = int(((first + WINDOW) - when).total_seconds()) + 1
        raise TooManyAttempts(
            f"{MOST_FAILURES} sign-ins of this account failed.", value=wait, next_step=f"Try again in {wait} seconds."
        )


def _known(session: Session, email: str) -> User | None:
    try:
        return find_user(session, email)
    except UnknownName:
        return None


def _digest(token: str) -> str:
    # A token has 256 random bits: a fast hash without salt cannot be searched.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _plain(email: str) -> bytes:
    return email.strip().lower().encode("utf-8", "surrogatepass")
