"""Who may do what in the portal: one table of roles and actions, and the function that reads it."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody is in the portal; `VISITOR` is whoever has not signed in, and is never stored."""

    VISITOR = "visitor"
    BASIC = "basic_user"
    UNVERIFIED = "unverified_user"
    REGISTERED = "registered_user"
    DEFAULT = "default_user"
    SCRAPER = "scraper_user"
    PATH_CURATOR = "learning_path_curator"
    NODE_CURATOR = "node_curator"
    CURATOR = "curator"
    ADMIN = "admin"


class Action(StrEnum):
    """What can be asked for; `manage` is to change and to delete. A `record` is an event, a material or a provider."""

    RECORD_SHOW = "record.show"
    RECORD_CREATE = "record.create"
    RECORD_MANAGE = "record.manage"
    RECORD_REPORT = "record.report"
    RECORD_HIDDEN = "record.hidden"
    RECORD_APPROVE = "record.approve"
    COLLECTION_CREATE = "collection.create"
    COLLECTION_MANAGE = "collection.manage"
    COLLECTION_PRIVATE = "collection.private"
    PATH_CREATE = "path.create"
    PATH_MANAGE = "path.manage"
    NODE_CREATE = "node.create"
    NODE_MANAGE = "node.manage"
    SOURCE_CREATE = "source.create"
    SOURCE_MANAGE = "source.manage"
    SOURCE_APPROVE = "source.approve"
    USER_SHOW = "user.show"
    USER_MANAGE = "user.manage"
    USER_TOKEN = "user.token"  # noqa: S105 - the name of an action
    USER_ROLE = "user.role"
    USER_BAN = "user.ban"
    AUDIT_SHOW = "audit.show"


class Reach(StrEnum):
    """How far an action goes: what is one's own, what is others', both, or nothing.

    `SCRAPER` is one's own always and others' through the API only. One's own is what one made, what belongs to a
    provider one owns or edits, what one collaborates on, and oneself.
    """

    NOTHING = "-"
    OWN = "own"
    OTHERS = "others"
    ANY = "any"
    SCRAPER = "scraper"


# The columns are the roles in the order of `Role`. Source: the rules of TeSS, app/policies and config/data/roles.yml.
_TABLE = """
                    visitor basic unverified registered default scraper path_cur node_cur curator admin
record.show         any     any   any        any        any     any     any      any      any     any
record.create       -       -     any        any        any     any     any      any      any     any
record.manage       -       own   own        own        own     scraper own      own      any     any
record.report       -       own   own        own        own     own     own      own      any     any
record.hidden       -       own   own        own        own     own     own      own      any     any
record.approve      -       -     -          -          -       -       -        -        any     any
collection.create   -       -     any        any        any     any     any      any      any     any
collection.manage   -       own   own        own        own     scraper own      own      own     any
collection.private  -       own   own        own        own     own     own      own      own     any
path.create         -       -     -          -          -       -       any      -        any     any
path.manage         -       own   own        own        own     scraper own      own      own     any
node.create         -       -     -          -          -       -       -        any      any     any
node.manage         -       own   own        own        own     own     own      any      any     any
source.create       -       -     any        any        any     any     any      any      any     any
source.manage       -       own   own        own        own     scraper own      own      own     any
source.approve      -       -     -          -          -       -       -        -        -       any
user.show           any     any   any        any        any     any     any      any      any     any
user.manage         -       own   own        own        own     own     own      own      own     any
user.token          -       own   own        own        own     own     own      own      own     any
user.role           -       -     -          -          -       -       -        -        -       others
user.ban            -       -     -          -          -       -       -        -        -       others
audit.show          -       -     -          -          -       -       -        -        -       any
"""

_NEVER_BY_API = frozenset({Action.USER_MANAGE, Action.USER_TOKEN, Action.USER_ROLE, Action.USER_BAN})


def _read(table: str) -> dict[Action, dict[Role, Reach]]:
    rows = [line.split() for line in table.strip().splitlines()[1:]]
    return {Action(name): dict(zip(Role, map(Reach, cells), strict=True)) for name, *cells in rows}


TABLE = _read(_TABLE)
STORED_ROLES = tuple(role for role in Role if role is not Role.VISITOR)


def allowed(role: Role, action: Action, *, own: bool, by_api: bool = False) -> bool:
    """Tell whether a role may do something.

    Parameters
    ----------
    role
        Whose role; that of a visitor where nobody has signed in or the one who has is banned.
    action
        What is asked for.
    own
        Whether the object is one's own, in the sense of `Reach`.
    by_api
        Whether it is asked with an API token. People, their roles and their tokens are never changed that way.
    """
    if by_api and action in _NEVER_BY_API:
        return False
    reach = TABLE[action][role]
    if reach is Reach.SCRAPER:
        return own or by_api
    return reach is Reach.ANY or reach is (Reach.OWN if own else Reach.OTHERS)
