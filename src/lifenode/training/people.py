"""People of the portal: added, found, given a role, verified, banned; each change in the log."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lifenode.errors import InvalidOption, NotPermitted, UnknownName, nearest
from lifenode.training.models import AuditEntry, Ban, User
from lifenode.training.passwords import hashed, refuse_if_weak
from lifenode.training.permissions import STORED_ROLES, Action, Role, allowed

# One @, and no character that could end a header or be seen as another: what mail servers take is for them to say.
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+@[^\s@<>()\[\],;:\\\"\x00-\x20\x7f]+\.[a-z0-9-]{2,}")
OPERATOR = "operator"


def add_user(
    session: Session, email: str, name: str = "", *, role: str = Role.REGISTERED, password: str = "", by: str = OPERATOR
) -> User:
    """Add somebody; without a password they can be given tokens, but not sign in.

    Parameters
    ----------
    session
        Where it is kept.
    email
        Their address; upper and lower case are the same.
    name
        As it is shown.
    role
        One of `lifenode.training.permissions.STORED_ROLES`; all but ``unverified_user`` count as verified.
    password
        As typed; only its hash is kept.
    by
        Who adds them, for the log.

    Raises
    ------
    InvalidOption
        The e-mail is none or has an account, the role does not exist, or the password is weak.
    """
    folded, kept_role = _email(email), _role(role)
    if session.scalars(select(User).where(User.email == folded)).first():
        raise InvalidOption(f"{folded} has an account already.", value=folded)
    if password:
        refuse_if_weak(password, folded, name)
    now = datetime.now(UTC)
    user = User(
        email=folded, name=" ".join(name.split())[:200], role=kept_role, created_at=now,
        password=hashed(password) if password else "",
        verified_at=None if kept_role is Role.UNVERIFIED else now,
    )  # fmt: skip
    session.add(user)
    session.flush()
    log(session, by, "user.add", user.email, {"role": user.role})
    return user


def find_user(session: Session, email: str) -> User:
    """Return somebody by e-mail.

    Raises
    ------
    UnknownName
        Nobody has this address.
    """
    folded = email.strip().lower()
    user = session.scalars(select(User).where(User.email == folded)).first()
    if user is None:
        raise UnknownName(
            f"Nobody has the e-mail {folded[:254]!r}.", value=folded, next_step="`lifenode training user list` has all."
        )
    return user


def users(session: Session) -> list[User]:
    """Return all people by e-mail."""
    return list(session.scalars(select(User).order_by(User.email)))


def set_role(session: Session, user: User, role: str, *, by: str = OPERATOR) -> None:
    """Give somebody another role.

    Raises
    ------
    InvalidOption
        There is no such role.
    NotPermitted
        They are the only administrator.
    """
    kept, former = _role(role), user.role
    if kept is not Role.ADMIN:
        _keep_an_administrator(session, user)
    user.role = kept
    user.verified_at = None if kept is Role.UNVERIFIED else user.verified_at or datetime.now(UTC)
    log(session, by, "user.role", user.email, {"from": former, "to": user.role})


def verify(session: Session, user: User, *, by: str = OPERATOR) -> None:
    """Accept somebody whose records were hidden so far; nothing happens to one who is accepted."""
    if user.role == Role.UNVERIFIED:
        set_role(session, user, Role.REGISTERED, by=by)


def set_password(session: Session, user: User, password: str, *, by: str = OPERATOR) -> None:
    """Give somebody another password.

    Raises
    ------
    InvalidOption
        It is weak.
    """
    refuse_if_weak(password, user.email, user.name)
    user.password = hashed(password)
    log(session, by, "user.password", user.email, {})


def ban(session: Session, user: User, reason: str, *, shadow: bool = False, by: str = OPERATOR) -> None:
    """Keep somebody from signing in and from using tokens; with `shadow` only hide what they make.

    Raises
    ------
    InvalidOption
        No reason is given.
    NotPermitted
        They are the only administrator.
    """
    if not reason.strip():
        raise InvalidOption("A ban needs a reason.", next_step="Say it in a sentence; it is shown to curators.")
    _keep_an_administrator(session, user)
    user.ban = Ban(reason=reason.strip(), shadow=shadow, banned_by=by, created_at=datetime.now(UTC))
    log(session, by, "user.ban", user.email, {"reason": reason.strip(), "shadow": shadow})


def unban(session: Session, user: User, *, by: str = OPERATOR) -> None:
    """Lift a ban; nothing happens to one who is not banned."""
    if user.ban is not None:
        user.ban = None
        log(session, by, "user.unban", user.email, {})


def role_in_force(user: User | None) -> Role:
    """Return the role to decide by: that of a visitor for nobody and for the banned."""
    if user is None or (user.ban is not None and not user.ban.shadow):
        return Role.VISITOR
    return Role(user.role)


def hides_records(user: User) -> bool:
    """Tell whether records of this person are seen by themselves and curators only."""
    return user.role == Role.UNVERIFIED or user.ban is not None


def require(user: User | None, action: Action, *, own: bool, by_api: bool = False) -> None:
    """Refuse what the role of somebody does not allow.

    Raises
    ------
    NotPermitted
        It is not allowed; see `lifenode.training.permissions.allowed`.
    """
    role = role_in_force(user)
    if not allowed(role, action, own=own, by_api=by_api):
        whose = "one's own" if own else "others'"
        raise NotPermitted(
            f"The role {role} does not allow {action} of {whose}.",
            value=action,
            next_step="Ask an administrator of the portal.",
        )


def log(session: Session, actor: str, action: str, subject: str, details: dict[str, Any]) -> None:
    """Write a change into the log."""
    session.add(
        AuditEntry(made_at=datetime.now(UTC), actor=actor, action=action, subject=subject[:320], details=details)
    )
    session.flush()


def changes(session: Session, subject: str = "", most: int = 100) -> list[AuditEntry]:
    """Return the last changes, the newest first; of one person or thing if named."""
    wanted = select(AuditEntry).order_by(AuditEntry.id.desc()).limit(most)
    return list(session.scalars(wanted.where(AuditEntry.subject == subject) if subject else wanted))


def _keep_an_administrator(session: Session, user: User) -> None:
    admins = select(func.count(User.id)).outerjoin(Ban).where(User.role == Role.ADMIN, Ban.user_id.is_(None))
    if user.role == Role.ADMIN and user.ban is None and session.scalar(admins) == 1:
        raise NotPermitted(
            f"{user.email} is the only administrator.", value=user.email, next_step="Make somebody else one first."
        )


def _email(text: str) -> str:
    folded = text.strip().lower()
    if len(folded) > 254 or not _EMAIL.fullmatch(folded):
        raise InvalidOption(f"{folded[:80]!r} is no e-mail address.", value=folded, next_step="Give name@host.domain.")
    return folded


def _role(text: str) -> Role:
    names = [str(role) for role in STORED_ROLES]
    if text not in names:
        near = nearest(text, names)
        raise InvalidOption(
            f"There is no role {text!r}.",
            value=text,
            next_step=f"Did you mean {near[0]}?" if near else f"It is one of {', '.join(names)}.",
        )
    return Role(text)
