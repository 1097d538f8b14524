"""Records written one by one by people's programs, in the keys that clients of TeSS send."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from lifenode.errors import NotPermitted
from lifenode.training.clean import one_line
from lifenode.training.ingest.tess import read_tess
from lifenode.training.merge import slug_of
from lifenode.training.models import Provider, StoredRecord, User
from lifenode.training.people import hides_records, log, require
from lifenode.training.permissions import Action
from lifenode.training.records import Event, Material, from_dict
from lifenode.training.store import write_content
from lifenode.training.tidy import tidy
from lifenode.training.validation import Problem, Rules, validate, web_address
from lifenode.training.vocabulary import Vocabulary

_LONGEST_TITLE = 500
_TERMS = (("scientific_topic", "scientific-topics"), ("operation", "operations"))


def existing(session: Session, kind: str, given: Mapping[str, Any]) -> StoredRecord | None:
    """Return the record that what is given would be: by its provider if named, and its address, or else its title."""
    wanted = select(StoredRecord).where(StoredRecord.kind == kind, StoredRecord.withdrawn_at.is_(None))
    owner = given.get("content_provider_id")
    if isinstance(owner, int) or (isinstance(owner, str) and owner.isdecimal() and len(owner) < 10):
        wanted = wanted.where(StoredRecord.provider_id == int(owner))
    for name in ("url", "title"):
        text = given.get(name)
        if isinstance(text, str) and text.strip():
            same = wanted.where(getattr(StoredRecord, name) == text.strip()).order_by(StoredRecord.id)
            if found := session.scalars(same).first():
                return found
    return None


def named(session: Session, kind: str, name: str) -> StoredRecord | None:
    """Return a record by its name in addresses, or by its number; none that was withdrawn."""
    wanted = select(StoredRecord).where(StoredRecord.kind == kind, StoredRecord.withdrawn_at.is_(None))
    by_number = name.isdecimal() and name.isascii() and len(name) < 10
    wanted = wanted.where(StoredRecord.id == int(name) if by_number else StoredRecord.slug == name)
    return session.scalars(wanted).first()


def existing_provider(session: Session, given: Mapping[str, Any]) -> Provider | None:
    """Return the provider of this title, or else of this address."""
    for name in ("title", "url"):
        text = given.get(name)
        if isinstance(text, str) and text.strip():
            same = select(Provider).where(getattr(Provider, name) == text.strip()).order_by(Provider.id)
            if found := session.scalars(same).first():
                return found
    return None


def create_provider(session: Session, user: User, given: Mapping[str, Any]) -> Provider | list[Problem]:
    """Keep a new provider, or return every rule it breaks.

    Raises
    ------
    NotPermitted
        The role does not allow it, or what this person makes waits for approval.
    """
    _may_write(user, Action.RECORD_CREATE, own=True)
    title, url = (one_line(given[name]) if isinstance(given.get(name), str) else "" for name in ("title", "url"))
    problems = []
    if not title or len(title) > _LONGEST_TITLE:
        problems.append(Problem("title", title, "can't be blank" if not title else "is too long"))
    elif session.scalars(select(Provider).where(Provider.title == title)).first():
        problems.append(Problem("title", title, "has already been taken"))
    if not web_address(url):
        problems.append(Problem("url", url, "is not a valid URL"))
    if problems:
        return problems
    made = Provider(title=title, url=url, created_at=datetime.now(UTC))
    session.add(made)
    session.flush()
    log(session, user.email, "provider.create", f"provider/{made.id}", {"title": title})
    return made


def create(session: Session, user: User, kind: str, given: Mapping[str, Any]) -> StoredRecord | list[Problem]:
    """Keep a new record, or return every rule it breaks.

    Parameters
    ----------
    session
        Where it is kept.
    user
        Who writes it, by an API token.
    kind
        ``event`` or ``material``.
    given
        Keys and values as TeSS has them; times are wall clocks in ``timezone``. ``content_provider_id`` is needed.

    Raises
    ------
    NotPermitted
        The role does not allow it, or what this person makes waits for approval.
    """
    _may_write(user, Action.RECORD_CREATE, own=True)
    record = record_of(kind, given)
    provider = _provider(session, given.get("content_provider_id"))
    problems = _problems(record)
    if provider is None:
        problems.append(Problem("content_provider_id", given.get("content_provider_id"), "must be one of the portal"))
    if problems or provider is None:
        return problems
    now = datetime.now(UTC)
    made = StoredRecord(
        kind=kind, provider_id=provider.id, created_at=now, updated_at=now, last_seen_at=now, locks=[],
        slug=slug_of(session, kind, record.title, record.url), source=source_of(user),
    )  # fmt: skip
    write_content(made, record)
    session.add(made)
    session.flush()
    log(session, user.email, "record.create", f"{kind}/{made.slug}", {})
    return made


def update(session: Session, user: User, made: StoredRecord, given: Mapping[str, Any]) -> StoredRecord | list[Problem]:
    """Change the fields of a record that are given, or return every rule the changed one breaks.

    Raises
    ------
    NotPermitted
        The role does not allow it, or what this person makes waits for approval.
    """
    _may_write(user, Action.RECORD_MANAGE, own=made.source == source_of(user))
    known, said = from_dict(made.content), record_of(made.kind, given)
    locked = {lock.field for lock in made.locks}
    for name in _named(known, given) - locked:
        setattr(known, name, getattr(said, name))
    if problems := _problems(known):
        return problems
    write_content(made, known)
    made.updated_at = made.last_seen_at = datetime.now(UTC)
    session.flush()
    log(session, user.email, "record.update", f"{made.kind}/{made.slug}", {"fields": sorted(_named(known, given))})
    return made


def source_of(user: User) -> str:
    """Return the source of what this person writes, by which it is known as theirs."""
    return f"user:{user.id}"


def record_of(kind: str, given: Mapping[str, Any]) -> Event | Material:
    """Return the record that is given, as it is: neither tidied nor checked."""
    keys = {name.replace("_", "-"): value for name, value in given.items()}
    for name, key in _TERMS:
        labels, addresses = (given.get(f"{name}_{ending}") for ending in ("names", "uris"))
        terms = [{"preferred-label": label} for label in (labels if isinstance(labels, list) else [])]
        terms += [{"uri": address} for address in (addresses if isinstance(addresses, list) else [])]
        keys.setdefault(key, terms)
    document = {"data": {"type": f"{kind}s", "attributes": keys}}
    record = read_tess(json.dumps(document).encode(), "").records[0]
    names = given.get("node_names")
    record.nodes = [name for name in names if isinstance(name, str)] if isinstance(names, list) else []
    return record


def _named(record: Event | Material, given: Mapping[str, Any]) -> set[str]:
    names = {known.name for known in fields(record)} - {"notes", "source_url"}
    named = names & set(given)
    for name, key in _TERMS:
        if {f"{name}_names", f"{name}_uris"} & set(given):
            named.add(key.replace("-", "_"))
    if "node_names" in given:
        named.add("nodes")
    if "online" in given and "presence" not in given:
        named.add("presence")
    return named & names


def _problems(record: Event | Material) -> list[Problem]:
    vocabulary = Vocabulary()
    tidy(record, vocabulary)
    return validate(record, Rules(vocabulary))


def _may_write(user: User, action: Action, *, own: bool) -> None:
    require(user, action, own=own, by_api=True)
    if hides_records(user):
        raise NotPermitted(
            "Records of this account are not taken before it is approved.",
            next_step="Ask an administrator of the portal.",
        )


def _provider(session: Session, given: Any) -> Provider | None:
    text = str(given)
    return session.get(Provider, int(text)) if text.isdecimal() and text.isascii() and len(text) < 10 else None
