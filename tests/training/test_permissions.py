"""Every role, every action, one's own and others', by hand and by API, against rules written a second time."""

from __future__ import annotations

from itertools import product

import pytest

from lifenode.training.permissions import STORED_ROLES, TABLE, Action, Role, allowed

CURATORS = {Role.ADMIN, Role.CURATOR}
OPEN = {"record.show", "user.show"}


def by_the_rules(role: Role, action: Action, own: bool, by_api: bool) -> bool:
    """Return what the sentences of the specification say, case by case."""
    kind, _, verb = action.partition(".")
    signed_in = role is not Role.VISITOR
    if action in OPEN:
        return True
    if not signed_in:
        return False
    if kind == "user":
        if by_api:
            return False
        return role is Role.ADMIN and not own if verb in ("role", "ban") else own or role is Role.ADMIN
    if kind == "audit" or action == "source.approve":
        return role is Role.ADMIN
    if action == "record.approve":
        return role in CURATORS
    if verb == "create":
        if kind == "path":
            return role in CURATORS | {Role.PATH_CURATOR}
        if kind == "node":
            return role in CURATORS | {Role.NODE_CURATOR}
        return role is not Role.BASIC
    if own or role is Role.ADMIN:
        return True
    if kind == "node":
        return role in (Role.CURATOR, Role.NODE_CURATOR)
    if kind == "record" and role is Role.CURATOR:
        return True
    return verb == "manage" and role is Role.SCRAPER and by_api


@pytest.mark.parametrize(("role", "action"), list(product(Role, Action)))
def test_the_table_says_what_the_rules_say(role: Role, action: Action) -> None:
    for own, by_api in product((True, False), repeat=2):
        assert allowed(role, action, own=own, by_api=by_api) is by_the_rules(role, action, own, by_api), (own, by_api)


def test_the_table_has_every_action_and_every_role() -> None:
    assert set(TABLE) == set(Action)
    assert all(set(row) == set(Role) for row in TABLE.values())
    assert Role.VISITOR not in STORED_ROLES
    assert len(STORED_ROLES) == 9


@pytest.mark.parametrize("action", [action for action in Action if action not in OPEN])
def test_a_visitor_does_nothing_but_look(action: Action) -> None:
    assert not any(allowed(Role.VISITOR, action, own=own) for own in (True, False))


def test_an_administrator_can_neither_ban_nor_demote_oneself() -> None:
    for action in (Action.USER_BAN, Action.USER_ROLE):
        assert allowed(Role.ADMIN, action, own=False)
        assert not allowed(Role.ADMIN, action, own=True)
